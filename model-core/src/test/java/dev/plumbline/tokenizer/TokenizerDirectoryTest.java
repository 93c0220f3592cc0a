package dev.plumbline.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers as the directories of real models have them. */
final class TokenizerDirectoryTest {
  /** The entries of GPT-2's vocabulary that the two sentences need, with their ids. */
  private static final String VOCABULARY =
      """
      {",": 11, "a": 64, "b": 65, "d": 67, "e": 68, "g": 70, "h": 71, "i": 72, "l": 75, "o": 78,
       "s": 82, "t": 83, "u": 84, "w": 86, "y": 88, "\\u0120": 220, "\\u0120t": 256,
       "\\u0120a": 257, "he": 258, "\\u0120w": 266, "it": 270, "ou": 280, "al": 282,
       "\\u0120th": 294, "ly": 306, "ld": 335, "\\u0120he": 339, "\\u0120it": 340, "us": 385,
       "ould": 426, "out": 448, "\\u0120ab": 450, "ally": 453, "gh": 456, "\\u0120about": 546,
       "\\u0120would": 561, "ough": 619, "ually": 935, "\\u0120though": 996,
       "\\u0120thought": 1807, "she": 7091, "usually": 23073, "<|endoftext|>": 50256}
      """;

  private static final String MERGES =
      """
      #version: 0.2
      \u0120 t
      \u0120 a
      h e
      \u0120 w
      i t
      o u
      a l
      \u0120t h
      l y
      l d
      \u0120 he
      \u0120 it
      u s
      ou ld
      ou t
      \u0120a b
      al ly
      g h
      \u0120ab out
      \u0120w ould
      ou gh
      u ally
      \u0120th ough
      \u0120though t
      s he
      us ually
      """;

  @TempDir private Path folder;

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertPublished(Tokenizer tokenizer) {
    assertThat(tokenizer.encode("usually, he would")).containsExactly(23073, 11, 339, 561);
    assertThat(tokenizer.encode("she thought about it")).containsExactly(7091, 1807, 546, 340);
    assertThat(tokenizer.decode(new int[] {23073, 11, 339, 561})).isEqualTo("usually, he would");
  }

