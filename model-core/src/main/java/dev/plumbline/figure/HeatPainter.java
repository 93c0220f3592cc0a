package dev.plumbline.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

/** Draws heat maps and their colour bars for {@link FigurePainter}. */
final class HeatPainter {
  /** Bands of a colour bar: enough that no band is seen, few enough for a small file. */
  private static final int BANDS = 64;

  /** Writes text with a fraction of it (0 start, 0.5 middle, 1 end) at a place. */
  interface Pen {
    void text(String text, Font font, Color colour, double x, double baseline, double fraction);
  }

  private final Graphics2D g;
  private final FigureStyle style;
  private final Pen pen;
  private final Font small;
  private final double size;

  HeatPainter(Graphics2D g, FigureStyle style, Font small, Pen pen) {
    this.g = g;
    this.style = style;
    this.small = small;
    this.pen = pen;
    this.size = style.size();
  }

  /** Room that a colour bar needs right of the plot. */
  double barWidth(Layer.Heat heat) {
    double widest = 0;
    double[] ends = heat.colours().ends(heat.values());
    for (Ticks.Tick tick : Ticks.linear(ends[0], ends[1], 5)) {
      widest = Math.max(widest, RichText.parse(tick.label()).width(small));
    }
    double title = heat.colours().title().isEmpty() ? 0 : size * 1.5;
    return size * 2.1 + widest + title + size * 0.3;
  }

  /** The cells, the numbers in them, and the bar right of the plot. */
  void draw(PlotMapping mapping, Layer.Heat heat, double right) {
    double[] ends = heat.colours().ends(heat.values());
    double seam = style.line() * 0.35;
    int lines = heat.written() ? linesThatFit(mapping, heat) : 0;
    for (int cell = 0; cell < heat.values().size(); cell++) {
      Rectangle2D box = box(mapping, heat, cell);
      double value = heat.values().get(cell);
      Color colour = colour(heat, value, ends);
      g.setColor(colour);
      g.fill(
          new Rectangle2D.Double(
              box.getX() + seam,
              box.getY() + seam,
              Math.max(0.1, box.getWidth() - 2 * seam),
              Math.max(0.1, box.getHeight() - 2 * seam)));
      write(heat, cell, box, colour, lines);
    }
    bar(mapping.plot(), heat, ends, right);
  }

  private Color colour(Layer.Heat heat, double value, double[] ends) {
    if (!Double.isFinite(value)) {
      Color muted = style.muted();
      return new Color(muted.getRed(), muted.getGreen(), muted.getBlue(), 40);
    }
    return heat.colours().map().at(heat.colours().share(value, ends));
  }

  private static Rectangle2D box(PlotMapping mapping, Layer.Heat heat, int cell) {
    int row = cell / heat.columns();
    int column = cell % heat.columns();
    double x0 = mapping.x().place(heat.xEdges().get(column));
    double x1 = mapping.x().place(heat.xEdges().get(column + 1));
    double y0 = mapping.y().place(heat.yEdges().get(row));
    double y1 = mapping.y().place(heat.yEdges().get(row + 1));
    return new Rectangle2D.Double(
        Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
  }

  /**
   * How many lines are written into each cell: the value, and below it interval and n, as far as
   * they fit into every cell that has them. What stood in some cells only would look as if the
   * others had no number.
   */
  private int linesThatFit(PlotMapping mapping, Layer.Heat heat) {
    int least = Integer.MAX_VALUE;
    for (int cell = 0; cell < heat.values().size(); cell++) {
      List<String> lines = FigurePainter.cellLines(heat, cell);
      Rectangle2D box = box(mapping, heat, cell);
      double room = box.getWidth() - size * 0.3;
      double tall = 0;
      int fits = 0;
      while (fits < lines.size()) {
        double wide = RichText.parse(lines.get(fits)).width(fits == 0 ? small : fine());
        tall += height(fits);
        if (wide > room || tall > box.getHeight() - size * 0.2) {
          break;
        }
        fits++;
      }
      least = fits < lines.size() ? Math.min(least, fits) : least;
    }
    return least;
  }

  private Font fine() {
    return small.deriveFont((float) (size * 0.74));
  }

  private double height(int line) {
    return line == 0 ? size * 1.1 : size * 0.92;
  }

  private void write(Layer.Heat heat, int cell, Rectangle2D box, Color ground, int most) {
    Color ink = Double.isFinite(heat.values().get(cell)) ? ColourMap.textOn(ground) : style.muted();
    List<String> all = FigurePainter.cellLines(heat, cell);
    List<String> lines = all.subList(0, Math.min(most, all.size()));
    double tall = 0;
    for (int i = 0; i < lines.size(); i++) {
      tall += height(i);
    }
    double baseline = box.getCenterY() - tall / 2 + size * 0.86;
    for (int i = 0; i < lines.size(); i++) {
      pen.text(lines.get(i), i == 0 ? small : fine(), ink, box.getCenterX(), baseline, 0.5);
      baseline += i == 0 ? size * 0.98 : size * 0.92;
    }
  }

  private void bar(Rectangle2D plot, Layer.Heat heat, double[] ends, double right) {
    double x = right + size * 0.8;
    double wide = size * 0.9;
    double tall = plot.getHeight();
    for (int i = 0; i < BANDS; i++) {
      double share = (i + 0.5) / BANDS;
      double value = ends[0] + (ends[1] - ends[0]) * share;
      g.setColor(colour(heat, value, ends));
      double top = plot.getMaxY() - tall * (i + 1) / BANDS;
      // Neighbours overlap a little, or a viewer shows the seams between them.
      double overlap = i == 0 ? 0 : tall / BANDS * 0.5;
      g.fill(new Rectangle2D.Double(x, top, wide, tall / BANDS + overlap));
    }
    g.setColor(style.axis());
    g.setStroke(new BasicStroke((float) (style.line() * 0.4)));
    g.draw(new Rectangle2D.Double(x, plot.getMinY(), wide, tall));
    double widest = 0;
    int most = (int) Math.max(2, tall / (size * 3.4));
    for (Ticks.Tick tick : Ticks.linear(ends[0], ends[1], most)) {
      double at = plot.getMaxY() - tall * (tick.value() - ends[0]) / (ends[1] - ends[0]);
      g.setColor(style.axis());
      g.draw(new Line2D.Double(x + wide, at, x + wide + size * 0.25, at));
      pen.text(tick.label(), small, style.muted(), x + wide + size * 0.4, at + size * 0.33, 0);
      widest = Math.max(widest, RichText.parse(tick.label()).width(small));
    }
    if (!heat.colours().title().isEmpty()) {
      AffineTransform before = g.getTransform();
      g.translate(x + wide + size * 0.4 + widest + size * 1.15, plot.getCenterY());
      g.rotate(-Math.PI / 2);
      Font fitting = small;
      double wanted = RichText.parse(heat.colours().title()).width(small);
      if (wanted > tall * 1.05) {
        fitting = small.deriveFont((float) Math.max(size * 0.6, small.getSize2D() * tall / wanted));
      }
      pen.text(heat.colours().title(), fitting, style.text(), 0, 0, 0.5);
      g.setTransform(before);
    }
  }

  /** A number with a fixed count of decimals and a true minus sign. */
  static String number(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return Ticks.minus(text.matches("-0(\\.0*)?") ? text.substring(1) : text);
  }
}
