package dev.plumbline.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BpeTrainerTest {
  private static final List<String> TEXTS =
      List.of(
          "\n\nHuman: how do I bake bread?\n\nAssistant: Mix flour, water and yeast.",
          "\n\nHuman: I'm cold.\n\nAssistant: Then I'd close the window, I'd light a fire.");
  private static final Tokenizer TOKENIZER = BpeTrainer.train(TEXTS, 300, Tokenizer.SPECIALS);

  @Test
  void theMostFrequentPairBecomesTheFirstToken() {
    // "ab" three times, "bc" twice; then "abc" twice
    Tokenizer tokenizer = BpeTrainer.train(List.of("abc abc ab"), 262, Tokenizer.SPECIALS);
    assertThat(tokenizer.encode("ab")).containsExactly(260);
    assertThat(tokenizer.encode("abc")).hasSizeLessThan(3);
    assertThat(tokenizer.vocabularySize()).isEqualTo(262);
  }

  @Test
  void specialTokensHaveTheirIdsAndAreNeverText() {
    for (int id = 0; id < Tokenizer.SPECIALS.size(); id++) {
      assertThat(TOKENIZER.idOf(Tokenizer.SPECIALS.get(id))).isEqualTo(id);
      assertThat(TOKENIZER.decode(new int[] {id})).isEmpty();
    }
    assertThat(TOKENIZER.encodeWithBos("a")[0]).isEqualTo(1);
    assertThatThrownBy(() -> TOKENIZER.idOf("<|nothing|>")).isInstanceOf(UserError.class);
  }

  @Test
  void trainingMergesWithinWordsAndIsAFunctionOfTheTexts() {
    Tokenizer again = BpeTrainer.train(TEXTS.reversed(), 300, Tokenizer.SPECIALS);
    for (String text : TEXTS) {
      assertThat(again.encode(text)).containsExactly(TOKENIZER.encode(text));
      assertThat(TOKENIZER.encode(text).length)
          .isLessThan(text.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void aSavedTokenizerIsTheSame(@TempDir Path folder) {
    Path file = folder.resolve("tokenizer.json");
    TOKENIZER.save(file);
    Tokenizer loaded = Tokenizer.load(file);
    assertThat(loaded.encode(TEXTS.getFirst())).containsExactly(TOKENIZER.encode(TEXTS.getFirst()));
    assertThat(loaded.vocabularySize()).isEqualTo(TOKENIZER.vocabularySize());
  }

  @Test
  void aVocabularyWithoutRoomForBytesIsRefused() {
    assertThatThrownBy(() -> BpeTrainer.train(TEXTS, 259, Tokenizer.SPECIALS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("260");
  }

  @Test
  void continuationsKeepTheirFirstSpace() {
    int[] prompt = TOKENIZER.encode("\n\nAssistant:");
    assertThat(TOKENIZER.decodeAfter(prompt, TOKENIZER.encode(" Mix"))).isEqualTo(" Mix");
  }

  @Property(tries = 300)
  void anyTextComesBack(@ForAll String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Assume.that(new String(utf8, StandardCharsets.UTF_8).equals(text));
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(text);
  }
}
