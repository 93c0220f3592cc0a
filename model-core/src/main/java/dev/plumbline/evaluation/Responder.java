package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.SequenceFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A language model that answers dialogues. */
final class Responder implements AutoCloseable {
  /** Responses that are drawn in one call. */
  static final int AT_ONCE = 128;

  private final LanguageModel model;
  private final PromptForm form;
  private final int end;

  /**
   * A response.
   *
   * @param text as it follows the prompt
   * @param tokens its length, the end token included
   * @param meanLogProbability mean over its tokens of ln p at the temperature of sampling, nats a
   *     token
   * @param ended whether it ended by itself and not at the length limit
   */
  record Response(String text, int tokens, double meanLogProbability, boolean ended) {}

  /** Loads the model in a directory. */
  Responder(TorchRuntime runtime, Path directory, DialogueFormat format) {
    form = new PromptForm(directory, format);
    model = LanguageModel.load(runtime, directory);
    end = form.endOfTurn().orElseGet(() -> SequenceFormat.endToken(model));
  }

  /**
   * Answers prompts, one response to each. A response depends on its prompt, the key and its
   * stream, not on what else is in the batch.
   *
   * @param key of the random numbers
   * @param firstStream stream of the first prompt
   */
  List<Response> respond(
      List<String> prompts, double temperature, int maxTokens, long key, long firstStream) {
    List<int[]> tokens = prompts.stream().map(form::encode).toList();
    List<Generation> found =
        model.generate(tokens, new SamplingOptions(temperature, maxTokens, end, key, firstStream));
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Generation one = found.get(i);
      responses.add(
          new Response(
              form.decode(tokens.get(i), one.tokens()),
              one.tokens().length,
              Arrays.stream(one.logProbabilities()).average().orElse(Double.NaN),
              one.ended()));
    }
    return responses;
  }

  /** Frees the weights. */
  @Override
  public void close() {
    model.close();
  }
}