  @Test
  void gpt2sTwoFilesGiveItsPublishedIds() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    Tokenizer tokenizer = Tokenizer.ofDirectory(folder);
    assertPublished(tokenizer);
    assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
    assertThat(tokenizer.encode("<|endoftext|>")).doesNotContain(50256);
  }

  @Test
  void theWholeOfGpt2GivesThemToo() {
    Path directory = Path.of(System.getProperty("plumbline.gpt2", "none"));
    Assumptions.assumeTrue(
        Files.exists(directory.resolve("vocab.json")),
        "-Dplumbline.gpt2 names no directory with GPT-2's vocab.json and merges.txt");
    Tokenizer tokenizer = Tokenizer.ofDirectory(directory);
    assertPublished(tokenizer);
    assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
    String text = "Zwölf Boxkämpfer, 你好! \t\n x=3.14";
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void whatIsSavedIsATokenizerJsonOfTheSameIds(@TempDir Path other) {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    Tokenizer.ofDirectory(folder).saveInto(other, 1024);
    assertThat(other.resolve("tokenizer.json")).exists();
    assertThat(other.resolve("tokenizer_config.json")).exists();
    assertPublished(Tokenizer.ofDirectory(other));
  }

  @Test
  void theToyVocabularyOfTwentyOneEntries() {
    write(
        "vocab.json",
        """
        {"l": 0, "o": 1, "w": 2, "e": 3, "r": 4, "s": 5, "t": 6, "i": 7, "d": 8, "n": 9,
         "\\u0120": 10, "\\u0120l": 11, "\\u0120n": 12, "\\u0120lo": 13, "\\u0120low": 14,
         "er": 15, "\\u0120lowest": 16, "\\u0120newer": 17, "\\u0120wider": 18, "<unk>": 19,
         "<|endoftext|>": 20}
        """);
    write("merges.txt", "#version: 0.2\n\u0120 l\n\u0120l o\n\u0120lo w\ne r\n");
    write("tokenizer_config.json", "{\"add_prefix_space\": true, \"unk_token\": \"<unk>\"}");
    Tokenizer tokenizer = Tokenizer.ofDirectory(folder);
    assertThat(tokenizer.encode("lower newer")).containsExactly(14, 15, 10, 9, 3, 2, 15);
    assertThat(tokenizer.encode("lower newer?")).containsExactly(14, 15, 10, 9, 3, 2, 15, 19);
    assertThat(tokenizer.vocabularySize()).isEqualTo(21);
  }

  @Test
  void filesOfAnotherCutAreRefusedInOneLine() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    write("tokenizer_config.json", "{\"tokenizer_class\": \"Qwen2Tokenizer\"}");
    assertThatThrownBy(() -> Tokenizer.ofDirectory(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Qwen2Tokenizer")
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void aSentencePieceModelAloneIsRefusedWithTheMend() {
    write("tokenizer.model", "");
    assertThatThrownBy(() -> Tokenizer.ofDirectory(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("save_pretrained");
  }

  @Test
  void anEndTokenThatIsNotThereIsAnError() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    write("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\"}");
    assertThatThrownBy(() -> Tokenizer.ofDirectory(folder).end())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("<|im_end|>");
  }

  @Test
  void endTokensMayBeAListAndNamesMayBeObjects() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    write("generation_config.json", "{\"eos_token_id\": [7091, 50256]}");
    write(
        "special_tokens_map.json",
        "{\"eos_token\": {\"content\": \"<|endoftext|>\", \"lstrip\": false},"
            + " \"bos_token\": \"<|endoftext|>\", \"pad_token\": \"<|endoftext|>\"}");
    Tokenizer tokenizer = Tokenizer.ofDirectory(folder);
    assertThat(tokenizer.stops()).containsExactlyInAnyOrder(7091, 50256);
    assertThat(tokenizer.end()).hasValue(50256);
    assertThat(tokenizer.begin()).isEmpty();
    assertThat(tokenizer.pad()).hasValue(50256);
  }

  @Test
  void paddingIsTakenApartFromTheEnd() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    write(
        "tokenizer_config.json",
        "{\"eos_token\": \"<|endoftext|>\", \"pad_token\": \"<|endoftext|>\"}");
    Tokenizer tokenizer = Tokenizer.ofDirectory(folder);
    // GPT-2's embedding has no row to spare: no padding is better than a wrong one.
    assertThat(tokenizer.withPadApartFrom(Set.of(50256), 50257).pad()).isEmpty();
    Tokenizer wider = tokenizer.withPadApartFrom(Set.of(50256), 50304);
    assertThat(wider.pad()).hasValue(50257);
    assertThat(wider.show(50257)).isEqualTo(Tokenizer.PAD);
    assertPublished(wider);
    assertThat(wider.withPadApartFrom(Set.of(50256), 50304)).isSameAs(wider);
  }

  @Test
  void theDefaultOfSeveralChatTemplatesIsTaken() {
    write("vocab.json", VOCABULARY);
    write("merges.txt", MERGES);
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"a\"},"
            + " {\"name\": \"default\", \"template\": \"b\"}]}");
    assertThat(Tokenizer.ofDirectory(folder).chatTemplate()).hasValue("b");
    write("chat_template.jinja", "c");
    assertThat(Tokenizer.ofDirectory(folder).chatTemplate()).hasValue("c");
  }

  @Test
  void ourOwnNamesItsTokensForOtherPrograms() throws IOException {
    Tokenizer ours = BpeTrainer.train(List.of("a b c"), 262, Tokenizer.SPECIALS);
    ours.saveInto(folder, 128);
    assertThat(Files.readString(folder.resolve("tokenizer_config.json")))
        .contains("\"model_max_length\" : 128")
        .contains("\"eos_token\" : \"<|end|>\"")
        .contains("\"pad_token\" : \"<|pad|>\"");
    Tokenizer again = Tokenizer.ofDirectory(folder);
    assertThat(again.begin()).hasValue(1);
    assertThat(again.end()).hasValue(2);
    assertThat(again.pad()).hasValue(0);
  }
}
