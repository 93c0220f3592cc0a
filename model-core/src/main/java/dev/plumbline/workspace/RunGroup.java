package dev.plumbline.workspace;

import java.util.List;

/**
 * Runs that have the same value of a field.
 *
 * @param value the value; {@link RunLine.Cell#NONE} for those that lack it
 * @param members in the table's order
 * @param columns one for each column that was asked for
 */
public record RunGroup(RunLine.Cell value, List<RunKey> members, List<Aggregate> columns) {
  public RunGroup {
    members = List.copyOf(members);
    columns = List.copyOf(columns);
  }

  /**
   * A column over the runs of a group.
   *
   * @param n runs that have a value
   * @param mean of the finite numbers; NaN without any
   * @param half half of the 95 % Student t interval of the mean over runs; NaN for fewer than two,
   *     or where the column is no estimate: a setting is what it was set to
   * @param low least number
   * @param high greatest number
   * @param values the different values in the table's order, {@link #MOST} at most
   * @param different how many different values there are, counted up to a thousand
   */
  public record Aggregate(
      int n,
      double mean,
      double half,
      double low,
      double high,
      List<RunLine.Cell> values,
      int different) {
    /** How many values are told. */
    public static final int MOST = 4;

    public Aggregate {
      values = List.copyOf(values);
    }
  }
}
