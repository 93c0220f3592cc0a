package dev.plumbline.analysis;

import org.hipparchus.distribution.continuous.NormalDistribution;

/** The correction of a bootstrap's percentiles for bias and skewness (Efron 1987). */
final class Bca {
  private Bca() {}

  /**
   * Which quantiles of the replicates are the interval's ends.
   *
   * @param replicates the statistic's replicates
   * @param estimate the statistic itself
   * @param left the statistic without each group in turn
   * @return two probabilities; none where the correction does not exist
   */
  static double[] levels(double[] replicates, double estimate, double[] left, double level) {
    double below = 0;
    for (double each : replicates) {
      // Half of those that are equal: statistics of whole numbers often are.
      below += each < estimate ? 1 : each == estimate ? 0.5 : 0;
    }
    double share = below / replicates.length;
    double mean = Moments.of(left).mean();
    double squares = 0;
    double cubes = 0;
    for (double each : left) {
      double distance = mean - each;
      squares += distance * distance;
      cubes += distance * distance * distance;
    }
    if (!(share > 0 && share < 1) || !(squares > 0)) {
      return new double[0];
    }
    double acceleration = cubes / (6 * Math.pow(squares, 1.5));
    NormalDistribution normal = new NormalDistribution();
    double bias = normal.inverseCumulativeProbability(share);
    double z = Quantiles.normalTwoSided(level);
    double low = bias + (bias - z) / (1 - acceleration * (bias - z));
    double high = bias + (bias + z) / (1 - acceleration * (bias + z));
    return new double[] {normal.cumulativeProbability(low), normal.cumulativeProbability(high)};
  }
}
