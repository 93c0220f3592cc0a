package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labels that raters gave to items; a rater need not have seen every item. Labels are numbers: for
 * the nominal level any code, for the others the value itself.
 */
public final class ReliabilityData {
  private final List<String> items;
  private final List<String> raters;
  private final double[] labels;
  private final int[][] ratersOf;
  private final int[][] labelsOf;

  private ReliabilityData(
      List<String> items,
      List<String> raters,
      double[] labels,
      int[][] ratersOf,
      int[][] labelsOf) {
    this.items = List.copyOf(items);
    this.raters = List.copyOf(raters);
    this.labels = labels;
    this.ratersOf = ratersOf;
    this.labelsOf = labelsOf;
  }

  /** Items in the order in which they came. */
  public List<String> items() {
    return items;
  }

  /** Raters in the order in which they came. */
  public List<String> raters() {
    return raters;
  }

  /** The labels that occur, ascending. */
  public double[] labels() {
    return labels.clone();
  }

  /** All labels given. */
  public long ratings() {
    return Arrays.stream(labelsOf).mapToLong(each -> each.length).sum();
  }

  /** Numbers of the raters of an item. */
  int[] ratersOf(int item) {
    return ratersOf[item];
  }

  /** Their labels, as numbers of {@link #labels}. */
  int[] labelsOf(int item) {
    return labelsOf[item];
  }

  /** Takes labels in. Not safe for several threads. */
  public static final class Builder {
    private final Map<String, SortedMap<Integer, Double>> byItem = new LinkedHashMap<>();
    private final Map<String, Integer> raters = new LinkedHashMap<>();

    /**
     * Takes in a label.
     *
     * @throws IllegalArgumentException where the rater has labelled this item already, or the label
     *     is no finite number
     */
    public Builder add(String item, String rater, double label) {
      if (!Double.isFinite(label)) {
        throw new IllegalArgumentException("the label " + label + " is no finite number");
      }
      int number = raters.computeIfAbsent(rater, _ -> raters.size());
      // Minus zero is zero.
      Double before = byItem.computeIfAbsent(item, _ -> new TreeMap<>()).put(number, label + 0.0);
      if (before != null) {
        throw new IllegalArgumentException(
            "rater %s has labelled item %s twice".formatted(rater, item));
      }
      return this;
    }

    /** What was taken in so far. */
    public ReliabilityData build() {
      double[] labels =
          byItem.values().stream()
              .flatMap(each -> each.values().stream())
              .mapToDouble(Double::doubleValue)
              .distinct()
              .sorted()
              .toArray();
      Map<Double, Integer> places = new HashMap<>();
      for (double label : labels) {
        places.put(label, places.size());
      }
      List<int[]> ratersOf = new ArrayList<>();
      List<int[]> labelsOf = new ArrayList<>();
      byItem.forEach(
          (_, given) -> {
            ratersOf.add(given.keySet().stream().mapToInt(Integer::intValue).toArray());
            labelsOf.add(
                given.values().stream().mapToInt(label -> places.getOrDefault(label, 0)).toArray());
          });
      return new ReliabilityData(
          List.copyOf(byItem.keySet()),
          List.copyOf(raters.keySet()),
          labels,
          ratersOf.toArray(int[][]::new),
          labelsOf.toArray(int[][]::new));
    }
  }
}
