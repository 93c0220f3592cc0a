package dev.plumbline.experiment.worker;

import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunQueue;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.training.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes of this machine, some at a time. Only the supervisor's thread calls it. */
final class LocalQueue implements RunQueue {
  private static final Logger LOG = LoggerFactory.getLogger(LocalQueue.class);

  private final Runs runs;
  private final LocalShare share;
  private final Semaphore ends = new Semaphore(0);
  private final Set<Long> watched = new HashSet<>();

  /** A queue that starts workers through {@code runs}. */
  LocalQueue(Runs runs, LocalShare share) {
    this.runs = runs;
    this.share = share;
  }

  @Override
  public int slots() {
    return share.workers();
  }

  @Override
  public void submit(RunDirectory run) {
    if (!run.state().isActive()) {
      runs.start(run, threads(run));
    }
    watch(run);
  }

  /** A run keeps the number of threads that it began with: the order of sums depends on it. */
  private int threads(RunDirectory run) {
    if (Integer.getInteger(WorkerMain.THREADS, 0) > 0) {
      return 0; // inherited
    }
    Path kept = run.path().resolve(TorchExecutor.KEPT_THREADS);
    try {
      return Files.isRegularFile(kept)
          ? Integer.parseInt(Files.readString(kept).strip())
          : share.threads();
    } catch (IOException | NumberFormatException e) {
      LOG.warn("{}: the number of threads is chosen anew: {}", run.id(), e.getMessage());
      return share.threads();
    }
  }

  @Override
  public boolean holds(RunDirectory run) {
    return watch(run).isPresent();
  }

  private Optional<ProcessHandle> watch(RunDirectory run) {
    Optional<ProcessHandle> worker =
        WorkerProcess.read(run.workerFile()).flatMap(WorkerProcess::handle);
    worker
        .filter(process -> watched.add(process.pid()))
        .map(process -> process.onExit().thenRun(ends::release))
        .ifPresent(_ -> LOG.debug("{} is watched", run.id()));
    return worker;
  }

  @Override
  public void stop(RunDirectory run) {
    if (run.state().isActive()) {
      runs.send(run, new Command.Stop());
    }
  }

  @Override
  public void await(Duration limit) throws InterruptedException {
    if (ends.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      ends.drainPermits();
    }
  }
}
