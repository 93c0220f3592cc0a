package dev.plumbline.experiment;

import java.time.Duration;

/**
 * Where runs are worked on: this machine's processes, or a cluster's. What a queue knows of a run
 * it reads from the run's directory or asks its scheduler, so that another process with the same
 * queue finds the runs that are at work.
 */
public interface RunQueue {
  /** How many runs may be handed to it at a time. */
  int slots();

  /**
   * Hands a run over; it is begun, or goes on from its last checkpoint.
   *
   * @throws dev.plumbline.data.UserError where it cannot be; one line
   */
  void submit(RunDirectory run);

  /** Whether somebody works on a run, or will. */
  boolean holds(RunDirectory run);

  /** Asks for a run to end with a checkpoint; returns at once. */
  void stop(RunDirectory run);

  /**
   * Waits until a run that was handed over here may have ended, or the time is over.
   *
   * @throws InterruptedException where the waiting thread is interrupted
   */
  void await(Duration limit) throws InterruptedException;
}
