package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.RunQueue;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through a workspace's queue: begins an entry when its turn comes, carries out what people
 * ask of those at work, and notes how each ended. It holds nothing that is not on the disk: killed
 * and started again it finds the entries that are at work, and begins those again that were cut
 * off; they go on from their checkpoints.
 */
public final class QueueSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(QueueSupervisor.class);
  private static final long LOOK_NANOS = 200_000_000L;
  private static final int LOCK_TRIES = 20;
  private static final String CUT_OFF = "its process is gone without a word, twice";

  private final QueueProcess files;
  private final QueueBook book;
  private final WorkerLauncher launcher;
  private final Map<String, Place> places = new HashMap<>();
  private final Set<Long> told = new HashSet<>();
  private final Set<Long> again = new HashSet<>();

  /** Where entries of one device are worked on. */
  private record Place(Runs runs, RunQueue queue) {}

  /**
   * A supervisor.
   *
   * @param book the queue's record; the caller closes it
   */
  public QueueSupervisor(Path workspace, QueueBook book, WorkerLauncher launcher) {
    this.files = new QueueProcess(workspace);
    this.book = book;
    this.launcher = launcher;
  }

  /** Works until nothing is left to do, or the queue is paused and nothing is at work. */
  public Worker.Exit run() throws IOException {
    Files.createDirectories(files.directory());
    boolean worked = false;
    do {
      try (FileChannel channel =
              FileChannel.open(
                  files.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        if (lock == null) {
          LOG.info("another process works through the queue; this one ends");
          return worked ? Worker.Exit.DONE : Worker.Exit.BUSY;
        }
        worked = true;
        WorkerProcess.current().write(files.workerFile());
        while (turn()) {
          if (Thread.interrupted()) {
            return Worker.Exit.DONE;
          }
          LockSupport.parkNanos(LOOK_NANOS);
        }
        Files.deleteIfExists(files.workerFile());
      }
    } while (book.isAnythingToDo()); // added between the last look and now
    return Worker.Exit.DONE;
  }

  /** One that ends just now lets go of the lock in a moment. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    for (int i = 0; i < LOCK_TRIES; i++) {
      FileLock lock = Worker.tryLock(channel);
      if (lock != null) {
        return lock;
      }
      LockSupport.parkNanos(LOOK_NANOS / 2);
    }
    return null;
  }

  /** One look at everything; whether there is anything to wait for. */
  private boolean turn() {
    for (QueueEntry entry : all(QueueEntry.State.RUNNING)) {
      try {
        look(entry);
      } catch (UserError e) {
        fail(entry, e);
      }
    }
    QueueBook.Terms terms = book.terms();
    if (!terms.paused()) {
      begin(terms);
    }
    return book.isAnythingToDo();
  }

  private List<QueueEntry> all(QueueEntry.State state) {
    return book.entries().stream().filter(entry -> entry.state() == state).toList();
  }

  private void fail(QueueEntry entry, UserError cause) {
    LOG.error("{} failed", entry.target(), cause);
    book.enter(entry.number(), QueueEntry.State.FAILED, String.valueOf(cause.getMessage()));
  }

  // ------------------------------------------------------------------------------------- begin

  private void begin(QueueBook.Terms terms) {
    int cores = Runtime.getRuntime().availableProcessors();
    for (QueueEntry entry : all(QueueEntry.State.WAITING)) {
      List<QueueEntry> working = all(QueueEntry.State.RUNNING);
      int slots = slots(terms.atATime(), entry, cores);
      if (working.size() >= slots
          || (terms.atATime() == 0 && !working.isEmpty() && !fits(working, entry))) {
        return; // the order stands: a later one that fits does not overtake
      }
      if (!book.begin(entry.number())) {
        continue;
      }
      try {
        submit(entry, slots > 1 ? Math.max(1, cores / slots) : 0);
        LOG.info("began {} ({})", entry.target(), entry.title());
      } catch (UserError e) {
        fail(entry, e);
      }
    }
  }

  /** Entries at a time: as asked for, else one for each core; GPUs are not shared. */
  private int slots(int asked, QueueEntry entry, int cores) {
    if (asked > 0) {
      return asked;
    }
    DeviceChoice device = Machine.look().resolve(place(entry, 0).runs().choice());
    return device.kind() == DeviceChoice.Kind.CPU ? cores : 1;
  }

  private boolean fits(List<QueueEntry> working, QueueEntry entry) {
    double bytes = bytes(entry);
    for (QueueEntry one : working) {
      bytes += bytes(one);
    }
    return bytes <= LocalShare.MEMORY_SHARE * RunEstimate.machineBytes();
  }

  /** What an entry is expected to need at a time when others are at work beside it, in bytes. */
  private double bytes(QueueEntry entry) {
    try {
      if (entry.kind() == QueueEntry.Kind.STUDY) {
        return LocalShare.bytes(study(entry));
      }
      RunSpec spec = run(entry).spec();
      return spec.resolved()
          ? Math.max(LocalShare.LEAST_BYTES, RunEstimate.of(spec.spec().settings()).totalBytes())
          : LocalShare.LEAST_BYTES;
    } catch (UserError e) {
      LOG.debug("no estimate of {}: {}", entry.target(), e.getMessage());
      return LocalShare.LEAST_BYTES;
    }
  }

  /**
   * Starts an entry's process, unless it is at work or done already.
   *
   * @param share cores that it may use, 0 for all
   */
  private void submit(QueueEntry entry, int share) {
    Place place = place(entry, share);
    if (entry.kind() == QueueEntry.Kind.RUN) {
      RunDirectory run = run(entry);
      if (run.state() != RunState.FINISHED) {
        place.queue().submit(run);
      }
      return;
    }
    Study study = study(entry);
    if (study.state() != RunState.FINISHED && !study.state().isActive()) {
      LOG.debug(
          "process {}",
          study.start(place.runs(), entry.workers() > 0 ? entry.workers() : share).pid());
    }
  }

  private Place place(QueueEntry entry, int share) {
    return places.computeIfAbsent(
        entry.device() + "/" + share,
        _ -> {
          Runs runs = new Runs(files.workspace(), launcher.on(DeviceChoice.parse(entry.device())));
          return new Place(runs, new LocalQueue(runs, new LocalShare(1, share)));
        });
  }

  // -------------------------------------------------------------------------------------- look

  /** Carries out what is asked of an entry at work, or notes how it ended. */
  private void look(QueueEntry entry) {
    if (holds(entry)) {
      if (entry.wish() != QueueEntry.Wish.NONE && told.add(entry.number())) {
        stop(entry);
      }
      return;
    }
    boolean byUs = told.remove(entry.number());
    RunState state;
    String detail;
    if (entry.kind() == QueueEntry.Kind.STUDY) {
      Study study = study(entry);
      state = study.state();
      detail = study.detail();
    } else {
      RunDirectory run = run(entry);
      state = run.state();
      detail = run.detail();
    }
    switch (state) {
      case FINISHED -> book.enter(entry.number(), QueueEntry.State.FINISHED, "");
      case FAILED -> book.enter(entry.number(), QueueEntry.State.FAILED, detail);
      case STOPPED, QUEUED -> stopped(entry, byUs);
      default -> {
        if (entry.wish() == QueueEntry.Wish.NONE) {
          boolean first = again.add(entry.number());
          book.enter(
              entry.number(),
              first ? QueueEntry.State.WAITING : QueueEntry.State.FAILED,
              first ? "" : CUT_OFF);
        } else {
          stopped(entry, byUs);
        }
      }
    }
  }

  /**
   * @param byUs whether it was told to stop from here; a person who asks for nothing now has
   *     changed their mind meanwhile
   */
  private void stopped(QueueEntry entry, boolean byUs) {
    switch (entry.wish()) {
      case CANCEL -> book.enter(entry.number(), QueueEntry.State.CANCELLED, "");
      case PAUSE -> book.enter(entry.number(), QueueEntry.State.PAUSED, "");
      case NONE ->
          book.enter(
              entry.number(),
              byUs ? QueueEntry.State.WAITING : QueueEntry.State.PAUSED,
              byUs ? "" : "stopped from outside the queue");
    }
  }

  private boolean holds(QueueEntry entry) {
    return entry.kind() == QueueEntry.Kind.RUN
        ? place(entry, 0).queue().holds(run(entry))
        : WorkerProcess.read(study(entry).directory().resolve("worker.json"))
            .flatMap(WorkerProcess::handle)
            .isPresent();
  }

  private void stop(QueueEntry entry) {
    if (entry.kind() == QueueEntry.Kind.RUN) {
      place(entry, 0).queue().stop(run(entry));
    } else {
      study(entry).cancel();
    }
  }

  private RunDirectory run(QueueEntry entry) {
    return new RunDirectory(files.workspace().resolve("runs").resolve(entry.target()));
  }

  private Study study(QueueEntry entry) {
    return Study.read(files.workspace().resolve("studies").resolve(entry.target()));
  }
}
