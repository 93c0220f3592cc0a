package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.sampledata.ReadyStudies;
import dev.plumbline.study.StudyReports;
import dev.plumbline.study.StudyResult;
import dev.plumbline.training.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline study}: runs that belong together. */
@Command(
    name = "study",
    description = "Run several specs that belong together: a list, or a grid.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StudyCommand.Run.class,
      StudyCommand.Resume.class,
      StudyCommand.Stop.class,
      StudyCommand.Analyse.class,
      StudyCommand.Show.class,
      StudyCommand.ListStudies.class,
      StudyQueueCommand.class
    })
final class StudyCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline study run FILE|NAME}: made, started and watched; made before, it goes on. */
  @Command(
      name = "run",
      description =
          "Run a study and watch it; the newest of the same name and runs that was interrupted goes"
              + " on. Ctrl-C stops it with checkpoints.",
      mixinStandardHelpOptions = true)
  static final class Run implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();
    @Mixin QueueOptions queue = new QueueOptions();

    @Parameters(
        paramLabel = "FILE|NAME",
        arity = "0..1",
        description =
            "A study file, YAML or JSON, or the name of a ready study (`plumbline study list`)")
    @Nullable String study;

    @Option(
        names = "--set",
        paramLabel = "NAME=VALUE",
        description =
            "Fills $${NAME} in the study's texts, or gives an axis its levels, with commas between;"
                + " may be given more than once")
    @Nullable Map<String, String> values;

    @Option(
        names = "--all",
        description =
            "All ready studies, one after the other; one that fails keeps no other from running")
    boolean all;

    @Option(
        names = "--anew",
        description =
            "Also what was finished before: without it a run that the workspace has already, with"
                + " equal settings, data and program, is taken over, and --all passes over finished"
                + " studies")
    boolean anew;

    @Option(names = "--json", description = "The outcome as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      Runs runs = queue.runs(workspace);
      if (all == (study != null)) {
        throw new UserError("give a study file, the name of a ready study, or --all; one of them");
      }
      return study == null ? all(runs) : one(runs, study);
    }

    private int one(Runs runs, String name) {
      // First: a study file that will not do leaves no workspace behind where there was none.
      return StudyFollower.run(
          parent.output(), runs, plan(runs, name), queue.workers(), anew, json);
    }

    private StudyPlan plan(Runs runs, String name) {
      Path file = Path.of(name);
      if (!Files.isRegularFile(file)) {
        file = ReadyStudies.install(runs.workspace(), name).orElseThrow(() -> unknown(name));
      }
      return StudyPlan.read(file, values == null ? Map.of() : values);
    }

    private static UserError unknown(String name) {
      return new UserError(
          "no file and no ready study '%s'; the ready ones are %s"
              .formatted(
                  name,
                  ReadyStudies.list().stream()
                      .map(StudyPlan.About::name)
                      .collect(Collectors.joining(", "))));
    }

    /** An outcome of one of all. */
    record Outcome(String name, String outcome, double seconds) {}

    private int all(Runs runs) {
      Output output = parent.output();
      List<Outcome> outcomes = new ArrayList<>();
      for (StudyPlan.About about : ReadyStudies.list()) {
        long begun = System.nanoTime();
        String outcome;
        try {
          StudyPlan plan = plan(runs, about.name());
          if (!anew && finishedBefore(runs, plan)) {
            outcome = "finished before";
          } else {
            int code = StudyFollower.run(output, runs, plan, queue.workers(), anew, false);
            outcome = code == CommandLineEntry.OK ? "finished" : "not finished";
          }
        } catch (UserError e) {
          output.error(about.name() + ": " + e.getMessage());
          outcome = "not begun";
        }
        outcomes.add(new Outcome(about.name(), outcome, (System.nanoTime() - begun) / 1e9));
      }
      if (json) {
        output.json(outcomes);
      } else {
        double sum = 0;
        for (Outcome one : outcomes) {
          sum += one.seconds();
          output.line(
              "%-28s %-16s %s", one.name(), one.outcome(), StudyFollower.left(one.seconds()));
        }
        output.line("%-28s %-16s %s", "all", "", StudyFollower.left(sum));
      }
      return outcomes.stream().allMatch(one -> one.outcome().startsWith("finished"))
          ? CommandLineEntry.OK
          : CommandLineEntry.FAILED;
    }

    private static boolean finishedBefore(Runs runs, StudyPlan plan) {
      String hash = plan.hash();
      return Study.list(runs.workspace()).stream()
          .anyMatch(study -> study.plan().equals(hash) && study.state() == RunState.FINISHED);
    }
  }

  /** {@code plumbline study resume STUDY}. */
  @Command(
      name = "resume",
      description =
          "Go on with a study: finished runs are passed over, others go on from their last"
              + " checkpoint, failed ones are tried again.",
      mixinStandardHelpOptions = true)
  static final class Resume implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin StudyArgument study = new StudyArgument();
    @Mixin QueueOptions queue = new QueueOptions();

    @Option(names = "--json", description = "The outcome as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      Study found = study.found();
      Runs runs = queue.runs(study.workspace);
      return StudyFollower.follow(parent.output(), runs, found, queue.workers(), json);
    }
  }

  /** {@code plumbline study stop STUDY}. */
  @Command(
      name = "stop",
      description = "Ask a study that runs to stop, with checkpoints; it can be resumed.",
      mixinStandardHelpOptions = true)
  static final class Stop implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin StudyArgument study = new StudyArgument();

    @Override
    public Integer call() {
      Study found = study.found();
      if (!found.state().isActive()) {
        throw new UserError(
            "study %s is %s; there is nothing to stop"
                .formatted(found.id(), found.state().name().toLowerCase(Locale.ROOT)));
      }
      found.cancel();
      parent.output().line("%s  asked to stop", found.id());
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline study analyse STUDY}. */
  @Command(
      name = "analyse",
      description =
          "Compute a study's results again from what its finished runs wrote down, and show them.",
      mixinStandardHelpOptions = true)
  static final class Analyse implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin StudyArgument study = new StudyArgument();

    @Option(names = "--json", description = "The results as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      Study found = study.found();
      StudyResult result = StudyReports.recompute(found);
      study.workspace.ingest();
      StudyReport.results(parent.output(), found, result, json);
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline study show STUDY}. */
  @Command(
      name = "show",
      description = "Show a study's runs, and the cards and tables of its last analysis.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin StudyArgument study = new StudyArgument();

    @Option(names = "--json", description = "The same as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      Study found = study.found();
      StudyResult result =
          StudyReports.read(found)
              .orElseGet(() -> new StudyResult(List.of(), List.of(), List.of()));
      StudyReport.results(parent.output(), found, result, json);
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline study list}. */
  @Command(
      name = "list",
      description = "List the ready studies, and those of a workspace.",
      mixinStandardHelpOptions = true)
  static final class ListStudies implements Callable<Integer> {
    @ParentCommand StudyCommand parent = new StudyCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(names = "--json", description = "The studies as JSON on standard output")
    boolean json;

    /** A ready study as scripts read it. */
    record Ready(String name, String title, String figures, @Nullable Double minutes) {
      static Ready of(StudyPlan.About about) {
        return new Ready(
            about.name(),
            about.title(),
            about.figures(),
            Double.isFinite(about.minutes()) ? about.minutes() : null);
      }
    }

    /** Both kinds. */
    record Listing(List<Ready> ready, List<StudyFollower.Result> studies) {}

    @Override
    public Integer call() {
      Output output = parent.output();
      List<StudyPlan.About> ready = ReadyStudies.list();
      List<Study> studies = Study.list(new Runs(workspace.directory).workspace());
      if (json) {
        output.json(
            new Listing(
                ready.stream().map(Ready::of).toList(),
                studies.stream().map(StudyFollower.Result::of).toList()));
        return CommandLineEntry.OK;
      }
      output.line("ready to run with `plumbline study run NAME`:");
      for (StudyPlan.About one : ready) {
        output.line(
            "  %-24s %-8s %s%s",
            one.name(),
            Double.isFinite(one.minutes()) ? Math.round(one.minutes()) + " min" : "",
            one.title(),
            one.figures().isEmpty() ? "" : " (" + one.place() + ")");
      }
      for (Study study : studies) {
        output.line(
            "%s  %s  %s  %d of %d runs done",
            study.id(),
            study.name(),
            study.state().name().toLowerCase(Locale.ROOT),
            study.progress().done(),
            study.runs().size());
      }
      return CommandLineEntry.OK;
    }
  }
}
