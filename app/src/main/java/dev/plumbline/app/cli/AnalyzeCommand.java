package dev.plumbline.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline analyze}: the statistics of the workbench over files of numbers. */
@Command(
    name = "analyze",
    description = "Statistics of files of numbers, as the workbench computes them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AnalyzeCalibrationCommand.class,
      AnalyzeDetectionCommand.class,
      AnalyzeEloCommand.class,
      AnalyzeAgreementCommand.class,
      AnalyzeWorkersCommand.class,
      AnalyzeRewardKlCommand.class,
      AnalyzeGaoCommand.class
    })
final class AnalyzeCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }
}
