package dev.plumbline.workspace;

import java.util.List;

/**
 * The alerts at one moment.
 *
 * @param rules in the order in which they were made
 * @param hits the newest first, not all where there are many
 */
public record AlertSheet(List<StoredRule> rules, List<AlertRow> hits) {
  /** Neither rules nor hits. */
  public static final AlertSheet EMPTY = new AlertSheet(List.of(), List.of());

  public AlertSheet {
    rules = List.copyOf(rules);
    hits = List.copyOf(hits);
  }

  /** How many nobody has seen. */
  public int unseen() {
    return (int) hits.stream().filter(hit -> !hit.acknowledged()).count();
  }
}
