package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEstimateTest {
  @TempDir Path directory;

  @BeforeEach
  void writeData() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String prompt = "\\n\\nHuman: Tell me of number %d.\\n\\nAssistant:".formatted(i);
      lines.add(
          "{\"chosen\": \"%s %s\", \"rejected\": \"%s No.\"}"
              .formatted(prompt, "word ".repeat(20 + i), prompt));
    }
    Files.write(directory.resolve("data.jsonl"), lines);
  }

  private RunEstimate estimate(String trainer) throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve("spec.yaml"),
            """
            pretraining:
              data: [data.jsonl]
              model: {layers: 3, d_model: 64, heads: 4, kv_heads: 4, feed_forward: 160}
              vocabulary_size: 500
              context_tokens: 128
              batch_size: 16
              steps: 10
            %s\
            """
                .formatted(trainer));
    TrainingSettings settings = (TrainingSettings) ExperimentSpec.read(spec).settings();
    return RunEstimate.of(settings);
  }

  private static double bytes(RunEstimate estimate, String what) {
    return estimate.memory().stream()
        .filter(item -> item.what().equals(what))
        .mapToDouble(RunEstimate.Item::bytes)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void weightsAndTheirStateAreCounted() throws IOException {
    RunEstimate whole = estimate("");
    // Embedding 500 x 64; a block 4 x 64 x 64 + 3 x 160 x 64 and two norms; the last norm.
    long block = 4 * 64 * 64 + 3 * 160 * 64 + 2 * 64;
    assertThat(whole.parameters()).isEqualTo(500 * 64 + 3 * block + 64);
    assertThat(whole.trained()).isEqualTo(whole.parameters());
    assertThat(bytes(whole, "weights")).isEqualTo(4.0 * whole.parameters());
    assertThat(bytes(whole, "gradients and moments")).isEqualTo(12.0 * whole.parameters());
    RunEstimate frozen = estimate("  trainer: {freeze: {embeddings: true, layers: 2}}\n");
    assertThat(frozen.trained()).isEqualTo(block + 64);
    assertThat(frozen.parameters()).isEqualTo(whole.parameters());
  }

  @Test
  void partsAndRecomputationTakeLessMemoryAndNoLessArithmetic() throws IOException {
    RunEstimate whole = estimate("");
    RunEstimate parts = estimate("  trainer: {micro_batch_size: 4}\n");
    RunEstimate again = estimate("  trainer: {activation_checkpointing: true}\n");
    // The four longest of a batch are at least a quarter of the sixteen longest.
    assertThat(bytes(parts, "activations") / bytes(whole, "activations")).isBetween(0.25, 0.35);
    assertThat(bytes(again, "activations")).isLessThan(bytes(whole, "activations"));
    assertThat(parts.operations()).isEqualTo(whole.operations());
    assertThat(whole.seconds(1e9))
        .isCloseTo(whole.operations() / (0.0027 * 64 * 1e9), within(1e-9));
  }

  @Test
  void longTranscriptsAreCutAtTheContext() throws IOException {
    // 69 words of five characters and the prompt: beyond 100 tokens; a pass holds 16 of them.
    RunEstimate whole = estimate("");
    assertThat(whole.basis().getFirst()).matches("a pass over 1[5-9]\\d\\d tokens, .*");
  }

  /** Two models of 3 layers, 64 wide; the numbers by hand. */
  @Test
  void aMeasurementNeedsWhatIsThereAtItsGreatestMoment() throws IOException {
    String model = model(3).toString();
    String small = model(1).toString();
    MeasurementSettings measured =
        (MeasurementSettings)
            ExperimentSpec.read(
                    Files.writeString(
                        directory.resolve("matches.yaml"),
                        """
                        matches:
                          players:
                            - {name: one, model: %s}
                            - {name: best, model: %s, best_of: 4, ranker: {preference_model: %s}}
                          judges: [{name: j, preference_model: %s}]
                          prompts: [data.jsonl]
                          max_response_tokens: 32
                        """
                            .formatted(small, model, small, model)))
                .settings();

    RunEstimate found = RunEstimate.of(measured);

    long block = 4 * 64 * 64 + 3 * 160 * 64 + 2 * 64;
    long embedding = 500 * 64 + 64;
    assertThat(found.parameters()).isEqualTo(embedding + 3 * block);
    assertThat(found.trained()).isZero();
    // The best of four with its ranker is more than a player alone or the judge alone.
    assertThat(bytes(found, "best")).isEqualTo(4.0 * (embedding + 3 * block));
    assertThat(bytes(found, "preference model")).isEqualTo(4.0 * (embedding + block));
    // 50 prompts, 1 x 50 x small + 4 x 50 x large drawn, 200 ranked, 100 judged.
    MatchesSettings both = (MatchesSettings) measured;
    RunEstimate one =
        RunEstimate.of(
            new MatchesSettings(
                List.of(both.players().getFirst()),
                List.of(),
                "",
                both.prompts(),
                both.format(),
                both.maxPrompts(),
                both.maxPromptTokens(),
                both.maxResponseTokens(),
                1));
    assertThat(found.operations()).isGreaterThan(5 * one.operations());
    assertThat(found.seconds(1e9)).isGreaterThan(found.operations() / (0.0027 * 64 * 1e9));
  }

  /** Half of the texts, and one of two models on the same ones, are half of the work. */
  @Test
  void textsAreCountedAsOftenAsTheyAreRead() throws IOException {
    String model = model(2).toString();
    String texts = "text_scores: {preference_model: %s, files: [data.jsonl], max_texts: %d}";
    RunEstimate all = measured(texts.formatted(model, 1000));
    RunEstimate some = measured(texts.formatted(model, 20));
    RunEstimate one = answers("{name: a, model: " + model + "}");
    RunEstimate two = answers("{name: a, model: " + model + "}, {name: b, model: " + model + "}");

    assertThat(all.basis().getFirst()).startsWith("100 texts");
    assertThat(all.operations()).isCloseTo(5 * some.operations(), withinPercentage(0.1));
    assertThat(two.operations()).isCloseTo(2 * one.operations(), withinPercentage(0.1));
    assertThat(bytes(all, "preference model")).isEqualTo(4.0 * all.parameters());
  }

  private RunEstimate answers(String players) throws IOException {
    return measured("answer_likelihood: {players: [" + players + "], data: [data.jsonl]}");
  }

  private RunEstimate measured(String spec) throws IOException {
    Path file = Files.writeString(directory.resolve("measured.yaml"), spec);
    return RunEstimate.of((MeasurementSettings) ExperimentSpec.read(file).settings());
  }

  private Path model(int layers) throws IOException {
    Path place = Files.createDirectories(directory.resolve("model" + layers));
    Files.writeString(
        place.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 500,
         "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": %d,
         "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 128,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true,
         "hidden_act": "silu", "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
        """
            .formatted(layers));
    BpeTrainer.train(List.of("Tell me of a number."), 280, Tokenizer.SPECIALS)
        .save(place.resolve("tokenizer.json"));
    return place;
  }
}
