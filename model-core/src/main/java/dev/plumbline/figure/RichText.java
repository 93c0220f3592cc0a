package dev.plumbline.figure;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with lowered and raised parts, measured and drawn as pieces of real text.
 *
 * @param pieces the parts from left to right
 */
record RichText(List<Piece> pieces) {
  /** Glyph widths are taken without rounding, so a layout is the same on every surface. */
  static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private static final double SMALL = 0.72;

  enum Shift {
    BASE,
    SUBSCRIPT,
    SUPERSCRIPT
  }

  record Piece(String text, Shift shift) {}

  interface Pen {
    void draw(String text, Font font, double x, double y);
  }

  static RichText parse(String source) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      int close =
          (c == '_' || c == '^') && at + 1 < source.length() && source.charAt(at + 1) == '{'
              ? source.indexOf('}', at + 2)
              : -1;
      if (close < 0) {
        plain.append(c);
        at++;
        continue;
      }
      if (!plain.isEmpty()) {
        pieces.add(new Piece(plain.toString(), Shift.BASE));
        plain.setLength(0);
      }
      pieces.add(
          new Piece(
              source.substring(at + 2, close), c == '_' ? Shift.SUBSCRIPT : Shift.SUPERSCRIPT));
      at = close + 1;
    }
    if (!plain.isEmpty()) {
      pieces.add(new Piece(plain.toString(), Shift.BASE));
    }
    return new RichText(pieces);
  }

  /** The text without markup: {@code λ_{KL}} becomes {@code λ_KL}, {@code e^{-x}} {@code e^-x}. */
  static String plain(String source) {
    StringBuilder out = new StringBuilder();
    for (Piece piece : parse(source).pieces()) {
      switch (piece.shift()) {
        case BASE -> out.append(piece.text());
        case SUBSCRIPT -> out.append('_').append(piece.text());
        case SUPERSCRIPT -> out.append('^').append(piece.text());
      }
    }
    return out.toString();
  }

  static double width(String text, Font font) {
    return text.isEmpty() ? 0 : font.getStringBounds(text, CONTEXT).getWidth();
  }

  double width(Font font) {
    double width = 0;
    for (Piece piece : pieces) {
      width += width(piece.text(), fontOf(piece, font));
    }
    return width;
  }

  void draw(Font font, double x, double baseline, Pen pen) {
    double at = x;
    for (Piece piece : pieces) {
      Font own = fontOf(piece, font);
      pen.draw(piece.text(), own, at, baseline + shift(piece, font));
      at += width(piece.text(), own);
    }
  }

  /** How far below the line of writing a piece stands. */
  static double shift(Piece piece, Font font) {
    return switch (piece.shift()) {
      case BASE -> 0;
      case SUBSCRIPT -> 0.18 * font.getSize2D();
      case SUPERSCRIPT -> -0.36 * font.getSize2D();
    };
  }

  static Font fontOf(Piece piece, Font font) {
    return piece.shift() == Shift.BASE ? font : font.deriveFont((float) (font.getSize2D() * SMALL));
  }
}
