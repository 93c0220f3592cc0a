package dev.plumbline.training;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.Sha256;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a preference model says of held-out comparisons, beside what it has to be compared with:
 * chance, the length rule and a language model's mean log-probability (paper section 11, item 21).
 */
final class HeldOutScores {
  private final List<PreferenceData.Item> items;
  private final double[] chosen;
  private final double[] rejected;
  private final double[] losses;
  private final double @Nullable [] likelyChosen;
  private final double @Nullable [] likelyRejected;

  /**
   * Scores of held-out comparisons; all arrays are in their order.
   *
   * @param chosen scores of the chosen responses, nats
   * @param rejected scores of the rejected responses, nats
   * @param losses of each comparison, nats
   * @param likelyChosen mean ln p of the chosen responses' tokens, or null where there is no
   *     language model to ask
   * @param likelyRejected likewise of the rejected
   */
  HeldOutScores(
      List<PreferenceData.Item> items,
      double[] chosen,
      double[] rejected,
      double[] losses,
      double @Nullable [] likelyChosen,
      double @Nullable [] likelyRejected) {
    this.items = items;
    this.chosen = chosen.clone();
    this.rejected = rejected.clone();
    this.losses = losses.clone();
    this.likelyChosen = likelyChosen;
    this.likelyRejected = likelyRejected;
  }

  /** A group of comparisons measured together. */
  private record Group(
      PreferenceAccuracy accuracy, LengthRule lengths, @Nullable PreferenceAccuracy likelihood) {}

  private Group group(int[] rows) {
    return new Group(
        PreferenceAccuracy.of(pick(chosen, rows), pick(rejected, rows), pick(losses, rows)),
        LengthRule.of(IntStream.of(rows).mapToObj(i -> items.get(i).comparison()).toList()),
        likelyChosen == null || likelyRejected == null
            ? null
            : PreferenceAccuracy.of(pick(likelyChosen, rows), pick(likelyRejected, rows)));
  }

  private static double[] pick(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(i -> values[i]).toArray();
  }

  private int[] rows() {
    return IntStream.range(0, items.size()).toArray();
  }

  /** The rows of each value of a property, in the order of the values. */
  private Map<String, int[]> by(Function<PreferenceData.Item, String> property) {
    Map<String, List<Integer>> rows = new TreeMap<>();
    for (int i = 0; i < items.size(); i++) {
      rows.computeIfAbsent(property.apply(items.get(i)), _ -> new ArrayList<>()).add(i);
    }
    Map<String, int[]> found = new LinkedHashMap<>();
    rows.forEach(
        (value, some) -> found.put(value, some.stream().mapToInt(Integer::intValue).toArray()));
    return found;
  }

  /** Values by name of {@link Metrics}: of all comparisons, and of each part if there are more. */
  Map<String, Double> metrics() {
    Map<String, Double> values = new LinkedHashMap<>();
    Group all = group(rows());
    putAccuracy(values, Metrics.EVAL_ACCURACY, Metrics.EVAL_LOSS, all.accuracy());
    values.put(Metrics.EVAL_N, (double) all.accuracy().n());
    values.put(Metrics.EVAL_LENGTH_ACCURACY, all.lengths().shorter());
    PreferenceAccuracy likelihood = all.likelihood();
    if (likelihood != null) {
      values.put(Metrics.EVAL_LOGPROB_ACCURACY, likelihood.accuracy());
    }
    mean().ifPresent(mean -> values.put(Metrics.EVAL_SCORE_MEAN, mean.mean()));
    Map<String, int[]> parts = by(PreferenceData.Item::part);
    if (parts.size() > 1) {
      parts.forEach((part, rows) -> putPart(values, part, group(rows)));
    }
    return values;
  }

  private static void putPart(Map<String, Double> values, String part, Group group) {
    putAccuracy(
        values,
        Metrics.EVAL_PART_ACCURACY.of(part),
        Metrics.EVAL_PART_LOSS.of(part),
        group.accuracy());
    values.put(Metrics.EVAL_PART_N.of(part), (double) group.accuracy().n());
    values.put(Metrics.EVAL_PART_LENGTH_ACCURACY.of(part), group.lengths().shorter());
    PreferenceAccuracy likelihood = group.likelihood();
    if (likelihood != null) {
      values.put(Metrics.EVAL_PART_LOGPROB_ACCURACY.of(part), likelihood.accuracy());
    }
  }

  private static void putAccuracy(
      Map<String, Double> values, String accuracy, String loss, PreferenceAccuracy found) {
    values.put(loss, found.loss());
    values.put(loss + Metrics.LOW, found.lossLow());
    values.put(loss + Metrics.HIGH, found.lossHigh());
    values.put(accuracy, found.accuracy());
    values.put(accuracy + Metrics.LOW, found.low());
    values.put(accuracy + Metrics.HIGH, found.high());
  }

