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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariances of scoring and sampling, known values of the losses, and models on disk. */
final class DecoderTest {
  private static TorchRuntime runtime;
  private static LanguageModel model;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
    model = TinyModels.untied(runtime, 21);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void paddedBatchEqualsSingleSequences() {
    List<int[]> sequences = TinyModels.sequences(1, 5, 17, 2, 9);
    List<TokenScores> together = model.score(sequences, 0.7);
    for (int i = 0; i < sequences.size(); i++) {
      TokenScores alone = model.score(List.of(sequences.get(i)), 0.7).getFirst();
      assertThat(together.get(i).logProbabilities())
          .containsExactly(alone.logProbabilities(), within(1e-4));
      assertThat(together.get(i).entropies()).containsExactly(alone.entropies(), within(1e-4));
      assertThat(alone.logProbabilities()).hasSize(sequences.get(i).length - 1);
    }
  }

  @Test
  void scoresFollowFromTheLogitsByHand() {
    int[] sequence = TinyModels.sequences(2, 6).getFirst();
    TokenScores scores = model.score(List.of(sequence), 0.5).getFirst();
    for (int t = 1; t < sequence.length; t++) {
      float[] logits = model.nextLogits(List.of(java.util.Arrays.copyOf(sequence, t))).getFirst();
      double total = 0;
      for (float logit : logits) {
        total += Math.exp(logit / 0.5);
      }
      double entropy = 0;
      for (float logit : logits) {
        double p = Math.exp(logit / 0.5) / total;
        entropy -= p * Math.log(p);
      }
      assertThat(scores.logProbabilities()[t - 1])
          .isCloseTo(logits[sequence[t]] / 0.5 - Math.log(total), within(1e-4));
      assertThat(scores.entropies()[t - 1]).isCloseTo(entropy, within(1e-4));
    }
  }

  @Test
  void cachedSamplingEqualsFullForward() {
    List<int[]> prompts = TinyModels.sequences(3, 4, 11, 1, 7);
    for (double temperature : new double[] {1, 0.6}) {
      List<Generation> generations =
          model.generate(prompts, new SamplingOptions(temperature, 12, 2, 99, 0));
      for (int i = 0; i < prompts.size(); i++) {
        double[] scored = scoreOf(prompts.get(i), generations.get(i), temperature);
        assertThat(generations.get(i).logProbabilities()).containsExactly(scored, within(1e-4));
      }
    }
  }

  private static double[] scoreOf(int[] prompt, Generation generation, double temperature) {
    int[] whole =
        IntStream.concat(IntStream.of(prompt), IntStream.of(generation.tokens())).toArray();
    double[] all = model.score(List.of(whole), temperature).getFirst().logProbabilities();
    return java.util.Arrays.copyOfRange(all, prompt.length - 1, whole.length - 1);
  }

