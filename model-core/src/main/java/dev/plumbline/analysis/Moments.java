package dev.plumbline.analysis;

/**
 * Mean and variance of numbers as they come (Welford 1962): one pass, and no cancellation when the
 * mean is large beside the spread. NaN is skipped. Not safe for several threads.
 */
public final class Moments {
  private long n;
  private double mean;
  private double squares;

  /** The moments of all values of an array. */
  public static Moments of(double... values) {
    Moments moments = new Moments();
    for (double value : values) {
      moments.add(value);
    }
    return moments;
  }

  /** Takes one more number in. */
  public void add(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    n++;
    double before = value - mean;
    mean += before / n;
    squares += before * (value - mean);
  }

  /** Numbers taken in. */
  public long n() {
    return n;
  }

  /** Their mean; NaN without any. */
  public double mean() {
    return n == 0 ? Double.NaN : mean;
  }

  /** Their variance with n - 1 below; NaN for fewer than two. */
  public double variance() {
    return n < 2 ? Double.NaN : squares / (n - 1);
  }

  /** The square root of {@link #variance()}. */
  public double standardDeviation() {
    return Math.sqrt(variance());
  }

  /** The standard error of the mean; NaN for fewer than two. */
  public double standardError() {
    return standardDeviation() / Math.sqrt((double) n);
  }

  /**
   * Student's t interval of the mean, for independent numbers. For fewer than two there is none and
   * both ends are NaN.
   */
  public Interval tInterval(double level) {
    if (n < 2) {
      return Interval.none(level);
    }
    double half = Quantiles.tTwoSided(level, n - 1.0) * standardError();
    return Interval.around(mean, half, level);
  }

  /**
   * Student's t interval of the mean of shares, accuracies or areas under a curve, on the logit
   * scale (delta method), so that its ends lie within 0 and 1. For fewer than two there is none and
   * both ends are NaN; where all are 0 or all are 1 it is that point.
   */
  public Interval tIntervalOfShare(double level) {
    if (n < 2) {
      return Interval.none(level);
    }
    if (mean <= 0 || mean >= 1) {
      return Interval.around(mean, 0, level);
    }
    double half = Quantiles.tTwoSided(level, n - 1.0) * standardError() / (mean * (1 - mean));
    double logit = Math.log(mean / (1 - mean));
    return new Interval(logistic(logit - half), logistic(logit + half), level);
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
