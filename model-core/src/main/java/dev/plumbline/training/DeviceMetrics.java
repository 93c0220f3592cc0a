package dev.plumbline.training;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.GpuMeter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a GPU tells of itself while a run computes on it; nothing on the processor. */
final class DeviceMetrics {
  /** No device to ask. */
  static final DeviceMetrics NONE = new DeviceMetrics(Optional::empty);

  private final Supplier<Optional<GpuMeter.Reading>> meter;

  /**
   * @param meter gives what is new since it was asked last, and never waits
   */
  DeviceMetrics(Supplier<Optional<GpuMeter.Reading>> meter) {
    this.meter = meter;
  }

  /** The metrics of a device. */
  static DeviceMetrics of(DeviceChoice device) {
    return GpuMeter.of(device).map(gpu -> new DeviceMetrics(gpu::read)).orElse(NONE);
  }

  /** The values that are new since the last call, by metric; none where the driver tells none. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    meter
        .get()
        .ifPresent(
            reading -> {
              put(values, Metrics.DEVICE_MEMORY_MB, reading.usedMegabytes());
              reading
                  .ownMegabytes()
                  .ifPresent(own -> put(values, Metrics.DEVICE_OWN_MEMORY_MB, own));
              put(values, Metrics.DEVICE_UTILISATION, reading.utilisation());
            });
    return values;
  }

  private static void put(Map<String, Double> values, String name, double value) {
    if (Double.isFinite(value)) {
      values.put(name, value);
    }
  }
}
