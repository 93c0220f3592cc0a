package dev.plumbline.app.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps libraries quiet on a terminal: their notes are not the command's output. */
final class Logging {
  /** Held, because java.util.logging forgets loggers that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  private Logging() {}

  static void quiet() {
    Level level = System.getenv("PLUMBLINE_DEBUG") == null ? Level.SEVERE : Level.FINE;
    ROOT.setLevel(level);
    for (var handler : ROOT.getHandlers()) {
      handler.setLevel(level);
    }
  }
}
