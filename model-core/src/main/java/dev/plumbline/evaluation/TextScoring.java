package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.TokenScores;
import java.util.Arrays;
import java.util.List;

/**
 * What a language model says of a text.
 *
 * @param tokens the begin token, then the text's tokens
 * @param logprobs ln p of tokens 2 to n, each given those before, nats
 * @param total their sum, nats
 * @param mean their mean, nats per token
 */
@SuppressWarnings("ArrayRecordComponent") // a report, never compared
public record TextScoring(int[] tokens, double[] logprobs, double total, double mean) {

  /**
   * Scores a text at temperature 1.
   *
   * @throws UserError where the text is empty or longer than the model's context
   */
  public static TextScoring of(LanguageModel model, String text) {
    int[] tokens = model.tokenizer().encodeWithBos(text);
    if (tokens.length < 2) {
      throw new UserError("the text is empty; give at least one character");
    }
    if (tokens.length > model.config().contextTokens()) {
      throw new UserError(
          "the text has %d tokens, more than the model's %d; give a shorter one"
              .formatted(tokens.length, model.config().contextTokens()));
    }
    TokenScores scores = model.score(List.of(tokens), 1).getFirst();
    double total = Arrays.stream(scores.logProbabilities()).sum();
    return new TextScoring(tokens, scores.logProbabilities(), total, total / (tokens.length - 1));
  }
}
