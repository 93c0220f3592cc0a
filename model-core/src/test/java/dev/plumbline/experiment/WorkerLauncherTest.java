package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.data.UserError;
import dev.plumbline.device.CudaPlatform;
import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.DeviceChoice;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command and environment of a worker, by its device. */
final class WorkerLauncherTest {
  private static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          "/lib/core.jar",
          "/lib/pytorch-native-cpu-2.7.1-linux-x86_64.jar",
          "/lib/pytorch-jni-2.7.1-0.35.1.jar");

  @TempDir private Path folder;

  private static String argument(List<String> command, String after) {
    return command.get(command.indexOf(after) + 1);
  }

  @Test
  void a_worker_on_the_processor_keeps_its_natives_and_is_told_its_device() {
    List<String> command =
        new WorkerLauncher("Main", CLASS_PATH, DeviceChoice.CPU).prepare(List.of("run")).command();
    assertThat(argument(command, "-cp")).isEqualTo(CLASS_PATH);
    assertThat(command).contains("-Dplumbline.device=cpu").endsWith("Main", "run");
  }

  @Test
  void a_worker_on_cuda_has_no_natives_of_the_cpu_and_knows_the_runtime() {
    assertThat(WorkerLauncher.withoutCpuNatives(CLASS_PATH))
        .isEqualTo(
            String.join(File.pathSeparator, "/lib/core.jar", "/lib/pytorch-jni-2.7.1-0.35.1.jar"));
    Map<String, String> environment = new HashMap<>();
    WorkerLauncher.chooseCuda(environment, new CudaRuntime(folder, CudaRuntime.Source.INSTALLED));
    assertThat(environment)
        .containsEntry("PYTORCH_LIBRARY_PATH", folder.toString())
        .containsEntry("PYTORCH_VERSION", "2.7.1")
        .containsEntry("PYTORCH_FLAVOR", "cu128")
        .containsEntry("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  }

  @Test
  void cuda_without_a_runtime_is_one_line() {
    assumeTrue(CudaRuntime.find().isEmpty(), "this machine has a CUDA runtime");
    assertThatThrownBy(
            () -> new WorkerLauncher("Main", CLASS_PATH, DeviceChoice.cuda(1)).prepare(List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cuda:1")
        .hasMessageContaining("plumbline gpu install");
  }

  @Test
  void a_folder_with_cuda_in_the_environment_leaves_the_processor_alone() throws IOException {
    assumeTrue(CudaPlatform.current().isPresent(), "there is no CUDA build for this system");
    for (String name : CudaPlatform.current().orElseThrow().required()) {
      Files.writeString(folder.resolve(name), "x");
    }
    Map<String, String> environment =
        new HashMap<>(Map.of("PYTORCH_LIBRARY_PATH", folder.toString(), "PYTORCH_FLAVOR", "cu128"));
    WorkerLauncher.avoidCuda(environment);
    assertThat(environment).doesNotContainKeys("PYTORCH_LIBRARY_PATH", "PYTORCH_FLAVOR");
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Map<String, String> own = new HashMap<>(Map.of("PYTORCH_LIBRARY_PATH", plain.toString()));
    WorkerLauncher.avoidCuda(own);
    assertThat(own).containsEntry("PYTORCH_LIBRARY_PATH", plain.toString());
    assertThat(own)
        .containsEntry("PYTORCH_FLAVOR", "cpu")
        .containsEntry("PYTORCH_VERSION", "2.7.1");
  }
}
