package dev.plumbline.experiment.answer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A prompt to be answered.
 *
 * @param id names the request in events
 * @param model directory of a language model
 * @param prompt what the human says
 * @param form how a dialogue becomes tokens: {@code hh} or {@code chat_template}
 * @param seed decides what is drawn; the same seed gives every model the same random numbers
 * @param temperature logits are divided by it; 0 takes the most probable token
 * @param maxNewTokens length limit of the answer
 * @param scorers directories of preference models that score the answer, by name
 */
public record AnswerRequest(
    long id,
    String model,
    String prompt,
    String form,
    long seed,
    double temperature,
    int maxNewTokens,
    Map<String, String> scorers) {
  /** Copies the map, whose order stays. */
  public AnswerRequest {
    scorers = Collections.unmodifiableMap(new LinkedHashMap<>(scorers));
  }
}
