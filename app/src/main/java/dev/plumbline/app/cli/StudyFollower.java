package dev.plumbline.app.cli;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Makes or takes up a study, and watches its runs from the terminal. */
final class StudyFollower {
  private static final long POLL_NANOS = 200_000_000L;

  private StudyFollower() {}

  /** A study as scripts read it. */
  record Result(String study, String name, String state, String detail, List<String> runs) {
    static Result of(Study study) {
      return new Result(
          study.id(),
          study.name(),
          study.state().name().toLowerCase(Locale.ROOT),
          study.detail(),
          study.runs());
    }
  }

  static int run(Output output, Path workspace, Path file, boolean json, DeviceChoice device) {
    Runs runs = new Runs(workspace, WorkerLauncher.standard().on(device));
    // First: a study file that will not do leaves no workspace behind where there was none.
    Study study = takeUp(runs, file);
    WorkspaceOption.ingest(workspace);
    ProcessHandle supervisor = study.start(runs);
    output.note("study %s: %d runs", study.name(), study.runs().size());
    Thread stop = stopper(study, supervisor, output);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      for (RunDirectory run : study.members()) {
        follow(output, run, supervisor);
      }
      supervisor.onExit().join();
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
                ? "; when it is mended, the same command starts it anew"
                : "; run the same command to go on"));
    return CommandLineEntry.FAILED;
  }

  /**
   * The newest study of the file's name that was interrupted, or a new one. One that failed is made
   * anew: its specs were copied when it was made, and the mend is in the files.
   */
  private static Study takeUp(Runs runs, Path file) {
    String name = Study.nameIn(file);
    for (Study study : Study.list(runs.workspace()).reversed()) {
      if (study.name().equals(name)) {
        if (study.state().isResumable() && study.state() != RunState.FAILED) {
          return study;
        }
        break;
      }
    }
    return Study.create(runs, file);
  }

  /** Watches one member until it has ended; a member that never starts ends with its study. */
  private static void follow(Output output, RunDirectory run, ProcessHandle supervisor) {
    RunFollower follower = new RunFollower(output, run);
    while (true) {
      boolean alive = supervisor.isAlive();
      RunFollower.End now = follower.poll();
      if (!alive || now.state() == RunState.FINISHED || now.state() == RunState.FAILED) {
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static Thread stopper(Study study, ProcessHandle supervisor, Output output) {
    return Thread.ofPlatform()
        .unstarted(
            () -> {
              if (supervisor.isAlive()) {
                output.note("stopping study %s with a checkpoint", study.name());
                study.cancel();
                supervisor.onExit().join();
              }
            });
  }
}
