package dev.plumbline.figure;

/**
 * A colour by what it means, so that one figure can be drawn in any style.
 *
 * @param index a series' place in the palette (taken modulo its length), or one of the constants
 */
public record Ink(int index) {
  /** The colour of text. */
  public static final Ink TEXT = new Ink(-1);

  /** The quiet grey of references and remarks. */
  public static final Ink MUTED = new Ink(-2);

  /** The colour of the palette for the series with this index from 0. */
  public static Ink series(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("a series' index starts at 0, not " + index);
    }
    return new Ink(index);
  }
}
