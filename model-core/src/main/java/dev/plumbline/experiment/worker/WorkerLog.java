package dev.plumbline.experiment.worker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Sends the log of this process to a run's {@code log.txt}, each record at once. */
final class WorkerLog {
  /** Held, because the log manager forgets loggers that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  private WorkerLog() {}

  static void open(Path file) throws IOException {
    LogManager.getLogManager().reset();
    Handler handler =
        new StreamHandler(
            new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)),
            new Line()) {
          @Override
          public synchronized void publish(LogRecord record) {
            super.publish(record);
            flush();
          }
        };
    handler.setLevel(Level.ALL);
    handler.setErrorManager(
        new ErrorManager() {
          @Override
          public void error(String message, Exception e, int code) {
            // a log that cannot be written must not end a run, and has nowhere to say so
          }
        });
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.INFO);
  }

  /** One line a record, its stack below it. */
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      StringBuilder line = new StringBuilder();
      line.append(record.getInstant()).append(' ').append(record.getLevel()).append(' ');
      line.append(record.getLoggerName()).append(": ").append(formatMessage(record)).append('\n');
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        line.append(stack);
      }
      return line.toString();
    }
  }
}
