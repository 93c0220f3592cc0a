package dev.plumbline.analysis;

/**
 * One bin of predictions.
 *
 * @param from lower edge, outside but for the lowest bin
 * @param to upper edge, inside
 * @param n predictions in it
 * @param meanX mean of what the bins are cut by: the probability itself, or the margin in nats; NaN
 *     for an empty bin
 * @param meanP mean predicted probability, NaN for an empty bin
 * @param meanY share of successes, NaN for an empty bin
 * @param interval Wilson's interval of the share; the ends are NaN for an empty bin
 */
public record CalibrationBin(
    double from, double to, long n, double meanX, double meanP, double meanY, Interval interval) {
  /** |mean(y) - mean(p)|; NaN for an empty bin. */
  public double gap() {
    return Math.abs(meanY - meanP);
  }
}
