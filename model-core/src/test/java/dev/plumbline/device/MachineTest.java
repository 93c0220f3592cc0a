package dev.plumbline.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which device a choice leads to, on machines of every kind. */
final class MachineTest {
  private static final Gpu GPU = new Gpu(0, "GPU-a", "NVIDIA H100", "550.90", 9.0, 85_000, 1000, 3);
  private static final CudaRuntime.Place THERE =
      new CudaRuntime.Place(CudaRuntime.Source.INSTALLED, Path.of("cuda"), "");
  private static final CudaRuntime.Place ABSENT =
      new CudaRuntime.Place(CudaRuntime.Source.INSTALLED, Path.of("cuda"), "not there");

  private static Machine linux(List<Gpu> gpus, CudaRuntime.Place place) {
    return new Machine(
        "Linux amd64",
        CudaPlatform.of("Linux", "amd64"),
        false,
        gpus.isEmpty() ? NvidiaSmi.Answer.ABSENT : new NvidiaSmi.Answer(gpus, true, ""),
        gpus,
        List.of(place));
  }

  private static Machine mac() {
    return new Machine(
        "Mac OS X aarch64",
        CudaPlatform.of("Mac OS X", "aarch64"),
        true,
        NvidiaSmi.Answer.ABSENT,
        List.of(),
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "auto,auto",
    "'',auto",
    "cpu,cpu",
    "CUDA,cuda:0",
    "cuda:3,cuda:3",
    " mps ,mps",
    "Cpu,cpu"
  })
  void choices_are_read_and_written(String text, String name) {
    assertThat(DeviceChoice.parse(text)).hasToString(name);
    assertThat(DeviceChoice.parse(name)).isEqualTo(DeviceChoice.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda:", "cuda:-1", "cuda:1234", "cpu0", "cuda 1"})
  void what_is_no_device_is_refused_with_those_that_there_are(String text) {
    assertThatThrownBy(() -> DeviceChoice.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("cuda:N");
  }

  @Test
  void auto_takes_cuda_only_where_a_gpu_and_a_runtime_are_there() {
    assertThat(linux(List.of(GPU), THERE).resolve(DeviceChoice.AUTO))
        .isEqualTo(DeviceChoice.cuda(0));
    assertThat(linux(List.of(GPU), ABSENT).resolve(DeviceChoice.AUTO)).isEqualTo(DeviceChoice.CPU);
    assertThat(linux(List.of(), THERE).resolve(DeviceChoice.AUTO)).isEqualTo(DeviceChoice.CPU);
    assertThat(mac().resolve(DeviceChoice.AUTO)).isEqualTo(DeviceChoice.CPU);
    Gpu old = new Gpu(0, "GPU-b", "NVIDIA P40", "550.90", 6.1, 24_000, 0, 0);
    assertThat(linux(List.of(old, GPU), THERE).resolve(DeviceChoice.AUTO))
        .as("the first that can be used")
        .isEqualTo(DeviceChoice.cuda(1));
  }

  @Test
  void what_is_asked_for_and_not_there_says_why_and_what_to_do() {
    assertRefused(linux(List.of(), THERE), "cuda", "nvidia-smi", "--device cpu");
    assertRefused(linux(List.of(GPU), ABSENT), "cuda:0", "not installed", "plumbline gpu install");
    assertRefused(linux(List.of(GPU), THERE), "cuda:1", "one GPU of NVIDIA's, cuda:0");
    assertRefused(linux(List.of(GPU, GPU), THERE), "cuda:2", "cuda:0 to cuda:1");
    assertRefused(linux(List.of(GPU), THERE), "mps", "Apple's GPU needs macOS");
    assertRefused(mac(), "cuda", "no CUDA build for Mac OS X aarch64");
    Machine hidden =
        new Machine(
            "Linux amd64",
            CudaPlatform.of("Linux", "amd64"),
            false,
            new NvidiaSmi.Answer(List.of(GPU), true, ""),
            List.of(),
            List.of(THERE));
    assertRefused(hidden, "cuda", "CUDA_VISIBLE_DEVICES");
    Machine broken =
        new Machine(
            "Linux amd64",
            CudaPlatform.of("Linux", "amd64"),
            false,
            NvidiaSmi.parse(18, "Failed to initialize NVML: Driver/library version mismatch"),
            List.of(),
            List.of(THERE));
    assertRefused(broken, "cuda", "version mismatch", "mend the driver");
    Machine wrong =
        linux(
            List.of(GPU),
            new CudaRuntime.Place(
                CudaRuntime.Source.ENVIRONMENT, Path.of("/opt/x"), "missing: libtorch.so"));
    assertRefused(wrong, "cuda", "PYTORCH_LIBRARY_PATH names /opt/x, missing: libtorch.so");
  }

  private static void assertRefused(Machine machine, String device, String... says) {
    assertThatThrownBy(() -> machine.resolve(DeviceChoice.parse(device)))
        .isInstanceOf(UserError.class)
        .message()
        .startsWith("device " + DeviceChoice.parse(device))
        .contains(says)
        .doesNotContain("\n");
  }

  @Test
  void apples_gpu_is_taken_where_it_is_asked_for() {
    assertThat(mac().resolve(DeviceChoice.MPS)).isEqualTo(DeviceChoice.MPS);
    assertThat(mac().usable()).containsExactly(DeviceChoice.CPU, DeviceChoice.MPS);
  }

  @Test
  void cuda_is_built_for_linux_and_windows_on_x86() {
    assertThat(CudaPlatform.of("Windows 11", "amd64").map(CudaPlatform::classifier))
        .isEqualTo(Optional.of("win-x86_64"));
    assertThat(CudaPlatform.of("Linux", "aarch64")).isEmpty();
    assertThat(CudaPlatform.of("Mac OS X", "x86_64")).isEmpty();
  }
}
