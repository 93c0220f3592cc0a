package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Tranches of held-out comparisons under one preference model (paper section 4.5, Fig 15 left). */
final class OnlineTranches {
  /** Of the language model that everything starts from. */
  static final String BASE = "base";

  /** Of that model's best of several by the first preference model (appendix B.6). */
  static final String REJECTION = "rejection-sampling";

  /** Of policies' snapshots. */
  static final String ONLINE = "online";

  /** People's own. */
  static final String CONVERSATIONS = "conversations";

  private static final List<String> ALL = List.of(BASE, REJECTION, ONLINE, CONVERSATIONS);
  private static final int BINS = 30;

  private OnlineTranches() {}

  /** Scores of one part's held-out comparisons, chosen and rejected. */
  static List<double[]> part(StudyRun pm, String part) {
    ResultTable table = pm.table("held-out-comparisons");
    double[] chosen = table.numbers("r_chosen");
    double[] rejected = table.numbers("r_rejected");
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      if (table.text(i, "part").equals(part)) {
        rows.add(new double[] {chosen[i], rejected[i]});
      }
    }
    return rows;
  }

  static double accuracy(List<double[]> rows) {
    Moments hits = new Moments();
    rows.forEach(row -> hits.add(row[0] > row[1] ? 1 : row[0] < row[1] ? 0 : 0.5));
    return hits.mean();
  }

  static Moments scores(List<double[]> rows) {
    Moments scores = new Moments();
    for (double[] row : rows) {
      scores.add(row[0]);
      scores.add(row[1]);
    }
    return scores;
  }

  static OverSeeds ofPart(
      StudyData data, String arm, String part, ToDoubleFunction<List<double[]>> statistic) {
    OverSeeds values = new OverSeeds();
    for (StudyRun pm : data.role("pm")) {
      if (pm.level("arm").equals(arm)) {
        values.add(pm.level("seed"), statistic.applyAsDouble(part(pm, part)));
      }
    }
    return values;
  }

  static ResultTable accuracies(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("accuracy_by_tranche")
            .text("arm", "what the preference model was trained on")
            .text("seed", "level of the axis, or the mean over seeds")
            .text("tranche", "held-out comparisons that are judged")
            .number("n", "comparison", "how many; of a mean: seeds")
            .number("accuracy", "fraction", "share with r_chosen > r_rejected, a tie as a half")
            .number(
                "low",
                "fraction",
                "of a mean: lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "high",
                "fraction",
                "of a mean: upper end of its 95 % t interval over seeds, on the logit scale")
            .number("score", "nat", "mean score of all responses")
            .number("deviation", "nat", "standard deviation of these scores")
            .number("margin", "nat", "mean of r_chosen - r_rejected");
    for (String arm : data.levels("pm", "arm")) {
      for (String part : ALL) {
        Moments accuracy = new Moments();
        Moments mean = new Moments();
        Moments deviation = new Moments();
        Moments margin = new Moments();
        for (StudyRun pm : data.role("pm")) {
          List<double[]> rows = part(pm, part);
          if (!pm.level("arm").equals(arm) || rows.isEmpty()) {
            continue;
          }
          Moments scores = scores(rows);
          Moments margins = new Moments();
          rows.forEach(row -> margins.add(row[0] - row[1]));
          table.row(
              arm,
              pm.level("seed"),
              part,
              rows.size(),
              accuracy(rows),
              Double.NaN,
              Double.NaN,
              scores.mean(),
              scores.standardDeviation(),
              margins.mean());
          accuracy.add(accuracy(rows));
          mean.add(scores.mean());
          deviation.add(scores.standardDeviation());
          margin.add(margins.mean());
        }
        if (accuracy.n() > 0) {
          Interval interval = accuracy.tIntervalOfShare(OverSeeds.LEVEL);
          table.row(
              arm,
              "mean over seeds",
              part,
              accuracy.n(),
              accuracy.mean(),
              interval.low(),
              interval.high(),
              mean.mean(),
              deviation.mean(),
              margin.mean());
        }
      }
    }
    return table.build();
  }

  /** Fig 15 left: each tranche normalised by itself, on one axis. */
  static ResultTable densities(StudyData data, String arm) {
    ResultTable.Builder table =
        ResultTable.named("score_densities")
            .text("tranche", "held-out comparisons")
            .number(
                "score",
                "nat",
                "middle of the bin; the preference model's score less its mean on base responses of"
                    + " the same seed")
            .number(
                "density", "per nat", "share of the tranche's responses in the bin over its width")
            .number("responses", "", "responses in the bin")
            .number("n", "", "responses of the tranche, of all seeds");
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (StudyRun pm : data.role("pm")) {
      if (pm.level("arm").equals(arm)) {
        // Scores have no zero of their own: each preference model's is put at its base responses.
        double zero = scores(part(pm, BASE)).mean();
        for (String part : ALL) {
          for (double[] row : part(pm, part)) {
            List<Double> own = all.computeIfAbsent(part, _ -> new ArrayList<>());
            own.add(row[0] - zero);
            own.add(row[1] - zero);
          }
        }
      }
    }
    double[] together =
        all.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    if (together.length == 0) {
      return table.build();
    }
    double low = Quantiles.of(together, 0);
    double width = (Quantiles.of(together, 1) - low) / BINS;
    if (!(width > 0)) {
      return table.build();
    }
    all.forEach(
        (part, values) -> {
          int[] counts = new int[BINS];
          values.forEach(value -> counts[(int) Math.clamp((value - low) / width, 0, BINS - 1.0)]++);
          for (int bin = 0; bin < BINS; bin++) {
            table.row(
                part,
                low + (bin + 0.5) * width,
                counts[bin] / (values.size() * width),
                counts[bin],
                values.size());
          }
        });
    return table.build();
  }
}
