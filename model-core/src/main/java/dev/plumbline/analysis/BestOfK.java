package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * Sampling k responses and keeping the one with the highest score (paper section 4.3 and App. B.6;
 * elsewhere best-of-n).
 */
public final class BestOfK {
  private BestOfK() {}

  /**
   * KL divergence of the best of k from the policy that was sampled, nats a response: {@code ln k -
   * (k - 1) / k}. Exact where no two scores are equal, else an upper bound (Beirami et al. 2024).
   * The paper's App. B.6 uses ln k.
   *
   * @param k responses for each prompt, at least 1
   */
  public static double kl(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("the best of " + k + " responses");
    }
    return Math.log(k) - (k - 1.0) / k;
  }

  /**
   * Expected value of the best of k, estimated without bias from all N &gt;= k samples of one
   * prompt (Nakano et al. 2021, appendix I): the mean, over all choices of k of the N, of the value
   * whose score is highest; the sample with rank i by score is the best of C(i - 1, k - 1) choices.
   * Samples with equal scores share their choices evenly.
   *
   * @param scores what the best is chosen by
   * @param values what is averaged: the scores themselves, or a gold reward
   * @param k responses to choose from
   */
  public static double expected(double[] scores, double[] values, int k) {
    int all = scores.length;
    if (values.length != all || k < 1 || k > all) {
      throw new IllegalArgumentException(
          "the best of %d from %d scores and %d values".formatted(k, all, values.length));
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
      sum += mean * (share(to, all, k) - share(from, all, k));
      from = to;
    }
    return sum;
  }

  /** C(i, k) / C(all, k): the share of choices that lie within the i lowest. */
  private static double share(int i, int all, int k) {
    double share = 1;
    for (int j = 0; j < k; j++) {
      share *= Math.max(0, i - j) / (double) (all - j);
    }
    return share;
  }
}
