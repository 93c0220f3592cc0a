package dev.plumbline.figure;

import dev.plumbline.analysis.Decimation;
import dev.plumbline.analysis.MinMaxPyramid;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Draws a {@link Figure} through any {@link Graphics2D}: a pixel buffer, SVG or PDF.
 *
 * <p>Axes, labels and their placement are drawn here and not by a chart library. Labels at line
 * ends that keep clear of lines and of each other need the geometry of everything before anything
 * is drawn; hits need the exact mapping; and a byte-identical export needs that no layout depends
 * on the surface's own font metrics. A chart library gives none of the three, and its axes are the
 * smaller part of the work.
 */
public final class FigurePainter {
  /** Beyond this many vertices a line is thinned in a file too, where no pixels limit it. */
  private static final int VECTOR_COLUMNS = 900;

  private static final double LEADER = 1.3;

  /** A line that ends this near to the plot's edge, as a share of its width, is named beside it. */
  private static final double AT_EDGE = 0.15;

  /** Distance of series that are set beside each other, in widths of a line. */
  static final double APART = 3.6;

  /** Angle of names that are too long to be written level. */
  private static final double SLANT = Math.toRadians(38);

  private final Figure figure;
  private final FigureStyle style;
  private final Graphics2D g;
  private final double width;
  private final double height;
  private final Font small;
  private final Font body;
  private final Font bold;
  private final double size;
  private final List<Rectangle2D> taken = new ArrayList<>();
  private final HeatPainter heats;
  private final LegendPainter names;
  private @Nullable BufferedImage pixels;
  private @Nullable DenseLine dense;
  private long thinnedFrom;
  private boolean slanted;
  private double titleBelow;
  private double leastLeft;
  private double leastBelow;
  private Map<String, Double> shifts = Map.of();

  /**
   * What was drawn.
   *
   * @param mapping where data lie, in the figure's units
   * @param decimated whether a line was thinned to what the surface can show
   */
  public record Painted(PlotMapping mapping, boolean decimated) {}

  /** A surface that can set text by its middle or its end, so that another font does no harm. */
  interface AnchoredText {
    void drawAnchored(RichText text, Font font, double x, double y, double fraction);
  }

  private FigurePainter(
      Figure figure, FigureStyle style, Graphics2D g, double width, double height) {
    this.figure = withoutFarLevels(figure);
    this.style = style;
    this.g = g;
    this.width = width;
    this.height = height;
    this.size = style.size();
    this.body = style.typeface().regular().deriveFont((float) size);
    this.small = style.typeface().regular().deriveFont((float) (size * 0.93));
    this.bold = style.typeface().bold().deriveFont((float) (size * 1.15));
    this.heats = new HeatPainter(g, style, small, this::text);
    this.names = new LegendPainter(this, this.figure, style, small);
  }

  /** A level that is out of sight is not named either. */
  private static Figure withoutFarLevels(Figure figure) {
    if (figure.layers().stream().noneMatch(Layer.Level.class::isInstance)) {
      return figure;
    }
    Ranges ranges = Ranges.of(figure);
    return figure.withLayers(
        figure.layers().stream()
            .filter(
                layer ->
                    !(layer instanceof Layer.Level level)
                        || (level.y() >= ranges.yLow() && level.y() <= ranges.yHigh()))
            .toList());
  }

  /**
   * Draws a figure from (0, 0) to (width, height) in the surface's present units.
   *
   * @param figure what to draw
   * @param style how it looks
   * @param g the surface; its transform, clip, colour, stroke and font may be changed
   * @param width width in the figure's units
   * @param height height in the figure's units
   */
  public static Painted paint(
      Figure figure, FigureStyle style, Graphics2D g, double width, double height) {
    return new FigurePainter(figure, style, g, width, height).paint();
  }

  /**
   * The same onto pixels of a screen: lines with more points than the plot has columns are drawn
   * straight into them, in a fraction of the time.
   *
   * @param pixels premultiplied, scaled as the surface is, which draws on them
   */
  static Painted paint(
      Figure figure,
      FigureStyle style,
      Graphics2D g,
      BufferedImage pixels,
      double width,
      double height) {
    FigurePainter painter = new FigurePainter(figure, style, g, width, height);
    painter.pixels = pixels;
    return painter.paint();
  }

  /**
   * The same as a panel among others.
   *
   * @param leastLeft the plot begins at least this far from the left
   * @param leastBelow the plot ends at least this far from the bottom
   */
  static Painted paint(
      Figure figure,
      FigureStyle style,
      Graphics2D g,
      double width,
      double height,
      double leastLeft,
      double leastBelow) {
    FigurePainter painter = new FigurePainter(figure, style, g, width, height);
    painter.leastLeft = leastLeft;
    painter.leastBelow = leastBelow;
    return painter.paint();
  }

  private record Label(String text, Ink ink, double x, double y, double width) {}

  private Painted paint() {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    if (style.background().getAlpha() > 0) {
      g.setColor(style.background());
      g.fill(new Rectangle2D.Double(0, 0, width, height));
    }
    double pad = size * 0.8;
    double top = pad + header(pad);
    double bottom = height - pad * 0.7 - caption(pad);
    if (figure.legend() == Figure.Legend.TOP) {
      top += names.drawRows(pad, width - pad, top);
    } else if (figure.legend() == Figure.Legend.BOTTOM) {
      bottom -= names.rowHeight(pad, width - pad);
      names.drawRows(pad, width - pad, bottom);
      bottom -= size * 0.35;
    }
    Ranges ranges = Ranges.of(figure);
    boolean empty = ranges.empty();

    double tickHeight = size * 0.93;
    slanted = isSlanted(ranges, pad);
    double slant = slanted ? slantedHeight() - tickHeight : 0;
    double below = tickHeight * 1.75 + slant + (figure.x().title().isEmpty() ? 0 : size * 1.55);
    titleBelow = size * 2.95 + slant;
    double plotBottom = Math.min(bottom - below, height - leastBelow);
    double plotTop = top + size * 0.5;
    List<String> yTitles = yTitles(plotTop, bottom);
    double yTitle = yTitles.isEmpty() ? 0 : size * (0.4 + 1.3 * yTitles.size());
    // One tick alone is no scale: a low plot has them closer.
    double room = plotBottom - plotTop;
    int yTicks = (int) Math.max(room > size * 5 ? 4 : 2, room / (size * 2.9));
    // Three labels say what a scale is; two do where three do not fit.
    for (int more = yTicks; more <= 2 * yTicks && figure.y().names().isEmpty(); more++) {
      List<Ticks.Tick> ticks = ticks(figure.y(), ranges.yLow(), ranges.yHigh(), more);
      long labelled = ticks.stream().filter(tick -> !tick.label().isEmpty()).count();
      if (labelled >= 3) {
        yTicks = labelled * size * 1.5 <= room ? more : yTicks;
        break;
      }
    }
    double left =
        Math.max(
            leastLeft,
            pad + yTitle + tickWidth(ranges.yLow(), ranges.yHigh(), yTicks) + size * 0.55);
    double right = width - pad - gutter(left, ranges);

    PlotMapping.Span x =
        new PlotMapping.Span(figure.x().scale(), ranges.xLow(), ranges.xHigh(), left, right);
    List<List<Layer.Mark>> markRows = markRows(x);
    double yHigh = ranges.yHigh();
    double lift = markRows.size() * size * 1.35;
    boolean marksHaveRoom = plotBottom - plotTop > lift * 3;
    if (!markRows.isEmpty()
        && figure.y().maximum().isEmpty()
        && figure.y().scale() == Axis.Scale.LINEAR
        && marksHaveRoom) {
      double tall = plotBottom - plotTop;
      yHigh = ranges.yLow() + (yHigh - ranges.yLow()) * tall / (tall - lift);
    }
    // Names are read from the top, as the rows of a table are.
    boolean fromTop = !figure.y().names().isEmpty();
    PlotMapping.Span y =
        new PlotMapping.Span(
            figure.y().scale(),
            fromTop ? yHigh : ranges.yLow(),
            fromTop ? ranges.yLow() : yHigh,
            plotBottom,
            plotTop);
    shifts = Dodge.shifts(figure, x, style.line() * APART);
    PlotMapping mapping = new PlotMapping(x, y, figure.layers(), shifts);

    axes(mapping, yTicks, empty, yTitles, bottom);
    if (empty) {
      text(
          figure.emptyText(),
          body,
          style.muted(),
          (left + right) / 2,
          (plotTop + plotBottom) / 2,
          0.5);
      return new Painted(mapping, false);
    }
    data(mapping, markRows, marksHaveRoom);
    return new Painted(mapping, thinnedFrom > 0);
  }

