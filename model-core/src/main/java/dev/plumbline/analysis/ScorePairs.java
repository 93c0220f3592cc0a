package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Pairs of scores of a preference model, the response that people preferred and the other one, with
 * the pairs whose scores are equal dropped and counted.
 *
 * <p>The preferred response stands first in files, so its side must be drawn before a probability
 * means anything: {@link #probabilities} of which response is called a. Each pair is used once.
 */
public final class ScorePairs {
  private final double[] preferred;
  private final double[] other;
  private final int[] rows;
  private final int ties;

  private ScorePairs(double[] preferred, double[] other, int[] rows, int ties) {
    this.preferred = preferred;
    this.other = other;
    this.rows = rows;
    this.ties = ties;
  }

  /**
   * Takes pairs.
   *
   * @param preferred scores of the responses that people preferred, in nats, finite
   * @param other scores of the responses beside them
   */
  public static ScorePairs of(double[] preferred, double[] other) {
    if (preferred.length != other.length) {
      throw new IllegalArgumentException(preferred.length + " and " + other.length + " scores");
    }
    int n = 0;
    int[] rows = new int[preferred.length];
    for (int i = 0; i < preferred.length; i++) {
      if (!Double.isFinite(preferred[i]) || !Double.isFinite(other[i])) {
        throw new IllegalArgumentException("pair " + i + " has a score that is not finite");
      }
      if (preferred[i] != other[i]) {
        rows[n++] = i;
      }
    }
    int[] kept = Arrays.copyOf(rows, n);
    return new ScorePairs(
        Arrays.stream(kept).mapToDouble(row -> preferred[row]).toArray(),
        Arrays.stream(kept).mapToDouble(row -> other[row]).toArray(),
        kept,
        preferred.length - n);
  }

  /** Pairs that are left. */
  public int n() {
    return rows.length;
  }

  /** Pairs with equal scores, which were dropped. */
  public int ties() {
    return ties;
  }

  /** The numbers that the pairs had in the arrays given. */
  public int[] rows() {
    return rows.clone();
  }

  /** Score of the preferred response less that of the other, in nats. */
  double difference(int pair) {
    return preferred[pair] - other[pair];
  }

  /** The lower of a pair's two scores. */
  double lower(int pair) {
    return Math.min(preferred[pair], other[pair]);
  }

  /**
   * Which pairs have the preferred response as a. The side of a pair depends on the seed and its
   * own number only, so that more pairs do not change those before.
   */
  public boolean[] sides(long seed) {
    boolean[] first = new boolean[n()];
    SplittableRandom random = new SplittableRandom(seed);
    int drawn = 0;
    for (int i = 0; i < first.length; i++) {
      boolean side = random.nextBoolean();
      for (drawn++; drawn <= rows[i]; drawn++) {
        side = random.nextBoolean();
      }
      first[i] = side;
    }
    return first;
  }

  /**
   * The predicted probability that a is preferred, sigmoid(r_a - r_b); what happened is {@code
   * first}.
   *
   * @param first for each pair, whether the preferred response is a, see {@link #sides}
   */
  public double[] probabilities(boolean[] first) {
    if (first.length != n()) {
      throw new IllegalArgumentException(first.length + " sides of " + n() + " pairs");
    }
    double[] p = new double[n()];
    for (int i = 0; i < p.length; i++) {
      p[i] = CalibrationSlope.sigmoid(first[i] ? difference(i) : -difference(i));
    }
    return p;
  }
}
