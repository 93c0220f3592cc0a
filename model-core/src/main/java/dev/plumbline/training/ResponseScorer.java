package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /**
   * Scores with what they are made of.
   *
   * @param total the scores, nats
   * @param parts scores of each preference model of a sum by its name, before the weights; empty
   *     where there is no sum
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Scores(double[] total, Map<String, double[]> parts) {}

  /** As {@link #score}, with the parts of a sum. */
  default Scores scores(List<String> prompts, List<String> responses, int[] tokens) {
    return new Scores(score(prompts, responses, tokens), Map.of());
  }

  @Override
  void close();

  /** The scorer that a spec names. */
  static ResponseScorer of(PpoSettings.Reward reward, TorchRuntime runtime) {
    String directory = reward.preferenceModel();
    PpoSettings.Lexical lexical = reward.lexical();
    if (directory != null && lexical == null && reward.sum().isEmpty()) {
      return new ByModel(ScoreFixture.load(runtime, Path.of(directory)));
    }
    if (lexical != null && directory == null && reward.sum().isEmpty()) {
      return new ByWords(lexical);
    }
    if (!reward.sum().isEmpty() && directory == null && lexical == null) {
      List<PreferenceModel> models = new ArrayList<>();
      for (PpoSettings.Part part : reward.sum()) {
        models.add(ScoreFixture.load(runtime, Path.of(part.preferenceModel())));
      }
      return new BySum(reward.sum(), models);
    }
    throw new UserError(
        "the reward is a preference_model, a sum of them or lexical; give one of the three");
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

  /** A weighted sum of preference models. */
  record BySum(List<PpoSettings.Part> parts, List<PreferenceModel> models)
      implements ResponseScorer {
    @Override
    public double[] score(List<String> prompts, List<String> responses, int[] tokens) {
      return scores(prompts, responses, tokens).total();
    }

    @Override
    public Scores scores(List<String> prompts, List<String> responses, int[] tokens) {
      double[] total = new double[responses.size()];
      Map<String, double[]> found = new LinkedHashMap<>();
      for (int k = 0; k < models.size(); k++) {
        double[] scores = ScoreFixture.score(models.get(k), prompts, responses);
        for (int i = 0; i < total.length; i++) {
          total[i] += parts.get(k).weight() * scores[i];
        }
        found.put(parts.get(k).name(), scores);
      }
      return new Scores(total, found);
    }

    @Override
    public void close() {
      models.forEach(PreferenceModel::close);
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
