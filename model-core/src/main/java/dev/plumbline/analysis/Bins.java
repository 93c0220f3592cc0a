package dev.plumbline.analysis;

import java.util.Arrays;

/** Values cut into bins by a {@link BinRule}. */
final class Bins {
  private final double[] edges;
  private final int[] of;

  private Bins(double[] edges, int[] of) {
    this.edges = edges;
    this.of = of;
  }

  /**
   * Cuts values.
   *
   * @param values finite
   * @param count bins asked for, at least 1
   * @param low lower end of the axis for equal width, not above any value
   * @param high upper end of the axis for equal width, not below any value
   */
  static Bins of(double[] values, BinRule rule, int count, double low, double high) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " bins; at least one is needed");
    }
    return switch (rule) {
      case WIDTH -> width(values, count, low, high);
      case MASS -> mass(values, count);
    };
  }

  private static Bins width(double[] values, int count, double low, double high) {
    double[] edges = new double[count + 1];
    for (int k = 0; k <= count; k++) {
      // On [0, 1] this is k / N correctly rounded: the same number as the decimal that one writes.
      edges[k] = low + (high - low) * k / count;
    }
    edges[count] = high;
    return new Bins(edges, assign(values, edges));
  }

  private static Bins mass(double[] values, int count) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    if (n == 0) {
      return new Bins(new double[] {0}, new int[0]);
    }
    double[] edges = new double[count + 1];
    for (int k = 0; k <= count; k++) {
      // In whole numbers, so that a quantile that is a value of the sample is that value exactly.
      long at = (n - 1L) * k;
      int below = (int) (at / count);
      long rest = at % count;
      edges[k] =
          rest == 0
              ? sorted[below]
              : sorted[below] + (sorted[below + 1] - sorted[below]) * rest / count;
    }
    return withoutEmpty(new Bins(edges, assign(values, edges)));
  }

  private static Bins withoutEmpty(Bins all) {
    boolean[] used = new boolean[all.count()];
    for (int bin : all.of) {
      used[bin] = true;
    }
    int[] place = new int[used.length];
    double[] edges = new double[used.length + 1];
    edges[0] = all.edges[0];
    int kept = 0;
    for (int bin = 0; bin < used.length; bin++) {
      place[bin] = kept;
      if (used[bin]) {
        edges[++kept] = all.edges[bin + 1];
      }
    }
    int[] of = new int[all.of.length];
    for (int i = 0; i < of.length; i++) {
      of[i] = place[all.of[i]];
    }
    return new Bins(Arrays.copyOf(edges, kept + 1), of);
  }

  /** The bin of each value: the first whose upper edge is not below it. */
  private static int[] assign(double[] values, double[] edges) {
    int last = edges.length - 2;
    int[] of = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      int low = 0;
      int high = last;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (values[i] <= edges[middle + 1]) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      of[i] = low;
    }
    return of;
  }

  /** How many bins there are. */
  int count() {
    return edges.length - 1;
  }

  /** The bin of a row. */
  int of(int row) {
    return of[row];
  }

  /** Lower edge of a bin. */
  double from(int bin) {
    return edges[bin];
  }

  /** Upper edge of a bin. */
  double to(int bin) {
    return edges[bin + 1];
  }
}
