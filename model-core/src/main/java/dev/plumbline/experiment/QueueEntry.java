package dev.plumbline.experiment;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A study or a run that was put into the workspace's queue. What is done is in the study's or the
 * run's own directory; the entry only says what is to happen to it and when.
 *
 * @param number names the entry for good
 * @param kind what it is
 * @param target id of the study or run
 * @param title for people
 * @param state where it stands
 * @param wish what a person asked of it while it is at work
 * @param device what its workers compute on, as {@code --device} takes it
 * @param workers runs of a study at a time, 0 for as many as the machine carries
 * @param added when it was put in
 * @param begun when it was begun last; null before
 * @param ended when it ended; null before
 * @param detail one line, such as why it failed; mostly empty
 */
public record QueueEntry(
    long number,
    Kind kind,
    String target,
    String title,
    State state,
    Wish wish,
    String device,
    int workers,
    Instant added,
    @Nullable Instant begun,
    @Nullable Instant ended,
    String detail) {

  /** What an entry is. */
  public enum Kind {
    STUDY,
    RUN
  }

  /** Where an entry stands. */
  public enum State {
    /** Its turn has not come. */
    WAITING,
    /** Its process is at work. */
    RUNNING,
    /** Passed over until a person lets it go on; its runs have checkpoints. */
    PAUSED,
    /** Done. */
    FINISHED,
    /** Ended by an error. */
    FAILED,
    /** Taken out by a person. */
    CANCELLED;

    /** Whether nothing more happens to it by itself or by resuming. */
    public boolean isOver() {
      return this == FINISHED || this == FAILED || this == CANCELLED;
    }

    /** In lower case, as it is stored and printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is asked of an entry that is at work. */
  public enum Wish {
    NONE,
    /** Stop with checkpoints and keep the place. */
    PAUSE,
    /** Stop with checkpoints and be taken out. */
    CANCEL
  }
}
