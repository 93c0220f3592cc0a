package dev.plumbline.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.LongStream;

/**
 * Named columns of a CSV file (RFC 4180, gzip or not, with or without a byte order mark), or of one
 * separated by tabs where its name ends with {@code .tsv}: the first line names the columns, the
 * wanted ones may stand anywhere among others, blank lines are passed over. Whatever is wrong is a
 * {@link UserError} that names the file, the line and the column.
 */
public final class CsvColumns {
  private final Path file;
  private final List<String> names;
  private final List<List<String>> cells;
  private final long[] lines;

  private CsvColumns(Path file, List<String> names, List<List<String>> cells, long[] lines) {
    this.file = file;
    this.names = names;
    this.cells = cells;
    this.lines = lines;
  }

  /**
   * Reads a file to its end.
   *
   * @param wanted the columns that it must have
   * @throws UserError where the file cannot be read, lacks a column or a row, or has rows of
   *     unequal length
   */
  public static CsvColumns read(Path file, String... wanted) {
    return read(file, List.of(wanted), List.of());
  }

  /**
   * Reads a file that may have further columns.
   *
   * @param needed the columns that it must have
   * @param optional the columns that are read where they are there, see {@link #has}
   * @throws UserError as above
   */
  public static CsvColumns read(Path file, List<String> needed, List<String> optional) {
    List<List<String>> cells = new ArrayList<>();
    LongStream.Builder lines = LongStream.builder();
    List<String> names =
        CsvRows.read(
            file,
            needed,
            optional,
            (line, row) -> {
              while (cells.size() < row.size()) {
                cells.add(new ArrayList<>());
              }
              for (int i = 0; i < row.size(); i++) {
                cells.get(i).add(row.get(i));
              }
              lines.add(line);
            });
    return new CsvColumns(file, names, cells, lines.build().toArray());
  }

  /** Whether a column was asked for and is there. */
  public boolean has(String column) {
    return names.contains(column);
  }

  /** Rows of data. */
  public int rows() {
    return lines.length;
  }

  /** A column as text, without white space around it. */
  public List<String> texts(String column) {
    return Collections.unmodifiableList(cells.get(index(column)));
  }

  /**
   * A column as finite numbers.
   *
   * @throws UserError at the first cell that is none
   */
  public double[] numbers(String column) {
    return numbers(column, "a number", _ -> true);
  }

  /**
   * A column as numbers of some kind.
   *
   * @param what what each must be, for the message, such as {@code "a probability from 0 to 1"}
   * @param allowed which finite numbers are
   * @throws UserError at the first cell that is none
   */
  public double[] numbers(String column, String what, DoublePredicate allowed) {
    List<String> texts = texts(column);
    double[] values = new double[texts.size()];
    for (int row = 0; row < values.length; row++) {
      double value = parse(texts.get(row));
      if (!Double.isFinite(value) || !allowed.test(value)) {
        throw error(row, column, what);
      }
      values[row] = value;
    }
    return values;
  }

  /**
   * A column of 0 and 1 ({@code 0}, {@code 1}, {@code 0.0}, {@code 1.0}, {@code false}, {@code
   * true}) as true and false.
   *
   * @throws UserError at the first other cell
   */
  public boolean[] flags(String column) {
    List<String> texts = texts(column);
    boolean[] values = new boolean[texts.size()];
    for (int row = 0; row < values.length; row++) {
      String text = texts.get(row);
      double number = parse(text);
      values[row] = number == 1 || text.equalsIgnoreCase("true");
      if (!values[row] && number != 0 && !text.equalsIgnoreCase("false")) {
        throw error(row, column, "0 or 1");
      }
    }
    return values;
  }

  /** Says that a cell is not what it must be. */
  public UserError error(int row, String column, String what) {
    String text = texts(column).get(row);
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return new UserError(
        "%s:%d: column '%s' must be %s and %s; correct or remove this line"
            .formatted(
                file,
                lines[row],
                column,
                what,
                text.isEmpty() ? "is empty" : "is '" + shown + "'"));
  }

  /** NaN where the text is no plain decimal number; Java alone would also read "1d" and "0x1p3". */
  private static double parse(String text) {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    char last = text.charAt(text.length() - 1);
    if ("dDfF".indexOf(last) >= 0 || text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private int index(String column) {
    int index = names.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException("column " + column + " was not asked for");
    }
    return index;
  }
}
