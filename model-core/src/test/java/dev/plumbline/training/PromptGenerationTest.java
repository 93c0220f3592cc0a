package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.PromptGeneration.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptGenerationTest {
  @TempDir Path directory;

  private static PromptGeneration.Settings settings(int count, int maxDraws) {
    return new PromptGeneration.Settings(count, 10, 1, 2, 24, maxDraws, 7);
  }

  @Test
  void onlyCompleteNewQueriesAreKept() {
    PromptGeneration generation =
        new PromptGeneration(List.of("Who are you?", "What is  a cat?"), settings(5, 9));
    assertThat(generation.take(" Why is it so?\n\nHuman: What", true)).isEqualTo(Outcome.KEPT);
    assertThat(generation.take(" Why is it", false)).isEqualTo(Outcome.UNFINISHED);
    assertThat(generation.take(" why is  IT so?\n\n", true)).isEqualTo(Outcome.REPEATED);
    assertThat(generation.take(" what is a cat?", true)).isEqualTo(Outcome.GIVEN);
    assertThat(generation.take(" Hm\n\n", true)).isEqualTo(Outcome.TOO_SHORT);
    assertThat(generation.take("\n\n", true)).isEqualTo(Outcome.TOO_SHORT);
    assertThat(generation.take(" See\nAssistant: no, yes", true)).isEqualTo(Outcome.MARKER);
  }

  @Test
  void theSeedDecidesWhatIsWritten() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TinyWorld world = new TinyWorld(directory, runtime);
      List<String> queries = PromptGeneration.queries(world.prompts);
      assertThat(queries).hasSize(30).contains("Tell me of a cat, number 0.");
      try (LanguageModel model = LanguageModel.load(runtime, world.base)) {
        // An untrained model ends one text in ten or so, at its end token.
        PromptGeneration.Result one =
            new PromptGeneration(queries, settings(5, 2000)).generate(model);
        PromptGeneration.Result two =
            new PromptGeneration(queries, settings(5, 2000)).generate(model);
        assertThat(one).isEqualTo(two);
        assertThat(one.prompts()).hasSize(5).doesNotHaveDuplicates();
        assertThat(one.outcomes()).containsEntry(Outcome.KEPT, 5L);
        Path file = directory.resolve("generated.jsonl");
        Files.write(
            file,
            one.prompts().stream()
                .map(
                    prompt ->
                        "{\"prompt\": \"%s\"}"
                            .formatted(
                                prompt.replaceAll("[^\\n -~]|[\"\\\\]", "?").replace("\n", "\\n")))
                .toList());
        assertThat(PromptReader.read(file)).hasSizeGreaterThan(1);
        assertThat(new HashSet<>(PromptReader.read(world.prompts)))
            .doesNotContainAnyElementsOf(one.prompts());
        PromptGeneration.Result few =
            new PromptGeneration(queries, settings(1000, 10)).generate(model);
        assertThat(few.drawn()).isEqualTo(10);
      }
    }
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    assertThatThrownBy(() -> new PromptGeneration(List.of(), settings(1, 1)))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> new PromptGeneration(List.of("a"), settings(0, 1)))
        .isInstanceOf(UserError.class);
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TinyWorld world = new TinyWorld(directory, runtime);
      try (LanguageModel model = LanguageModel.load(runtime, world.base)) {
        PromptGeneration.Settings tooLong = new PromptGeneration.Settings(1, 1, 1, 1, 60, 5, 1);
        assertThatThrownBy(
                () -> new PromptGeneration(List.of("a b c d e f g h"), tooLong).generate(model))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("context of 64");
      }
    }
  }
}
