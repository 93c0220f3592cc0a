package dev.plumbline.app.cli;

import dev.plumbline.app.shell.AppHome;
import dev.plumbline.app.shell.Workbench;
import dev.plumbline.app.shell.WorkbenchOptions;
import dev.plumbline.experiment.ProgramVersion;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline open}: the workbench on a workspace, or the sample study without a display. */
@Command(
    name = "open",
    description = "Open the workbench (the same as no command at all).",
    mixinStandardHelpOptions = true)
final class OpenCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Option(
      names = {"-w", "--workspace"},
      paramLabel = "DIR",
      description = "The workspace (default: the last one; at first the sample workspace)")
  @Nullable Path workspace;

  @Override
  public Integer call() {
    return open(root.output(), workspace);
  }

  static int open(Output output, @Nullable Path workspace) {
    if (!hasDisplay()) {
      return TerminalStudy.run(
          output, workspace == null ? AppHome.locate().defaultWorkspace() : workspace);
    }
    Workbench.launch(new WorkbenchOptions(workspace, null, ProgramVersion.TEXT));
    return CommandLineEntry.OK;
  }

  /** Windows and macOS always have one; elsewhere X11 or Wayland says so. */
  private static boolean hasDisplay() {
    String system = System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT);
    if (system.contains("win") || system.contains("mac")) {
      return true;
    }
    return isSet("DISPLAY")
        || isSet("WAYLAND_DISPLAY")
        || System.getProperty("glass.platform") != null;
  }

  private static boolean isSet(String variable) {
    String value = System.getenv(variable);
    return value != null && !value.isBlank();
  }
}
