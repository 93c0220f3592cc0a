package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A quantity that each seed of a study estimates for itself, with Student's t interval over the
 * seeds and the card that rests on it. What one seed finds at several places is averaged first: its
 * runs share models and data, so only seeds are independent. Not safe for several threads.
 */
final class OverSeeds {
  /** Coverage of every interval of a study. */
  static final double LEVEL = 0.95;

  private final Map<String, Moments> seeds = new LinkedHashMap<>();

  /** Takes in what a seed found at one place; NaN is passed over. */
  void add(String seed, double value) {
    seeds.computeIfAbsent(seed, _ -> new Moments()).add(value);
  }

  /** What a seed found; NaN where it found nothing. */
  double of(String seed) {
    Moments found = seeds.get(seed);
    return found == null ? Double.NaN : found.mean();
  }

  /** The seeds that were asked, in the order in which they came. */
  List<String> seeds() {
    return List.copyOf(seeds.keySet());
  }

  /** This less another quantity, seed by seed. */
  OverSeeds less(OverSeeds other) {
    OverSeeds difference = new OverSeeds();
    seeds.forEach((seed, value) -> difference.add(seed, value.mean() - other.of(seed)));
    return difference;
  }

  /** The seeds' estimates, one each. */
  Moments moments() {
    Moments over = new Moments();
    seeds.values().forEach(seed -> over.add(seed.mean()));
    return over;
  }

  double mean() {
    return moments().mean();
  }

  /** Student's t interval over the seeds. */
  Interval interval() {
    return moments().tInterval(LEVEL);
  }

  /** Mean, unit and interval in one line. */
  String said(String unit) {
    return said(unit, interval());
  }

  /** The same for a share, whose interval lies within 0 and 1. */
  String saidAsShare() {
    return said("", moments().tIntervalOfShare(LEVEL));
  }

  private String said(String unit, Interval interval) {
    return String.format(
        Locale.ROOT,
        "%.3f%s (95 %% t interval over %d seeds %.3f to %.3f)",
        mean(),
        unit.isEmpty() ? "" : " " + unit,
        moments().n(),
        interval.low(),
        interval.high());
  }

  // ------------------------------------------------------------------------------------- cards

  /**
   * The card of an effect that the paper has as positive.
   *
   * @param what what the number is, with its unit, behind the number
   * @param smallest the smallest effect that would matter
   */
  PaperCard effect(String id, String figure, String claim, String what, double smallest) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEffect(interval(), smallest), measured(what, smallest));
  }

  /** The same in words of its own; what matters is added. */
  PaperCard effectTold(String id, String figure, String claim, double smallest, String measured) {
    return new PaperCard(
        id,
        figure,
        claim,
        PaperCard.ofEffect(interval(), smallest),
        measured + "; what matters: " + shown(smallest, smallest));
  }

  /**
   * The card of two things that the paper has as equal.
   *
   * @param what what the number is, with its unit, behind the number
   * @param largest the largest difference that would not matter
   */
  PaperCard equality(String id, String figure, String claim, String what, double largest) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofEquality(interval(), largest), measured(what, largest));
  }

  /** The same in words of its own, which say the largest difference. */
  PaperCard equalityTold(String id, String figure, String claim, double largest, String measured) {
    return new PaperCard(id, figure, claim, PaperCard.ofEquality(interval(), largest), measured);
  }

  /**
   * The card of something that by the paper costs nothing.
   *
   * @param what the cost with its unit, above 0 where something is lost
   * @param largest the largest cost that would not matter
   */
  PaperCard noCost(String id, String figure, String claim, String what, double largest) {
    return new PaperCard(
        id, figure, claim, PaperCard.ofNoCost(interval(), largest), measured(what, largest));
  }

  private String measured(String what, double matters) {
    if (moments().n() == 0) {
      return "not measured: no seed here has the runs that the number needs (" + what + ")";
    }
    Interval interval = interval();
    return "%s %s, 95 %% t interval over %d seeds %s to %s (what matters: %s)"
        .formatted(
            shown(mean(), matters),
            what,
            moments().n(),
            shown(interval.low(), matters),
            shown(interval.high(), matters),
            shown(matters, matters));
  }

  /** Four decimals; one for what is counted in whole numbers, such as Elo points. */
  private static String shown(double value, double matters) {
    return String.format(Locale.ROOT, matters >= 1 ? "%.1f" : "%.4f", value);
  }

  // ------------------------------------------------------------------------------------ tables

  /** Adds the columns of a quantity over seeds: its mean, its interval's ends and the seeds. */
  static ResultTable.Builder columns(
      ResultTable.Builder table, String name, String unit, String definition) {
    return table
        .number(name, unit, definition)
        .number("low", unit, "lower end of its 95 % t interval over seeds")
        .number("high", unit, "upper end of its 95 % t interval over seeds")
        .number("seeds", "run", "how many");
  }

  /** The same for {@link #shareRow}. */
  static ResultTable.Builder shareColumns(
      ResultTable.Builder table, String name, String unit, String definition) {
    return table
        .number(name, unit, definition)
        .number("low", unit, "lower end of its 95 % t interval over seeds, on the logit scale")
        .number("high", unit, "upper end of its 95 % t interval over seeds, on the logit scale")
        .number("seeds", "run", "how many");
  }

  /** Adds a row that ends with the cells of {@link #columns}. */
  static void row(ResultTable.Builder table, Moments moments, Object... cells) {
    row(table, moments, moments.tInterval(LEVEL), cells);
  }

  /** The same for shares, accuracies and areas, whose interval lies within 0 and 1. */
  static void shareRow(ResultTable.Builder table, Moments moments, Object... cells) {
    row(table, moments, moments.tIntervalOfShare(LEVEL), cells);
  }

  private static void row(
      ResultTable.Builder table, Moments moments, Interval interval, Object... cells) {
    List<Object> row = new ArrayList<>(Arrays.asList(cells));
    row.addAll(List.of(moments.mean(), interval.low(), interval.high(), moments.n()));
    table.row(row);
  }
}
