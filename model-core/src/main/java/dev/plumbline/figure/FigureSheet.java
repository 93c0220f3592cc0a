package dev.plumbline.figure;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Several figures as the panels of one: in rows, with letters, and with axes that panels share.
 *
 * @param title what is shown, or empty
 * @param panels the figures, row by row
 * @param columns panels in a row
 * @param letters whether panels are lettered (a), (b), ...
 * @param shared which axes have one range in all panels and are named at the edge only
 * @param caption a paragraph below the panels in the data of files, or empty to join the panels'
 */
public record FigureSheet(
    String title, List<Figure> panels, int columns, boolean letters, Shared shared, String caption)
    implements Art {

  /** Axes that all panels share. */
  public enum Shared {
    /** None. */
    NONE,
    /** The horizontal one. */
    X,
    /** The vertical one. */
    Y,
    /** Both. */
    BOTH
  }

  /** Checks the count and copies the list. */
  public FigureSheet {
    panels = List.copyOf(panels);
    if (panels.isEmpty() || panels.size() > 26) {
      throw new IllegalArgumentException("a sheet has 1 to 26 panels, not " + panels.size());
    }
    if (columns < 1 || columns > panels.size()) {
      throw new IllegalArgumentException(
          columns + " columns for " + panels.size() + " panels; give 1 to " + panels.size());
    }
  }

  /** Panels side by side as far as they are few, with letters and axes of their own. */
  public static FigureSheet of(String title, List<Figure> panels) {
    int columns = panels.size() <= 3 ? panels.size() : (int) Math.ceil(Math.sqrt(panels.size()));
    return new FigureSheet(title, panels, Math.max(1, columns), true, Shared.NONE, "");
  }

  /** Rows of panels. */
  public int rows() {
    return (panels.size() + columns - 1) / columns;
  }

  /** The letter of a panel: {@code (a)}. */
  public static String letter(int panel) {
    return "(" + (char) ('a' + panel) + ")";
  }

  /** The panels as they are drawn: with the ranges that they share, and words at the edges only. */
  public List<Figure> drawn() {
    boolean sharesX = shared == Shared.X || shared == Shared.BOTH;
    boolean sharesY = shared == Shared.Y || shared == Shared.BOTH;
    double[] x = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    double[] y = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (Figure panel : panels) {
      FigurePainter.Ranges ranges = FigurePainter.Ranges.of(panel);
      if (!ranges.empty()) {
        x[0] = Math.min(x[0], ranges.xLow());
        x[1] = Math.max(x[1], ranges.xHigh());
        y[0] = Math.min(y[0], ranges.yLow());
        y[1] = Math.max(y[1], ranges.yHigh());
      }
    }
    List<Figure> drawn = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      Figure panel = panels.get(i);
      boolean lowest = i + columns >= panels.size();
      boolean first = i % columns == 0;
      Axis ofX = sharesX && x[0] < x[1] ? between(panel.x(), x) : panel.x();
      Axis ofY = sharesY && y[0] < y[1] ? between(panel.y(), y) : panel.y();
      drawn.add(
          panel.withAxes(
              sharesX && !lowest ? ofX.bare() : ofX, sharesY && !first ? ofY.bare() : ofY));
    }
    return drawn;
  }

  private static Axis between(Axis axis, double[] ends) {
    return new Axis(
        axis.label(),
        axis.unit(),
        axis.scale(),
        OptionalDouble.of(ends[0]),
        OptionalDouble.of(ends[1]),
        axis.names());
  }

  /** Where a panel lies. */
  private Rectangle2D place(int panel, double top, double width, double height, double gap) {
    double wide = (width - gap * (columns - 1)) / columns;
    double tall = (height - top - gap * (rows() - 1)) / rows();
    int row = panel / columns;
    int column = panel % columns;
    return new Rectangle2D.Double(column * (wide + gap), top + row * (tall + gap), wide, tall);
  }

  @Override
  public void paint(FigureStyle style, Graphics2D g, double width, double height) {
    if (style.background().getAlpha() > 0) {
      g.setColor(style.background());
      g.fill(new Rectangle2D.Double(0, 0, width, height));
    }
    double size = style.size();
    Font bold = style.typeface().bold().deriveFont((float) (size * 1.15));
    double top = 0;
    if (style.header() && !title.isEmpty()) {
      text(g, title, bold, style, size * 0.8, size * 1.75);
      top = size * 2.2;
    }
    double gap = size * 0.6;
    double head = letters ? size * 1.35 : 0;
    List<Figure> figures = drawn();
    // Plots of one column begin at one place, those of one row end at one: first measured, then
    // drawn.
    double[] lefts = new double[columns];
    double[] floors = new double[rows()];
    Graphics2D scratch = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics();
    for (int i = 0; i < figures.size(); i++) {
      Rectangle2D at = place(i, top, width, height, gap);
      FigurePainter.Painted painted =
          FigurePainter.paint(
              figures.get(i),
              style.withHeader(style.header() && !letters),
              scratch,
              at.getWidth(),
              at.getHeight() - head);
      lefts[i % columns] = Math.max(lefts[i % columns], painted.mapping().x().start());
      floors[i / columns] =
          Math.max(floors[i / columns], at.getHeight() - head - painted.mapping().y().start());
    }
    scratch.dispose();
    for (int i = 0; i < figures.size(); i++) {
      Rectangle2D at = place(i, top, width, height, gap);
      AffineTransform before = g.getTransform();
      java.awt.Shape clip = g.getClip();
      g.translate(at.getX(), at.getY());
      if (letters) {
        String name = figures.get(i).title();
        double letterWidth = RichText.width(letter(i) + " ", bold);
        text(g, letter(i), bold, style, size * 0.3, size * 1.2);
        if (style.header() && !name.isEmpty()) {
          Font small = style.typeface().regular().deriveFont((float) (size * 0.95));
          text(
              g,
              FigurePainter.fit(name, small, at.getWidth() - letterWidth - size),
              small,
              style,
              size * 0.4 + letterWidth,
              size * 1.2);
        }
      }
      g.translate(0, head);
      FigurePainter.paint(
          figures.get(i),
          style.withHeader(style.header() && !letters).withBackground(new java.awt.Color(0, true)),
          g,
          at.getWidth(),
          at.getHeight() - head,
          lefts[i % columns],
          floors[i / columns]);
      g.setTransform(before);
      g.setClip(clip);
    }
    g.setStroke(new BasicStroke(1));
  }

  private static void text(
      Graphics2D g, String source, Font font, FigureStyle style, double x, double baseline) {
    g.setColor(style.text());
    RichText rich = RichText.parse(source);
    if (g instanceof FigurePainter.AnchoredText surface) {
      g.setFont(font);
      surface.drawAnchored(rich, font, x, baseline, 0);
      return;
    }
    rich.draw(
        font,
        x,
        baseline,
        (piece, own, px, py) -> {
          g.setFont(own);
          g.drawString(piece, (float) px, (float) py);
        });
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    if (!title.isEmpty()) {
      facts.put("title", RichText.plain(title));
    }
    List<String> captions = new ArrayList<>();
    Map<String, Set<String>> joined = new LinkedHashMap<>();
    for (int i = 0; i < panels.size(); i++) {
      String says = RichText.plain(panels.get(i).caption());
      captions.add(letter(i) + " " + RichText.plain(panels.get(i).title()) + ". " + says);
      panels
          .get(i)
          .provenance()
          .entries()
          .forEach(
              (key, value) -> joined.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(value));
    }
    facts.put("caption", caption.isEmpty() ? String.join(" ", captions) : RichText.plain(caption));
    joined.forEach((key, values) -> facts.put(key, String.join("; ", values)));
    return facts;
  }
}
