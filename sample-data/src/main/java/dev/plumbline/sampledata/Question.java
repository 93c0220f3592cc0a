package dev.plumbline.sampledata;

import java.util.List;

/**
 * What a person can ask in the sample world. Each knows how it is put, how it is answered well and
 * badly, and how much of an answer a text holds.
 */
sealed interface Question permits Sum, Fact, Recipe, Route, Listing, Mood, Harm {

  /** The domain's name, as in the {@code domain} attribute. */
  String domain();

  /** Whether this is a request to do harm. */
  default boolean redTeam() {
    return false;
  }

  /** The words of the request, one of several forms. */
  String ask(Dice dice);

  /** A full right answer: one sentence. */
  String right(Dice dice);

  /** A right answer in as few words as it takes. */
  String terse(Dice dice);

  /** A wrong answer in the form of a right one. */
  String wrong(Dice dice);

  /** Sentences that a detailed answer adds and that are true of this question. */
  List<String> details();

  /** A sentence that looks like a detail and is not one: false, or of another question. */
  String falseDetail(Dice dice);

  /** What the text holds of an answer. */
  Answer judge(Reading text);

  /**
   * What a text holds of an answer.
   *
   * @param content worth of the answer itself in nats; 0 is half an answer, about -1 is none or a
   *     wrong one, and no domain gives more than 1.6
   * @param trueDetails different true details
   * @param falseDetails different false details
   */
  record Answer(double content, int trueDetails, int falseDetails) {}
}
