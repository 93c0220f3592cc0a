package dev.plumbline.bench;

/**
 * What a number is held to.
 *
 * @param atLeast true where the number is to reach the bound, false where it is to stay below
 * @param bound the bound, in the number's unit
 */
public record Goal(boolean atLeast, double bound) {
  static Goal atLeast(double bound) {
    return new Goal(true, bound);
  }

  static Goal atMost(double bound) {
    return new Goal(false, bound);
  }

  /** Whether a number meets it; none that is not a number does. */
  public boolean isMetBy(double value) {
    return atLeast ? value >= bound : value <= bound;
  }
}
