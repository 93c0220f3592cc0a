package dev.plumbline.analysis;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/** Quantiles of distributions and of samples. */
public final class Quantiles {
  private Quantiles() {}

  /** The standard normal deviate that leaves half of {@code 1 - level} on either side. */
  public static double normalTwoSided(double level) {
    return new NormalDistribution().inverseCumulativeProbability((1 + Interval.checked(level)) / 2);
  }

  /** The same for Student's t with some degrees of freedom. */
  public static double tTwoSided(double level, double degreesOfFreedom) {
    return new TDistribution(degreesOfFreedom)
        .inverseCumulativeProbability((1 + Interval.checked(level)) / 2);
  }

  /**
   * A quantile of a sample by linear interpolation between order statistics (Hyndman and Fan's type
   * 7, the default of R and NumPy).
   *
   * @param values at least one; left as they are
   * @param p probability from 0 to 1
   */
  public static double of(double[] values, double p) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted, p);
  }

  static double ofSorted(double[] sorted, double p) {
    double at = (sorted.length - 1) * p;
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The percentile interval of a sample of estimates; sorts the array. */
  static Interval percentile(double[] estimates, double level) {
    Arrays.sort(estimates);
    double tail = (1 - Interval.checked(level)) / 2;
    return new Interval(ofSorted(estimates, tail), ofSorted(estimates, 1 - tail), level);
  }
}
