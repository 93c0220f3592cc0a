package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import java.util.Locale;

/** One number a seed: its mean, its interval and the card that rests on it. */
final class OverSeeds {
  /** Coverage of all intervals. */
  static final double LEVEL = 0.95;

  private OverSeeds() {}

  static Interval interval(Moments moments) {
    return moments.tInterval(LEVEL);
  }

  /** Mean, unit and interval in one line. */
  static String said(Moments moments, String unit) {
    Interval interval = interval(moments);
    return String.format(
        Locale.ROOT,
        "%.3f%s (95 %% t interval over %d seeds %.3f to %.3f)",
        moments.mean(),
        unit.isEmpty() ? "" : " " + unit,
        moments.n(),
        interval.low(),
        interval.high());
  }

  /** A card of an effect that the paper has as positive. */
  static PaperCard effect(
      String id, String figure, String claim, Moments effect, double smallest, String measured) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEffect(interval(effect), smallest), measured);
  }

  /** A card of two things that the paper has as equal. */
  static PaperCard equality(
      String id, String figure, String claim, Moments difference, double largest, String measured) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEquality(interval(difference), largest), measured);
  }
}
