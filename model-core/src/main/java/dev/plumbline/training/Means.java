package dev.plumbline.training;

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
}
