package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.Candidate;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelItem;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.labelling.LabelSelection;
import dev.plumbline.labelling.LabelSet;
import dev.plumbline.labelling.LabellingSession;
import dev.plumbline.labelling.LabellingSession.Draft;
import dev.plumbline.labelling.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the views say of labels is what the logs say, after every change of them. */
final class LabelIngestTest {
  @TempDir Path directory;

  private LabelBatch batch(LabelMode mode, int pairs) {
    List<LabelItem> items = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      items.add(
          LabelItem.of(
                  "\n\nHuman: q " + i + "\n\nAssistant:",
                  new Candidate(" one", "old@1"),
                  new Candidate(" two", "new@2"),
                  Map.of("tranche", "online"))
              .with(LabelItem.SELECTED_BY, i == 0 ? "uncertainty" : LabelSelection.AT_RANDOM));
    }
    return LabelBatch.create(
        directory.resolve("labels"), BatchSettings.paper("One", mode, 3).withRepeats(0), items);
  }

  private static void answer(LabelBatch batch, String annotator, Judgement... judgements) {
    try (LabellingSession session = LabellingSession.open(batch, annotator, Clock.systemUTC())) {
      for (Judgement judgement : judgements) {
        session.answer(Draft.of(judgement));
      }
    }
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("workspace.db"));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(found.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void labelsAreFollowedFromTheFirstToTheLastUndo() throws SQLException {
    LabelBatch batch = batch(LabelMode.RED_TEAM, 4);
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.labelBatches())
          .containsExactly(new LabelBatchRow("one", "One", "red-team", false, 4, 0, 0));
      answer(
          batch,
          "mk",
          Judgement.prefer(true, 3),
          Judgement.prefer(false, 1),
          Judgement.of(Outcome.TIE),
          Judgement.of(Outcome.SKIPPED));
      workspace.ingest();
      assertThat(workspace.labelBatches())
          .containsExactly(new LabelBatchRow("one", "One", "red-team", false, 4, 3, 1));
      // the strongest label, with the annotator's first item, was for "first": the more harmful
      assertThat(
              rows(
                  "SELECT outcome, level, signed, annotator, mode FROM v_label"
                      + " WHERE level = 3"))
          .containsExactly("first|3|3|mk|red-team");
      assertThat(rows("SELECT signed FROM v_label ORDER BY time, event_id"))
          .containsExactly("3", "-1", "0", "null");
      assertThat(
              rows("SELECT chosen_model, rejected_model FROM v_label_pair WHERE result = 'single'"))
          .containsExactly("new@2|old@1");
      assertThat(rows("SELECT result FROM v_label_pair ORDER BY result"))
          .containsExactly("single", "skipped", "tie", "weakest");
      // sides: which candidate stood left is each row's own, so chose_left follows from it
      assertThat(
              rows(
                  "SELECT count(*) FROM v_label v JOIN label l ON l.event_id = v.event_id"
                      + " WHERE v.outcome = 'first' AND v.chose_left = l.first_left"))
          .containsExactly("1");
      assertThat(rows("SELECT selected_by, count(*) FROM v_label_pair GROUP BY 1 ORDER BY 1"))
          .containsExactly("random|3", "uncertainty|1");
      try (LabellingSession session = LabellingSession.open(batch, "mk", Clock.systemUTC())) {
        while (session.undo()) {
          // all of it
        }
      }
      batch.close(Instant.EPOCH);
      workspace.ingest();
      assertThat(workspace.labelBatches())
          .containsExactly(new LabelBatchRow("one", "One", "red-team", true, 4, 0, 0));
    }
  }

  @Test
  void whatTwoPeopleSayIsCountedAsTheSetCountsIt() throws SQLException {
    LabelBatch batch = batch(LabelMode.HELPFUL, 3);
    answer(batch, "mk", Judgement.prefer(true, 3), Judgement.prefer(true, 2));
    answer(batch, "jo", Judgement.prefer(false, 4), Judgement.prefer(true, 2));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
    }
    LabelSet set = LabelSet.of(batch, batch.labels());
    assertThat(rows("SELECT count(*) FROM v_label_pair WHERE chosen_model <> ''"))
        .containsExactly(Integer.toString(set.rows().size()));
    assertThat(rows("SELECT count(*) FROM v_label_pair WHERE result = 'unresolved'"))
        .containsExactly(
            Integer.toString(set.dropped().getOrDefault(LabelSet.Dropped.UNRESOLVED, 0)));
    assertThat(rows("SELECT labels, comparisons FROM v_label_batch"))
        .containsExactly("4|" + set.rows().size());
  }

  @Test
  void aBatchThatIsGoneIsGoneAndADamagedOneKeepsNoOtherFromBeingRead() throws Exception {
    LabelBatch first = batch(LabelMode.HELPFUL, 2);
    LabelBatch second = batch(LabelMode.HELPFUL, 2);
    answer(second, "mk", Judgement.prefer(true, 3));
    Files.writeString(first.folder().resolve("items.jsonl"), "no item\n");
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.labelBatches()).extracting(LabelBatchRow::id).containsExactly("one-2");
      remove(second.folder());
      workspace.ingest();
      assertThat(workspace.labelBatches()).isEmpty();
      assertThat(rows("SELECT count(*) FROM label")).containsExactly("0");
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
