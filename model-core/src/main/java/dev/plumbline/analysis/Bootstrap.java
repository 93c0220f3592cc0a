package dev.plumbline.analysis;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Resampling of rows; the seed decides the result. */
public final class Bootstrap {
  private Bootstrap() {}

  /**
   * The percentile interval of a statistic of n independent rows.
   *
   * @param n rows
   * @param resamples how many times to draw
   * @param level coverage
   * @param seed seed of the draws
   * @param statistic the statistic of the rows with these numbers (n of them, with repeats)
   */
  public static Interval percentile(
      int n, int resamples, double level, long seed, ToDoubleFunction<int[]> statistic) {
    return percentile(n, 1, resamples, level, seed, statistic);
  }

  /**
   * The percentile interval of a statistic of a series, by overlapping blocks of consecutive rows
   * (Künsch 1989), so that dependence within a block's length is kept.
   *
   * @param n rows in order
   * @param block rows a block, 1 for independent rows
   * @param resamples how many times to draw
   * @param level coverage
   * @param seed seed of the draws
   * @param statistic the statistic of the rows with these numbers
   */
  public static Interval percentile(
      int n, int block, int resamples, double level, long seed, ToDoubleFunction<int[]> statistic) {
    if (resamples < 1) {
      throw new IllegalArgumentException("a bootstrap needs at least one resample");
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] estimates = new double[resamples];
    int[] rows = new int[n];
    for (int i = 0; i < resamples; i++) {
      drawBlocks(rows, block, random);
      estimates[i] = statistic.applyAsDouble(rows);
    }
    return Quantiles.percentile(estimates, level);
  }

  /** The percentile interval of the mean of independent numbers. */
  public static Interval mean(double[] values, int resamples, double level, long seed) {
    return percentile(
        values.length,
        resamples,
        level,
        seed,
        rows -> {
          double sum = 0;
          for (int row : rows) {
            sum += values[row];
          }
          return sum / rows.length;
        });
  }

  /** Fills the array with row numbers 0 to n - 1, in blocks of consecutive ones. */
  static void drawBlocks(int[] rows, int block, SplittableRandom random) {
    int n = rows.length;
    if (block < 1 || block > n) {
      throw new IllegalArgumentException("blocks of " + block + " rows out of " + n);
    }
    int filled = 0;
    while (filled < n) {
      int start = random.nextInt(n - block + 1);
      for (int i = 0; i < block && filled < n; i++) {
        rows[filled++] = start + i;
      }
    }
  }

  /**
   * The block length that is best for the mean of a first-order autoregression with the lag-one
   * correlation of these numbers: (6 rho^2 / (1 - rho^2)^2 n)^(1/3) (Politis and White 2004), held
   * between 1 and a third of n.
   */
  public static int blockLength(double[] series) {
    int n = series.length;
    if (n < 6) {
      return 1;
    }
    double mean = Moments.of(series).mean();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double here = series[i] - mean;
      squares += here * here;
      products += i > 0 ? here * (series[i - 1] - mean) : 0;
    }
    if (squares == 0) {
      return 1;
    }
    double rho = Math.clamp(products / squares, -0.97, 0.97);
    double length = Math.cbrt(6 * rho * rho / Math.pow(1 - rho * rho, 2) * n);
    return (int) Math.max(1, Math.min(Math.ceil(length), Math.floorDiv(n, 3)));
  }
}
