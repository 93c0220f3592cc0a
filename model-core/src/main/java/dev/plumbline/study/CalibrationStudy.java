package dev.plumbline.study;

import dev.plumbline.analysis.AccuracyCurve;
import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.CalibrationBin;
import dev.plumbline.analysis.CalibrationChance;
import dev.plumbline.analysis.CalibrationSlope;
import dev.plumbline.analysis.MarginCalibration;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.analysis.ScorePairs;
import dev.plumbline.data.UserError;
import dev.plumbline.training.PreferenceSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calibration of preference models on their held-out comparisons (paper section 3.3, Figs 9, 25).
 * Needs runs of role {@code pm} over {@code size}, {@code mix} and {@code seed}, whose parts are
 * called {@code helpful} and {@code harmless}; a run that trains on helpful comparisons alone is a
 * helpful-only model, one that trains on several parts a mixture.
 *
 * <p>A mixture is tested on held-out comparisons of its parts in the shares that it was trained on,
 * the first of each part in the order of the files: calibration is a statement about the training
 * distribution. Intervals within a run take comparisons as independent, although those of one
 * conversation share its opening; cards rest on the seeds alone.
 */
public final class CalibrationStudy implements StudyAnalysis {
  private static final String HELPFUL = "helpful";
  private static final String HARMLESS = "harmless";
  private static final double LEVEL = OverSeeds.LEVEL;

  /** Bins of the errors, by the measure's convention of equal mass. */
  private static final Calibration.Options ERRORS = Calibration.Options.DISPLAY;

  /** Bins of the figure: equal width, as many as the paper's axis has room for. */
  private static final Calibration.Options FIGURE =
      new Calibration.Options(12, BinRule.WIDTH, LEVEL);

  private static final double[] THRESHOLDS = {-4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2};

  /** The mean score: the threshold that cards compare with no threshold at all. */
  private static final double CARD_THRESHOLD = 0;

  /**
   * How far a slope may lie from 1 and still be called calibrated, and how far it must to matter.
   */
  private static final double SLOPE = 0.1;

  /** A third of the fall in Fig 25, helpful (0.72 to 0.64) and harmless (0.71 to 0.53). */
  private static final double HELPFUL_FALL = 0.027;

  private static final double HARMLESS_FALL = 0.06;

  private static final int DRAWS = 500;

  /** An analysis; found as a service. */
  public CalibrationStudy() {}

  @Override
  public String name() {
    return "calibration";
  }

  /** Held-out scores of a run: those of its own distribution, and each part's. */
  private record Scores(StudyRun run, ResultTable rows, Map<String, List<Integer>> parts) {
    boolean mixture() {
      return parts.size() > 1;
    }

    List<Integer> all() {
      return parts.values().stream().flatMap(List::stream).toList();
    }

    ScorePairs pairs(List<Integer> chosen) {
      double[] preferred = rows.numbers("r_chosen");
      double[] other = rows.numbers("r_rejected");
      return ScorePairs.of(
          chosen.stream().mapToDouble(row -> preferred[row]).toArray(),
          chosen.stream().mapToDouble(row -> other[row]).toArray());
    }

    /** Mean of all scores of the run's own held-out distribution. */
    double mean() {
      Moments moments = new Moments();
      for (int row : all()) {
        moments.add(rows.number(row, "r_chosen"));
        moments.add(rows.number(row, "r_rejected"));
      }
      return moments.mean();
    }

    static Scores of(StudyRun run) {
      if (!(run.spec().settings() instanceof PreferenceSettings settings)) {
        throw new UserError(
            "run %s is no preference model, which the analysis of calibration needs"
                .formatted(run.id()));
      }
      ResultTable rows = run.table("held-out-comparisons");
      List<String> names = rows.texts("part");
      Map<String, List<Integer>> there = new LinkedHashMap<>();
      for (int row = 0; row < names.size(); row++) {
        there.computeIfAbsent(names.get(row), _ -> new ArrayList<>()).add(row);
      }
      Map<String, Double> shares = new LinkedHashMap<>();
      for (PreferenceSettings.Part part : settings.data()) {
        Double share = part.fraction();
        if (share != null && share > 0) {
          shares.put(part.name(), share);
        }
      }
      if (shares.isEmpty()) {
        return new Scores(run, rows, there);
      }
      double total = Double.POSITIVE_INFINITY;
      for (Map.Entry<String, Double> share : shares.entrySet()) {
        int held = there.getOrDefault(share.getKey(), List.of()).size();
        if (held == 0) {
          throw new UserError(
              "run %s has no held-out comparisons of part %s, which it was trained on"
                  .formatted(run.id(), share.getKey()));
        }
        total = Math.min(total, held / share.getValue());
      }
      Map<String, List<Integer>> parts = new LinkedHashMap<>();
      for (Map.Entry<String, Double> share : shares.entrySet()) {
        List<Integer> own = there.getOrDefault(share.getKey(), List.of());
        int count = (int) Math.rint(share.getValue() * total);
        parts.put(share.getKey(), List.copyOf(own.subList(0, Math.min(own.size(), count))));
      }
      return new Scores(run, rows, parts);
    }
  }

