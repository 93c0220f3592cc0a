package dev.plumbline.sampledata;

import dev.plumbline.dialogue.Comparison;
import java.util.List;

/**
 * The accuracy that the annotators' noise allows on a data set: no preference model can be expected
 * to do better, however much data it has seen. Two definitions, which agree for large n.
 *
 * @param n comparisons
 * @param bayes mean over the pairs of {@code max(p, 1 - p)}, where p is the probability that a kept
 *     label prefers the one response, over annotators and placement: the expected accuracy of
 *     picking the response with the higher gold reward
 * @param gold accuracy of that rule on the labels as they fell, a tie counted as half
 */
public record Ceiling(long n, double bayes, double gold) {
  /**
   * The ceiling of a data set of this world.
   *
   * @param kind decides which gold reward the annotators went by
   * @param weakest whether labels of the weakest strength are in the data
   */
  public static Ceiling of(
      List<Comparison> comparisons, SampleWorld.Kind kind, SampleWorld.Weakest weakest) {
    double from = weakest == SampleWorld.Weakest.DROPPED ? Annotator.SLIGHT_FROM : 0;
    double bayes = 0;
    double hits = 0;
    for (Comparison comparison : comparisons) {
      double chosen = kind.gold(comparison.prompt(), comparison.chosen());
      double rejected = kind.gold(comparison.prompt(), comparison.rejected());
      double agreement = Annotator.agreement(chosen - rejected, from);
      bayes += Math.max(agreement, 1 - agreement);
      // Equal sums of the same terms may differ in the last bit.
      hits += Math.abs(chosen - rejected) < 1e-9 ? 0.5 : chosen > rejected ? 1 : 0;
    }
    long n = comparisons.size();
    return new Ceiling(n, bayes / n, hits / n);
  }
}
