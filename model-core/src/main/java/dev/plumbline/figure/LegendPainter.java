package dev.plumbline.figure;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lays out and draws the names of series apart from their lines, for {@link FigurePainter}. */
final class LegendPainter {
  /** One name with the look of its series. */
  private record Entry(
      String label, Ink ink, Dash dash, boolean line, boolean point, boolean area) {}

  private final FigurePainter painter;
  private final FigureStyle style;
  private final Font small;
  private final double size;
  private final List<Entry> entries;

  LegendPainter(FigurePainter painter, Figure figure, FigureStyle style, Font small) {
    this.painter = painter;
    this.style = style;
    this.small = small;
    this.size = style.size();
    this.entries = entries(figure);
  }

  private static List<Entry> entries(Figure figure) {
    Set<Ink> pointed = new HashSet<>();
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Points points) {
        pointed.add(points.ink());
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (Layer layer : figure.layers()) {
      Entry entry =
          switch (layer) {
            case Layer.Line l ->
                new Entry(l.label(), l.ink(), l.dash(), true, pointed.contains(l.ink()), false);
            case Layer.Points p -> new Entry(p.label(), p.ink(), Dash.SOLID, false, true, false);
            case Layer.Reference r -> new Entry(r.label(), r.ink(), r.dash(), true, false, false);
            case Layer.Level l -> new Entry(l.label(), l.ink(), l.dash(), true, false, false);
            case Layer.Band b -> new Entry(b.label(), b.ink(), Dash.SOLID, false, false, true);
            case Layer.Bars b -> new Entry(b.label(), b.ink(), Dash.SOLID, false, false, true);
            case Layer.Steps t -> new Entry(t.label(), t.ink(), t.dash(), true, false, false);
            case Layer.Intervals i -> new Entry(i.label(), i.ink(), Dash.SOLID, true, true, false);
            case Layer.Heat _, Layer.Marks _, Layer.Note _ ->
                new Entry("", Ink.MUTED, Dash.SOLID, false, false, false);
          };
      if (!entry.label().isEmpty()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private double swatch() {
    return size * (style.dashes() ? 2.4 : 1.9);
  }

  private double width(Entry entry) {
    return swatch() + size * 0.45 + RichText.parse(entry.label()).width(small);
  }

  /** Height of the names in rows between two places. */
  double rowHeight(double left, double right) {
    return rows(left, right, 0, false);
  }

  /** Draws the names in rows below a height, and tells how much room they took. */
  double drawRows(double left, double right, double top) {
    return rows(left, right, top, true);
  }

  private double rows(double left, double right, double top, boolean draw) {
    if (entries.isEmpty()) {
      return 0;
    }
    double gap = size * 1.3;
    double[] columns = columns(right - left, gap);
    double at = left;
    double baseline = top + size * 0.9;
    for (int i = 0; i < entries.size(); i++) {
      int column = i % columns.length;
      if (i > 0 && column == 0) {
        at = left;
        baseline += size * 1.4;
      }
      if (draw) {
        draw(entries.get(i), at, baseline, right - at);
      }
      at += columns[column] + gap;
    }
    return baseline - top + size * 0.6;
  }

  /** Widths of as many columns as there is room for, with rows of about one length. */
  private double[] columns(double room, double gap) {
    for (int count = entries.size(); count > 1; count--) {
      int rows = (entries.size() + count - 1) / count;
      double[] even = widths((entries.size() + rows - 1) / rows);
      if (Arrays.stream(even).sum() + gap * (even.length - 1) <= room) {
        return even;
      }
      double[] columns = widths(count);
      if (Arrays.stream(columns).sum() + gap * (count - 1) <= room) {
        return columns;
      }
    }
    return widths(1);
  }

  private double[] widths(int count) {
    double[] columns = new double[count];
    for (int i = 0; i < entries.size(); i++) {
      columns[i % count] = Math.max(columns[i % count], width(entries.get(i)));
    }
    return columns;
  }

  /** Width of the names below each other, at most a share of the figure. */
  double listWidth(double most) {
    double widest = 0;
    for (Entry entry : entries) {
      widest = Math.max(widest, width(entry));
    }
    return Math.min(widest, most);
  }

  /** Height of the names below each other. */
  double listHeight() {
    return entries.size() * size * 1.4;
  }

  /** Draws the names below each other from a corner. */
  void drawList(double left, double top, double room) {
    double baseline = top + size * 0.95;
    for (Entry entry : entries) {
      draw(entry, left, baseline, room);
      baseline += size * 1.4;
    }
  }

  private void draw(Entry entry, double at, double baseline, double room) {
    double middle = baseline - size * 0.33;
    double swatch = swatch();
    Color colour = style.colour(entry.ink());
    if (entry.area()) {
      painter.fill(
          new Rectangle2D.Double(at, middle - size * 0.35, swatch, size * 0.7),
          FigurePainter.faint(colour, 0.35));
    }
    if (entry.line()) {
      painter.stroke(colour, style.line(), style.dash(entry.dash(), entry.ink()));
      painter.draw(new Line2D.Double(at, middle, at + swatch, middle));
    }
    if (entry.point()) {
      painter.marker(entry.ink(), at + swatch / 2, middle);
    }
    double text = at + swatch + size * 0.45;
    painter.text(
        FigurePainter.fit(entry.label(), small, room - swatch - size * 0.45),
        small,
        style.text(),
        text,
        baseline,
        0);
  }
}
