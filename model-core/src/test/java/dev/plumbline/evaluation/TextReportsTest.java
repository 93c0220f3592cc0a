package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        TextGeneration greedy = TextGeneration.of(model, text, 40, 0, 1);
        assertThat(greedy.promptTokens()).isEqualTo(scoring.tokens());
        assertThat(greedy.tokens()).isEqualTo(ints(item.path("greedy_40")));
        assertThat(greedy.fullText().strip()).isEqualTo(item.path("greedy_text").asText().strip());
        assertThat(greedy.fullText()).endsWith(greedy.text());
        TextGeneration drawn = TextGeneration.of(model, text, 20, 1, 7);
        assertThat(TextGeneration.of(model, text, 20, 1, 7).tokens()).isEqualTo(drawn.tokens());
        assertThat(TextGeneration.of(model, text, 20, 1, 8).tokens()).isNotEqualTo(drawn.tokens());
        assertThatThrownBy(() -> TextGeneration.of(model, text, 600, 1, 7))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("512");
      }
      assertThatThrownBy(() -> TextScoring.of(model, "")).isInstanceOf(UserError.class);
    }
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
