package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * Rows that belong together, such as the comparisons that share a prompt. A bootstrap draws whole
 * groups, because rows within one depend on each other.
 */
public final class Groups {
  private final int rows;
  private final int[] offsets;
  private final int[] order;

  private Groups(int rows, int[] offsets, int[] order) {
    this.rows = rows;
    this.offsets = offsets;
    this.order = order;
  }

  /** Every row for itself. */
  public static Groups single(int rows) {
    int[] all = new int[rows + 1];
    Arrays.setAll(all, i -> i);
    return new Groups(rows, all, Arrays.copyOf(all, rows));
  }

  /**
   * Rows by the number of their group.
   *
   * @param group the group of each row, any numbers
   */
  public static Groups of(int... group) {
    int[] names = Arrays.stream(group).distinct().sorted().toArray();
    int[] offsets = new int[names.length + 1];
    int[] place = new int[group.length];
    for (int row = 0; row < group.length; row++) {
      place[row] = Arrays.binarySearch(names, group[row]);
      offsets[place[row] + 1]++;
    }
    for (int i = 0; i < names.length; i++) {
      offsets[i + 1] += offsets[i];
    }
    int[] next = offsets.clone();
    int[] order = new int[group.length];
    for (int row = 0; row < group.length; row++) {
      order[next[place[row]]++] = row;
    }
    return new Groups(group.length, offsets, order);
  }

  /** The groups of some of the rows, in the order given; groups without any are gone. */
  public Groups only(int... kept) {
    int[] groupOfRow = new int[rows];
    for (int group = 0; group < count(); group++) {
      for (int i = offsets[group]; i < offsets[group + 1]; i++) {
        groupOfRow[order[i]] = group;
      }
    }
    int[] ids = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      ids[i] = groupOfRow[kept[i]];
    }
    return of(ids);
  }

  /** How many groups there are. */
  public int count() {
    return offsets.length - 1;
  }

  /** How many rows there are. */
  public int rows() {
    return rows;
  }

  /** The sum of the values of each group's rows. */
  public double[] sums(double[] values) {
    requireRows(values.length);
    double[] sums = new double[count()];
    for (int group = 0; group < sums.length; group++) {
      for (int i = offsets[group]; i < offsets[group + 1]; i++) {
        sums[group] += values[order[i]];
      }
    }
    return sums;
  }

  /** Where a group begins in {@link #order}. */
  int from(int group) {
    return offsets[group];
  }

  /** The row at a place, rows of a group side by side. */
  int order(int place) {
    return order[place];
  }

  void requireRows(int n) {
    if (rows != n) {
      throw new IllegalArgumentException(rows + " rows in groups and " + n + " values");
    }
  }
}
