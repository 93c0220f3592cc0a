package dev.plumbline.figure;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where data lie on a drawn figure: from data to the figure's units (logical pixels on screen) and
 * back, and which point is nearest to a pointer. Immutable and safe to use from any thread.
 */
public final class PlotMapping {
  /**
   * One axis: data values to places.
   *
   * @param scale linear or logarithmic
   * @param low value at {@code start}
   * @param high value at {@code end}
   * @param start place of the lower end
   * @param end place of the upper end
   */
  public record Span(Axis.Scale scale, double low, double high, double start, double end) {
    /** The place of a value; NaN when it has none. */
    public double place(double value) {
      return start + (coordinate(value) - coordinate(low)) / width() * (end - start);
    }

    /** The value at a place. */
    public double value(double place) {
      double coordinate = coordinate(low) + (place - start) / (end - start) * width();
      return scale == Axis.Scale.LOG ? Math.pow(10, coordinate) : coordinate;
    }

    /** A value as a number that grows evenly along the axis. */
    double coordinate(double value) {
      if (scale == Axis.Scale.LINEAR) {
        return value;
      }
      return value > 0 ? Math.log10(value) : Double.NaN;
    }

    private double width() {
      return coordinate(high) - coordinate(low);
    }
  }

  /**
   * A point of the data that a pointer is on.
   *
   * @param series id of its layer
   * @param label label of its layer
   * @param index its row in the layer's columns
   * @param x its place in data units
   * @param y its value as drawn
   * @param raw its value before smoothing; equal to y when not smoothed
   * @param low lower end of its interval, NaN without
   * @param high upper end of its interval, NaN without
   * @param step its training step, NaN when the layer has none
   * @param px its place on the figure
   * @param py its place on the figure
   */
  public record Hit(
      String series,
      String label,
      int index,
      double x,
      double y,
      double raw,
      double low,
      double high,
      double step,
      double px,
      double py) {}

  private record Rows(
      String series,
      String label,
      Column x,
      Column y,
      Column raw,
      Column low,
      Column high,
      Column step,
      boolean ascending,
      double shift) {}

  /** Points of a series that a pointer's place is compared with. */
  private static final int MOST = 50_000;

  private final Span x;
  private final Span y;
  private final List<Rows> rows = new ArrayList<>();
  private final List<Layer.Bars> bars = new ArrayList<>();
  private final List<Layer.Heat> heats = new ArrayList<>();

  PlotMapping(Span x, Span y, List<Layer> layers) {
    this(x, y, layers, Map.of());
  }

  /**
   * @param shifts how far series are drawn right of their places, by their ids
   */
  PlotMapping(Span x, Span y, List<Layer> layers, Map<String, Double> shifts) {
    this.x = x;
    this.y = y;
    for (Layer layer : layers) {
      switch (layer) {
        case Layer.Line line ->
            rows.add(
                new Rows(
                    line.id(),
                    line.label(),
                    line.x(),
                    line.y(),
                    line.measured(),
                    Column.empty(),
                    Column.empty(),
                    line.step(),
                    line.x().ascending(),
                    shifts.getOrDefault(line.id(), 0.0)));
        case Layer.Points points ->
            rows.add(
                new Rows(
                    points.id(),
                    points.label(),
                    points.x(),
                    points.y(),
                    points.y(),
                    points.low(),
                    points.high(),
                    points.step(),
                    points.x().ascending(),
                    shifts.getOrDefault(points.id(), 0.0)));
        case Layer.Bars each -> bars.add(each);
        case Layer.Intervals intervals ->
            rows.add(
                new Rows(
                    intervals.id(),
                    intervals.label(),
                    intervals.value(),
                    intervals.at(),
                    intervals.value(),
                    intervals.low(),
                    intervals.high(),
                    intervals.step(),
                    intervals.value().ascending(),
                    0));
        case Layer.Steps steps ->
            rows.add(middles(steps.id(), steps.label(), steps.edges(), steps.heights()));
        case Layer.Heat heat -> heats.add(heat);
        default -> {}
      }
    }
  }

