package dev.plumbline.analysis;

/**
 * Thresholds for scores of which high ones are rejected, set on calibration inputs so that a stated
 * rate holds for inputs that had no part in it (inductive conformal prediction: Papadopoulos et al.
 * 2002; for outliers Bates et al. 2023). Where calibration inputs and new ones are exchangeable,
 * the rate holds on average over both; for one threshold it lies around it, which is what the
 * interval on tested inputs is for.
 *
 * <p>An input is rejected where its score is at or above the threshold.
 */
public final class RejectThreshold {
  /** Rates such as 0.05 are no binary numbers: 0.05 x 100 must not be 4. */
  private static final double ROUNDING = 1e-9;

  private RejectThreshold() {}

  /**
   * The least threshold that rejects a new input of the calibration inputs' kind with a probability
   * of at most {@code rate}: of n calibration scores it lies right above the one of rank n + 1 -
   * floor((n + 1) rate).
   *
   * @param calibration scores, in any order
   * @param rate above 0 and below 1
   * @throws IllegalArgumentException for NaN, or fewer scores than {@link #least} says
   */
  public static double atMostRejected(double[] calibration, double rate) {
    double[] sorted = Ranks.sorted(calibration, "calibration score");
    return Math.nextUp(sorted[sorted.length - allowed(sorted.length, rate)]);
  }

  /**
   * The greatest threshold that rejects a new input of the calibration inputs' kind with a
   * probability of at least {@code share}: of n calibration scores the one of rank floor((n + 1) (1
   * - share)).
   *
   * @param calibration scores, in any order
   * @param share above 0 and below 1
   * @throws IllegalArgumentException for NaN, or fewer scores than {@link #least} says of 1 - share
   */
  public static double atLeastCaught(double[] calibration, double share) {
    double[] sorted = Ranks.sorted(calibration, "calibration score");
    return sorted[allowed(sorted.length, 1 - share) - 1];
  }

  /** The fewest calibration scores with which a rate can be kept: 1/rate - 1, rounded up. */
  public static int least(double rate) {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException("a rate lies between 0 and 1, not " + rate);
    }
    return (int) Math.max(1, Math.ceil(1 / rate - 1 - ROUNDING));
  }

  /** How many of n + 1 exchangeable scores may lie on the wrong side. */
  private static int allowed(int n, double rate) {
    int least = least(rate);
    if (n < least) {
      throw new IllegalArgumentException(
          "a rate of %s needs at least %d calibration scores, and there are %d"
              .formatted(rate, least, n));
    }
    return Math.min(n, (int) Math.floor((n + 1) * rate + ROUNDING));
  }
}
