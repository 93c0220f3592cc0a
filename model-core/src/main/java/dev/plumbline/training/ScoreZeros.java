package dev.plumbline.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is taken from the scores of the reward and of the test preference models before they stand
 * on one axis, because only differences of one model's scores mean anything. It is each model's
 * mean over one set of held-out comparisons (paper appendix B.2), where every model of the run
 * remembers that of the same set, a sum of models the weighted sum of theirs; else the mean of the
 * reference policy's responses in the first batch, for all of them, because zeros of two kinds make
 * no common axis.
 */
final class ScoreZeros {
  private final Map<Integer, Double> heldOut;
  private final FirstScores first;
  private final String description;

  private ScoreZeros(Map<Integer, Double> heldOut, FirstScores first, String description) {
    this.heldOut = heldOut;
    this.first = first;
    this.description = description;
  }

  /**
   * The zeros of a run.
   *
   * @param first the first batch's means: of the reward first, then of the tests in their order
   */
  static ScoreZeros of(
      PpoSettings.Reward reward, List<PpoSettings.TestReward> tests, FirstScores first) {
    List<String> models = new ArrayList<>(reward.preferenceModels());
    if (models.isEmpty()) {
      return firstBatch(first, "the reward is no preference model");
    }
    tests.forEach(test -> models.add(test.preferenceModel()));
    Map<String, HeldOutMean> means = new HashMap<>();
    String set = "";
    HeldOutMean named = null;
    for (String model : models) {
      Optional<HeldOutMean> found = ScoreFixture.mean(Path.of(model));
      if (found.isEmpty()) {
        return firstBatch(first, model + " remembers no mean of held-out comparisons");
      }
      named = found.get();
      if (!set.isEmpty() && !set.equals(named.set())) {
        return firstBatch(
            first, "the models were measured on different held-out comparisons, such as " + model);
      }
      set = named.set();
      means.put(model, named);
    }
    Map<Integer, Double> zeros = new HashMap<>();
    zeros.put(0, rewardMean(reward, means));
    for (int k = 0; k < tests.size(); k++) {
      zeros.put(k + 1, mean(means, tests.get(k).preferenceModel()));
    }
    return new ScoreZeros(
        zeros,
        first,
        named == null
            ? ""
            : "scores are counted from each model's mean over %,d held-out responses (%s, set %s)"
                .formatted(named.n(), named.name(), set));
  }

  private static ScoreZeros firstBatch(FirstScores first, String why) {
    return new ScoreZeros(
        Map.of(), first, "scores are counted from the first batch's means: " + why);
  }

  private static double rewardMean(PpoSettings.Reward reward, Map<String, HeldOutMean> means) {
    String model = reward.preferenceModel();
    return model != null
        ? mean(means, model)
        : reward.sum().stream()
            .mapToDouble(part -> part.weight() * mean(means, part.preferenceModel()))
            .sum();
  }

  private static double mean(Map<String, HeldOutMean> means, String model) {
    HeldOutMean found = means.get(model);
    return found == null ? Double.NaN : found.mean();
  }

  /**
   * What is taken from a scorer's scores, nats.
   *
   * @param scorer 0 for the reward, then the tests in their order
   */
  double zero(int scorer) {
    Double known = heldOut.get(scorer);
    return known == null ? first.mean(scorer) : known;
  }

  /** Which zeros these are and why, for people. */
  String describe() {
    return description;
  }
}
