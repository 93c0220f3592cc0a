package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Role;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.training.ChatFormat;
import dev.plumbline.training.SequenceFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A continuation that a language model wrote.
 *
 * @param promptTokens the begin token, then the prompt's tokens
 * @param tokens the new tokens, the end token included where the text ended by itself
 * @param text the new tokens' text, up to a stop text
 * @param fullText the text of prompt and new tokens together, as the tokenizer decodes them, up to
 *     a stop text
 * @param ended whether it ended by itself and not at the limit
 */
@SuppressWarnings("ArrayRecordComponent") // a report, never compared
public record TextGeneration(
    int[] promptTokens, int[] tokens, String text, String fullText, boolean ended) {

  /**
   * Continues a prompt.
   *
   * @param options how; the end token in it is not looked at, the model's own is taken
   * @param watcher hears the text as it grows: each time all of it so far
   * @throws UserError where the context is too short
   */
  public static TextGeneration of(
      LanguageModel model, String prompt, SamplingOptions options, Consumer<String> watcher) {
    return of(
        model,
        SequenceFormat.prompt(model.tokenizer(), prompt),
        options.endingAt(SequenceFormat.endToken(model)),
        watcher);
  }

  /**
   * Answers a query as a turn of the assistant.
   *
   * @param query what the human says, without markers
   * @param format how a dialogue becomes the model's tokens
   * @throws UserError where the context is too short, or the model has no chat template
   */
  public static TextGeneration answer(
      LanguageModel model,
      String query,
      DialogueFormat format,
      SamplingOptions options,
      Consumer<String> watcher) {
    String prompt = Role.HUMAN.marker() + " " + query.strip() + Role.ASSISTANT.marker();
    if (format == DialogueFormat.HH) {
      List<String> stop = new ArrayList<>(options.stop());
      stop.add(Role.HUMAN.marker());
      return of(
          model,
          SequenceFormat.prompt(model.tokenizer(), prompt),
          options.stoppingAt(stop).endingAt(SequenceFormat.endToken(model)),
          watcher);
    }
    ChatFormat chat = ChatFormat.of(model.tokenizer());
    int end = chat.end().orElseGet(() -> SequenceFormat.endToken(model));
    return of(model, chat.prompt(prompt), options.endingAt(end), watcher);
  }

  private static TextGeneration of(
      LanguageModel model, int[] promptTokens, SamplingOptions options, Consumer<String> watcher) {
    int maxNewTokens = options.maxNewTokens();
    if (promptTokens.length + maxNewTokens > model.config().contextTokens()) {
      throw new UserError(
          "the prompt's %d tokens and %d new ones are more than the model's context of %d"
              .formatted(promptTokens.length, maxNewTokens, model.config().contextTokens()));
    }
    List<Integer> soFar = new ArrayList<>();
    Generation generation =
        model
            .generate(
                List.of(promptTokens),
                options,
                (_, tokens) -> {
                  Arrays.stream(tokens).forEach(soFar::add);
                  int[] drawn = soFar.stream().mapToInt(Integer::intValue).toArray();
                  String grown =
                      upToStop(model.tokenizer().decodeAfter(promptTokens, drawn), options.stop());
                  watcher.accept(withoutBeginning(grown, options.stop()));
                })
            .getFirst();
    int[] all = Arrays.copyOf(promptTokens, promptTokens.length + generation.tokens().length);
    System.arraycopy(generation.tokens(), 0, all, promptTokens.length, generation.tokens().length);
    String drawnText = model.tokenizer().decodeAfter(promptTokens, generation.tokens());
    String text = upToStop(drawnText, options.stop());
    String whole = model.tokenizer().decode(all);
    return new TextGeneration(
        promptTokens,
        generation.tokens(),
        text,
        whole.substring(0, whole.length() - (drawnText.length() - text.length())),
        generation.ended());
  }

  /** A text that grows, without an end that may become a stop text. */
  private static String withoutBeginning(String text, List<String> stop) {
    for (int from = 0; from < text.length(); from++) {
      String end = text.substring(from);
      if (stop.stream().anyMatch(each -> each.startsWith(end))) {
        return text.substring(0, from);
      }
    }
    return text;
  }

  /** A text up to the first stop text in it. */
  private static String upToStop(String text, List<String> stop) {
    int end = text.length();
    for (String each : stop) {
      int at = text.indexOf(each);
      end = at < 0 ? end : Math.min(end, at);
    }
    return text.substring(0, end);
  }
}
