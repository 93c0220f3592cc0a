package dev.plumbline.analysis;

import java.util.Arrays;

/** Sampling n responses and keeping the one with the highest score (paper section 4; best-of-n). */
public final class BestOfN {
  private BestOfN() {}

  /**
   * KL divergence of the best of n from the policy that was sampled, nats a response: {@code ln n -
   * (n - 1) / n}. Exact where no two scores are equal, else an upper bound (Beirami et al. 2024).
   *
   * @param n responses for each prompt, at least 1
   */
  public static double kl(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("the best of " + n);
    }
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * Expected value of the best of n, estimated without bias from all N &gt;= n samples of one
   * prompt (Nakano et al. 2021, appendix I): the mean, over all choices of n of the N, of the value
   * whose score is highest; the sample with rank i by score is the best of C(i - 1, n - 1) choices.
   * Samples with equal scores share their choices evenly.
   *
   * @param scores what the best is chosen by
   * @param values what is averaged: the scores themselves, or a gold reward
   * @param n responses to choose from
   */
  public static double expected(double[] scores, double[] values, int n) {
    int all = scores.length;
    if (values.length != all || n < 1 || n > all) {
      throw new IllegalArgumentException(
          "the best of %d from %d scores and %d values".formatted(n, all, values.length));
    }
    Integer[] order = new Integer[all];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
    double sum = 0;
    int from = 0;
    while (from < all) {
      int to = from + 1;
      while (to < all && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      double mean = 0;
      for (int i = from; i < to; i++) {
        mean += values[order[i]] / (to - from);
      }
      sum += mean * (share(to, all, n) - share(from, all, n));
      from = to;
    }
    return sum;
  }

  /** C(i, n) / C(all, n): the share of choices that lie within the i lowest. */
  private static double share(int i, int all, int n) {
    double share = 1;
    for (int j = 0; j < n; j++) {
      share *= Math.max(0, i - j) / (double) (all - j);
    }
    return share;
  }
}
