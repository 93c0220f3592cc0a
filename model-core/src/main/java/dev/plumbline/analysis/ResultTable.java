package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a measurement found, row by row: the rows behind figures and statistics. A column has a name
 * in snake_case, a unit and a definition of one line, so that a table explains itself wherever it
 * is shown.
 *
 * <p>A cell is a {@link Double}, NaN where there is no value, or a {@link String}.
 */
public final class ResultTable {
  private final String name;
  private final List<Column> columns;
  private final List<List<Object>> rows;

  /** What a column's cells are. */
  public enum Kind {
    /** Doubles; NaN where there is no value. */
    NUMBER,
    /** Texts; empty where there is none. */
    TEXT
  }

  /**
   * A column.
   *
   * @param name in snake_case, once in a table
   * @param unit such as {@code nat}, {@code token}, {@code fraction}; empty for texts and for plain
   *     numbers
   * @param definition one line
   */
  public record Column(String name, String unit, String definition, Kind kind) {}

  private ResultTable(String name, List<Column> columns, List<List<Object>> rows) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * A table of given rows.
   *
   * @param name in snake_case with hyphens at most; it becomes part of a file's name
   * @throws IllegalArgumentException where a row has other cells than the columns say
   */
  public static ResultTable of(String name, List<Column> columns, List<List<Object>> rows) {
    Builder builder = new Builder(name);
    columns.forEach(builder::column);
    rows.forEach(builder::row);
    return builder.build();
  }

  /** Begins a table. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** The table's name. */
  public String name() {
    return name;
  }

  /** The columns in order. */
  public List<Column> columns() {
    return columns;
  }

  /** The rows in order; the cells of one stand in the columns' order. */
  public List<List<Object>> rows() {
    return rows;
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** Whether there is a column of this name. */
  public boolean has(String column) {
    return find(column).isPresent();
  }

  /**
   * The cells of a column of numbers.
   *
   * @throws IllegalArgumentException where there is no such column
   */
  public double[] numbers(String column) {
    int at = index(column, Kind.NUMBER);
    return rows.stream().mapToDouble(row -> (Double) row.get(at)).toArray();
  }

  /**
   * The cells of a column of texts.
   *
   * @throws IllegalArgumentException where there is no such column
   */
  public List<String> texts(String column) {
    int at = index(column, Kind.TEXT);
    return rows.stream().map(row -> (String) row.get(at)).toList();
  }

  /** One number. */
  public double number(int row, String column) {
    return (Double) rows.get(row).get(index(column, Kind.NUMBER));
  }

  /** One text. */
  public String text(int row, String column) {
    return (String) rows.get(row).get(index(column, Kind.TEXT));
  }

  private Optional<Integer> find(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private int index(String column, Kind kind) {
    int at =
        find(column)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "table %s has no column '%s'; it has %s"
                            .formatted(name, column, columns.stream().map(Column::name).toList())));
    if (columns.get(at).kind() != kind) {
      throw new IllegalArgumentException(
          "column %s of table %s holds %ss".formatted(column, name, columns.get(at).kind()));
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResultTable table
        && name.equals(table.name)
        && columns.equals(table.columns)
        && rows.equals(table.rows);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + columns.hashCode()) + rows.hashCode();
  }

  @Override
  public String toString() {
    return "%s %s, %d rows".formatted(name, columns.stream().map(Column::name).toList(), size());
  }

  /** Collects columns, then rows. */
  public static final class Builder {
    private final String name;
    private final List<Column> columns = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final List<List<Object>> rows = new ArrayList<>();

    private Builder(String name) {
      if (!name.matches("[a-z][a-z0-9_-]{0,63}")) {
        throw new IllegalArgumentException("not a table's name: " + name);
      }
      this.name = name;
    }

    /** Adds a column of numbers. */
    public Builder number(String column, String unit, String definition) {
      return column(new Column(column, unit, definition, Kind.NUMBER));
    }

    /** Adds a column of texts. */
    public Builder text(String column, String definition) {
      return column(new Column(column, "", definition, Kind.TEXT));
    }

    private Builder column(Column column) {
      if (!rows.isEmpty()) {
        throw new IllegalStateException("columns come before rows");
      }
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("a second column " + column.name() + " in " + name);
      }
      columns.add(column);
      return this;
    }

    /** Adds a row; a number of any type becomes a double. */
    public Builder row(Object... cells) {
      return row(List.of(cells));
    }

    /** Adds a row; a number of any type becomes a double. */
    public Builder row(List<?> cells) {
      if (cells.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%d cells in a row of table %s, which has %d columns"
                .formatted(cells.size(), name, columns.size()));
      }
      List<Object> row = new ArrayList<>(cells.size());
      for (int i = 0; i < cells.size(); i++) {
        Object cell = cells.get(i);
        boolean number = columns.get(i).kind() == Kind.NUMBER;
        row.add(
            switch (cell) {
              case Number value when number -> value.doubleValue();
              case String text when !number -> text;
              default ->
                  throw new IllegalArgumentException(
                      "column %s of table %s cannot hold %s"
                          .formatted(columns.get(i).name(), name, cell));
            });
      }
      rows.add(Collections.unmodifiableList(row));
      return this;
    }

    /** The table. */
    public ResultTable build() {
      return new ResultTable(name, List.copyOf(columns), List.copyOf(rows));
    }
  }
}
