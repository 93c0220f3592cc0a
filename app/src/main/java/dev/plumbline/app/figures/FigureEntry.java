package dev.plumbline.app.figures;

/**
 * A line of the catalogue.
 *
 * @param key what it is chosen by, once in the catalogue
 * @param place where it stands in the paper, or what it is
 * @param title one line
 * @param from the study or run that its rows are of, or why it is not there
 * @param kind whether there is something to draw
 * @param name the name that it is kept and exported under; empty where nothing is drawn
 */
public record FigureEntry(
    String key, String place, String title, String from, Kind kind, String name) {
  /** What is known of a line. */
  public enum Kind {
    /** It can be drawn. */
    READY,
    /** It can be drawn and was changed by a person. */
    KEPT,
    /** A study or run that makes it is not there yet. */
    MISSING,
    /** Nothing in the workbench can draw it. */
    NEVER
  }

  /** Whether there is something to draw. */
  public boolean isDrawn() {
    return kind == Kind.READY || kind == Kind.KEPT;
  }
}
