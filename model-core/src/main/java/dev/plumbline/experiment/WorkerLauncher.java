package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts workers as processes of their own, in a session of their own where the system has one, so
 * that closing or killing the parent leaves them alone. What they print goes to their log file.
 *
 * @param mainClass the class to start
 * @param classPath where it and the rest are
 */
public record WorkerLauncher(String mainClass, String classPath) {
  /** System property with the class path of workers; this process's own where it is not set. */
  public static final String CLASS_PATH = "plumbline.worker.classpath";

  /** System property with further JVM arguments of workers, between spaces. */
  public static final String JVM_ARGUMENTS = "plumbline.worker.jvm";

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

  private ProcessBuilder prepare(List<String> arguments) {
    List<String> command = new ArrayList<>();
    String java = File.separatorChar == '\\' ? "java.exe" : "java";
    command.add(Path.of(System.getProperty("java.home"), "bin", java).toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC"); // tensors live outside the heap; few threads are left to them
    command.add("-Xmx1g");
    command.add("-Djava.awt.headless=true");
    command.add("-Dai.djl.offline=true");
    for (String inherited : List.of("plumbline.threads", "plumbline.worker.jvm")) {
      String value = System.getProperty(inherited);
      if (value != null) {
        command.add("-D" + inherited + "=" + value);
      }
    }
    for (String argument : System.getProperty(JVM_ARGUMENTS, "").split(" ")) {
      if (!argument.isBlank()) {
        command.add(argument);
      }
    }
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OPT_OUT_TRACKING", "true");
    keepFreedMemory(builder.environment());
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