  // ---- around the plot ------------------------------------------------------------------------

  private double header(double pad) {
    if (!style.header() || figure.title().isEmpty()) {
      return 0;
    }
    double line = size * 1.55;
    double baseline = pad + size * 0.95;
    text(figure.title(), bold, style.text(), pad, baseline, 0);
    if (figure.subtitle().isEmpty()) {
      return line + size * 0.3;
    }
    double titleWidth = RichText.parse(figure.title()).width(bold);
    double subtitleWidth = RichText.parse(figure.subtitle()).width(small);
    if (pad + titleWidth + size + subtitleWidth <= width - pad) {
      text(figure.subtitle(), small, style.muted(), pad + titleWidth + size, baseline, 0);
      return line + size * 0.3;
    }
    List<String> lines = wrap(figure.subtitle(), small, width - 2 * pad);
    double at = baseline;
    for (String each : lines) {
      at += size * 1.3;
      text(each, small, style.muted(), pad, at, 0);
    }
    return at - pad + size * 0.7;
  }

  private double caption(double pad) {
    if (!style.caption() || figure.caption().isEmpty()) {
      return 0;
    }
    List<String> lines = wrap(figure.caption(), small, width - 2 * pad);
    double line = size * 1.32;
    double baseline = height - pad * 0.7 - line * (lines.size() - 1) - size * 0.25;
    for (String each : lines) {
      text(each, small, style.muted(), pad, baseline, 0);
      baseline += line;
    }
    return line * lines.size() + size * 0.5;
  }

  private double tickWidth(double low, double high, int most) {
    double widest = 0;
    for (Ticks.Tick tick : ticks(figure.y(), low, high, most)) {
      widest = Math.max(widest, RichText.parse(tick.label()).width(small));
    }
    return widest;
  }

  /** Whether the names along the horizontal axis are too long to be written level. */
  private boolean isSlanted(Ranges ranges, double pad) {
    List<String> names = figure.x().names();
    if (names.isEmpty()) {
      return false;
    }
    double left = pad + tickWidth(ranges.yLow(), ranges.yHigh(), 5) + size * 2.2;
    double cell = (width - pad - gutter(left, ranges) - left) / names.size();
    return names.stream().anyMatch(name -> RichText.parse(name).width(small) > cell - size * 0.4);
  }

  private double slantedHeight() {
    double longest = 0;
    for (String name : figure.x().names()) {
      longest = Math.max(longest, RichText.parse(slantedName(name)).width(small));
    }
    return longest * Math.sin(SLANT) + size * 0.8;
  }

  private String slantedName(String name) {
    return fit(name, small, Math.max(size * 4, height * 0.3));
  }

  private List<Ticks.Tick> ticks(Axis axis, double low, double high, int most) {
    if (!axis.names().isEmpty()) {
      List<Ticks.Tick> names = new ArrayList<>();
      for (int i = 0; i < axis.names().size(); i++) {
        names.add(new Ticks.Tick(i + 0.5, fit(axis.names().get(i), small, width * 0.3)));
      }
      return names;
    }
    return axis.scale() == Axis.Scale.LOG
        ? Ticks.log(low, high, most)
        : Ticks.linear(low, high, most);
  }

