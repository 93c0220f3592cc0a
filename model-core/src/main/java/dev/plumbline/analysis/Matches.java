package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of matches between models: how often each beat each other one, and their ties. Matches
 * within one conversation may be told to belong together, so that they are resampled together.
 *
 * <p>Models stand in the order of their names, so that nothing depends on the order of a file.
 */
public final class Matches {
  private final List<String> models;
  private final long[][] wins;
  private final long[][] ties;
  private final long selfMatches;
  private final boolean grouped;
  private final List<Group> groups;

  private Matches(
      List<String> models,
      long[][] wins,
      long[][] ties,
      long selfMatches,
      boolean grouped,
      List<Group> groups) {
    this.models = List.copyOf(models);
    this.wins = wins;
    this.ties = ties;
    this.selfMatches = selfMatches;
    this.grouped = grouped;
    this.groups = List.copyOf(groups);
  }

  /** How a match went. */
  public enum Outcome {
    /** The first model won. */
    FIRST,
    /** The second model won. */
    SECOND,
    /** Neither did. */
    TIE
  }

  /**
   * What some groups have in common: the same matches with the same outcomes.
   *
   * @param cells pair and outcome of each match, ascending: {@code winner * k + loser}, and {@code
   *     k * k + lower * k + higher} for a tie
   * @param count how many groups are like this
   */
  @SuppressWarnings("ArrayRecordComponent") // within this package, never compared or changed
  record Group(int[] cells, long count) {}

  /** Names, ascending. */
  public List<String> models() {
    return models;
  }

  /** The number of a model; empty where there is none of this name. */
  public OptionalInt index(String model) {
    int at = java.util.Collections.binarySearch(models, model);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
  }

  /** How often the first of two models beat the second. */
  public long wins(int winner, int loser) {
    return wins[winner][loser];
  }

  /** How often two models tied. */
  public long ties(int a, int b) {
    return ties[a][b];
  }

  /** Matches between two models, ties included. */
  public long between(int a, int b) {
    return wins[a][b] + wins[b][a] + ties[a][b];
  }

  /** Matches of a model, ties included. */
  public long of(int model) {
    long sum = 0;
    for (int other = 0; other < models.size(); other++) {
      sum += between(model, other);
    }
    return sum;
  }

  /** All matches, ties included, those of a model with itself not. */
  public long total() {
    long sum = 0;
    for (int model = 0; model < models.size(); model++) {
      sum += of(model);
    }
    return sum / 2;
  }

  /** All ties. */
  public long ties() {
    long sum = 0;
    for (int a = 0; a < models.size(); a++) {
      for (int b = 0; b < a; b++) {
        sum += ties[a][b];
      }
    }
    return sum;
  }

  /** Matches of a model with itself: they say nothing and were left out. */
  public long selfMatches() {
    return selfMatches;
  }

  /** Whether matches were said to belong together. */
  public boolean grouped() {
    return grouped;
  }

  /** What is resampled: groups, or single matches where there are none. */
  List<Group> groups() {
    return groups;
  }

  /** How many groups (or single matches) there are to resample. */
  public long units() {
    return groups.stream().mapToLong(Group::count).sum();
  }

  /** Takes matches in. Not safe for several threads. */
  public static final class Builder {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Long, long[]> single = new HashMap<>();
    private final Map<String, List<Long>> grouped = new HashMap<>();
    private long self;

    /** Takes in a match that belongs to no group. */
    public Builder add(String first, String second, Outcome outcome) {
      return add(first, second, outcome, 1);
    }

    /** Takes in so many matches with the same outcome, none of them in a group. */
    public Builder add(String first, String second, Outcome outcome, long count) {
      if (count < 0) {
        throw new IllegalArgumentException(count + " matches");
      }
      long cell = cell(first, second, outcome);
      if (cell < 0) {
        self += count;
      } else {
        single.computeIfAbsent(cell, _ -> new long[1])[0] += count;
      }
      return this;
    }

    /**
     * Takes in a match of a group.
     *
     * @param group its conversation (or prompt), or null where it belongs to none
     */
    public Builder add(String first, String second, Outcome outcome, @Nullable String group) {
      if (group == null) {
        return add(first, second, outcome);
      }
      long cell = cell(first, second, outcome);
      if (cell < 0) {
        self++;
      } else {
        grouped.computeIfAbsent(group, _ -> new ArrayList<>()).add(cell);
      }
      return this;
    }

    /** Both numbers and the outcome in one; negative for a match of a model with itself. */
    private long cell(String first, String second, Outcome outcome) {
      long a = number(first);
      long b = number(second);
      if (a == b) {
        return -1;
      }
      return switch (outcome) {
        case FIRST -> (a << 32) | (b << 1);
        case SECOND -> (b << 32) | (a << 1);
        case TIE -> (Math.min(a, b) << 32) | (Math.max(a, b) << 1) | 1;
      };
    }

    private int number(String model) {
      Integer known = numbers.get(model);
      if (known != null) {
        return known;
      }
      int next = names.size();
      numbers.put(model, next);
      names.add(model);
      return next;
    }

    /** The matches taken in so far. */
    public Matches build() {
      int k = names.size();
      List<String> sorted = names.stream().sorted().toList();
      int[] place = new int[k];
      Arrays.setAll(place, i -> java.util.Collections.binarySearch(sorted, names.get(i)));
      long[][] wins = new long[k][k];
      long[][] ties = new long[k][k];
      List<Group> all = new ArrayList<>();
      single.forEach((cell, count) -> all.add(new Group(new int[] {local(cell, place)}, count[0])));
      for (List<Long> cells : grouped.values()) {
        all.add(
            new Group(cells.stream().mapToInt(cell -> local(cell, place)).sorted().toArray(), 1));
      }
      // Ordered by its cells, so that a seed means the same for the same matches in another order.
      all.sort((a, b) -> Arrays.compare(a.cells(), b.cells()));
      List<Group> groups = new ArrayList<>();
      for (Group group : all) {
        Group last = groups.isEmpty() ? null : groups.getLast();
        if (last != null && Arrays.equals(last.cells(), group.cells())) {
          groups.set(groups.size() - 1, new Group(last.cells(), last.count() + group.count()));
        } else {
          groups.add(group);
        }
      }
      for (Group group : groups) {
        for (int cell : group.cells()) {
          count(cell, group.count(), k, wins, ties);
        }
      }
      return new Matches(sorted, wins, ties, self, !grouped.isEmpty(), groups);
    }

    private static int local(long cell, int[] place) {
      int k = place.length;
      int a = place[(int) (cell >>> 32)];
      int b = place[(int) ((cell & 0xffffffffL) >>> 1)];
      return (cell & 1) == 0 ? a * k + b : k * k + Math.min(a, b) * k + Math.max(a, b);
    }

    private static void count(int cell, long count, int k, long[][] wins, long[][] ties) {
      if (cell < k * k) {
        wins[cell / k][cell % k] += count;
      } else {
        int a = (cell - k * k) / k;
        int b = (cell - k * k) % k;
        ties[a][b] += count;
        ties[b][a] += count;
      }
    }
  }
}
