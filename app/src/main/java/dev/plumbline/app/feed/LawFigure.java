package dev.plumbline.app.feed;

import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.RewardKlRun;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reward against sqrt(KL) with all that it is held against: fitted lines, the slope that is
 * expected at the start, what choosing the best of k responses of the initial policy brings at its
 * KL, the test preference models and the gold reward.
 *
 * <p>A best-of-k measurement belongs to a policy when both began with the same model and were
 * scored by the same preference model, by the hashes of their files. Of it the spread of the score
 * at a fixed prompt is taken too, which gives the slope at the start.
 */
public final class LawFigure {
  /** What is drawn beside the runs. */
  public record Options(PaperFigures.Options paper, boolean bestOfK, boolean test) {
    /** Everything over the whole run. */
    public static final Options ALL = new Options(PaperFigures.Options.ALL, true, true);

    /** The same with other options of the fit. */
    public Options with(PaperFigures.Options other) {
      return new Options(other, bestOfK, test);
    }
  }

  /** A finished measurement never changes. */
  private final Map<String, Best> known = new ConcurrentHashMap<>();

  /**
   * A best-of-k measurement.
   *
   * @param root sqrt of the KL of each k
   * @param gain score gained
   * @param low lower ends of its interval
   * @param high upper ends
   * @param k each k
   * @param deviation standard deviation of the score at a fixed prompt; NaN where it is unknown
   */
  private record Best(
      Column root, Column gain, Column low, Column high, Column k, double deviation) {}

  /** Draws the chart, each run fitted for itself. */
  public PaperFigures.RewardKlChart of(RunReader reader, List<RunRow> runs, Options options) {
    return of(reader, runs, options, Map.of());
  }

  /**
   * Draws the chart.
   *
   * @param groups of runs, by id, those that are fitted together; a run that has none stands alone
   */
  public PaperFigures.RewardKlChart of(
      RunReader reader, List<RunRow> runs, Options options, Map<String, String> groups) {
    List<RewardKlRun> rows = new ArrayList<>();
    List<Optional<Best>> bests = new ArrayList<>();
    for (RunRow run : runs) {
      Optional<Best> best = reader.bestOfK(run.id()).flatMap(id -> best(reader, id));
      bests.add(best);
      RewardKlRun row =
          RewardRuns.of(reader, run)
              .withGroup(named(groups.getOrDefault(run.id(), run.id()), runs, groups));
      rows.add(best.map(each -> row.withRewardDeviation(each.deviation())).orElse(row));
    }
    PaperFigures.RewardKlChart chart =
        PaperFigures.rewardAgainstSqrtKlWithSlopes(rows, options.paper());
    List<Layer> layers = new ArrayList<>(chart.figure().layers());
    List<String> says = new ArrayList<>();
    if (options.test()) {
      for (int i = 0; i < runs.size(); i++) {
        test(reader, runs.get(i), Ink.series(i), runs.size() == 1, layers);
      }
    }
    if (options.bestOfK()) {
      List<Best> drawn = new ArrayList<>();
      for (int i = 0; i < bests.size(); i++) {
        Optional<Best> best = bests.get(i);
        if (best.isPresent() && !drawn.contains(best.get())) {
          drawn.add(best.get());
          layers.add(points(best.get(), runs.get(i), runs.size() == 1 ? Ink.TEXT : Ink.series(i)));
        }
      }
      if (!drawn.isEmpty()) {
        says.add(
            "Points: score gained by choosing the best of k responses of the initial policy, at KL"
                + " = ln k − (k − 1)/k, with 95 % intervals over prompts.");
      }
    }
    if (bests.stream().anyMatch(best -> best.isPresent() && known(best.get()))
        && options.paper().theory()) {
      says.add(
          "Theory: slope s√2 at the start, s the standard deviation of the score at a fixed prompt"
              + " under the initial policy.");
    }
    Figure figure = chart.figure();
    Figure whole =
        new Figure(
            figure.title(),
            figure.subtitle(),
            figure.x(),
            figure.y(),
            layers,
            figure.legend(),
            (figure.caption() + " " + String.join(" ", says)).strip(),
            figure.emptyText(),
            figure.provenance());
    return new PaperFigures.RewardKlChart(whole, chart.slopes(), chart.refused());
  }

