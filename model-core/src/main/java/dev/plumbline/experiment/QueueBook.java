package dev.plumbline.experiment;

import java.nio.file.Path;
import java.util.List;

/**
 * The record of a workspace's queue as the process that works through it needs it. People change
 * the record at the same time, from other processes: every call is whole and reads what stands now.
 */
public interface QueueBook extends AutoCloseable {
  /** All entries in their order, those that are over too. */
  List<QueueEntry> entries();

  /** How the queue is worked through. */
  Terms terms();

  /** Whether somebody should be at work: an entry is, or waits and nothing holds it back. */
  default boolean isAnythingToDo() {
    boolean paused = terms().paused();
    return entries().stream()
        .anyMatch(
            entry ->
                entry.state() == QueueEntry.State.RUNNING
                    || (entry.state() == QueueEntry.State.WAITING && !paused));
  }

  /**
   * An entry's turn has come: it is at work from now on.
   *
   * @return false where it does not wait any more, because a person was faster
   */
  boolean begin(long number);

  /** Notes where an entry stands now; what was asked of it is settled by that. */
  void enter(long number, QueueEntry.State state, String detail);

  @Override
  void close();

  /**
   * How a queue is worked through.
   *
   * @param paused whether nothing new is begun
   * @param atATime entries at work at a time, 0 for as many as the machine carries
   */
  record Terms(boolean paused, int atATime) {
    /** One after the other. */
    public static final Terms STANDARD = new Terms(false, 1);
  }

  /** Opens the record of a workspace's queue; a service, because the record is a database. */
  interface Opener {
    /**
     * Opens it.
     *
     * @throws dev.plumbline.data.UserError where it cannot be read or written
     */
    QueueBook open(Path workspace);
  }
}