  @Test
  void tokensAreDrawnByInverseCdfOfTheScoredDistribution() {
    int[] prompt = TinyModels.sequences(4, 5).getFirst();
    float[] logits = model.nextLogits(List.of(prompt)).getFirst();
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit);
    }
    for (int stream = 0; stream < 20; stream++) {
      double target = Randomness.uniform(5, stream, 0) * total;
      int expected = 0;
      double below = Math.exp(logits[0]);
      while (below <= target) {
        below += Math.exp(logits[++expected]);
      }
      int[] tokens =
          model
              .generate(List.of(prompt), new SamplingOptions(1, 1, 2, 5, stream))
              .getFirst()
              .tokens();
      assertThat(tokens).containsExactly(expected);
    }
  }

  @Test
  void aSampleDependsOnSeedAndStreamAlone() {
    List<int[]> prompts = TinyModels.sequences(5, 3, 8, 5, 6);
    List<Generation> together = model.generate(prompts, new SamplingOptions(1, 10, 2, 7, 40));
    List<Generation> again = model.generate(prompts, new SamplingOptions(1, 10, 2, 7, 40));
    List<Generation> other = model.generate(prompts, new SamplingOptions(1, 10, 2, 8, 40));
    boolean differs = false;
    for (int i = 0; i < prompts.size(); i++) {
      Generation alone =
          model
              .generate(List.of(prompts.get(i)), new SamplingOptions(1, 10, 2, 7, 40 + i))
              .getFirst();
      assertThat(together.get(i).tokens()).containsExactly(alone.tokens());
      assertThat(together.get(i).tokens()).containsExactly(again.get(i).tokens());
      differs |= !java.util.Arrays.equals(together.get(i).tokens(), other.get(i).tokens());
    }
    assertThat(differs).isTrue();
  }

  @Test
  void responsesEndAtTheEndToken() {
    int[] prompt = TinyModels.sequences(6, 4).getFirst();
    int first =
        model.generate(List.of(prompt), SamplingOptions.greedy(1, 2)).getFirst().tokens()[0];
    Generation ended = model.generate(List.of(prompt), SamplingOptions.greedy(9, first)).getFirst();
    assertThat(ended.ended()).isTrue();
    assertThat(ended.tokens()).containsExactly(first);
    assertThat(model.generate(List.of(prompt), SamplingOptions.greedy(1, 259)).getFirst().ended())
        .isEqualTo(first == 259);
  }

  @Test
  void exactKlAgainstAReferenceByHand() {
    try (LanguageModel reference = TinyModels.untied(runtime, 22)) {
      List<int[]> sequences = TinyModels.sequences(7, 9, 6);
      int[] prompts = {4, 5};
      List<PolicyComparison> found = model.compare(reference, sequences, prompts, 1);
      for (int i = 0; i < sequences.size(); i++) {
        int[] sequence = sequences.get(i);
        assertThat(found.get(i).kl()).hasSize(sequence.length - prompts[i]);
        for (int t = prompts[i]; t < sequence.length; t++) {
          List<int[]> past = List.of(java.util.Arrays.copyOf(sequence, t));
          double[] p = probabilities(model.nextLogits(past).getFirst());
          double[] q = probabilities(reference.nextLogits(past).getFirst());
          double kl = 0;
          for (int v = 0; v < p.length; v++) {
            kl += p[v] * Math.log(p[v] / q[v]);
          }
          int at = t - prompts[i];
          assertThat(found.get(i).kl()[at]).isCloseTo(kl, within(1e-3));
          assertThat(found.get(i).logProbabilities()[at])
              .isCloseTo(Math.log(p[sequence[t]]), within(1e-4));
          assertThat(found.get(i).referenceLogProbabilities()[at])
              .isCloseTo(Math.log(q[sequence[t]]), within(1e-4));
        }
      }
      assertThat(model.compare(model, sequences, prompts, 1).getFirst().kl()).containsOnly(0.0);
    }
  }

  private static double[] probabilities(float[] logits) {
    double[] p = new double[logits.length];
    double total = 0;
    for (int v = 0; v < p.length; v++) {
      p[v] = Math.exp(logits[v]);
      total += p[v];
    }
    for (int v = 0; v < p.length; v++) {
      p[v] /= total;
    }
    return p;
  }

  @Test
  void preferenceLossOfAKnownMargin() {
    try (PreferenceModel preferences = PreferenceModel.from(model, 3);
        Scope _ = runtime.scope()) {
      List<int[]> sequences = TinyModels.sequences(8, 7, 4);
      double[] before = preferences.scores(sequences);
      // The score is linear in the head, so that scaling the head sets the margin to 0.8.
      Tensor head = preferences.parameters().getLast();
      float[] values = head.toFloats();
      float scale = (float) (0.8 / (before[0] - before[1]));
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale;
      }
      head.set(values);
      TokenBatch batch = TokenBatch.of(runtime, sequences);
      List<Tensor> outputs =
          preferences.program().call("pm_loss", preferences.parameters(), batch.x(), batch.last());
      assertThat(outputs.get(0).item()).isCloseTo(0.371101, within(1e-5));
      assertThat(outputs.get(2).item()).isEqualTo(1.0);
      assertThat(outputs.get(3).item()).isCloseTo(0.8, within(1e-5));
    }
  }

  @Test
  void activationsBeginWithTheEmbedding() {
    int[] sequence = TinyModels.sequences(9, 6).getFirst();
    float[][] found = model.activations(List.of(sequence)).getFirst();
    float[] embeddings = model.parameters().getFirst().toFloats();
    int width = model.config().dModel();
    assertThat(found).hasNumberOfRows(model.config().layers() + 1);
    for (int i = 0; i < width; i++) {
      assertThat(found[0][i]).isEqualTo(embeddings[sequence[5] * width + i]);
    }
  }

  @Test
  void modelsComeBackFromDisk(@TempDir Path folder) {
    List<int[]> sequences = TinyModels.sequences(10, 8, 5);
    model.save(folder.resolve("lm"));
    try (LanguageModel loaded = LanguageModel.load(runtime, folder.resolve("lm"))) {
      assertThat(loaded.config()).isEqualTo(model.config());
      assertThat(loaded.score(sequences, 1).getFirst().logProbabilities())
          .containsExactly(model.score(sequences, 1).getFirst().logProbabilities());
    }
    try (PreferenceModel preferences = PreferenceModel.from(model, 4)) {
      preferences.save(folder.resolve("pm"));
      try (PreferenceModel loaded = PreferenceModel.load(runtime, folder.resolve("pm"))) {
        assertThat(loaded.scores(sequences)).containsExactly(preferences.scores(sequences));
      }
    }
    assertThatThrownBy(() -> LanguageModel.load(runtime, folder.resolve("pm")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("LlamaForSequenceClassification");
  }

  @Test
  void aPreferenceModelGoesOnFromAPreferenceModelOrALanguageModel(@TempDir Path folder) {
    List<int[]> sequences = TinyModels.sequences(10, 8, 5);
    model.save(folder.resolve("lm"));
    try (PreferenceModel fresh = PreferenceModel.from(model, 4)) {
      fresh.save(folder.resolve("pm"));
      try (PreferenceModel goesOn = PreferenceModel.start(runtime, folder.resolve("pm"), 5);
          PreferenceModel begins = PreferenceModel.start(runtime, folder.resolve("lm"), 4)) {
        assertThat(goesOn.scores(sequences)).containsExactly(fresh.scores(sequences));
        assertThat(begins.scores(sequences)).containsExactly(fresh.scores(sequences));
      }
    }
  }

  @Test
  void whatIsTooLargeForAFileIsWrittenInShards(@TempDir Path folder) throws IOException {
    List<int[]> sequences = TinyModels.sequences(10, 8, 5);
    model.save(folder);
    Path whole = folder.resolve("model.safetensors");
    Map<String, SafeTensors.Entry> tensors = SafeTensors.read(whole).tensors();
    long bytes = tensors.values().stream().mapToLong(entry -> 4L * entry.values().length).sum();
    Files.delete(whole);
    WeightFiles.write(folder, tensors, bytes / 3);
    JsonNode index =
        new ObjectMapper().readTree(folder.resolve("model.safetensors.index.json").toFile());
    assertThat(index.at("/metadata/total_size").asLong()).isEqualTo(bytes);
    Set<String> files = new TreeSet<>();
    index.get("weight_map").forEach(file -> files.add(file.asText()));
    assertThat(files.size()).isGreaterThanOrEqualTo(3);
    long sum = 0;
    for (String file : files) {
      assertThat(file).matches("model-0000\\d-of-0000" + files.size() + "\\.safetensors");
      Map<String, SafeTensors.Entry> shard = SafeTensors.read(folder.resolve(file)).tensors();
      long size = shard.values().stream().mapToLong(entry -> 4L * entry.values().length).sum();
      assertThat(shard.size() == 1 || size <= bytes / 3).isTrue();
      shard
          .keySet()
          .forEach(n -> assertThat(index.at("/weight_map").get(n).asText()).isEqualTo(file));
      sum += size;
    }
    assertThat(sum).isEqualTo(bytes);
    try (LanguageModel loaded = LanguageModel.load(runtime, folder)) {
      assertThat(loaded.score(sequences, 1).getFirst().logProbabilities())
          .containsExactly(model.score(sequences, 1).getFirst().logProbabilities());
    }
  }

  @Test
  void foldersThatDoNotFitAreNamed(@TempDir Path folder) throws IOException {
    model.save(folder);
    Path file = folder.resolve("model.safetensors");
    Map<String, SafeTensors.Entry> tensors = new LinkedHashMap<>(SafeTensors.read(file).tensors());
    SafeTensors.Entry norm = tensors.remove("model.norm.weight");
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(folder, "missing: model.norm.weight");
    tensors.put("model.norm.weight", norm);
    tensors.put("model.extra.bias", new SafeTensors.Entry(new long[] {1}, new float[1]));
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(folder, "model.extra.bias");
    tensors.remove("model.extra.bias");
    tensors.put("model.norm.weight", new SafeTensors.Entry(new long[] {2}, new float[2]));
    SafeTensors.write(file, tensors, Map.of());
    assertRefused(folder, "[2]");
    Path config = folder.resolve("config.json");
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(config.toFile());
    json.putArray("architectures").add("BertForMaskedLM");
    Files.writeString(config, json.toString());
    assertRefused(folder, "the architecture BertForMaskedLM is not supported; these are");
    assertRefused(folder.resolve("nowhere"), "config.json");
  }

  private static void assertRefused(Path folder, String part) {
    assertThatThrownBy(() -> LanguageModel.load(runtime, folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(part)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void copiesHaveTheirOwnMemory() {
    try (LanguageModel copy = model.copy()) {
      float before = model.parameters().getFirst().toFloats()[0];
      copy.parameters().getFirst().set(new float[260 * 16]);
      assertThat(model.parameters().getFirst().toFloats()[0]).isEqualTo(before);
    }
  }

  @Test
  void aStageAddsItsOwnLoss() {
    DecoderProgram.Extension extension =
        new DecoderProgram.Extension(
            """
              def scaled_loss_of(self, p: List[Tensor], h: Tensor, at: Tensor, wanted: Tensor, scale: float) -> List[Tensor]:
                return [self.lm_loss_of(p, h, at, wanted)[0] * scale]
            """,
            List.of("scaled_loss"));
    List<Tensor> into = new ArrayList<>();
    List<Tensor> plain = new ArrayList<>();
    try (Scope _ = runtime.scope()) {
      for (Tensor parameter : model.parameters()) {
        into.add(runtime.zeros(parameter.shape()));
        plain.add(runtime.zeros(parameter.shape()));
      }
      TokenBatch batch = TokenBatch.of(runtime, TinyModels.sequences(11, 5, 8));
      double scaled =
          model
              .program(extension)
              .gradients(
                  "scaled_loss",
                  model.parameters(),
                  into,
                  batch.x(),
                  batch.at(),
                  batch.wanted(),
                  3.0)
              .loss();
      double once =
          model
              .program()
              .gradients(
                  "lm_loss", model.parameters(), plain, batch.x(), batch.at(), batch.wanted())
              .loss();
      assertThat(scaled).isCloseTo(3 * once, within(1e-4));
      assertThat((double) into.getFirst().toFloats()[16])
          .isCloseTo(3.0 * plain.getFirst().toFloats()[16], within(1e-5));
    }
  }
}
