package dev.plumbline.training;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a score and a divergence become the rewards of a response's tokens: {@code r_total = r -
 * lambda_KL KL} (paper equation 4.1) with r the transformed score, credited at the last token.
 *
 * @param transform what is made of a score
 * @param placement where the penalty enters
 * @param missingEosPenalty taken from the transformed score of a response that did not end, nats
 * @param missingEosScore stands in its place, nats; null where it stays
 */
record RewardRule(
    RewardTransform transform,
    PpoSettings.KlPlacement placement,
    double missingEosPenalty,
    @Nullable Double missingEosScore) {

  static RewardRule of(PpoSettings settings) {
    return new RewardRule(
        settings.reward().transform(),
        settings.klPlacement(),
        settings.missingEosPenalty(),
        settings.missingEosScore());
  }

  /** What a response is credited with for its score. */
  double credited(double score, boolean ended, RewardTransform.Standard standard) {
    if (ended) {
      return transform.of(score, standard);
    }
    Double instead = missingEosScore;
    return instead == null ? transform.of(score, standard) - missingEosPenalty : instead;
  }

  /**
   * Rewards of one response's tokens.
   *
   * @param credited what it is credited with for its score
   * @param logProbabilities ln pi of each token
   * @param reference ln pi_ref of each token
   * @param lambda weight of the penalty
   */
  double[] rewards(double credited, double[] logProbabilities, double[] reference, double lambda) {
    double[] rewards = new double[logProbabilities.length];
    double penalty = 0;
    for (int t = 0; t < rewards.length; t++) {
      double kl = KlEstimators.k1(logProbabilities[t], reference[t]);
      switch (placement) {
        case PER_TOKEN -> rewards[t] = -lambda * kl;
        case PER_RESPONSE -> penalty += lambda * kl;
      }
    }
    rewards[rewards.length - 1] += credited - penalty;
    return rewards;
  }

  /**
   * The rewards of a batch divided by their standard deviation over all its tokens (divisor n - 1),
   * their mean left where it is.
   */
  static double[][] whitened(double[][] rewards) {
    return like(
        rewards,
        Advantages.whiten(flat(rewards), Advantages.Mean.KEEP, Advantages.Variance.UNBIASED));
  }

  /** All rows one after another. */
  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Values that stand one after another, in rows of the same lengths as others. */
  static double[][] like(double[][] rows, double[] flat) {
    double[][] cut = new double[rows.length][];
    int at = 0;
    for (int i = 0; i < rows.length; i++) {
      cut[i] = Arrays.copyOfRange(flat, at, at + rows[i].length);
      at += rows[i].length;
    }
    return cut;
  }
}
