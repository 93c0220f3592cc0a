package dev.plumbline.sampledata;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Chance by a written-out algorithm (SplitMix64), so that a seed gives the same world on every
 * machine and Java version. Streams are keyed by name and index: the thousandth conversation does
 * not depend on the 999 before it.
 */
final class Dice {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private long state;

  private Dice(long state) {
    this.state = state;
  }

  /** The stream of one purpose and index under a seed. */
  static Dice of(long seed, String purpose, long index) {
    long key = mix(seed + GOLDEN);
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      key = mix(key ^ (b + GOLDEN));
    }
    return new Dice(mix(key ^ mix(index + GOLDEN)));
  }

  private long next() {
    state += GOLDEN;
    return mix(state);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Uniform from 0 to below {@code bound}. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }

  /** Uniform from {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** True with probability {@code p}. */
  boolean chance(double p) {
    return uniform() < p;
  }

  /** The logistic distribution with location 0 and scale 1. */
  double logistic() {
    // The half step keeps the draw off 0 and 1.
    double u = ((next() >>> 11) + 0.5) * 0x1.0p-53;
    return Math.log(u) - Math.log1p(-u);
  }

  <T> T pick(List<T> items) {
    return items.get(below(items.size()));
  }

  /** {@code count} different items, in random order; all of them where there are fewer. */
  <T> List<T> pickSome(List<T> items, int count) {
    List<T> pool = new ArrayList<>(items);
    List<T> picked = new ArrayList<>();
    while (picked.size() < count && !pool.isEmpty()) {
      picked.add(pool.remove(below(pool.size())));
    }
    return picked;
  }

  /** An index with probability in proportion to its weight. */
  int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double at = uniform() * sum;
    for (int i = 0; i < weights.length - 1; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }
}
