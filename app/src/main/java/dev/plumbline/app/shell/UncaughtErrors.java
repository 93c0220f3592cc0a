package dev.plumbline.app.shell;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every exception that nobody caught: logs the stack once, merges storms of the same error,
 * and hands the first of each to whoever shows errors.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UncaughtErrors.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * An error for people.
   *
   * @param code short name of the place it happened, the same wherever it happens again
   * @param message one line
   * @param stack the stack trace
   */
  public record Report(String code, String message, String stack) {}

  private record Seen(Instant first, int count) {}

  private final InstantSource clock;
  private final Map<String, Seen> seen = new HashMap<>();
  private Consumer<Report> listener = report -> {};

  public UncaughtErrors(InstantSource clock) {
    this.clock = clock;
  }

  /** Who shows errors; called on the thread that failed. */
  public synchronized void onReport(Consumer<Report> newListener) {
    listener = newListener;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    Report report = report(error);
    Consumer<Report> target;
    synchronized (this) {
      Instant now = clock.instant();
      Seen before = seen.get(report.code());
      if (before != null && before.first().plus(QUIET).isAfter(now)) {
        seen.put(report.code(), new Seen(before.first(), before.count() + 1));
        return;
      }
      if (before != null && before.count() > 1) {
        LOG.error("Error {} came {} times", report.code(), before.count());
      }
      seen.put(report.code(), new Seen(now, 1));
      target = listener;
    }
    LOG.error("Error {} on {}", report.code(), thread.getName(), error);
    target.accept(report);
  }

  /** Lets an error be told again although it has just come: what it broke is tried once more. */
  public synchronized void forget(String code) {
    seen.remove(code);
  }

  /** The report of an error; its code is a hash of types and places, without texts. */
  public static Report report(Throwable error) {
    StringBuilder place = new StringBuilder();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      place.append(cause.getClass().getName());
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(5, frames.length); i++) {
        place.append(frames[i].getClassName()).append(frames[i].getMethodName());
      }
    }
    String code = String.format(Locale.ROOT, "P-%06X", place.toString().hashCode() & 0xFFFFFF);
    StringWriter stack = new StringWriter();
    error.printStackTrace(new PrintWriter(stack));
    String message = error.getMessage();
    return new Report(
        code, message == null ? error.getClass().getSimpleName() : message, stack.toString());
  }
}
