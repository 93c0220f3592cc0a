package dev.plumbline.figure;

/** How a line is broken up. */
public enum Dash {
  /** Solid on screen; in the paper style the series' own pattern, so that print needs no colour. */
  AUTO,
  /** Unbroken in every style. */
  SOLID,
  /** Long strokes. */
  DASHED,
  /** Dots. */
  DOTTED,
  /** Stroke and dot. */
  DASH_DOT,
  /** Long stroke and two dots. */
  DASH_DOT_DOT;

  /** The pattern in multiples of the line's width; empty when unbroken. */
  float[] pattern() {
    return switch (this) {
      case AUTO, SOLID -> new float[0];
      case DASHED -> new float[] {4.5f, 2.6f};
      case DOTTED -> new float[] {1.1f, 2.2f};
      case DASH_DOT -> new float[] {5.5f, 2.2f, 1.1f, 2.2f};
      case DASH_DOT_DOT -> new float[] {6.5f, 2.2f, 1.1f, 2.2f, 1.1f, 2.2f};
    };
  }

  /** The pattern that a series with this place in the palette has in print. */
  static Dash ofSeries(int index) {
    return switch (Math.floorMod(index, 5)) {
      case 0 -> SOLID;
      case 1 -> DASHED;
      case 2 -> DOTTED;
      case 3 -> DASH_DOT;
      default -> DASH_DOT_DOT;
    };
  }
}
