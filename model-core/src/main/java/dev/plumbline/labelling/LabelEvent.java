package dev.plumbline.labelling;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that an annotator did. Events are only ever added: who takes something back adds that.
 *
 * @param id the log's own name and the event's number in it, {@code 5f0c2a19-12}; unique everywhere
 * @param annotator who
 * @param time when
 * @param action what
 */
public record LabelEvent(String id, String annotator, Instant time, Action action) {

  /** What was done. */
  public sealed interface Action {}

  /**
   * A pair was answered; a later answer to the same place stands instead of this one.
   *
   * @param slot the place in the annotator's order
   * @param item id of the pair
   * @param firstLeft whether the first candidate stood on the left
   * @param answers of the mode's question, then of the further ones, each in the batch's order
   * @param ratings closing ratings from 1 to 5 in the batch's order; 0 for none
   * @param seconds active time, pauses left out; NaN where an imported file does not say it
   * @param guidelines version that was shown
   * @param blind whether model names were hidden
   * @param edited text that one candidate was changed into, where it was
   */
  public record Answered(
      int slot,
      String item,
      boolean firstLeft,
      List<Judgement> answers,
      List<Integer> ratings,
      double seconds,
      int guidelines,
      boolean blind,
      Optional<Edit> edited)
      implements Action {
    /** Asks for an answer. */
    public Answered {
      answers = List.copyOf(answers);
      ratings = List.copyOf(ratings);
      if (answers.isEmpty()) {
        throw new IllegalArgumentException("an answer answers at least the batch's own question");
      }
    }

    /** The answer to the mode's own question. */
    public Judgement main() {
      return answers.getFirst();
    }
  }

  /**
   * A candidate's text made better by an annotator; data sets hold it as preferred to the original
   * (paper appendix D.2).
   *
   * @param first whether it was the first candidate
   * @param text the new text
   */
  public record Edit(boolean first, String text) {}

  /**
   * An answer was taken back.
   *
   * @param event its id
   */
  public record Undone(String event) implements Action {}

  /**
   * A pair was marked, or its mark taken off, with a word about it.
   *
   * @param slot the place in the annotator's order
   * @param item id of the pair
   * @param flagged whether it is marked from now on
   * @param comment what the annotator says about it; replaces what was said before
   */
  public record Noted(int slot, String item, boolean flagged, String comment) implements Action {}

  /**
   * Somebody decided what several annotators did not agree on.
   *
   * @param item id of the pair
   * @param judgement what counts
   * @param reason why
   */
  public record Adjudicated(String item, Judgement judgement, String reason) implements Action {}

  /**
   * The annotator came or left.
   *
   * @param open whether the session began
   * @param attributes what else is to be kept of it, by name
   */
  public record Session(boolean open, Map<String, String> attributes) implements Action {
    /** Keeps the order of the attributes. */
    public Session {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }
}
