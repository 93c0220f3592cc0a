package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * The paper's view of calibration (Fig 9): pairs by the margin |r_a - r_b| between their scores,
 * and in each bin the accuracy, the share of pairs in which the response with the higher score is
 * the preferred one. A calibrated model lies on sigmoid(margin). No side needs to be drawn for it.
 *
 * @param n pairs
 * @param ties pairs with equal scores, dropped
 * @param rule how bins of the margin were cut; equal width cuts from 0 to the largest margin
 * @param accuracy share of all pairs in which the higher score is the preferred response's
 * @param binned bins with the mean margin (meanX), the mean of sigmoid(margin) (meanP) and the
 *     accuracy (meanY); its ECE is the sum of n_b/n |accuracy_b - mean sigmoid|
 * @param slope logistic fit of the outcome on the difference of scores: above 1 is under-confident
 */
public record MarginCalibration(
    int n,
    int ties,
    BinRule rule,
    Proportion accuracy,
    BinnedCalibration binned,
    CalibrationSlope slope) {

  /**
   * Measures pairs that are independent.
   *
   * @throws IllegalArgumentException where every pair is a tie
   */
  public static MarginCalibration of(ScorePairs pairs, Calibration.Options options) {
    return of(pairs, Groups.single(pairs.n()), options);
  }

  /**
   * Measures pairs that may depend on each other within groups; the slope's standard error sees
   * them, the bins' intervals do not.
   *
   * @param groups groups of the pairs that are no ties, in their order
   */
  public static MarginCalibration of(ScorePairs pairs, Groups groups, Calibration.Options options) {
    int n = pairs.n();
    if (n == 0) {
      throw new IllegalArgumentException("no pair has two different scores");
    }
    double[] difference = new double[n];
    double[] margin = new double[n];
    double[] ideal = new double[n];
    boolean[] right = new boolean[n];
    boolean[] preferredIsFirst = new boolean[n];
    Arrays.fill(preferredIsFirst, true);
    long successes = 0;
    for (int i = 0; i < n; i++) {
      difference[i] = pairs.difference(i);
      margin[i] = Math.abs(difference[i]);
      ideal[i] = CalibrationSlope.sigmoid(margin[i]);
      right[i] = difference[i] > 0;
      successes += right[i] ? 1 : 0;
    }
    double highest = Arrays.stream(margin).max().orElseThrow();
    Bins bins = Bins.of(margin, options.rule(), options.bins(), 0, highest);
    return new MarginCalibration(
        n,
        pairs.ties(),
        options.rule(),
        Proportion.wilson(successes, n, options.level()),
        BinnedCalibration.of(bins, margin, ideal, right, options.level()),
        CalibrationSlope.of(difference, preferredIsFirst, groups, options.level()));
  }
}
