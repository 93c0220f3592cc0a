package dev.plumbline.app.chart;

import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.PlotMapping;

/**
 * The part of a chart that is looked at, in data units.
 *
 * @param xLow left end
 * @param xHigh right end
 * @param yLow lower end; NaN for what the data need
 * @param yHigh upper end, or NaN
 */
public record Zoom(double xLow, double xHigh, double yLow, double yHigh) {
  /** A part by its horizontal ends alone. */
  public static Zoom of(double xLow, double xHigh) {
    return new Zoom(xLow, xHigh, Double.NaN, Double.NaN);
  }

  /** Whether it has ends that a chart can have. */
  public boolean isUsable() {
    return Double.isFinite(xLow) && Double.isFinite(xHigh) && xHigh > xLow;
  }

  /** The figure with these ends. */
  public Figure of(Figure figure) {
    Axis y = figure.y();
    return figure.withAxes(figure.x().range(xLow, xHigh), yHigh > yLow ? y.range(yLow, yHigh) : y);
  }

  /** The same width around a place that is nearer (factor below 1) or farther. */
  public static Zoom around(PlotMapping.Span x, double place, double factor) {
    double left = x.value(place - (place - x.start()) * factor);
    double right = x.value(place + (x.end() - place) * factor);
    return of(left, right);
  }

  /** The same width, moved by some pixels. */
  public static Zoom moved(PlotMapping.Span x, double pixels) {
    return of(x.value(x.start() + pixels), x.value(x.end() + pixels));
  }
}
