package dev.plumbline.figure;

import java.awt.Graphics2D;
import java.util.Map;

/** What can be drawn on a surface and written to a file: a figure, or several on a sheet. */
sealed interface Art permits Art.One, FigureSheet {
  /** Draws itself from (0, 0) to (width, height). */
  void paint(FigureStyle style, Graphics2D g, double width, double height);

  /** Title, caption and provenance by name, in a fixed order; what is empty is left out. */
  Map<String, String> facts();

  /** A single figure. */
  record One(Figure figure) implements Art {
    @Override
    public void paint(FigureStyle style, Graphics2D g, double width, double height) {
      FigurePainter.paint(figure, style, g, width, height);
    }

    @Override
    public Map<String, String> facts() {
      return FigureExport.facts(figure);
    }
  }
}
