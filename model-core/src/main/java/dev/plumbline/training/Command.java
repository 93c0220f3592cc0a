package dev.plumbline.training;

/** What a person may ask of a run while it goes on. */
public sealed interface Command {
  /** Wait between two steps. */
  record Pause() implements Command {}

  /** Go on. */
  record Resume() implements Command {}

  /** Do one step, then wait. */
  record StepOnce() implements Command {}

  /** Write a checkpoint and end. */
  record Stop() implements Command {}

  /** Write a checkpoint now. */
  record Checkpoint() implements Command {}

  /** Set a hyper-parameter: {@code lambda_kl}, {@code learning_rate} or {@code temperature}. */
  record Steer(String parameter, double value) implements Command {}
}
