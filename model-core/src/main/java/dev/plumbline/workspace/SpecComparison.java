package dev.plumbline.workspace;

import java.util.List;

/**
 * The settings of some runs side by side.
 *
 * @param runs in the order asked for
 * @param rows by key
 */
public record SpecComparison(List<Column> runs, List<Row> rows) {
  public SpecComparison {
    runs = List.copyOf(runs);
    rows = List.copyOf(rows);
  }

  /** A run. */
  public record Column(String id, String name) {}

  /**
   * A key.
   *
   * @param values one for each run, empty where it has none
   * @param differs whether two runs have another value
   */
  public record Row(String key, List<String> values, boolean differs) {
    public Row {
      values = List.copyOf(values);
    }
  }

  /** How many keys are equal in all runs. */
  public long equal() {
    return rows.stream().filter(row -> !row.differs()).count();
  }
}
