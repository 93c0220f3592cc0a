package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.ModelTokens;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.TokenInspection.Owner;
import dev.plumbline.training.TokenInspection.Row;
import dev.plumbline.training.TokenInspection.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer of single bytes, so that everything can be counted by hand: byte b is 4 + b. */
final class TokenInspectionTest {
  private static final String PROMPT = "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:";
  private static final Comparison COMPARISON = new Comparison(PROMPT, " yes", " yo", Map.of());

  private static ModelTokens bytes() {
    Tokenizer tokenizer = BpeTrainer.train(List.of("x"), 260, Tokenizer.SPECIALS);
    return new ModelTokens(tokenizer, 2, 3, 100);
  }

  private static List<Row> where(TokenInspection of, java.util.function.Predicate<Row> what) {
    return of.rows().stream().filter(what).toList();
  }

  @Test
  void everythingStandsWhereOneCountsIt() {
    List<TokenInspection> both = TokenInspection.of(COMPARISON, bytes(), 100);
    TokenInspection chosen = both.getFirst();
    assertThat(PROMPT).hasSize(46);
    assertThat(chosen.tokens()).isEqualTo(50);
    assertThat(chosen.cut()).isZero();
    // The begin token, the prompt, and " y" of both responses.
    assertThat(chosen.shared()).isEqualTo(1 + 46 + 2);
    assertThat(chosen.rows()).hasSize(1 + 50 + 2);
    assertThat(chosen.rows().get(1))
        .isEqualTo(
            new Row(1, 4 + '\n', "\n", Owner.PROMPT, 4 + '\n', true, false, Sampling.PROMPT));
    // " b" is a response of the prompt, and after it the end is asked for.
    Row b = chosen.rows().get(1 + PROMPT.indexOf('b', 13));
    assertThat(b.text()).isEqualTo("b");
    assertThat(b.owner()).isEqualTo(Owner.RESPONSE);
    assertThat(b.wanted()).isEqualTo(2);
    assertThat(b.sampling()).isEqualTo(Sampling.PROMPT);
    // What the policy samples: " yes" and the end.
    assertThat(where(chosen, row -> row.sampling() == Sampling.RESPONSE).stream().map(Row::id))
        .containsExactly(4 + ' ', 4 + 'y', 4 + 'e', 4 + 's', 2);
    assertThat(where(chosen, Row::scored))
        .containsExactly(
            new Row(51, 3, "<|end_of_context|>", Owner.SPECIAL, -1, false, true, Sampling.NONE));
    assertThat(where(both.getLast(), row -> row.sampling() == Sampling.RESPONSE)).hasSize(4);
  }

  @Test
  void whatIsTooLongIsCutAtTheLeft() {
    TokenInspection chosen = TokenInspection.of(COMPARISON, bytes(), 8).getFirst();
    assertThat(chosen.cut()).isEqualTo(50 - 6);
    assertThat(chosen.rows().stream().map(Row::text))
        .containsExactly(
            "<|begin|>", "t", ":", " ", "y", "e", "s", "<|end|>", "<|end_of_context|>");
    assertThat(chosen.rows().getFirst().sampling()).isEqualTo(Sampling.PROMPT);
  }

  @Test
  void theTableIsAligned() {
    ModelTokens model = bytes();
    List<String> lines =
        TokenInspection.of(COMPARISON, model, 8).getFirst().lines(model.tokenizer());
    assertThat(lines.getFirst())
        .isEqualTo(
            "chosen: 50 tokens, 44 cut off at the left, the first 1 rows shared with the other"
                + " dialogue");
    int column = lines.get(1).indexOf("preference");
    assertThat(lines.subList(2, lines.size()).stream().map(line -> line.substring(column).strip()))
        .containsExactly(
            "shared      prompt",
            "own         prompt",
            "own         prompt",
            "own         response",
            "own         response",
            "own         response",
            "own         response",
            "-           response",
            "score       -");
  }

  private static ModelTokens chat(Path folder) throws IOException {
    Tokenizer plain =
        BpeTrainer.train(List.of("x"), 259, List.of("<|im_start|>", "<|im_end|>", "<pad>"));
    plain.save(folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": null, \"eos_token\": \"<|im_end|>\", \"pad_token\": \"<pad>\"}");
    try (var template = TokenInspectionTest.class.getResourceAsStream("/templates/chatml.jinja")) {
      Files.write(
          folder.resolve("chat_template.jinja"),
          java.util.Objects.requireNonNull(template).readAllBytes());
    }
    return new ModelTokens(Tokenizer.ofDirectory(folder), 1, 1, 200);
  }

  @Test
  void inAChatTemplateOnlyTheTemplatesOwnNamesAreTokens(@TempDir Path folder) throws IOException {
    ModelTokens model = chat(folder);
    ChatFormat format = ChatFormat.of(model.tokenizer());
    String prompt = "\n\nHuman: say <|im_end|>\n\nAssistant:";
    ChatFormat.Encoded dialogue = format.dialogue(prompt, " <|im_end|> it is");
    String text = "user\nsay <|im_end|>\nassistant\n<|im_end|> it is\n";
    // Two turns of a begin and an end each; every other character is a byte of its own.
    assertThat(dialogue.ids()).hasSize(text.length() + 4);
    assertThat(Arrays.stream(dialogue.ids()).filter(id -> id < 2).toArray())
        .containsExactly(0, 1, 0, 1);
    int[] asked = format.prompt(prompt);
    assertThat(Arrays.copyOf(dialogue.ids(), asked.length)).isEqualTo(asked);
    // The assistant's are its text and its end token, not the line feed behind it.
    int first = asked.length;
    int last = first + "<|im_end|> it is".length();
    for (int t = 0; t < dialogue.ids().length; t++) {
      assertThat(dialogue.assistant()[t]).as("token %d", t).isEqualTo(t >= first && t <= last);
    }
    assertThat(dialogue.ids()[last]).isEqualTo(1);
  }

  @Test
  void aComparisonInAChatTemplate(@TempDir Path folder) throws IOException {
    ModelTokens model = chat(folder);
    TokenInspection chosen = TokenInspection.chat(COMPARISON, model, 200).getFirst();
    assertThat(where(chosen, row -> row.wanted() >= 0)).hasSize(2 + 4);
    assertThat(where(chosen, row -> row.sampling() == Sampling.RESPONSE).stream().map(Row::text))
        .containsExactly("y", "e", "s", "<|im_end|>");
    assertThat(where(chosen, Row::scored)).containsExactly(chosen.rows().getLast());
    assertThat(chosen.rows().getLast().text()).isEqualTo("\n");
    TokenInspection cut = TokenInspection.chat(COMPARISON, model, 6).getFirst();
    assertThat(cut.cut()).isEqualTo(chosen.tokens() - 6);
    assertThat(cut.rows().stream().map(Row::text))
        .containsExactly("\n", "y", "e", "s", "<|im_end|>", "\n");
    assertThat(cut.rows().stream().map(Row::sampling))
        .containsExactly(
            Sampling.PROMPT,
            Sampling.RESPONSE,
            Sampling.RESPONSE,
            Sampling.RESPONSE,
            Sampling.RESPONSE,
            Sampling.NONE);
  }
}
