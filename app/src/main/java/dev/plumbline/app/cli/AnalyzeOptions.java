package dev.plumbline.app.cli;

import dev.plumbline.analysis.Interval;
import dev.plumbline.data.UserError;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the commands of {@code plumbline analyze} check and print alike. */
final class AnalyzeOptions {
  private AnalyzeOptions() {}

  /** Refuses a coverage that is none. */
  static void coverage(String option, double value) {
    if (!(value > 0 && value < 1)) {
      throw new UserError(option + " " + value + " is no coverage; give one between 0 and 1");
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

  /** Null for what is not there. */
  static @Nullable Double known(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  /** The lower end of an interval; null where there is none. */
  static @Nullable Double low(Optional<Interval> interval) {
    return interval.map(Interval::low).orElse(null);
  }

  /** The upper end of an interval; null where there is none. */
  static @Nullable Double high(Optional<Interval> interval) {
    return interval.map(Interval::high).orElse(null);
  }

  /** A name of a kind for scripts. */
  static String word(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT);
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
