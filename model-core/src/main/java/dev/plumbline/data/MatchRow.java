package dev.plumbline.data;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a match between two models.
 *
 * @param modelA the model shown as a
 * @param modelB the model shown as b
 * @param winner who won
 * @param group what other matches share that are not independent of it (a conversation, a prompt),
 *     or null
 */
public record MatchRow(String modelA, String modelB, Winner winner, @Nullable String group) {
  /** Who won. */
  public enum Winner {
    /** The model shown as a. */
    A,
    /** The model shown as b. */
    B,
    /** Neither. */
    TIE
  }
}
