package dev.plumbline.app.cli;

import dev.plumbline.data.CsvColumns;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The table of numbers that a command reads. */
final class CsvOption {
  @Option(names = "--csv", paramLabel = "FILE", required = true, description = "CSV, .gz or not")
  Path file = Path.of("");

  /**
   * Reads columns of it.
   *
   * @throws dev.plumbline.data.UserError where the file or a column is not there
   */
  CsvColumns read(String... columns) {
    return CsvColumns.read(file, columns);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
