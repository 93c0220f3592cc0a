package dev.plumbline.app.bench;

import dev.plumbline.app.shell.Workbench;
import dev.plumbline.app.shell.WorkbenchOptions;
import java.nio.file.Path;
import javafx.application.Platform;

/**
 * Starts the workbench on a workspace, says after how many milliseconds it was ready, and ends:
 * {@code StartProbe WORKSPACE}. The ahead-of-time cache of the image is trained by it too.
 */
public final class StartProbe {
  /** Begins the line with the milliseconds. */
  static final String READY = "ready ";

  private StartProbe() {}

  /** Starts and ends. */
  public static void main(String[] arguments) {
    Workbench.onReady(
        millis -> {
          System.out.println(READY + millis);
          System.out.flush();
          Platform.exit();
        });
    Workbench.launch(new WorkbenchOptions(Path.of(arguments[0]), null, "probe"));
  }
}
