package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gradients against finite differences, and training with them. */
final class GradientTest {
  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void languageModellingLossUntied() {
    try (LanguageModel model = TinyModels.untied(runtime, 5);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(3, 7, 12, 2));
      checkGradients(
          model.program(), "lm_loss", model.parameters(), batch.x(), batch.at(), batch.wanted());
    }
  }

  @Test
  void languageModellingLossTied() {
    try (LanguageModel model = TinyModels.tied(runtime, 6);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(4, 9, 5));
      checkGradients(
          model.program(), "lm_loss", model.parameters(), batch.x(), batch.at(), batch.wanted());
    }
  }

  @Test
  void preferenceLoss() {
    try (LanguageModel base = TinyModels.tied(runtime, 7);
        PreferenceModel model = PreferenceModel.from(base, 8);
        Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(5, 6, 9, 8, 4));
      checkGradients(model.program(), "pm_loss", model.parameters(), batch.x(), batch.last());
    }
  }

  @Test
  void preferenceLossOfPairsThatShareTheirPrompt() {
    try (LanguageModel base = TinyModels.tied(runtime, 7);
        PreferenceModel model = PreferenceModel.from(base, 8);
        Scope _ = runtime.scope()) {
      List<int[]> chosen = TinyModels.sequences(5, 9, 6, 7);
      List<int[]> rejected = new ArrayList<>();
      for (int i = 0; i < chosen.size(); i++) {
        int[] other = TinyModels.sequences(50 + i, 8).getFirst();
        int shared = 3 + i;
        System.arraycopy(chosen.get(i), 0, other, 0, shared);
        rejected.add(other);
      }
      List<int[]> apart = new ArrayList<>(chosen);
      apart.addAll(rejected);
      TokenBatch together = TokenBatch.pairs(runtime, chosen, rejected);
      TokenBatch single = TokenBatch.of(runtime, apart);
      // 22 + 24 tokens, of which 3 + 4 + 5 are there once instead of twice.
      assertThat(together.x().getFirst().size()).isEqualTo(34);
      List<Tensor> gradients = zeros(model);
      List<Tensor> expected = zeros(model);
      double[] scores =
          model
              .program()
              .gradients("pm_loss", model.parameters(), gradients, together.x(), together.last())
              .outputs()
              .get(1)
              .toDoubles();
      double[] alone =
          model
              .program()
              .gradients("pm_loss", model.parameters(), expected, single.x(), single.last())
              .outputs()
              .get(1)
              .toDoubles();
      assertThat(scores).containsExactly(alone, within(1e-5));
      for (int i = 0; i < gradients.size(); i++) {
        assertThat(gradients.get(i).toDoubles())
            .as("parameter %d", i)
            .containsExactly(expected.get(i).toDoubles(), within(1e-5));
      }
      checkGradients(model.program(), "pm_loss", model.parameters(), together.x(), together.last());
    }
  }

  private static List<Tensor> zeros(PreferenceModel model) {
    return model.parameters().stream().map(p -> runtime.zeros(p.shape())).toList();
  }

  /** Central differences along random directions, one for each parameter tensor. */
  private static void checkGradients(
      Program program, String loss, List<Tensor> parameters, Object... arguments) {
    List<Tensor> gradients = new ArrayList<>();
    for (Tensor parameter : parameters) {
      gradients.add(runtime.zeros(parameter.shape()));
    }
    program.gradients(loss, parameters, gradients, arguments);
    for (int i = 0; i < parameters.size(); i++) {
      float[] values = parameters.get(i).toFloats();
      float[] gradient = gradients.get(i).toFloats();
      double norm = 0;
      for (float g : gradient) {
        norm += (double) g * g;
      }
      norm = Math.sqrt(norm);
      // Along the gradient itself the slope is its norm, far above float32's noise.
      double h = 4e-3;
      double slope =
          (lossAt(program, loss, parameters, i, values, gradient, h / norm, arguments)
                  - lossAt(program, loss, parameters, i, values, gradient, -h / norm, arguments))
              / (2 * h);
      assertThat(norm).isGreaterThan(1e-4);
      assertThat(slope).as("parameter %d", i).isCloseTo(norm, within(2e-3 + 0.01 * norm));
    }
  }

  private static double lossAt(
      Program program,
      String loss,
      List<Tensor> parameters,
      int index,
      float[] values,
      float[] direction,
      double length,
      Object... arguments) {
    float[] moved = values.clone();
    for (int j = 0; j < moved.length; j++) {
      moved[j] += (float) (length * direction[j]);
    }
    parameters.get(index).set(moved);
    Object[] all = new Object[arguments.length + 1];
    all[0] = parameters;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    double value = program.call(loss, all).getFirst().item();
    parameters.get(index).set(values);
    return value;
  }

  @Test
  void accumulatedHalvesEqualTheWhole() {
    try (LanguageModel model = TinyModels.tied(runtime, 9);
        Scope _ = runtime.scope()) {
      List<int[]> sequences = TinyModels.sequences(6, 8, 8, 8, 8);
      AdamW whole = optimiser(model);
      AdamW halves = optimiser(model);
      TokenBatch all = TokenBatch.of(runtime, sequences);
      model
          .program()
          .gradients(
              "lm_loss", model.parameters(), whole.gradients(), all.x(), all.at(), all.wanted());
      for (int i = 0; i < 4; i += 2) {
        TokenBatch half = TokenBatch.of(runtime, sequences.subList(i, i + 2));
        model
            .program()
            .gradients(
                "lm_loss",
                model.parameters(),
                halves.gradients(),
                half.x(),
                half.at(),
                half.wanted());
      }
      assertThat(halves.clip(1e9) / 2).isCloseTo(whole.clip(1e9), within(1e-4));
      whole.close();
      halves.close();
    }
  }

  @Test
  void trainingLearnsByHeartAndMemoryStaysFlat() {
    try (LanguageModel model = TinyModels.tied(runtime, 10);
        AdamW optimiser = optimiser(model)) {
      List<int[]> sequences = TinyModels.sequences(7, 10, 12);
      double first = 0;
      double last = 0;
      int before = 0;
      for (int step = 0; step < 300; step++) {
        if (step == 100) {
          before = runtime.liveTensors();
        }
        try (Scope _ = runtime.scope()) {
          TokenBatch batch = TokenBatch.of(runtime, sequences);
          last =
              model
                  .program()
                  .gradients(
                      "lm_loss",
                      model.parameters(),
                      optimiser.gradients(),
                      batch.x(),
                      batch.at(),
                      batch.wanted())
                  .loss();
          optimiser.clip(1);
          optimiser.step(0.01);
          model.generate(List.of(sequences.getFirst()), new SamplingOptions(1, 4, 2, step, 0));
        }
        first = step == 0 ? last : first;
      }
      assertThat(first).isGreaterThan(3);
      assertThat(last).isLessThan(0.2);
      assertThat(runtime.liveTensors()).isEqualTo(before);
    }
  }

  private static AdamW optimiser(LanguageModel model) {
    return new AdamW(
        runtime, model.parameters(), model.parameterNames(), AdamW.Settings.withDecay(0));
  }
}
