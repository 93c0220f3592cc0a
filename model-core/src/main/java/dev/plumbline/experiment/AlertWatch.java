package dev.plumbline.experiment;

import dev.plumbline.experiment.AlertRule.Condition;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One rule over one run's journal, event by event. It tells once when the condition comes true, and
 * again only after it was untrue in between. What it remembers is {@link #memory}, so that a reader
 * of the journal may stop anywhere and go on.
 */
public final class AlertWatch {
  private final Condition condition;

  /** The step at which the condition began to hold, and the measurements since; -1 where not. */
  private long since = -1;

  private long points;
  private boolean told;
  private double best = Double.NaN;
  private long bestStep = -1;
  private long step = -1;
  private long movedAt;
  private boolean running;

  /**
   * A condition that has come true.
   *
   * @param step of the run
   * @param value of the metric, NaN where it is not about one
   * @param message one line
   */
  public record Hit(long step, double value, String message) {}

  /** A watch that knows nothing yet. */
  public AlertWatch(AlertRule rule) {
    condition = rule.condition();
  }

  /** A watch that goes on; a memory that cannot be read counts as none. */
  public AlertWatch(AlertRule rule, String memory) {
    this(rule);
    String[] parts = memory.split(",", -1);
    if (parts.length != 8) {
      return;
    }
    long[] numbers = new long[parts.length];
    double was;
    try {
      for (int i : new int[] {0, 1, 4, 5, 6}) {
        numbers[i] = Long.parseLong(parts[i]);
      }
      was = Double.parseDouble(parts[3]);
    } catch (NumberFormatException e) {
      return;
    }
    since = numbers[0];
    points = numbers[1];
    told = parts[2].equals("1");
    best = was;
    bestStep = numbers[4];
    step = numbers[5];
    movedAt = numbers[6];
    running = parts[7].equals("1");
  }

  /** All that it remembers. */
  public String memory() {
    return String.join(
        ",",
        Long.toString(since),
        Long.toString(points),
        told ? "1" : "0",
        Double.toString(best),
        Long.toString(bestStep),
        Long.toString(step),
        Long.toString(movedAt),
        running ? "1" : "0");
  }

  /** Takes an event; a hit where the condition comes true by it. */
  public Optional<Hit> take(JournalEntry entry) {
    return switch (entry.event()) {
      case JournalEvent.Metrics metrics -> {
        moved(metrics.step(), entry.time());
        yield measured(metrics.step(), metrics.values());
      }
      case JournalEvent.Progress progress -> {
        moved(progress.step(), entry.time());
        yield Optional.empty();
      }
      case JournalEvent.State state -> {
        running = state.state() == RunState.RUNNING;
        movedAt = entry.time().toEpochMilli();
        if (condition instanceof Condition.Still) {
          told = false;
        }
        yield Optional.empty();
      }
      case JournalEvent.Resumed resumed -> {
        since = -1;
        points = 0;
        told = false;
        step = resumed.fromStep();
        if (bestStep > resumed.fromStep()) {
          best = Double.NaN; // it was taken back
          bestStep = -1;
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private void moved(long now, Instant time) {
    if (now > step) {
      step = now;
      movedAt = time.toEpochMilli();
      if (condition instanceof Condition.Still) {
        told = false;
      }
    }
  }

  /** Looks at the clock; a hit where the run has been at one step for too long by it. */
  public Optional<Hit> look(Instant now) {
    if (!(condition instanceof Condition.Still(Duration length)) || !running || told) {
      return Optional.empty();
    }
    long still = now.toEpochMilli() - movedAt;
    if (still < length.toMillis()) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(
        new Hit(
            Math.max(0, step),
            Double.NaN,
            String.format(Locale.ROOT, "no step for %d s", still / 1000)));
  }

  private Optional<Hit> measured(long at, Map<String, Double> values) {
    String metric =
        switch (condition) {
          case Condition.Beyond beyond -> beyond.metric();
          case Condition.NotFinite finite -> finite.metric();
          case Condition.FromBest from -> from.metric();
          case Condition.Still _ -> "";
        };
    Double found = values.get(metric);
    if (found == null) {
      return Optional.empty();
    }
    double value = found;
    boolean holds;
    String message;
    switch (condition) {
      case Condition.Beyond beyond -> {
        if (!beyond.holds(value)) {
          since = -1;
          points = 0;
        } else if (since < 0) {
          since = at;
          points = 1;
        } else {
          points++;
        }
        long length = beyond.points() ? points : at - since + 1;
        holds = since >= 0 && length >= beyond.length();
        message =
            "%s is %s, %s %s".formatted(metric, plain(value), beyond.sign(), plain(beyond.bound()))
                + (beyond.length() > 1 ? " since step " + since : "");
        if (since < 0) {
          told = false;
        }
      }
      case Condition.NotFinite _ -> {
        holds = !Double.isFinite(value);
        message = "%s is %s".formatted(metric, value);
        told &= holds;
      }
      case Condition.FromBest from -> {
        double away = from.drop() ? best - value : value - best;
        double much = from.relative() ? from.amount() * Math.abs(best) : from.amount();
        holds = away >= much && (!from.relative() || much > 0);
        message =
            "%s is %s, its best was %s at step %d"
                .formatted(metric, plain(value), plain(best), bestStep);
        told &= holds;
        boolean better = from.drop() ? value > best : value < best;
        if (Double.isFinite(value) && (Double.isNaN(best) || better)) {
          best = value;
          bestStep = at;
        }
      }
      default -> {
        return Optional.empty();
      }
    }
    if (!holds || told) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(new Hit(at, value, message));
  }

  private static String plain(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }
}
