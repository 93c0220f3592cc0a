package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.DeviceChoice;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts workers as processes of their own, in a session of their own where the system has one, so
 * that closing or killing the parent leaves them alone. What they print goes to their log file.
 *
 * <p>A worker on CUDA is started without the CPU's natives on its class path and with the folder of
 * the CUDA runtime in its environment; the engine then takes that build.
 *
 * @param mainClass the class to start
 * @param classPath where it and the rest are
 * @param device what the worker is to compute on; {@code auto} leaves it to the worker, or to a
 *     study's process for each of its runs
 * @param threads threads of one tensor operation, 0 for this process's choice
 */
public record WorkerLauncher(String mainClass, String classPath, DeviceChoice device, int threads) {
  /** System property with the class path of workers; this process's own where it is not set. */
  public static final String CLASS_PATH = "plumbline.worker.classpath";

  /** System property with further JVM arguments of workers, between spaces. */
  public static final String JVM_ARGUMENTS = "plumbline.worker.jvm";

  /** System property with the number of threads of one tensor operation; 0 or none chooses. */
  public static final String THREADS = "plumbline.threads";

  /** A worker that has this process's choice of threads. */
  public WorkerLauncher(String mainClass, String classPath, DeviceChoice device) {
    this(mainClass, classPath, device, 0);
  }

  /** A worker on the device that is this process's choice when it is launched. */
  public WorkerLauncher(String mainClass, String classPath) {
    this(mainClass, classPath, DeviceChoice.AUTO);
  }

  /** The choice as it is now: a workbench may change that of its process. */
  DeviceChoice choice() {
    return device.kind() == DeviceChoice.Kind.AUTO ? DeviceChoice.ofProcess() : device;
  }

  /** The same worker on a device. */
  public WorkerLauncher on(DeviceChoice choice) {
    return new WorkerLauncher(mainClass, classPath, choice, threads);
  }

  /** The same worker with so many threads; 0 for this process's choice. */
  public WorkerLauncher with(int newThreads) {
    return new WorkerLauncher(mainClass, classPath, device, newThreads);
  }

  /** Another class of this project as a process like a worker. */
  public WorkerLauncher running(String other) {
    return new WorkerLauncher(other, classPath, device, threads);
  }

  /** Starts the worker of this project. */
  public static WorkerLauncher standard() {
    return new WorkerLauncher(
        "dev.plumbline.experiment.worker.WorkerMain",
        System.getProperty(CLASS_PATH, System.getProperty("java.class.path")));
  }

  /** Starts a process; it reads nothing, and appends what it prints to the log. */
  public Process launch(List<String> arguments, Path log) {
    ProcessBuilder builder = prepare(arguments);
    setsid().ifPresent(setsid -> builder.command().addFirst(setsid));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return start(builder);
  }

  /**
   * Starts a process that belongs to this one: an interrupt at the terminal ends both. What it
   * prints is read from it.
   */
  public Process attached(List<String> arguments) {
    return start(prepare(arguments));
  }

  /**
   * Starts a process that belongs to this one and reads what it is asked; what it prints is read
   * from it. It is to end where there is nothing more to read, as when this process ends.
   */
  public Process asked(List<String> arguments) {
    return start(prepare(arguments).redirectInput(ProcessBuilder.Redirect.PIPE));
  }

