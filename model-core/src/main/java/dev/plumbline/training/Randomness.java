package dev.plumbline.training;

import java.util.SplittableRandom;

/**
 * All chance in a run: every choice is a function of the run's seed, its purpose and where in the
 * run it falls. Nothing has to be saved in a checkpoint, and a resumed run draws what an
 * uninterrupted one would have drawn.
 */
public final class Randomness {
  private final long seed;

  /** The choices of a run with this seed. */
  public Randomness(long seed) {
    this.seed = seed;
  }

  /**
   * A key that depends on all arguments.
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

  /** A fresh generator for one purpose at one place. */
  public SplittableRandom generator(String purpose, long... where) {
    return new SplittableRandom(key(purpose, where));
  }

  /** The numbers 0 to n - 1 in a random order. */
  public int[] permutation(int n, String purpose, long... where) {
    SplittableRandom random = generator(purpose, where);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  // The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches every output
  // bit, so neighbouring steps and indices give unrelated keys.
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
