package dev.plumbline.figure;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;

/**
 * Colours of series that people with the common kinds of colour blindness can tell apart, for white
 * paper. Tol: Paul Tol, "Colour Schemes", SRON technical note SRON/EPS/TN/09-002, issue 3.2 (2021).
 */
public enum Palette {
  /**
   * Plumbline's own: Okabe and Ito's hues, with those darkened that are too light for thin lines.
   */
  PLUMBLINE("Plumbline", 0x0072b2, 0xd55e00, 0x009e73, 0xb0578d, 0xa87400, 0x3a93c8, 0x222222),
  /** M. Okabe and K. Ito, "Color Universal Design" (2008), black last. */
  OKABE_ITO(
      "Okabe–Ito", 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0xf0e442, 0x000000),
  /** Tol's "bright". */
  TOL_BRIGHT("Tol bright", 0x4477aa, 0xee6677, 0x228833, 0xccbb44, 0x66ccee, 0xaa3377, 0xbbbbbb),
  /** Tol's "vibrant". */
  TOL_VIBRANT("Tol vibrant", 0xee7733, 0x0077bb, 0x33bbee, 0xee3377, 0xcc3311, 0x009988, 0xbbbbbb),
  /** Tol's "muted", for many series. */
  TOL_MUTED(
      "Tol muted",
      0xcc6677,
      0x332288,
      0xddcc77,
      0x117733,
      0x88ccee,
      0x882255,
      0x44aa99,
      0x999933,
      0xaa4499),
  /** Tol's "high-contrast": three colours that a grey copy keeps apart by themselves. */
  TOL_HIGH_CONTRAST("Tol high contrast", 0x004488, 0xddaa33, 0xbb5566, 0x000000),
  /** Black and greys, for print without colour. */
  GREYS("greys", 0x000000, 0x6e6e6e, 0x3c3c3c, 0x9a9a9a);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a list of colours that cannot be changed
  private final List<Color> colours;

  Palette(String title, int... rgb) {
    this.title = title;
    this.colours = Arrays.stream(rgb).mapToObj(Color::new).toList();
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /** The colours in order. */
  public List<Color> colours() {
    return colours;
  }
}
