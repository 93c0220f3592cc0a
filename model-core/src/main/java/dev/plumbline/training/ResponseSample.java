package dev.plumbline.training;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One response of a policy during training.
 *
 * @param step the step at whose start the policy wrote it
 * @param index its place in the step's batch; the same index has the same prompt in sample sheets
 * @param prompt the dialogue so far, in the transcript form, ending in an open assistant turn
 * @param response the text that was sampled
 * @param pmScore preference model score in nats
 * @param logProbability sum over the response's tokens of ln pi, in nats
 * @param referenceLogProbability the same under the reference policy
 * @param tokens length of the response in tokens, its end token included
 * @param ended whether the response ended by itself and not at the length limit
 * @param scores what else scored it, in nats by name: {@code test/NAME}, {@code part/NAME}, {@code
 *     gold}
 * @param trace what is known of its tokens; empty where that was not kept
 */
public record ResponseSample(
    long step,
    int index,
    String prompt,
    String response,
    double pmScore,
    double logProbability,
    double referenceLogProbability,
    int tokens,
    boolean ended,
    Map<String, Double> scores,
    TokenTrace trace) {
  /** A response of whose tokens nothing is kept. */
  public ResponseSample(
      long step,
      int index,
      String prompt,
      String response,
      double pmScore,
      double logProbability,
      double referenceLogProbability,
      int tokens,
      boolean ended,
      Map<String, Double> scores) {
    this(
        step,
        index,
        prompt,
        response,
        pmScore,
        logProbability,
        referenceLogProbability,
        tokens,
        ended,
        scores,
        TokenTrace.NONE);
  }

  /** A response that has no other scores. */
  public ResponseSample(
      long step,
      int index,
      String prompt,
      String response,
      double pmScore,
      double logProbability,
      double referenceLogProbability,
      int tokens,
      boolean ended) {
    this(
        step,
        index,
        prompt,
        response,
        pmScore,
        logProbability,
        referenceLogProbability,
        tokens,
        ended,
        Map.of());
  }

  public ResponseSample {
    scores = Collections.unmodifiableSortedMap(new TreeMap<>(scores));
  }
}