  /**
   * A process ready to be started, with nothing to read.
   *
   * @throws UserError where it is for CUDA and there is no CUDA runtime
   */
  ProcessBuilder prepare(List<String> arguments) {
    List<String> command = new ArrayList<>();
    String java = File.separatorChar == '\\' ? "java.exe" : "java";
    command.add(Path.of(System.getProperty("java.home"), "bin", java).toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC"); // tensors live outside the heap; few threads are left to them
    command.add("-Xmx2g");
    command.add("-Djava.awt.headless=true");
    command.add("-Dai.djl.offline=true");
    for (String inherited : List.of(THREADS, JVM_ARGUMENTS)) {
      String value = System.getProperty(inherited);
      if (inherited.equals(THREADS) && threads > 0) {
        value = Integer.toString(threads);
      }
      if (value != null) {
        command.add("-D" + inherited + "=" + value);
      }
    }
    for (String argument : System.getProperty(JVM_ARGUMENTS, "").split(" ")) {
      if (!argument.isBlank()) {
        command.add(argument);
      }
    }
    command.add("-D" + DeviceChoice.PROPERTY + "=" + choice());
    command.add("-cp");
    command.add(device.kind() == DeviceChoice.Kind.CUDA ? withoutCpuNatives(classPath) : classPath);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OPT_OUT_TRACKING", "true");
    keepFreedMemory(builder.environment());
    if (device.kind() == DeviceChoice.Kind.CUDA) {
      chooseCuda(builder.environment(), runtime());
    } else if (device.kind() != DeviceChoice.Kind.AUTO) {
      avoidCuda(builder.environment());
    }
    builder.redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"));
    builder.redirectErrorStream(true);
    return builder;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UserError(
          "cannot start a worker: " + e.getMessage() + "; check memory, disk and the Java runtime",
          e);
    }
  }

  private CudaRuntime runtime() {
    return CudaRuntime.find()
        .orElseThrow(
            () ->
                new UserError(
                    "device "
                        + device
                        + " needs the CUDA runtime; run `plumbline gpu install`, or use --device"
                        + " cpu"));
  }

  /** The names by which the engine finds the CUDA build. */
  static void chooseCuda(Map<String, String> environment, CudaRuntime runtime) {
    environment.put(CudaRuntime.PATH_VARIABLE, runtime.directory().toString());
    environment.put("PYTORCH_VERSION", CudaRuntime.VERSION);
    environment.put("PYTORCH_FLAVOR", CudaRuntime.FLAVOR);
    // Else CUDA counts the fastest GPU first, and the driver's program by place.
    environment.putIfAbsent("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  }

  /** A folder that names the CUDA build must not take a worker away from the processor. */
  static void avoidCuda(Map<String, String> environment) {
    String folders = environment.getOrDefault(CudaRuntime.PATH_VARIABLE, "");
    boolean cuda =
        Stream.of(folders.split(File.pathSeparator))
            .filter(folder -> !folder.isBlank())
            .anyMatch(folder -> CudaRuntime.hasCuda(Path.of(folder)));
    if (cuda) {
      environment.remove(CudaRuntime.PATH_VARIABLE);
      environment.remove("PYTORCH_FLAVOR");
    } else if (!folders.isBlank()) {
      // The engine guesses the flavour of such a folder wrongly for this version.
      environment.putIfAbsent("PYTORCH_VERSION", CudaRuntime.VERSION);
      environment.putIfAbsent("PYTORCH_FLAVOR", "cpu");
    }
  }

  /** The class path of a worker on CUDA: natives of the CPU on it would be taken instead. */
  static String withoutCpuNatives(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator))
        .filter(entry -> !new File(entry).getName().matches("(\\w+-)*pytorch-native-cpu.*\\.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Lets the C library keep freed memory for the next step. By default it gives tensors of more
   * than a few hundred kilobytes back to the system each time, and much of an element-wise
   * operation is then the system clearing pages again. Other C libraries ignore these names.
   */
  private static void keepFreedMemory(Map<String, String> environment) {
    environment.putIfAbsent("MALLOC_MMAP_THRESHOLD_", Long.toString(1L << 30));
    environment.putIfAbsent("MALLOC_TRIM_THRESHOLD_", Long.toString(8L << 30));
    environment.putIfAbsent("MALLOC_TOP_PAD_", Long.toString(64L << 20));
  }

  private static Optional<String> setsid() {
    for (String place : List.of("/usr/bin/setsid", "/bin/setsid")) {
      if (Files.isExecutable(Path.of(place))) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }
}
