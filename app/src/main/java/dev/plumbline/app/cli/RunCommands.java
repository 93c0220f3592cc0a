package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.SpecWarnings;
import dev.plumbline.training.Command.Stop;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TrainingSettings;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline run}, {@code resume} and {@code runs}. */
final class RunCommands {
  private RunCommands() {}

  /** A run as scripts read it. */
  record Result(
      String run,
      String name,
      String stage,
      String state,
      String detail,
      long step,
      long totalSteps,
      String directory,
      Map<String, Double> metrics) {}

  /** What {@code run} and {@code resume} share: a worker is watched from the terminal. */
  abstract static class Watched implements Callable<Integer> {
    @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
    @Mixin WorkspaceOption workspace = new WorkspaceOption();
    @Mixin DeviceOption device = new DeviceOption();

    @Option(names = "--detach", description = "Start the worker and return; it goes on by itself")
    boolean detach;

    @Option(names = "--json", description = "The outcome as JSON on standard output")
    boolean json;

    /** Reads what was asked for, and makes nothing yet; the result makes or finds the run. */
    abstract Supplier<RunDirectory> prepared(Runs runs);

    @Override
    public Integer call() {
      Runs runs = workspace.runs(device.choice());
      // A spec that will not do leaves no workspace behind where there was none; a workspace that
      // cannot be written is said before a run is made.
      Supplier<RunDirectory> prepared = prepared(runs);
      workspace.ingest();
      RunDirectory run = prepared.get();
      ProcessHandle worker = runs.start(run);
      Output output = root.output();
      if (detach) {
        report(output, run, new RunFollower(output, run).now());
        return CommandLineEntry.OK;
      }
      Thread stop = stopper(runs, run, worker, output);
      Runtime.getRuntime().addShutdownHook(stop);
      RunFollower.End end;
      try {
        end = new RunFollower(output, run).follow(worker);
      } finally {
        try {
          Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException ending) {
          // The JVM ends because of a signal: the hook is at work.
        }
      }
      workspace.ingest();
      report(output, run, end);
      if (end.state() == RunState.FINISHED) {
        return CommandLineEntry.OK;
      }
      output.error(
          run.id()
              + " is "
              + end.state().name().toLowerCase(Locale.ROOT)
              + (end.detail().isEmpty() ? "" : ": " + end.detail())
              + (end.state() == RunState.FAILED
                  ? ""
                  : "; resume it with `plumbline resume "
                      + run.id()
                      + " --workspace "
                      + workspace.directory
                      + "`"));
      return CommandLineEntry.FAILED;
    }

    /** On Ctrl-C the run stops with a checkpoint. */
    private static Thread stopper(
        Runs runs, RunDirectory run, ProcessHandle worker, Output output) {
      return Thread.ofPlatform()
          .unstarted(
              () -> {
                if (worker.isAlive()) {
                  output.note("stopping %s with a checkpoint", run.id());
                  try {
                    runs.send(run, new Stop());
                    worker.onExit().join();
                  } catch (RuntimeException e) {
                    output.error(String.valueOf(e.getMessage()));
                  }
                }
              });
    }

    private void report(Output output, RunDirectory run, RunFollower.End end) {
      String name = run.spec().spec().name();
      String stage = run.spec().spec().stage();
      String state = end.state().name().toLowerCase(Locale.ROOT);
      if (json) {
        output.json(
            new Result(
                run.id(),
                name,
                stage,
                state,
                end.detail(),
                end.step(),
                end.total(),
                run.path().toString(),
                new TreeMap<>(end.last())));
      } else {
        output.line("%s  %s  %s", run.id(), state, run.path());
      }
    }
  }

  /** {@code plumbline run SPEC}. */
  @Command(
      name = "run",
      description = "Train what a spec says, and watch it; Ctrl-C stops with a checkpoint.",
      mixinStandardHelpOptions = true)
  static final class Run extends Watched {
    @Mixin SpecOptions spec = new SpecOptions();

