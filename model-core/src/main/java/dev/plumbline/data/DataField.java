package dev.plumbline.data;

import java.util.List;

/** What a column of a data file can be. Other columns are kept as attributes of their rows. */
public enum DataField {
  /** What comes before the responses: a transcript, a list of messages, or a plain request. */
  PROMPT("prompt", "input.messages", "instruction", "question", "query"),
  /** The preferred response, alone or at the end of its dialogue; the first one with a winner. */
  CHOSEN("chosen", "preferred_output", "conversation_a", "response_a", "preferred", "better"),
  /** The other response, likewise; the second one with a winner. */
  REJECTED(
      "rejected", "non_preferred_output", "conversation_b", "response_b", "dispreferred", "worse"),
  /** Which of the two won, where the columns do not say so themselves: a or b, left or right. */
  WINNER("winner"),
  /** A whole dialogue or a text. */
  TEXT("text", "transcript", "messages", "conversations", "conversation"),
  /** The response to a prompt. */
  RESPONSE("completion", "response", "output", "answer"),
  /** Which part of the collection a row is from: base, rejection sampled, online. */
  TRANCHE("tranche", "split_name", "phase"),
  /** Where a row is from: a data set, a task, a domain. */
  SOURCE("source", "dataset", "domain", "origin", "subset"),
  /** How clear the preference was. */
  MARGIN("margin", "strength"),
  /** A score of the preferred response. */
  SCORE_CHOSEN("score_chosen", "chosen_score", "gold_chosen", "chosen_rating"),
  /** A score of the other response. */
  SCORE_REJECTED("score_rejected", "rejected_score", "gold_rejected", "rejected_rating");

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
  private final List<String> names;

  DataField(String... names) {
    this.names = List.of(names);
  }

  /** Names that columns of this meaning usually have, the likeliest first. */
  public List<String> names() {
    return names;
  }

  /** Whether it is text of the row itself, which a row of some kind cannot be without. */
  public boolean isText() {
    return switch (this) {
      case PROMPT, CHOSEN, REJECTED, WINNER, TEXT, RESPONSE -> true;
      case TRANCHE, SOURCE, MARGIN, SCORE_CHOSEN, SCORE_REJECTED -> false;
    };
  }
}
