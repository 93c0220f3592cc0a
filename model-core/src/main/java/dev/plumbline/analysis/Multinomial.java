package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws, with replacement, as many things as there are from things of which many are alike: the
 * counts of a bootstrap sample, kind by kind, each binomial given those before it. It costs as much
 * as there are kinds, however many things there are; where nearly every thing is its own kind, they
 * are drawn one by one.
 */
final class Multinomial {
  /** Where the mean of a binomial is below this, it is drawn by inversion. */
  private static final double FEW = 10;

  /** Up to so many things a kind, things are drawn one by one. */
  private static final int ONE_BY_ONE = 4;

  private final long[] counts;
  private final long total;
  private final int[] kindOf;

  /**
   * The distribution.
   *
   * @param counts how many things of each kind, none negative
   */
  Multinomial(long[] counts) {
    this.counts = counts.clone();
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    this.total = sum;
    this.kindOf = sum <= (long) ONE_BY_ONE * counts.length ? expanded((int) sum) : new int[0];
  }

  private int[] expanded(int things) {
    int[] kinds = new int[things];
    int at = 0;
    for (int kind = 0; kind < counts.length; kind++) {
      Arrays.fill(kinds, at, at + (int) counts[kind], kind);
      at += (int) counts[kind];
    }
    return kinds;
  }

  /** One sample of as many things as there are, counted by kind. */
  long[] draw(SplittableRandom random) {
    long[] drawn = new long[counts.length];
    if (kindOf.length > 0) {
      for (int i = 0; i < kindOf.length; i++) {
        drawn[kindOf[random.nextInt(kindOf.length)]]++;
      }
      return drawn;
    }
    long left = total;
    long mass = total;
    for (int i = 0; i < counts.length && left > 0; i++) {
      drawn[i] =
          counts[i] >= mass ? left : binomial(random, left, (double) counts[i] / (double) mass);
      left -= drawn[i];
      mass -= counts[i];
    }
    return drawn;
  }

  /** Successes in n trials of probability p. */
  static long binomial(SplittableRandom random, long n, double p) {
    if (n == 0 || p <= 0) {
      return 0;
    }
    if (p > 0.5) {
      return n - binomial(random, n, 1 - p);
    }
    return n * p < FEW ? byInversion(random, n, p) : byRejection(random, n, p);
  }

  private static long byInversion(SplittableRandom random, long n, double p) {
    double odds = p / (1 - p);
    double none = Math.exp(n * Math.log1p(-p));
    while (true) {
      double u = random.nextDouble();
      double f = none;
      long k = 0;
      // Rounding may leave a little of u behind the last k that has any probability.
      while (u > f && k <= n && f > 0) {
        u -= f;
        k++;
        f *= (n - k + 1.0) / k * odds;
      }
      if (u <= f) {
        return k;
      }
    }
  }

  /** Transformed rejection with squeeze: algorithm BTRS of Hörmann (1993). */
  private static long byRejection(SplittableRandom random, long n, double p) {
    double odds = p / (1 - p);
    double deviation = Math.sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double c = n * p + 0.5;
    double squeeze = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * deviation;
    double mode = Math.floor((n + 1) * p);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= squeeze) {
        return (long) k;
      }
      if (k < 0 || k > n) {
        continue;
      }
      double height = Math.log(v * alpha / (a / (us * us) + b));
      double bound =
          (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1)))
              + (n + 1) * Math.log((n - mode + 1) / (n - k + 1))
              + (k + 0.5) * Math.log(odds * (n - k + 1) / (k + 1))
              + beyondStirling(mode)
              + beyondStirling(n - mode)
              - beyondStirling(k)
              - beyondStirling(n - k);
      if (height <= bound) {
        return (long) k;
      }
    }
  }

  /** ln k! less (k + 1/2) ln(k + 1) - (k + 1) + ln(2 pi) / 2. */
  private static double beyondStirling(double k) {
    if (k < SMALL.length) {
      return SMALL[(int) k];
    }
    double x = k + 1;
    double square = x * x;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / x;
  }

  private static final double[] SMALL = small();

  private static double[] small() {
    double[] values = new double[10];
    double factorial = 0;
    for (int k = 0; k < values.length; k++) {
      factorial += k == 0 ? 0 : Math.log(k);
      values[k] = factorial - ((k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI));
    }
    return values;
  }
}
