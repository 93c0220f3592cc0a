package dev.plumbline.torch;

import dev.plumbline.device.CudaRuntime;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Where the native libraries lie on this machine. */
final class Natives {
  private Natives() {}

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Natives.class);

  private static final int ERROR = 2;

  // A logger that nobody holds forgets its level.
  private static final Logger DJL = Logger.getLogger("ai.djl");

  /** No network, no usage reports, and no log lines that a user could do nothing about. */
  static void quiet() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.default_engine", "PyTorch");
    DJL.setLevel(Level.SEVERE);
    // Idle threads that spin make every operation wait where the cores are shared.
    setEnvironment("OMP_WAIT_POLICY", "PASSIVE");
  }

  /**
   * Stops the library's own warnings on standard error: they are about its deprecated internals.
   * The level is a number in its memory, because no interface of Java's sets it.
   */
  @SuppressWarnings("restricted") // every launch enables native access
  static void silence() {
    SymbolLookup.loaderLookup()
        .find("FLAGS_caffe2_log_level")
        .ifPresent(level -> level.reinterpret(Integer.BYTES).set(ValueLayout.JAVA_INT, 0, ERROR));
  }

  /** Sets a variable of this process that is not set yet; does nothing where C has no setenv. */
  @SuppressWarnings("restricted") // every launch enables native access
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find("setenv").orElse(null);
    if (function == null) {
      return;
    }
    MethodHandle setenv =
        linker.downcallHandle(
            function,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (failed != 0) {
        LOG.debug("setenv {} failed", name);
      }
    } catch (Throwable e) {
      throw new LinkageError("setenv", e);
    }
  }

  /**
   * Has the engine take the CUDA build, whatever else is on the class path. It reads these names
   * from the environment first, which a worker's launcher has set to the same.
   */
  static void useCuda(CudaRuntime runtime) {
    System.setProperty(CudaRuntime.PATH_VARIABLE, runtime.directory().toString());
    System.setProperty("PYTORCH_VERSION", CudaRuntime.VERSION);
    System.setProperty("PYTORCH_FLAVOR", CudaRuntime.FLAVOR);
  }

  /** The folder that the native libraries are unpacked to. */
  static Path cache() {
    return CudaRuntime.engineCache();
  }

  private static String setting(String name) {
    String environment = System.getenv(name);
    return System.getProperty(name, environment == null ? "" : environment);
  }

  static void announceUnpacking(Consumer<String> progress) {
    Path folder = cache();
    if (setting(CudaRuntime.PATH_VARIABLE).isEmpty()
        && !Files.isDirectory(folder.resolve("pytorch"))) {
      progress.accept(
          "Unpacking the tensor library into " + folder + " (about 450 MB, on first use only)");
    }
  }

  static String firstLine(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    String text = message == null ? cause.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse("").strip();
  }
}
