package dev.plumbline.figure;

import java.awt.Color;
import java.util.List;

/**
 * How figures look. Palettes are safe for the common kinds of colour blindness: Okabe and Ito's in
 * light and print, a lightened set of the same hues in the dark. In print every series has its own
 * dash pattern besides, so that a grey copy can still be read.
 *
 * @param name what the style is called
 * @param background behind everything; may be transparent
 * @param text titles, axis labels, notes
 * @param muted tick labels, subtitle, references
 * @param grid grid lines
 * @param axis axis lines
 * @param palette colours of series, in order
 * @param dashes whether {@link Dash#AUTO} gives each series its own pattern
 * @param size size of tick labels in the figure's units (pixels on screen, points in print)
 * @param line width of a series' line in the same units
 * @param header whether title and subtitle are drawn
 * @param caption whether the caption is drawn under the plot
 * @param typeface the font of all text
 * @param markers whether points of series have shapes besides colours
 * @param ticks whether axes have tick marks, with smaller ones between those that are labelled
 */
public record FigureStyle(
    String name,
    Color background,
    Color text,
    Color muted,
    Color grid,
    Color axis,
    List<Color> palette,
    boolean dashes,
    double size,
    double line,
    boolean header,
    boolean caption,
    Typeface typeface,
    boolean markers,
    boolean ticks) {

  /** Copies the palette. */
  public FigureStyle {
    palette = List.copyOf(palette);
    if (palette.isEmpty()) {
      throw new IllegalArgumentException("a style needs at least one colour");
    }
  }

  /** On a light card. */
  public static FigureStyle light() {
    return new FigureStyle(
        "light",
        Color.WHITE,
        new Color(0x1c1f26),
        new Color(0x646b78),
        new Color(0xe7e9ed),
        new Color(0x9aa1ad),
        colours(0x0072b2, 0xd55e00, 0x009e73, 0xb0578d, 0xb07a00, 0x3a93c8, 0x6b6b6b),
        false,
        11,
        1.6,
        true,
        true,
        Typeface.SANS,
        false,
        false);
  }

  /** On a dark card. */
  public static FigureStyle dark() {
    return new FigureStyle(
        "dark",
        new Color(0x1b1e25),
        new Color(0xe6e9ef),
        new Color(0x99a1b0),
        new Color(0x2b2f39),
        new Color(0x5b6373),
        colours(0x6ea8fe, 0xf4a259, 0x5bd1a0, 0xe48cc4, 0xe8cf5a, 0x7fd6ee, 0xb8bec9),
        false,
        11,
        1.6,
        true,
        true,
        Typeface.SANS,
        false,
        false);
  }

  /** For print at true size: points, dashes besides colours, no title and no caption in the art. */
  public static FigureStyle paper() {
    return new FigureStyle(
        "paper",
        Color.WHITE,
        Color.BLACK,
        new Color(0x3c3c3c),
        new Color(0xe4e4e4),
        new Color(0x555555),
        Palette.PLUMBLINE.colours(),
        true,
        7,
        1.0,
        false,
        false,
        Typeface.SANS,
        true,
        false);
  }

  private static List<Color> colours(int... rgb) {
    return java.util.Arrays.stream(rgb).mapToObj(Color::new).toList();
  }

  /** The colour of an ink. */
  public Color colour(Ink ink) {
    if (ink.equals(Ink.TEXT)) {
      return text;
    }
    return ink.index() < 0 ? muted : palette.get(ink.index() % palette.size());
  }

  /** The pattern that a line has in this style. */
  Dash dash(Dash asked, Ink ink) {
    if (asked != Dash.AUTO) {
      return asked;
    }
    return dashes && ink.index() >= 0 ? Dash.ofSeries(ink.index()) : Dash.SOLID;
  }

  /** The same style in the colours of a theme. */
  public FigureStyle withColours(
      Color otherBackground,
      Color otherText,
      Color otherMuted,
      Color otherGrid,
      Color otherAxis,
      List<Color> otherPalette) {
    return new FigureStyle(
        name,
        otherBackground,
        otherText,
        otherMuted,
        otherGrid,
        otherAxis,
        otherPalette,
        dashes,
        size,
        line,
        header,
        caption,
        typeface,
        markers,
        ticks);
  }

  /** The same style on another background; {@code new Color(0, true)} is transparent. */
  public FigureStyle withBackground(Color other) {
    return new FigureStyle(
        name, other, text, muted, grid, axis, palette, dashes, size, line, header, caption,
        typeface, markers, ticks);
  }

  /** The same style with text of another size, and lines in proportion. */
  public FigureStyle withSize(double other) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        other,
        line * other / size,
        header,
        caption,
        typeface,
        markers,
        ticks);
  }

  /** The same style with lines of another width. */
  public FigureStyle withLine(double other) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        size,
        other,
        header,
        caption,
        typeface,
        markers,
        ticks);
  }

  /** The same style with or without title and subtitle. */
  public FigureStyle withHeader(boolean shown) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        size,
        line,
        shown,
        caption,
        typeface,
        markers,
        ticks);
  }

  /** The same style with or without the caption under the plot. */
  public FigureStyle withCaption(boolean shown) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        size,
        line,
        header,
        shown,
        typeface,
        markers,
        ticks);
  }

  /** The same style in another font. */
  public FigureStyle withTypeface(Typeface other) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        size,
        line,
        header,
        caption,
        other,
        markers,
        ticks);
  }

  /** The same style with other colours of series. */
  public FigureStyle withPalette(List<Color> other) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        other,
        dashes,
        size,
        line,
        header,
        caption,
        typeface,
        markers,
        ticks);
  }

  /**
   * The same style with or without a dash pattern for each line, and a shape for each series'
   * points.
   */
  public FigureStyle withPatterns(boolean dashed, boolean marked) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashed,
        size,
        line,
        header,
        caption,
        typeface,
        marked,
        ticks);
  }

  /** The same style with or without tick marks. */
  public FigureStyle withTicks(boolean shown) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        grid,
        axis,
        palette,
        dashes,
        size,
        line,
        header,
        caption,
        typeface,
        markers,
        shown);
  }

  /** The same style with grid lines of another colour; transparent for none. */
  public FigureStyle withGrid(Color other) {
    return new FigureStyle(
        name,
        background,
        text,
        muted,
        other,
        axis,
        palette,
        dashes,
        size,
        line,
        header,
        caption,
        typeface,
        markers,
        ticks);
  }
}
