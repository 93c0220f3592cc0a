package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.util.List;

/**
 * The baseline that stands beside every preference-model accuracy (paper section 1.4): look at the
 * lengths of the two responses and at nothing else. By definition it picks the shorter one; data
 * that favour long responses are caught by the other direction, so both are told. Length is counted
 * in words, what white space separates; a tie is half a hit.
 *
 * @param n comparisons
 * @param chosenShorter comparisons whose chosen response has fewer words
 * @param chosenLonger comparisons whose chosen response has more words
 */
public record LengthRule(long n, long chosenShorter, long chosenLonger) {

  /** Counts over comparisons. */
  public static LengthRule of(List<Comparison> comparisons) {
    long shorter = 0;
    long longer = 0;
    for (Comparison comparison : comparisons) {
      int order = Integer.compare(words(comparison.chosen()), words(comparison.rejected()));
      shorter += order < 0 ? 1 : 0;
      longer += order > 0 ? 1 : 0;
    }
    return new LengthRule(comparisons.size(), shorter, longer);
  }

  /** The length rule: accuracy of picking the shorter response, from 0 to 1; NaN where n is 0. */
  public double shorter() {
    return (chosenShorter + (n - chosenShorter - chosenLonger) / 2.0) / n;
  }

  /** Accuracy of picking the longer response: {@code 1 - shorter()}. */
  public double longer() {
    return 1 - shorter();
  }

  /** The better of the two directions: what a model has to beat. */
  public double best() {
    return Math.max(shorter(), longer());
  }

  /** Words of a text: maximal runs without white space. */
  public static int words(String text) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      if (!space && !inside) {
        words++;
      }
      inside = !space;
    }
    return words;
  }
}
