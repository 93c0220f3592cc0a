package dev.plumbline.lm;

/**
 * A sampled continuation.
 *
 * @param tokens the new tokens, with the end token where the response ended by itself
 * @param logProbabilities ln p of each, at the sampling temperature (at 1 where that is 0) and
 *     before any bounds on what may be drawn, nats
 * @param end why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
public record Generation(int[] tokens, double[] logProbabilities, End end) {

  /** Why a continuation ends. */
  public enum End {
    /** The model drew the end token. */
    END_TOKEN,
    /** It holds a stop text. */
    STOP_TEXT,
    /** It reached the length limit. */
    LENGTH
  }

  /** Whether it ended by itself and not at the length limit. */
  public boolean ended() {
    return end != End.LENGTH;
  }
}
