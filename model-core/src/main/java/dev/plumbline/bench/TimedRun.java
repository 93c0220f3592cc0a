package dev.plumbline.bench;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.worker.Worker;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import dev.plumbline.training.StageRunner;
import dev.plumbline.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * A run as a worker does it, with its journal and its control file, in this process and with a
 * clock beside it. A step lasts from the moment when the one before it was wholly journalled to the
 * moment when it is.
 */
final class TimedRun {
  /**
   * One step of the loop.
   *
   * @param seconds all of it
   * @param programSeconds in native programs
   * @param journalSeconds in the journal: making lines, writing, flushing
   * @param values its metrics
   */
  record Step(
      double seconds, double programSeconds, double journalSeconds, Map<String, Double> values) {}

  private final TorchRuntime runtime;
  private final LongPredicate goOn;
  private final List<Step> steps = new ArrayList<>();

  private TimedRun(TorchRuntime runtime, LongPredicate goOn) {
    this.runtime = runtime;
    this.goOn = goOn;
  }

  /**
   * Runs a spec.
   *
   * @param directory where the spec and the run are written
   * @param spec YAML text
   * @param goOn asked with the number of steps done; where it says no, the run is stopped
   * @return the steps, the first one included
   */
  static List<Step> of(TorchRuntime runtime, Path directory, String spec, LongPredicate goOn)
      throws IOException {
    Path file = directory.resolve("spec.yaml");
    Files.writeString(file, spec);
    RunDirectory run = new Runs(directory).create(ExperimentSpec.read(file));
    TimedRun timed = new TimedRun(runtime, goOn);
    new Worker(
            (settings, seed, path, resumeFrom, listener, controls) ->
                StageRunner.run(
                    (TrainingSettings) settings,
                    seed,
                    path,
                    resumeFrom,
                    timed.new Clock(listener),
                    timed.new Stopper(controls),
                    runtime))
        .run(run);
    if (run.state() != RunState.FINISHED && run.state() != RunState.STOPPED) {
      throw new UserError("the measured run failed: " + run.detail());
    }
    return timed.steps;
  }

  /** Stops the run when the caller has seen enough. */
  private final class Stopper implements Controls {
    private final Controls inner;

    Stopper(Controls inner) {
      this.inner = inner;
    }

    @Override
    public List<Command> poll() {
      List<Command> commands = new ArrayList<>(inner.poll());
      if (!goOn.test(steps.size())) {
        commands.add(new Command.Stop());
      }
      return commands;
    }

    @Override
    public List<Command> await(Duration limit) throws InterruptedException {
      return inner.await(limit);
    }
  }

  /** Passes everything on and keeps the time. */
  private final class Clock implements RunListener {
    private final RunListener inner;
    private long stepStart = System.nanoTime();
    private double programStart = runtime.programSeconds();
    private long journalNanos;
    private Map<String, Double> values = Map.of();

    Clock(RunListener inner) {
      this.inner = inner;
    }

    private void timed(Runnable call) {
      long start = System.nanoTime();
      call.run();
      journalNanos += System.nanoTime() - start;
    }

    private void begin() {
      journalNanos = 0;
      programStart = runtime.programSeconds();
      stepStart = System.nanoTime();
    }

    @Override
    public void state(RunState state, long step, String detail) {
      timed(() -> inner.state(state, step, detail));
      begin();
    }

    @Override
    public void device(String name, int threads) {
      timed(() -> inner.device(name, threads));
    }

    @Override
    public void progress(long step, long totalSteps, double secondsLeft, String phase) {
      timed(() -> inner.progress(step, totalSteps, secondsLeft, phase));
      if (step > steps.size()) {
        steps.add(
            new Step(
                (System.nanoTime() - stepStart) * 1e-9,
                runtime.programSeconds() - programStart,
                journalNanos * 1e-9,
                values));
        begin();
      }
    }

    @Override
    public void metrics(
        long step, long samples, long tokens, double activeSeconds, Map<String, Double> found) {
      values = Map.copyOf(found);
      timed(() -> inner.metrics(step, samples, tokens, activeSeconds, found));
    }

    @Override
    public void sample(ResponseSample sample) {
      timed(() -> inner.sample(sample));
    }

    @Override
    public void checkpoint(long step, Path directory) {
      timed(() -> inner.checkpoint(step, directory));
      begin();
    }

    @Override
    public void table(long step, ResultTable table) {
      inner.table(step, table);
    }

    @Override
    public void notice(long step, String text) {
      timed(() -> inner.notice(step, text));
    }

    @Override
    public void rolledBack(long step, String reason) {
      timed(() -> inner.rolledBack(step, reason));
    }

    @Override
    public void steered(long step, String parameter, double from, double to) {
      timed(() -> inner.steered(step, parameter, from, to));
    }
  }
}
