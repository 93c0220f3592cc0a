package dev.plumbline.app.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.plumbline.app.Main;
import dev.plumbline.app.shell.Workbench;
import java.lang.management.ManagementFactory;
import java.util.List;
import javafx.application.Platform;
import javafx.stage.Window;

/**
 * Starts the workbench on a workspace by the command that people use, says when it was ready, and
 * closes its window: {@code StartProbe WORKSPACE}. The ahead-of-time cache of the image is trained
 * by it too.
 */
public final class StartProbe {
  /**
   * Begins the line with the milliseconds of the clock since the process began, and of processor
   * time until then.
   */
  static final String READY = "ready ";

  private StartProbe() {}

  /** Starts and ends. */
  public static void main(String[] arguments) {
    Workbench.onReady(
        millis -> {
          System.out.println(READY + millis + " " + processorMillis());
          System.out.flush();
          // As a person does: the window first, then what is behind it.
          List.copyOf(Window.getWindows()).forEach(Window::hide);
          Platform.exit();
        });
    Main.main(new String[] {"open", "--workspace", arguments[0]});
  }

  private static long processorMillis() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1_000_000
        : 0;
  }
}
