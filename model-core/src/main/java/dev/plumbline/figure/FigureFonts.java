package dev.plumbline.figure;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The font files of figures, each read once. */
final class FigureFonts {
  private static final Map<String, Font> READ = new ConcurrentHashMap<>();

  private FigureFonts() {}

  static Font font(String file) {
    return READ.computeIfAbsent(file, FigureFonts::load);
  }

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
