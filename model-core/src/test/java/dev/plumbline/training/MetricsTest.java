package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void everyMetricSaysInOneLineWhatItIs() {
    assertThat(Metrics.all()).hasSizeGreaterThan(40);
    for (Metrics.Metric metric : Metrics.all()) {
      assertThat(metric.definition()).as(metric.name()).endsWith(".").doesNotContain("\n");
      assertThat(metric.label()).as(metric.name()).isNotBlank();
      assertThat(metric.name()).matches("[a-z0-9_]+(/[a-z0-9_]+)?");
      assertThat(Metrics.of(metric.name())).contains(metric);
    }
    assertThat(Metrics.of("val/ratio")).isEmpty();
  }
}
