package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Preference models with and without preference model pretraining at equal human feedback (paper
 * section 3.1, appendix A.2). Needs runs of role {@code plain} over {@code data} and {@code seed},
 * and of role {@code pretrained} over {@code objective}, {@code data} and {@code seed}. A gain is
 * the accuracy of a pretrained model less that of the plain one of the same data and seed.
 */
public final class PreferencePretraining implements StudyAnalysis {
  private static final String PLAIN = "none";
  private static final String BINARY = "binary";
  private static final String RANKED = "ranked";
  private static final String FIGURE = "appendix A.2; section 3.1";

  /** One point of accuracy: less is not worth a stage. */
  private static final double SMALLEST = 0.01;

  /** An analysis; found as a service. */
  public PreferencePretraining() {}

  @Override
  public String name() {
    return "preference-pretraining";
  }

  /** A preference model, measured; its objective is that of the stage before. */
  private record Point(String objective, double data, String seed, double accuracy) {}

  @Override
  public StudyResult analyse(StudyData data) {
    ResultTable.Builder rows =
        ResultTable.named("accuracy")
            .text("run", "the run")
            .text("pretraining", "objective of the preference model pretraining, or none")
            .number("comparisons", "comparison", "level of the axis data")
            .text("seed", "level of the axis")
            .number("accuracy", "fraction", "held-out comparisons with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("n", "comparison", "held-out comparisons")
            .number("loss", "nat", "held-out ln(1 + exp(r_rejected - r_chosen)), mean")
            .number("length_rule", "fraction", "the better of shorter and longer, same comparisons")
            .number("chance", "fraction", "accuracy of a coin");
    List<Point> points = new ArrayList<>();
    data.role("plain").forEach(run -> points.add(point(rows, run, PLAIN)));
    data.role("pretrained").forEach(run -> points.add(point(rows, run, run.level("objective"))));
    List<PaperCard> cards = new ArrayList<>();
    OverSeeds little = new OverSeeds();
    OverSeeds binary = new OverSeeds();
    List<String> objectives =
        points.stream()
            .map(Point::objective)
            .filter(each -> !each.equals(PLAIN))
            .distinct()
            .toList();
    List<Double> amounts = points.stream().map(Point::data).distinct().sorted().toList();
    for (String objective : objectives) {
      OverSeeds gain = new OverSeeds();
      points.stream()
          .filter(point -> point.objective().equals(objective))
          .forEach(point -> gain.add(point.seed(), gain(points, point)));
      cards.add(
          gain.effect(
              objective + "-pretraining-helps",
              FIGURE,
              "at equal human feedback accuracy is higher after %s preference model pretraining"
                  .formatted(objective),
              "of accuracy gained, mean over amounts of human feedback",
              SMALLEST));
    }
    for (Point point : points) {
      if (point.objective().equals(PLAIN)) {
        continue;
      }
      if (amounts.size() > 1 && point.data() == amounts.getFirst()) {
        points.stream()
            .filter(other -> other.objective().equals(point.objective()))
            .filter(other -> other.seed().equals(point.seed()))
            .filter(other -> other.data() == amounts.getLast())
            .forEach(other -> little.add(point.seed(), gain(points, point) - gain(points, other)));
      }
      if (point.objective().equals(BINARY)) {
        binary.add(point.seed(), point.accuracy() - at(points, RANKED, point.data(), point.seed()));
      }
    }
    cards.add(
        little.effect(
            "pretraining-helps-most-with-little-data",
            FIGURE,
            "preference model pretraining makes human feedback go further: it gains most where"
                + " there is little",
            "of accuracy gained more with %.0f than with %.0f comparisons, mean over objectives"
                .formatted(amounts.getFirst(), amounts.getLast()),
            SMALLEST));
    if (objectives.contains(BINARY) && objectives.contains(RANKED)) {
      cards.add(
          binary.effect(
              "binary-transfers-better",
              "Askell et al. 2021; appendix A.2",
              "binary preference model pretraining transfers better than ranked",
              "of accuracy more after binary than after ranked, mean over amounts",
              SMALLEST));
    }
    return new StudyResult(
        List.of(rows.build(), cells(points, objectives, amounts)),
        cards,
        List.of("the last stage is the same for all, its learning rate too"));
  }

  private static Point point(ResultTable.Builder rows, StudyRun run, String objective) {
    Point point =
        new Point(
            objective, run.number("data"), run.level("seed"), run.last(Metrics.EVAL_ACCURACY));
    double shorter = run.last(Metrics.EVAL_LENGTH_ACCURACY);
    rows.row(
        run.name(),
        objective,
        point.data(),
        point.seed(),
        point.accuracy(),
        run.last(Metrics.EVAL_ACCURACY_LOW),
        run.last(Metrics.EVAL_ACCURACY_HIGH),
        run.last(Metrics.EVAL_N),
        run.last(Metrics.EVAL_LOSS),
        Math.max(shorter, 1 - shorter),
        0.5);
    return point;
  }

  private static double at(List<Point> points, String objective, double data, String seed) {
    OptionalDouble found =
        points.stream()
            .filter(point -> point.objective().equals(objective) && point.data() == data)
            .filter(point -> point.seed().equals(seed))
            .mapToDouble(Point::accuracy)
            .findFirst();
    return found.orElse(Double.NaN);
  }

  private static double gain(List<Point> points, Point point) {
    return point.accuracy() - at(points, PLAIN, point.data(), point.seed());
  }

  private static ResultTable cells(
      List<Point> points, List<String> objectives, List<Double> amounts) {
    ResultTable.Builder table =
        ResultTable.named("accuracy_by_pretraining")
            .text("pretraining", "objective of the preference model pretraining, or none")
            .number("comparisons", "comparison", "human feedback")
            .number("accuracy", "fraction", "mean over seeds")
            .number(
                "low",
                "fraction",
                "lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "high",
                "fraction",
                "upper end of its 95 % t interval over seeds, on the logit scale")
            .number("gain", "fraction", "accuracy less that without, same data and seed, mean")
            .number("gain_low", "fraction", "lower end of its 95 % t interval over seeds")
            .number("gain_high", "fraction", "upper end of its 95 % t interval over seeds")
            .number("seeds", "run", "how many");
    List<String> all = new ArrayList<>(List.of(PLAIN));
    all.addAll(objectives);
    for (String objective : all) {
      for (double amount : amounts) {
        Moments accuracy = new Moments();
        Moments gain = new Moments();
        points.stream()
            .filter(point -> point.objective().equals(objective) && point.data() == amount)
            .sorted(Comparator.comparing(Point::seed))
            .forEach(
                point -> {
                  accuracy.add(point.accuracy());
                  gain.add(objective.equals(PLAIN) ? Double.NaN : gain(points, point));
                });
        Interval interval = accuracy.tIntervalOfShare(OverSeeds.LEVEL);
        Interval gained = gain.tInterval(OverSeeds.LEVEL);
        table.row(
            objective,
            amount,
            accuracy.mean(),
            interval.low(),
            interval.high(),
            gain.mean(),
            gained.low(),
            gained.high(),
            accuracy.n());
      }
    }
    return table.build();
  }
}
