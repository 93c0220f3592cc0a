package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Preference models on mixtures of helpful and harmless comparisons (paper section 5.1, Figs 19,
 * 26, 27). Needs runs of role {@code pm} over {@code size}, {@code fraction} (the harmless share of
 * a fixed total, a number) and {@code seed}; of role {@code weighted} over {@code size}, {@code
 * lambda} (the weight of the harmless loss at an even mixture) and {@code seed}, where there are
 * any. Held-out parts are called {@code helpful} and {@code harmless}. The weight 1 is the even
 * mixture of the first scan.
 *
 * <p>Curves are divided by their own maximum within a size and a seed, so that each seed is one
 * replication of every number on a card.
 */
public final class MixtureScan implements StudyAnalysis {
  private static final String HELPFUL = "helpful";
  private static final String HARMLESS = "harmless";
  private static final double EVEN = 0.5;
  private static final double CHANCE = 0.5;

  /** A third of how far below chance the paper's ends lie (0.365 as read off Fig 19). */
  private static final double BELOW_CHANCE = 0.045;

  /** A hundredth of a size's own maximum. */
  private static final double FLATTER = 0.01;

  /** A third of what lambda 10 costs the paper's largest model (1.5 %). */
  private static final double COST = 0.005;

  /** A third of what it costs the paper's smallest model more than its largest (7.4 % - 1.5 %). */
  private static final double COST_BETWEEN = 0.02;

  private static final Map<String, ToDoubleFunction<Point>> KINDS = kinds();

  /** An analysis; found as a service. */
  public MixtureScan() {}

  private static Map<String, ToDoubleFunction<Point>> kinds() {
    Map<String, ToDoubleFunction<Point>> kinds = new LinkedHashMap<>();
    kinds.put(HELPFUL, Point::helpful);
    kinds.put(HARMLESS, Point::harmless);
    kinds.put("mean", Point::mean);
    return kinds;
  }

  @Override
  public String name() {
    return "mixture";
  }

  /** A preference model, measured; x is its harmless share or its lambda. */
  private record Point(
      String size, long parameters, String seed, double x, double helpful, double harmless) {
    double mean() {
      return (helpful + harmless) / 2;
    }

    static Point of(StudyRun run, double x) {
      return new Point(
          run.level("size"),
          run.parametersWithoutEmbeddings(),
          run.level("seed"),
          x,
          run.last(Metrics.EVAL_PART_ACCURACY.of(HELPFUL)),
          run.last(Metrics.EVAL_PART_ACCURACY.of(HARMLESS)));
    }
  }

