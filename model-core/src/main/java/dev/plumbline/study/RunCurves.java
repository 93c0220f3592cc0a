package dev.plumbline.study;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Several curves of one run at the steps that all of them have. */
final class RunCurves {
  private final long[] steps;
  private final Map<String, double[]> values = new LinkedHashMap<>();

  private RunCurves(long[] steps) {
    this.steps = steps;
  }

  /**
   * Reads the curves.
   *
   * @throws UserError where the run has none of a name, or no step has all
   */
  static RunCurves of(StudyRun run, String... metrics) {
    TreeSet<Long> shared = new TreeSet<>();
    for (int m = 0; m < metrics.length; m++) {
      run.last(metrics[m]); // names the run and the metric where there is none
      TreeSet<Long> own = new TreeSet<>();
      Arrays.stream(run.series(metrics[m]).step()).forEach(own::add);
      if (m == 0) {
        shared.addAll(own);
      } else {
        shared.retainAll(own);
      }
    }
    if (shared.isEmpty()) {
      throw new UserError(
          "run %s has no step with all of %s, which the analysis needs; check its spec"
              .formatted(run.id(), Arrays.toString(metrics)));
    }
    RunCurves curves = new RunCurves(shared.stream().mapToLong(Long::longValue).toArray());
    for (String metric : metrics) {
      StudySeries series = run.series(metric);
      curves.values.put(
          metric,
          IntStream.range(0, series.size())
              .filter(i -> shared.contains(series.step()[i]))
              .mapToDouble(i -> series.value()[i])
              .toArray());
    }
    return curves;
  }

  int size() {
    return steps.length;
  }

  long step(int i) {
    return steps[i];
  }

  long[] steps() {
    return steps.clone();
  }

  /** The values of one of the metrics, in the order of the steps. */
  double[] of(String metric) {
    double[] found = values.get(metric);
    if (found == null) {
      throw new IllegalArgumentException("not read: " + metric);
    }
    return found;
  }

  /** The values of a metric less the first. */
  double[] gain(String metric) {
    double[] found = of(metric);
    return Arrays.stream(found).map(value -> value - found[0]).toArray();
  }

  /** sqrt(max(0, value)) of a metric. */
  double[] root(String metric) {
    return Arrays.stream(of(metric)).map(value -> Math.sqrt(Math.max(0, value))).toArray();
  }

  /** The first place of the run's last part: {@code 1 / parts} of its points, at least one. */
  int lastPart(int parts) {
    return size() - Math.max(1, size() / parts);
  }

  /**
   * When the score that runs are trained on and another one come apart: gains of both, at the steps
   * that all runs have, one number a run. At a run's first step the gap is 0 by definition.
   */
  static GapOnset gapOnset(List<RunCurves> runs, String train, String test) {
    TreeSet<Long> shared = new TreeSet<>();
    Arrays.stream(runs.getFirst().steps).skip(1).forEach(shared::add);
    for (RunCurves run : runs) {
      shared.retainAll(Arrays.stream(run.steps).skip(1).boxed().toList());
    }
    List<GapOnset.Step> steps = new ArrayList<>();
    for (long step : shared) {
      steps.add(new GapOnset.Step(step, gains(runs, train, step), gains(runs, test, step)));
    }
    return GapOnset.of(steps, 0, OverSeeds.LEVEL);
  }

  private static double[] gains(List<RunCurves> runs, String metric, long step) {
    return runs.stream()
        .mapToDouble(run -> run.gain(metric)[Arrays.binarySearch(run.steps, step)])
        .toArray();
  }

  /** The mean over some places; NaN where there are none. */
  static double mean(double[] values, IntPredicate places) {
    return IntStream.range(0, values.length)
        .filter(places)
        .mapToDouble(i -> values[i])
        .average()
        .orElse(Double.NaN);
  }

  /** The mean from a place on. */
  static double meanFrom(double[] values, int from) {
    return mean(values, i -> i >= from);
  }

  /** Least-squares slope of y on x through the origin over some places; NaN without any. */
  static double slopeThroughOrigin(double[] x, double[] y, IntPredicate places) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      if (places.test(i) && Double.isFinite(x[i]) && Double.isFinite(y[i])) {
        products += x[i] * y[i];
        squares += x[i] * x[i];
      }
    }
    return squares > 0 ? products / squares : Double.NaN;
  }
}
