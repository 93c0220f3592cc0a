package dev.plumbline.bench;

import dev.plumbline.analysis.Quantiles;
import java.util.List;

/**
 * Rounds of one measurement. The median stands for them, because what disturbs a round on a machine
 * with other work makes a few of them much slower and none faster.
 *
 * @param median the middle
 * @param low lower quartile
 * @param high upper quartile
 * @param n rounds
 */
public record Spread(double median, double low, double high, int n) {
  /** The spread of some rounds, at least one. */
  public static Spread of(List<Double> rounds) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("no round was measured");
    }
    double[] values = rounds.stream().mapToDouble(Double::doubleValue).toArray();
    return new Spread(
        Quantiles.of(values, 0.5),
        Quantiles.of(values, 0.25),
        Quantiles.of(values, 0.75),
        values.length);
  }
}
