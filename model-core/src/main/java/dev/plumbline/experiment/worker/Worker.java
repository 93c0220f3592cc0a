package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one run: takes its lock, resolves its spec, begins or resumes from the last checkpoint,
 * and makes sure that the journal says how it ended.
 */
public final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** How long a terminated process may take for its last checkpoint. */
  private static final long STOP_SECONDS = 60;

  private final StageExecutor executor;

  /** A worker that leaves the stages to an executor. */
  public Worker(StageExecutor executor) {
    this.executor = executor;
  }

  /** How a worker's process ends. */
  public enum Exit {
    /** The run is finished, or was stopped. */
    DONE(0),
    /** The run failed; the journal says why. */
    FAILED(1),
    /** Another process works on it; nothing was touched. */
    BUSY(3);

    private final int code;

    Exit(int code) {
      this.code = code;
    }

    /** The process's exit code. */
    public int code() {
      return code;
    }
  }

  /** Works on a run until it ends. */
  public Exit run(RunDirectory run) {
    if (!run.exists()) {
      throw new UserError(run.path() + " is no run directory: it has no spec.json; check the path");
    }
    try (FileChannel channel =
            FileChannel.open(run.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        LOG.warn("another process works on {}; this one ends", run.path());
        return Exit.BUSY;
      }
      WorkerProcess.current().write(run.workerFile());
      Reserve reserve = new Reserve(run.path().resolve("worker.reserve"));
      reserve.take();
      try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
        return work(run, journal, reserve);
      } finally {
        reserve.release();
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot write in %s: %s; check its rights and free space"
              .formatted(run.path(), e.getMessage()),
          e);
    }
  }

  private Exit work(RunDirectory run, JournalWriter journal, Reserve reserve) throws IOException {
    Past past = Past.of(JournalReader.readAll(run.journalFile()));
    if (past.state() == RunState.FINISHED) {
      LOG.info("{} is finished already", run.id());
      return Exit.DONE;
    }
    JournalListener listener = new JournalListener(journal, run.path());
    ControlFileControls controls =
        new ControlFileControls(run.control(), listener::write, past.commands());
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(controls, ended), "stop-on-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      listener.state(RunState.STARTING, past.step(), "");
      List<Command> first = controls.dropStale();
      RunSpec spec = Runs.complete(run);
      if (past.begun()) {
        Optional<String> changed = Runs.changedInput(spec);
        if (changed.isPresent()) {
          throw new UserError(changed.get());
        }
      }
      Optional<Path> checkpoint = run.checkpoints().last();
      if (past.begun()) {
        resumed(checkpoint, past, listener);
      }
      executor.run(
          spec.spec().settings(),
          spec.spec().seed(),
          run.path(),
          checkpoint.orElse(null),
          listener,
          new StartingWith(first, controls));
      if (listener.lastState().isActive()) {
        throw new IllegalStateException(
            "the stage ended " + listener.lastState().name().toLowerCase(Locale.ROOT));
      }
      return listener.lastState() == RunState.FAILED ? Exit.FAILED : Exit.DONE;
    } catch (Throwable failure) { // an Error too must be in the journal before the process ends
      reserve.release();
      fail(listener, failure);
      LOG.error("run {} failed", run.id(), failure);
      return Exit.FAILED;
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        LOG.debug("the process is ending already");
      }
    }
  }

  private static void resumed(Optional<Path> checkpoint, Past past, JournalListener listener) {
    if (checkpoint.isEmpty()) {
      listener.write(new JournalEvent.Resumed(-1));
      return;
    }
    Path directory = checkpoint.get();
    long step = Long.parseLong(String.valueOf(directory.getFileName()));
    listener.write(new JournalEvent.Resumed(step));
    if (!past.checkpoints().contains(step)) {
      listener.checkpoint(
          step, directory); // it appeared, but the earlier worker died before it said so
    }
  }

  private static void fail(JournalListener listener, Throwable failure) {
    String detail =
        switch (failure) {
          case UserError error -> String.valueOf(error.getMessage());
          case OutOfMemoryError _ ->
              "out of memory; make batches or contexts smaller, or give the machine more";
          default ->
              "internal error (%s: %s); the log has the details"
                  .formatted(failure.getClass().getSimpleName(), failure.getMessage());
        };
    try {
      listener.state(RunState.FAILED, listener.lastStep(), detail.replaceAll("\\s+", " "));
    } catch (UserError e) {
      LOG.error("the failure could not be journalled: {}", e.getMessage());
    }
  }

  private static void stopAndWait(ControlFileControls controls, CountDownLatch ended) {
    controls.askToStop();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("no checkpoint within {} s of the signal; the run ends without", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null where another process has the lock. */
  static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** What the journal says of earlier workers. */
  private record Past(
      RunState state, long step, boolean begun, Set<String> commands, Set<Long> checkpoints) {
    static Past of(List<JournalEntry> entries) {
      RunState state = RunState.QUEUED;
      long step = 0;
      boolean begun = false;
      Set<String> commands = new HashSet<>();
      Set<Long> checkpoints = new HashSet<>();
      for (JournalEntry entry : entries) {
        switch (entry.event()) {
          case JournalEvent.State event -> {
            state = event.state();
            step = event.step();
            begun |= state == RunState.RUNNING;
          }
          case JournalEvent.Commanded event -> commands.add(event.id());
          case JournalEvent.Checkpoint event -> checkpoints.add(event.step());
          default -> {
            // says nothing about how to go on
          }
        }
      }
      return new Past(state, step, begun, commands, checkpoints);
    }
  }

  /** Commands that came while the worker was starting, then those of the file. */
  private static final class StartingWith implements Controls {
    private final List<Command> first;
    private final Controls rest;

    StartingWith(List<Command> first, Controls rest) {
      this.first = new ArrayList<>(first);
      this.rest = rest;
    }

    @Override
    public List<Command> poll() {
      return first.isEmpty() ? rest.poll() : takeFirst(rest.poll());
    }

    @Override
    public List<Command> await(Duration limit) throws InterruptedException {
      return first.isEmpty() ? rest.await(limit) : takeFirst(rest.poll());
    }

    private List<Command> takeFirst(List<Command> more) {
      List<Command> all = new ArrayList<>(first);
      all.addAll(more);
      first.clear();
      return all;
    }
  }
}
