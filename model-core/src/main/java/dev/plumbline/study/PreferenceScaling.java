package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.LineFit;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.analysis.ScalingFit;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Accuracy of preference models against comparisons and parameters (paper section 3.2, appendix
 * A.3, Figs 7, 31, 32). Needs runs of role {@code pm} over {@code size}, {@code data} and {@code
 * seed}, where a seed is a replication of everything: its base model too.
 *
 * <p>For each seed acc = a + b ln P + c ln D is fitted by least squares over its sizes and amounts
 * of data, P the parameters without embeddings as the paper counts them, D the comparisons trained
 * on. The intervals of b and c are Student's t over the seeds' estimates: the runs of one seed
 * share base models and cannot be taken as independent.
 */
public final class PreferenceScaling implements StudyAnalysis {
  /** The paper's Eq A.1, accuracy per e-fold of parameters and of comparisons. */
  private static final double PAPER_B = 0.007;

  private static final double PAPER_C = 0.015;

  /** A third of the paper's effect is the smallest that matters. */
  private static final double SMALLEST = 1.0 / 3;

  /**
   * The largest bend of the curve that still counts as a straight line: between the ends of the
   * data's range the slope changes by less than half of the paper's c.
   */
  private static final double LARGEST_BEND = 0.5 * PAPER_C;

  /** An analysis; found as a service. */
  public PreferenceScaling() {}

  @Override
  public String name() {
    return "preference-scaling";
  }

  /** A preference model, measured. */
  private record Point(
      String size,
      String seed,
      long parameters,
      long allParameters,
      double comparisons,
      double accuracy) {}

