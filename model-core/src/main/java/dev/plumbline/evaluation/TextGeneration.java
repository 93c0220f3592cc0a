package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.training.SequenceFormat;
import java.util.Arrays;
import java.util.List;

/**
 * A continuation that a language model wrote.
 *
 * @param promptTokens the begin token, then the prompt's tokens
 * @param tokens the new tokens, the end token included where the text ended by itself
 * @param text the new tokens' text
 * @param fullText the text of prompt and new tokens together, as the tokenizer decodes them
 * @param ended whether it ended by itself and not at the limit
 */
@SuppressWarnings("ArrayRecordComponent") // a report, never compared
public record TextGeneration(
    int[] promptTokens, int[] tokens, String text, String fullText, boolean ended) {

  /**
   * Continues a prompt.
   *
   * @param maxNewTokens length limit, at least 1
   * @param temperature 0 takes the most probable token each time
   * @param seed decides what is drawn
   * @throws UserError where the numbers are out of range or the context is too short
   */
  public static TextGeneration of(
      LanguageModel model, String prompt, int maxNewTokens, double temperature, long seed) {
    if (maxNewTokens < 1 || !(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new UserError(
          "max-new-tokens must be at least 1 and temperature 0 or more, not %d and %s"
              .formatted(maxNewTokens, temperature));
    }
    int[] promptTokens = SequenceFormat.prompt(model.tokenizer(), prompt);
    if (promptTokens.length + maxNewTokens > model.config().contextTokens()) {
      throw new UserError(
          "the prompt's %d tokens and %d new ones are more than the model's context of %d"
              .formatted(promptTokens.length, maxNewTokens, model.config().contextTokens()));
    }
    Generation generation =
        model
            .generate(
                List.of(promptTokens),
                new SamplingOptions(
                    temperature, maxNewTokens, SequenceFormat.endToken(model), seed, 0))
            .getFirst();
    int[] all = Arrays.copyOf(promptTokens, promptTokens.length + generation.tokens().length);
    System.arraycopy(generation.tokens(), 0, all, promptTokens.length, generation.tokens().length);
    return new TextGeneration(
        promptTokens,
        generation.tokens(),
        model.tokenizer().decodeAfter(promptTokens, generation.tokens()),
        model.tokenizer().decode(all),
        generation.ended());
  }
}
