package dev.plumbline.figure;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The fonts of figures: Inter with tabular digits, which travels with the program. */
final class FigureFonts {
  static final String REGULAR_FILE = "fonts/InterTabular-Regular.ttf";
  static final String BOLD_FILE = "fonts/InterTabular-SemiBold.ttf";
  static final Font REGULAR = load(REGULAR_FILE);
  static final Font BOLD = load(BOLD_FILE);

  private FigureFonts() {}

  static InputStream open(String file) {
    InputStream stream = FigureFonts.class.getResourceAsStream(file);
    if (stream == null) {
      throw new IllegalStateException("the font " + file + " is not in the jar");
    }
    return stream;
  }

  private static Font load(String file) {
    try (InputStream stream = open(file)) {
      return Font.createFont(Font.TRUETYPE_FONT, stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FontFormatException e) {
      throw new IllegalStateException("the font " + file + " cannot be read", e);
    }
  }
}
