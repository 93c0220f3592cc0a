package dev.plumbline.analysis;

/**
 * A share of successes with Wilson's score interval (Wilson 1927), which stays within 0 and 1 and
 * holds its coverage for small n and for shares near the ends.
 *
 * @param successes successes
 * @param n trials, at least 1
 * @param interval Wilson's interval, without continuity correction
 */
public record Proportion(long successes, long n, Interval interval) {
  /** The share of successes among n trials with its interval. */
  public static Proportion wilson(long successes, long n, double level) {
    if (n < 1 || successes < 0 || successes > n) {
      throw new IllegalArgumentException(successes + " successes in " + n + " trials");
    }
    return new Proportion(successes, n, interval((double) successes / n, n, level));
  }

  /**
   * Wilson's interval of a share whose successes need not be whole, such as wins with ties as
   * halves; a half varies less than a coin does, so with many of them it is a little too wide.
   *
   * @param share from 0 to 1
   * @param n trials, at least 1
   */
  public static Interval interval(double share, long n, double level) {
    if (n < 1 || !(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of " + share + " of " + n + " trials");
    }
    double z = Quantiles.normalTwoSided(level);
    double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4.0 * n * n));
    // At the ends rounding must not push the bound past the estimate.
    double low = share == 0 ? 0 : Math.max(0, centre - half);
    double high = share == 1 ? 1 : Math.min(1, centre + half);
    return new Interval(low, high, level);
  }

  /** The share. */
  public double value() {
    return (double) successes / n;
  }
}
