package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An effect that each seed estimates for itself. What one seed finds at several places is averaged
 * first: its runs share models and data, so only seeds are independent. Not safe for several
 * threads.
 */
final class SeedEffect {
  /** Coverage of every interval here. */
  static final double LEVEL = 0.95;

  private final Map<String, Moments> seeds = new TreeMap<>();

  /** Takes in what a seed found at one place; NaN is passed over. */
  void add(String seed, double value) {
    seeds.computeIfAbsent(seed, _ -> new Moments()).add(value);
  }

  /** The seeds' estimates, one each. */
  Moments over() {
    Moments over = new Moments();
    seeds.values().forEach(seed -> over.add(seed.mean()));
    return over;
  }

  /** Student's t interval over the seeds. */
  Interval interval() {
    return over().tInterval(LEVEL);
  }

  /**
   * The card of an effect that the paper has as positive.
   *
   * @param what what the number is, with its unit, behind the number
   * @param smallest the smallest effect that would matter
   */
  PaperCard card(String id, String figure, String claim, String what, double smallest) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEffect(interval(), smallest), measured(what, smallest));
  }

  /**
   * The card of two things that the paper has as equal.
   *
   * @param largest the largest difference that would not matter
   */
  PaperCard equality(String id, String figure, String claim, String what, double largest) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEquality(interval(), largest), measured(what, largest));
  }

  private String measured(String what, double matters) {
    Moments over = over();
    Interval interval = interval();
    return String.format(
        Locale.ROOT,
        "%.4f %s, 95 %% t interval over %d seeds %.4f to %.4f (what matters: %.4f)",
        over.mean(),
        what,
        over.n(),
        interval.low(),
        interval.high(),
        matters);
  }
}
