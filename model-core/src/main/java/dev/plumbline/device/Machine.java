package dev.plumbline.device;

import dev.plumbline.data.UserError;
import java.util.List;
import java.util.Optional;

/**
 * What there is to compute on, as far as it can be told without the tensor library.
 *
 * @param system name of the operating system and architecture, as Java says them
 * @param cudaPlatform the platform, where the tensor library is built with CUDA for it
 * @param apple whether Apple's GPU can be used: macOS on its own processors
 * @param nvidia what NVIDIA's driver says
 * @param gpus those of its GPUs that this process may use, in the order of {@code cuda:N}
 * @param places where a CUDA runtime was looked for
 */
public record Machine(
    String system,
    Optional<CudaPlatform> cudaPlatform,
    boolean apple,
    NvidiaSmi.Answer nvidia,
    List<Gpu> gpus,
    List<CudaRuntime.Place> places) {

  public Machine {
    gpus = List.copyOf(gpus);
    places = List.copyOf(places);
  }

  /** Looks at this machine; takes a moment where there is an NVIDIA driver. */
  public static Machine look() {
    String name = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "");
    Optional<CudaPlatform> platform = CudaPlatform.current();
    NvidiaSmi.Answer nvidia = platform.isEmpty() ? NvidiaSmi.Answer.ABSENT : NvidiaSmi.query();
    return new Machine(
        name + " " + architecture,
        platform,
        name.startsWith("Mac") && architecture.equals("aarch64"),
        nvidia,
        NvidiaSmi.visible(nvidia.gpus(), System.getenv("CUDA_VISIBLE_DEVICES")),
        CudaRuntime.places());
  }

  /** The CUDA runtime that would be used. */
  public Optional<CudaRuntime> runtime() {
    return CudaRuntime.first(places);
  }

  /** Every device that can be used, the processor first. */
  public List<DeviceChoice> usable() {
    List<DeviceChoice> devices = new java.util.ArrayList<>(List.of(DeviceChoice.CPU));
    for (int i = 0; i < gpus.size(); i++) {
      if (obstacle(DeviceChoice.cuda(i)).isEmpty()) {
        devices.add(DeviceChoice.cuda(i));
      }
    }
    if (apple) {
      devices.add(DeviceChoice.MPS);
    }
    return List.copyOf(devices);
  }

  /**
   * The device of a choice: for {@code auto} the first GPU of NVIDIA's that can be used, else the
   * processor. Apple's GPU is only taken when it is asked for, because it has no float64.
   *
   * @throws UserError where what was asked for is not there; says why and what to do
   */
  public DeviceChoice resolve(DeviceChoice choice) {
    if (choice.kind() == DeviceChoice.Kind.AUTO) {
      return usable().stream()
          .filter(device -> device.kind() == DeviceChoice.Kind.CUDA)
          .findFirst()
          .orElse(DeviceChoice.CPU);
    }
    String obstacle = obstacle(choice);
    if (!obstacle.isEmpty()) {
      throw new UserError("device " + choice + " cannot be used: " + obstacle);
    }
    return choice;
  }

  /** Why a device cannot be used, in one line with what to do; empty where it can. */
  public String obstacle(DeviceChoice choice) {
    return switch (choice.kind()) {
      case AUTO, CPU -> "";
      case MPS -> apple ? "" : "Apple's GPU needs macOS on Apple's processors, not " + system;
      case CUDA -> cudaObstacle(choice.index());
    };
  }

  private String cudaObstacle(int index) {
    if (cudaPlatform.isEmpty()) {
      return "there is no CUDA build for " + system + "; use --device cpu";
    }
    if (!nvidia.problem().isEmpty()) {
      return nvidia.problem()
          + (nvidia.present() ? "; mend the driver" : "; install the driver")
          + ", or use --device cpu";
    }
    if (index >= gpus.size()) {
      return switch (gpus.size()) {
        case 0 -> "CUDA_VISIBLE_DEVICES hides every GPU; use --device cpu";
        case 1 -> "this process may use one GPU of NVIDIA's, cuda:0";
        default ->
            "this process may use "
                + gpus.size()
                + " GPUs of NVIDIA's, cuda:0 to cuda:"
                + (gpus.size() - 1);
      };
    }
    Gpu gpu = gpus.get(index);
    if (!gpu.obstacle().isEmpty()) {
      return gpu.name() + ": " + gpu.obstacle();
    }
    if (runtime().isEmpty()) {
      return places.stream()
              .filter(place -> place.source() == CudaRuntime.Source.ENVIRONMENT)
              .findFirst()
              .map(
                  place ->
                      CudaRuntime.PATH_VARIABLE
                          + " names "
                          + place.directory()
                          + ", "
                          + place.problem())
              .orElse("the CUDA runtime is not installed")
          + "; run `plumbline gpu install`, or use --device cpu";
    }
    return "";
  }
}
