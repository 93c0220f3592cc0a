package dev.plumbline.training;

import java.util.Arrays;
import java.util.Map;

/**
 * A mean with its normal interval.
 *
 * @param mean the mean
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 */
record Means(double mean, double low, double high) {
  /** Half the width of a 95 % interval in standard errors. */
  static final double NORMAL_95 = 1.959963984540054;

  /** Of independent values; the interval is the point itself where there are fewer than two. */
  static Means of(double[] values) {
    int n = values.length;
    double mean = 0;
    for (double value : values) {
      mean += value / n;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double half = n < 2 ? 0 : NORMAL_95 * Math.sqrt(squares / (n - 1) / n);
    return new Means(mean, mean - half, mean + half);
  }

  /**
   * A mean over tokens, from the sums of each response: {@code sum x_i / sum t_i}. Responses are
   * independent and their tokens are not, so the standard error is that of the linearised ratio,
   * {@code sqrt(n / (n - 1) sum (x_i - R t_i)^2) / sum t_i} (Cochran 1977, section 2.11).
   *
   * @param sums sum over each response's tokens
   * @param tokens number of each response's tokens
   */
  static Means overTokens(double[] sums, int[] tokens) {
    if (sums.length != tokens.length) {
      throw new IllegalArgumentException(sums.length + " sums of " + tokens.length + " responses");
    }
    int n = sums.length;
    long all = Arrays.stream(tokens).asLongStream().sum();
    double ratio = Arrays.stream(sums).sum() / all;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double rest = sums[i] - ratio * tokens[i];
      squares += rest * rest;
    }
    double half = n < 2 ? 0 : NORMAL_95 * Math.sqrt(squares * n / (n - 1)) / all;
    return new Means(ratio, ratio - half, ratio + half);
  }

  /** Puts the mean under a metric's name, and the ends of its interval behind it. */
  void put(Map<String, Double> values, String metric) {
    values.put(metric, mean);
    values.put(metric + Metrics.LOW, low);
    values.put(metric + Metrics.HIGH, high);
  }
}
