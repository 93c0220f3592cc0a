package dev.plumbline.app.feed;

import java.util.List;

/**
 * How far a study is.
 *
 * @param stages its runs in order
 * @param running whether it goes on
 * @param problem why it ended early, or empty
 */
public record StudyProgress(List<Stage> stages, boolean running, String problem) {
  /** Copies the list. */
  public StudyProgress {
    stages = List.copyOf(stages);
  }

  /**
   * One run of the study.
   *
   * @param name the run's name in its spec
   * @param runId id of the run, or empty while it has not been made
   */
  public record Stage(String name, String runId) {}
}
