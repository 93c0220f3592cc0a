package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Runs;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a study's runs go through the queue: what they compute on, and how many at a time. */
final class QueueOptions {
  @Mixin DeviceOption device = new DeviceOption();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Runs at a time (default: one for each core, as far as the memory goes)")
  int workers;

  /** The runs of a workspace, on the device asked for. */
  Runs runs(WorkspaceOption workspace) {
    return workspace.runs(device.choice());
  }

  /**
   * Runs at a time, 0 for as many as fit.
   *
   * @throws UserError where that is no number of runs
   */
  int workers() {
    if (workers < 0 || workers > 1024) {
      throw new UserError("--workers " + workers + ": give 1 or more, or leave it out");
    }
    return workers;
  }
}