  @Override
  public StudyResult analyse(StudyData data) {
    ResultTable.Builder errors = errorTable();
    ResultTable.Builder bins = binTable();
    ResultTable.Builder curves = curveTable();
    OverSeeds helpfulSlope = new OverSeeds();
    OverSeeds mixtureSlope = new OverSeeds();
    OverSeeds helpfulFall = new OverSeeds();
    OverSeeds harmlessFall = new OverSeeds();
    for (StudyRun run : data.role("pm")) {
      Scores scores = Scores.of(run);
      ScorePairs pairs = scores.pairs(scores.all());
      CalibrationSlope slope = errors(errors, scores, pairs);
      bins(bins, run, pairs);
      if (scores.mixture()) {
        mixtureSlope.add(run.level("seed"), slope.value() - 1);
      } else if (scores.parts().containsKey(HELPFUL)) {
        helpfulSlope.add(run.level("seed"), slope.value() - 1);
      }
      double mean = scores.mean();
      for (String part : scores.parts().keySet()) {
        double fall = curve(curves, scores, part, mean);
        if (scores.mixture() && part.equals(HELPFUL)) {
          helpfulFall.add(run.level("seed"), fall);
        } else if (scores.mixture() && part.equals(HARMLESS)) {
          harmlessFall.add(run.level("seed"), fall);
        }
      }
    }
    ResultTable measured = errors.build();
    return new StudyResult(
        List.of(measured, slopes(data, measured), bins.build(), curves.build()),
        List.of(
            helpfulSlope.equality(
                "helpful-calibrated",
                "Fig 9 right; section 3.3",
                "helpful-only preference models are very well calibrated",
                "of logistic slope above 1, mean over sizes",
                SLOPE),
            mixtureSlope.effect(
                "mixture-under-confident",
                "Fig 9 left; section 3.3",
                "preference models of a mixture are slightly under-confident: slope above 1",
                "of logistic slope above 1, mean over sizes",
                SLOPE),
            fallCard(helpfulFall, HELPFUL, HELPFUL_FALL),
            fallCard(harmlessFall, HARMLESS, HARMLESS_FALL)),
        List.of(
            "thresholds count from the mean score of a run's held-out comparisons, chosen and"
                + " rejected, in the shares it was trained on",
            "a slope above 1 is under-confident: the scores' differences promise too little"));
  }

  private static PaperCard fallCard(OverSeeds fall, String part, double smallest) {
    return fall.effect(
        part + "-accuracy-falls-with-scores",
        "Fig 25; section 3.3",
        "%s accuracy is lower where both scores are high".formatted(part),
        "of accuracy lost where both scores lie above the mean, mixtures, mean over sizes",
        smallest);
  }

  private static ResultTable.Builder errorTable() {
    return ResultTable.named("calibration")
        .text("run", "the run")
        .text("size", "level of the axis")
        .text("mix", "level of the axis")
        .text("seed", "level of the axis")
        .number("parameters", "", "trained numbers without embeddings")
        .number("n", "comparison", "held-out comparisons with two different scores")
        .number("ties", "comparison", "held-out comparisons with equal scores, dropped")
        .number("accuracy", "fraction", "r_chosen > r_rejected")
        .number("low", "fraction", "lower end of its 95 % Wilson interval")
        .number("high", "fraction", "upper end of its 95 % Wilson interval")
        .number(
            "ece",
            "fraction",
            "expected calibration error: sum of n_b/n |accuracy - mean sigmoid(margin)|, 15 bins"
                + " of equal mass")
        .number("ece_chance", "fraction", "mean ECE of a calibrated model with these margins")
        .number("p_value", "", "share of calibrated draws with at least this ECE")
        .number("squared_error", "", "squared calibration error without the plug-in's bias")
        .number("brier", "", "mean of (p - y)^2")
        .number("loss", "nat", "ln(1 + exp(r_rejected - r_chosen)), mean")
        .number("slope", "", "logistic fit of the outcome on the difference; 1 is calibrated")
        .number("slope_low", "", "lower end of its 95 % normal interval")
        .number("slope_high", "", "upper end of its 95 % normal interval")
        .number("mean_score", "nat", "mean score of the held-out comparisons");
  }

