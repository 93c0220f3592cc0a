package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * Preference models on a specialised skill and on helpful and harmless comparisons, apart and
 * together: does training on both cost either (paper section 5.2, Fig 20)? Needs runs of role
 * {@code pm} over {@code size}, {@code training} with the levels {@code hh}, {@code skill} and
 * {@code both}, and {@code seed}. {@code both} is trained on all that the other two are trained on,
 * so what it loses is what the other kind took away. Held-out parts are called {@code helpful},
 * {@code harmless} and {@code skill}; the first two together are the paper's HH test.
 */
public final class SkillMixing implements StudyAnalysis {
  private static final String HH = "hh";
  private static final String SKILL = "skill";
  private static final String BOTH = "both";
  private static final List<String> TRAININGS = List.of(HH, SKILL, BOTH);
  private static final List<String> HH_PARTS = List.of("helpful", "harmless");

  /**
   * What four times the parameters, one step of the paper's sizes, bring by its Eq A.1: 0.007 ln 4.
   * A smaller cost is less than the next model size repays.
   */
  private static final double LARGEST_COST = 0.0097;

  /** An analysis; found as a service. */
  public SkillMixing() {}

  @Override
  public String name() {
    return "skill";
  }

  /** The accuracy of a preference model on one of the two tests. */
  private record Point(
      String size, long parameters, String training, String seed, String test, double accuracy) {}

  @Override
  public StudyResult analyse(StudyData data) {
    ResultTable.Builder rows =
        ResultTable.named("skill")
            .text("run", "the run")
            .text("size", "level of the axis")
            .text("seed", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings")
            .text("training", "what it was trained on: hh, skill or both")
            .text("test", "held-out comparisons: hh (helpful and harmless) or skill")
            .number("accuracy", "fraction", "its comparisons with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("n", "comparison", "its comparisons")
            .number("length_rule", "fraction", "the better of shorter and longer, same comparisons")
            .number("chance", "fraction", "accuracy of a coin");
    List<Point> points = new ArrayList<>();
    for (StudyRun run : data.role("pm")) {
      points.add(point(rows, run, HH, HH_PARTS));
      points.add(point(rows, run, SKILL, List.of(SKILL)));
    }
    return new StudyResult(
        List.of(rows.build(), cells(points)),
        List.of(
            cost(points, HH)
                .noCost(
                    "skill-costs-hh-nothing",
                    "Fig 20; section 5.2",
                    "a model trained on the skill as well is as accurate on helpful and harmless"
                        + " comparisons as one trained on those alone",
                    "of accuracy on helpful and harmless comparisons lost by training on the skill"
                        + " as well, mean over sizes",
                    LARGEST_COST),
            cost(points, SKILL)
                .noCost(
                    "hh-costs-skill-nothing",
                    "Fig 20; section 5.2",
                    "a model trained on helpful and harmless comparisons as well is as accurate on"
                        + " the skill as one trained on the skill alone",
                    "of accuracy on the skill lost by training on helpful and harmless comparisons"
                        + " as well, mean over sizes",
                    LARGEST_COST)),
        List.of(
            "%s parameters without embeddings, where the paper's sizes begin at 13M"
                .formatted(new TreeSet<>(points.stream().map(Point::parameters).toList())),
            "the model of both has all comparisons of the two others, so a gain is what one kind"
                + " teaches about the other; gains are not costs and no contradiction"));
  }

  /** The accuracy over all comparisons of some parts, which are one test. */
  private static Point point(
      ResultTable.Builder rows, StudyRun run, String test, List<String> parts) {
    long n = 0;
    double right = 0;
    double shorter = 0;
    for (String part : parts) {
      double size = run.last(Metrics.EVAL_PART_N.of(part));
      n += Math.round(size);
      right += size * run.last(Metrics.EVAL_PART_ACCURACY.of(part));
      shorter += size * run.last(Metrics.EVAL_PART_LENGTH_ACCURACY.of(part));
    }
    Point point =
        new Point(
            run.level("size"),
            run.parametersWithoutEmbeddings(),
            run.level("training"),
            run.level("seed"),
            test,
            right / n);
    Interval interval = Proportion.wilson(Math.round(right), n, OverSeeds.LEVEL).interval();
    rows.row(
        run.name(),
        point.size(),
        point.seed(),
        point.parameters(),
        point.training(),
        test,
        point.accuracy(),
        interval.low(),
        interval.high(),
        n,
        Math.max(shorter / n, 1 - shorter / n),
        0.5);
    return point;
  }

  /** What a test loses by the other training, by size and seed. */
  private static OverSeeds cost(List<Point> points, String test) {
    OverSeeds effect = new OverSeeds();
    for (Point point : points) {
      if (point.test().equals(test) && point.training().equals(BOTH)) {
        effect.add(point.seed(), lost(points, point));
      }
    }
    return effect;
  }

  /** What the model of both is below the specialist of its test; NaN where there is none. */
  private static double lost(List<Point> points, Point both) {
    OptionalDouble alone =
        points.stream()
            .filter(point -> point.test().equals(both.test()))
            .filter(point -> point.training().equals(both.test()))
            .filter(point -> point.size().equals(both.size()) && point.seed().equals(both.seed()))
            .mapToDouble(Point::accuracy)
            .findFirst();
    return alone.orElse(Double.NaN) - both.accuracy();
  }

  /** The curves of the figure: each training on each test against the size, over seeds. */
  private static ResultTable cells(List<Point> points) {
    ResultTable.Builder table =
        ResultTable.named("accuracy_by_training")
            .text("test", "held-out comparisons: hh (helpful and harmless) or skill")
            .text("training", "what it was trained on: hh, skill or both")
            .text("size", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings")
            .number("accuracy", "fraction", "mean over seeds")
            .number(
                "low",
                "fraction",
                "lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "high",
                "fraction",
                "upper end of its 95 % t interval over seeds, on the logit scale")
            .number("cost", "fraction", "of both: accuracy below the test's own training, mean")
            .number("cost_low", "fraction", "lower end of its 95 % t interval over seeds")
            .number("cost_high", "fraction", "upper end of its 95 % t interval over seeds")
            .number("seeds", "run", "how many");
    List<Point> bySize =
        points.stream().sorted(Comparator.comparingLong(Point::parameters)).toList();
    for (String test : List.of(HH, SKILL)) {
      for (String training : TRAININGS) {
        for (String size : bySize.stream().map(Point::size).distinct().toList()) {
          Moments accuracy = new Moments();
          Moments cost = new Moments();
          double parameters = Double.NaN;
          for (Point point : points) {
            if (point.test().equals(test)
                && point.training().equals(training)
                && point.size().equals(size)) {
              accuracy.add(point.accuracy());
              cost.add(training.equals(BOTH) ? lost(points, point) : Double.NaN);
              parameters = (double) point.parameters();
            }
          }
          if (accuracy.n() > 0) {
            Interval interval = accuracy.tIntervalOfShare(OverSeeds.LEVEL);
            Interval costs = cost.tInterval(OverSeeds.LEVEL);
            table.row(
                test,
                training,
                size,
                parameters,
                accuracy.mean(),
                interval.low(),
                interval.high(),
                cost.mean(),
                costs.low(),
                costs.high(),
                accuracy.n());
          }
        }
      }
    }
    return table.build();
  }
}