  @Override
  public StudyResult analyse(StudyData data) {
    ResultTable.Builder rows =
        ResultTable.named("mixture")
            .text("run", "the run")
            .text("size", "level of the axis")
            .text("seed", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings")
            .number("fraction", "fraction", "harmless share of the training comparisons")
            .number("lambda", "", "weight of the harmless loss, of a helpful one 1")
            .text("part", "part of the held-out comparisons")
            .number("accuracy", "fraction", "its comparisons with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("n", "comparison", "its comparisons")
            .number("length_rule", "fraction", "the better of shorter and longer, same comparisons")
            .number("chance", "fraction", "accuracy of a coin");
    List<Point> shares = new ArrayList<>();
    for (StudyRun run : data.role("pm")) {
      shares.add(Point.of(run, run.number("fraction")));
      rows(rows, run, run.number("fraction"), 1);
    }
    List<Point> weights = new ArrayList<>();
    if (data.hasRole("weighted")) {
      for (StudyRun run : data.role("weighted")) {
        weights.add(Point.of(run, run.number("lambda")));
        rows(rows, run, EVEN, run.number("lambda"));
      }
      if (weights.stream().noneMatch(point -> point.x() == 1)) {
        shares.stream()
            .filter(point -> point.x() == EVEN)
            .map(
                point ->
                    new Point(
                        point.size(),
                        point.parameters(),
                        point.seed(),
                        1,
                        point.helpful(),
                        point.harmless()))
            .forEach(weights::add);
      }
    }
    List<ResultTable> tables = new ArrayList<>();
    tables.add(rows.build());
    tables.add(
        curves(
            "accuracy_by_fraction", "fraction", "fraction", "harmless share of the total", shares));
    List<PaperCard> cards = new ArrayList<>();
    cards.add(
        end(shares, 0, Point::harmless)
            .effect(
                "harmless-below-chance",
                "Fig 19; section 5.1.1",
                "trained on helpful comparisons alone, harmless accuracy is below chance",
                "of accuracy below chance, mean over sizes",
                BELOW_CHANCE));
    cards.add(
        end(shares, 1, Point::helpful)
            .effect(
                "helpful-below-chance",
                "Fig 19; section 5.1.1",
                "trained on harmless comparisons alone, helpful accuracy is below chance",
                "of accuracy below chance, mean over sizes",
                BELOW_CHANCE));
    cards.add(
        flatter(shares)
            .effect(
                "larger-models-flatter",
                "Fig 19 right; section 5.1.1",
                "larger models lose less of their own maximum in mixtures",
                "of the own maximum less lost by the largest than by the smallest size, mean over"
                    + " mixtures and both kinds",
                FLATTER));
    if (!weights.isEmpty()) {
      tables.add(
          curves(
              "accuracy_by_weight",
              "lambda",
              "",
              "weight of the harmless loss, even mixture",
              weights));
      weightCards(weights, cards);
    }
    return new StudyResult(
        tables,
        cards,
        List.of(
            "%s parameters without embeddings, where the paper's sizes begin at 13M"
                .formatted(new TreeSet<>(shares.stream().map(Point::parameters).toList())),
            "a curve's own maximum is the largest of noisy numbers, and so a little too high, for"
                + " every size alike"));
  }

  private static void rows(ResultTable.Builder rows, StudyRun run, double fraction, double lambda) {
    for (String part : List.of(HELPFUL, HARMLESS)) {
      double accuracy = run.last(Metrics.EVAL_PART_ACCURACY.of(part));
      long n = Math.round(run.last(Metrics.EVAL_PART_N.of(part)));
      double shorter = run.last(Metrics.EVAL_PART_LENGTH_ACCURACY.of(part));
      Interval interval =
          Proportion.wilson(Math.round(accuracy * n), n, OverSeeds.LEVEL).interval();
      rows.row(
          run.name(),
          run.level("size"),
          run.level("seed"),
          run.parametersWithoutEmbeddings(),
          fraction,
          lambda,
          part,
          accuracy,
          interval.low(),
          interval.high(),
          n,
          Math.max(shorter, 1 - shorter),
          CHANCE);
    }
  }

  /** Curves of each size, raw and divided by their own maximum, with t intervals over seeds. */
  private static ResultTable curves(
      String name, String x, String unit, String definition, List<Point> points) {
    ResultTable.Builder table =
        ResultTable.named(name)
            .text("size", "level of the axis")
            .number(x, unit, definition)
            .text("part", "held-out part, or mean: (helpful + harmless) / 2")
            .number("accuracy", "fraction", "mean over seeds")
            .number(
                "low",
                "fraction",
                "lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "high",
                "fraction",
                "upper end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "normalised", "fraction", "accuracy over its curve's maximum, size and seed alike")
            .number("normalised_low", "fraction", "lower end of its 95 % t interval over seeds")
            .number("normalised_high", "fraction", "upper end of its 95 % t interval over seeds")
            .number("seeds", "run", "how many");
    for (String size : sizes(points)) {
      List<Point> own = points.stream().filter(point -> point.size().equals(size)).toList();
      double[] places = own.stream().mapToDouble(Point::x).distinct().sorted().toArray();
      KINDS.forEach(
          (kind, value) -> {
            for (double place : places) {
              Moments raw = new Moments();
              Moments normalised = new Moments();
              for (Point point : own) {
                if (point.x() == place) {
                  raw.add(value.applyAsDouble(point));
                  normalised.add(value.applyAsDouble(point) / maximum(own, point.seed(), value));
                }
              }
              Interval interval = raw.tIntervalOfShare(OverSeeds.LEVEL);
              Interval over = normalised.tInterval(OverSeeds.LEVEL);
              table.row(
                  size,
                  place,
                  kind,
                  raw.mean(),
                  interval.low(),
                  interval.high(),
                  normalised.mean(),
                  over.low(),
                  over.high(),
                  raw.n());
            }
          });
    }
    return table.build();
  }

  private static double maximum(List<Point> points, String seed, ToDoubleFunction<Point> value) {
    return points.stream()
        .filter(point -> point.seed().equals(seed))
        .mapToDouble(value)
        .max()
        .orElse(Double.NaN);
  }

  /** Sizes by their parameters. */
  private static List<String> sizes(List<Point> points) {
    return points.stream()
        .sorted(Comparator.comparingLong(Point::parameters))
        .map(Point::size)
        .distinct()
        .toList();
  }

  private static List<String> seeds(List<Point> points) {
    return points.stream().map(Point::seed).distinct().toList();
  }

  /** How far below chance an accuracy is where the harmless share is at one end. */
  private static OverSeeds end(List<Point> points, double x, ToDoubleFunction<Point> value) {
    OverSeeds effect = new OverSeeds();
    points.stream()
        .filter(point -> point.x() == x)
        .forEach(point -> effect.add(point.seed(), CHANCE - value.applyAsDouble(point)));
    return effect;
  }

  /** What the smallest size loses of its own maximum in mixtures, less what the largest loses. */
  private static OverSeeds flatter(List<Point> points) {
    List<String> sizes = sizes(points);
    OverSeeds effect = new OverSeeds();
    if (sizes.size() > 1) {
      for (String seed : seeds(points)) {
        effect.add(
            seed, lost(points, sizes.getFirst(), seed) - lost(points, sizes.getLast(), seed));
      }
    }
    return effect;
  }

  private static double lost(List<Point> points, String size, String seed) {
    List<Point> own =
        points.stream()
            .filter(point -> point.size().equals(size) && point.seed().equals(seed))
            .toList();
    double helpful = maximum(own, seed, Point::helpful);
    double harmless = maximum(own, seed, Point::harmless);
    return own.stream()
        .filter(point -> point.x() > 0 && point.x() < 1)
        .flatMapToDouble(
            point ->
                DoubleStream.of(1 - point.helpful() / helpful, 1 - point.harmless() / harmless))
        .average()
        .orElse(Double.NaN);
  }

  private static void weightCards(List<Point> points, List<PaperCard> cards) {
    List<String> sizes = sizes(points);
    OverSeeds aboveOne = new OverSeeds();
    OverSeeds belowTen = new OverSeeds();
    OverSeeds cost = new OverSeeds();
    OverSeeds between = new OverSeeds();
    for (String seed : seeds(points)) {
      for (String size : sizes) {
        double best =
            (at(points, size, seed, 2, Point::mean) + at(points, size, seed, 3, Point::mean)) / 2;
        aboveOne.add(seed, best - at(points, size, seed, 1, Point::mean));
        belowTen.add(seed, best - at(points, size, seed, 10, Point::mean));
        cost.add(seed, cost(points, size, seed));
      }
      if (sizes.size() > 1) {
        between.add(
            seed, cost(points, sizes.getFirst(), seed) - cost(points, sizes.getLast(), seed));
      }
    }
    cards.add(
        aboveOne.effect(
            "lambda-two-or-three-above-one",
            "Fig 27; section 5.1.2",
            "mean accuracy is best at lambda 2 or 3: better than at 1",
            "of mean accuracy at lambda 2 and 3 (their mean) above that at 1, mean over sizes",
            COST));
    cards.add(
        belowTen.effect(
            "lambda-two-or-three-above-ten",
            "Fig 27; section 5.1.2",
            "mean accuracy is best at lambda 2 or 3: better than at 10",
            "of mean accuracy at lambda 2 and 3 (their mean) above that at 10, mean over sizes",
            COST));
    cards.add(
        cost.effect(
            "lambda-ten-costs-helpfulness",
            "Fig 27; section 5.1.2",
            "from lambda 1 to 10 helpful accuracy falls",
            "of helpful accuracy lost from lambda 1 to 10, mean over sizes",
            COST));
    cards.add(
        between.effect(
            "lambda-costs-larger-models-less",
            "Fig 27; section 5.1.2",
            "from lambda 1 to 10 larger models lose less helpful accuracy (1.5 % against 7.4 %)",
            "of helpful accuracy lost more by the smallest than by the largest size",
            COST_BETWEEN));
  }

  private static double cost(List<Point> points, String size, String seed) {
    return at(points, size, seed, 1, Point::helpful) - at(points, size, seed, 10, Point::helpful);
  }

  private static double at(
      List<Point> points, String size, String seed, double x, ToDoubleFunction<Point> value) {
    OptionalDouble found =
        points.stream()
            .filter(point -> point.size().equals(size) && point.seed().equals(seed))
            .filter(point -> point.x() == x)
            .mapToDouble(value)
            .findFirst();
    return found.orElse(Double.NaN);
  }
}