  /**
   * The mean score of all responses, by which models are brought to a common zero (paper appendix
   * B.2); of comparisons that are ranked, because the binary objective's scores are of labelled
   * responses.
   */
  Optional<HeldOutMean> mean() {
    int[] rows =
        IntStream.range(0, items.size())
            .filter(i -> items.get(i).objective() == PreferenceObjective.RANKED)
            .toArray();
    if (rows.length == 0) {
      return Optional.empty();
    }
    StringBuilder set = new StringBuilder();
    double sum = 0;
    for (int i : rows) {
      Comparison comparison = items.get(i).comparison();
      set.append(ComparisonId.of(comparison)).append('\n');
      sum += chosen[i] + rejected[i];
    }
    String parts =
        String.join("+", IntStream.of(rows).mapToObj(i -> items.get(i).part()).distinct().toList());
    return Optional.of(
        new HeldOutMean(
            parts,
            2L * rows.length,
            sum / (2 * rows.length),
            Sha256.of(set.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16)));
  }

  private static int turns(Comparison comparison) {
    return Dialogue.parse(comparison.prompt()).count(Role.HUMAN);
  }

  private static double number(Comparison comparison, String attribute) {
    try {
      return Double.parseDouble(comparison.attributes().getOrDefault(attribute, "NaN"));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** A row for each comparison. */
  ResultTable comparisons() {
    ResultTable.Builder table =
        ResultTable.named("held-out-comparisons")
            .text("id", "first 16 hexadecimal digits of the SHA-256 of both transcripts")
            .text(
                "conversation",
                "likewise of the conversation's first turn: its comparisons depend on each other")
            .text("part", "part of the held-out data")
            .text("tranche", "tranche of the comparison, empty where none is known")
            .text("domain", "attribute domain of the comparison, empty where it has none")
            .text("objective", "ranked, or binary: then scores are log-odds of GOOD against BAD")
            .number("turn", "", "human turns of the prompt")
            .number("r_chosen", "nat", "score of the chosen response")
            .number("r_rejected", "nat", "score of the rejected response")
            .number("words_chosen", "word", "words of the chosen response")
            .number("words_rejected", "word", "words of the rejected response")
            .number(
                "logp_chosen",
                "nat/token",
                "language model's mean ln p over the chosen response's tokens and its end token")
            .number(
                "logp_rejected",
                "nat/token",
                "language model's mean ln p over the rejected response's tokens and its end token")
            .number("strength", "", "attribute strength: 1 the weakest preference, 4 the strongest")
            .number("gold_chosen", "nat", "gold reward of the chosen response, where one is known")
            .number(
                "gold_rejected", "nat", "gold reward of the rejected response, where one is known");
    for (int i = 0; i < items.size(); i++) {
      PreferenceData.Item item = items.get(i);
      Comparison comparison = item.comparison();
      table.row(
          ComparisonId.of(comparison),
          ComparisonId.conversation(comparison),
          item.part(),
          item.tranche(),
          comparison.attributes().getOrDefault("domain", ""),
          item.objective() == PreferenceObjective.RANKED ? "ranked" : "binary",
          turns(comparison),
          chosen[i],
          rejected[i],
          LengthRule.words(comparison.chosen()),
          LengthRule.words(comparison.rejected()),
          likelyChosen == null ? Double.NaN : likelyChosen[i],
          likelyRejected == null ? Double.NaN : likelyRejected[i],
          number(comparison, "strength"),
          number(comparison, "gold_chosen"),
          number(comparison, "gold_rejected"));
    }
    return table.build();
  }

  /** Accuracy of all comparisons, and by part, turn, tranche and domain where there are several. */
  ResultTable accuracies() {
    ResultTable.Builder table =
        ResultTable.named("held-out-accuracy")
            .text("grouping", "all, part, turn (human turns of the prompt), tranche or domain")
            .text("value", "the part, the number of turns, the tranche or the domain")
            .number("n", "", "comparisons")
            .number("ties", "", "comparisons with equal scores, each half a hit")
            .number("accuracy", "fraction", "share with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of the 95 % Wilson interval of the accuracy")
            .number("high", "fraction", "upper end of the 95 % Wilson interval of the accuracy")
            .number("loss", "nat", "mean loss of a comparison")
            .number("chance", "fraction", "accuracy of a coin")
            .number("shorter", "fraction", "accuracy of picking the response with fewer words")
            .number("longer", "fraction", "accuracy of picking the response with more words")
            .number(
                "logprob",
                "fraction",
                "accuracy of picking the response with the higher mean ln p under the language"
                    + " model");
    row(table, "all", PreferenceSettings.WHOLE, rows());
    Map<String, Function<PreferenceData.Item, String>> groupings = new LinkedHashMap<>();
    groupings.put("part", PreferenceData.Item::part);
    groupings.put("turn", item -> "%d".formatted(turns(item.comparison())));
    groupings.put("tranche", PreferenceData.Item::tranche);
    groupings.put("domain", item -> item.comparison().attributes().getOrDefault("domain", ""));
    groupings.forEach(
        (name, property) -> {
          Map<String, int[]> groups = by(property);
          if (groups.size() > 1) {
            groups.forEach((value, rows) -> row(table, name, value, rows));
          }
        });
    return table.build();
  }

  private void row(ResultTable.Builder table, String grouping, String value, int[] rows) {
    Group group = group(rows);
    PreferenceAccuracy accuracy = group.accuracy();
    PreferenceAccuracy likelihood = group.likelihood();
    table.row(
        grouping,
        value,
        accuracy.n(),
        accuracy.ties(),
        accuracy.accuracy(),
        accuracy.low(),
        accuracy.high(),
        accuracy.loss(),
        0.5,
        group.lengths().shorter(),
        group.lengths().longer(),
        likelihood == null ? Double.NaN : likelihood.accuracy());
  }
}
