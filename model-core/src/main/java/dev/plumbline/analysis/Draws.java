package dev.plumbline.analysis;

import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Repeated draws, each with random numbers of its own that seed and number decide: so the result is
 * the same however many threads take part.
 */
final class Draws {
  private Draws() {}

  /** The random numbers of one draw. */
  static SplittableRandom random(long seed, long number) {
    return new SplittableRandom(mixed(mixed(seed) + number));
  }

  /** Draws in parallel; row i of the result is draw i. */
  static double[][] of(int count, long seed, Function<SplittableRandom, double[]> draw) {
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> draw.apply(random(seed, i)))
        .toArray(double[][]::new);
  }

  /** One column of draws as an interval; draws that are not finite are left out. */
  static Interval percentile(double[][] draws, int column, double level) {
    double[] values =
        IntStream.range(0, draws.length)
            .mapToDouble(i -> draws[i][column])
            .filter(Double::isFinite)
            .toArray();
    return values.length == 0
        ? new Interval(Double.NaN, Double.NaN, Interval.checked(level))
        : Quantiles.percentile(values, level);
  }

  /** Neighbouring numbers must not give neighbouring states. */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
