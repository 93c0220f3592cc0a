package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Directories of every family, against logits and gradients that an independent float64 program
 * found (src/test/python/golden_families.py).
 */
final class FamiliesTest {
  private static TorchRuntime runtime;
  private static Path golden;
  private static List<int[]> sequences;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    runtime = TorchRuntime.start(1);
    golden = GoldenFamilies.directory();
    sequences = GoldenFamilies.sequences();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  static List<String> families() throws IOException {
    return GoldenFamilies.names();
  }

  private Path directory(String family) throws IOException {
    return GoldenFamilies.copy(runtime, family, folder);
  }

  private static Map<String, SafeTensors.Entry> expected(String family) {
    return SafeTensors.read(golden.resolve(family).resolve("expected.safetensors")).tensors();
  }

  private static SafeTensors.Entry get(Map<String, SafeTensors.Entry> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @Test
  void everyFamilyHasAGoldenDirectory() throws IOException {
    List<ModelFamily> found = new ArrayList<>();
    for (String family : families()) {
      found.add(
          ModelFamily.read(
                  golden.resolve(family).resolve("config.json"), ModelFamily.Head.LANGUAGE_MODEL)
              .family());
    }
    assertThat(found).contains(ModelFamily.values());
  }

  @ParameterizedTest
  @MethodSource("families")
  void logitsAreTheKnownOnes(String family) throws IOException {
    try (LanguageModel model = LanguageModel.load(runtime, directory(family))) {
      for (int b = 0; b < sequences.size(); b++) {
        float[] known = get(expected(family), "logits." + b).values();
        int[] sequence = sequences.get(b);
        List<int[]> beginnings =
            IntStream.rangeClosed(1, sequence.length)
                .mapToObj(t -> Arrays.copyOf(sequence, t))
                .toList();
        List<float[]> found = model.nextLogits(beginnings);
        for (int t = 0; t < sequence.length; t++) {
          float[] row = Arrays.copyOfRange(known, t * 260, (t + 1) * 260);
          assertThat(found.get(t)).as("position %d", t).containsExactly(row, within(1e-4f));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void gradientsAreTheKnownOnes(String family) throws IOException {
    try (LanguageModel model = LanguageModel.load(runtime, directory(family));
        Scope _ = runtime.scope()) {
      List<Tensor> into =
          model.parameters().stream().map(tensor -> runtime.zeros(tensor.shape())).toList();
      TokenBatch batch = TokenBatch.of(runtime, sequences);
      model
          .program()
          .gradients("lm_loss", model.parameters(), into, batch.x(), batch.at(), batch.wanted());
      // A gradient lies in the files as its weight does.
      Map<String, SafeTensors.Entry> parts = new HashMap<>();
      for (int i = 0; i < into.size(); i++) {
        parts.put(model.parameterNames().get(i), SafeTensors.Entry.of(into.get(i)));
      }
      Map<String, SafeTensors.Entry> found = model.config().files().pack(parts);
      Map<String, SafeTensors.Entry> known = expected(family);
      for (Map.Entry<String, SafeTensors.Entry> gradient : found.entrySet()) {
        float[] wanted = get(known, "gradient." + gradient.getKey()).values();
        double largest =
            IntStream.range(0, wanted.length).mapToDouble(i -> Math.abs(wanted[i])).max().orElse(0);
        // A key's bias shifts all scores of a query alike: its gradient is zero but for rounding.
        assertThat(gradient.getValue().values())
            .as(gradient.getKey())
            .containsExactly(wanted, within((float) (1e-4 * largest + 1e-7)));
      }
      assertThat(found)
          .hasSize((int) known.keySet().stream().filter(n -> n.startsWith("gradient.")).count());
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void cachedSamplingEqualsTheFullForward(String family) throws IOException {
    try (LanguageModel model = LanguageModel.load(runtime, directory(family))) {
      List<Generation> generations =
          model.generate(sequences, new SamplingOptions(0.8, 12, -1, 99, 0));
      for (int i = 0; i < sequences.size(); i++) {
        int[] prompt = sequences.get(i);
        int[] whole =
            IntStream.concat(IntStream.of(prompt), IntStream.of(generations.get(i).tokens()))
                .toArray();
        double[] scored = model.score(List.of(whole), 0.8).getFirst().logProbabilities();
        assertThat(generations.get(i).tokens()).hasSize(12);
        assertThat(generations.get(i).logProbabilities())
            .containsExactly(
                Arrays.copyOfRange(scored, prompt.length - 1, whole.length - 1), within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatIsSavedIsTheSameFamilyAndReloadsEqual(String family) throws IOException {
    Path source = directory(family);
    Path saved = folder.resolve("saved");
    try (LanguageModel model = LanguageModel.load(runtime, source)) {
      model.save(saved);
      try (LanguageModel loaded = LanguageModel.load(runtime, saved)) {
        assertThat(loaded.config()).isEqualTo(model.config());
        for (int i = 0; i < model.parameters().size(); i++) {
          assertThat(loaded.parameters().get(i).toFloats())
              .containsExactly(model.parameters().get(i).toFloats());
        }
      }
    }
    Map<String, SafeTensors.Entry> before = new HashMap<>();
    try (Stream<Path> files = Files.list(golden.resolve(family))) {
      files
          .filter(file -> file.getFileName().toString().startsWith("model"))
          .filter(file -> file.toString().endsWith(".safetensors"))
          .forEach(file -> before.putAll(SafeTensors.read(file).tensors()));
    }
    Map<String, SafeTensors.Entry> after =
        SafeTensors.read(saved.resolve("model.safetensors")).tensors();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach(
        (name, entry) -> {
          assertThat(entry.shape()).as(name).containsExactly(get(before, name).shape());
          assertThat(entry.values()).as(name).containsExactly(get(before, name).values());
        });
    // Every key of the original says the same in what was written, but for the numbers' type.
    JsonNode written = json(saved);
    json(source)
        .properties()
        .forEach(
            key -> {
              if (!written.has(key.getKey()) || !key.getValue().isNumber()) {
                assertThat(written.path(key.getKey()).toString())
                    .as(key.getKey())
                    .isEqualTo(key.getValue().toString());
              } else {
                assertThat(written.get(key.getKey()).asDouble())
                    .as(key.getKey())
                    .isEqualTo(key.getValue().asDouble());
              }
            });
  }

  private static JsonNode json(Path directory) throws IOException {
    return new ObjectMapper().readTree(directory.resolve("config.json").toFile());
  }

  @ParameterizedTest
  @MethodSource("families")
  void preferenceModelsComeBackAndReadTheKnownTrunk(String family) throws IOException {
    Path source = directory(family);
    Path saved = folder.resolve("preferences");
    try (LanguageModel base = LanguageModel.load(runtime, source);
        PreferenceModel model = PreferenceModel.from(base, 3)) {
      model.save(saved);
      assertThat(json(saved).path("architectures").path(0).asText())
          .isEqualTo(base.config().family().architecture(ModelFamily.Head.PREFERENCE_MODEL))
          .endsWith("ForSequenceClassification");
      float[] head = model.parameters().getLast().toFloats();
      double[] scores = model.scores(sequences);
      try (PreferenceModel loaded = PreferenceModel.start(runtime, saved, 4)) {
        assertThat(loaded.scores(sequences)).containsExactly(scores);
      }
      // The score is the head on the normed hidden state, which the output matrix reads too: with a
      // row of it for a head, the score is that token's known logit.
      List<String> names = base.parameterNames();
      int output = Math.max(0, names.indexOf("lm_head.weight"));
      int bias = names.indexOf("lm_head.bias");
      float[] rows = base.parameters().get(output).toFloats();
      int token = 77;
      model
          .parameters()
          .getLast()
          .set(Arrays.copyOfRange(rows, token * head.length, (token + 1) * head.length));
      double[] logits = model.scores(sequences);
      for (int b = 0; b < sequences.size(); b++) {
        float[] known = get(expected(family), "logits." + b).values();
        double added = bias < 0 ? 0 : base.parameters().get(bias).toFloats()[token];
        assertThat(logits[b] + added)
            .isCloseTo(known[(sequences.get(b).length - 1) * 260 + token], within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void responsesThatShareTheirPromptsRowsScoreAsTheyDoAlone(String family) throws IOException {
    try (LanguageModel base = LanguageModel.load(runtime, directory(family));
        PreferenceModel model = PreferenceModel.from(base, 3);
        Scope _ = runtime.scope()) {
      List<int[]> chosen = sequences;
      List<int[]> rejected = new ArrayList<>();
      for (int[] sequence : chosen) {
        int[] other = Arrays.copyOf(sequence, sequence.length + 2);
        other[sequence.length - 2] = 200;
        rejected.add(other);
      }
      TokenBatch pairs = TokenBatch.pairs(runtime, chosen, rejected);
      double[] together =
          model
              .program()
              .call("scores", model.parameters(), pairs.x(), pairs.last())
              .getFirst()
              .toDoubles();
      List<int[]> all = new ArrayList<>(chosen);
      all.addAll(rejected);
      assertThat(pairs.x().getFirst().size())
          .isLessThan(all.stream().mapToInt(s -> s.length).sum());
      assertThat(together).containsExactly(model.scores(all), within(1e-4));
    }
  }

  @Test
  void gpt2FilesWithoutThePrefixAndWithTheirMasksLoad() throws IOException {
    Path directory = directory("gpt2");
    Path file = directory.resolve("model.safetensors");
    Map<String, SafeTensors.Entry> bare = new LinkedHashMap<>();
    SafeTensors.read(file)
        .tensors()
        .forEach((name, entry) -> bare.put(name.replace("transformer.", ""), entry));
    bare.put("h.0.attn.bias", new SafeTensors.Entry(new long[] {1, 1, 2, 2}, new float[4]));
    bare.put("lm_head.weight", get(bare, "wte.weight"));
    SafeTensors.write(file, bare, Map.of());
    try (LanguageModel model = LanguageModel.load(runtime, directory)) {
      float[] known = get(expected("gpt2"), "logits.1").values();
      assertThat(model.nextLogits(List.of(sequences.get(1))).getFirst())
          .containsExactly(Arrays.copyOfRange(known, 4 * 260, 5 * 260), within(1e-4f));
    }
  }

  @Test
  void learnedPositionsEnd() throws IOException {
    try (LanguageModel model = LanguageModel.load(runtime, directory("gpt2"))) {
      int[] long32 = new int[32];
      Arrays.fill(long32, 7);
      assertThat(model.generate(List.of(long32), SamplingOptions.greedy(1, 2))).hasSize(1);
      assertThatThrownBy(() -> model.generate(List.of(long32), SamplingOptions.greedy(2, 2)))
          .isInstanceOf(UserError.class)
          .hasMessage("a sequence of 33 tokens is longer than the model's 32 learned positions");
      assertThatThrownBy(() -> model.score(List.of(new int[33]), 1)).isInstanceOf(UserError.class);
    }
  }

  /** family, key, value as JSON, what the one line says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama|architectures|[\"BertForMaskedLM\"]|the architecture BertForMaskedLM is not"
            + " supported",
        "llama|rope_scaling|{\"rope_type\": \"yarn\", \"factor\": 4}|rope_scaling of type yarn",
        "llama|rope_scaling|{\"rope_type\": \"llama3\", \"factor\": 8}|lacks low_freq_factor",
        "llama|hidden_act|\"relu\"|hidden_act relu",
        "llama|num_attention_heads|0|num_attention_heads must be a positive whole number",
        "llama|num_key_value_heads|3|4 heads do not divide into 3",
        "mistral|head_dim|5|rotary embedding of 5",
        "qwen2|use_sliding_window|true|use_sliding_window = true is not supported",
        "gemma|hidden_activation|\"gelu\"|hidden_activation gelu",
        "gpt2|scale_attn_by_inverse_layer_idx|true|scale_attn_by_inverse_layer_idx = true",
        "gpt2|activation_function|\"relu\"|activation_function relu",
        "gpt-neox|rotary_pct|0.1|rotary embedding of 0",
        "phi|qk_layernorm|true|qk_layernorm = true is not supported",
        "phi|hidden_size|null|hidden_size must be a positive whole number",
      })
  void optionsThatAreNotSupportedAreNamed(String row) throws IOException {
    String[] columns = row.split("\\|", -1);
    Path directory = directory(columns[0]);
    ObjectNode config = (ObjectNode) json(directory);
    config.set(columns[1], new ObjectMapper().readTree(columns[2]));
    Files.writeString(directory.resolve("config.json"), config.toString());
    assertRefused(directory, "config.json: ", columns[3]);
  }

  @Test
  void tensorsThatDoNotFitAreNamedAsTheFilesNameThem() throws IOException {
    Path directory = directory("gpt-neox");
    Path file = directory.resolve("model.safetensors");
    Map<String, SafeTensors.Entry> tensors = new LinkedHashMap<>(SafeTensors.read(file).tensors());
    String name = "gpt_neox.layers.1.attention.query_key_value.weight";
    SafeTensors.Entry whole = Objects.requireNonNull(tensors.remove(name));
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(directory, "missing: " + name);
    tensors.put(name, new SafeTensors.Entry(new long[] {16, 48}, whole.values()));
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(directory, name + " has the shape [16, 48]", "asks for [48, 16]");
    tensors.put(name, whole);
    tensors.put("gpt_neox.layers.0.attention.rope.bias", whole);
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(directory, "not of this architecture: gpt_neox.layers.0.attention.rope.bias");
  }

  @Test
  void shardsThatDoNotFitAreNamed() throws IOException {
    Path directory = directory("qwen2");
    Path index = directory.resolve("model.safetensors.index.json");
    Path second = directory.resolve("model-00002-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(second);
    Files.delete(second);
    assertRefused(directory, "model-00002-of-00002.safetensors: there is no such file");
    Files.write(second, bytes);
    Files.copy(second, directory.resolve("model-3.safetensors"));
    String text = Files.readString(index);
    Files.writeString(index, text.replaceFirst("model-00002-of-00002", "model-3"));
    assertRefused(directory, "two of its files hold ");
    Files.writeString(index, text.replaceFirst("model-00002-of-00002", "../model-3"));
    assertRefused(directory, "'../model-3.safetensors' is no safetensors file beside it");
    Files.writeString(index, "{}");
    assertRefused(directory, "has no weight_map");
  }

  private static void assertRefused(Path directory, String... parts) {
    assertThatThrownBy(() -> LanguageModel.load(runtime, directory))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }
}