  /** Bars and steps are found by the middles of their tops. */
  private static Rows middles(String id, String label, Column edges, Column heights) {
    double[] middle = new double[heights.size()];
    for (int i = 0; i < middle.length; i++) {
      middle[i] = (edges.get(i) + edges.get(i + 1)) / 2;
    }
    Column x = Column.of(middle);
    return new Rows(
        id,
        label,
        x,
        heights,
        heights,
        Column.empty(),
        Column.empty(),
        Column.empty(),
        x.ascending(),
        0);
  }

  /** The cell of a heat map that a place is in; its hit has the cell's value as raw. */
  private Optional<Hit> cell(double px, double py) {
    if (!plot().contains(px, py)) {
      return Optional.empty();
    }
    double atX = x.value(px);
    double atY = y.value(py);
    for (Layer.Heat heat : heats) {
      int column = between(heat.xEdges(), atX);
      int row = between(heat.yEdges(), atY);
      if (column >= 0 && row >= 0) {
        int cell = row * heat.columns() + column;
        double middleX = (heat.xEdges().get(column) + heat.xEdges().get(column + 1)) / 2;
        double middleY = (heat.yEdges().get(row) + heat.yEdges().get(row + 1)) / 2;
        return Optional.of(
            new Hit(
                heat.id(),
                "",
                cell,
                middleX,
                middleY,
                heat.values().get(cell),
                orNan(heat.low(), cell),
                orNan(heat.high(), cell),
                orNan(heat.step(), cell),
                x.place(middleX),
                y.place(middleY)));
      }
    }
    return Optional.empty();
  }

  private static int between(Column edges, double value) {
    for (int i = 0; i + 1 < edges.size(); i++) {
      if (value >= edges.get(i) && value < edges.get(i + 1)) {
        return i;
      }
    }
    return -1;
  }

  /** The horizontal axis. */
  public Span x() {
    return x;
  }

  /** The vertical axis; its {@code start} lies below its {@code end}. */
  public Span y() {
    return y;
  }

  /** The rectangle inside the axes. */
  public Rectangle2D plot() {
    return new Rectangle2D.Double(x.start(), y.end(), x.end() - x.start(), y.start() - y.end());
  }

  /**
   * The point nearest to a place on the figure; where there is none within reach, the bar at it.
   *
   * @param px place from the left
   * @param py place from the top
   * @param reach the farthest that a point may be
   * @return the point or bar, or empty where there is neither
   */
  public Optional<Hit> nearest(double px, double py, double reach) {
    Rows best = null;
    int bestRow = -1;
    double bestDistance = reach * reach;
    for (Rows series : rows) {
      int from = 0;
      int to = series.x().size();
      if (series.ascending()) {
        from = firstFrom(series.x(), x.value(px - series.shift() - reach));
        to = firstFrom(series.x(), Math.nextUp(x.value(px - series.shift() + reach)));
        if (to - from > MOST) {
          // More points than pixels: those right under the pointer are near enough.
          int middle = Math.clamp(firstFrom(series.x(), x.value(px)), from, to);
          from = Math.max(from, middle - MOST / 2);
          to = Math.min(to, middle + MOST / 2);
        }
      }
      for (int row = from; row < to; row++) {
        double dx = x.place(series.x().get(row)) + series.shift() - px;
        double dy = y.place(series.y().get(row)) - py;
        double distance = dx * dx + dy * dy;
        if (distance <= bestDistance) {
          bestDistance = distance;
          best = series;
          bestRow = row;
        }
      }
    }
    if (best != null) {
      return Optional.of(hit(best, bestRow));
    }
    Optional<Hit> bar = bar(px, py);
    return bar.isPresent() ? bar : cell(px, py);
  }