    @Option(names = "--force", description = "Start where the memory will probably not suffice")
    boolean force;

    @Override
    Supplier<RunDirectory> prepared(Runs runs) {
      RunSpec resolved = runs.resolve(spec.read());
      boolean trains = resolved.spec().settings() instanceof TrainingSettings;
      requireMemory(RunEstimate.of(resolved.spec().settings()), trains);
      SpecWarnings.of(resolved.spec(), runs.workspace())
          .forEach(each -> root.output().note("warning: %s: %s", each.path(), each.message()));
      return () -> runs.create(resolved);
    }

    private void requireMemory(RunEstimate estimate, boolean trains) {
      String needed =
          "about %s of memory, and this machine has %s"
              .formatted(
                  EstimateCommand.size(estimate.totalBytes()),
                  EstimateCommand.size(RunEstimate.machineBytes()));
      boolean fits = estimate.totalBytes() <= RunEstimate.machineBytes();
      if (!fits && !force && onCpu()) {
        throw new UserError(
            "the run needs "
                + needed
                + (trains
                    ? "; set trainer.micro_batch_size or trainer.activation_checkpointing, take a"
                        + " smaller model,"
                    : "; take smaller models or fewer tokens,")
                + " or start it with --force (`plumbline estimate` has the details)");
      }
      root.output().note("%s; %s", EstimateCommand.parameters(estimate), needed);
    }

    private boolean onCpu() {
      return Machine.look().resolve(device.choice()).kind() == DeviceChoice.Kind.CPU;
    }
  }

  /** {@code plumbline resume RUN}. */
  @Command(
      name = "resume",
      description = "Go on with a run from its last checkpoint, and watch it.",
      mixinStandardHelpOptions = true)
  static final class Resume extends Watched {
    @Parameters(paramLabel = "RUN", description = "A run's id, name or directory")
    String name = "";

    @Override
    Supplier<RunDirectory> prepared(Runs runs) {
      RunDirectory run = runs.get(name);
      return () -> run;
    }
  }

  /** {@code plumbline runs}. */
  @Command(
      name = "runs",
      description = "List the runs of a workspace.",
      mixinStandardHelpOptions = true)
  static final class ListRuns implements Callable<Integer> {
    @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(names = "--json", description = "The runs as a JSON array on standard output")
    boolean json;

    @Override
    public Integer call() {
      try (Workspace store = workspace.existing()) {
        if (store.access() != Workspace.Access.HELD) {
          store.ingest().errors().forEach(root.output()::note);
        }
        List<RunRow> rows = store.runs();
        Output output = root.output();
        if (json) {
          output.json(rows.stream().map(ListRuns::result).toList());
          return CommandLineEntry.OK;
        }
        if (rows.isEmpty()) {
          output.note("no runs in %s yet", workspace.directory);
          return CommandLineEntry.OK;
        }
        int width = rows.stream().mapToInt(row -> row.id().length()).max().orElse(3);
        output.line(
            "%-" + width + "s  %-11s  %-9s  %12s  %9s", "run", "stage", "state", "step", "time");
        for (RunRow row : rows) {
          output.line(
              "%-" + width + "s  %-11s  %-9s  %12s  %9s",
              row.id(),
              row.stage(),
              row.state().name().toLowerCase(Locale.ROOT),
              row.step() + " / " + row.totalSteps(),
              String.format(
                  Locale.ROOT,
                  "%d:%02d",
                  (long) row.activeSeconds() / 60,
                  (long) row.activeSeconds() % 60));
        }
        return CommandLineEntry.OK;
      }
    }

    private static Result result(RunRow row) {
      return new Result(
          row.id(),
          row.name(),
          row.stage(),
          row.state().name().toLowerCase(Locale.ROOT),
          row.detail(),
          row.step(),
          row.totalSteps(),
          row.directory().toString(),
          new TreeMap<>(row.last()));
    }
  }
}
