package dev.plumbline.app.cli;

import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.sampledata.SampleWorkspace;
import java.nio.file.Path;
import java.util.Map;

/** What the workbench's one button does, for a machine without a display. */
final class TerminalStudy {
  private TerminalStudy() {}

  /** Runs the sample study in a workspace, with progress, and writes its figures. */
  static int run(Output output, Path workspace) {
    output.note("There is no display, so the sample study runs here, in the terminal.");
    output.note("Workspace: %s", workspace.toAbsolutePath().normalize());
    SampleWorkspace.Installed sample = SampleWorkspace.install(workspace);
    int code =
        StudyFollower.run(
            output, new Runs(workspace), StudyPlan.read(sample.study(), Map.of()), 0, true, false);
    if (code != CommandLineEntry.OK) {
      return code;
    }
    StudyReport.write(output, workspace, sample);
    return CommandLineEntry.OK;
  }
}