  @Override
  public StudyResult analyse(StudyData data) {
    List<Point> points = new ArrayList<>();
    ResultTable.Builder rows =
        ResultTable.named("accuracy")
            .text("run", "the run")
            .text("size", "level of the axis")
            .text("seed", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings, P")
            .number("all_parameters", "", "trained numbers with embeddings")
            .number("comparisons", "comparison", "comparisons trained on, D")
            .number("accuracy", "fraction", "held-out comparisons with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("n", "comparison", "held-out comparisons")
            .number("loss", "nat", "held-out ln(1 + exp(r_rejected - r_chosen)), mean")
            .number("length_rule", "fraction", "the better of shorter and longer, same comparisons")
            .number("chance", "fraction", "accuracy of a coin");
    for (StudyRun run : data.role("pm")) {
      double shorter = run.last(Metrics.EVAL_LENGTH_ACCURACY);
      StudySeries series = run.series(Metrics.EVAL_ACCURACY);
      Point point =
          new Point(
              run.level("size"),
              run.level("seed"),
              run.parametersWithoutEmbeddings(),
              run.parameters(),
              series.size() == 0 ? Double.NaN : series.samples()[series.size() - 1],
              run.last(Metrics.EVAL_ACCURACY));
      points.add(point);
      rows.row(
          run.name(),
          point.size(),
          point.seed(),
          point.parameters(),
          point.allParameters(),
          point.comparisons(),
          point.accuracy(),
          run.last(Metrics.EVAL_ACCURACY_LOW),
          run.last(Metrics.EVAL_ACCURACY_HIGH),
          run.last(Metrics.EVAL_N),
          run.last(Metrics.EVAL_LOSS),
          Math.max(shorter, 1 - shorter),
          0.5);
    }
    ResultTable accuracy = rows.build();
    ResultTable.Builder fits =
        ResultTable.named("scaling_fit")
            .text("seed", "level of the axis, or what the line is over all of them")
            .number("a", "fraction", "acc = a + b ln P + c ln D, natural logarithms")
            .number("b", "fraction", "accuracy per e-fold of parameters")
            .number("b_low", "fraction", "lower end of its 95 % interval")
            .number("b_high", "fraction", "upper end of its 95 % interval")
            .number("c", "fraction", "accuracy per e-fold of comparisons")
            .number("c_low", "fraction", "lower end of its 95 % interval")
            .number("c_high", "fraction", "upper end of its 95 % interval")
            .number("r_squared", "fraction", "share of the variance that the fit explains")
            .number("n", "run", "points");
    OverSeeds b = new OverSeeds();
    OverSeeds c = new OverSeeds();
    OverSeeds bend = new OverSeeds();
    for (String seed : data.levels("pm", "seed")) {
      List<Point> own = points.stream().filter(point -> point.seed().equals(seed)).toList();
      ScalingFit fit = fit(own);
      b.add(seed, fit.b().value());
      c.add(seed, fit.c().value());
      bend.add(seed, bend(own));
      add(fits, seed, fit);
    }
    ScalingFit all = fit(points);
    add(fits, "all runs as if independent", all);
    Interval overB = b.interval();
    Interval overC = c.interval();
    fits.row(
        "mean over seeds, t interval",
        Double.NaN,
        b.mean(),
        overB.low(),
        overB.high(),
        c.mean(),
        overC.low(),
        overC.high(),
        Double.NaN,
        c.moments().n());
    fits.row(
        "paper, Eq A.1 (helpful)",
        ScalingFit.paper(1, 1),
        PAPER_B,
        Double.NaN,
        Double.NaN,
        PAPER_C,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN);
    return new StudyResult(
        List.of(accuracy, cells(data), fits.build()),
        List.of(
            c.effect(
                "accuracy-with-data",
                "Figs 7 left, 31, 32; Eq A.1",
                "accuracy grows with the comparisons, 0.015 per e-fold",
                "per e-fold of comparisons",
                SMALLEST * PAPER_C),
            b.effect(
                "accuracy-with-size",
                "Figs 7 right, 32; Eq A.1",
                "accuracy grows with the parameters, 0.007 per e-fold",
                "per e-fold of parameters",
                SMALLEST * PAPER_B),
            straight(data, bend)),
        List.of(
            "sizes here are %s parameters without embeddings, where the paper's begin at 13M"
                .formatted(
                    new TreeSet<>(points.stream().map(Point::parameters).toList())
                        .stream()
                            .map(p -> String.format(Locale.ROOT, "%,d", p))
                            .toList()
                            .toString()
                            .replaceAll("[\\[\\]]", "")),
            "the length rule reaches %.3f on the same comparisons"
                .formatted(
                    IntStream.range(0, accuracy.size())
                        .mapToDouble(i -> accuracy.number(i, "length_rule"))
                        .average()
                        .orElse(Double.NaN))));
  }

  private static ScalingFit fit(List<Point> points) {
    return ScalingFit.of(
        points.stream().mapToDouble(Point::parameters).toArray(),
        points.stream().mapToDouble(Point::comparisons).toArray(),
        points.stream().mapToDouble(Point::accuracy).toArray(),
        OverSeeds.LEVEL);
  }

  private static void add(ResultTable.Builder fits, String name, ScalingFit fit) {
    fits.row(
        name,
        fit.a().value(),
        fit.b().value(),
        fit.b().interval().low(),
        fit.b().interval().high(),
        fit.c().value(),
        fit.c().interval().low(),
        fit.c().interval().high(),
        fit.rSquared(),
        fit.n());
  }

  /** Mean and t interval over seeds of each size and amount of data. */
  private static ResultTable cells(StudyData data) {
    ResultTable.Builder cells =
        OverSeeds.shareColumns(
            ResultTable.named("accuracy_by_size_and_data")
                .text("size", "level of the axis")
                .number("comparisons", "comparison", "level of the axis"),
            "accuracy",
            "fraction",
            "mean over seeds");
    for (Map.Entry<List<String>, List<StudyRun>> group :
        data.groups("pm", "size", "data").entrySet()) {
      Moments moments = new Moments();
      group.getValue().forEach(run -> moments.add(run.last(Metrics.EVAL_ACCURACY)));
      OverSeeds.shareRow(
          cells, moments, group.getKey().getFirst(), group.getValue().getFirst().number("data"));
    }
    return cells.build();
  }

  /**
   * How much the slope in ln D changes between the ends of the range. What sizes differ by is
   * orthogonal to the bend where each size has all amounts, as in a grid.
   */
  private static double bend(List<Point> points) {
    return LineFit.bend(
        points.stream().mapToDouble(point -> Math.log(point.comparisons())).toArray(),
        points.stream().mapToDouble(Point::accuracy).toArray());
  }

  private static PaperCard straight(StudyData data, OverSeeds bend) {
    Interval interval = bend.interval();
    List<String> amounts = data.levels("pm", "data");
    return bend.equalityTold(
        "accuracy-log-linear",
        "Fig 7 left; section 3.2",
        "accuracy is roughly linear in the logarithm of the comparisons",
        LARGEST_BEND,
        String.format(
            Locale.ROOT,
            "the slope changes by %.4f per e-fold from %s to %s comparisons, 95 %% t interval over"
                + " %d seeds %.4f to %.4f (straight: within %.4f)",
            bend.mean(),
            amounts.getFirst(),
            amounts.getLast(),
            bend.moments().n(),
            interval.low(),
            interval.high(),
            LARGEST_BEND));
  }
}
