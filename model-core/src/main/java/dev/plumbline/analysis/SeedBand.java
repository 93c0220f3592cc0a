package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * One curve for several runs that differ in their seed: at each place a centre and an interval. A
 * run counts at a place where it has values on both sides of it or on it; between two of its points
 * it is taken as straight. Where fewer than two runs count there is a centre and no interval.
 *
 * @param x places, ascending
 * @param centre the centre at each place
 * @param low lower ends, NaN without an interval
 * @param high upper ends
 * @param runs how many runs count at each place
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; two bands are never compared
public record SeedBand(double[] x, double[] centre, double[] low, double[] high, int[] runs) {
  /** What the centre and the interval are. */
  public enum Kind {
    /** Mean and Student's t interval of the mean. */
    MEAN_T,
    /** Interquartile mean and the percentile bootstrap over runs (Agarwal et al. 2021). */
    IQM_BOOTSTRAP
  }

  /** Bootstrap draws at each place. */
  public static final int DRAWS = 400;

  /** Places that a band has at most; of more, evenly chosen ones. */
  public static final int PLACES = 500;

  /**
   * Aggregates.
   *
   * @param x places of each run's points; they are sorted, and of equal ones the last counts
   * @param y values of each run; what is not finite is passed over
   * @param level coverage of the interval, such as 0.95
   * @param seed seed of the bootstrap
   */
  public static SeedBand of(double[][] x, double[][] y, Kind kind, double level, long seed) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          x.length + " runs have places and " + y.length + " values");
    }
    double[][] places = new double[x.length][];
    double[][] values = new double[x.length][];
    TreeSet<Double> all = new TreeSet<>();
    for (int run = 0; run < x.length; run++) {
      int[] order = order(x[run], y[run]);
      places[run] = Arrays.stream(order).mapToDouble(at(x[run])).toArray();
      values[run] = Arrays.stream(order).mapToDouble(at(y[run])).toArray();
      Arrays.stream(places[run]).forEach(all::add);
    }
    double[] grid = thinned(all.stream().mapToDouble(Double::doubleValue).toArray());
    double[] centre = new double[grid.length];
    double[] low = new double[grid.length];
    double[] high = new double[grid.length];
    int[] runs = new int[grid.length];
    double[] here = new double[x.length];
    for (int i = 0; i < grid.length; i++) {
      int n = 0;
      for (int run = 0; run < x.length; run++) {
        double value = valueAt(places[run], values[run], grid[i]);
        if (!Double.isNaN(value)) {
          here[n++] = value;
        }
      }
      double[] scores = Arrays.copyOf(here, n);
      runs[i] = n;
      Interval interval = Interval.none(level);
      centre[i] = Double.NaN;
      if (kind == Kind.MEAN_T) {
        Moments moments = Moments.of(scores);
        centre[i] = moments.mean();
        interval = moments.tInterval(level);
      } else if (n > 0) {
        InterquartileMean mean =
            InterquartileMean.of(new double[][] {scores}, n < 2 ? 1 : DRAWS, level, seed + i);
        centre[i] = mean.value();
        interval = n < 2 ? interval : mean.interval();
      }
      low[i] = interval.low();
      high[i] = interval.high();
    }
    return new SeedBand(grid, centre, low, high, runs);
  }

  private static java.util.function.IntToDoubleFunction at(double[] values) {
    return row -> values[row];
  }

  /** The rows with both numbers by their place; of equal places the last one. */
  private static int[] order(double[] x, double[] y) {
    Integer[] rows = new Integer[x.length];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(rows, (a, b) -> Double.compare(x[a], x[b])); // stable: equal ones keep their order
    int[] kept = new int[rows.length];
    int count = 0;
    for (int row : rows) {
      if (!Double.isFinite(x[row]) || !Double.isFinite(y[row])) {
        continue;
      }
      if (count > 0 && x[kept[count - 1]] == x[row]) {
        kept[count - 1] = row;
      } else {
        kept[count++] = row;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  private static double[] thinned(double[] places) {
    if (places.length <= PLACES) {
      return places;
    }
    double[] some = new double[PLACES];
    for (int i = 0; i < PLACES; i++) {
      some[i] = places[(int) ((long) i * (places.length - 1) / (PLACES - 1))];
    }
    return some;
  }

  private static double valueAt(double[] x, double[] y, double place) {
    int found = Arrays.binarySearch(x, place);
    if (found >= 0) {
      return y[found];
    }
    int after = -found - 1;
    if (after == 0 || after == x.length) {
      return Double.NaN;
    }
    double share = (place - x[after - 1]) / (x[after] - x[after - 1]);
    return y[after - 1] + share * (y[after] - y[after - 1]);
  }
}
