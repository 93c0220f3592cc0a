package dev.plumbline.figure;

import dev.plumbline.analysis.FarOut;
import dev.plumbline.analysis.SeedBand;
import dev.plumbline.analysis.Smoothing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Curves of many runs in one plot: alone, or those that differ in their seed together. */
public final class ComparisonChart {
  /** Lines that are named at their ends; more would leave no room for the plot. */
  private static final int NAMED = 8;

  private static final double LEVEL = 0.95;

  private ComparisonChart() {}

  /** How runs of one group are drawn. */
  public enum Seeds {
    /** Each for itself. */
    EACH,
    /** Mean and 95 % t interval of the mean. */
    MEAN_T,
    /** Interquartile mean and 95 % percentile bootstrap. */
    IQM_BOOTSTRAP
  }

  /**
   * One run's values of one metric.
   *
   * @param id {@code run/metric}, by which a hit finds both
   * @param label its name on the chart
   * @param ink its colour
   * @param dash its pattern
   * @param group traces of one group and metric are drawn as one where seeds are
   * @param groupLabel the group's name on the chart
   * @param step steps
   * @param x places
   * @param y values
   */
  public record Trace(
      String id,
      String label,
      Ink ink,
      Dash dash,
      String group,
      String groupLabel,
      Column step,
      Column x,
      Column y) {}

  /**
   * How a chart is drawn.
   *
   * @param title what it is called
   * @param x horizontal axis
   * @param y vertical axis; its range is taken from the data
   * @param seeds how runs of one group are drawn
   * @param smoothing weight of the past in the debiased exponential average, 0 for none
   * @param outliersOut whether values beyond Tukey's outer fences may lie outside the axis
   */
  public record Options(
      String title, Axis x, Axis y, Seeds seeds, double smoothing, boolean outliersOut) {}

  /**
   * The chart. With smoothing the measured values stay behind the smooth lines; of runs drawn
   * together the measured centre does.
   *
   * @param marks what happened to the runs
   */
  public static Figure of(List<Trace> traces, List<Layer.Mark> marks, Options options) {
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<String> says = new ArrayList<>();
    if (options.seeds() == Seeds.EACH) {
      boolean named = traces.size() <= NAMED;
      for (Trace trace : traces) {
        lines.add(line(trace, named ? trace.label() : "", trace.x(), trace.y(), options));
      }
    } else {
      together(traces, options, bands, lines, says);
    }
    if (options.smoothing() > 0) {
      says.add(String.format(Locale.ROOT, "smoothed %s", Ticks.number(options.smoothing(), 3)));
    }
    Axis y = options.y();
    if (options.outliersOut()) {
      FarOut range = FarOut.of(traces.stream().map(trace -> trace.y().raw()).toList());
      if (range.outside() > 0 && range.high() > range.low()) {
        double pad = 0.05 * (range.high() - range.low());
        boolean log = y.scale() == Axis.Scale.LOG;
        y =
            log
                ? (range.low() > 0 ? y.range(range.low() / 1.1, range.high() * 1.1) : y)
                : y.range(range.low() - pad, range.high() + pad);
      }
      says.add(String.format(Locale.ROOT, "%,d of %,d values outside", range.outside(), range.n()));
    }
    List<Layer> layers = new ArrayList<>(bands);
    layers.addAll(lines);
    if (!marks.isEmpty()) {
      layers.add(new Layer.Marks(marks));
    }
    return Figure.of(options.title(), String.join(" · ", says), options.x(), y, layers)
        .withLegend(lines.size() <= NAMED ? Figure.Legend.LINE_ENDS : Figure.Legend.NONE)
        .withCaption(definition(options))
        .withProvenance(
            new Provenance(
                traces.stream().map(trace -> runOf(trace.id())).distinct().toList(),
                "",
                "",
                "",
                List.of(),
                List.of()));
  }

  /** What lines and bands are, in sentences. */
  public static String definition(Options options) {
    List<String> says = new ArrayList<>();
    switch (options.seeds()) {
      case EACH -> {}
      case MEAN_T ->
          says.add(
              "Lines are means over runs that differ in their seed alone, bands the 95 % t interval"
                  + " of the mean; between its own points a run is taken as straight.");
      case IQM_BOOTSTRAP ->
          says.add(
              "Lines are interquartile means over runs that differ in their seed alone, bands the"
                  + " 95 % percentile bootstrap over runs ("
                  + SeedBand.DRAWS
                  + " draws); between its own points a run is taken as straight.");
    }
    if (options.smoothing() > 0) {
      says.add(
          "Smooth lines are debiased exponential averages for display; measured values stand"
              + " behind them.");
    }
    if (options.outliersOut()) {
      says.add(
          "The vertical axis ends at the last value within three interquartile ranges of the"
              + " quartiles; what lies beyond is not in the plot.");
    }
    return String.join(" ", says);
  }

  private static Layer.Line line(Trace trace, String label, Column x, Column y, Options options) {
    Layer.Line line = Layer.Line.of(trace.id(), label, trace.ink(), x, y).drawn(trace.dash(), 1);
    if (options.smoothing() > 0) {
      Column smooth = Column.wrap(Smoothing.exponential(y.raw(), options.smoothing()));
      line =
          Layer.Line.of(trace.id(), label, trace.ink(), x, smooth)
              .drawn(trace.dash(), 1)
              .withGhost(y);
    }
    return trace.step().size() == x.size() ? line.withStep(trace.step()) : line;
  }

  private static void together(
      List<Trace> traces,
      Options options,
      List<Layer> bands,
      List<Layer> lines,
      List<String> says) {
    Map<String, List<Trace>> groups = new LinkedHashMap<>();
    for (Trace trace : traces) {
      groups
          .computeIfAbsent(trace.group() + "\0" + metricOf(trace.id()), _ -> new ArrayList<>())
          .add(trace);
    }
    boolean mean = options.seeds() == Seeds.MEAN_T;
    int fewest = groups.values().stream().mapToInt(List::size).min().orElse(0);
    int most = groups.values().stream().mapToInt(List::size).max().orElse(0);
    says.add(
        (mean ? "mean, 95 % t interval" : "IQM, 95 % bootstrap")
            + ", n = "
            + (fewest == most ? "" + most : fewest + " to " + most));
    for (List<Trace> members : groups.values()) {
      Trace first = members.getFirst();
      SeedBand band =
          SeedBand.of(
              members.stream().map(each -> each.x().raw()).toArray(double[][]::new),
              members.stream().map(each -> each.y().raw()).toArray(double[][]::new),
              mean ? SeedBand.Kind.MEAN_T : SeedBand.Kind.IQM_BOOTSTRAP,
              LEVEL,
              1);
      Column x = Column.wrap(band.x());
      bands.add(
          new Layer.Band(
              first.id() + "/band",
              "",
              first.ink(),
              x,
              Column.wrap(band.low()),
              Column.wrap(band.high())));
      String label =
          groups.size() > NAMED
              ? ""
              : first.groupLabel() + (fewest == most ? "" : " (n = " + members.size() + ")");
      lines.add(line(first, label, x, Column.wrap(band.centre()), options));
    }
  }

  /** The run of a series' id. */
  public static String runOf(String id) {
    int slash = id.indexOf('/');
    return slash < 0 ? id : id.substring(0, slash);
  }

  /** The metric of a series' id. */
  public static String metricOf(String id) {
    int slash = id.indexOf('/');
    return slash < 0 ? "" : id.substring(slash + 1);
  }
}
