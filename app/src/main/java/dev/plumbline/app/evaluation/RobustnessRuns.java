package dev.plumbline.app.evaluation;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.figure.RobustnessCharts.BestOfKGains;
import dev.plumbline.figure.RobustnessCharts.Gap;
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
import java.util.Optional;
import java.util.TreeSet;

/** From stored curves to the policies of the charts of robustness; off the JavaFX thread. */
final class RobustnessRuns {
  private static final String BEST = "best_of_k";

  private RobustnessRuns() {}

  /** Whether a run has more than one judge of its responses. */
  static boolean isJudged(RunRow run) {
    return run.stage().equals("rlhf") && run.last().containsKey(Metrics.KL_EXACT);
  }

  /**
   * A policy at the steps at which its KL was measured.
   *
   * @param samplings see {@link #samplings}
   */
  static RobustnessCharts.Policy of(
      RunReader reader, RunRow run, Map<List<String>, String> samplings) {
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
        run.id(),
        run.name(),
        Column.of(kl.step()),
        Column.of(kl.value()),
        scores,
        gaps(reader, run, kl, scores),
        best(reader, run, samplings));
  }

  /** Gains of the score that is trained on less gains of the tests. */
  private static List<Gap> gaps(
      RunReader reader, RunRow run, MetricSeries kl, List<Scores> scores) {
    List<Gap> gaps = new ArrayList<>();
    for (Scores test : scores) {
      if (test.judge() != Judge.TEST) {
        continue;
      }
      String name = testName(test.metric());
      String metric = Metrics.GAP.of(name);
      double[] values = at(kl, reader.series(run.id(), metric));
      double first = Arrays.stream(values).filter(Double::isFinite).findFirst().orElse(Double.NaN);
      if (Double.isNaN(first)) {
        continue;
      }
      double[] low = at(kl, reader.series(run.id(), metric + Metrics.LOW));
      double[] high = at(kl, reader.series(run.id(), metric + Metrics.HIGH));
      boolean bounded = Arrays.stream(low).anyMatch(Double::isFinite);
      gaps.add(
          new Gap(
              metric,
              name,
              gain(values, first),
              bounded ? gain(low, first) : Column.empty(),
              bounded ? gain(high, first) : Column.empty()));
    }
    return gaps;
  }

  /**
   * Runs that measured best-of-k, by what they sampled and what chose: contents of the models'
   * files.
   */
  static Map<List<String>, String> samplings(RunReader reader, Snapshot snapshot) {
    Map<List<String>, String> found = new HashMap<>();
    for (String id : reader.runsWith(BEST)) {
      snapshot
          .run(id)
          .ifPresent(
              run -> {
                List<String> models = models(run, "best_of_k");
                if (!models.contains("")) {
                  found.put(models, id);
                }
              });
    }
    return found;
  }

  /** Hashes of the policy and of the preference model in a run's spec; empty where unknown. */
  private static List<String> models(RunRow run, String stage) {
    try {
      RunSpec spec = new RunDirectory(run.directory()).spec();
      return List.of(hash(spec, stage + ".policy"), hash(spec, stage + ".reward.preference_model"));
    } catch (UserError e) {
      return List.of(""); // a run directory that was moved away has nothing beside it
    }
  }

  private static String hash(RunSpec spec, String key) {
    return spec.inputs().stream()
        .filter(input -> input.key().equals(key))
        .map(RunSpec.Input::sha256)
        .findFirst()
        .orElse("");
  }

  private static Optional<BestOfKGains> best(
      RunReader reader, RunRow run, Map<List<String>, String> samplings) {
    String id = samplings.isEmpty() ? null : samplings.get(models(run, "rlhf"));
    if (id == null) {
      return Optional.empty();
    }
    return reader
        .runTable(id, BEST)
        .filter(table -> table.size() > 0)
        .map(
            table ->
                new BestOfKGains(
                    id,
                    Column.of(table.numbers("k")),
                    Column.of(table.numbers("kl")),
                    gain(table.numbers("score"), table.number(0, "score")),
                    gain(table.numbers("gold"), table.number(0, "gold"))));
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
