package dev.plumbline.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;

/**
 * Named columns of a CSV file (RFC 4180, gzip or not, with or without a byte order mark): the first
 * line names the columns, the wanted ones may stand anywhere among others, blank lines are passed
 * over. Whatever is wrong is a {@link UserError} that names the file, the line and the column.
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
    long line = 0;
    try (Reader text =
            new InputStreamReader(
                InputFile.open(file, "a .csv or .csv.gz file"),
                StandardCharsets.UTF_8.newDecoder());
        CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .detectBomHeader(true)
                .skipEmptyLines(true)
                .allowUnclosedQuote(false)
                // Counted here, so that the message can say what to do.
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new UserError(
            file + ": is empty; its first line must name columns: " + String.join(",", needed));
      }
      CsvRecord header = records.next();
      line = header.getStartingLineNumber();
      List<String> found = header.getFields().stream().map(String::strip).toList();
      List<String> wanted =
          Stream.concat(needed.stream(), optional.stream().filter(found::contains)).toList();
      int[] places = places(file, line, found, wanted);
      List<List<String>> cells = new ArrayList<>();
      for (int i = 0; i < places.length; i++) {
        cells.add(new ArrayList<>());
      }
      long[] lines = new long[1024];
      int rows = 0;
      while (records.hasNext()) {
        CsvRecord row = records.next();
        line = row.getStartingLineNumber();
        if (row.getFieldCount() != found.size()) {
          throw new UserError(
              "%s:%d: has %d fields where the header names %d; every line must have as many"
                  .formatted(file, line, row.getFieldCount(), found.size()));
        }
        for (int i = 0; i < places.length; i++) {
          cells.get(i).add(row.getField(places[i]).strip());
        }
        lines = rows == lines.length ? Arrays.copyOf(lines, 2 * rows) : lines;
        lines[rows++] = line;
      }
      if (rows == 0) {
        throw new UserError(file + ": has a header and no rows; add at least one row of data");
      }
      return new CsvColumns(file, wanted, cells, Arrays.copyOf(lines, rows));
    } catch (CsvParseException | UncheckedIOException e) {
      throw e.getCause() instanceof IOException failure
          ? InputFile.failure(file, line + 1, failure)
          : malformed(file, line + 1, e);
    } catch (IOException e) {
      throw InputFile.failure(file, line + 1, e);
    }
  }

  private static UserError malformed(Path file, long line, RuntimeException failure) {
    return new UserError(
        file + ":" + line + ": is not CSV (a quoted field that never closes?); mend this line",
        failure);
  }

  private static int[] places(Path file, long line, List<String> found, List<String> wanted) {
    int[] places = new int[wanted.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = found.indexOf(wanted.get(i));
      if (places[i] < 0) {
        String hint =
            found.size() == 1 && found.getFirst().matches(".*[;\\t].*")
                ? "; fields must be separated by commas"
                : "; name the columns in the first line";
        throw new UserError(
            "%s:%d: there is no column '%s' (columns: %s)%s"
                .formatted(file, line, wanted.get(i), String.join(", ", found), hint));
      }
      if (found.lastIndexOf(wanted.get(i)) != places[i]) {
        throw new UserError(
            "%s:%d: the column '%s' stands there twice; rename one of them"
                .formatted(file, line, wanted.get(i)));
      }
    }
    return places;
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
