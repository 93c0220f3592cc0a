package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.dialogue.Comparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The rows of a run's table of held-out comparisons, all or those of a part or tranche. Tables of
 * older runs have no column of conversations; their pairs are taken as independent.
 */
final class HeldOutSet {
  /** The table that preference training and {@code preference_evaluation} leave. */
  static final String TABLE = "held-out-comparisons";

  private final ResultTable table;
  private final int[] rows;

  private HeldOutSet(ResultTable table, int[] rows) {
    this.table = table;
    this.rows = rows;
  }

  /** All rows. */
  static HeldOutSet of(ResultTable table) {
    return new HeldOutSet(table, IntStream.range(0, table.size()).toArray());
  }

  /** The rows of a part and a tranche; empty texts for any. */
  HeldOutSet only(String part, String tranche) {
    List<String> parts = table.texts("part");
    List<String> tranches = table.texts("tranche");
    return new HeldOutSet(
        table,
        IntStream.of(rows)
            .filter(row -> part.isEmpty() || parts.get(row).equals(part))
            .filter(row -> tranche.isEmpty() || tranches.get(row).equals(tranche))
            .toArray());
  }

  int size() {
    return rows.length;
  }

  /** The different texts of a column, in order. */
  Set<String> values(String column) {
    List<String> texts = table.texts(column);
    Set<String> found = new TreeSet<>();
    IntStream.of(rows).forEach(row -> found.add(texts.get(row)));
    return found;
  }

  /** The names of the comparisons. */
  Set<String> ids() {
    return new HashSet<>(values("id"));
  }

  /** Whether it is known which comparisons are of one conversation. */
  boolean isGrouped() {
    return table.has("conversation");
  }

  /** The names of the conversations in the order of the rows; those of the pairs where unknown. */
  List<String> groupNames() {
    List<String> names = table.texts(isGrouped() ? "conversation" : "id");
    return IntStream.of(rows).mapToObj(names::get).toList();
  }

  private Groups groups() {
    if (!isGrouped()) {
      return Groups.single(rows.length);
    }
    Map<String, Integer> numbers = new HashMap<>();
    return Groups.of(
        groupNames().stream()
            .mapToInt(name -> numbers.computeIfAbsent(name, _ -> numbers.size()))
            .toArray());
  }

  private double[] numbers(String column) {
    double[] all = table.numbers(column);
    return IntStream.of(rows).mapToDouble(row -> all[row]).toArray();
  }

  /** Whether there is a pair with two different scores. */
  boolean isMeasurable() {
    double[] chosen = numbers("r_chosen");
    double[] rejected = numbers("r_rejected");
    return IntStream.range(0, rows.length).anyMatch(i -> chosen[i] != rejected[i]);
  }

  /** Measures it. */
  PreferenceCalibration calibration(PreferenceCalibration.Options options) {
    return PreferenceCalibration.of(numbers("r_chosen"), numbers("r_rejected"), groups(), options);
  }

  /**
   * The better of the two length rules: accuracy of always taking the response with fewer, or
   * always that with more words; a tie counts one half.
   */
  double lengthRule() {
    double[] chosen = numbers("words_chosen");
    double[] rejected = numbers("words_rejected");
    double shorter = 0;
    for (int i = 0; i < chosen.length; i++) {
      shorter += chosen[i] < rejected[i] ? 1 : chosen[i] == rejected[i] ? 0.5 : 0;
    }
    double share = shorter / chosen.length;
    return Math.max(share, 1 - share);
  }

  /** The pairs behind a measurement of this set, in its order. */
  List<HeldOutPair> pairs(PreferenceCalibration measured, Map<String, Comparison> texts) {
    List<HeldOutPair> pairs = new ArrayList<>(measured.n());
    for (int pair = 0; pair < measured.n(); pair++) {
      int row = rows[measured.row(pair)];
      String id = table.text(row, "id");
      pairs.add(
          new HeldOutPair(
              id,
              measured.p(pair),
              measured.preferredIsFirst(pair),
              table.number(row, "r_chosen"),
              table.number(row, "r_rejected"),
              measured.bin(pair),
              table.text(row, "part"),
              table.text(row, "tranche"),
              (int) table.number(row, "turn"),
              gold(row, "gold_chosen"),
              gold(row, "gold_rejected"),
              Optional.ofNullable(texts.get(id))));
    }
    return List.copyOf(pairs);
  }

  private double gold(int row, String column) {
    return table.has(column) ? table.number(row, column) : Double.NaN;
  }

  /**
   * What {@code plumbline analyze calibration} reads: p, y, and the name of what a row depends on.
   */
  String csv(PreferenceCalibration measured) {
    List<String> names = groupNames();
    List<String> ids = table.texts("id");
    StringBuilder text = new StringBuilder(isGrouped() ? "id,conversation,p,y\n" : "id,p,y\n");
    for (int pair = 0; pair < measured.n(); pair++) {
      int row = measured.row(pair);
      text.append(ids.get(rows[row])).append(',');
      if (isGrouped()) {
        text.append(names.get(row)).append(',');
      }
      text.append(measured.p(pair))
          .append(',')
          .append(measured.preferredIsFirst(pair) ? 1 : 0)
          .append('\n');
    }
    return text.toString();
  }
}
