package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How many comparisons have each value of an attribute (paper section 11, item 6): tranche, source
 * model, snapshot, annotator and whatever else a file says. A key whose values are those of single
 * responses, such as {@code model} under {@code model_chosen} and {@code model_rejected}, counts
 * both.
 *
 * @param key the attribute
 * @param ofResponses whether it is one of responses, so that a comparison counts for two values
 *     where they differ
 * @param comparisons all comparisons
 * @param without those that do not have it
 * @param values the most frequent first
 */
public record ComparisonCounts(
    String key, boolean ofResponses, long comparisons, long without, List<Value> values) {
  private static final String CHOSEN = "_chosen";
  private static final String REJECTED = "_rejected";

  /** Copies the values. */
  public ComparisonCounts {
    values = List.copyOf(values);
  }

  /**
   * A value of the attribute.
   *
   * @param name the value
   * @param comparisons comparisons that have it, on either side
   * @param chosen chosen responses that have it; of an attribute of whole comparisons 0
   * @param rejected rejected responses, likewise
   */
  public record Value(String name, long comparisons, long chosen, long rejected) {}

  /**
   * How many comparisons the paper gathered in a tranche (section 2.3), as printed, in thousands.
   *
   * @param helpful helpfulness comparisons
   * @param redTeam red-team comparisons
   */
  public record Paper(long helpful, long redTeam) {
    /** The paper's numbers for a tranche of this name; empty where it has no such tranche. */
    public static Optional<Paper> ofTranche(String name) {
      return switch (name.strip().toLowerCase(Locale.ROOT).replaceAll("[ _]", "-")) {
        case "base" -> Optional.of(new Paper(44_000, 42_000));
        case "rs", "rejection-sampled", "rejection-sampling" ->
            Optional.of(new Paper(52_000, 2_000));
        case "online" -> Optional.of(new Paper(22_000, 0));
        default -> Optional.empty();
      };
    }
  }

  private static final class Tally {
    long comparisons;
    long chosen;
    long rejected;
  }

  /**
   * Counts.
   *
   * @throws UserError where no comparison has the attribute
   */
  public static ComparisonCounts of(List<Comparison> comparisons, String key) {
    boolean whole = comparisons.stream().anyMatch(each -> each.attributes().containsKey(key));
    Map<String, Tally> tallies = new LinkedHashMap<>();
    long without = 0;
    for (Comparison comparison : comparisons) {
      Map<String, String> attributes = comparison.attributes();
      String own = attributes.get(key);
      String chosen = whole ? null : attributes.get(key + CHOSEN);
      String rejected = whole ? null : attributes.get(key + REJECTED);
      if (own == null && chosen == null && rejected == null) {
        without++;
        continue;
      }
      if (own != null) {
        tally(tallies, own).comparisons++;
      }
      if (chosen != null) {
        Tally tally = tally(tallies, chosen);
        tally.comparisons++;
        tally.chosen++;
      }
      if (rejected != null) {
        Tally tally = tally(tallies, rejected);
        tally.comparisons += rejected.equals(chosen) ? 0 : 1;
        tally.rejected++;
      }
    }
    if (tallies.isEmpty()) {
      throw new UserError(
          "no comparison has the attribute '%s'; they have %s"
              .formatted(key, comparisons.isEmpty() ? "none" : names(comparisons)));
    }
    List<Value> values = new ArrayList<>();
    tallies.forEach(
        (name, tally) ->
            values.add(new Value(name, tally.comparisons, tally.chosen, tally.rejected)));
    values.sort(Comparator.comparingLong(Value::comparisons).reversed().thenComparing(Value::name));
    return new ComparisonCounts(key, !whole, comparisons.size(), without, values);
  }

  private static Tally tally(Map<String, Tally> tallies, String name) {
    return tallies.computeIfAbsent(name, _ -> new Tally());
  }

  private static String names(List<Comparison> comparisons) {
    TreeSet<String> names = new TreeSet<>();
    for (Comparison comparison : comparisons) {
      for (String key : comparison.attributes().keySet()) {
        names.add(key);
        for (String side : List.of(CHOSEN, REJECTED)) {
          if (key.endsWith(side) && key.length() > side.length()) {
            names.add(key.substring(0, key.length() - side.length()));
          }
        }
      }
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
