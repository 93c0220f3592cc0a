package dev.plumbline.analysis;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs the replicates of a resampling on all cores, with memory that replicates share one after
 * another. Each has the random numbers of its {@link Draws number}, so the seed alone decides the
 * result, whatever the threads.
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
                body.run(i, Draws.random(seed, i), memory);
              }
            });
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
}
