package dev.plumbline.lm;

import java.util.SplittableRandom;

/**
 * All chance in a run, without state: every number is a function of a seed, of what it is for and
 * of where it falls. Neither the order of drawing nor a restart changes it, and a checkpoint has
 * nothing of it to save.
 *
 * <p>Few choices with a name are made through an instance; the many numbers of one purpose, such as
 * the uniforms of a sampled batch, are numbered streams under a {@link #key}.
 */
public final class Randomness {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  /** The choices of a run with this seed. */
  public Randomness(long seed) {
    this.seed = seed;
  }

  /**
   * A key that depends on all arguments, for use as a seed.
   *
   * @param purpose what is drawn, such as {@code "order"}
   * @param where step, index and the like
   */
  public long key(String purpose, long... where) {
    long hash = mix(seed);
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash ^ purpose.charAt(i));
    }
    for (long coordinate : where) {
      hash = mix(hash ^ coordinate);
    }
    return hash;
  }

  /** The numbers 0 to n - 1 in a random order. */
  public int[] permutation(int n, String purpose, long... where) {
    SplittableRandom random = new SplittableRandom(key(purpose, where));
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The n-th number of a stream: uniform on [0, 1) with 53 bits. */
  public static double uniform(long seed, long stream, long n) {
    return (bits(seed, stream, n) >>> 11) * 0x1p-53;
  }

  /** The n-th number of a stream: standard normal (Box and Muller 1958). */
  public static double gaussian(long seed, long stream, long n) {
    double u = 1 - uniform(seed, stream, 2 * n);
    double angle = 2 * Math.PI * uniform(seed, stream, 2 * n + 1);
    return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(angle);
  }

  private static long bits(long seed, long stream, long n) {
    return mix(mix(mix(seed) + (stream - 1) * GOLDEN) + n * GOLDEN);
  }

  /**
   * A step of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches every output bit, so
   * neighbouring steps and indices give unrelated numbers.
   */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
