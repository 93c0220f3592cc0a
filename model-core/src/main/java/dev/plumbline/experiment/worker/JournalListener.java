package dev.plumbline.experiment.worker;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes what happens into the journal; a journal that cannot be written ends the run. */
final class JournalListener implements RunListener {
  private final JournalWriter journal;
  private final Path runDirectory;
  private volatile RunState lastState = RunState.QUEUED;
  private volatile long lastStep;

  JournalListener(JournalWriter journal, Path runDirectory) {
    this.journal = journal;
    this.runDirectory = runDirectory;
  }

  RunState lastState() {
    return lastState;
  }

  long lastStep() {
    return lastStep;
  }

  void write(JournalEvent event) {
    try {
      journal.append(event);
    } catch (IOException e) {
      throw new UserError(
          "%s; free some space or mend the disk, then resume the run".formatted(e.getMessage()), e);
    }
  }

  @Override
  public void state(RunState state, long step, String detail) {
    if (state == RunState.STARTING && lastState == RunState.STARTING) {
      return; // the worker said so before it had read the spec
    }
    write(new JournalEvent.State(state, step, detail));
    lastState = state;
    lastStep = step;
  }

  @Override
  public void device(String name, int threads) {
    write(new JournalEvent.Device(name, threads));
  }

  @Override
  public void progress(long step, long totalSteps, double secondsLeft, String phase) {
    write(new JournalEvent.Progress(step, totalSteps, secondsLeft, phase));
    lastStep = step;
  }

  @Override
  public void metrics(
      long step, long samples, long tokens, double activeSeconds, Map<String, Double> values) {
    write(new JournalEvent.Metrics(step, samples, tokens, activeSeconds, values));
  }

  @Override
  public void sample(ResponseSample sample) {
    write(new JournalEvent.Sample(sample));
  }

  @Override
  public void checkpoint(long step, Path directory) {
    Path relative = runDirectory.relativize(directory.toAbsolutePath().normalize());
    write(new JournalEvent.Checkpoint(step, relative.toString().replace('\\', '/')));
  }

  @Override
  public void table(long step, ResultTable table) {
    try {
      write(TableFile.write(runDirectory, step, table));
    } catch (IOException e) {
      throw new UserError(
          "cannot write the table %s in %s: %s; free some space, then resume the run"
              .formatted(table.name(), runDirectory, e.getMessage()),
          e);
    }
  }

  @Override
  public void notice(long step, String text) {
    write(new JournalEvent.Notice(step, text));
  }

  @Override
  public void rolledBack(long step, String reason) {
    write(new JournalEvent.Resumed(step));
    write(new JournalEvent.Notice(step, reason));
    lastStep = step;
  }

  @Override
  public void steered(long step, String parameter, double from, double to) {
    write(new JournalEvent.Steered(step, parameter, from, to));
  }
}
