package dev.plumbline.analysis;

import java.util.Arrays;

/** Places of values among sorted ones. */
final class Ranks {
  private Ranks() {}

  /** A sorted copy; minus zero becomes zero, NaN is refused. */
  static double[] sorted(double[] values, String what) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < sorted.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(what + " " + i + " is NaN");
      }
      sorted[i] = values[i] + 0.0;
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /** How many sorted values lie below a bound. */
  static int below(double[] sorted, double bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many sorted values do not lie above a bound. */
  static int notAbove(double[] sorted, double bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * For each of some values in ascending order, how many of the others lie below it, those that are
   * equal counted half: one pass over both.
   */
  static double[] placements(double[] sorted, double[] others) {
    double[] placements = new double[sorted.length];
    int below = 0;
    int notAbove = 0;
    for (int i = 0; i < sorted.length; i++) {
      while (below < others.length && others[below] < sorted[i]) {
        below++;
      }
      notAbove = Math.max(notAbove, below);
      while (notAbove < others.length && others[notAbove] <= sorted[i]) {
        notAbove++;
      }
      placements[i] = (below + notAbove) / 2.0;
    }
    return placements;
  }
}
