package dev.plumbline.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Figures of what a data file's rows are like; a bar's place leads back to its rows. */
public final class DataCharts {
  private static final int BARS = 30;
  private static final int[] STEPS = {1, 2, 5};

  private DataCharts() {}

  /**
   * A histogram of whole numbers.
   *
   * @param figure the figure
   * @param width how many numbers make a bar
   * @param first the first number of the first bar
   */
  public record Histogram(Figure figure, int width, int first) {
    /** The least number of a bar. */
    public int least(int bar) {
      return first + bar * width;
    }

    /** The greatest number of a bar. */
    public int most(int bar) {
      return first + (bar + 1) * width - 1;
    }
  }

  /** One distribution in a histogram. */
  public record Counts(String id, String label, SortedMap<Integer, Long> counts) {}

  /**
   * A histogram of one or two distributions of whole numbers. The axis ends where at most one row
   * in two hundred lies beyond; the subtitle says how many do.
   */
  public static Histogram whole(String title, String unit, List<Counts> distributions) {
    SortedMap<Integer, Long> all = new TreeMap<>();
    distributions.forEach(
        each -> each.counts().forEach((value, rows) -> all.merge(value, rows, Long::sum)));
    long total = all.values().stream().mapToLong(Long::longValue).sum();
    int first = all.isEmpty() ? 0 : Math.min(all.firstKey(), 1);
    int last = first;
    long below = 0;
    for (Map.Entry<Integer, Long> each : all.entrySet()) {
      last = each.getKey();
      below += each.getValue();
      if (below >= 0.995 * total) {
        break;
      }
    }
    int width = width(last - first + 1);
    int start = Math.floorDiv(first, width) * width;
    int bars = (last - start) / width + 1;
    long beyond = total - below;
    List<Layer> layers = new ArrayList<>();
    double[] edges = new double[bars + 1];
    for (int i = 0; i <= bars; i++) {
      // whole numbers: the bar of 3 stands from 2.5 to 3.5
      edges[i] = start + i * width - 0.5;
    }
    int ink = 0;
    for (Counts each : distributions) {
      double[] heights = new double[bars];
      each.counts()
          .forEach(
              (value, rows) -> {
                int bar = Math.floorDiv(value - start, width);
                if (bar >= 0 && bar < bars) {
                  heights[bar] += rows;
                }
              });
      layers.add(
          new Layer.Bars(
              each.id(), each.label(), Ink.series(ink++), Column.of(edges), Column.of(heights)));
    }
    Figure figure =
        Figure.of(
                title,
                beyond == 0
                    ? ""
                    : "%,d rows beyond %,d".formatted(beyond, start + bars * width - 1),
                Axis.linear(unit, ""),
                Axis.linear("rows", "").from(0),
                total == 0 ? List.of() : layers)
            .withLegend(distributions.size() > 1 ? Figure.Legend.TOP : Figure.Legend.NONE)
            .withEmptyText("No rows");
    return new Histogram(figure, width, start);
  }

  private static int width(int range) {
    for (int power = 1; ; power *= 10) {
      for (int step : STEPS) {
        if (range <= (long) BARS * step * power) {
          return step * power;
        }
      }
    }
  }

  /** Bars of named counts, in their order. */
  public static Figure named(String title, String subtitle, List<String> names, double[] rows) {
    double[] edges = new double[names.size() + 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = i;
    }
    return Figure.of(
            title,
            subtitle,
            Axis.named("", names),
            Axis.linear("rows", "").from(0),
            names.isEmpty()
                ? List.of()
                : List.of(
                    new Layer.Bars(
                        title, "", Ink.series(0), Column.of(edges), Column.of(rows.clone()))))
        .withLegend(Figure.Legend.NONE)
        .withEmptyText("No rows");
  }

  /**
   * Bars of numbers that are not whole.
   *
   * @param width of an interval, whose middles the keys are; 0 where the keys are the only values
   */
  public static Figure numbers(
      String title, String subtitle, String unit, SortedMap<Double, Long> counts, double width) {
    double wide = width > 0 ? width : least(counts);
    List<Layer> layers = new ArrayList<>();
    double[] edges = new double[2 * counts.size()];
    double[] heights = new double[Math.max(0, 2 * counts.size() - 1)];
    int at = 0;
    for (Map.Entry<Double, Long> each : counts.entrySet()) {
      // between bars that do not touch stands one of no height
      edges[2 * at] = each.getKey() - wide / 2;
      edges[2 * at + 1] = each.getKey() + wide / 2;
      heights[2 * at] = each.getValue();
      at++;
    }
    if (at > 0) {
      layers.add(new Layer.Bars(title, "", Ink.series(0), Column.of(edges), Column.of(heights)));
    }
    return Figure.of(
            title, subtitle, Axis.linear(unit, ""), Axis.linear("rows", "").from(0), layers)
        .withLegend(Figure.Legend.NONE)
        .withEmptyText("No margin is known");
  }

  /** The least distance of two values, 1 where there is one. */
  private static double least(SortedMap<Double, Long> counts) {
    double least = Double.POSITIVE_INFINITY;
    Double before = null;
    for (Double value : counts.keySet()) {
      if (before != null) {
        least = Math.min(least, value - before);
      }
      before = value;
    }
    return Double.isFinite(least) ? 0.8 * least : 1;
  }
}
