package dev.plumbline.evaluation;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.GroupBootstrap;
import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.TextScores.Row;
import dev.plumbline.lm.Randomness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What scores of texts come to: by group, against a label, and within pairs. */
final class TextScoreTables {
  private static final double LEVEL = 0.95;
  private static final int DRAWS = 1000;
  private static final String ALL = "all";

  private final List<Row> rows;
  private final double zero;
  private final Randomness randomness;

  /**
   * Takes the rows.
   *
   * @param zero what centred scores are less; NaN where that is not known
   */
  TextScoreTables(List<Row> rows, double zero, Randomness randomness) {
    this.rows = rows;
    this.zero = zero;
    this.randomness = randomness;
  }

  /** All rows under one name, then the rows of each group that has one. */
  private Map<String, List<Row>> groups() {
    Map<String, List<Row>> named = new TreeMap<>();
    for (Row row : rows) {
      if (!row.group().isEmpty()) {
        named.computeIfAbsent(row.group(), _ -> new ArrayList<>()).add(row);
      }
    }
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    groups.put(named.containsKey(ALL) ? "(all)" : ALL, rows);
    groups.putAll(named);
    return groups;
  }

  private static double[] scores(List<Row> some) {
    return some.stream().mapToDouble(Row::score).toArray();
  }

  /** Mean, spread and deciles of each group. */
  ResultTable byGroup() {
    ResultTable.Builder table =
        ResultTable.named("text-scores-by-group")
            .text("group", "value of group_by; all texts in the first row")
            .number("n", "", "texts")
            .number("conversations", "", "conversations that they are of")
            .number("mean", "nat", "mean score")
            .number("low", "nat", "lower end of its 95 % bootstrap interval over conversations")
            .number("high", "nat", "upper end of its 95 % bootstrap interval over conversations")
            .number(
                "centred_mean", "nat", "mean less the model's mean on its held-out set, if known")
            .number("sd", "nat", "standard deviation of the scores");
    for (int decile = 1; decile <= 9; decile++) {
      table.number("d" + decile, "nat", decile + "0 % of the scores lie below it");
    }
    groups()
        .forEach(
            (name, some) -> {
              double[] scores = scores(some);
              int[] conversations = some.stream().mapToInt(Row::conversation).toArray();
              Groups clusters = Groups.of(conversations);
              Interval interval = mean(scores, clusters, "group");
              Moments moments = Moments.of(scores);
              List<Object> row =
                  new ArrayList<>(
                      List.of(
                          name,
                          scores.length,
                          clusters.count(),
                          moments.mean(),
                          interval.low(),
                          interval.high(),
                          moments.mean() - zero,
                          moments.standardDeviation()));
              for (int decile = 1; decile <= 9; decile++) {
                row.add(Quantiles.of(scores, decile / 10.0));
              }
              table.row(row);
            });
    return table.build();
  }

  /** The bootstrap interval of a mean; none for a single cluster, which has no spread. */
  private Interval mean(double[] values, Groups clusters, String purpose) {
    return clusters.count() < 2
        ? Interval.none(LEVEL)
        : GroupBootstrap.percentile(values, clusters, DRAWS, LEVEL, randomness.key(purpose))
            .interval();
  }

  /**
   * How well scores tell a label's values apart, over all texts and in each group.
   *
   * @param key the label's, for messages
   * @param positive the value that is expected to score higher, or null
   * @throws UserError where the label has not two values
   */
  ResultTable auroc(String key, @Nullable String positive) {
    Set<String> values = new TreeSet<>();
    rows.forEach(row -> values.add(row.label()));
    values.remove("");
    if (positive != null && !values.contains(positive)) {
      throw new UserError(
          "no text has %s '%s'; its values are %s".formatted(key, positive, some(values)));
    }
    if (values.size() < 2 || (positive == null && values.size() > 2)) {
      throw new UserError(
          "the label '%s' has %d values (%s) where two are told apart; %s"
              .formatted(
                  key,
                  values.size(),
                  some(values),
                  values.size() < 2
                      ? "name another key"
                      : "name one under positive, and it stands against all others"));
    }
    String high = positive == null ? List.copyOf(values).getLast() : positive;
    ResultTable.Builder table =
        ResultTable.named("label-auroc")
            .text("group", "value of group_by; all texts in the first row")
            .text("positive", "value of the label that is expected to score higher")
            .number("n_positive", "", "texts that have it")
            .number("n_negative", "", "texts that have another")
            .number(
                "auroc",
                "fraction",
                "chance that a positive text scores above another; 0.5 knows" + " nothing")
            .number("low", "fraction", "lower end of its 95 % interval")
            .number("high", "fraction", "upper end of its 95 % interval")
            .text("interval", "delong: DeLong's on the logit scale; else why it is another one")
            .number(
                "length_auroc",
                "fraction",
                "the same of the responses' length in words, a baseline")
            .number("length_low", "fraction", "lower end of its 95 % interval")
            .number("length_high", "fraction", "upper end of its 95 % interval")
            .number("mean_positive", "nat", "mean score of the positive texts")
            .number("mean_negative", "nat", "mean score of the others");
    groups()
        .forEach(
            (name, members) -> {
              List<Row> in =
                  members.stream()
                      .filter(row -> !row.label().isEmpty() && !row.label().equals(high))
                      .toList();
              List<Row> out = members.stream().filter(row -> row.label().equals(high)).toList();
              Auroc area = Auroc.of(scores(in), scores(out), LEVEL);
              Auroc length = Auroc.of(words(in), words(out), LEVEL);
              table.row(
                  name,
                  high,
                  out.size(),
                  in.size(),
                  area.value(),
                  area.interval().low(),
                  area.interval().high(),
                  area.kind().name().toLowerCase(Locale.ROOT),
                  length.value(),
                  length.interval().low(),
                  length.interval().high(),
                  Moments.of(scores(out)).mean(),
                  Moments.of(scores(in)).mean());
            });
    return table.build();
  }

