package dev.plumbline.labelling;

import java.time.Instant;

/**
 * An answer that stands.
 *
 * @param id of its event
 * @param annotator who gave it
 * @param time when
 * @param item the pair
 * @param repeat whether the pair was shown to this annotator before, as a hidden repeat
 * @param answer what was said
 */
public record Label(
    String id,
    String annotator,
    Instant time,
    LabelItem item,
    boolean repeat,
    LabelEvent.Answered answer) {

  /** The answer to the batch's own question. */
  public Judgement judgement() {
    return answer.main();
  }

  /** Whether the chosen candidate stood on the left; false where none was chosen. */
  public boolean choseLeft() {
    return judgement().outcome().decided()
        && (judgement().outcome() == Outcome.FIRST) == answer.firstLeft();
  }
}
