package dev.plumbline.app.cli;

import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline study}: several specs, one after the other. */
@Command(
    name = "study",
    description = "Run several specs, one after the other.",
    mixinStandardHelpOptions = true,
    subcommands = {StudyCommand.Run.class, StudyCommand.ListStudies.class})
final class StudyCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline study run FILE}: made, started and watched; made before, it goes on. */
  @Command(
      name = "run",
      description =
          "Run a study and watch it; the newest of the same name that is not finished goes on."
              + " Ctrl-C stops it with a checkpoint.",
      mixinStandardHelpOptions = true)
  static final class Run implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();
    @Mixin DeviceOption device = new DeviceOption();

    @Parameters(paramLabel = "FILE", description = "A study: a list of spec files, YAML or JSON")
    Path file = Path.of("");

    @Option(names = "--json", description = "The outcome as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      return StudyFollower.run(parent.output(), workspace.directory, file, json, device.choice());
    }
  }

  /** {@code plumbline study list}. */
  @Command(
      name = "list",
      description = "List the studies of a workspace.",
      mixinStandardHelpOptions = true)
  static final class ListStudies implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(names = "--json", description = "The studies as a JSON array on standard output")
    boolean json;

    @Override
    public Integer call() {
      workspace.require();
      var studies = Study.list(new Runs(workspace.directory).workspace());
      if (json) {
        parent.output().json(studies.stream().map(StudyFollower.Result::of).toList());
      } else {
        for (Study study : studies) {
          parent
              .output()
              .line(
                  "%s  %s  %s  %d runs",
                  study.id(),
                  study.name(),
                  study.state().name().toLowerCase(Locale.ROOT),
                  study.runs().size());
        }
      }
      return CommandLineEntry.OK;
    }
  }
}
