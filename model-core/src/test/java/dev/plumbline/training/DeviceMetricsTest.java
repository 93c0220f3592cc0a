package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.GpuMeter;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What of a GPU's readings becomes metrics. */
final class DeviceMetricsTest {
  @Test
  void the_processor_adds_nothing() {
    assertThat(DeviceMetrics.of(DeviceChoice.CPU).values()).isEmpty();
  }

  @Test
  void a_reading_is_told_under_defined_names_and_what_is_unknown_is_left_out() {
    assertThat(
            new DeviceMetrics(
                    () -> Optional.of(new GpuMeter.Reading(2000, OptionalDouble.of(1500), 88)))
                .values())
        .containsOnly(
            java.util.Map.entry("device_memory_mb", 2000.0),
            java.util.Map.entry("device_own_memory_mb", 1500.0),
            java.util.Map.entry("device_utilisation", 88.0));
    assertThat(
            new DeviceMetrics(
                    () ->
                        Optional.of(new GpuMeter.Reading(2000, OptionalDouble.empty(), Double.NaN)))
                .values())
        .containsOnlyKeys("device_memory_mb");
    assertThat(Metrics.of("device_memory_mb").orElseThrow().unit()).isEqualTo("MB");
    assertThat(Metrics.of("device_utilisation").orElseThrow().unit()).isEqualTo("%");
  }
}
