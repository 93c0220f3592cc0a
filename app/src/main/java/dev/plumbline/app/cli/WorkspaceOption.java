package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The workspace that a command works in. */
final class WorkspaceOption {
  @Option(
      names = {"-w", "--workspace"},
      paramLabel = "DIR",
      description = "The workspace's directory (default: the current directory's ./plumbline)")
  Path directory = Path.of("plumbline");

  /** Takes up what runs have journalled, unless a workbench that is open does so anyway. */
  void ingest() {
    ingest(directory);
  }

  /** The same; nothing is held open, so that others see the runs while they go on. */
  static void ingest(Path directory) {
    try (Workspace store = Workspace.open(directory)) {
      if (!store.isReadOnly()) {
        store.ingest();
      }
    }
  }

  /** Opens it for reading where that is all there is to be had; the caller closes it. */
  Workspace existing() {
    require();
    return Workspace.openOrRead(directory);
  }

  /**
   * Refuses a directory that is no workspace: a command that only looks makes none of it.
   *
   * @throws UserError naming the directory
   */
  void require() {
    if (!Workspace.isWorkspace(directory)) {
      throw new UserError("no workspace at " + directory + "; give its directory with --workspace");
    }
  }

  /** Its runs, whose workers compute on a device. */
  Runs runs(DeviceChoice device) {
    return new Runs(directory, WorkerLauncher.standard().on(device));
  }
}