  /**
   * The bar in whose column a place lies, above a low bar too, so that one of few is hit easily.
   * Its hit stands at the middle of its upper edge; {@code low} and {@code high} are NaN.
   */
  private Optional<Hit> bar(double px, double py) {
    if (!plot().contains(px, py)) {
      return Optional.empty();
    }
    Hit best = null;
    for (Layer.Bars each : bars) {
      for (int i = 0; i < each.heights().size(); i++) {
        double left = x.place(each.edges().get(i));
        double right = x.place(each.edges().get(i + 1));
        double height = each.heights().get(i);
        if (px < Math.min(left, right) || px >= Math.max(left, right) || !(height > 0)) {
          continue;
        }
        double top = y.place(height);
        // of bars behind one another the shortest that the place is in, above all of them the
        // tallest
        boolean inside = py >= top;
        boolean bestInside = best != null && py >= best.py();
        boolean better =
            best == null
                || (inside ? !bestInside || top > best.py() : !bestInside && top < best.py());
        if (better) {
          double middle = (each.edges().get(i) + each.edges().get(i + 1)) / 2;
          best =
              new Hit(
                  each.id(),
                  each.label(),
                  i,
                  middle,
                  height,
                  height,
                  Double.NaN,
                  Double.NaN,
                  Double.NaN,
                  (left + right) / 2,
                  top);
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * The point of one series that is nearest to a place along the horizontal axis, for a cross-hair
   * over several series.
   */
  public Optional<Hit> nearestAlongX(String id, double px) {
    for (Rows series : rows) {
      if (series.series().equals(id)) {
        int bestRow = -1;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int row = 0; row < series.x().size(); row++) {
          double distance = Math.abs(x.place(series.x().get(row)) + series.shift() - px);
          if (distance < bestDistance && !Double.isNaN(series.y().get(row))) {
            bestDistance = distance;
            bestRow = row;
          }
        }
        return bestRow < 0 ? Optional.empty() : Optional.of(hit(series, bestRow));
      }
    }
    return Optional.empty();
  }

  /**
   * Of every series the point that is nearest to a place along the horizontal axis, those first
   * whose values are nearest to the place; for a pointer over more series than can be told apart.
   *
   * @param px place from the left
   * @param py place from the top
   * @param reach the farthest along the axis that a point may be
   */
  public List<Hit> around(double px, double py, double reach) {
    List<Hit> found = new ArrayList<>();
    for (Rows series : rows) {
      int row = series.ascending() ? beside(series, px) : nearestRow(series, px, py, reach);
      if (row >= 0 && Math.abs(x.place(series.x().get(row)) + series.shift() - px) <= reach) {
        Hit hit = hit(series, row);
        if (Double.isFinite(hit.py())) {
          found.add(hit);
        }
      }
    }
    found.sort(Comparator.comparingDouble(hit -> Math.abs(hit.py() - py)));
    return List.copyOf(found);
  }

  /** The row with a value that is nearest along the axis, among the few on either side. */
  private int beside(Rows series, double px) {
    int middle = firstFrom(series.x(), x.value(px));
    int best = -1;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int row = Math.max(0, middle - 8); row < Math.min(series.x().size(), middle + 8); row++) {
      double distance = Math.abs(x.place(series.x().get(row)) + series.shift() - px);
      if (distance < bestDistance && Double.isFinite(series.y().get(row))) {
        bestDistance = distance;
        best = row;
      }
    }
    return best;
  }

  private int nearestRow(Rows series, double px, double py, double reach) {
    int best = -1;
    double bestDistance = reach * reach;
    for (int row = 0; row < series.x().size(); row++) {
      double dx = x.place(series.x().get(row)) + series.shift() - px;
      double dy = y.place(series.y().get(row)) - py;
      double distance = dx * dx + dy * dy;
      if (distance <= bestDistance) {
        bestDistance = distance;
        best = row;
      }
    }
    return best;
  }

  private Hit hit(Rows series, int row) {
    double atX = series.x().get(row);
    double atY = series.y().get(row);
    return new Hit(
        series.series(),
        series.label(),
        row,
        atX,
        atY,
        series.raw().get(row),
        orNan(series.low(), row),
        orNan(series.high(), row),
        orNan(series.step(), row),
        x.place(atX) + series.shift(),
        y.place(atY));
  }

  private static double orNan(Column column, int row) {
    return column.isEmpty() ? Double.NaN : column.get(row);
  }

  private static int firstFrom(Column ascending, double value) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending.get(middle) < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
