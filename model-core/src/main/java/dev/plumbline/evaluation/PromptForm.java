package dev.plumbline.evaluation;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Randomness;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.ChatFormat;
import dev.plumbline.training.SequenceFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How prompts become a model's tokens; the weights are not needed for it. */
final class PromptForm {
  private final Tokenizer tokenizer;
  private final int contextTokens;
  private final @Nullable ChatFormat chat;

  /** The form of the model in a directory. */
  PromptForm(Path directory, DialogueFormat format) {
    tokenizer = Tokenizer.ofDirectory(directory);
    contextTokens = DecoderConfig.ofDirectory(directory).contextTokens();
    chat = format == DialogueFormat.CHAT_TEMPLATE ? ChatFormat.of(tokenizer) : null;
  }

  /** The prompt's tokens, the begin token first. */
  int[] encode(String prompt) {
    return chat == null ? SequenceFormat.prompt(tokenizer, prompt) : chat.prompt(prompt);
  }

  /** The token at which the chat template ends a turn; empty in the transcript form. */
  OptionalInt endOfTurn() {
    return chat == null ? OptionalInt.empty() : chat.end();
  }

  /** The text of tokens that follow a prompt. */
  String decode(int[] prompt, int[] response) {
    return tokenizer.decodeAfter(prompt, response);
  }

  /** The tokens of a text that follows a prompt. */
  int[] after(String text) {
    return tokenizer.encodeAfter(text);
  }

  /** Longest sequence of the model, in tokens. */
  int contextTokens() {
    return contextTokens;
  }

  private boolean fits(String prompt, Bounds bounds) {
    return encode(prompt).length
        <= Math.min(bounds.promptTokens(), contextTokens - bounds.responseTokens());
  }

  /** Longest prompt and longest response, in tokens. */
  record Bounds(int promptTokens, int responseTokens) {}

  /** The prompts of files, each once, in the files' order. */
  static List<String> read(List<String> files) {
    Set<String> all = new LinkedHashSet<>();
    for (String file : files) {
      all.addAll(PromptReader.read(Path.of(file)));
    }
    return List.copyOf(all);
  }

  /** Those of some prompts that every form has room for. */
  static List<String> fitting(List<String> prompts, Bounds bounds, List<PromptForm> forms) {
    return prompts.stream()
        .filter(prompt -> forms.stream().allMatch(form -> form.fits(prompt, bounds)))
        .toList();
  }

  /**
   * Prompts that every form has room for, in an order drawn by the seed.
   *
   * @param most how many at most
   * @throws UserError where none fits
   */
  static List<String> draw(
      List<String> prompts,
      int most,
      Bounds bounds,
      List<PromptForm> forms,
      Randomness randomness) {
    List<String> drawn =
        Arrays.stream(randomness.permutation(prompts.size(), "prompts"))
            .mapToObj(prompts::get)
            .filter(prompt -> forms.stream().allMatch(form -> form.fits(prompt, bounds)))
            .limit(most)
            .toList();
    if (drawn.isEmpty()) {
      throw new UserError(
          "none of the %d prompts has at most %d tokens; raise max_prompt_tokens or name others"
              .formatted(prompts.size(), bounds.promptTokens()));
    }
    return drawn;
  }
}
