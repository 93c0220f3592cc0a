package dev.plumbline.analysis;

/**
 * An interval for an unknown number.
 *
 * @param low lower end
 * @param high upper end
 * @param level coverage asked for, such as 0.95
 */
public record Interval(double low, double high, double level) {
  /** True when a value lies within, ends included. */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }

  /** The interval where none can be given: both ends are NaN. */
  public static Interval none(double level) {
    return new Interval(Double.NaN, Double.NaN, checked(level));
  }

  /** The same distance on either side of an estimate. */
  static Interval around(double estimate, double half, double level) {
    return new Interval(estimate - half, estimate + half, checked(level));
  }

  static double checked(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("a coverage lies between 0 and 1, not " + level);
    }
    return level;
  }
}
