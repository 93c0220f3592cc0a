package dev.plumbline.app.study;

import dev.plumbline.app.feed.StudyProgress;

/**
 * A study on screen.
 *
 * @param progress how far it is
 * @param finished how many of its runs are finished
 * @param stopping whether it was asked to stop and goes on still
 */
public record StudyItem(StudyProgress progress, int finished, boolean stopping) {
  /** Number of the run that it is at, or would go on with, from 1. */
  public int place() {
    return Math.min(finished + 1, size());
  }

  /** How many runs it has. */
  public int size() {
    return progress.runs().size();
  }

  /** Whether it can be asked to stop. */
  public boolean canStop() {
    return progress.running() && !stopping;
  }

  /** Whether it can be taken up again. */
  public boolean canContinue() {
    return progress.state().isResumable();
  }
}
