package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Similarity by hand, and groups against all pairs compared one by one. */
final class NearDuplicatesTest {
  @Test
  void similarityIsThatOfSequencesOfThreeWords() {
    // {abc, bcd, cde} and {abc, bcd, cdf}: two of four
    assertThat(NearDuplicates.similarity("a b c d e", "A, b c; d f")).isEqualTo(0.5);
    assertThat(NearDuplicates.similarity("a b c", "c b a")).isZero();
    assertThat(NearDuplicates.similarity("a b", "a  b!")).isEqualTo(1);
    assertThat(NearDuplicates.similarity("", "!")).isNaN();
  }

  @Test
  void groupsAreThoseOfAllPairs() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<String> words = new ArrayList<>();
      for (int w = 0; w < 40; w++) {
        words.add("w" + random.nextInt(500));
      }
      texts.add(String.join(" ", words));
      if (i % 3 == 0) {
        // one word of forty changed touches three of 38 sequences: 35 of 41 are common, 0.854
        words.set(20, "other");
        texts.add(String.join(" ", words));
      }
    }
    texts.add("");
    texts.add("");
    NearDuplicates.Found found = find(texts, 0.8);
    assertThat(found.groups()).isEqualTo(20);
    assertThat(found.texts()).isEqualTo(40);
    for (int i = 0; i < texts.size(); i++) {
      for (int j = 0; j < i; j++) {
        boolean similar = NearDuplicates.similarity(texts.get(i), texts.get(j)) >= 0.8;
        boolean together = found.group()[i] >= 0 && found.group()[i] == found.group()[j];
        assertThat(together).as("%d and %d", i, j).isEqualTo(similar);
      }
      if (found.group()[i] >= 0) {
        assertThat((double) found.similarity()[i]).isCloseTo(35 / 41.0, within(1e-6));
      }
    }
    assertThat(find(texts, 0.9).groups()).isZero();
  }

  private static NearDuplicates.Found find(List<String> texts, double threshold) {
    return NearDuplicates.find(
        new NearDuplicates.Texts() {
          @Override
          public int size() {
            return texts.size();
          }

          @Override
          public void forEach(NearDuplicates.Receiver receiver) {
            for (int i = 0; i < texts.size(); i++) {
              receiver.text(i, texts.get(i));
            }
          }

          @Override
          public String text(int number) {
            return texts.get(number);
          }
        },
        threshold,
        _ -> {});
  }
}
