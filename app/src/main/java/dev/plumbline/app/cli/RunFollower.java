package dev.plumbline.app.cli;

import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches a run from its journal alone and tells how it gets on, as a line every few seconds; the
 * run does not know.
 */
final class RunFollower {
  private static final long POLL_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  /** What a line of progress shows, where the run has it. */
  private static final List<String> SHOWN =
      List.of(
          Metrics.LOSS,
          Metrics.ACCURACY,
          Metrics.EVAL_ACCURACY,
          Metrics.PM_SCORE,
          Metrics.GOLD_REWARD,
          Metrics.SQRT_KL,
          Metrics.EVAL_LOSS);

  private final Output output;
  private final RunDirectory run;
  private final JournalReader journal;
  private final Map<String, Double> last = new LinkedHashMap<>();
  private RunState state = RunState.QUEUED;
  private String detail = "";
  private long step;
  private long total;
  private double secondsLeft = Double.NaN;
  private long lineAt;
  private long shownStep = -1;

  RunFollower(Output output, RunDirectory run) {
    this.output = output;
    this.run = run;
    this.journal = new JournalReader(run.journalFile(), 0);
  }

  /** How a run ended. */
  record End(RunState state, String detail, long step, long total, Map<String, Double> last) {}

  /** Reads what is there without waiting. */
  End now() {
    read(false);
    return end(run.state());
  }

  /** Reads what is new and tells it. */
  End poll() {
    read(true);
    return end(state);
  }

  /** Watches until the run has ended, or its worker is gone. */
  End follow(ProcessHandle worker) {
    while (true) {
      // Asked before reading: a worker that ends in between has journalled all it will.
      boolean alive = worker.isAlive();
      read(true);
      if (!alive) {
        return end(run.state());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private End end(RunState observed) {
    return new End(observed, observed == state ? detail : "", step, total, Map.copyOf(last));
  }

  private void read(boolean tell) {
    try {
      JournalReader.Batch batch;
      do {
        batch = journal.read();
        for (JournalEntry entry : batch.entries()) {
          take(entry.event(), tell);
        }
      } while (batch.more());
    } catch (IOException e) {
      output.note("cannot read %s just now: %s", run.journalFile(), String.valueOf(e.getMessage()));
    }
    if (tell && step != shownStep && System.nanoTime() - lineAt > LINE_NANOS) {
      line();
    }
  }

  private void take(JournalEvent event, boolean tell) {
    switch (event) {
      case JournalEvent.State(RunState now, long at, String text) -> {
        if (tell && now != state) {
          if (now == RunState.FINISHED) {
            line();
          }
          output.note(
              "%s: %s%s",
              run.id(), now.name().toLowerCase(Locale.ROOT), at > 0 ? " at step " + at : "");
        }
        state = now;
        detail = text;
      }
      case JournalEvent.Progress(long done, long all, double left, String _) -> {
        step = done;
        total = all;
        secondsLeft = left;
      }
      case JournalEvent.Notice(long _, String text) -> {
        if (tell) {
          output.note("%s: %s", run.id(), text);
        }
      }
      case JournalEvent.Metrics metrics -> last.putAll(metrics.values());
      default -> {}
    }
  }

  private void line() {
    lineAt = System.nanoTime();
    shownStep = step;
    StringBuilder values = new StringBuilder();
    for (String name : SHOWN) {
      Double value = last.get(name);
      if (value != null && Double.isFinite(value)) {
        values.append(String.format(Locale.ROOT, "  %s %.3f", name, value));
      }
    }
    String left =
        Double.isFinite(secondsLeft) && secondsLeft > 0
            ? String.format(
                Locale.ROOT, ", %d:%02d left", (long) secondsLeft / 60, (long) secondsLeft % 60)
            : "";
    output.note("%s: step %d of %d%s%s", run.id(), step, total, left, values);
  }
}
