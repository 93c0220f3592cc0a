package dev.plumbline.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Looks at a GPU while a run goes on: seldom, and never waiting. */
final class GpuMeterTest {
  private final List<List<String>> commands = new ArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicLong now = new AtomicLong();
  private String processes = "4242, 500\n";

  private GpuMeter meter() {
    return new GpuMeter(
        Path.of("nvidia-smi"),
        "GPU-b",
        4242,
        command -> {
          commands.add(command);
          String output =
              command.get(1).startsWith("--query-gpu")
                  ? """
                  0, GPU-a, NVIDIA H100, 550.90, 9.0, 81559, 100, 1
                  1, GPU-b, NVIDIA H100, 550.90, 9.0, 81559, 1000, 88
                  """
                  : processes;
          return () -> ended.get() ? Optional.of(output) : Optional.empty();
        },
        now::get);
  }

  @Test
  void a_reading_comes_when_the_driver_has_answered_and_then_not_for_five_seconds() {
    GpuMeter meter = meter();
    assertThat(meter.read()).as("asked").isEmpty();
    assertThat(meter.read()).as("not answered").isEmpty();
    assertThat(commands).hasSize(2);
    ended.set(true);
    GpuMeter.Reading reading = meter.read().orElseThrow();
    assertThat(reading.usedMegabytes()).isCloseTo(1000 * 1.048576, within(1e-9));
    assertThat(reading.ownMegabytes().orElseThrow()).isCloseTo(500 * 1.048576, within(1e-9));
    assertThat(reading.utilisation()).isEqualTo(88);
    now.set(4_900_000_000L);
    assertThat(meter.read()).isEmpty();
    assertThat(commands).as("still the first").hasSize(2);
    now.set(5_000_000_000L);
    assertThat(meter.read()).isEmpty();
    assertThat(meter.read()).isPresent();
    assertThat(commands).hasSize(4);
  }

  @Test
  void the_own_part_is_left_out_where_the_driver_does_not_tell_it() {
    processes = "77, 500\n4242, [N/A]\n";
    ended.set(true);
    GpuMeter meter = meter();
    assertThat(meter.read()).isEmpty();
    assertThat(meter.read().orElseThrow().ownMegabytes()).isEqualTo(OptionalDouble.empty());
  }

  @Test
  void a_program_that_cannot_be_started_ends_nothing() {
    GpuMeter meter =
        new GpuMeter(
            Path.of("nvidia-smi"),
            "GPU-b",
            1,
            command -> {
              throw new IOException("no such file");
            },
            now::get);
    assertThat(meter.read()).isEmpty();
    assertThat(meter.read()).isEmpty();
  }

  @Test
  void the_processor_has_no_meter() {
    assertThat(GpuMeter.of(DeviceChoice.CPU)).isEmpty();
    assertThat(GpuMeter.of(DeviceChoice.MPS)).isEmpty();
  }
}