  /** The room right of the plot that labels at line ends need. */
  private double gutter(double left, Ranges ranges) {
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Heat heat) {
        return heats.barWidth(heat);
      }
    }
    double least = size * 0.9;
    if (figure.legend() == Figure.Legend.RIGHT) {
      return Math.max(least, names.listWidth((width - left) * 0.45) + size * 1.2);
    }
    if (figure.legend() != Figure.Legend.LINE_ENDS) {
      return least;
    }
    double most = (width - left) * 0.34;
    double gutter = least;
    for (int round = 0; round < 3; round++) {
      double right = width - size * 0.8 - gutter;
      PlotMapping.Span x =
          new PlotMapping.Span(figure.x().scale(), ranges.xLow(), ranges.xHigh(), left, right);
      double needed = least;
      for (Layer layer : figure.layers()) {
        double end = x.place(labelledEnd(layer));
        String label = labelOf(layer);
        if (!label.isEmpty() && !Double.isNaN(end)) {
          double labelWidth = RichText.parse(label).width(small) + size * 0.75;
          boolean edge = end >= right - AT_EDGE * (right - left);
          needed = Math.max(needed, (edge ? right : end) + labelWidth - right);
        }
      }
      gutter = Math.min(needed, most);
    }
    return gutter;
  }

  private static String labelOf(Layer layer) {
    return switch (layer) {
      case Layer.Line line -> line.label();
      case Layer.Points points -> points.label();
      case Layer.Steps steps -> steps.label();
      case Layer.Reference reference -> reference.label();
      case Layer.Level level -> level.label();
      default -> "";
    };
  }

  private static double labelledEnd(Layer layer) {
    return switch (layer) {
      case Layer.Line line -> lastFinite(line.x(), line.y());
      case Layer.Points points -> lastFinite(points.x(), points.y());
      case Layer.Steps steps -> lastFinite(steps.corners()[0], steps.corners()[1]);
      case Layer.Reference reference -> reference.to();
      case Layer.Level level -> Double.POSITIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  private static double lastFinite(Column x, Column y) {
    for (int row = x.size() - 1; row >= 0; row--) {
      if (Double.isFinite(x.get(row)) && Double.isFinite(y.get(row))) {
        return x.get(row);
      }
    }
    return Double.NaN;
  }

  /** The vertical axis's title, in two lines where the plot is too low for one. */
  private List<String> yTitles(double plotTop, double bottom) {
    String title = figure.y().title();
    if (title.isEmpty()) {
      return List.of();
    }
    double room = bottom - plotTop;
    if (RichText.parse(title).width(body) <= room) {
      return List.of(title);
    }
    String best = title;
    double bestWidth = Double.POSITIVE_INFINITY;
    for (int at = title.indexOf(' '); at > 0; at = title.indexOf(' ', at + 1)) {
      String first = title.substring(0, at);
      if (first.chars().filter(c -> c == '{').count()
          != first.chars().filter(c -> c == '}').count()) {
        continue;
      }
      String second = title.substring(at + 1);
      double wide = Math.max(RichText.parse(first).width(body), RichText.parse(second).width(body));
      // A unit stays in one piece, if it can.
      if (wide < bestWidth || (second.startsWith("(") && wide <= room)) {
        bestWidth = second.startsWith("(") && wide <= room ? 0 : wide;
        best = fit(first, body, room) + "\n" + fit(second, body, room);
      }
    }
    return best.equals(title) ? List.of(fit(title, body, room)) : best.lines().toList();
  }

  private void axes(
      PlotMapping mapping, int yTicks, boolean empty, List<String> yTitles, double bottom) {
    PlotMapping.Span x = mapping.x();
    PlotMapping.Span y = mapping.y();
    double fine = style.line() * 0.5;
    if (!empty) {
      for (Ticks.Tick tick : ticks(figure.y(), y.low(), y.high(), yTicks)) {
        double at = y.place(tick.value());
        if (figure.y().names().isEmpty()) {
          stroke(
              tick.label().isEmpty() ? faint(style.grid(), 0.5) : style.grid(), fine, Dash.SOLID);
          g.draw(new Line2D.Double(x.start(), at, x.end(), at));
        }
        text(tick.label(), small, style.muted(), x.start() - size * 0.55, at + size * 0.33, 1);
      }
      for (Ticks.Tick tick : xTicks(x)) {
        double at = x.place(tick.value());
        if (slanted) {
          AffineTransform before = g.getTransform();
          g.translate(at + size * 0.35, y.start() + size * 0.9);
          g.rotate(-SLANT);
          text(slantedName(tick.label()), small, style.muted(), 0, 0, 1);
          g.setTransform(before);
          continue;
        }
        if (figure.x().names().isEmpty()) {
          stroke(
              tick.label().isEmpty() ? faint(style.grid(), 0.5) : style.grid(), fine, Dash.SOLID);
          g.draw(new Line2D.Double(at, y.end(), at, y.start()));
        }
        text(tick.label(), small, style.muted(), at, y.start() + size * 1.35, 0.5);
      }
    }
    boolean grid = figure.layers().stream().anyMatch(Layer.Heat.class::isInstance);
    if (style.ticks() && !empty && !grid) {
      tickMarks(mapping, yTicks);
    }
    if (!grid) {
      stroke(style.axis(), style.line() * 0.7, Dash.SOLID);
      g.draw(new Line2D.Double(x.start(), y.start(), x.end(), y.start()));
    }
    String xTitle = fit(figure.x().title(), body, width - size);
    double half = RichText.parse(xTitle).width(body) / 2;
    double middleX = Math.max(half, Math.min((x.start() + x.end()) / 2, width - size * 0.5 - half));
    text(xTitle, body, style.text(), middleX, y.start() + titleBelow, 0.5);
    for (int i = 0; i < yTitles.size(); i++) {
      double reach = RichText.parse(yTitles.get(i)).width(body) / 2;
      // Above the plot is the legend, below it there is room.
      double middleY =
          Math.max(y.end() + reach, Math.min((y.start() + y.end()) / 2, bottom - reach));
      AffineTransform before = g.getTransform();
      g.translate(size * (1.55 + 1.3 * i), middleY);
      g.rotate(-Math.PI / 2);
      text(yTitles.get(i), body, style.text(), 0, 0, 0.5);
      g.setTransform(before);
    }
  }

  /** Marks at the labelled places, and shorter ones between them. */
  private void tickMarks(PlotMapping mapping, int yTicks) {
    PlotMapping.Span x = mapping.x();
    PlotMapping.Span y = mapping.y();
    double length = size * 0.35;
    stroke(style.axis(), style.line() * 0.6, Dash.SOLID);
    g.draw(new Line2D.Double(x.start(), y.start(), x.start(), y.end()));
    if (figure.x().names().isEmpty()) {
      List<Ticks.Tick> major = xTicks(x);
      for (Ticks.Tick tick :
          Ticks.withMinor(
              figure.x().scale(), major, x.low(), x.high(), (x.end() - x.start()) / (size * 0.6))) {
        double at = x.place(tick.value());
        double reach = tick.label().isEmpty() ? length * 0.55 : length;
        g.draw(new Line2D.Double(at, y.start(), at, y.start() - reach));
      }
    }
    if (figure.y().names().isEmpty()) {
      List<Ticks.Tick> major = ticks(figure.y(), y.low(), y.high(), yTicks);
      for (Ticks.Tick tick :
          Ticks.withMinor(
              figure.y().scale(), major, y.low(), y.high(), (y.start() - y.end()) / (size * 0.6))) {
        double at = y.place(tick.value());
        double reach = tick.label().isEmpty() ? length * 0.55 : length;
        g.draw(new Line2D.Double(x.start(), at, x.start() + reach, at));
      }
    }
  }

  /** As many ticks as fit without labels touching. */
  private List<Ticks.Tick> xTicks(PlotMapping.Span x) {
    if (!figure.x().names().isEmpty()) {
      return ticks(figure.x(), x.low(), x.high(), 1);
    }
    // Twos and fives of few decades stand close only at their end.
    double each = size * (figure.x().scale() == Axis.Scale.LOG ? 2.4 : 4);
    for (int most = (int) Math.max(1, (x.end() - x.start()) / each); most > 1; most--) {
      List<Ticks.Tick> ticks = ticks(figure.x(), x.low(), x.high(), most);
      double previous = Double.NEGATIVE_INFINITY;
      boolean fits = true;
      for (Ticks.Tick tick : ticks) {
        if (tick.label().isEmpty()) {
          continue;
        }
        double half = RichText.parse(tick.label()).width(small) / 2;
        double at = x.place(tick.value());
        fits &= at - half > previous + size * 0.6;
        previous = at + half;
      }
      if (fits) {
        return ticks;
      }
    }
    return ticks(figure.x(), x.low(), x.high(), 1);
  }

  // ---- inside the plot ------------------------------------------------------------------------

  private void data(PlotMapping mapping, List<List<Layer.Mark>> markRows, boolean marksHaveRoom) {
    Shape clip = g.getClip();
    Rectangle2D plot = mapping.plot();
    double margin = style.line() * 2.4; // a point on the edge is whole
    g.clip(
        new Rectangle2D.Double(
            plot.getX() - margin,
            plot.getY() - margin,
            plot.getWidth() + 2 * margin,
            plot.getHeight() + 2 * margin));
    if (pixels != null) {
      dense = dense(plot, margin, pixels);
    }
    DrawnLines drawn = new DrawnLines(placesText(), plot);
    List<Anchor> anchors = new ArrayList<>();
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Band band) {
        band(mapping, band);
      } else if (layer instanceof Layer.Bars bars) {
        bars(mapping, bars);
      } else if (layer instanceof Layer.Heat heat) {
        g.setClip(clip); // its colour bar stands beside the plot
        heats.draw(mapping, heat, mapping.x().end());
      }
    }
    markLines(mapping, markRows);
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Line line && !line.ghost().isEmpty()) {
        ghost(mapping, line);
      }
    }
    for (Layer layer : figure.layers()) {
      switch (layer) {
        case Layer.Line line -> line(mapping, line, drawn, anchors);
        case Layer.Points points -> points(mapping, points, anchors);
        case Layer.Steps steps -> steps(mapping, steps, drawn, anchors);
        case Layer.Intervals intervals -> intervals(mapping, intervals);
        case Layer.Reference reference -> reference(mapping, reference, drawn, anchors);
        case Layer.Level level -> level(mapping, level, drawn, anchors);
        default -> {}
      }
    }
    g.setClip(clip);
    if (marksHaveRoom) { // else they would cover the data, and their lines must do
      markLabels(mapping, markRows);
    }
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Note note) {
        note(mapping, note, drawn);
      }
    }
    if (figure.legend() == Figure.Legend.LINE_ENDS) {
      endLabels(mapping, anchors, drawn);
    } else if (figure.legend() == Figure.Legend.RIGHT) {
      double at = plot.getMaxX() + size * 1.1;
      names.drawList(at, plot.getMinY(), width - at - size * 0.3);
    } else if (figure.legend() == Figure.Legend.INSIDE) {
      namesInside(plot, drawn);
    }
    if (thinnedFrom > 0) {
      String says = String.format(Locale.ROOT, "min/max of %,d points per column", thinnedFrom);
      text(
          says,
          small.deriveFont((float) (size * 0.8)),
          style.muted(),
          plot.getMaxX(),
          plot.getMaxY() - size * 0.4,
          1);
    }
  }

  /** Whether anything is placed so that it keeps clear of the lines. */
  private boolean placesText() {
    return figure.legend() == Figure.Legend.LINE_ENDS
        || figure.legend() == Figure.Legend.INSIDE
        || figure.layers().stream().anyMatch(Layer.Note.class::isInstance);
  }

  private DenseLine dense(Rectangle2D plot, double margin, BufferedImage image) {
    double scale = g.getTransform().getScaleX();
    int left = (int) Math.max(0, Math.floor((plot.getMinX() - margin) * scale));
    int top = (int) Math.max(0, Math.floor((plot.getMinY() - margin) * scale));
    int right =
        (int) Math.clamp(Math.ceil((plot.getMaxX() + margin) * scale), left, image.getWidth());
    int bottom =
        (int) Math.clamp(Math.ceil((plot.getMaxY() + margin) * scale), top, image.getHeight());
    double widest = style.line();
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Line line) {
        widest = Math.max(widest, style.line() * line.weight());
      }
    }
    return new DenseLine(
        ((DataBufferInt) image.getRaster().getDataBuffer()).getData(),
        image.getWidth(),
        new Rectangle(left, top, right - left, bottom - top),
        widest * scale);
  }

  /** The names in the corner that covers the fewest lines and texts. */
  private void namesInside(Rectangle2D plot, DrawnLines drawn) {
    double wide = names.listWidth(plot.getWidth() * 0.6);
    double tall = names.listHeight();
    double inset = size * 0.6;
    Rectangle2D best = null;
    double bestCost = Double.POSITIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      boolean onLeft = corner % 2 == 0;
      boolean upper = corner < 2;
      Rectangle2D box =
          new Rectangle2D.Double(
              onLeft ? plot.getMinX() + inset : plot.getMaxX() - inset - wide,
              upper ? plot.getMinY() + inset : plot.getMaxY() - inset - tall,
              wide,
              tall);
      double cost = drawn.crossings(box, Integer.MAX_VALUE) + 10.0 * overlaps(box);
      if (cost < bestCost) {
        bestCost = cost;
        best = box;
      }
    }
    if (best != null && tall > 0) {
      halo(best);
      names.drawList(best.getX(), best.getY(), best.getWidth() + size * 0.2);
      taken.add(best);
    }
  }

  private record Anchor(String label, Ink ink, double x, double y) {}

  private void band(PlotMapping mapping, Layer.Band band) {
    Color colour = style.colour(band.ink());
    long bands = figure.layers().stream().filter(Layer.Band.class::isInstance).count();
    g.setColor(faint(colour, bands > 2 ? 0.12 : 0.17)); // many of them darken each other
    int row = 0;
    int n = band.x().size();
    while (row < n) {
      while (row < n && bandGap(mapping, band, row)) {
        row++;
      }
      int end = row;
      while (end < n && !bandGap(mapping, band, end)) {
        end++;
      }
      if (end - row > 1) {
        Path2D.Double path = new Path2D.Double();
        path.moveTo(mapping.x().place(band.x().get(row)), mapping.y().place(band.high().get(row)));
        for (int i = row + 1; i < end; i++) {
          path.lineTo(mapping.x().place(band.x().get(i)), mapping.y().place(band.high().get(i)));
        }
        for (int i = end - 1; i >= row; i--) {
          path.lineTo(mapping.x().place(band.x().get(i)), mapping.y().place(band.low().get(i)));
        }
        path.closePath();
        g.fill(path);
      }
      row = end;
    }
  }

  private static boolean bandGap(PlotMapping mapping, Layer.Band band, int row) {
    return !Double.isFinite(mapping.x().place(band.x().get(row)))
        || !Double.isFinite(mapping.y().place(band.low().get(row)))
        || !Double.isFinite(mapping.y().place(band.high().get(row)));
  }

  private void bars(PlotMapping mapping, Layer.Bars bars) {
    Color colour = style.colour(bars.ink());
    double base =
        mapping.y().scale() == Axis.Scale.LOG
            ? mapping.y().start()
            : Math.min(mapping.y().start(), mapping.y().place(0));
    for (int row = 0; row < bars.heights().size(); row++) {
      double from = mapping.x().place(bars.edges().get(row));
      double to = mapping.x().place(bars.edges().get(row + 1));
      double up = mapping.y().place(bars.heights().get(row));
      if (Double.isFinite(from) && Double.isFinite(to) && Double.isFinite(up)) {
        double gap = Math.min(style.line() * 0.5, (to - from) * 0.1);
        g.setColor(faint(colour, 0.75));
        g.fill(
            new Rectangle2D.Double(
                from + gap, Math.min(up, base), to - from - 2 * gap, Math.abs(base - up)));
      }
    }
  }

  private void steps(
      PlotMapping mapping, Layer.Steps steps, DrawnLines drawn, List<Anchor> anchors) {
    Column[] corners = steps.corners();
    // Zero has no place on a logarithmic axis; there an outline ends at the axis.
    Column y =
        mapping.y().scale() == Axis.Scale.LOG
            ? corners[1].map(value -> value == 0 ? mapping.y().low() : value)
            : corners[1];
    stroke(style.colour(steps.ink()), style.line(), style.dash(steps.dash(), steps.ink()));
    g.draw(path(mapping, corners[0], y, rows(mapping, corners[0], y), drawn, 0));
    anchor(mapping, steps.label(), steps.ink(), corners[0], y, anchors, 0);
  }

  private void intervals(PlotMapping mapping, Layer.Intervals intervals) {
    Color colour = style.colour(intervals.ink());
    double cap = size * 0.22;
    for (int row = 0; row < intervals.value().size(); row++) {
      double y = mapping.y().place(intervals.at().get(row));
      double low = mapping.x().place(intervals.low().get(row));
      double high = mapping.x().place(intervals.high().get(row));
      if (Double.isFinite(low) && Double.isFinite(high)) {
        stroke(colour, style.line() * 0.8, Dash.SOLID);
        g.draw(new Line2D.Double(low, y, high, y));
        g.draw(new Line2D.Double(low, y - cap, low, y + cap));
        g.draw(new Line2D.Double(high, y - cap, high, y + cap));
      }
      double x = mapping.x().place(intervals.value().get(row));
      if (Double.isFinite(x)) {
        marker(intervals.ink(), x, y);
      }
    }
  }

  /** What is written in a cell: its value, its interval, and its n, a line each. */
  static List<String> cellLines(Layer.Heat heat, int cell) {
    double value = heat.values().get(cell);
    if (!Double.isFinite(value)) {
      return List.of("–");
    }
    int decimals = heat.colours().decimals();
    List<String> lines = new ArrayList<>();
    lines.add(HeatPainter.number(value, decimals));
    if (!heat.low().isEmpty()
        && !heat.high().isEmpty()
        && Double.isFinite(heat.low().get(cell))
        && Double.isFinite(heat.high().get(cell))) {
      lines.add(
          HeatPainter.number(heat.low().get(cell), decimals)
              + " to "
              + HeatPainter.number(heat.high().get(cell), decimals));
    }
    if (!heat.n().isEmpty() && Double.isFinite(heat.n().get(cell))) {
      lines.add(String.format(Locale.ROOT, "n %,d", Math.round(heat.n().get(cell))));
    }
    return lines;
  }

  /** The first line of a cell. */
  static String cellText(Layer.Heat heat, int cell) {
    return cellLines(heat, cell).getFirst();
  }

  private void ghost(PlotMapping mapping, Layer.Line line) {
    curve(
        mapping,
        line.x(),
        line.ghost(),
        faint(style.colour(line.ink()), 0.3),
        style.line() * 0.75,
        Dash.SOLID,
        null,
        shift(line.id()));
  }

  private void line(PlotMapping mapping, Layer.Line line, DrawnLines drawn, List<Anchor> anchors) {
    double shift = shift(line.id());
    int[] rows =
        curve(
            mapping,
            line.x(),
            line.y(),
            style.colour(line.ink()),
            style.line() * line.weight(),
            style.dash(line.dash(), line.ink()),
            drawn,
            shift);
    loneDots(mapping, line, rows);
    anchor(mapping, line.label(), line.ink(), line.x(), line.y(), anchors, shift);
  }

  /** How far a series is set aside. */
  private double shift(String id) {
    return shifts.getOrDefault(id, 0.0);
  }

  /**
   * Draws a series as a line.
   *
   * @return the rows that were drawn; empty for all
   */
  private int[] curve(
      PlotMapping mapping,
      Column x,
      Column y,
      Color colour,
      double lineWidth,
      Dash dash,
      @Nullable DrawnLines drawn,
      double shift) {
    int[] rows = rows(mapping, x, y);
    stroke(colour, lineWidth, dash);
    DenseLine surface = dense;
    PlotMapping.Span span = mapping.x();
    Column places = x.coordinates(span.scale());
    if (surface == null
        || (rows.length == 0 ? x.size() : rows.length) <= columns(mapping)
        || !places.ascending()) {
      g.draw(path(mapping, x, y, rows, drawn, shift));
      return rows;
    }
    double scale = g.getTransform().getScaleX();
    PlotMapping.Span up = mapping.y();
    double[] xs = places.raw();
    double[] ys = y.coordinates(up.scale()).raw();
    double xLow = span.coordinate(span.low());
    double xUnit = (span.end() - span.start()) / (span.coordinate(span.high()) - xLow);
    double yLow = up.coordinate(up.low());
    double yUnit = (up.end() - up.start()) / (up.coordinate(up.high()) - yLow);
    double before = Double.NaN;
    double beforeX = Double.NaN;
    for (int i = 0; i < (rows.length == 0 ? xs.length : rows.length); i++) {
      int row = rows.length == 0 ? i : rows[i];
      double px = span.start() + (xs[row] - xLow) * xUnit + shift;
      double py = up.start() + (ys[row] - yLow) * yUnit;
      if (!Double.isFinite(py)) {
        surface.lift();
        before = Double.NaN;
        continue;
      }
      surface.lineTo(px * scale, py * scale);
      if (drawn != null && !Double.isNaN(before)) {
        drawn.add(beforeX, before, px, py);
      }
      before = py;
      beforeX = px;
    }
    surface.draw(colour, lineWidth * scale, dashes(dash, (float) (lineWidth * scale), scale));
    return rows;
  }

  /** A point between two gaps is a dot, or it would not be seen. */
  private void loneDots(PlotMapping mapping, Layer.Line line, int[] rows) {
    double r = style.line() * line.weight() * 1.1;
    g.setColor(style.colour(line.ink()));
    for (int i = 0; i < (rows.length == 0 ? line.x().size() : rows.length); i++) {
      int row = rows.length == 0 ? i : rows[i];
      if (finite(mapping, line, row)
          && !finite(mapping, line, row - 1)
          && !finite(mapping, line, row + 1)) {
        dot(
            mapping.x().place(line.x().get(row)) + shift(line.id()),
            mapping.y().place(line.y().get(row)),
            r);
      }
    }
  }

  private static boolean finite(PlotMapping mapping, Layer.Line line, int row) {
    return row >= 0
        && row < line.x().size()
        && hasPlace(mapping.x(), line.x().get(row))
        && hasPlace(mapping.y(), line.y().get(row));
  }

  private static boolean hasPlace(PlotMapping.Span span, double value) {
    return Double.isFinite(value) && (span.scale() == Axis.Scale.LINEAR || value > 0);
  }

  private void dot(double x, double y, double r) {
    g.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
  }

  private static void anchor(
      PlotMapping mapping,
      String label,
      Ink ink,
      Column x,
      Column y,
      List<Anchor> anchors,
      double shift) {
    if (label.isEmpty()) {
      return;
    }
    for (int row = x.size() - 1; row >= 0; row--) {
      double px = mapping.x().place(x.get(row)) + shift;
      double py = mapping.y().place(y.get(row));
      if (Double.isFinite(px) && Double.isFinite(py)) {
        Rectangle2D plot = mapping.plot();
        anchors.add(
            new Anchor(
                label,
                ink,
                Math.clamp(px, plot.getMinX(), plot.getMaxX()),
                Math.clamp(py, plot.getMinY(), plot.getMaxY())));
        return;
      }
    }
  }

  private Path2D path(
      PlotMapping mapping,
      Column x,
      Column y,
      int[] rows,
      @Nullable DrawnLines drawn,
      double shift) {
    Path2D.Double path = new Path2D.Double();
    double lastX = Double.NaN;
    double lastY = Double.NaN;
    for (int i = 0; i < (rows.length == 0 ? x.size() : rows.length); i++) {
      int row = rows.length == 0 ? i : rows[i];
      double px = mapping.x().place(x.get(row)) + shift;
      double py = mapping.y().place(y.get(row));
      if (!Double.isFinite(px) || !Double.isFinite(py)) {
        lastX = Double.NaN;
        continue;
      }
      // Far outside the plot the exact place does not matter, but surfaces dislike huge numbers.
      py = Math.clamp(py, -10 * height, 11 * height);
      px = Math.clamp(px, -10 * width, 11 * width);
      if (Double.isNaN(lastX)) {
        path.moveTo(px, py);
      } else {
        path.lineTo(px, py);
        if (drawn != null) {
          drawn.add(lastX, lastY, px, py);
        }
      }
      lastX = px;
      lastY = py;
    }
    return path;
  }

  /** Rows to draw; empty for all. */
  private int[] rows(PlotMapping mapping, Column x, Column y) {
    int columns = columns(mapping);
    if (x.size() <= 4 * columns) {
      return new int[0];
    }
    PlotMapping.Span span = mapping.x();
    double low = span.coordinate(span.low());
    double high = span.coordinate(span.high());
    if (pixels != null) {
      // Columns are those of the pixels, or a spike would be drawn beside its own.
      double scale = g.getTransform().getScaleX();
      double first = Math.floor(span.start() * scale);
      double end = Math.ceil(span.end() * scale);
      double unit = (high - low) / (span.end() - span.start()) / scale;
      double edge = low - (span.start() * scale - first) * unit;
      columns = (int) Math.max(1, end - first);
      low = edge;
      high = edge + columns * unit;
    }
    Column places = x.coordinates(span.scale());
    if (places.ascending()) {
      int[] rows =
          y.coordinates(mapping.y().scale()).pyramid().rows(places.raw(), low, high, columns);
      if (rows.length > 0 && rows[rows.length - 1] - rows[0] >= rows.length) {
        thinnedFrom = Math.max(thinnedFrom, rows[rows.length - 1] - rows[0] + 1L);
      }
      return rows.length == 0 ? new int[] {0} : rows;
    }
    thinnedFrom = Math.max(thinnedFrom, x.size());
    return Decimation.minMax(places.raw(), y.raw(), low, high, columns);
  }

  private int columns(PlotMapping mapping) {
    double scale = g.getTransform().getScaleX();
    double pixels = mapping.plot().getWidth() * scale;
    return (int) Math.max(1, g instanceof AnchoredText ? VECTOR_COLUMNS / 4.0 : Math.ceil(pixels));
  }

  private void points(PlotMapping mapping, Layer.Points points, List<Anchor> anchors) {
    Color colour = style.colour(points.ink());
    double shift = shift(points.id());
    for (int row = 0; row < points.x().size(); row++) {
      double px = mapping.x().place(points.x().get(row)) + shift;
      double py = mapping.y().place(points.y().get(row));
      if (!Double.isFinite(px) || !Double.isFinite(py)) {
        continue;
      }
      if (!points.low().isEmpty() && !points.high().isEmpty()) {
        double low = mapping.y().place(points.low().get(row));
        double high = mapping.y().place(points.high().get(row));
        if (Double.isFinite(low) && Double.isFinite(high)) {
          Rectangle2D plot = mapping.plot();
          stroke(colour, style.line() * 0.7, Dash.SOLID);
          g.draw(
              new Line2D.Double(
                  px,
                  Math.clamp(low, plot.getMinY(), plot.getMaxY()),
                  px,
                  Math.clamp(high, plot.getMinY(), plot.getMaxY())));
        }
      }
      marker(points.ink(), px, py);
    }
    anchor(mapping, points.label(), points.ink(), points.x(), points.y(), anchors, shift);
  }

  private void reference(
      PlotMapping mapping, Layer.Reference reference, DrawnLines drawn, List<Anchor> anchors) {
    // On a logarithmic axis a straight relation is curved, so it is drawn in pieces.
    boolean curved = mapping.x().scale() == Axis.Scale.LOG || mapping.y().scale() == Axis.Scale.LOG;
    int pieces = curved ? 64 : 1;
    double from = Math.max(reference.from(), mapping.x().low());
    double to = Math.min(reference.to(), mapping.x().high());
    if (!(to > from)) {
      return;
    }
    double[] x = new double[pieces + 1];
    double[] y = new double[pieces + 1];
    for (int i = 0; i <= pieces; i++) {
      x[i] = from + (to - from) * i / pieces;
      y[i] = reference.intercept() + reference.slope() * x[i];
    }
    stroke(
        style.colour(reference.ink()),
        style.line() * 0.85,
        style.dash(reference.dash(), reference.ink()));
    Column xs = Column.of(x);
    Column ys = Column.of(y);
    g.draw(path(mapping, xs, ys, new int[0], drawn, 0));
    if (!reference.label().isEmpty()) {
      // The label stands where the line leaves the plot.
      double px = mapping.x().place(to);
      double py = mapping.y().place(y[pieces]);
      Rectangle2D plot = mapping.plot();
      double startX = mapping.x().place(from);
      double startY = mapping.y().place(y[0]);
      if (py < plot.getMinY() && startY > plot.getMinY()) {
        px = startX + (px - startX) * (startY - plot.getMinY()) / (startY - py);
        py = plot.getMinY();
      }
      anchors.add(
          new Anchor(
              reference.label(),
              reference.ink(),
              px,
              Math.clamp(py, plot.getMinY(), plot.getMaxY())));
    }
  }

  private void level(
      PlotMapping mapping, Layer.Level level, DrawnLines drawn, List<Anchor> anchors) {
    double at = mapping.y().place(level.y());
    Rectangle2D plot = mapping.plot();
    if (!(at >= plot.getMinY() && at <= plot.getMaxY())) {
      return;
    }
    stroke(style.colour(level.ink()), style.line() * 0.7, style.dash(level.dash(), level.ink()));
    g.draw(new Line2D.Double(plot.getMinX(), at, plot.getMaxX(), at));
    drawn.add(plot.getMinX(), at, plot.getMaxX(), at);
    if (!level.label().isEmpty()) {
      anchors.add(new Anchor(level.label(), level.ink(), plot.getMaxX(), at));
    }
  }

  // ---- marks, notes, labels ---------------------------------------------------------------------

  /** Marks in rows such that no two labels of a row touch; what finds no row keeps its line. */
  private List<List<Layer.Mark>> markRows(PlotMapping.Span x) {
    List<Layer.Mark> marks = new ArrayList<>();
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Marks some) {
        marks.addAll(some.marks());
      }
    }
    marks.removeIf(mark -> !(mark.x() >= x.low() && mark.x() <= x.high()));
    marks.sort(Comparator.comparingDouble(Layer.Mark::x));
    List<List<Layer.Mark>> rows = new ArrayList<>();
    List<Double> ends = new ArrayList<>();
    for (Layer.Mark mark : marks) {
      double[] extent = markExtent(x, mark);
      int row = 0;
      while (row < ends.size() && ends.get(row) > extent[0]) {
        row++;
      }
      if (row == rows.size()) {
        rows.add(new ArrayList<>());
        ends.add(0.0);
      }
      rows.get(row).add(mark);
      ends.set(row, extent[1] + size * 0.5);
    }
    return rows;
  }

  /**
   * Left and right end of a mark's label: right of its line, else left of it, and in a narrow plot
   * wherever it fits.
   */
  private double[] markExtent(PlotMapping.Span x, Layer.Mark mark) {
    double at = x.place(mark.x());
    double labelWidth = RichText.parse(markLabel(x, mark)).width(small) + size * 0.4;
    double room = x.end() + size * 0.5;
    double from = at;
    if (at + labelWidth > room) {
      from =
          at - labelWidth >= x.start() ? at - labelWidth : Math.max(x.start(), room - labelWidth);
    }
    return new double[] {from, from + labelWidth};
  }

  private String markLabel(PlotMapping.Span x, Layer.Mark mark) {
    return fit(mark.label(), small, x.end() - x.start() - size);
  }

  private static final int MARK_ROWS = 4;

  private void markLines(PlotMapping mapping, List<List<Layer.Mark>> rows) {
    for (List<Layer.Mark> row : rows) {
      for (Layer.Mark mark : row) {
        double at = mapping.x().place(mark.x());
        stroke(faint(style.colour(mark.ink()), 0.75), style.line() * 0.6, Dash.DASHED);
        g.draw(new Line2D.Double(at, mapping.y().end(), at, mapping.y().start()));
      }
    }
  }

  private void markLabels(PlotMapping mapping, List<List<Layer.Mark>> rows) {
    for (int row = 0; row < Math.min(rows.size(), MARK_ROWS); row++) {
      double top = mapping.y().end() + row * size * 1.35;
      for (Layer.Mark mark : rows.get(row)) {
        if (mark.label().isEmpty()) {
          continue;
        }
        double[] extent = markExtent(mapping.x(), mark);
        Rectangle2D box = new Rectangle2D.Double(extent[0], top, extent[1] - extent[0], size * 1.3);
        boolean right = extent[1] > mapping.x().place(mark.x());
        halo(box);
        text(
            markLabel(mapping.x(), mark),
            small,
            style.colour(mark.ink()),
            right ? extent[0] + size * 0.4 : extent[1] - size * 0.4,
            top + size,
            right ? 0 : 1);
        taken.add(box);
      }
    }
  }

  /**
   * Writes a note where it covers no data. Where there is not room for all of it, its last lines
   * are left out as far as it allows; a note that covers data even then is not drawn, since what a
   * note says the caption says too.
   */
  private void note(PlotMapping mapping, Layer.Note note, DrawnLines drawn) {
    double line = size * 1.32;
    for (int lines = note.lines().size(); lines >= note.least(); lines--) {
      List<Layer.Text> shown = note.lines().subList(0, lines);
      Rectangle2D box = noteBox(mapping.plot(), note.corner(), shown, line, drawn);
      if (box != null) {
        halo(box);
        double baseline = box.getY() + size * 0.98;
        for (Layer.Text each : shown) {
          text(each.text(), small, style.colour(each.ink()), box.getX(), baseline, 0);
          baseline += line;
        }
        taken.add(box);
        return;
      }
    }
  }

  private @Nullable Rectangle2D noteBox(
      Rectangle2D plot, Layer.Corner asked, List<Layer.Text> lines, double line, DrawnLines drawn) {
    double widest = 0;
    for (Layer.Text each : lines) {
      widest = Math.max(widest, RichText.parse(each.text()).width(small));
    }
    double tall = line * lines.size();
    double inset = size * 0.6;
    if (widest > plot.getWidth() - inset || tall > plot.getHeight() - inset) {
      return null;
    }
    for (Layer.Corner corner : Layer.Corner.values()) {
      if (corner == Layer.Corner.FREE || (asked != Layer.Corner.FREE && asked != corner)) {
        continue;
      }
      boolean leftSide = corner == Layer.Corner.TOP_LEFT || corner == Layer.Corner.BOTTOM_LEFT;
      boolean upper = corner == Layer.Corner.TOP_LEFT || corner == Layer.Corner.TOP_RIGHT;
      Rectangle2D box =
          new Rectangle2D.Double(
              leftSide ? plot.getMinX() + inset : plot.getMaxX() - inset - widest,
              upper ? plot.getMinY() + inset : plot.getMaxY() - inset - tall,
              widest,
              tall);
      if (drawn.crossings(box, 1) == 0 && overlaps(box) == 0) {
        return box;
      }
    }
    return null;
  }

  private void endLabels(PlotMapping mapping, List<Anchor> anchors, DrawnLines drawn) {
    double line = size * 1.25;
    List<Anchor> ordered = new ArrayList<>(anchors);
    ordered.sort(Comparator.comparingDouble(Anchor::y));
    List<Label> placed = new ArrayList<>();
    List<Anchor> placedAnchors = new ArrayList<>();
    double edge = mapping.x().end();
    double near = AT_EDGE * (edge - mapping.x().start());
    List<Anchor> beside = ordered.stream().filter(one -> one.x() >= edge - near).toList();
    double[] places =
        spread(
            beside.stream().mapToDouble(Anchor::y).toArray(),
            line * 0.92,
            mapping.y().end(),
            mapping.y().start());
    for (int i = 0; i < beside.size(); i++) {
      Anchor anchor = beside.get(i);
      String label = fit(anchor.label(), small, width - edge - size * 0.6);
      double labelWidth = RichText.parse(label).width(small);
      double x = edge + size * 0.55;
      taken.add(new Rectangle2D.Double(x, places[i] - line / 2, labelWidth, line));
      placed.add(new Label(label, anchor.ink(), x, places[i] + line * 0.24, labelWidth));
      placedAnchors.add(anchor);
    }
    for (Anchor anchor : ordered) {
      if (beside.contains(anchor)) {
        continue;
      }
      String label = fit(anchor.label(), small, (width - mapping.x().start()) * 0.42);
      double labelWidth = RichText.parse(label).width(small);
      Rectangle2D best = null;
      double bestCost = Double.POSITIVE_INFINITY;
      for (int k = -16; k <= 16; k++) {
        double shift = k * line * 0.5;
        for (int side = 0; side < 2; side++) {
          double x = side == 0 ? anchor.x() + size * 0.55 : anchor.x() - labelWidth - size * 0.3;
          Rectangle2D box =
              new Rectangle2D.Double(x, anchor.y() + shift - line / 2, labelWidth, line);
          double cost =
              Math.abs(k) * 0.8 + side * 4 + 3.0 * drawn.crossings(box, 6) + 60.0 * overlaps(box);
          if (box.getMaxX() > width - size * 0.2
              || box.getMinX() < mapping.x().start()
              || box.getMinY() < mapping.y().end() - line
              || box.getMaxY() > mapping.y().start() + line * 0.5) {
            cost += 500;
          }
          if (cost < bestCost) {
            bestCost = cost;
            best = box;
          }
        }
      }
      if (best != null) {
        taken.add(best);
        placed.add(
            new Label(label, anchor.ink(), best.getX(), best.getY() + line * 0.74, labelWidth));
        placedAnchors.add(anchor);
      }
    }
    for (int i = 0; i < placed.size(); i++) {
      Label label = placed.get(i);
      Anchor anchor = placedAnchors.get(i);
      double middle = label.y() - line * 0.24;
      Color colour = style.colour(label.ink());
      if (Math.abs(middle - anchor.y()) > line * LEADER) {
        double end =
            label.x() > anchor.x()
                ? label.x() - size * 0.15
                : Math.min(anchor.x(), label.x() + label.width() / 2);
        double endY =
            label.x() > anchor.x()
                ? middle
                : middle + Math.signum(anchor.y() - middle) * line * 0.5;
        stroke(faint(colour, 0.6), style.line() * 0.45, Dash.SOLID);
        g.draw(new Line2D.Double(anchor.x(), anchor.y(), end, endY));
      }
      halo(new Rectangle2D.Double(label.x(), middle - line * 0.45, label.width(), line * 0.9));
      text(label.text(), small, colour, label.x(), label.y(), 0);
    }
  }

  /**
   * Places in a column: in their order, some distance apart, and together as near as can be to
   * where they were wanted (by pooling neighbours that are too close, as in isotonic regression).
   *
   * @param wanted ascending
   * @param apart the least distance, less where there is no room for it
   * @param low the first place that there is
   * @param high the last one
   */
  static double[] spread(double[] wanted, double apart, double low, double high) {
    int n = wanted.length;
    double distance = n < 2 ? apart : Math.min(apart, (high - low) / (n - 1));
    double[] sums = new double[n];
    int[] counts = new int[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      sums[blocks] = wanted[i] - i * distance;
      counts[blocks] = 1;
      blocks++;
      while (blocks > 1
          && sums[blocks - 2] / counts[blocks - 2] >= sums[blocks - 1] / counts[blocks - 1]) {
        sums[blocks - 2] += sums[blocks - 1];
        counts[blocks - 2] += counts[blocks - 1];
        blocks--;
      }
    }
    double[] places = new double[n];
    double last = Math.max(low, high - (n - 1) * distance);
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      double start = Math.clamp(sums[block] / counts[block], low, last);
      for (int k = 0; k < counts[block]; k++) {
        places[at] = start + at * distance;
        at++;
      }
    }
    return places;
  }

  private int overlaps(Rectangle2D box) {
    int count = 0;
    for (Rectangle2D other : taken) {
      count += box.intersects(other) ? 1 : 0;
    }
    return count;
  }

  /** Dims what is behind a text just enough to read it. */
  private void halo(Rectangle2D box) {
    Color background = style.background();
    if (background.getAlpha() == 0) {
      return;
    }
    g.setColor(faint(background, 0.72));
    g.fill(box);
  }

  // ---- strokes and text -------------------------------------------------------------------------

  void fill(Shape shape, Color colour) {
    g.setColor(colour);
    g.fill(shape);
  }

  void draw(Shape shape) {
    g.draw(shape);
  }

  /** A point of a series, in the shape of the series where the style has shapes. */
  void marker(Ink ink, double x, double y) {
    double r = style.line() * 1.7;
    Color colour = style.colour(ink);
    if (!style.markers() || ink.index() < 0) {
      fill(Marker.CIRCLE.at(x, y, r), colour);
      return;
    }
    Shape shape = Marker.ofSeries(ink.index()).at(x, y, r * 1.1);
    if (Marker.isHollow(ink.index())) {
      fill(shape, style.background().getAlpha() == 0 ? Color.WHITE : style.background());
      stroke(colour, style.line() * 0.8, Dash.SOLID);
      g.draw(shape);
    } else {
      fill(shape, colour);
    }
  }

  void stroke(Color colour, double lineWidth, Dash dash) {
    g.setColor(colour);
    float w = (float) lineWidth;
    float[] pattern = dashes(dash, w, 1);
    if (pattern.length == 0) {
      g.setStroke(new BasicStroke(w, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      return;
    }
    g.setStroke(new BasicStroke(w, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, pattern, 0f));
  }

  /** Lengths of strokes and gaps of a line; none where it is whole. */
  private float[] dashes(Dash dash, float lineWidth, double scale) {
    float[] pattern = dash.pattern();
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] *= Math.max(lineWidth, (float) (style.line() * scale) * 0.8f);
    }
    return pattern;
  }

  static Color faint(Color colour, double alpha) {
    return new Color(
        colour.getRed(),
        colour.getGreen(),
        colour.getBlue(),
        (int) Math.round(colour.getAlpha() * alpha));
  }

  /** Draws text whose fraction (0 start, 0.5 middle, 1 end) lies at x. */
  void text(String source, Font font, Color colour, double x, double baseline, double fraction) {
    if (source.isEmpty()) {
      return;
    }
    g.setColor(colour);
    RichText rich = RichText.parse(source);
    if (g instanceof AnchoredText surface) {
      g.setFont(font);
      surface.drawAnchored(rich, font, x, baseline, fraction);
      return;
    }
    double whole = rich.width(font);
    rich.draw(
        font,
        x - fraction * whole,
        baseline,
        (piece, own, px, py) -> {
          g.setFont(own);
          g.drawString(piece, (float) px, (float) py);
        });
  }

  static String fit(String text, Font font, double room) {
    if (RichText.parse(text).width(font) <= room) {
      return text;
    }
    String cut = RichText.plain(text);
    while (cut.length() > 1 && RichText.width(cut + "…", font) > room) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut + "…";
  }

  private static List<String> wrap(String text, Font font, double room) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && RichText.parse(longer).width(font) > room) {
        lines.add(line.toString());
        line = new StringBuilder(word);
      } else {
        line = new StringBuilder(longer);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  // ---- ranges -----------------------------------------------------------------------------------

  /** The ends of both axes. */
  record Ranges(double xLow, double xHigh, double yLow, double yHigh, boolean empty) {

    static Ranges of(Figure figure) {
      Extent x = new Extent(figure.x().scale());
      Extent y = new Extent(figure.y().scale());
      for (Layer layer : figure.layers()) {
        switch (layer) {
          case Layer.Line line -> {
            if (line.ghost().size() > LONG) {
              y.addEnds(line.ghost());
            } else {
              y.add(line.ghost());
            }
            pairs(x, y, line.x(), line.y());
          }
          case Layer.Points points -> {
            pairs(x, y, points.x(), points.y());
            y.add(points.low());
            y.add(points.high());
          }
          case Layer.Bars bars -> {
            x.add(bars.edges());
            y.add(bars.heights());
            y.add(0);
          }
          case Layer.Steps steps -> {
            x.add(steps.edges());
            y.add(steps.heights());
            y.add(steps.closed() ? 0 : Double.NaN);
          }
          case Layer.Intervals intervals -> {
            x.add(intervals.value());
            x.add(intervals.low());
            x.add(intervals.high());
            y.add(intervals.at());
          }
          case Layer.Heat heat -> {
            x.add(heat.xEdges());
            y.add(heat.yEdges());
          }
          default -> {}
        }
      }
      boolean empty = x.none() || y.none();
      double dataLow = y.low;
      double dataHigh = y.high;
      for (Layer layer : figure.layers()) {
        switch (layer) {
          case Layer.Band band -> {
            x.add(band.x());
            y.addNear(band.low(), dataLow, dataHigh);
            y.addNear(band.high(), dataLow, dataHigh);
          }
          case Layer.Reference reference -> {
            x.add(reference.from());
            x.add(reference.to());
            Column ends =
                Column.of(
                    reference.intercept() + reference.slope() * reference.from(),
                    reference.intercept() + reference.slope() * reference.to());
            y.addNear(ends, dataLow, dataHigh);
          }
          case Layer.Level level -> {
            double reach = LEVEL_REACH * (dataHigh - dataLow);
            boolean free = y.scale == Axis.Scale.LOG || !(dataHigh >= dataLow);
            if (free || (level.y() >= dataLow - reach && level.y() <= dataHigh + reach)) {
              y.add(level.y()); // one that is farther away would make the data small
            }
          }
          default -> {}
        }
      }
      // Points at the ends are whole, and stand clear of the axis.
      boolean points = figure.layers().stream().anyMatch(Layer.Points.class::isInstance);
      double clear = points ? 0.03 + 0.012 * Dodge.count(figure) : 0;
      double[] xs = x.ends(figure.x().minimum(), figure.x().maximum(), clear, points);
      boolean grid = figure.layers().stream().anyMatch(Layer.Heat.class::isInstance);
      double[] ys = y.ends(figure.y().minimum(), figure.y().maximum(), grid ? 0 : 0.05, false);
      return new Ranges(xs[0], xs[1], ys[0], ys[1], empty);
    }

    /** A level this far from the data, in multiples of their range, is still shown. */
    private static final double LEVEL_REACH = 0.25;

    /** Beyond this many rows the ends are looked up instead of passing over all of them. */
    private static final int LONG = 512;

    private static void pairs(Extent x, Extent y, Column xs, Column ys) {
      Column places = xs.coordinates(x.scale);
      if (xs.size() > LONG && places.ascending()) {
        MinMaxPyramid values = ys.coordinates(y.scale).pyramid();
        int low = values.lowest(0, ys.size());
        if (low >= 0) {
          y.add(ys.get(low));
          y.add(ys.get(values.highest(0, ys.size())));
          x.add(xs.get(values.first(0, ys.size())));
          x.add(xs.get(values.last(0, ys.size())));
        }
        return;
      }
      for (int row = 0; row < xs.size(); row++) {
        if (x.takes(xs.get(row)) && y.takes(ys.get(row))) {
          x.add(xs.get(row));
          y.add(ys.get(row));
        }
      }
    }
  }

  private static final class Extent {
    private final Axis.Scale scale;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    Extent(Axis.Scale scale) {
      this.scale = scale;
    }

    boolean takes(double value) {
      return Double.isFinite(value) && (scale == Axis.Scale.LINEAR || value > 0);
    }

    void add(double value) {
      if (takes(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    void add(Column values) {
      for (double value : values.raw()) {
        add(value);
      }
    }

    /** The lowest and the highest of a long column, looked up. */
    void addEnds(Column values) {
      MinMaxPyramid ends = values.coordinates(scale).pyramid();
      int lowest = ends.lowest(0, ends.size());
      if (lowest >= 0) {
        add(values.get(lowest));
        add(values.get(ends.highest(0, ends.size())));
      }
    }

    /** References may widen the range a little, and never so that the data become small. */
    void addNear(Column values, double dataLow, double dataHigh) {
      boolean free = !(dataHigh >= dataLow);
      double reach = 0.15 * (dataHigh - dataLow);
      for (double value : values.raw()) {
        add(
            free || scale == Axis.Scale.LOG
                ? value
                : Math.clamp(value, dataLow - reach, dataHigh + reach));
      }
    }

    boolean none() {
      return low > high;
    }

    double[] ends(
        OptionalDouble fixedLow, OptionalDouble fixedHigh, double padding, boolean aroundZero) {
      double from = none() ? (scale == Axis.Scale.LOG ? 0.1 : 0) : low;
      double to = none() ? 1 : high;
      if (scale == Axis.Scale.LOG) {
        double pad = Math.pow(to / from, padding);
        from = from / pad;
        to = to * pad;
        if (!(to > from)) {
          from /= 2;
          to *= 2;
        }
      } else {
        if (!(to > from)) {
          double half = from == 0 ? 0.5 : Math.abs(from) * 0.1;
          from = padding > 0 ? from - half : from;
          to += half;
        }
        double pad = padding * (to - from);
        boolean atZero = from >= 0 && from <= 0.12 * to;
        from = atZero && !(aroundZero && from < pad) ? 0 : from - pad;
        to += pad;
      }
      from = fixedLow.isPresent() && usable(fixedLow.getAsDouble()) ? fixedLow.getAsDouble() : from;
      to = fixedHigh.isPresent() && usable(fixedHigh.getAsDouble()) ? fixedHigh.getAsDouble() : to;
      if (!(to > from)) {
        to = scale == Axis.Scale.LOG ? from * 10 : from + 1;
      }
      return new double[] {from, to};
    }

    private boolean usable(double value) {
      return Double.isFinite(value) && (scale == Axis.Scale.LINEAR || value > 0);
    }
  }
}
