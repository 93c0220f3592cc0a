package dev.plumbline.lm;

/**
 * Random numbers without state: the n-th number of a stream is a function of seed, stream and n, so
 * neither the order of drawing nor a restart changes it.
 */
public final class RandomStreams {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private RandomStreams() {}

  /** Uniform on [0, 1) with 53 bits. */
  public static double uniform(long seed, long stream, long index) {
    return (bits(seed, stream, index) >>> 11) * 0x1p-53;
  }

  /** Standard normal. */
  public static double gaussian(long seed, long stream, long index) {
    double u = 1 - uniform(seed, stream, 2 * index);
    double angle = 2 * Math.PI * uniform(seed, stream, 2 * index + 1);
    return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(angle);
  }

  /** A key for another purpose or step, for use as a seed. */
  public static long key(long seed, long purpose) {
    return bits(seed, purpose, 0);
  }

  private static long bits(long seed, long stream, long index) {
    return mix(mix(mix(seed + GOLDEN) + stream * GOLDEN) + (index + 1) * GOLDEN);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
