package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are DuckDB's, by the statements of {@code parquet/make.sql}. */
class ParquetRowsTest {
  @TempDir Path folder;

  private Path file(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream in = ParquetRowsTest.class.getResourceAsStream("/parquet/" + name)) {
      Files.copy(in, copy);
    }
    return copy;
  }

  private static List<ObjectNode> objects(Path file, List<Long> progress) {
    List<ObjectNode> objects = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    long rows =
        ParquetRows.read(
            file,
            new DataFileReader.Objects() {
              @Override
              public void object(long line, ObjectNode object) {
                lines.add(line);
                objects.add(object);
              }

              @Override
              public void malformed(long line, String reason, String detail) {
                throw new AssertionError(reason + detail);
              }
            },
            progress::add);
    assertThat(rows).isEqualTo(objects.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).isEqualTo(i + 1L);
    }
    return objects;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs-zstd.parquet", "pairs-gzip.parquet", "pairs-plain.parquet"})
  void everyValueIsWhatItWouldBeInJson(String name) throws IOException {
    List<ObjectNode> objects = objects(file(name), new ArrayList<>());
    assertThat(objects).hasSize(40);
    for (int i = 0; i < 40; i++) {
      ObjectNode row = objects.get(i);
      JsonNode expected =
          JsonLines.MAPPER.readTree(
              """
              {"prompt": "What is %d plus one?", "chosen": %s, "rejected": "I do not know %d",
               "score": %s, "number": %d, "even": %s, "meta": {"tranche": "t%d", "turns": %d},
               "list": [%d, %d], "day": "2022-04-12", "kept": {"k": %d}, "bytes": "raw"}
              """
                  .formatted(
                      i,
                      i == 3 ? "null" : "\"It is " + (i + 1) + " é✓.\"",
                      i,
                      i * 0.5,
                      i,
                      i % 2 == 0,
                      i % 3,
                      i,
                      i,
                      i + 1,
                      i));
      assertThat(row.toString()).isEqualTo(expected.toString());
    }
  }

  @Test
  void rowGroupsFollowOneAnotherAndProgressEndsAtTheWholeFile() throws IOException {
    Path file = file("groups-snappy.parquet");
    List<Long> progress = new ArrayList<>();
    List<ObjectNode> objects = objects(file, progress);
    assertThat(objects).hasSize(2500);
    assertThat(objects.get(2047).get("prompt").textValue()).isEqualTo("What is 2047 plus one?");
    assertThat(objects.get(2048).get("chosen").textValue()).isEqualTo("Yes 2048");
    assertThat(progress).isSorted().endsWith(Files.size(file));
  }

  @Test
  void comparisonsAndConversationsAreImportedAsFromAnyOtherForm() throws IOException {
    Path pairs = file("pairs-zstd.parquet");
    DataPreview preview = DataPreview.of(pairs);
    assertThat(preview.form()).isEqualTo(DataForm.EXPLICIT);
    assertThat(preview.isReady(preview.mapping())).isFalse();
    List<DataRow> rows = new ArrayList<>();
    DataReport report = DataFileReader.read(pairs, preview.mapping(), rows::add, _ -> {});
    assertThat(report.lines()).isEqualTo(40);
    assertThat(report.used()).isEqualTo(39);
    assertThat(report.skipped().getFirst().reason()).isEqualTo(DataFileReader.ABSENT);
    assertThat(report.skipped().getFirst().examples().getFirst().line()).isEqualTo(4);
    assertThat(rows.getFirst().prompt()).isEqualTo("\n\nHuman: What is 0 plus one?\n\nAssistant:");
    assertThat(rows.getFirst().first()).isEqualTo(" It is 1 é✓.");

    Path messages = file("messages-zstd.parquet");
    DataPreview chat = DataPreview.of(messages);
    assertThat(chat.form()).isEqualTo(DataForm.CONVERSATIONS);
    rows.clear();
    DataFileReader.read(messages, chat.mapping(), rows::add, _ -> {});
    assertThat(rows).hasSize(25);
    assertThat(rows.get(7).second()).isEqualTo(" Bad answer 7");
  }

  @Test
  void damageIsOneLineThatNamesTheFile() throws IOException {
    Path none = folder.resolve("none.parquet");
    assertThatThrownBy(() -> DataPreview.of(none))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.parquet")
        .hasMessageContaining("no such file");
    Path text = Files.writeString(folder.resolve("text.parquet"), "{\"prompt\": \"a\"}\n");
    assertThatThrownBy(() -> DataPreview.of(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("text.parquet: is not a Parquet file");
    byte[] bytes = Files.readAllBytes(file("groups-snappy.parquet"));
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> DataPreview.of(cut))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cut.parquet");
    byte[] broken = bytes.clone();
    Arrays.fill(broken, 200, 2000, (byte) 0x5a);
    Path damaged = Files.write(folder.resolve("damaged.parquet"), broken);
    assertThatThrownBy(() -> objects(damaged, new ArrayList<>()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("damaged.parquet")
        .message()
        .hasLineCount(1);
  }

  @Test
  void aStageThatIsGivenParquetSaysThatItIsImportedFirst() throws IOException {
    Path file = file("pairs-zstd.parquet");
    assertThatThrownBy(() -> ComparisonReader.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("import");
  }
}
