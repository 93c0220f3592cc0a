package dev.plumbline.app.cli;

import dev.plumbline.experiment.Runs;
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

  /** Its runs. */
  Runs runs() {
    return new Runs(directory);
  }
}
