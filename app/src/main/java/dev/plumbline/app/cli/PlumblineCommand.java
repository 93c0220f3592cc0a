package dev.plumbline.app.cli;

import dev.plumbline.experiment.ProgramVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The root command: without a subcommand it opens the workbench. */
@Command(
    name = "plumbline",
    description = "A workbench for research on reinforcement learning from human feedback.",
    mixinStandardHelpOptions = true,
    version = "plumbline " + ProgramVersion.TEXT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      OpenCommand.class,
      RunCommands.Run.class,
      EstimateCommand.class,
      RunCommands.Resume.class,
      RunCommands.ListRuns.class,
      StudyCommand.class,
      SampleDataCommand.class,
      DataCommand.class,
      LabelsCommand.class,
      GenerateCommand.class,
      ScoreCommand.class,
      PreferenceModelCommand.class,
      FigureCommand.class,
      AnalyzeCommand.class,
      BenchCommand.class,
      GpuCommand.class,
      DoctorCommand.class
    })
final class PlumblineCommand implements Callable<Integer> {
  /** Stands where picocli has not yet put the real one. */
  static final PlumblineCommand NONE = new PlumblineCommand(new Output(System.out, System.err));

  private final Output output;

  PlumblineCommand(Output output) {
    this.output = output;
  }

  /** Where all commands write. */
  Output output() {
    return output;
  }

  @Override
  public Integer call() {
    return OpenCommand.open(output, null);
  }
}
