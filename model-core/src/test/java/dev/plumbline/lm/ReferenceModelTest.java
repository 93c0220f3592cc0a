package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real pretrained model, against numbers from an independent float64 computation. */
final class ReferenceModelTest {
  private static TorchRuntime runtime;
  private static LanguageModel model;
  private static JsonNode references;

  @BeforeAll
  static void load() throws IOException {
    Path folder = Path.of(System.getProperty("plumbline.shared", "")).resolve("data/stories260k");
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "the pretrained model stories260k is not beside the project");
    runtime = TorchRuntime.start(1);
    model = LanguageModel.load(runtime, folder);
    references = new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
  }

  @AfterAll
  static void close() {
    if (runtime != null) {
      runtime.close();
    }
  }

  @Test
  void textBecomesTheKnownIds() {
    for (JsonNode reference : references) {
      assertThat(model.tokenizer().encodeWithBos(reference.get("text").asText()))
          .containsExactly(ints(reference.get("ids")));
    }
  }

  @Test
  void logitsAndMeanLogProbability() {
    for (JsonNode reference : references) {
      int[] ids = ints(reference.get("ids"));
      float[] logits = model.nextLogits(List.of(ids)).getFirst();
      JsonNode expected = reference.get("last_logits_first8");
      for (int i = 0; i < expected.size(); i++) {
        assertThat((double) logits[i]).isCloseTo(expected.get(i).asDouble(), within(1e-3));
      }
      assertThat(model.score(List.of(ids), 1.0).getFirst().meanLogProbability())
          .isCloseTo(reference.get("mean_token_logprob").asDouble(), within(1e-3));
    }
  }

  @Test
  void greedyText() {
    List<int[]> prompts =
        StreamSupport.stream(references.spliterator(), false)
            .map(reference -> ints(reference.get("ids")))
            .toList();
    List<Generation> together = model.generate(prompts, SamplingOptions.greedy(40, 2));
    for (int i = 0; i < prompts.size(); i++) {
      JsonNode reference = references.get(i);
      assertThat(together.get(i).tokens()).containsExactly(ints(reference.get("greedy_40")));
      String prompt = model.tokenizer().decode(prompts.get(i));
      String text = model.tokenizer().decodeAfter(prompts.get(i), together.get(i).tokens());
      // The reference kept the space that the tokenizer's normaliser puts before a text.
      assertThat(" " + prompt + text).isEqualTo(reference.get("greedy_text").asText());
    }
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }
}
