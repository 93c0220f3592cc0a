package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways of computing one decoder against each other. */
final class ComputeOptionsTest {
  private static final ComputeOptions CHECKPOINTED = new ComputeOptions(Precision.FLOAT32, true, 0);
  private static final Lora EVERYWHERE = new Lora(3, 6, EnumSet.allOf(Lora.Target.class));
  private static TorchRuntime runtime;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  static List<String> families() throws IOException {
    return GoldenFamilies.names();
  }

  private LanguageModel load(String family) throws IOException {
    return LanguageModel.load(runtime, GoldenFamilies.copy(runtime, family, folder));
  }

  /** Outputs of a loss, then its gradients by the model's parameters; an empty one is frozen. */
  private static List<double[]> gradients(
      LanguageModel model, TokenBatch batch, List<Boolean> trained) {
    List<Tensor> into = new ArrayList<>();
    List<Tensor> parameters = model.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      into.add(trained.get(i) ? runtime.zeros(parameters.get(i).shape()) : runtime.zeros(0));
    }
    List<double[]> found = new ArrayList<>();
    model
        .program()
        .gradients("lm_loss", parameters, into, batch.x(), batch.at(), batch.wanted())
        .outputs()
        .forEach(output -> found.add(output.toDoubles()));
    into.forEach(gradient -> found.add(gradient.toDoubles()));
    return found;
  }

  private static List<Boolean> all(LanguageModel model) {
    return model.parameters().stream().map(_ -> true).toList();
  }

  private static void assertClose(List<double[]> found, List<double[]> expected, double by) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as("number %d", i).containsExactly(expected.get(i), within(by));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void blocksComputedAgainGiveTheSameGradients(String family) throws IOException {
    try (LanguageModel model = load(family);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, GoldenFamilies.sequences());
      assertClose(
          gradients(model.computing(CHECKPOINTED), batch, all(model)),
          gradients(model, batch, all(model)),
          1e-6);
    }
  }

  @Test
  void blocksComputedAgainDropWhatTheyDroppedBefore() {
    try (LanguageModel model = TinyModels.untied(runtime, 3);
        Scope _ = runtime.scope()) {
      TokenBatch batch =
          TokenBatch.of(runtime, TinyModels.sequences(4, 7, 12, 2)).dropping(runtime, 77);
      LanguageModel plain = model.computing(new ComputeOptions(Precision.FLOAT32, false, 0.3));
      LanguageModel again = model.computing(new ComputeOptions(Precision.FLOAT32, true, 0.3));
      assertClose(gradients(again, batch, all(model)), gradients(plain, batch, all(model)), 1e-5);
    }
  }

  @Test
  void aPreferenceLossComputedAgainGivesTheSameGradients() {
    try (LanguageModel base = TinyModels.tied(runtime, 7);
        PreferenceModel model = PreferenceModel.from(base, 8);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(5, 6, 9, 8, 4));
      List<List<double[]>> found = new ArrayList<>();
      for (PreferenceModel way : List.of(model, model.computing(CHECKPOINTED))) {
        List<Tensor> into = model.parameters().stream().map(p -> runtime.zeros(p.shape())).toList();
        way.program().gradients("pm_loss", model.parameters(), into, batch.x(), batch.last());
        found.add(into.stream().map(Tensor::toDoubles).toList());
      }
      assertClose(found.get(1), found.get(0), 1e-6);
    }
  }

  @Test
  void frozenParametersChangeNothingForTheOthers() {
    try (LanguageModel model = TinyModels.untied(runtime, 3);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(4, 7, 12, 2));
      List<double[]> whole = gradients(model, batch, all(model));
      List<Boolean> trained =
          model.parameterNames().stream().map(name -> !name.contains("layers.0.")).toList();
      for (LanguageModel way : List.of(model, model.computing(CHECKPOINTED))) {
        List<double[]> part = gradients(way, batch, trained);
        for (int i = 0; i < trained.size(); i++) {
          assertThat(part.get(i + 1))
              .containsExactly(trained.get(i) ? whole.get(i + 1) : new double[0], within(1e-6));
        }
      }
    }
  }

  @Test
  void droppedNumbersAreTheShareAskedForAndTheOthersScaledUp() {
    try (LanguageModel model = TinyModels.tied(runtime, 3);
        Scope _ = runtime.scope()) {
      LanguageModel dropping = model.computing(new ComputeOptions(Precision.FLOAT32, false, 0.25));
      Tensor ones = runtime.floats(filled(40_000), 2_500, 16);
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(4, 7));
      List<Tensor> keyed = batch.dropping(runtime, 5).x();
      double[] found = dropping.program().call("dropped", ones, keyed, 3).getFirst().toDoubles();
      long zeros = IntStream.range(0, found.length).filter(i -> found[i] == 0).count();
      // Binomial: 10,000 expected, standard deviation 87.
      assertThat((double) zeros).isCloseTo(10_000, within(350.0));
      assertThat(found).containsOnly(0, 1 / 0.75f);
      double[] again = dropping.program().call("dropped", ones, keyed, 3).getFirst().toDoubles();
      assertThat(again).isEqualTo(found);
      for (long[] other : new long[][] {{6, 3}, {5, 4}}) {
        List<Tensor> otherKey = batch.dropping(runtime, other[0]).x();
        double[] changed =
            dropping.program().call("dropped", ones, otherKey, other[1]).getFirst().toDoubles();
        long both =
            IntStream.range(0, found.length).filter(i -> found[i] == 0 && changed[i] == 0).count();
        // Independent: a sixteenth of them, standard deviation 48.
        assertThat((double) both).isCloseTo(2_500, within(200.0));
      }
      assertThat(dropping.program().call("dropped", ones, batch.x(), 3).getFirst().toDoubles())
          .containsOnly(1);
    }
  }

  private static float[] filled(int n) {
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  @ParameterizedTest
  @MethodSource("families")
  void aFreshAdapterChangesNothing(String family) throws IOException {
    try (LanguageModel model = load(family)) {
      List<float[]> expected = model.nextLogits(GoldenFamilies.sequences());
      List<float[]> found = model.adapted(EVERYWHERE, 4).nextLogits(GoldenFamilies.sequences());
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-6f));
      }
    }
  }

  /** An adapted model whose B matrices are no longer zero. */
  private static LanguageModel used(LanguageModel base, Lora lora) {
    LanguageModel adapted = base.adapted(lora, 4);
    int own = base.parameters().size();
    for (int i = own; i < adapted.parameters().size(); i++) {
      Tensor tensor = adapted.parameters().get(i);
      float[] values = tensor.toFloats();
      for (int j = 0; j < values.length; j++) {
        values[j] += (float) (0.3 * Randomness.gaussian(9, i, j));
      }
      tensor.set(values);
    }
    return adapted;
  }

  @ParameterizedTest
  @MethodSource("families")
  void mergedAdaptersActAsTheyDidBeside(String family) throws IOException {
    try (LanguageModel model = load(family);
        LanguageModel adapted = used(model, EVERYWHERE)) {
      List<int[]> sequences = GoldenFamilies.sequences();
      List<float[]> beside = adapted.nextLogits(sequences);
      Path saved = folder.resolve("merged");
      adapted.save(saved);
      try (LanguageModel merged = LanguageModel.load(runtime, saved)) {
        List<float[]> found = merged.nextLogits(sequences);
        float moved = 0;
        for (int i = 0; i < found.size(); i++) {
          assertThat(found.get(i)).containsExactly(beside.get(i), within(2e-4f));
          moved =
              Math.max(moved, Math.abs(found.get(i)[7] - model.nextLogits(sequences).get(i)[7]));
        }
        assertThat(moved).isGreaterThan(1e-2f);
        SamplingOptions options = new SamplingOptions(0.8, 8, -1, 5, 0);
        assertThat(adapted.generate(sequences, options).getFirst().tokens())
            .isEqualTo(merged.generate(sequences, options).getFirst().tokens());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void gradientsOfAdaptersAreThoseOfTheChangedMatrices(Lora lora) {
    try (LanguageModel base = TinyModels.untied(runtime, 6);
        LanguageModel adapted = used(base, lora);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(4, 7, 12, 2));
      List<String> names = adapted.parameterNames();
      List<Boolean> trained = names.stream().map(name -> name.contains(".lora_")).toList();
      List<double[]> found = gradients(adapted, batch, trained);
      assertClose(gradients(adapted.computing(CHECKPOINTED), batch, trained), found, 1e-5);
      adapted.save(folder.resolve("merged"));
      try (LanguageModel merged = LanguageModel.load(runtime, folder.resolve("merged"))) {
        List<double[]> whole = gradients(merged, batch, all(merged));
        int checked = 0;
        for (int i = 0; i < names.size(); i++) {
          if (!trained.get(i)) {
            assertThat(found.get(i + 1)).isEmpty();
          } else if (names.get(i).endsWith(".lora_a.weight")) {
            String matrix = names.get(i).replace(".lora_a.weight", ".weight");
            double[] byMatrix = whole.get(merged.parameterNames().indexOf(matrix) + 1);
            checkProducts(adapted, i, byMatrix, found.get(i + 1), found.get(i + 2));
            checked++;
          }
        }
        assertThat(checked).isEqualTo(2 * lora.targets().size());
      }
    }
  }

  static List<Lora> adapters() {
    return List.of(
        EVERYWHERE,
        new Lora(2, 1, EnumSet.of(Lora.Target.Q_PROJ, Lora.Target.V_PROJ)),
        new Lora(2, 4, EnumSet.of(Lora.Target.K_PROJ, Lora.Target.DOWN_PROJ)));
  }

  /** With G the gradient by W: that by A is s B^T G, that by B is s G A^T. */
  private static void checkProducts(
      LanguageModel adapted, int i, double[] byMatrix, double[] byA, double[] byB) {
    Lora lora = Objects.requireNonNull(adapted.lora());
    double[] a = adapted.parameters().get(i).toDoubles();
    double[] b = adapted.parameters().get(i + 1).toDoubles();
    int rank = lora.rank();
    int in = a.length / rank;
    int out = b.length / rank;
    for (int r = 0; r < rank; r++) {
      for (int c = 0; c < in; c++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += b[o * rank + r] * byMatrix[o * in + c];
        }
        assertThat(byA[r * in + c]).isCloseTo(lora.scale() * sum, within(1e-4));
      }
      for (int o = 0; o < out; o++) {
        double sum = 0;
        for (int c = 0; c < in; c++) {
          sum += byMatrix[o * in + c] * a[r * in + c];
        }
        assertThat(byB[o * rank + r]).isCloseTo(lora.scale() * sum, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void mixedPrecisionStaysNearSinglePrecision(String family) throws IOException {
    try (LanguageModel model = load(family);
        Scope _ = runtime.scope()) {
      List<int[]> sequences = GoldenFamilies.sequences();
      LanguageModel mixed = model.computing(new ComputeOptions(Precision.BFLOAT16, false, 0));
      List<float[]> expected = model.nextLogits(sequences);
      List<float[]> found = mixed.nextLogits(sequences);
      double largest = 0;
      for (int i = 0; i < found.size(); i++) {
        for (float logit : expected.get(i)) {
          largest = Math.max(largest, Math.abs(logit));
        }
        // bfloat16 has 8 bits: a relative rounding of 2^-9 at each of some dozen products.
        assertThat(found.get(i)).containsExactly(expected.get(i), within((float) (0.05 * largest)));
      }
      assertThat(found.getFirst()).isNotEqualTo(expected.getFirst());
      TokenBatch batch = TokenBatch.of(runtime, sequences);
      List<double[]> single = gradients(model, batch, all(model));
      List<double[]> half = gradients(mixed, batch, all(model));
      double difference = 0;
      double norm = 0;
      for (int i = 1; i < single.size(); i++) {
        for (int j = 0; j < single.get(i).length; j++) {
          difference += Math.pow(single.get(i)[j] - half.get(i)[j], 2);
          norm += Math.pow(single.get(i)[j], 2);
        }
      }
      assertThat(Math.sqrt(difference / norm)).isLessThan(0.05);
      // The sampler's log-probabilities are those of the training pass, within the same rounding.
      List<Generation> drawn = mixed.generate(sequences, new SamplingOptions(1, 6, -1, 3, 0));
      for (int i = 0; i < drawn.size(); i++) {
        int[] prompt = sequences.get(i);
        int[] together = java.util.Arrays.copyOf(prompt, prompt.length + 6);
        System.arraycopy(drawn.get(i).tokens(), 0, together, prompt.length, 6);
        double[] scored = mixed.score(List.of(together), 1).getFirst().logProbabilities();
        double[] response =
            java.util.Arrays.copyOfRange(scored, prompt.length - 1, together.length - 1);
        assertThat(response)
            .containsExactly(drawn.get(i).logProbabilities(), within(0.05 * largest));
      }
    }
  }
}
