package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvColumnsTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("x.csv"), text);
  }

  @Test
  void wanted_columns_are_found_among_others_in_any_order() throws IOException {
    CsvColumns read =
        CsvColumns.read(
            file("\uFEFFnote,y,p\r\n\"a, \"\"b\"\"\nc\",1, 0.25 \r\n\r\nd,0,1e-3\r\n"), "p", "y");
    assertThat(read.rows()).isEqualTo(2);
    assertThat(read.numbers("p")).containsExactly(0.25, 0.001);
    assertThat(read.flags("y")).containsExactly(true, false);
    assertThat(read.texts("y")).containsExactly("1", "0");
  }

  @Test
  void a_gzip_is_read_as_what_is_in_it() throws IOException {
    Path zipped = directory.resolve("x.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("p\n0.5\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(CsvColumns.read(zipped, "p").numbers("p")).containsExactly(0.5);
  }

  @Test
  void a_bad_cell_names_file_line_and_column() throws IOException {
    // The quoted field holds a line end, so the bad row begins in line 4.
    CsvColumns read = CsvColumns.read(file("p,t\n1,\"a\nb\"\nNaN,c\n"), "p", "t");
    assertThatThrownBy(() -> read.numbers("p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("x.csv:4: column 'p' must be a number and is 'NaN'");
    assertThatThrownBy(() -> read.flags("p")).hasMessageContaining("must be 0 or 1");
    assertThatThrownBy(() -> read.numbers("p", "below 1", value -> value < 1))
        .hasMessageContaining("x.csv:2: column 'p' must be below 1 and is '1'");
    assertThatThrownBy(() -> CsvColumns.read(file("p\n1d\n"), "p").numbers("p"))
        .hasMessageContaining("is '1d'");
    assertThatThrownBy(() -> CsvColumns.read(file("p,q\n,1\n"), "p").numbers("p"))
        .hasMessageContaining("is empty");
  }

  @Test
  void what_is_wrong_with_the_file_is_one_line() throws IOException {
    assertThatThrownBy(() -> CsvColumns.read(directory.resolve("none.csv"), "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> CsvColumns.read(file(""), "p", "y"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("must name columns: p,y");
    assertThatThrownBy(() -> CsvColumns.read(file("p\n"), "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no rows");
    assertThatThrownBy(() -> CsvColumns.read(file("p;y\n1;2\n"), "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("separated by commas");
    assertThatThrownBy(() -> CsvColumns.read(file("q,y\n1,2\n"), "p"))
        .hasMessageContaining("x.csv:1: there is no column 'p' (columns: q, y)");
    assertThatThrownBy(() -> CsvColumns.read(file("p,p\n1,2\n"), "p"))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> CsvColumns.read(file("p,y\n1,2\n3\n"), "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("x.csv:3: has 1 fields where the header names 2");
    assertThatThrownBy(() -> CsvColumns.read(file("p,y\n1,2\n1,2,3\n"), "p"))
        .hasMessageContaining("x.csv:3: has 3 fields");
    assertThatThrownBy(() -> CsvColumns.read(directory, "p"))
        .hasMessageContaining("is a directory; give a .csv");
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, new byte[] {'p', '\n', '1', '\n', (byte) 0xe9, '\n'});
    assertThatThrownBy(() -> CsvColumns.read(latin, "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> CsvColumns.read(file("p\n\"1\n2\n"), "p"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("x.csv:2");
  }
}
