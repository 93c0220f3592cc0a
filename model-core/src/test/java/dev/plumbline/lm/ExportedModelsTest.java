package dev.plumbline.lm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.Lora.Target;
import dev.plumbline.testing.PythonWithTorch;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.SafeTensors.Entry;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is saved after training is what others read: a program that knows Transformers' tensors and
 * PEFT's rule, and nothing of ours, computes every saved model (src/test/python/recompute.py) and
 * finds our numbers.
 */
final class ExportedModelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TOLERANCE = 1e-4;
  private static final int STEPS = 2;

  /** A family for each way in which matrices are stored; see {@link StoredTensor}. */
  private static final List<String> ADAPTED = List.of("gpt-neox", "gpt2", "llama", "phi");

  /** For each saved model what it gives here: logits of all positions, or scores. */
  private static final Map<String, double[]> OURS = new LinkedHashMap<>();

  private static final ArrayNode JOBS = JSON.createArrayNode();
  private static JsonNode answers = JSON.createObjectNode();
  private static List<int[]> sequences = List.of();
  @TempDir private static Path folder;

  @BeforeAll
  static void everythingIsSavedAndComputedElsewhere() throws IOException, InterruptedException {
    String python = PythonWithTorch.find();
    sequences = GoldenFamilies.sequences();
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      for (String family : GoldenFamilies.names()) {
        new Family(runtime, family).save();
      }
    }
    damage();
    Path jobs = folder.resolve("jobs.json");
    Path found = folder.resolve("answers.json");
    Files.writeString(jobs, JOBS.toString());
    Process process =
        new ProcessBuilder(
                python, "-B", "src/test/python/recompute.py", jobs.toString(), found.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    answers = JSON.readTree(found.toFile());
  }

  /** A golden family, trained and saved in every form. */
  private static final class Family {
    private final TorchRuntime runtime;
    private final String name;
    private final Path saved;

    Family(TorchRuntime runtime, String name) {
      this.runtime = runtime;
      this.name = name;
      saved = folder.resolve("saved").resolve(name);
    }

    void save() throws IOException {
      Path golden = GoldenFamilies.copy(runtime, name, folder.resolve("golden"));
      Path language = saved.resolve("lm");
      try (LanguageModel model = LanguageModel.load(runtime, golden)) {
        train(model, _ -> true, 0.02);
        model.save(language);
        exported("lm", language, null, sequences, logits(model));
        try (PreferenceModel preferences = PreferenceModel.from(model, 3)) {
          train(preferences, _ -> true, 0.02);
          Path directory = saved.resolve("pm");
          preferences.save(directory);
          List<int[]> ended = ended(preferences);
          exported("pm", directory, null, ended, preferences.scores(ended));
        }
      }
      if (ADAPTED.contains(name)) {
        saveAdapted(language);
      }
    }

    /** Adapters, merged and in PEFT's form, on the language model of a folder. */
    private void saveAdapted(Path language) {
      // A fused matrix that is adapted in part, and one with another rank than the others.
      Lora lora =
          new Lora(
              2,
              3,
              name.contains("gpt")
                  ? EnumSet.of(Target.Q_PROJ, Target.V_PROJ, Target.O_PROJ, Target.DOWN_PROJ)
                  : EnumSet.allOf(Target.class));
      try (LanguageModel base = LanguageModel.load(runtime, language);
          PreferenceModel preferences = PreferenceModel.from(base, 5).adapted(lora, 6)) {
        train(preferences, name -> name.contains(".lora_") || name.equals("score.weight"), 0.1);
        Path directory = saved.resolve("pm-merged");
        Path adapter = saved.resolve("pm-adapter");
        preferences.save(directory);
        preferences.saveAdapter(adapter);
        List<int[]> ended = ended(preferences);
        double[] scores = preferences.scores(ended);
        exported("pm-merged", directory, null, ended, scores);
        exported("pm-adapter", language, adapter, ended, scores);
      }
      try (LanguageModel adapted = LanguageModel.load(runtime, language).adapted(lora, 4)) {
        train(adapted, name -> name.contains(".lora_"), 0.1);
        Path directory = saved.resolve("lm-merged");
        Path adapter = saved.resolve("lm-adapter");
        adapted.save(directory);
        adapted.saveAdapter(adapter);
        double[] logits = logits(adapted);
        exported("lm-merged", directory, null, sequences, logits);
        exported("lm-adapter", language, adapter, sequences, logits);
      }
    }

    private void exported(
        String form, Path directory, @Nullable Path adapter, List<int[]> ids, double[] ours) {
      OURS.put(name + "/" + form, ours);
      job(name + "/" + form, directory, adapter, ids);
    }

    private void train(LanguageModel model, Predicate<String> trains, double rate) {
      try (Scope _ = runtime.scope()) {
        TokenBatch batch = TokenBatch.of(runtime, sequences);
        train(
            model.program(),
            "lm_loss",
            model.parameters(),
            model.parameterNames(),
            trains,
            rate,
            batch.x(),
            batch.at(),
            batch.wanted());
      }
    }

    private void train(PreferenceModel model, Predicate<String> trains, double rate) {
      List<int[]> ended = ended(model);
      try (Scope _ = runtime.scope()) {
        TokenBatch batch =
            TokenBatch.pairs(runtime, ended, List.of(ended.get(2), ended.get(0), ended.get(1)));
        train(
            model.program(),
            "pm_loss",
            model.parameters(),
            model.parameterNames(),
            trains,
            rate,
            batch.x(),
            batch.last());
      }
    }

    private void train(
        Program program,
        String loss,
        List<Tensor> parameters,
        List<String> names,
        Predicate<String> trains,
        double rate,
        Object... arguments) {
      try (AdamW optimiser =
          new AdamW(runtime, parameters, names, trains, AdamW.Settings.withDecay(0.1))) {
        for (int step = 0; step < STEPS; step++) {
          program.gradients(loss, parameters, optimiser.gradients(), arguments);
          optimiser.step(rate);
        }
      }
    }
  }

  private static List<int[]> ended(PreferenceModel model) {
    return sequences.stream()
        .map(ids -> IntStream.concat(IntStream.of(ids), IntStream.of(model.endOfContext())))
        .map(IntStream::toArray)
        .toList();
  }

  private static double[] logits(LanguageModel model) {
    List<int[]> beginnings = new ArrayList<>();
    for (int[] ids : sequences) {
      for (int t = 1; t <= ids.length; t++) {
        beginnings.add(Arrays.copyOf(ids, t));
      }
    }
    return model.nextLogits(beginnings).stream()
        .flatMapToDouble(ExportedModelsTest::doubles)
        .toArray();
  }

  private static DoubleStream doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  private static void job(String name, Path directory, @Nullable Path adapter, List<int[]> ids) {
    ObjectNode job = JOBS.addObject();
    job.put("name", name);
    job.put("directory", directory.toString());
    job.put("adapter", adapter == null ? null : adapter.toString());
    job.set("ids", JSON.valueToTree(ids));
  }

  /** The same numbers, of folders that nobody else could read as they were meant. */
  private static void damage() throws IOException {
    Path llama = folder.resolve("saved/llama");
    Path renamed = copy(llama.resolve("lm"), "renamed");
    Path file = renamed.resolve("model.safetensors");
    Map<String, Entry> tensors = new LinkedHashMap<>(SafeTensors.read(file).tensors());
    tensors.put("norm.weight", Objects.requireNonNull(tensors.remove("model.norm.weight")));
    SafeTensors.write(file, tensors, Map.of());
    job("renamed", renamed, null, sequences);

    Path turned = copy(folder.resolve("saved/gpt2/lm"), "turned");
    file = turned.resolve("model.safetensors");
    tensors = new LinkedHashMap<>(SafeTensors.read(file).tensors());
    String name = "transformer.h.0.mlp.c_fc.weight";
    Entry matrix = Objects.requireNonNull(tensors.get(name));
    tensors.put(name, new Entry(new long[] {64, 16}, matrix.values()));
    SafeTensors.write(file, tensors, Map.of());
    job("turned", turned, null, sequences);

    Path ranks = copy(folder.resolve("saved/gpt2/lm-adapter"), "ranks");
    Path config = ranks.resolve("adapter_config.json");
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    json.putObject("rank_pattern");
    Files.writeString(config, json.toString());
    job("ranks", folder.resolve("saved/gpt2/lm"), ranks, sequences);
  }

  private static Path copy(Path directory, String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    return copy;
  }

  static Stream<String> exports() {
    return OURS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("exports")
  void theSavedModelGivesOurNumbersElsewhere(String name) {
    JsonNode answer = answers.path(name);
    assertThat(answer.path("error").asText("")).isEmpty();
    double[] theirs =
        numbers(answer.has("scores") ? answer.path("scores") : answer.path("logits")).toArray();
    double[] ours = Objects.requireNonNull(OURS.get(name));
    assertThat(answer.has("scores")).isEqualTo(name.contains("/pm"));
    assertThat(theirs).hasSameSizeAs(ours);
    assertThat(difference(ours, theirs)).isLessThan(TOLERANCE);
  }

  private static double difference(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(1);
  }

  private static DoubleStream numbers(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .flatMapToDouble(ExportedModelsTest::numbers)
        : DoubleStream.of(node.asDouble(Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("families")
  void trainingHasMovedEveryOne(String family) {
    double[] before =
        IntStream.range(0, sequences.size())
            .mapToObj(b -> stored(family, b))
            .flatMapToDouble(ExportedModelsTest::doubles)
            .toArray();
    double[] trained = Objects.requireNonNull(OURS.get(family + "/lm"));
    assertThat(difference(before, trained)).isGreaterThan(0.05);
    assertThat(Objects.requireNonNull(OURS.get(family + "/pm"))).doesNotHaveDuplicates();
    if (ADAPTED.contains(family)) {
      double[] adapted = Objects.requireNonNull(OURS.get(family + "/lm-merged"));
      assertThat(difference(trained, adapted)).isGreaterThan(0.05);
    }
  }

  static List<String> families() throws IOException {
    return GoldenFamilies.names();
  }

  private static float[] stored(String family, int sequence) {
    Path file = GoldenFamilies.directory().resolve(family).resolve("expected.safetensors");
    return Objects.requireNonNull(SafeTensors.read(file).tensors().get("logits." + sequence))
        .values();
  }

  @Test
  void theOtherProgramRefusesWhatOthersCouldNotRead() {
    assertThat(answers.path("renamed").path("error").asText())
        .isEqualTo("missing: ['model.norm.weight'], too many: ['norm.weight']");
    assertThat(answers.path("turned").path("error").asText())
        .isEqualTo("transformer.h.0.mlp.c_fc.weight has the shape (64, 16), not (16, 64)");
    assertThat(answers.path("ranks").path("error").asText())
        .isEqualTo("transformer.h.0.attn.c_attn: A (4, 16), B (48, 4), rank 2");
  }
}
