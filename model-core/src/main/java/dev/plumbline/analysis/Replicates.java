package dev.plumbline.analysis;

import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The replicates of a resampling or of a simulation, on all cores. Each has random numbers of its
 * own that seed and number decide: so the result is the same however many threads take part.
 */
final class Replicates {
  private static final int CHUNK = 8;

  private Replicates() {}

  /** One replicate. */
  interface Body<S> {
    /**
     * Computes it.
     *
     * @param index its number, from 0
     * @param random its own generator
     * @param scratch memory that earlier replicates have left as they wished
     */
    void run(int index, SplittableRandom random, S scratch);
  }

  /** The random numbers of one replicate. */
  static SplittableRandom random(long seed, long number) {
    return new SplittableRandom(mixed(mixed(seed) + number));
  }

  /** What each replicate finds; row i of the result is replicate i. */
  static double[][] of(int count, long seed, Function<SplittableRandom, double[]> replicate) {
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> replicate.apply(random(seed, i)))
        .toArray(double[][]::new);
  }

  /** Runs replicates that share memory one after another. */
  static <S> void run(int count, long seed, Supplier<S> scratch, Body<S> body) {
    if (count < 1) {
      throw new IllegalArgumentException("a resampling needs at least one replicate");
    }
    IntStream.range(0, Math.ceilDiv(count, CHUNK))
        .parallel()
        .forEach(
            chunk -> {
              S memory = scratch.get();
              int end = Math.min(count, (chunk + 1) * CHUNK);
              for (int i = chunk * CHUNK; i < end; i++) {
                body.run(i, random(seed, i), memory);
              }
            });
  }

  /**
   * The percentile interval of one column of what {@link #of} found; what is not finite is left
   * out.
   */
  static Interval percentile(double[][] found, int column, double level) {
    double[] values =
        IntStream.range(0, found.length)
            .mapToDouble(i -> found[i][column])
            .filter(Double::isFinite)
            .toArray();
    return values.length == 0 ? Interval.none(level) : Quantiles.percentile(values, level);
  }

  /** A number from 0 to n - 1, by the high half of a product; its bias is below n / 2^64. */
  static int draw(SplittableRandom random, int n) {
    return (int) Math.unsignedMultiplyHigh(random.nextLong(), n);
  }

  /** The bound below which {@link #bernoulli} succeeds. */
  static long threshold(double p) {
    return p >= 1 ? Long.MAX_VALUE : (long) (p * 0x1p63);
  }

  /** True with the probability of the threshold, to 2^-63. */
  static boolean bernoulli(SplittableRandom random, long threshold) {
    return (random.nextLong() >>> 1) < threshold;
  }

  /** Neighbouring numbers must not give neighbouring states. */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
