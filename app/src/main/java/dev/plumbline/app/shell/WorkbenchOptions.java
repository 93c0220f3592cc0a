package dev.plumbline.app.shell;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the workbench is started.
 *
 * @param workspace directory to open; null for the last one, or the sample workspace at first
 * @param theme look; null for the remembered one
 * @param version version of the program, for the window and error reports
 */
public record WorkbenchOptions(
    @Nullable Path workspace, @Nullable Theme theme, @Nullable String version) {

  /** Everything as remembered. */
  public static WorkbenchOptions remembered() {
    return new WorkbenchOptions(null, null, null);
  }
}
