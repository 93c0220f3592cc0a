package dev.plumbline.workspace;

import java.time.Instant;

/**
 * Something that happened to a run and belongs on its charts.
 *
 * @param sequence place in the run's journal
 * @param time when
 * @param step at which step
 * @param kind what
 * @param label short text for people: {@code lambda_kl 0.001 → 0.01}, {@code paused}
 * @param parameter the hyper-parameter that was set, else empty
 * @param from its value before, else NaN
 * @param to its value after, else NaN
 */
public record MarkRow(
    String runId,
    long sequence,
    Instant time,
    long step,
    Kind kind,
    String label,
    String parameter,
    double from,
    double to) {
  /** Kinds of mark. */
  public enum Kind {
    STATE,
    STEERED,
    CHECKPOINT,
    RESUMED,
    NOTICE,
    /** A rule of the workspace came true. */
    ALERT
  }
}
