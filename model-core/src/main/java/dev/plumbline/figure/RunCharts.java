package dev.plumbline.figure;

import dev.plumbline.analysis.Smoothing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A metric of one or more runs against step, samples, tokens or time. */
public final class RunCharts {
  private RunCharts() {}

  /** What a metric is drawn against. */
  public enum Against {
    /** Training steps. */
    STEP("step", ""),
    /** Responses, comparisons or sequences seen. */
    SAMPLES("samples", ""),
    /** Tokens seen. */
    TOKENS("tokens", ""),
    /** Seconds of work, pauses left out. */
    SECONDS("time", "s");

    private final String label;
    private final String unit;

    Against(String label, String unit) {
      this.label = label;
      this.unit = unit;
    }
  }

  /**
   * One run's values of the metric.
   *
   * @param id the run's stable identifier
   * @param label its name on the chart
   * @param step steps, ascending
   * @param x places on the horizontal axis: steps, samples, tokens or seconds
   * @param value values
   * @param low lower ends of their intervals, or empty
   * @param high upper ends of their intervals, or empty
   * @param marks what happened while the run went on
   */
  public record MetricRun(
      String id,
      String label,
      Column step,
      Column x,
      Column value,
      Column low,
      Column high,
      List<RewardKlRun.Happening> marks) {
    /** Copies the list. */
    public MetricRun {
      marks = List.copyOf(marks);
    }

    /** Values without intervals and marks. */
    public static MetricRun of(String id, String label, Column step, Column x, Column value) {
      return new MetricRun(id, label, step, x, value, Column.empty(), Column.empty(), List.of());
    }
  }

  /**
   * A chart of one metric: one line a run, the interval as a band where there is one, and marks.
   * With smoothing the measured values stay visible behind the smooth line, and the subtitle says
   * so; exports of rows are never smoothed.
   *
   * @param metric stable name of the metric; the series' ids are {@code run/metric}
   * @param title what the chart is called
   * @param unit unit of the values, or empty
   * @param against what it is drawn against
   * @param scale scale of the vertical axis
   * @param smoothing weight of the past in the debiased exponential average, 0 for none
   * @param runs the runs
   */
  public static Figure metric(
      String metric,
      String title,
      String unit,
      Against against,
      Axis.Scale scale,
      double smoothing,
      List<MetricRun> runs) {
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<Layer.Mark> marks = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      MetricRun run = runs.get(i);
      Ink ink = Ink.series(i);
      String id = run.id() + "/" + metric;
      if (!run.low().isEmpty() && !run.high().isEmpty()) {
        bands.add(new Layer.Band(id + "/interval", "", ink, run.x(), run.low(), run.high()));
      }
      Layer.Line line =
          Layer.Line.of(id, run.label(), ink, run.x(), run.value()).withStep(run.step());
      if (smoothing > 0) {
        Column smooth = Column.of(Smoothing.exponential(run.value().toArray(), smoothing));
        line =
            Layer.Line.of(id, run.label(), ink, run.x(), smooth)
                .withStep(run.step())
                .withGhost(run.value());
      }
      lines.add(line);
      for (RewardKlRun.Happening mark : run.marks()) {
        double place = placeOf(run, against, mark.step());
        if (!Double.isNaN(place)) {
          marks.add(
              new Layer.Mark(
                  place, mark.label(), runs.size() == 1 ? Ink.MUTED : ink, run.id(), mark.step()));
        }
      }
    }
    List<Layer> layers = new ArrayList<>(bands);
    layers.addAll(lines);
    if (!marks.isEmpty()) {
      layers.add(new Layer.Marks(marks));
    }
    String smooth =
        smoothing > 0
            ? String.format(
                Locale.ROOT, "smoothed, weight %s; measured values behind", weight(smoothing))
            : "";
    return Figure.of(
            title,
            smooth,
            Axis.linear(against.label, against.unit),
            new Axis(
                title,
                unit,
                scale,
                java.util.OptionalDouble.empty(),
                java.util.OptionalDouble.empty()),
            layers)
        .withCaption(
            smooth.isEmpty()
                ? ""
                : "Lines are debiased exponential averages for display; rows are exported as"
                    + " measured.")
        .withProvenance(
            new Provenance(
                runs.stream().map(MetricRun::id).toList(), "", "", "", List.of(), List.of()));
  }

  private static String weight(double smoothing) {
    return Ticks.number(smoothing, 3);
  }

  /**
   * Where a step lies on the axis: between measured rows in proportion, and nowhere behind the last
   * one, since nobody has measured how many tokens or seconds that was.
   */
  private static double placeOf(MetricRun run, Against against, long when) {
    if (against == Against.STEP) {
      return when;
    }
    int row = -1;
    while (row + 1 < run.step().size() && run.step().get(row + 1) <= when) {
      row++;
    }
    if (row < 0 || run.step().get(row) == when) {
      return row < 0 ? Double.NaN : run.x().get(row);
    }
    if (row + 1 == run.step().size()) {
      return Double.NaN;
    }
    double share = (when - run.step().get(row)) / (run.step().get(row + 1) - run.step().get(row));
    return run.x().get(row) + share * (run.x().get(row + 1) - run.x().get(row));
  }
}
