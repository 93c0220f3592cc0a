package dev.plumbline.app.shell;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Stalls of the window in words. */
public final class StallWords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private StallWords() {}

  /** How many there were and how long the longest was. */
  public static String summary(List<Stall> stalls) {
    return stalls.isEmpty()
        ? Strings.text("stalls.none", Watchdog.LIMIT_MS)
        : Strings.text(
            "stalls.some",
            stalls.size(),
            Watchdog.LIMIT_MS,
            stalls.stream().mapToLong(Stall::millis).max().orElse(0));
  }

  /** When one was, on this machine's clock. */
  public static String time(Stall stall) {
    return TIME.format(stall.begun().atZone(ZoneId.systemDefault()));
  }

  /** How long one was and why. */
  public static String line(Stall stall) {
    return Strings.text(
        "stalls.line",
        stall.millis(),
        stall.cpuMillis(),
        switch (stall.cause()) {
          case WORK -> Strings.text("stalls.work");
          case WAIT -> Strings.text("stalls.wait");
          case STARVED -> Strings.text("stalls.starved");
        });
  }

  /** For a bug report: all of them with their stacks; empty without any. */
  public static String report(List<Stall> stalls) {
    StringBuilder text = new StringBuilder();
    for (Stall stall : stalls) {
      text.append("\n%s  %s\n".formatted(stall.begun(), line(stall)));
      stall.stack().forEach(frame -> text.append("    at ").append(frame).append('\n'));
    }
    return text.isEmpty() ? "" : "\n" + summary(stalls) + "\n" + text;
  }
}
