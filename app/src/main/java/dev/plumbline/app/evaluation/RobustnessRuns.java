package dev.plumbline.app.evaluation;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.figure.RobustnessCharts.Judge;
import dev.plumbline.figure.RobustnessCharts.Scores;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** From stored curves to the policies of the charts of robustness; off the JavaFX thread. */
final class RobustnessRuns {
  private RobustnessRuns() {}

  /** Whether a run has more than one judge of its responses. */
  static boolean isJudged(RunRow run) {
    return run.stage().equals("rlhf") && run.last().containsKey(Metrics.KL_EXACT);
  }

  /** A policy at the steps at which its KL was measured. */
  static RobustnessCharts.Policy of(RunReader reader, RunRow run) {
    MetricSeries kl = reader.series(run.id(), Metrics.KL_EXACT);
    List<Scores> scores = new ArrayList<>();
    String train =
        run.last().containsKey(Metrics.TRAIN_SCORE) ? Metrics.TRAIN_SCORE : Metrics.PM_SCORE;
    add(scores, reader, run, kl, train, Strings.text("robustness.train"), Judge.TRAIN);
    for (String metric : new TreeSet<>(run.last().keySet())) {
      String name = testName(metric);
      if (!name.isEmpty()) {
        add(scores, reader, run, kl, metric, Strings.text("robustness.test", name), Judge.TEST);
      }
    }
    add(scores, reader, run, kl, Metrics.GOLD_REWARD, Strings.text("robustness.gold"), Judge.GOLD);
    return new RobustnessCharts.Policy(
        run.id(), run.name(), Column.of(kl.step()), Column.of(kl.value()), scores);
  }

  /** The name of the test preference model whose score a metric is; empty where it is none. */
  static String testName(String metric) {
    String prefix = Metrics.TEST.of("x").replaceFirst("x$", "");
    return metric.startsWith(prefix)
            && !metric.endsWith(Metrics.LOW)
            && !metric.endsWith(Metrics.HIGH)
        ? metric.substring(prefix.length())
        : "";
  }

  private static void add(
      List<Scores> scores,
      RunReader reader,
      RunRow run,
      MetricSeries kl,
      String metric,
      String name,
      Judge judge) {
    double[] values = at(kl, reader.series(run.id(), metric));
    double first = Arrays.stream(values).filter(Double::isFinite).findFirst().orElse(Double.NaN);
    if (Double.isNaN(first)) {
      return;
    }
    double[] low = at(kl, reader.series(run.id(), metric + Metrics.LOW));
    double[] high = at(kl, reader.series(run.id(), metric + Metrics.HIGH));
    boolean bounded = Arrays.stream(low).anyMatch(Double::isFinite);
    scores.add(
        new Scores(
            metric,
            name,
            judge,
            gain(values, first),
            bounded ? gain(low, first) : Column.empty(),
            bounded ? gain(high, first) : Column.empty()));
  }

  private static Column gain(double[] values, double first) {
    return Column.of(values).map(value -> value - first);
  }

  /** Values of a series at the steps of another, NaN where it has none. */
  private static double[] at(MetricSeries steps, MetricSeries values) {
    Map<Long, Double> byStep = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      byStep.put(values.step()[i], values.value()[i]);
    }
    return Arrays.stream(steps.step())
        .mapToDouble(step -> byStep.getOrDefault(step, Double.NaN))
        .toArray();
  }
}
