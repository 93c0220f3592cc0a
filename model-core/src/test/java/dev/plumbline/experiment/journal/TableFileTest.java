package dev.plumbline.experiment.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableFileTest {
  @TempDir Path directory;

  private static ResultTable table() {
    return ResultTable.named("scores")
        .number("score", "nat", "the score")
        .text("text", "what was scored")
        .row(0.1, "a \"quoted\"\nline")
        .row(Double.NaN, "")
        .row(Double.NEGATIVE_INFINITY, "\u00e9")
        .row(3, "whole")
        .build();
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    JournalEvent.Table event = TableFile.write(directory, 7, table());

    assertThat(event.rows()).isEqualTo(4);
    assertThat(event.file()).isEqualTo("tables/scores-7.jsonl");
    assertThat(TableFile.read(directory.resolve(event.file()))).isEqualTo(table());
  }

  /** Scripts read the file: a line for the head, a line for each row, JSON by anyone's reader. */
  @Test
  void aRowIsALineOfJson() throws IOException {
    TableFile.write(directory, 0, table());

    assertThat(Files.readAllLines(directory.resolve("tables/scores-0.jsonl")))
        .containsExactly(
            "{\"table\":\"scores\",\"columns\":[{\"name\":\"score\",\"kind\":\"number\","
                + "\"unit\":\"nat\",\"definition\":\"the score\"},{\"name\":\"text\","
                + "\"kind\":\"text\",\"unit\":\"\",\"definition\":\"what was scored\"}]}",
            "[0.1,\"a \\\"quoted\\\"\\nline\"]",
            "[null,\"\"]",
            "[\"-Infinity\",\"\u00e9\"]",
            "[3.0,\"whole\"]");
  }

  @Test
  void aTornRowIsNamedByItsLine() throws IOException {
    TableFile.write(directory, 0, table());
    Path file = directory.resolve("tables/scores-0.jsonl");
    Files.writeString(file, Files.readString(file).replace("[3.0,\"whole\"]", "[3.0]"));

    assertThatThrownBy(() -> TableFile.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("scores-0.jsonl:5");
  }

  @Test
  void aCellOfTheWrongKindIsRefused() {
    assertThatThrownBy(() -> ResultTable.named("t").number("n", "", "").row("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column n");
  }
}
