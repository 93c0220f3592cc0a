package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TextReportsTest {
  private static final Path STORIES =
      Path.of(System.getProperty("plumbline.shared", "../shared"), "data", "stories260k");

  @Test
  void scoresAndContinuationsAreThoseOfTheReference() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(STORIES.resolve("reference.json")), "the shared data are not here");
    try (TorchRuntime runtime = TorchRuntime.start(1);
        LanguageModel model = LanguageModel.load(runtime, STORIES)) {
      for (JsonNode item :
          new ObjectMapper().readTree(STORIES.resolve("reference.json").toFile())) {
        String text = item.path("text").asText();
        TextScoring scoring = TextScoring.of(model, text);
        assertThat(scoring.tokens()).isEqualTo(ints(item.path("ids")));
        assertThat(scoring.logprobs()).hasSize(scoring.tokens().length - 1);
        assertThat(scoring.mean())
            .isEqualTo(item.path("mean_token_logprob").asDouble(), within(1e-3));
        TextGeneration greedy = generate(model, text, 40, 0, 1);
        assertThat(greedy.promptTokens()).isEqualTo(scoring.tokens());
        assertThat(greedy.tokens()).isEqualTo(ints(item.path("greedy_40")));
        assertThat(greedy.fullText().strip()).isEqualTo(item.path("greedy_text").asText().strip());
        assertThat(greedy.fullText()).endsWith(greedy.text());
        TextGeneration drawn = generate(model, text, 20, 1, 7);
        assertThat(generate(model, text, 20, 1, 7).tokens()).isEqualTo(drawn.tokens());
        assertThat(generate(model, text, 20, 1, 8).tokens()).isNotEqualTo(drawn.tokens());
        assertThatThrownBy(() -> generate(model, text, 600, 1, 7))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("512");
        growsUpToItsStopText(model, text, drawn.text());
      }
      assertThatThrownBy(() -> TextScoring.of(model, "")).isInstanceOf(UserError.class);
    }
  }

  /** A watcher sees a text that only grows, never a piece of the stop text, and in the end all. */
  private static void growsUpToItsStopText(LanguageModel model, String prompt, String whole) {
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
    String kept = whole.substring(0, whole.indexOf(stop));
    List<String> seen = new ArrayList<>();
    TextGeneration stopped =
        TextGeneration.of(
            model,
            prompt,
            new SamplingOptions(1, 20, -1, 7, 0).stoppingAt(List.of(stop)),
            seen::add);
    assertThat(stopped.text()).isEqualTo(kept);
    assertThat(stopped.fullText()).endsWith(kept).doesNotEndWith(stop);
    assertThat(stopped.ended()).isTrue();
    assertThat(seen).isNotEmpty().allSatisfy(text -> assertThat(kept).startsWith(text));
    assertThat(seen.getLast()).isEqualTo(kept);
  }

  private static TextGeneration generate(
      LanguageModel model, String prompt, int tokens, double temperature, long seed) {
    return TextGeneration.of(
        model, prompt, new SamplingOptions(temperature, tokens, -1, seed, 0), text -> {});
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