  private static CalibrationSlope errors(
      ResultTable.Builder table, Scores scores, ScorePairs pairs) {
    StudyRun run = scores.run();
    MarginCalibration margin = MarginCalibration.of(pairs, ERRORS);
    boolean[] first = pairs.sides(1);
    double[] p = pairs.probabilities(first);
    Calibration whole = Calibration.of(p, first, ERRORS);
    double[] confidence = new double[p.length];
    boolean[] right = new boolean[p.length];
    for (int i = 0; i < p.length; i++) {
      confidence[i] = Math.max(p[i], 1 - p[i]);
      right[i] = p[i] > 0.5 == first[i];
    }
    CalibrationChance chance = CalibrationChance.of(confidence, right, ERRORS, DRAWS, 1);
    table.row(
        run.name(),
        run.level("size"),
        run.level("mix"),
        run.level("seed"),
        run.parametersWithoutEmbeddings(),
        margin.n(),
        margin.ties(),
        margin.accuracy().value(),
        margin.accuracy().interval().low(),
        margin.accuracy().interval().high(),
        margin.binned().ece(),
        chance.ece(),
        chance.pValue(),
        margin.binned().debiasedL2(),
        whole.brier(),
        whole.logLoss(),
        margin.slope().value(),
        margin.slope().interval().low(),
        margin.slope().interval().high(),
        scores.mean());
    return margin.slope();
  }

  /** Mean slope and ECE of each size and mixture over seeds. */
  private static ResultTable slopes(StudyData data, ResultTable measured) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("calibration_by_size")
                .text("size", "level of the axis")
                .text("mix", "level of the axis")
                .text("measure", "accuracy, ece or slope"),
            "value",
            "",
            "mean over seeds");
    List<String> runs = measured.texts("run");
    for (Map.Entry<List<String>, List<StudyRun>> group :
        data.groups("pm", "size", "mix").entrySet()) {
      for (String measure : List.of("accuracy", "ece", "slope")) {
        Moments moments = new Moments();
        for (StudyRun run : group.getValue()) {
          moments.add(measured.number(runs.indexOf(run.name()), measure));
        }
        OverSeeds.row(table, moments, group.getKey().getFirst(), group.getKey().getLast(), measure);
      }
    }
    return table.build();
  }

  private static ResultTable.Builder binTable() {
    return ResultTable.named("accuracy_by_margin")
        .text("run", "the run")
        .text("size", "level of the axis")
        .text("mix", "level of the axis")
        .text("seed", "level of the axis")
        .number("from", "nat", "lower edge of |r_chosen - r_rejected|, outside")
        .number("to", "nat", "upper edge, inside; equal widths up to the largest")
        .number("margin", "nat", "mean in the bin")
        .number("accuracy", "fraction", "the higher score is the preferred response's")
        .number("low", "fraction", "lower end of its 95 % Wilson interval")
        .number("high", "fraction", "upper end of its 95 % Wilson interval")
        .number("ideal", "fraction", "mean of 1/(1 + exp(-margin)) in the bin")
        .number("n", "comparison", "in the bin");
  }

  private static void bins(ResultTable.Builder table, StudyRun run, ScorePairs pairs) {
    for (CalibrationBin bin : MarginCalibration.of(pairs, FIGURE).binned().bins()) {
      table.row(
          run.name(),
          run.level("size"),
          run.level("mix"),
          run.level("seed"),
          bin.from(),
          bin.to(),
          bin.meanX(),
          bin.meanY(),
          bin.interval().low(),
          bin.interval().high(),
          bin.meanP(),
          bin.n());
    }
  }

  private static ResultTable.Builder curveTable() {
    return ResultTable.named("accuracy_above_threshold")
        .text("run", "the run")
        .text("size", "level of the axis")
        .text("mix", "level of the axis")
        .text("seed", "level of the axis")
        .text("part", "part of the held-out comparisons")
        .number("threshold", "nat", "both scores lie above it, counted from the mean score")
        .number("accuracy", "fraction", "r_chosen > r_rejected, NaN without any comparison")
        .number("low", "fraction", "lower end of its 95 % Wilson interval")
        .number("high", "fraction", "upper end of its 95 % Wilson interval")
        .number("n", "comparison", "left above the threshold")
        .number("mean_score", "nat", "the mean taken off: of the run's held-out comparisons");
  }

  /** Accuracy of all pairs of a part less that of those with both scores above the mean. */
  private static double curve(ResultTable.Builder table, Scores scores, String part, double mean) {
    StudyRun run = scores.run();
    ScorePairs pairs = scores.pairs(scores.parts().getOrDefault(part, List.of()));
    for (AccuracyCurve.Point point :
        AccuracyCurve.aboveThreshold(pairs, mean, THRESHOLDS, LEVEL).points()) {
      table.row(
          run.name(),
          run.level("size"),
          run.level("mix"),
          run.level("seed"),
          part,
          point.bound(),
          point.accuracy(),
          point.interval().low(),
          point.interval().high(),
          point.n(),
          mean);
    }
    List<AccuracyCurve.Point> ends =
        AccuracyCurve.aboveThreshold(
                pairs, mean, new double[] {Double.NEGATIVE_INFINITY, CARD_THRESHOLD}, LEVEL)
            .points();
    return ends.getFirst().accuracy() - ends.getLast().accuracy();
  }
}
