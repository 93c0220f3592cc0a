package dev.plumbline.app.shell;

import dev.plumbline.device.DeviceChoice;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the workbench keeps its own files. The only class of the workbench that reads or sets
 * system properties, and reads the environment.
 *
 * @param config directory of preferences
 * @param logs directory of log files
 * @param defaultWorkspace the workspace that is opened when none was named or remembered
 */
public record AppHome(Path config, Path logs, Path defaultWorkspace) {

  /** The places of this machine; {@code -Dplumbline.home=DIR} puts all of them under one folder. */
  public static AppHome locate() {
    String home = System.getProperty("plumbline.home");
    if (home != null) {
      Path root = Path.of(home);
      return new AppHome(root.resolve("config"), root.resolve("log"), root.resolve("workspace"));
    }
    Path user = Path.of(System.getProperty("user.home"));
    Path config = base("XDG_CONFIG_HOME", user.resolve(".config")).resolve("plumbline");
    Path state = base("XDG_STATE_HOME", user.resolve(".local/state")).resolve("plumbline");
    Path data = base("XDG_DATA_HOME", user.resolve(".local/share")).resolve("plumbline");
    return new AppHome(config, state.resolve("log"), data.resolve("sample.plumbline"));
  }

  /** Has the workers that are started from now on compute on a device. */
  static void computeOn(String device) {
    System.setProperty(DeviceChoice.PROPERTY, device);
  }

  /** The software that runs, for error reports: versions of the JDK, JavaFX and the system. */
  public static String environment() {
    return "Java %s, JavaFX %s, %s %s %s"
        .formatted(
            Runtime.version(),
            System.getProperty("javafx.runtime.version", "?"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
  }

  private static Path base(String variable, Path otherwise) {
    @Nullable String value = System.getenv(variable);
    return value == null || value.isBlank() ? otherwise : Path.of(value);
  }
}
