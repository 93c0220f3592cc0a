package dev.plumbline.analysis;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * How many comparisons it takes to see that a win rate is not one half.
 *
 * <p>The number holds for one test at the end. Who tests after every batch and stops at the first
 * small p-value finds differences that are not there far more often than alpha says.
 *
 * @param winRate the win rate to be seen, not 0.5
 * @param alpha two-sided level of the test
 * @param power chance to see it
 * @param needed comparisons by the normal approximation of the score test: ((z(1 - alpha/2) / 2 +
 *     z(power) sqrt(p (1 - p))) / (p - 1/2))^2, rounded up
 */
public record LabellingPlan(double winRate, double alpha, double power, long needed) {

  /** Plans. */
  public static LabellingPlan of(double winRate, double alpha, double power) {
    if (!(winRate > 0 && winRate < 1) || winRate == 0.5) {
      throw new IllegalArgumentException(
          "a win rate to be seen lies between 0 and 1 and is not 0.5, but was " + winRate);
    }
    if (!(power > 0 && power < 1) || !(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha " + alpha + " and power " + power);
    }
    NormalDistribution normal = new NormalDistribution();
    double z =
        Quantiles.normalTwoSided(1 - alpha) / 2
            + normal.inverseCumulativeProbability(power) * Math.sqrt(winRate * (1 - winRate));
    double root = z / (winRate - 0.5);
    // A power below alpha is there before the first comparison.
    long needed = z <= 0 ? 0 : (long) Math.ceil(root * root);
    return new LabellingPlan(winRate, alpha, power, needed);
  }

  /** Comparisons still to be made when some were. */
  public long stillNeeded(long done) {
    return Math.max(0, needed - done);
  }

  /**
   * The exact power of the exact two-sided binomial test with a number of comparisons. It rises
   * with their number but for small steps back, and lies a little below the approximation's.
   */
  public static double exactPower(int comparisons, double winRate, double alpha) {
    BinomialDistribution chance = new BinomialDistribution(comparisons, 0.5);
    // The most wins of the weaker side that the test still calls different.
    int low = -1;
    int high = comparisons / 2;
    while (low < high) {
      int middle = Math.ceilDiv(low + high, 2);
      if (2 * chance.cumulativeProbability(middle) <= alpha) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low < 0) {
      return 0;
    }
    BinomialDistribution real = new BinomialDistribution(comparisons, winRate);
    return real.cumulativeProbability(low) + 1 - real.cumulativeProbability(comparisons - low - 1);
  }
}
