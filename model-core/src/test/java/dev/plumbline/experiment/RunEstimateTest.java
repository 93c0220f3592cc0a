package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
}
