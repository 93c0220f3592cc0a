package dev.plumbline.training;

import dev.plumbline.dialogue.Comparison;
import java.util.List;

/**
 * What a preference model learns from a comparison A > B.
 *
 * <p>Binary is for preference model pretraining (Askell et al. 2021, section 4; paper appendix
 * A.2): each response is judged for itself, as good or bad, and transfers better than ranks do. The
 * label stands as text at the beginning of the response, {@code "\n\nAssistant: GOOD: ..."}, where
 * the two sides of a pair still share their whole prompt, so that it is computed once; the response
 * and the token at which the score is read come behind it and see it.
 */
public enum PreferenceObjective {
  /** A above B: one pair. */
  RANKED,
  /** GOOD:A above BAD:A, and BAD:B above GOOD:B: two pairs, of half the weight each. */
  BINARY;

  /** What stands before a response that is called good. */
  public static final String GOOD = " GOOD:";

  /** What stands before a response that is called bad. */
  public static final String BAD = " BAD:";

  /**
   * Two responses to the comparison's prompt, of which the first is to score higher.
   *
   * @param better as it follows the prompt
   * @param worse as it follows the prompt
   */
  public record Pair(String better, String worse) {}

  /** The pairs of a comparison. */
  public List<Pair> pairs(Comparison comparison) {
    String chosen = comparison.chosen();
    String rejected = comparison.rejected();
    return switch (this) {
      case RANKED -> List.of(new Pair(chosen, rejected));
      case BINARY ->
          List.of(new Pair(GOOD + chosen, BAD + chosen), new Pair(BAD + rejected, GOOD + rejected));
    };
  }

  /** Pairs of each comparison. */
  public int pairCount() {
    return this == RANKED ? 1 : 2;
  }

  /**
   * The scores of a comparison's two responses, from the margins and scores of its pairs. Under the
   * binary objective the score of a response is its log-odds of being called good, {@code r(GOOD:A)
   * - r(BAD:A)}, so that either objective ranks and is measured on the same comparisons.
   *
   * @param better scores of the pairs' first responses, nats
   * @param worse scores of the pairs' second responses, nats
   * @return the chosen and the rejected response's score, nats
   */
  double[] scores(double[] better, double[] worse) {
    return switch (this) {
      case RANKED -> new double[] {better[0], worse[0]};
      case BINARY -> new double[] {better[0] - worse[0], worse[1] - better[1]};
    };
  }

  /** The loss of a comparison, nats: the mean of {@code ln(1 + exp(-margin))} over its pairs. */
  double loss(double[] better, double[] worse) {
    double sum = 0;
    for (int i = 0; i < better.length; i++) {
      sum += PreferenceAccuracy.loss(better[i] - worse[i]);
    }
    return sum / better.length;
  }
}
