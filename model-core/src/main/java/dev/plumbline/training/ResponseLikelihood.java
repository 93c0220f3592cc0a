package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.TokenScores;
import dev.plumbline.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely a language model finds responses: the mean of ln p over a response's tokens, its end
 * token included. A language model ranks responses by it (paper figure 34), which is the baseline
 * that a preference model has to beat.
 */
final class ResponseLikelihood {
  private static final int AT_ONCE = 256;

  private final LanguageModel model;
  private final @Nullable ChatFormat chat;

  ResponseLikelihood(LanguageModel model, DialogueFormat format) {
    this.model = model;
    chat = format == DialogueFormat.CHAT_TEMPLATE ? ChatFormat.of(model.tokenizer()) : null;
  }

  /** A prompt and a response as tokens, and the place of the response's first one. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Sequence(int[] ids, int from) {}

  /**
   * Mean ln p of each response's tokens given its prompt, nats per token. Prompts that are too long
   * lose their beginning, responses that are longer than the model's context their end.
   */
  double[] means(
      List<String> prompts, List<String> responses, TrainingStage.Interruption interruption) {
    double[] means = new double[prompts.size()];
    for (int start = 0; start < means.length; start += AT_ONCE) {
      interruption.check();
      int end = Math.min(means.length, start + AT_ONCE);
      List<Sequence> sequences = new ArrayList<>();
      for (int i = start; i < end; i++) {
        sequences.add(sequence(prompts.get(i), responses.get(i)));
      }
      List<TokenScores> scores =
          model.score(
              sequences.stream().map(Sequence::ids).toList(),
              sequences.stream().mapToInt(Sequence::from).toArray(),
              1);
      for (int i = start; i < end; i++) {
        means[i] = scores.get(i - start).meanLogProbability();
      }
    }
    return means;
  }

  private Sequence sequence(String prompt, String response) {
    int longest = model.config().contextTokens();
    Tokenizer tokenizer = model.tokenizer();
    int[] before;
    int[] after;
    if (chat == null) {
      before = tokenizer.begun(SequenceFormat.encode(tokenizer, prompt));
      after = tokenizer.encodeAfter(response);
      after = Arrays.copyOf(after, after.length + 1);
      after[after.length - 1] = SequenceFormat.endToken(model);
    } else {
      ChatFormat.Encoded dialogue = chat.dialogue(prompt, response);
      // The last turn's tokens; what the template writes behind its end is nobody's.
      int end = dialogue.ids().length;
      while (end > 1 && !dialogue.assistant()[end - 1]) {
        end--;
      }
      int from = end;
      while (from > 1 && dialogue.assistant()[from - 1]) {
        from--;
      }
      before = Arrays.copyOf(dialogue.ids(), from);
      after = Arrays.copyOfRange(dialogue.ids(), from, end);
    }
    int[] kept = Arrays.copyOf(after, Math.min(after.length, longest - 2));
    int room = Math.min(before.length, longest - kept.length);
    int[] ids = Arrays.copyOf(before, room + kept.length);
    System.arraycopy(before, before.length - room, ids, 0, room);
    if (room < before.length && tokenizer.begin().orElse(-1) == before[0]) {
      ids[0] = before[0];
    }
    System.arraycopy(kept, 0, ids, room, kept.length);
    return new Sequence(ids, Math.max(1, room));
  }
}
