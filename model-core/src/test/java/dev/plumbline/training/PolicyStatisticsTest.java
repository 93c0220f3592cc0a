package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyStatisticsTest {
  /**
   * Responses of one and of three tokens. By hand, with d = ln pi - ln pi_ref:
   *
   * <pre>
   * response 1   d = [0.5]            k1 0.5   k3 = e^-0.5 - 1 + 0.5 = 0.1065306597
   * response 2   d = [-1, 0, 0.5]     k1 -0.5  k3 = (e - 2) + 0 + 0.1065306597 = 0.8248124882
   * </pre>
   */
  private static final double[][] POLICY = {{-1}, {-2, -0.7, -1}};

  private static final double[][] REFERENCE = {{-1.5}, {-1, -0.7, -1.5}};
  private static final double[][] EXACT = {{0.2}, {0.1, 0.3, 0.6}};
  private static final double[][] ENTROPY = {{2}, {1, 1, 3}};

  private static Map<String, Double> metrics() {
    Map<String, Double> values = new LinkedHashMap<>();
    PolicyStatistics.put(
        values,
        PolicyStatistics.divergences(POLICY, REFERENCE, EXACT),
        ENTROPY,
        new boolean[] {true, false});
    return values;
  }

  private static void mean(String metric, double mean, double standardError) {
    Map<String, Double> found = metrics();
    double half = 1.959963984540054 * standardError;
    assertThat(found.get(metric)).as(metric).isEqualTo(mean, within(1e-9));
    assertThat(found.get(metric + "_low")).isEqualTo(mean - half, within(1e-9));
    assertThat(found.get(metric + "_high")).isEqualTo(mean + half, within(1e-9));
  }

  @Test
  void meansOverResponsesSumTheirTokensFirst() {
    // Of two values a and b the mean's standard error is |a - b| / 2.
    mean(Metrics.KL_K1, 0, 0.5);
    mean(Metrics.KL_K3, (0.1065306597 + 0.8248124882) / 2, (0.8248124882 - 0.1065306597) / 2);
    mean(Metrics.KL_EXACT, 0.6, 0.4);
    mean(Metrics.RESPONSE_TOKENS, 2, 1);
    assertThat(metrics().get(Metrics.SQRT_KL)).isEqualTo(Math.sqrt(0.6), within(1e-12));
    assertThat(metrics().get(Metrics.RESPONSES)).isEqualTo(2);
  }

  /**
   * Means over tokens weigh all four tokens alike. For sums x and lengths t the rests x - R t are
   * equal and opposite, so the standard error is {@code sqrt(2 (2 rest^2)) / 4 = |rest| / 2}: k1: R
   * = 0, rest 0.5; exact: R = 1.2 / 4 = 0.3, rest 0.2 - 0.3; entropy: R = 7 / 4, rest 2 - 1.75; k3:
   * R = 0.9313431479 / 4 = 0.2328357870, rest 0.1065306597 - R.
   */
  @Test
  void meansOverTokensWeighTokensAlike() {
    mean(Metrics.KL_K1_TOKEN, 0, 0.25);
    mean(Metrics.KL_EXACT_TOKEN, 0.3, 0.05);
    mean(Metrics.ENTROPY, 1.75, 0.125);
    mean(Metrics.KL_K3_TOKEN, 0.9313431479 / 4, (0.9313431479 / 4 - 0.1065306597) / 2);
  }

  /** Wilson's interval of 1 in 2: centre 1/2, half width z / (1 + z²/2) sqrt(1/8 + z²/16). */
  @Test
  void theShareOfEndedResponsesHasWilsonsInterval() {
    double z = 1.959963984540054;
    double half = z / (1 + z * z / 2) * Math.sqrt(1.0 / 8 + z * z / 16);
    assertThat(metrics().get(Metrics.EOS_FRACTION)).isEqualTo(0.5);
    assertThat(metrics().get(Metrics.EOS_FRACTION_LOW)).isEqualTo(0.5 - half, within(1e-9));
    assertThat(metrics().get(Metrics.EOS_FRACTION_HIGH)).isEqualTo(0.5 + half, within(1e-9));
  }

  @Test
  void oneResponseHasNoSpread() {
    Means one = Means.overTokens(new double[] {3}, new int[] {4});
    assertThat(one).isEqualTo(new Means(0.75, 0.75, 0.75));
  }
}
