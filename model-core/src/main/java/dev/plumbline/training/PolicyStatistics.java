package dev.plumbline.training;

import dev.plumbline.analysis.Proportion;
import java.util.Arrays;
import java.util.Map;

/**
 * What a batch of responses says of the policy that drew them: divergence from the reference by
 * three estimators, entropy, length and share of ended responses. Rows are responses of any
 * lengths, their elements response tokens; nothing else is counted.
 */
final class PolicyStatistics {
  private PolicyStatistics() {}

  /**
   * The divergence of each whole response, nats.
   *
   * @param k1 sum over tokens of ln pi - ln pi_ref
   * @param k3 sum over tokens of exp(d) - 1 - d, d = ln pi_ref - ln pi
   * @param exact sum over tokens of the divergence over the whole vocabulary
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Divergences(double[] k1, double[] k3, double[] exact) {}

  /**
   * Divergences of responses.
   *
   * @param logProbabilities ln pi of each token
   * @param reference ln pi_ref of each token
   * @param exact KL(pi, pi_ref) over the vocabulary before each token
   */
  static Divergences divergences(
      double[][] logProbabilities, double[][] reference, double[][] exact) {
    int n = logProbabilities.length;
    double[] k1 = new double[n];
    double[] k3 = new double[n];
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < logProbabilities[i].length; t++) {
        k1[i] += KlEstimators.k1(logProbabilities[i][t], reference[i][t]);
        k3[i] += KlEstimators.k3(logProbabilities[i][t], reference[i][t]);
      }
    }
    return new Divergences(k1, k3, sums(exact));
  }

  private static double[] sums(double[][] rows) {
    return Arrays.stream(rows).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
  }

  /**
   * Adds the metrics of a batch.
   *
   * @param entropies entropy of pi before each token
   * @param ended whether each response ended by itself
   */
  static void put(
      Map<String, Double> values, Divergences kl, double[][] entropies, boolean[] ended) {
    int[] tokens = Arrays.stream(entropies).mapToInt(row -> row.length).toArray();
    Means exact = Means.of(kl.exact());
    Means.of(kl.k1()).put(values, Metrics.KL_K1);
    Means.overTokens(kl.k1(), tokens).put(values, Metrics.KL_K1_TOKEN);
    Means.of(kl.k3()).put(values, Metrics.KL_K3);
    Means.overTokens(kl.k3(), tokens).put(values, Metrics.KL_K3_TOKEN);
    exact.put(values, Metrics.KL_EXACT);
    Means.overTokens(kl.exact(), tokens).put(values, Metrics.KL_EXACT_TOKEN);
    values.put(Metrics.SQRT_KL, Math.sqrt(Math.max(0, exact.mean())));
    Means.overTokens(sums(entropies), tokens).put(values, Metrics.ENTROPY);
    Means.of(Arrays.stream(tokens).asDoubleStream().toArray()).put(values, Metrics.RESPONSE_TOKENS);
    int finished = 0;
    for (boolean each : ended) {
      finished += each ? 1 : 0;
    }
    Proportion share = Proportion.wilson(finished, ended.length, 0.95);
    values.put(Metrics.EOS_FRACTION, share.value());
    values.put(Metrics.EOS_FRACTION_LOW, share.interval().low());
    values.put(Metrics.EOS_FRACTION_HIGH, share.interval().high());
    values.put(Metrics.RESPONSES, (double) ended.length);
  }
}
