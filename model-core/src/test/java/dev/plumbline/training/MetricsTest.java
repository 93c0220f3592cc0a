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

  @Test
  void whatASpecNamesHasItsMetricAndInterval() {
    for (Metrics.Family family : Metrics.families()) {
      for (String bound : new String[] {"", Metrics.LOW, Metrics.HIGH}) {
        Metrics.Metric metric = Metrics.of(family.of("halves-2") + bound).orElseThrow();
        assertThat(metric.name()).isEqualTo(family.prefix() + "halves-2" + bound);
        assertThat(metric.definition())
            .endsWith(".")
            .doesNotContain("NAME")
            .doesNotContain("\n")
            .contains(bound.isEmpty() ? "" : family.of("halves-2"));
        assertThat(metric.label()).contains("halves-2");
      }
      assertThat(Metrics.of(family.prefix() + "a_b")).isEmpty();
      assertThat(Metrics.of(family.prefix())).isEmpty();
    }
    assertThat(Metrics.isPart("halves")).isTrue();
    assertThat(Metrics.isPart("a_low")).isFalse();
    assertThat(Metrics.isPart("a/b")).isFalse();
  }
}
