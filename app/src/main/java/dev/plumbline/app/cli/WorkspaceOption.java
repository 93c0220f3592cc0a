package dev.plumbline.app.cli;

import dev.plumbline.experiment.Runs;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The workspace that a command works in. */
final class WorkspaceOption {
  @Option(
      names = {"-w", "--workspace"},
      paramLabel = "DIR",
      description = "The workspace's directory (default: the current directory's ./plumbline)")
  Path directory = Path.of("plumbline");

  /** Its runs. */
  Runs runs() {
    return new Runs(directory);
  }
}
