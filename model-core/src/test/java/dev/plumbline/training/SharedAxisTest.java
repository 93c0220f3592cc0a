package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SharedAxisTest {
  @ParameterizedTest
  @CsvSource({
    "kl_exact, kl_k1, k1 estimate per response",
    "kl_exact, kl_k3, k3 estimate per response",
    "kl_exact, kl_exact_per_token, exact KL per token",
    "kl_k3_per_token, approx_kl_k3, to the previous policy",
    "approx_kl, approx_kl_k3, k3 estimate per token",
  })
  void anotherKindOfKlIsRefused(String there, String metric, String reason) {
    assertThat(SharedAxis.whyNot(there, metric).orElseThrow()).contains(reason);
    assertThat(SharedAxis.whyNot(metric, there)).isPresent();
  }

  @Test
  void anotherUnitIsRefusedAndTheSameIsNot() {
    assertThat(SharedAxis.whyNot(Metrics.PM_SCORE, Metrics.GOLD_REWARD)).isEmpty();
    assertThat(SharedAxis.whyNot(Metrics.PM_SCORE, Metrics.KL_EXACT)).isEmpty();
    assertThat(SharedAxis.whyNot(Metrics.PM_SCORE, Metrics.MEMORY_MB).orElseThrow())
        .contains("MB")
        .contains("nats");
    assertThat(SharedAxis.whyNot(Metrics.KL_EXACT, Metrics.SQRT_KL)).as("a root").isPresent();
  }
}
