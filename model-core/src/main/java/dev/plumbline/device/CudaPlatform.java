package dev.plumbline.device;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A platform for which the tensor library is built with CUDA.
 *
 * @param classifier its name in the library's paths
 * @param required files without which the library cannot start; the others are found by the loader
 */
public record CudaPlatform(String classifier, List<String> required) {
  private static final CudaPlatform LINUX =
      new CudaPlatform(
          "linux-x86_64",
          List.of(
              "libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"));

  private static final CudaPlatform WINDOWS =
      new CudaPlatform(
          "win-x86_64",
          List.of("c10.dll", "c10_cuda.dll", "torch_cpu.dll", "torch_cuda.dll", "torch.dll"));

  /** The platform of this process, if it is one of them. */
  public static Optional<CudaPlatform> current() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /** The platform of a system, by Java's names. */
  static Optional<CudaPlatform> of(String system, String architecture) {
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      return Optional.empty();
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("linux")) {
      return Optional.of(LINUX);
    }
    return name.startsWith("win") ? Optional.of(WINDOWS) : Optional.empty();
  }
}
