package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Where the score of a response comes from, the {@code r_PM} of the paper's equation 4.1. */
public sealed interface ResponseScorer extends AutoCloseable {
  /**
   * Scores in nats.
   *
   * @param prompts the dialogues so far
   * @param responses the responses' texts
   * @param tokens the responses' lengths in tokens
   */
  double[] score(List<String> prompts, List<String> responses, int[] tokens);

  @Override
  void close();

  /** The scorer that a spec names. */
  static ResponseScorer of(PpoSettings.Reward reward, TorchRuntime runtime) {
    String directory = reward.preferenceModel();
    PpoSettings.Lexical lexical = reward.lexical();
    if (directory != null && lexical == null) {
      return new ByModel(ScoreFixture.load(runtime, Path.of(directory)));
    }
    if (lexical != null && directory == null) {
      return new ByWords(lexical);
    }
    throw new UserError("the reward is either a preference_model or lexical; give one of them");
  }

  /** A preference model. */
  record ByModel(PreferenceModel model) implements ResponseScorer {
    @Override
    public double[] score(List<String> prompts, List<String> responses, int[] tokens) {
      return ScoreFixture.score(model, prompts, responses);
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** A count of words. */
  final class ByWords implements ResponseScorer {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}']+");

    private final PpoSettings.Lexical lexical;
    private final Set<String> words;

    ByWords(PpoSettings.Lexical lexical) {
      this.lexical = lexical;
      this.words = new HashSet<>(lexical.words());
    }

    @Override
    public double[] score(List<String> prompts, List<String> responses, int[] tokens) {
      double[] scores = new double[responses.size()];
      for (int i = 0; i < scores.length; i++) {
        long found =
            BETWEEN_WORDS
                .splitAsStream(responses.get(i).toLowerCase(Locale.ROOT))
                .filter(words::contains)
                .count();
        scores[i] =
            lexical.perWord() * Math.min(found, lexical.maxWords())
                + lexical.perToken() * tokens[i];
      }
      return scores;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
