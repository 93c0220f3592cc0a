package dev.plumbline.analysis;

import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Two detectors on the same inputs by the paired test of DeLong, DeLong and Clarke-Pearson (1988).
 *
 * @param first area of the first detector
 * @param second area of the second
 * @param difference first less second
 * @param standardError of the difference, their correlation counted; NaN where a class has fewer
 *     than two inputs
 * @param interval difference plus and minus normal quantiles of the standard error
 * @param z difference over its standard error; NaN where that is 0
 * @param pValue two-sided, against equal areas. Where the standard error is 0, 1 for equal areas;
 *     for unequal ones (both detectors rank perfectly but for a constant) NaN, since there is no
 *     test
 */
public record AurocComparison(
    double first,
    double second,
    double difference,
    double standardError,
    Interval interval,
    double z,
    double pValue) {

  /**
   * Compares.
   *
   * @param firstIn scores of the first detector for the in-distribution inputs
   * @param firstOut its scores for the out-of-distribution inputs; high means out
   * @param secondIn scores of the second detector for the same inputs in the same order
   * @param secondOut likewise
   */
  public static AurocComparison of(
      double[] firstIn, double[] firstOut, double[] secondIn, double[] secondOut, double level) {
    if (firstIn.length != secondIn.length || firstOut.length != secondOut.length) {
      throw new IllegalArgumentException("the detectors have scores for different inputs");
    }
    if (firstIn.length == 0 || firstOut.length == 0) {
      throw new IllegalArgumentException("a class has no input; there is no area to compare");
    }
    double[] out = new double[firstOut.length];
    double[] in = new double[firstIn.length];
    double first = placements(firstIn, firstOut, in, out, 1);
    double second = placements(secondIn, secondOut, in, out, -1);
    double difference = first - second;
    double variance =
        Moments.of(out).variance() / out.length + Moments.of(in).variance() / in.length;
    double error = Math.sqrt(variance);
    double half = Quantiles.normalTwoSided(level) * error;
    Interval interval = Interval.around(difference, half, level);
    if (error == 0) {
      return new AurocComparison(
          first, second, difference, error, interval, Double.NaN, difference == 0 ? 1 : Double.NaN);
    }
    double z = difference / error;
    double p = 2 * new NormalDistribution().cumulativeProbability(-Math.abs(z));
    return new AurocComparison(first, second, difference, error, interval, z, p);
  }

  /**
   * Adds the placements of each input, as shares, to what is there and returns the area. The
   * variance of a sum of placements is what the variances and covariances of DeLong add up to.
   */
  private static double placements(
      double[] in, double[] out, double[] inSum, double[] outSum, double sign) {
    double[] sortedIn = Ranks.sorted(in, "in-distribution score");
    double[] sortedOut = Ranks.sorted(out, "out-of-distribution score");
    double area = 0;
    for (int i = 0; i < out.length; i++) {
      double place = (Ranks.below(sortedIn, out[i]) + Ranks.notAbove(sortedIn, out[i])) / 2.0;
      area += place;
      outSum[i] += sign * place / in.length;
    }
    for (int i = 0; i < in.length; i++) {
      double place = (Ranks.below(sortedOut, in[i]) + Ranks.notAbove(sortedOut, in[i])) / 2.0;
      inSum[i] -= sign * place / out.length;
    }
    return area / ((double) in.length * out.length);
  }
}
