package dev.plumbline.analysis;

import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Two models on the same items.
 *
 * @param first mean of the first model over the items
 * @param second mean of the second
 * @param difference first less second, with a bootstrap over prompts that keeps the pairs: BCa, or
 *     percentile where it says so
 */
public record PairedComparison(double first, double second, GroupBootstrap.Estimate difference) {

  /**
   * Compares numbers of any kind, such as rewards, or accuracies of 0 and 1.
   *
   * @param first the first model's number for each item
   * @param second the second's for the same items
   * @param prompts items that share a prompt; {@link Groups#single} where none do
   * @param draws bootstrap draws
   * @param seed seed of the draws
   */
  public static PairedComparison of(
      double[] first, double[] second, Groups prompts, int draws, double level, long seed) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(first.length + " and " + second.length + " items");
    }
    double[] difference = new double[first.length];
    double sumFirst = 0;
    double sumSecond = 0;
    for (int i = 0; i < difference.length; i++) {
      difference[i] = first[i] - second[i];
      sumFirst += first[i];
      sumSecond += second[i];
    }
    return new PairedComparison(
        sumFirst / first.length,
        sumSecond / first.length,
        GroupBootstrap.bca(difference, prompts, draws, level, seed));
  }

  /**
   * McNemar's test (1947) for two models that are right or wrong on the same independent items, by
   * the exact binomial distribution: items on which both do alike say nothing.
   *
   * @param onlyFirst items on which the first alone is right
   * @param onlySecond items on which the second alone is right
   * @param both items on which both are right
   * @param neither items on which neither is
   * @param pValue exact and two-sided, against equal chances of the two kinds of discordant items;
   *     1 without any
   * @param midP the same less half the probability of what was seen (Lancaster 1961), which is less
   *     conservative
   */
  public record McNemar(
      long onlyFirst, long onlySecond, long both, long neither, double pValue, double midP) {

    /** Counts and tests. */
    public static McNemar of(boolean[] first, boolean[] second) {
      if (first.length != second.length) {
        throw new IllegalArgumentException(first.length + " and " + second.length + " items");
      }
      int onlyFirst = 0;
      int onlySecond = 0;
      int both = 0;
      for (int i = 0; i < first.length; i++) {
        onlyFirst += first[i] && !second[i] ? 1 : 0;
        onlySecond += second[i] && !first[i] ? 1 : 0;
        both += first[i] && second[i] ? 1 : 0;
      }
      int fewer = Math.min(onlyFirst, onlySecond);
      int discordant = onlyFirst + onlySecond;
      BinomialDistribution chance = new BinomialDistribution(discordant, 0.5);
      double tail = discordant == 0 ? 1 : chance.cumulativeProbability(fewer);
      double p = Math.min(1, 2 * tail);
      // With equal counts both tails hold the middle: all but half of its probability is left.
      double seen = discordant == 0 ? 0 : chance.probability(fewer);
      double midP = onlyFirst == onlySecond ? 1 - seen / 2 : 2 * tail - seen;
      return new McNemar(onlyFirst, onlySecond, both, first.length - discordant - both, p, midP);
    }
  }
}
