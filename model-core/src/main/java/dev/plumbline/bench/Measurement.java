package dev.plumbline.bench;

import org.jspecify.annotations.Nullable;

/**
 * One number of a report.
 *
 * @param part which part of the benchmark: {@code training}, {@code sampling}, ...
 * @param subject what was measured: a decoder's size, a batch
 * @param name what the number is
 * @param unit its unit; {@code 1} is a ratio
 * @param value median over the rounds
 * @param low lower quartile, or the lower end of the interval that the note names
 * @param high upper quartile, or the upper end of that interval
 * @param n rounds
 * @param goal what it is held to, or null
 * @param met whether the value meets the goal; null where there is none
 * @param note how it was measured, where the name does not say it
 */
public record Measurement(
    String part,
    String subject,
    String name,
    String unit,
    double value,
    double low,
    double high,
    int n,
    @Nullable Goal goal,
    @Nullable Boolean met,
    String note) {

  static Measurement of(
      String part, String subject, String name, String unit, Spread spread, String note) {
    return new Measurement(
        part,
        subject,
        name,
        unit,
        spread.median(),
        spread.low(),
        spread.high(),
        spread.n(),
        null,
        null,
        note);
  }

  /** The same number, held to a goal. */
  Measurement against(Goal bound) {
    return new Measurement(
        part, subject, name, unit, value, low, high, n, bound, bound.isMetBy(value), note);
  }
}
