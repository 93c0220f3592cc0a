package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * The lowest and the highest value of any stretch of a long series, found in a few steps: over
 * blocks of 64 rows, of 512, of 4,096 and so on, the row of either is kept (the M4 aggregation of
 * Jugel et al. 2014, with its levels made once). Ten million points take a fiftieth of their own
 * memory, and a window of them is thinned to a screen's columns in less than a millisecond.
 *
 * <p>A value that is not finite is a gap. The series itself is shared and must not change.
 */
public final class MinMaxPyramid {
  private static final int BLOCK = 64;
  private static final int FAN = 8;

  private final double[] y;

  /** For each level and block the row of its lowest value; -1 where it has no finite one. */
  private final int[][] lowest;

  private final int[][] highest;

  private MinMaxPyramid(double[] y, int[][] lowest, int[][] highest) {
    this.y = y;
    this.lowest = lowest;
    this.highest = highest;
  }

  /** The pyramid of a series; takes one pass. */
  public static MinMaxPyramid of(double[] y) {
    int levels = 1;
    for (long blocks = blocks(y.length, BLOCK); blocks > FAN; blocks = blocks(blocks, FAN)) {
      levels++;
    }
    int[][] lowest = new int[levels][];
    int[][] highest = new int[levels][];
    int count = (int) blocks(y.length, BLOCK);
    for (int level = 0; level < levels; level++) {
      lowest[level] = new int[count];
      highest[level] = new int[count];
      count = (int) blocks(count, FAN);
    }
    for (int block = 0; block < lowest[0].length; block++) {
      int low = -1;
      int high = -1;
      for (int row = block * BLOCK; row < Math.min(y.length, (block + 1) * BLOCK); row++) {
        low = lower(y, low, row);
        high = higher(y, high, row);
      }
      lowest[0][block] = low;
      highest[0][block] = high;
    }
    for (int level = 1; level < levels; level++) {
      for (int block = 0; block < lowest[level].length; block++) {
        int low = -1;
        int high = -1;
        int end = Math.min(lowest[level - 1].length, (block + 1) * FAN);
        for (int part = block * FAN; part < end; part++) {
          low = lower(y, low, lowest[level - 1][part]);
          high = higher(y, high, highest[level - 1][part]);
        }
        lowest[level][block] = low;
        highest[level][block] = high;
      }
    }
    return new MinMaxPyramid(y, lowest, highest);
  }

  private static long blocks(long rows, int size) {
    return (rows + size - 1) / size;
  }

  /** The one of two rows with the lower value; the earlier where they are alike. */
  private static int lower(double[] y, int row, int other) {
    if (other < 0 || !Double.isFinite(y[other])) {
      return row;
    }
    return row < 0 || y[other] < y[row] ? other : row;
  }

  private static int higher(double[] y, int row, int other) {
    if (other < 0 || !Double.isFinite(y[other])) {
      return row;
    }
    return row < 0 || y[other] > y[row] ? other : row;
  }

  /** Rows of the series. */
  public int size() {
    return y.length;
  }

  /** The row of the lowest finite value of rows {@code from} to {@code to - 1}; -1 without one. */
  public int lowest(int from, int to) {
    return extreme(from, to, true);
  }

  /** The row of the highest finite value of rows {@code from} to {@code to - 1}; -1 without one. */
  public int highest(int from, int to) {
    return extreme(from, to, false);
  }

  private int extreme(int from, int to, boolean low) {
    int best = -1;
    int row = Math.max(0, from);
    int end = Math.min(to, y.length);
    while (row < end) {
      // The largest block that begins here and ends within.
      int level = -1;
      int size = 1;
      for (int next = BLOCK;
          level + 1 < lowest.length && row % next == 0 && row + next <= end;
          next *= FAN) {
        level++;
        size = next;
      }
      int candidate = level < 0 ? row : (low ? lowest : highest)[level][row / size];
      best = low ? lower(y, best, candidate) : higher(y, best, candidate);
      row += size;
    }
    return best;
  }

  /** The first row of a stretch with a finite value; -1 without one. */
  public int first(int from, int to) {
    int row = from;
    while (row < to) {
      if (row % BLOCK == 0 && row + BLOCK <= to && lowest[0][row / BLOCK] < 0) {
        row += BLOCK;
      } else if (Double.isFinite(y[row])) {
        return row;
      } else {
        row++;
      }
    }
    return -1;
  }

  /** The last row of a stretch with a finite value; -1 without one. */
  public int last(int from, int to) {
    int row = to - 1;
    while (row >= from) {
      if ((row + 1) % BLOCK == 0 && row + 1 - BLOCK >= from && lowest[0][row / BLOCK] < 0) {
        row -= BLOCK;
      } else if (Double.isFinite(y[row])) {
        return row;
      } else {
        row--;
      }
    }
    return -1;
  }

  /**
   * Rows that draw the part of the series between two places as all of its rows would: in every
   * pixel column the first, the lowest, the highest and the last finite value, so that no spike is
   * lost however far one zooms out, the nearest row beyond either edge, and a row without a value
   * for each gap that reaches over an edge of a column. A gap within one column is closed.
   *
   * @param x places in the coordinate of the screen's axis, ascending, as long as the series
   * @param low the place at the left edge of column 0
   * @param high the place at the right edge of the last column
   * @param columns pixel columns, at least 1
   * @return ascending row numbers
   */
  public int[] rows(double[] x, double low, double high, int columns) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("x has " + x.length + " rows and y " + y.length);
    }
    if (columns < 1 || !(high > low)) {
      throw new IllegalArgumentException("no columns between " + low + " and " + high);
    }
    int from = Math.max(0, firstFrom(x, 0, x.length, low) - 1);
    int to = Math.min(x.length, firstFrom(x, from, x.length, Math.nextUp(high)) + 1);
    if (to - from <= 4L * columns) {
      int[] all = new int[Math.max(0, to - from)];
      Arrays.setAll(all, i -> from + i);
      return all;
    }
    int[] kept = new int[6 * columns + 16];
    int count = 0;
    int at = from;
    double width = (high - low) / columns;
    for (int column = -1; column <= columns && at < to; column++) {
      int end =
          column == columns
              ? to
              : firstFrom(
                  x,
                  at,
                  to,
                  column == columns - 1 ? Math.nextUp(high) : low + width * (column + 1));
      if (end <= at) {
        continue;
      }
      int finite = first(at, end);
      if (finite < 0) {
        kept[count++] = at;
      } else {
        int last = last(at, end);
        int lowestRow = lowest(finite, last + 1);
        int highestRow = highest(finite, last + 1);
        int[] some = {
          at,
          finite,
          Math.min(lowestRow, highestRow),
          Math.max(lowestRow, highestRow),
          last,
          end - 1
        };
        for (int row : some) {
          if (count == 0 || kept[count - 1] < row) {
            kept[count++] = row;
          }
        }
      }
      at = end;
    }
    return Arrays.copyOf(kept, count);
  }

  /** The first row from a stretch whose place is not left of a place; its end without one. */
  private static int firstFrom(double[] x, int from, int to, double place) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (x[middle] < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
