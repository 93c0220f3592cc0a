package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.figure.CalibrationCharts;
import dev.plumbline.figure.Figure;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the part of calibration shows.
 *
 * @param answered whether the workspace has been asked
 * @param available runs that have scores of held-out comparisons, newest first
 * @param models the chosen ones, in the order of their colours
 * @param focus place of the model whose numbers and pairs are shown
 * @param parts parts of the held-out data of the model in focus
 * @param tranches its tranches
 * @param choice what a person chose
 * @param reliability the reliability diagram
 * @param histogram how often each probability is predicted
 * @param accuracy accuracy against margin or threshold
 * @param numbers numbers of the model in focus
 * @param note whether the models were asked about the same comparisons; empty for one model
 * @param bins what the bins are called, in order
 * @param pairs the comparisons that are listed
 * @param pairsTitle which they are
 * @param pairsNote what there is to know of their texts, or empty
 */
record CalibrationState(
    boolean answered,
    List<RunRow> available,
    List<Model> models,
    int focus,
    List<String> parts,
    List<String> tranches,
    Choice choice,
    Figure reliability,
    Figure histogram,
    Figure accuracy,
    List<NumberLine> numbers,
    String note,
    List<String> bins,
    List<HeldOutPair> pairs,
    String pairsTitle,
    String pairsNote) {

  /** Nothing asked yet. */
  static final CalibrationState EMPTY = empty(false, Choice.BEGINNING);

  CalibrationState {
    available = List.copyOf(available);
    models = List.copyOf(models);
    parts = List.copyOf(parts);
    tranches = List.copyOf(tranches);
    numbers = List.copyOf(numbers);
    bins = List.copyOf(bins);
    pairs = List.copyOf(pairs);
  }

  static CalibrationState empty(boolean answered, Choice choice) {
    return new CalibrationState(
        answered,
        List.of(),
        List.of(),
        0,
        List.of(),
        List.of(),
        choice,
        CalibrationCharts.reliability(List.of(), 0, false, OptionalInt.empty()),
        CalibrationCharts.histogram(List.of(), 0),
        CalibrationCharts.accuracy(List.of(), choice.against()),
        List.of(),
        "",
        List.of(),
        List.of(),
        "",
        "");
  }

  /** The model in focus, where there is one. */
  Optional<Model> focused() {
    return focus < models.size() ? Optional.of(models.get(focus)) : Optional.empty();
  }

  /**
   * A chosen model.
   *
   * @param run its run
   * @param calibration what was measured; empty where there is a problem
   * @param problem why nothing can be measured, in one line, or empty
   */
  record Model(RunRow run, Optional<PreferenceCalibration> calibration, String problem) {}

  /** What pairs are ordered by. */
  enum Order {
    /** Probability that a is preferred. */
    P,
    /** Score of the preferred response less that of the other. */
    MARGIN,
    /** The last thing that the person said. */
    PROMPT,
    /** Text of the preferred response. */
    CHOSEN,
    /** Score of the preferred response. */
    SCORE_CHOSEN,
    /** Text of the other response. */
    REJECTED,
    /** Score of the other response. */
    SCORE_REJECTED
  }

  /**
   * What a person chose.
   *
   * @param runs ids of models; empty for the newest
   * @param focus id of the model in focus; empty for the first
   * @param part part of the held-out data, empty for all
   * @param tranche tranche, empty for all
   * @param bins how many
   * @param rule how they are cut
   * @param corp whether the isotonic fit is drawn
   * @param against what accuracy is drawn against
   * @param bin the bin whose pairs are listed; empty for all
   * @param search words that a listed pair has
   * @param order what they are ordered by
   * @param ascending in which direction
   */
  record Choice(
      List<String> runs,
      String focus,
      String part,
      String tranche,
      int bins,
      BinRule rule,
      boolean corp,
      CalibrationCharts.Against against,
      OptionalInt bin,
      String search,
      Order order,
      boolean ascending) {
    /** The newest model, 15 bins of equal mass, the most wrong pairs first. */
    static final Choice BEGINNING =
        new Choice(
            List.of(),
            "",
            "",
            "",
            PreferenceCalibration.Options.DISPLAY.calibration().bins(),
            PreferenceCalibration.Options.DISPLAY.calibration().rule(),
            true,
            CalibrationCharts.Against.MARGIN,
            OptionalInt.empty(),
            "",
            Order.MARGIN,
            true);

    Choice {
      runs = List.copyOf(runs);
    }

    Choice withRuns(List<String> other) {
      return new Choice(
          other,
          other.contains(focus) ? focus : "",
          part,
          tranche,
          bins,
          rule,
          corp,
          against,
          other.contains(focus) ? bin : OptionalInt.empty(),
          search,
          order,
          ascending);
    }

    Choice withFocus(String run, OptionalInt itsBin) {
      return new Choice(
          runs, run, part, tranche, bins, rule, corp, against, itsBin, search, order, ascending);
    }

    Choice withPart(String other) {
      return new Choice(
          runs,
          focus,
          other,
          "",
          bins,
          rule,
          corp,
          against,
          OptionalInt.empty(),
          search,
          order,
          ascending);
    }

    Choice withTranche(String other) {
      return new Choice(
          runs,
          focus,
          part,
          other,
          bins,
          rule,
          corp,
          against,
          OptionalInt.empty(),
          search,
          order,
          ascending);
    }

    Choice withBins(int count, BinRule how) {
      return new Choice(
          runs,
          focus,
          part,
          tranche,
          count,
          how,
          corp,
          against,
          OptionalInt.empty(),
          search,
          order,
          ascending);
    }

    Choice withCorp(boolean drawn) {
      return new Choice(
          runs, focus, part, tranche, bins, rule, drawn, against, bin, search, order, ascending);
    }

    Choice withAgainst(CalibrationCharts.Against other) {
      return new Choice(
          runs, focus, part, tranche, bins, rule, corp, other, bin, search, order, ascending);
    }

    Choice withBin(OptionalInt other) {
      return new Choice(
          runs, focus, part, tranche, bins, rule, corp, against, other, search, order, ascending);
    }

    Choice withSearch(String words) {
      return new Choice(
          runs, focus, part, tranche, bins, rule, corp, against, bin, words, order, ascending);
    }

    Choice withOrder(Order by, boolean up) {
      return new Choice(runs, focus, part, tranche, bins, rule, corp, against, bin, search, by, up);
    }
  }
}
