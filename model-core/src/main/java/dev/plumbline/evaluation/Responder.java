package dev.plumbline.evaluation;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.ChatFormat;
import dev.plumbline.training.SequenceFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A language model that answers dialogues. */
final class Responder implements AutoCloseable {
  private final LanguageModel model;
  private final @Nullable ChatFormat chat;
  private final int end;

  /**
   * A response.
   *
   * @param text as it follows the prompt
   * @param tokens its length, the end token included
   * @param logProbability sum over its tokens of ln p at the temperature of sampling, nats
   * @param ended whether it ended by itself and not at the length limit
   */
  record Response(String text, int tokens, double logProbability, boolean ended) {}

  /** Loads a model. */
  Responder(TorchRuntime runtime, Path directory, DialogueFormat format) {
    model = LanguageModel.load(runtime, directory);
    chat = format == DialogueFormat.CHAT_TEMPLATE ? ChatFormat.of(model.tokenizer()) : null;
    end = chat == null ? SequenceFormat.endToken(model) : chat.end().orElse(model.config().eos());
  }

  private int[] encode(String prompt) {
    return chat == null ? SequenceFormat.prompt(model.tokenizer(), prompt) : chat.prompt(prompt);
  }

  /** Whether a response of so many tokens fits behind the prompt. */
  boolean fits(String prompt, int maxPromptTokens, int maxResponseTokens) {
    int longest = Math.min(maxPromptTokens, model.config().contextTokens() - maxResponseTokens);
    return encode(prompt).length <= longest;
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
    List<int[]> tokens = prompts.stream().map(this::encode).toList();
    List<Generation> found =
        model.generate(tokens, new SamplingOptions(temperature, maxTokens, end, key, firstStream));
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Generation one = found.get(i);
      responses.add(
          new Response(
              model.tokenizer().decodeAfter(tokens.get(i), one.tokens()),
              one.tokens().length,
              Arrays.stream(one.logProbabilities()).sum(),
              one.ended()));
    }
    return responses;
  }

  /**
   * The prompts of files, each once, that every responder has room for, drawn by the seed.
   *
   * @param most how many at most
   * @throws UserError where none fits
   */
  static List<String> prompts(
      List<String> files,
      int most,
      int maxPromptTokens,
      int maxResponseTokens,
      List<Responder> responders,
      Randomness randomness) {
    Set<String> all = new LinkedHashSet<>();
    for (String file : files) {
      all.addAll(PromptReader.read(Path.of(file)));
    }
    List<String> given = List.copyOf(all);
    List<String> drawn =
        Arrays.stream(randomness.permutation(given.size(), "prompts"))
            .mapToObj(given::get)
            .filter(
                prompt ->
                    responders.stream()
                        .allMatch(one -> one.fits(prompt, maxPromptTokens, maxResponseTokens)))
            .limit(most)
            .toList();
    if (drawn.isEmpty()) {
      throw new UserError(
          "none of the %d prompts has at most %d tokens; raise max_prompt_tokens or name others"
              .formatted(given.size(), maxPromptTokens));
    }
    return drawn;
  }

  @Override
  public void close() {
    model.close();
  }
}
