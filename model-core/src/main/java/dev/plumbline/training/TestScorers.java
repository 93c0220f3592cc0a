package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Preference models that score a policy's responses and are never trained on (paper section 4.2).
 */
final class TestScorers implements AutoCloseable {
  private final List<String> names = new ArrayList<>();
  private final List<PreferenceModel> models = new ArrayList<>();

  /** Loads the models, each compared with its fixture, in the form of the stage's dialogues. */
  TestScorers(List<PpoSettings.TestReward> settings, DialogueFormat format, TorchRuntime runtime) {
    for (PpoSettings.TestReward each : settings) {
      Path directory = Path.of(each.preferenceModel());
      ScoreFixture.requireFormat(directory, format);
      names.add(each.name());
      models.add(ScoreFixture.load(runtime, directory));
    }
  }

  int size() {
    return names.size();
  }

  /** Scores by name, nats. */
  Map<String, double[]> score(List<String> prompts, List<String> responses) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    for (int k = 0; k < models.size(); k++) {
      scores.put(names.get(k), ScoreFixture.score(models.get(k), prompts, responses));
    }
    return scores;
  }

  /**
   * Adds the means of centred scores and of their differences.
   *
   * @param train scores that are trained on
   * @param test scores of the same responses by name
   * @param zeros of the trained score first, then in this order
   */
  void put(
      Map<String, Double> values, double[] train, Map<String, double[]> test, ScoreZeros zeros) {
    double[] centred = less(train, zeros.zero(0));
    Means.of(centred).put(values, Metrics.TRAIN_SCORE);
    values.put(Metrics.TRAIN_CENTRE, zeros.zero(0));
    for (int k = 0; k < names.size(); k++) {
      String name = names.get(k);
      double zero = zeros.zero(k + 1);
      double[] other = less(test.getOrDefault(name, new double[0]), zero);
      double[] gaps = new double[other.length];
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] = centred[i] - other[i];
      }
      Means.of(other).put(values, Metrics.TEST.of(name));
      Means.of(gaps).put(values, Metrics.GAP.of(name));
      values.put(Metrics.TEST_CENTRE.of(name), zero);
    }
  }

  private static double[] less(double[] scores, double zero) {
    double[] centred = scores.clone();
    for (int i = 0; i < centred.length; i++) {
      centred[i] -= zero;
    }
    return centred;
  }

  @Override
  public void close() {
    models.forEach(PreferenceModel::close);
  }
}
