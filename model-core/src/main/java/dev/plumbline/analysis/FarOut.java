package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.List;

/**
 * Where an axis ends when outliers are left outside: Tukey's outer fences, three interquartile
 * ranges below the first and above the third quartile, drawn in to the values within (Tukey 1977).
 *
 * @param low lowest value within the fences
 * @param high highest value within
 * @param outside values outside
 * @param n finite values
 */
public record FarOut(double low, double high, long outside, long n) {
  /** Values that the quartiles are taken of at most; of more, every so many-th. */
  private static final int MOST = 100_000;

  /** The range of all finite values of some series; NaN ends without any. */
  public static FarOut of(List<double[]> series) {
    long all = series.stream().mapToLong(values -> values.length).sum();
    int stride = (int) Math.max(1, all / MOST);
    double[] some =
        series.stream()
            .flatMapToDouble(
                values ->
                    java.util.stream.IntStream.range(0, (values.length + stride - 1) / stride)
                        .mapToDouble(i -> values[i * stride]))
            .filter(Double::isFinite)
            .toArray();
    if (some.length == 0) {
      return new FarOut(Double.NaN, Double.NaN, 0, 0);
    }
    Arrays.sort(some);
    double first = Quantiles.of(some, 0.25);
    double third = Quantiles.of(some, 0.75);
    double reach = 3 * (third - first);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    long outside = 0;
    long n = 0;
    for (double[] values : series) {
      for (double value : values) {
        if (!Double.isFinite(value)) {
          continue;
        }
        n++;
        if (value < first - reach || value > third + reach) {
          outside++;
        } else {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return new FarOut(low, high, outside, n);
  }
}
