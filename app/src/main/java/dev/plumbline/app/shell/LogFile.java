package dev.plumbline.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The workbench's log: two files of at most 2 MB; the terminal only hears of severe errors. */
final class LogFile {
  private LogFile() {}

  /**
   * Sends the log to {@code directory/plumbline.log}; where that fails, logging stays as it was.
   */
  static Path open(Path directory) {
    Path current = directory.resolve("plumbline.0.log");
    try {
      Files.createDirectories(directory);
      Logger root = LogManager.getLogManager().getLogger("");
      FileHandler file =
          new FileHandler(directory.resolve("plumbline.%g.log").toString(), 2_000_000, 2, true);
      file.setFormatter(new SimpleFormatter());
      file.setLevel(Level.ALL);
      for (Handler handler : root.getHandlers()) {
        handler.setLevel(Level.SEVERE);
      }
      root.addHandler(file);
      root.setLevel(Level.INFO);
    } catch (IOException e) {
      Logger.getLogger(LogFile.class.getName()).log(Level.FINE, "No log file in " + directory, e);
    }
    return current;
  }
}
