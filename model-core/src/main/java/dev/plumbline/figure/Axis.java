package dev.plumbline.figure;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One axis of a figure.
 *
 * @param label what is measured; {@code _{...}} lowers and {@code ^{...}} raises
 * @param unit its unit, or empty for a pure number
 * @param scale how values become distances
 * @param minimum the fixed lower end, or empty to take it from the data
 * @param maximum the fixed upper end, or empty to take it from the data
 * @param names what stands along the axis instead of numbers, or empty: name k is written at k +
 *     0.5 and has the range from k to k + 1; a vertical axis of names is read from the top
 */
public record Axis(
    String label,
    String unit,
    Scale scale,
    OptionalDouble minimum,
    OptionalDouble maximum,
    List<String> names) {

  /** Copies the names. */
  public Axis {
    names = List.copyOf(names);
  }

  /** An axis of numbers. */
  public Axis(
      String label, String unit, Scale scale, OptionalDouble minimum, OptionalDouble maximum) {
    this(label, unit, scale, minimum, maximum, List.of());
  }

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

  /** An axis of names: models, kinds, layers. */
  public static Axis named(String label, List<String> names) {
    return new Axis(
        label,
        "",
        Scale.LINEAR,
        OptionalDouble.of(0),
        OptionalDouble.of(Math.max(1, names.size())),
        names);
  }

  /** The same axis from one value to another. */
  public Axis range(double low, double high) {
    return new Axis(label, unit, scale, OptionalDouble.of(low), OptionalDouble.of(high), names);
  }

  /** The same axis without words, for a card or beside another panel. */
  public Axis bare() {
    return new Axis("", "", scale, minimum, maximum, names);
  }

  /** The same axis that starts at a value. */
  public Axis from(double low) {
    return new Axis(label, unit, scale, OptionalDouble.of(low), maximum, names);
  }

  /** The same axis with another scale. */
  public Axis withScale(Scale other) {
    return new Axis(label, unit, other, minimum, maximum, names);
  }

  /** The label with its unit: {@code PM score (nats)}. */
  public String title() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }
}
