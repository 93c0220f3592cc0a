package dev.plumbline.figure;

import java.util.OptionalDouble;

/**
 * One axis of a figure.
 *
 * @param label what is measured; {@code _{...}} lowers and {@code ^{...}} raises
 * @param unit its unit, or empty for a pure number
 * @param scale how values become distances
 * @param minimum the fixed lower end, or empty to take it from the data
 * @param maximum the fixed upper end, or empty to take it from the data
 */
public record Axis(
    String label, String unit, Scale scale, OptionalDouble minimum, OptionalDouble maximum) {

  /** How values become distances. */
  public enum Scale {
    /** Equal differences, equal distances. */
    LINEAR,
    /** Equal ratios, equal distances; values that are not above zero are not drawn. */
    LOG
  }

  /** A linear axis with its range taken from the data. */
  public static Axis linear(String label, String unit) {
    return new Axis(label, unit, Scale.LINEAR, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** A logarithmic axis with its range taken from the data. */
  public static Axis log(String label, String unit) {
    return new Axis(label, unit, Scale.LOG, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** The same axis from one value to another. */
  public Axis range(double low, double high) {
    return new Axis(label, unit, scale, OptionalDouble.of(low), OptionalDouble.of(high));
  }

  /** The same axis that starts at a value. */
  public Axis from(double low) {
    return new Axis(label, unit, scale, OptionalDouble.of(low), maximum);
  }

  /** The same axis with another scale. */
  public Axis withScale(Scale other) {
    return new Axis(label, unit, other, minimum, maximum);
  }

  /** The label with its unit: {@code PM score (nats)}. */
  public String title() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }
}
