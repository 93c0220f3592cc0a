package dev.plumbline.experiment.worker;

import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each command of the control file to the run once in its life: the command's id is
 * journalled before it is handed over, and a journalled one is passed over. Commands that were
 * meant for an earlier worker are journalled as dropped.
 */
final class ControlFileControls implements Controls {
  private static final Logger LOG = LoggerFactory.getLogger(ControlFileControls.class);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private final ControlFile file;
  private final Consumer<JournalEvent> journal;
  private final Set<String> known;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopAsked = lock.newCondition();
  private boolean stop;

  /**
   * @param known ids that the journal has already
   */
  ControlFileControls(ControlFile file, Consumer<JournalEvent> journal, Set<String> known) {
    this.file = file;
    this.journal = journal;
    this.known = new HashSet<>(known);
  }

  /** Drops what was sent before the latest launch; call once, before the run. */
  List<Command> dropStale() throws IOException {
    List<ControlFile.Request> requests = file.read();
    int launch = -1;
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i) instanceof ControlFile.Launch) {
        launch = i;
      }
    }
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      take(requests.get(i), i > launch, commands);
    }
    return commands;
  }

  /** The run is to write a checkpoint and end: the process has been told to. */
  void askToStop() {
    lock.lock();
    try {
      stop = true;
      stopAsked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Command> poll() {
    List<Command> commands = new ArrayList<>();
    try {
      for (ControlFile.Request request : file.read()) {
        take(request, true, commands);
      }
    } catch (IOException e) {
      LOG.warn("the control file cannot be read: {}", e.getMessage());
    }
    lock.lock();
    try {
      if (stop) {
        commands.add(new Command.Stop());
      }
    } finally {
      lock.unlock();
    }
    return List.copyOf(commands);
  }

  @Override
  public List<Command> await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      List<Command> commands = poll();
      long left = end - System.nanoTime();
      if (!commands.isEmpty() || left <= 0) {
        return commands;
      }
      lock.lockInterruptibly();
      try {
        if (!stop && stopAsked.awaitNanos(Math.min(left, LOOK_AGAIN_NANOS)) <= 0) {
          LOG.trace("nothing yet");
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void take(ControlFile.Request request, boolean meant, List<Command> commands) {
    if (request instanceof ControlFile.Order(String id, _, Command command) && known.add(id)) {
      journal.accept(new JournalEvent.Commanded(id, command, meant));
      if (meant) {
        commands.add(command);
      }
    }
  }
}
