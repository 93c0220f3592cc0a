package dev.plumbline.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Where the native libraries lie on this machine. */
final class Natives {
  private Natives() {}

  /** The folder that the native libraries are unpacked to. */
  static Path cache() {
    String engine = setting("ENGINE_CACHE_DIR");
    String djl = setting("DJL_CACHE_DIR");
    if (!engine.isEmpty()) {
      return Path.of(engine);
    }
    return djl.isEmpty() ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(djl);
  }

  private static String setting(String name) {
    String environment = System.getenv(name);
    return System.getProperty(name, environment == null ? "" : environment);
  }

  static void announceUnpacking(Consumer<String> progress) {
    Path folder = cache();
    if (setting("PYTORCH_LIBRARY_PATH").isEmpty()
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
