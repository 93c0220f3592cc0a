package dev.plumbline.app.feed;

import dev.plumbline.training.RunState;
import java.util.List;

/**
 * How far a study is.
 *
 * @param id name of its directory
 * @param name for people
 * @param state as its record says, LOST where its process is gone
 * @param detail one line: the run that it is at, or why it ended early
 * @param runs ids of its runs in order
 */
public record StudyProgress(
    String id, String name, RunState state, String detail, List<String> runs) {
  /** Copies the list. */
  public StudyProgress {
    runs = List.copyOf(runs);
  }

  /** Whether its process goes through its runs now. */
  public boolean running() {
    return state.isActive();
  }
}
