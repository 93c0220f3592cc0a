package dev.plumbline.app.cli;

import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A study of a workspace that is there already. */
final class StudyArgument {
  @Mixin WorkspaceOption workspace = new WorkspaceOption();

  @Parameters(paramLabel = "STUDY", description = "A study's id or name")
  String name = "";

  /**
   * Finds it.
   *
   * @throws dev.plumbline.data.UserError where there is no such workspace, or no such study in it
   */
  Study found() {
    workspace.require();
    return Study.get(new Runs(workspace.directory).workspace(), name);
  }
}
