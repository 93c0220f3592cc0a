package dev.plumbline.training;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Scores held-out comparisons with a preference model, and asks a language model beside it: what
 * preference training does at its end, and a measurement of any saved model.
 */
public final class HeldOutEvaluation {
  private static final int AT_ONCE = 256;

  private final TorchRuntime runtime;
  private final PreferenceModel model;
  private final List<EncodedComparison> comparisons;
  private final @Nullable Path baseline;

  /** Mean log-probabilities of the responses under the baseline, once asked for. */
  private double @Nullable [] likelyChosen;

  private double @Nullable [] likelyRejected;

  /**
   * Of comparisons that a model has been given.
   *
   * @param baseline directory of the language model beside it, or null for none
   */
  HeldOutEvaluation(
      TorchRuntime runtime,
      PreferenceModel model,
      List<EncodedComparison> comparisons,
      @Nullable Path baseline) {
    this.runtime = runtime;
    this.model = model;
    this.comparisons = comparisons;
    this.baseline = baseline;
  }

  /**
   * Reads comparisons as a preference stage reads its held-out ones.
   *
   * @param model stays the caller's
   * @param contextTokens longest sequence in tokens; longer prompts are cut at the left
   * @param baseline directory of the language model beside it, or null for none
   * @param notices takes what people are to know, a line each
   * @throws UserError where a file cannot be used, or there is no comparison in them
   */
  public static HeldOutEvaluation read(
      TorchRuntime runtime,
      PreferenceModel model,
      List<PreferenceSettings.HeldOut> parts,
      int contextTokens,
      @Nullable Path baseline,
      Consumer<String> notices) {
    List<String> found = new ArrayList<>();
    List<PreferenceData.Item> items = PreferenceData.heldOut(parts, found);
    found.forEach(notices);
    if (items.isEmpty()) {
      throw new UserError("the files hold no comparisons that can be used; name others under data");
    }
    return new HeldOutEvaluation(
        runtime, model, EncodedComparison.of(model, items, contextTokens), baseline);
  }

  boolean isEmpty() {
    return comparisons.isEmpty();
  }

  /** How often {@link #scores} will ask for an interruption the first time it is called. */
  public long checks() {
    long sequences = 2L * comparisons.stream().mapToInt(each -> each.pairs().size()).sum();
    long asked = baseline == null ? 0 : 2 * Math.ceilDiv((long) comparisons.size(), AT_ONCE);
    return Math.ceilDiv(sequences, (long) AT_ONCE) + asked;
  }

  /**
   * The tables of a measurement: {@code held-out-comparisons} and {@code held-out-accuracy}.
   *
   * @param interruption asked before each of {@link #checks} parts of the work
   */
  public List<ResultTable> tables(TrainingStage.Interruption interruption) {
    HeldOutScores scores = scores(interruption);
    return List.of(scores.comparisons(), scores.accuracies());
  }

  /** What the model in its present state says. */
  HeldOutScores scores(TrainingStage.Interruption interruption) {
    likelihoods(interruption);
    List<int[]> sequences = new ArrayList<>();
    for (EncodedComparison comparison : comparisons) {
      for (EncodedComparison.Pair pair : comparison.pairs()) {
        sequences.add(pair.better());
        sequences.add(pair.worse());
      }
    }
    double[] scores = scores(sequences, interruption);
    double[] chosen = new double[comparisons.size()];
    double[] rejected = new double[comparisons.size()];
    double[] losses = new double[comparisons.size()];
    int at = 0;
    for (int i = 0; i < chosen.length; i++) {
      PreferenceObjective objective = comparisons.get(i).item().objective();
      double[] better = new double[objective.pairCount()];
      double[] worse = new double[objective.pairCount()];
      for (int j = 0; j < better.length; j++) {
        better[j] = scores[at++];
        worse[j] = scores[at++];
      }
      double[] both = objective.scores(better, worse);
      chosen[i] = both[0];
      rejected[i] = both[1];
      losses[i] = objective.loss(better, worse);
    }
    return new HeldOutScores(
        comparisons.stream().map(EncodedComparison::item).toList(),
        chosen,
        rejected,
        losses,
        likelyChosen,
        likelyRejected);
  }

  private double[] scores(List<int[]> sequences, TrainingStage.Interruption interruption) {
    double[] scores = new double[sequences.size()];
    for (int from = 0; from < scores.length; from += AT_ONCE) {
      interruption.check();
      int to = Math.min(scores.length, from + AT_ONCE);
      System.arraycopy(model.scores(sequences.subList(from, to)), 0, scores, from, to - from);
    }
    return scores;
  }

  /** Asks the baseline, once: it does not change. */
  private void likelihoods(TrainingStage.Interruption interruption) {
    if (baseline == null || likelyChosen != null) {
      return;
    }
    List<Comparison> asked =
        comparisons.stream()
            .map(EncodedComparison::item)
            .map(PreferenceData.Item::comparison)
            .toList();
    List<String> prompts = asked.stream().map(Comparison::prompt).toList();
    try (LanguageModel language = LanguageModel.load(runtime, baseline)) {
      ResponseLikelihood likelihood = new ResponseLikelihood(language, model.format());
      double[] chosen =
          likelihood.means(prompts, asked.stream().map(Comparison::chosen).toList(), interruption);
      likelyRejected =
          likelihood.means(
              prompts, asked.stream().map(Comparison::rejected).toList(), interruption);
      likelyChosen = chosen;
    }
  }
}
