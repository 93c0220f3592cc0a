package dev.plumbline.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What NVIDIA's program prints, in the forms that it is known to print. */
final class NvidiaSmiTest {
  private static final String H100 =
      "0, GPU-6d7b1ab2-9f5e-2f3c-8f0e-7a3a5d2f9c11, NVIDIA H100 80GB HBM3, 550.90.07, 9.0, 81559,"
          + " 1043, 37\n";
  private static final String A100 =
      "1, GPU-0f0c4a2e-1111-2222-3333-444455556666, NVIDIA A100-SXM4-40GB, 550.90.07, 8.0, 40960,"
          + " 0, 0\n";

  @TempDir private Path folder;

  @Test
  void one_gpu() {
    NvidiaSmi.Answer answer = NvidiaSmi.parse(0, H100);
    assertThat(answer.problem()).isEmpty();
    assertThat(answer.gpus()).hasSize(1);
    Gpu gpu = answer.gpus().getFirst();
    assertThat(gpu.name()).isEqualTo("NVIDIA H100 80GB HBM3");
    assertThat(gpu.driver()).isEqualTo("550.90.07");
    assertThat(gpu.capability()).isEqualTo(9.0);
    // The program counts in 2^20 bytes.
    assertThat(gpu.totalMegabytes()).isCloseTo(81559 * 1.048576, within(1e-6));
    assertThat(gpu.usedMegabytes()).isCloseTo(1043 * 1.048576, within(1e-6));
    assertThat(gpu.utilisation()).isEqualTo(37);
    assertThat(gpu.obstacle()).isEmpty();
  }

  @Test
  void several_gpus_with_windows_line_ends_and_a_comma_in_a_name() {
    String odd = "2, GPU-2, Quadro RTX 6000, passive, 550.90.07, 7.5, 24576, 12, 5\r\n";
    NvidiaSmi.Answer answer =
        NvidiaSmi.parse(0, H100.replace("\n", "\r\n") + A100.replace("\n", "\r\n") + odd);
    assertThat(answer.gpus()).extracting(Gpu::index).containsExactly(0, 1, 2);
    assertThat(answer.gpus().get(2).name()).isEqualTo("Quadro RTX 6000, passive");
    assertThat(answer.gpus().get(2).utilisation()).isEqualTo(5);
  }

  @Test
  void numbers_that_the_driver_does_not_tell_are_unknown_and_not_zero() {
    Gpu gpu =
        NvidiaSmi.parse(
                0, "0, GPU-9, NVIDIA GB10, 580.95.05, 12.1, [N/A], [N/A], [Not Supported]\n")
            .gpus()
            .getFirst();
    assertThat(gpu.totalMegabytes()).isNaN();
    assertThat(gpu.usedMegabytes()).isNaN();
    assertThat(gpu.utilisation()).isNaN();
    assertThat(NvidiaSmi.gigabytes(gpu.totalMegabytes())).isEqualTo("unknown");
  }

  @Test
  void failures_of_the_driver_are_one_line() {
    assertThat(
            NvidiaSmi.parse(
                    18,
                    """
                    Failed to initialize NVML: Driver/library version mismatch
                    NVML library version: 550.90
                    """)
                .problem())
        .isEqualTo("nvidia-smi: Failed to initialize NVML: Driver/library version mismatch");
    assertThat(
            NvidiaSmi.parse(
                    9,
                    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
                        + " Make sure that the latest NVIDIA driver is installed and running.\n\n")
                .problem())
        .startsWith("nvidia-smi: NVIDIA-SMI has failed because it couldn't communicate");
    assertThat(NvidiaSmi.parse(6, "No devices were found\n").problem())
        .isEqualTo("nvidia-smi: No devices were found");
    assertThat(NvidiaSmi.parse(2, "Field \"compute_cap\" is not a valid field to query.\n").gpus())
        .isEmpty();
    assertThat(NvidiaSmi.parse(255, "").problem())
        .isEqualTo("nvidia-smi: it said nothing and ended with code 255");
  }

  @Test
  void old_drivers_and_old_gpus_say_what_is_in_the_way() {
    assertThat(
            NvidiaSmi.parse(0, H100.replace("550.90.07", "470.82.01")).gpus().getFirst().obstacle())
        .contains("driver 470.82.01 is older than 525");
    assertThat(NvidiaSmi.parse(0, H100.replace(" 9.0,", " 6.1,")).gpus().getFirst().obstacle())
        .contains("compute capability 6.1 is below 7.5");
  }

  @Test
  void memory_by_process() {
    String output =
        """
        4242, 1034
        4242, 16
        77, [N/A]
        [Insufficient Permissions], 3
        No running processes found
        """;
    assertThat(NvidiaSmi.parseProcesses(output))
        .containsOnlyKeys(4242L)
        .hasEntrySatisfying(4242L, mb -> assertThat(mb).isCloseTo(1050 * 1.048576, within(1e-9)));
    assertThat(NvidiaSmi.parseProcesses("")).isEmpty();
  }

  @Test
  void visible_gpus_are_those_that_cuda_counts() {
    List<Gpu> gpus = NvidiaSmi.parse(0, H100 + A100).gpus();
    assertThat(NvidiaSmi.visible(gpus, null)).extracting(Gpu::index).containsExactly(0, 1);
    assertThat(NvidiaSmi.visible(gpus, "1,0")).extracting(Gpu::index).containsExactly(1, 0);
    assertThat(NvidiaSmi.visible(gpus, "GPU-0f0c4a2e")).extracting(Gpu::index).containsExactly(1);
    assertThat(NvidiaSmi.visible(gpus, "0,7,1")).extracting(Gpu::index).containsExactly(0);
    assertThat(NvidiaSmi.visible(gpus, "")).isEmpty();
    assertThat(NvidiaSmi.visible(gpus, "-1")).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void the_program_is_found_on_the_path() throws IOException {
    Path program = Files.createFile(folder.resolve("nvidia-smi"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(NvidiaSmi.program(Map.of("PATH", "/nowhere:" + folder))).contains(program);
  }
}
