package dev.plumbline.experiment.answer;

import dev.plumbline.training.TokenTrace;
import java.util.Map;
import java.util.TreeMap;

/** What becomes of a request; the last event of each is one of the last three kinds. */
public sealed interface AnswerEvent {
  /** The request that it is about. */
  long id();

  /** The request is being worked on: models are loaded, or tokens drawn. */
  record Begun(long id) implements AnswerEvent {}

  /**
   * The answer has grown.
   *
   * @param text all of it so far
   */
  record Grown(long id, String text) implements AnswerEvent {}

  /**
   * The answer is complete.
   *
   * @param text the answer
   * @param tokens its length, the end token included
   * @param ended whether it ended by itself and not at the limit
   * @param logProbability sum over its tokens of ln p at the temperature (at 1 where that is 0),
   *     nats
   * @param scores of the preference models by name, nats
   * @param trace log-probability and entropy of its tokens; all else is NaN
   */
  record Done(
      long id,
      String text,
      int tokens,
      boolean ended,
      double logProbability,
      Map<String, Double> scores,
      TokenTrace trace)
      implements AnswerEvent {
    /** Copies the map. */
    public Done {
      scores = Map.copyOf(new TreeMap<>(scores));
    }
  }

  /**
   * There is no answer.
   *
   * @param reason one line
   */
  record Failed(long id, String reason) implements AnswerEvent {}

  /** The request was called off. */
  record Cancelled(long id) implements AnswerEvent {}
}
