package dev.plumbline.figure;

import dev.plumbline.analysis.Detection;
import java.util.ArrayList;
import java.util.List;

/**
 * Out-of-distribution detection (paper section 5.4, Figs 22, 23 and 39): histograms of scores, ROC
 * curves, the area by layer and model, and the area by outliers shown.
 */
public final class DetectionCharts {
  /** Id of the bars of in-distribution inputs. */
  public static final String IN = "in";

  /** Id of the bars of out-of-distribution inputs. */
  public static final String OUT = "out";

  /** What ids of ROC curves begin with; the curve's own id follows. */
  public static final String ROC = "roc:";

  private static final Ink IN_INK = Ink.series(0);
  private static final Ink OUT_INK = Ink.series(3);

  private DetectionCharts() {}

  /**
   * A ROC curve.
   *
   * @param id stable name
   * @param name what stands in the legend
   * @param points from (0, 0) to (1, 1)
   */
  public record Curve(String id, String name, List<Detection.RocPoint> points) {
    /** Copies the list. */
    public Curve {
      points = List.copyOf(points);
    }
  }

  /**
   * What a threshold does.
   *
   * @param id stable name
   * @param name what stands in the legend
   * @param ink its colour
   */
  public record Operating(
      String id, String name, Ink ink, double threshold, double falseReject, double caught) {}

  /**
   * The area under the curve at places that share an axis.
   *
   * @param row name of the row: a model, a size or a detector
   * @param column name of the column: a layer
   * @param n how many runs or inputs it was counted from
   */
  public record Cell(String row, String column, double value, double low, double high, long n) {}

  /**
   * The area by outliers shown.
   *
   * @param id stable name
   * @param name what stands at the line's end
   * @param outliers how many outliers were shown, ascending
   * @param value mean areas
   * @param low lower ends of the bars
   * @param high upper ends of the bars
   */
  public record Exposure(
      String id, String name, Column outliers, Column value, Column low, Column high) {}

  /**
   * Histograms of both kinds over the same bins, with marks where thresholds stand.
   *
   * @param axis name of the score
   */
  public static Figure histogram(
      String title,
      String subtitle,
      String axis,
      ScoreHistogram histogram,
      List<Operating> thresholds) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Bars(IN, "in distribution", IN_INK, histogram.edges(), histogram.in()));
    layers.add(
        new Layer.Bars(OUT, "out of distribution", OUT_INK, histogram.edges(), histogram.out()));
    if (!thresholds.isEmpty()) {
      layers.add(
          new Layer.Marks(
              thresholds.stream()
                  .map(each -> new Layer.Mark(each.threshold(), each.name(), each.ink(), "", 0))
                  .toList()));
    }
    Column edges = histogram.edges();
    return Figure.of(
            title,
            subtitle,
            Axis.linear(axis, "").range(edges.get(0), edges.last()),
            Axis.linear("prompts", "").from(0),
            layers)
        .withLegend(Figure.Legend.TOP)
        .withCaption(
            "Tested prompts of both kinds over the same bins; the outer bins hold the %d beyond"
                    .formatted(histogram.beyond())
                + " their edges too.");
  }

  /** ROC curves with operating points; out of distribution is the positive class. */
  public static Figure roc(
      String title, String subtitle, List<Curve> curves, List<Operating> points) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Reference("chance", "", Ink.MUTED, Dash.DASHED, 0, 1, 0, 1));
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      double[] x = curve.points().stream().mapToDouble(p -> p.falsePositiveRate()).toArray();
      double[] y = curve.points().stream().mapToDouble(p -> p.truePositiveRate()).toArray();
      layers.add(
          Layer.Line.of(ROC + curve.id(), curve.name(), Ink.series(i), Column.of(x), Column.of(y))
              .drawn(Dash.SOLID, i == 0 ? 1.2 : 0.8));
    }
    for (Operating point : points) {
      layers.add(
          new Layer.Points(
              point.id(),
              point.name(),
              point.ink(),
              Column.of(point.falseReject()),
              Column.of(point.caught()),
              Column.empty(),
              Column.empty(),
              Column.empty()));
    }
    return Figure.of(
            title,
            subtitle,
            Axis.linear("false rejects (in distribution)", "").range(0, 1),
            Axis.linear("caught (out of distribution)", "").range(0, 1),
            layers)
        .withLegend(Figure.Legend.TOP)
        .withCaption("Positive class: out of distribution. A score at the threshold is rejected.");
  }

  /**
   * The area by layer and model, chance in the middle of the colours.
   *
   * @param rows names of the rows from the top
   * @param columns names of the columns
   * @param cells what is known; other places stay empty
   * @param caption what the intervals are
   */
  public static Figure layerMap(
      String title,
      String subtitle,
      List<String> rows,
      List<String> columns,
      List<Cell> cells,
      String caption) {
    int size = rows.size() * columns.size();
    double[] value = empty(size);
    double[] low = empty(size);
    double[] high = empty(size);
    double[] n = empty(size);
    for (Cell cell : cells) {
      int row = rows.indexOf(cell.row());
      int column = columns.indexOf(cell.column());
      if (row >= 0 && column >= 0) {
        int at = row * columns.size() + column;
        value[at] = cell.value();
        low[at] = cell.low();
        high[at] = cell.high();
        n[at] = (double) cell.n();
      }
    }
    List<Layer> layers =
        size == 0
            ? List.of()
            : List.of(
                Layer.Heat.of(
                        "map",
                        ColourScale.diverging("AUROC", "", 0.5, 3).range(0, 1),
                        rows.size(),
                        columns.size(),
                        Column.of(value))
                    .withIntervals(Column.of(n), Column.of(low), Column.of(high)));
    return Figure.of(title, subtitle, Axis.named("layer", columns), Axis.named("", rows), layers)
        .withLegend(Figure.Legend.NONE)
        .withCaption(caption)
        .withEmptyText("No areas yet");
  }

  /**
   * The area by outliers shown.
   *
   * @param without the area of a detector that was shown none, or NaN
   * @param bars what the error bars are
   */
  public static Figure exposure(
      String title, String subtitle, List<Exposure> lines, double without, String bars) {
    List<Layer> layers = new ArrayList<>();
    double least = Double.isNaN(without) ? 1 : without;
    if (!Double.isNaN(without)) {
      layers.add(new Layer.Level("none shown", Ink.MUTED, Dash.DASHED, without));
    }
    for (int i = 0; i < lines.size(); i++) {
      Exposure line = lines.get(i);
      Ink ink = Ink.series(i);
      layers.add(
          Layer.Line.of("line:" + line.id(), "", ink, line.outliers(), line.value())
              .drawn(Dash.SOLID, 0.7));
      layers.add(
          new Layer.Points(
              line.id(),
              line.name(),
              ink,
              line.outliers(),
              line.value(),
              line.low(),
              line.high(),
              Column.empty()));
      for (double each : line.low().toArray()) {
        least = Math.min(least, each);
      }
    }
    double floor = Math.max(0, Math.floor((Math.min(least, 0.995) - 0.01) * 20) / 20);
    return Figure.of(
            title,
            subtitle,
            Axis.log("outliers shown", ""),
            Axis.linear("AUROC", "").range(floor, 1 + (1 - floor) * 0.02),
            layers)
        .withCaption(bars);
  }

  private static double[] empty(int size) {
    double[] values = new double[size];
    java.util.Arrays.fill(values, Double.NaN);
    return values;
  }
}