  private static String some(Set<String> values) {
    String first = String.join(", ", values.stream().limit(8).toList());
    return values.size() > 8 ? first + ", ..." : first;
  }

  private static double[] words(List<Row> some) {
    return some.stream().mapToDouble(row -> (double) row.words()).toArray();
  }

  /**
   * Two terms whose texts are compared.
   *
   * @param first the term whose score the other's is taken from
   * @param second the other; the same as the first within a term
   */
  private record Terms(String first, String second) {}

  /** Gaps between two terms. */
  private static final class Gaps {
    final List<Double> values = new ArrayList<>();
    final List<Integer> pairs = new ArrayList<>();
  }

  /**
   * Score gaps within pairs: between each two terms, and between texts with the same term, which
   * say how much scores differ anyway (paper figure 12 right).
   *
   * @param wanted the terms that are compared, in order; all where empty
   * @return the gaps, then what they come to
   * @throws UserError where no pair has two texts
   */
  List<ResultTable> pairs(List<String> wanted) {
    Map<String, List<Row>> pairs = new LinkedHashMap<>();
    Set<String> found = new TreeSet<>();
    for (Row row : rows) {
      if (!row.pair().isEmpty() && (wanted.isEmpty() || wanted.contains(row.term()))) {
        pairs.computeIfAbsent(row.pair(), _ -> new ArrayList<>()).add(row);
        found.add(row.term());
      }
    }
    List<String> order = wanted.isEmpty() ? List.copyOf(found) : wanted;
    if (order.size() > 50) {
      throw new UserError(
          "the texts of pairs have %d terms; name the ones to be compared under terms"
              .formatted(order.size()));
    }
    ResultTable.Builder table =
        ResultTable.named("pair-gaps")
            .text("pair", "what the two texts have in common")
            .text("first", "the first text's term")
            .text("second", "the second's; the same term says how much scores differ anyway")
            .number("first_score", "nat", "score of the first text")
            .number("second_score", "nat", "score of the second")
            .number("gap", "nat", "first score less second");
    Map<Terms, Gaps> gaps = new LinkedHashMap<>();
    int number = 0;
    for (Map.Entry<String, List<Row>> pair : pairs.entrySet()) {
      List<Row> members = pair.getValue();
      for (int i = 0; i < order.size(); i++) {
        for (int j = i; j < order.size(); j++) {
          Terms terms = new Terms(order.get(i), order.get(j));
          for (int a = 0; a < members.size(); a++) {
            for (int b = i == j ? a + 1 : 0; b < members.size(); b++) {
              Row first = members.get(a);
              Row second = members.get(b);
              if (first.term().equals(terms.first()) && second.term().equals(terms.second())) {
                double gap = first.score() - second.score();
                table.row(
                    pair.getKey(),
                    terms.first(),
                    terms.second(),
                    first.score(),
                    second.score(),
                    gap);
                Gaps all = gaps.computeIfAbsent(terms, _ -> new Gaps());
                all.values.add(gap);
                all.pairs.add(number);
              }
            }
          }
        }
      }
      number++;
    }
    if (gaps.isEmpty()) {
      throw new UserError(
          "no two texts have the same value under pair, with the terms that are compared; the"
              + " terms are "
              + some(found));
    }
    return List.of(table.build(), summary(gaps));
  }

  private ResultTable summary(Map<Terms, Gaps> gaps) {
    ResultTable.Builder table =
        ResultTable.named("pair-gap-summary")
            .text("first", "the first text's term")
            .text("second", "the second's; the same term says how much scores differ anyway")
            .number("n", "", "gaps: first score less second")
            .number("pairs", "", "pairs that they are of")
            .number("mean", "nat", "mean gap; within a term its sign means nothing")
            .number("low", "nat", "lower end of its 95 % bootstrap interval over pairs")
            .number("high", "nat", "upper end of its 95 % bootstrap interval over pairs")
            .number("sd", "nat", "standard deviation of the gaps")
            .number("above_zero", "fraction", "gaps above 0, those of 0 counted half")
            .number("above_zero_low", "fraction", "lower end of its 95 % interval")
            .number("above_zero_high", "fraction", "upper end of its 95 % interval")
            .text("share_interval", "wilson; bootstrap over pairs where they have several gaps");
    gaps.forEach(
        (terms, all) -> {
          double[] values = all.values.stream().mapToDouble(Double::doubleValue).toArray();
          Groups pairs = Groups.of(all.pairs.stream().mapToInt(Integer::intValue).toArray());
          double[] above = new double[values.length];
          long ties = 0;
          double hits = 0;
          for (int i = 0; i < values.length; i++) {
            above[i] = values[i] > 0 ? 1 : values[i] == 0 ? 0.5 : 0;
            ties += values[i] == 0 ? 1 : 0;
            hits += above[i];
          }
          boolean wilson = new HashSet<>(all.pairs).size() == values.length && ties == 0;
          Interval share =
              wilson
                  ? Proportion.wilson(Math.round(hits), values.length, LEVEL).interval()
                  : mean(above, pairs, "share");
          Interval interval = mean(values, pairs, "gap");
          Moments moments = Moments.of(values);
          table.row(
              terms.first(),
              terms.second(),
              values.length,
              pairs.count(),
              moments.mean(),
              interval.low(),
              interval.high(),
              moments.standardDeviation(),
              hits / values.length,
              share.low(),
              share.high(),
              wilson ? "wilson" : "bootstrap");
        });
    return table.build();
  }
}
