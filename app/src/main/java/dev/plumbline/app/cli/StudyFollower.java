package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.study.StudyReports;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes or takes up a study, and watches it from the terminal. */
final class StudyFollower {
  private static final long POLL_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;

  private final Output output;
  private final Study study;
  private final JournalReader journal;
  private final List<RunFollower> followers;
  private long lineAt = System.nanoTime();
  private JournalEvent.@Nullable Progress shown;

  private StudyFollower(Output output, Study study) {
    this.output = output;
    this.study = study;
    long end = study.journalFile().toFile().length();
    journal = new JournalReader(study.journalFile(), end);
    // Of runs that go one after the other each step is told, of a grid how far the whole is.
    followers =
        study.isSequence()
            ? study.members().stream().map(run -> new RunFollower(output, run)).toList()
            : List.of();
  }

  /** A study as scripts read it. */
  record Result(
      String study,
      String name,
      String title,
      String figures,
      String state,
      String detail,
      int done,
      List<String> runs) {
    static Result of(Study study) {
      return new Result(
          study.id(),
          study.name(),
          study.about().title(),
          study.about().figures(),
          study.state().name().toLowerCase(Locale.ROOT),
          study.detail(),
          study.progress().done(),
          study.runs());
    }
  }

  /**
   * Runs what a plan says and watches it.
   *
   * @param workers runs at a time, 0 for as many as the machine carries
   * @param anew whether also what the workspace has finished already is to be run
   */
  static int run(
      Output output, Runs runs, StudyPlan plan, int workers, boolean anew, boolean json) {
    return follow(output, runs, takeUp(output, runs, plan, anew), workers, json);
  }

  /** Starts a study and watches it until it ends. */
  static int follow(Output output, Runs runs, Study study, int workers, boolean json) {
    Path workspace = runs.workspace();
    WorkspaceOption.ingest(workspace);
    StudyFollower follower = new StudyFollower(output, study);
    ProcessHandle supervisor = study.start(runs, workers);
    output.note("study %s: %d runs", study.name(), study.runs().size());
    Thread stop = stopper(study, supervisor, output);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      boolean alive;
      do {
        alive = supervisor.isAlive(); // asked before reading, so that the last words are read
        follower.read();
        if (alive) {
          LockSupport.parkNanos(POLL_NANOS);
        }
      } while (alive);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException ending) {
        // The JVM ends because of a signal: the hook is at work.
      }
    }
    WorkspaceOption.ingest(workspace);
    Study end = Study.read(study.directory());
    if (json) {
      output.json(Result.of(end));
    } else {
      output.line("%s  %s", end.name(), end.state().name().toLowerCase(Locale.ROOT));
      if (end.state() == RunState.FINISHED) {
        StudyReports.read(end).ifPresent(result -> StudyReport.cards(output, result.cards()));
      }
    }
    if (end.state() == RunState.FINISHED) {
      return CommandLineEntry.OK;
    }
    output.error(
        "study "
            + end.id()
            + " is "
            + end.state().name().toLowerCase(Locale.ROOT)
            + (end.detail().isEmpty() ? "" : ": " + end.detail())
            + (end.state() == RunState.FAILED
                ? "; when it is mended, the same command starts it anew, and `plumbline study"
                    + " resume "
                    + end.id()
                    + "` tries only what is not finished"
                : "; run the same command to go on"));
    return CommandLineEntry.FAILED;
  }

  /** The newest study of the plan where it goes on, or a new one. */
  private static Study takeUp(Output output, Runs runs, StudyPlan plan, boolean anew) {
    Optional<Study> last = Study.newest(runs.workspace(), plan);
    if (last.isPresent()) {
      Study before = last.get();
      if (before.isOf(plan) && before.state().isActive()) {
        throw new UserError(
            "study %s (%s) is running already; stop it with `plumbline study stop %s` first"
                .formatted(before.id(), before.name(), before.id()));
      }
      if (before.isInterrupted()) {
        if (before.isOf(plan)) {
          return before;
        }
        output.note(
            "study %s has the same name and other runs; it stays as it is, and `plumbline study"
                + " resume %s` goes on with it",
            before.id(), before.id());
      }
    }
    Study study = Study.create(runs, plan, !anew);
    long done = study.members().stream().filter(run -> run.state() == RunState.FINISHED).count();
    if (done > 0) {
      output.note(
          "%d of its runs are finished in this workspace already and are taken over; --anew runs"
              + " them again",
          done);
    }
    return study;
  }

  private void read() {
    for (RunFollower run : followers) {
      run.poll();
    }
    try {
      JournalReader.Batch batch;
      do {
        batch = journal.read();
        for (JournalEntry entry : batch.entries()) {
          take(entry.event());
        }
      } while (batch.more());
    } catch (IOException e) {
      output.note(
          "cannot read %s just now: %s", study.journalFile(), String.valueOf(e.getMessage()));
    }
  }

  private void take(JournalEvent event) {
    if (!followers.isEmpty()) {
      return;
    }
    switch (event) {
      case JournalEvent.Notice(long _, String text) -> output.note("%s", text);
      case JournalEvent.State(RunState now, long _, String detail)
          when now == RunState.RUNNING && !detail.isEmpty() ->
          output.note("%s", detail);
      case JournalEvent.Progress progress -> {
        boolean further = shown == null || shown.step() != progress.step();
        if (further || System.nanoTime() - lineAt > LINE_NANOS) {
          shown = progress;
          lineAt = System.nanoTime();
          output.note(
              "%d of %d runs done%s%s",
              progress.step(),
              progress.totalSteps(),
              Double.isFinite(progress.secondsLeft())
                  ? ", about " + left(progress.secondsLeft()) + " left"
                  : "",
              progress.phase().isEmpty() ? "" : "; at work: " + progress.phase());
        }
      }
      default -> {}
    }
  }

  /** {@code 4:10 min} or {@code 2.5 h}. */
  static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }

  private static Thread stopper(Study study, ProcessHandle supervisor, Output output) {
    return Thread.ofPlatform()
        .unstarted(
            () -> {
              if (supervisor.isAlive()) {
                output.note("stopping study %s with checkpoints", study.name());
                study.cancel();
                supervisor.onExit().join();
              }
            });
  }
}
