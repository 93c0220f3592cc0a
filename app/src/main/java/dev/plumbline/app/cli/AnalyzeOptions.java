package dev.plumbline.app.cli;

import dev.plumbline.analysis.Interval;
import dev.plumbline.data.UserError;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the commands of {@code plumbline analyze} check and print alike. */
final class AnalyzeOptions {
  private AnalyzeOptions() {}

  /** Refuses a coverage that is none. */
  static void level(double level) {
    if (!(level > 0 && level < 1)) {
      throw new UserError("--level " + level + " is no coverage; give one between 0 and 1");
    }
  }

  /** Refuses too small a number. */
  static void atLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserError(option + " " + value + " is too small; give at least " + least);
    }
  }

  /** Null for what is NaN or infinite, because JSON has neither. */
  static @Nullable Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** An interval for people. */
  static String ends(Interval interval) {
    return Double.isNaN(interval.low())
        ? "[none]"
        : String.format(Locale.ROOT, "[%.4f, %.4f]", interval.low(), interval.high());
  }

  /** A coverage for people. */
  static String percent(double level) {
    return String.format(Locale.ROOT, "%.4g %%", 100 * level).replaceFirst("\\.0+ ", " ");
  }
}
