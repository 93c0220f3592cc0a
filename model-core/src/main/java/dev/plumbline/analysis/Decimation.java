package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * Thinning of a long series to what a screen can show, without losing a spike: in every pixel
 * column that consecutive points fall into, the first, the lowest, the highest and the last are
 * kept, and one NaN for every gap.
 */
public final class Decimation {
  private Decimation() {}

  /**
   * Rows to keep.
   *
   * @param x places in the coordinate of the screen's axis (for a log axis: logarithms); need not
   *     ascend
   * @param y values of the same length; what is not finite breaks the line
   * @param low the place at the left edge of column 0
   * @param high the place at the right edge of the last column
   * @param columns pixel columns, at least 1
   * @return ascending row numbers
   */
  public static int[] minMax(double[] x, double[] y, double low, double high, int columns) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("x has " + x.length + " rows and y " + y.length);
    }
    if (columns < 1 || !(high > low)) {
      throw new IllegalArgumentException("no columns between " + low + " and " + high);
    }
    int[] kept = new int[Math.min(x.length, 64)];
    int count = 0;
    double perColumn = columns / (high - low);
    int at = 0;
    while (at < x.length) {
      int end = at + 1;
      int[] run;
      if (gap(x, y, at)) {
        while (end < x.length && gap(x, y, end)) {
          end++;
        }
        run = new int[] {at};
      } else {
        long column = column(x[at], low, perColumn, columns);
        int lowest = at;
        int highest = at;
        while (end < x.length
            && !gap(x, y, end)
            && column(x[end], low, perColumn, columns) == column) {
          lowest = y[end] < y[lowest] ? end : lowest;
          highest = y[end] > y[highest] ? end : highest;
          end++;
        }
        run = new int[] {at, Math.min(lowest, highest), Math.max(lowest, highest), end - 1};
      }
      if (count + run.length > kept.length) {
        kept = Arrays.copyOf(kept, 2 * kept.length + run.length);
      }
      for (int row : run) {
        if (count == 0 || kept[count - 1] != row) {
          kept[count++] = row;
        }
      }
      at = end;
    }
    return Arrays.copyOf(kept, count);
  }

  private static boolean gap(double[] x, double[] y, int row) {
    return Double.isNaN(x[row]) || !Double.isFinite(y[row]);
  }

  /** The column of a place; everything left of the plot is column -1, right of it the last + 1. */
  private static long column(double x, double low, double perColumn, int columns) {
    double column = Math.floor((x - low) * perColumn);
    return column < 0 ? -1 : Math.min((long) column, columns);
  }
}
