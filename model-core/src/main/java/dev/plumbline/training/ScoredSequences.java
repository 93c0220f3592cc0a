package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.PreferenceModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prompts and responses as the sequences that a preference model scores, in the form that it was
 * trained on. In either form the score is read at the last token: {@code <|end_of_context|>} in the
 * hh form (see {@link SequenceFormat}), the last one that a chat template writes after the response
 * in the other, as programs do that render a dialogue for a sequence classifier.
 *
 * <p>Sequences that are too long lose tokens at the left, after the begin token.
 */
final class ScoredSequences {
  private final PreferenceModel model;
  private final int longest;
  private final @Nullable ChatFormat chat;

  /**
   * The sequences of a model.
   *
   * @param longest longest sequence in tokens, at least 3
   * @throws dev.plumbline.data.UserError where the model's form is its chat template and it has
   *     none
   */
  ScoredSequences(PreferenceModel model, int longest) {
    this.model = model;
    this.longest = longest;
    chat = model.format() == DialogueFormat.CHAT_TEMPLATE ? ChatFormat.of(model.tokenizer()) : null;
  }

  /**
   * One sequence for each response to a prompt. Threads may share this.
   *
   * @param responses texts; nothing in them opens another turn
   */
  List<int[]> of(String prompt, List<String> responses) {
    if (chat != null) {
      return responses.stream()
          .map(response -> chat.fitting(chat.dialogue(prompt, response).ids(), longest))
          .toList();
    }
    int[] before = SequenceFormat.encode(model.tokenizer(), prompt);
    return responses.stream()
        .map(
            response ->
                SequenceFormat.scored(
                    model.tokenizer(), model.endOfContext(), before, response, longest))
        .toList();
  }
}
