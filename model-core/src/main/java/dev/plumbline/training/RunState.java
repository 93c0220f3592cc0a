package dev.plumbline.training;

/** The states of a run. */
public enum RunState {
  /** Written, not started. */
  QUEUED,
  /** The worker process loads models and data. */
  STARTING,
  /** Training goes on. */
  RUNNING,
  /** Waits for a resume command; the worker lives. */
  PAUSED,
  /** Ended because someone asked; resumes from its last checkpoint. */
  STOPPED,
  /** Ended at its last step. */
  FINISHED,
  /** Ended by an error; the detail says which and what to do. */
  FAILED,
  /** The worker is gone without a word (killed, power cut); resumes from its last checkpoint. */
  LOST;

  /** Whether a worker process should be alive in this state. */
  public boolean isActive() {
    return this == STARTING || this == RUNNING || this == PAUSED;
  }

  /** Whether the run can be taken up again from its last checkpoint. */
  public boolean isResumable() {
    return this == QUEUED || this == STOPPED || this == FAILED || this == LOST;
  }
}
