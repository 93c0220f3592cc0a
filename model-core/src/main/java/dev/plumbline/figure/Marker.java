package dev.plumbline.figure;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** The shape of a series' points, so that a grey copy keeps them apart. */
enum Marker {
  CIRCLE,
  SQUARE,
  TRIANGLE,
  DIAMOND,
  INVERTED;

  /** Series from the sixth on have the shapes again, hollow. */
  static Marker ofSeries(int index) {
    return values()[Math.floorMod(index, values().length)];
  }

  static boolean isHollow(int index) {
    return Math.floorMod(index, 2 * values().length) >= values().length;
  }

  /**
   * The shape around a place.
   *
   * @param r radius of the circle with which all shapes have about the same area
   */
  Shape at(double x, double y, double r) {
    return switch (this) {
      case CIRCLE -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
      case SQUARE -> polygon(x, y, r * 1.25, Math.PI / 4, 4);
      case TRIANGLE -> polygon(x, y + r * 0.2, r * 1.45, -Math.PI / 2, 3);
      case DIAMOND -> polygon(x, y, r * 1.35, 0, 4);
      case INVERTED -> polygon(x, y - r * 0.2, r * 1.45, Math.PI / 2, 3);
    };
  }

  private static Shape polygon(double x, double y, double r, double from, int corners) {
    Path2D.Double path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double angle = from + 2 * Math.PI * i / corners;
      double px = x + r * Math.cos(angle);
      double py = y + r * Math.sin(angle);
      if (i == 0) {
        path.moveTo(px, py);
      } else {
        path.lineTo(px, py);
      }
    }
    path.closePath();
    return path;
  }
}
