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
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The rows of a CSV file (RFC 4180), or of a file of values separated by tabs where the name ends
 * with {@code .tsv}, gzip or not, with or without a byte order mark. Rows go through one at a time,
 * so memory does not grow with the file.
 */
final class CsvRows {
  private CsvRows() {}

  /** Is given rows in order. */
  interface Visitor {
    /**
     * A row of data.
     *
     * @param line its first line's number, from 1
     * @param cells the wanted columns' cells, without white space around them
     */
    void row(long line, List<String> cells);
  }

  /** Whether a name is that of a file of separated values. */
  static boolean named(Path file) {
    String name = file.toString().replaceFirst("\\.gz$", "");
    return name.endsWith(".csv") || name.endsWith(".tsv");
  }

  /**
   * Reads a file to its end.
   *
   * @param wanted the columns that it must have; they may stand anywhere among others
   * @throws UserError where the file cannot be read, lacks a column or a row, or has rows of
   *     unequal length
   */
  static void read(Path file, List<String> wanted, Visitor visitor) {
    read(file, wanted, List.of(), visitor);
  }

  /**
   * Reads a file that may have further columns.
   *
   * @param needed the columns that it must have
   * @param optional the columns that are read where they are there
   * @return the columns that cells are of, in order: all that are needed, then of the others those
   *     that there are
   * @throws UserError as above
   */
  static List<String> read(Path file, List<String> needed, List<String> optional, Visitor visitor) {
    boolean tabs = file.toString().replaceFirst("\\.gz$", "").endsWith(".tsv");
    long line = 0;
    try (Reader text =
            new InputStreamReader(
                InputFile.open(file, tabs ? "a .tsv or .tsv.gz file" : "a .csv or .csv.gz file"),
                StandardCharsets.UTF_8.newDecoder());
        CsvReader<CsvRecord> reader = reader(text, tabs)) {
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
      boolean any = false;
      while (records.hasNext()) {
        CsvRecord row = records.next();
        line = row.getStartingLineNumber();
        if (row.getFieldCount() != found.size()) {
          throw new UserError(
              "%s:%d: has %d fields where the header names %d; every line must have as many"
                  .formatted(file, line, row.getFieldCount(), found.size()));
        }
        List<String> cells = new ArrayList<>(places.length);
        for (int place : places) {
          cells.add(row.getField(place).strip());
        }
        visitor.row(line, cells);
        any = true;
      }
      if (!any) {
        throw new UserError(file + ": has a header and no rows; add at least one row of data");
      }
      return wanted;
    } catch (CsvParseException | UncheckedIOException e) {
      throw e.getCause() instanceof IOException failure
          ? InputFile.failure(file, line + 1, failure)
          : malformed(file, line + 1, e);
    } catch (IOException e) {
      throw InputFile.failure(file, line + 1, e);
    }
  }

  /** Is given the rows of any file in order. */
  interface AnyVisitor {
    /** The first row. */
    void header(List<String> columns);

    /** A row with as many cells as the header has columns. */
    void whole(long line, List<String> cells);

    /** A row with more or fewer. */
    void uneven(long line, int cells);
  }

  /**
   * Reads a file of any columns to its end.
   *
   * @param bytes takes how many of the file's bytes are read
   * @throws UserError where the file cannot be read, or is no CSV from some line on
   */
  static void read(Path file, AnyVisitor visitor, LongConsumer bytes) {
    boolean tabs = file.toString().replaceFirst("\\.gz$", "").endsWith(".tsv");
    long line = 0;
    try (Reader text =
            new InputStreamReader(
                InputFile.open(
                    file, tabs ? "a .tsv or .tsv.gz file" : "a .csv or .csv.gz file", bytes),
                StandardCharsets.UTF_8.newDecoder());
        CsvReader<CsvRecord> reader = reader(text, tabs)) {
      int columns = -1;
      for (CsvRecord row : reader) {
        line = row.getStartingLineNumber();
        if (columns < 0) {
          List<String> header = row.getFields().stream().map(String::strip).toList();
          columns = header.size();
          visitor.header(header);
        } else if (row.getFieldCount() == columns) {
          visitor.whole(line, row.getFields());
        } else {
          visitor.uneven(line, row.getFieldCount());
        }
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw e.getCause() instanceof IOException failure
          ? InputFile.failure(file, line + 1, failure)
          : malformed(file, line + 1, e);
    } catch (IOException e) {
      throw InputFile.failure(file, line + 1, e);
    }
  }

  private static CsvReader<CsvRecord> reader(Reader text, boolean tabs) throws IOException {
    return CsvReader.builder()
        .fieldSeparator(tabs ? '\t' : ',')
        .detectBomHeader(true)
        .skipEmptyLines(true)
        .allowUnclosedQuote(false)
        // Counted here, so that the message can say what to do.
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofCsvRecord(text);
  }

  private static UserError malformed(Path file, long line, RuntimeException failure) {
    return new UserError(
        file + ":" + line + ": is not CSV (a quoted field that never closes?); mend this line",
        failure);
  }

  private static int[] places(Path file, long line, List<String> found, List<String> wanted) {
    int[] places = new int[wanted.size()];
    for (int i = 0; i < places.length; i++) {
      String name = wanted.get(i);
      places[i] = found.indexOf(name);
      if (places[i] < 0) {
        String hint =
            found.size() == 1 && found.getFirst().matches(".*[;\\t].*")
                ? "; fields must be separated by commas"
                : "; name the columns in the first line";
        throw new UserError(
            "%s:%d: there is no column '%s' (columns: %s)%s"
                .formatted(file, line, name, String.join(", ", found), hint));
      }
      if (found.lastIndexOf(name) != places[i]) {
        throw new UserError(
            "%s:%d: the column '%s' stands there twice; rename one of them"
                .formatted(file, line, name));
      }
    }
    return places;
  }
}
