package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a measurement tells, where it writes, and whether it is to go on. */
final class MeasurementContext {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String phase;
  private final Path directory;
  private final RunListener listener;
  private final Controls controls;
  private final long start = System.nanoTime();
  private long done;
  private boolean paused;

  MeasurementContext(String phase, Path directory, RunListener listener, Controls controls) {
    this.phase = phase;
    this.directory = directory;
    this.listener = listener;
    this.controls = controls;
  }

  /** Thrown by {@link #progress} if the run is to stop. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped", null, false, false);
    }
  }

  /** The run's directory. */
  Path directory() {
    return directory;
  }

  /** Units of work done so far. */
  long done() {
    return done;
  }

  /**
   * Says how far the work is, and waits here while the run is paused.
   *
   * @param units done
   * @param total in all
   * @throws StoppedException if the run is to stop
   */
  void progress(long units, long total) {
    done = units;
    double seconds = (System.nanoTime() - start) * 1e-9;
    double left = units == 0 ? Double.NaN : seconds / units * (total - units);
    listener.progress(units, total, left, phase);
    obey();
  }

  private void obey() {
    try {
      do {
        List<Command> commands = paused ? controls.await(PATIENCE) : controls.poll();
        for (Command command : commands) {
          switch (command) {
            case Command.Stop() -> throw new StoppedException();
            case Command.Pause() -> pause(true);
            case Command.Resume() -> pause(false);
            case Command.StepOnce(), Command.Checkpoint(), Command.Steer(_, _) -> {
              // a measurement has no steps, no checkpoints and nothing to steer
            }
          }
        }
      } while (paused);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  private void pause(boolean wanted) {
    if (paused != wanted) {
      paused = wanted;
      listener.state(wanted ? RunState.PAUSED : RunState.RUNNING, done, "");
    }
  }

  /** Hands over rows. */
  void table(ResultTable table) {
    listener.table(0, table);
  }

  /** Tells people something, in one line. */
  void notice(String text) {
    listener.notice(done, text);
  }
}