  /** A group by the name of its first run. */
  private static String named(String group, List<RunRow> runs, Map<String, String> groups) {
    return runs.stream()
        .filter(run -> groups.getOrDefault(run.id(), run.id()).equals(group))
        .findFirst()
        .map(run -> groups.containsKey(run.id()) ? run.name() : run.id())
        .orElse(group);
  }

  private static boolean known(Best best) {
    return Double.isFinite(best.deviation());
  }

  private Optional<Best> best(RunReader reader, String id) {
    Best found = known.get(id);
    if (found == null) {
      Optional<ResultTable> table = reader.runTable(id, "best_of_k");
      if (table.isEmpty()) {
        return Optional.empty();
      }
      found = read(table.get(), reader.runTable(id, "responses"));
      known.put(id, found);
    }
    return Optional.of(found);
  }

  private static Best read(ResultTable table, Optional<ResultTable> responses) {
    double[] kl = table.numbers("kl");
    double[] score = table.numbers("score");
    double start = score.length == 0 ? Double.NaN : score[0];
    return new Best(
        Column.of(kl).map(value -> Math.sqrt(Math.max(0, value))),
        Column.of(score).map(value -> value - start),
        Column.of(table.numbers("score_low")).map(value -> value - start),
        Column.of(table.numbers("score_high")).map(value -> value - start),
        Column.of(table.numbers("k")),
        responses.map(LawFigure::deviation).orElse(Double.NaN));
  }

  /** The square root of the mean variance among the responses of one prompt. */
  static double deviation(ResultTable responses) {
    Map<Double, Moments> byPrompt = new java.util.HashMap<>();
    double[] prompt = responses.numbers("prompt_index");
    double[] score = responses.numbers("score");
    for (int i = 0; i < prompt.length; i++) {
      byPrompt.computeIfAbsent(prompt[i], _ -> new Moments()).add(score[i]);
    }
    return Math.sqrt(
        byPrompt.values().stream()
            .mapToDouble(Moments::variance)
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN));
  }

  private static Layer points(Best best, RunRow run, Ink ink) {
    return new Layer.Points(
        run.id() + "/best_of_k",
        "best of k",
        ink,
        best.root(),
        best.gain(),
        best.low(),
        best.high(),
        Column.empty());
  }

  /** A line for each test preference model of a run: its score gained, at the run's sqrt(KL). */
  private static void test(
      RunReader reader, RunRow run, Ink ink, boolean alone, List<Layer> layers) {
    MetricSeries kl = reader.series(run.id(), Metrics.KL_EXACT);
    for (String metric : reader.metrics(run.id())) {
      if (!metric.startsWith(Metrics.TEST.prefix())
          || metric.endsWith(Metrics.LOW)
          || metric.endsWith(Metrics.HIGH)) {
        continue;
      }
      double[] values = RewardRuns.at(kl, reader.series(run.id(), metric));
      double first = Double.NaN;
      for (int i = 0; i < values.length && Double.isNaN(first); i++) {
        first = values[i];
      }
      double start = first;
      String name = metric.substring(Metrics.TEST.prefix().length());
      layers.add(
          Layer.Line.of(
                  run.id() + "/" + metric,
                  alone ? "test PM " + name : run.name() + " test",
                  ink,
                  Column.of(kl.value()).map(value -> Math.sqrt(Math.max(0, value))),
                  Column.of(values).map(value -> value - start))
              .drawn(Dash.DASHED, 0.9)
              .withStep(Column.of(kl.step())));
    }
  }
}
