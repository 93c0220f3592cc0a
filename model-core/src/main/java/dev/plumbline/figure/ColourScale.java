package dev.plumbline.figure;

import java.util.OptionalDouble;

/**
 * Which number of a heat map has which colour, and what the colour bar says.
 *
 * @param map the colours
 * @param label what is measured; {@code _{...}} lowers and {@code ^{...}} raises
 * @param unit its unit, or empty for a pure number
 * @param low the number with the first colour, or empty to take it from the data
 * @param high the number with the last colour, or empty to take it from the data
 * @param centre the number with the middle colour of a diverging map: chance, or no difference
 * @param decimals decimals of the numbers written in cells
 */
public record ColourScale(
    ColourMap map,
    String label,
    String unit,
    OptionalDouble low,
    OptionalDouble high,
    double centre,
    int decimals) {

  /** Checks the decimals. */
  public ColourScale {
    if (decimals < 0 || decimals > 9) {
      throw new IllegalArgumentException(decimals + " decimals");
    }
  }

  /** From the least number of the data to the greatest. */
  public static ColourScale sequential(String label, String unit, int decimals) {
    return new ColourScale(
        ColourMap.SEQUENTIAL,
        label,
        unit,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0,
        decimals);
  }

  /** Around a centre, as far down as up. */
  public static ColourScale diverging(String label, String unit, double centre, int decimals) {
    return new ColourScale(
        ColourMap.DIVERGING,
        label,
        unit,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        centre,
        decimals);
  }

  /** The same scale between fixed numbers. */
  public ColourScale range(double from, double to) {
    return new ColourScale(
        map, label, unit, OptionalDouble.of(from), OptionalDouble.of(to), centre, decimals);
  }

  /** The label with its unit. */
  public String title() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }

  /**
   * The numbers with the first and the last colour. A diverging scale that is not fixed reaches as
   * far below its centre as above it, so that equal differences have equal strength.
   */
  public double[] ends(Column values) {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (double value : values.raw()) {
      if (Double.isFinite(value)) {
        from = Math.min(from, value);
        to = Math.max(to, value);
      }
    }
    if (from > to) {
      from = centre;
      to = centre;
    }
    if (map.isDiverging()) {
      double reach = Math.max(Math.abs(from - centre), Math.abs(to - centre));
      from = centre - reach;
      to = centre + reach;
    }
    from = low.orElse(from);
    to = high.orElse(to);
    if (!(to > from)) {
      from -= 0.5;
      to = from + 1;
    }
    return new double[] {from, to};
  }

  /**
   * The share of the way from the first to the last colour; the centre of a diverging map is its
   * middle also where the ends are not equally far.
   */
  double share(double value, double[] ends) {
    if (!map.isDiverging() || !(centre > ends[0] && centre < ends[1])) {
      return (value - ends[0]) / (ends[1] - ends[0]);
    }
    return value < centre
        ? 0.5 * (value - ends[0]) / (centre - ends[0])
        : 0.5 + 0.5 * (value - centre) / (ends[1] - centre);
  }
}
