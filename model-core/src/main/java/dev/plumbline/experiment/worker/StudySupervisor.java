package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through a study's runs, each in a worker process of its own. It holds nothing that is not on
 * the disk: killed and started again it finds the member that runs, waits for it, and goes on.
 */
public final class StudySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(StudySupervisor.class);
  private static final long LOOK_MILLISECONDS = 200;

  private final Runs runs;
  private boolean stopped;

  /** A supervisor that starts members through {@code runs}. */
  public StudySupervisor(Runs runs) {
    this.runs = runs;
  }

  /** Works on a study until its last member is finished, or one is not to be. */
  public Worker.Exit run(Path directory) {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("worker.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = Worker.tryLock(channel)) {
      if (lock == null) {
        LOG.warn("another process works on {}; this one ends", directory);
        return Worker.Exit.BUSY;
      }
      WorkerProcess.current().write(directory.resolve("worker.json"));
      return supervise(Study.read(directory), directory);
    } catch (IOException e) {
      throw new UserError(
          "cannot write in %s: %s; check its rights and free space"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private Worker.Exit supervise(Study study, Path directory) throws IOException {
    ControlFile control = new ControlFile(directory.resolve("control.jsonl"));
    for (ControlFile.Request request : control.read()) {
      stopped = isStop(request); // one before the latest launch was meant for an earlier process
    }
    try {
      int number = 0;
      for (RunDirectory run : study.members()) {
        number++;
        if (run.state() == RunState.FINISHED) {
          continue;
        }
        String progress = "%d of %d: %s".formatted(number, study.runs().size(), run.id());
        study.with(RunState.RUNNING, progress).save();
        RunState end = member(run, control);
        if (end != RunState.FINISHED) {
          RunState state =
              end == RunState.STOPPED || end == RunState.QUEUED
                  ? RunState.STOPPED
                  : RunState.FAILED;
          String cause = run.detail();
          study
              .with(
                  state,
                  "%s is %s%s"
                      .formatted(
                          progress,
                          end.name().toLowerCase(Locale.ROOT),
                          cause.isEmpty() ? "" : ": " + cause))
              .save();
          return state == RunState.STOPPED ? Worker.Exit.DONE : Worker.Exit.FAILED;
        }
      }
      study.with(RunState.FINISHED, "").save();
      return Worker.Exit.DONE;
    } catch (UserError e) {
      LOG.error("study {} failed", study.id(), e);
      study.with(RunState.FAILED, String.valueOf(e.getMessage())).save();
      return Worker.Exit.FAILED;
    }
  }

  /** Starts a member unless it is worked on already, and waits for its end. */
  private RunState member(RunDirectory run, ControlFile control) throws IOException {
    // A stop that came while the member before ended must keep this one from starting.
    if (isStopped(control)) {
      return RunState.STOPPED;
    }
    if (!run.state().isActive()) {
      runs.start(run);
    }
    boolean told = false;
    while (true) {
      Optional<ProcessHandle> worker =
          WorkerProcess.read(run.workerFile()).flatMap(WorkerProcess::handle);
      if (worker.isEmpty()) {
        return run.state();
      }
      if (isStopped(control) && !told && run.state().isActive()) {
        runs.send(run, new Command.Stop());
        told = true;
      }
      try {
        worker.get().onExit().get(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.trace("{} works on", run.id());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return RunState.STOPPED;
      }
    }
  }

  private boolean isStopped(ControlFile control) throws IOException {
    for (ControlFile.Request request : control.read()) {
      stopped |= isStop(request);
    }
    return stopped;
  }

  private static boolean isStop(ControlFile.Request request) {
    return request instanceof ControlFile.Order order && order.command() instanceof Command.Stop;
  }
}
