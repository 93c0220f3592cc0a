package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.Label;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelEvent;
import dev.plumbline.labelling.LabelItem;
import dev.plumbline.labelling.LabelSelection;
import dev.plumbline.labelling.LabelSet;
import dev.plumbline.labelling.Labels;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes one batch of labels into the workspace, in place of what was there of it. Labels are
 * written anew instead of added to: an undo, a later answer or somebody else's log changes what
 * stands of the earlier ones, and a batch has some thousand rows.
 */
final class LabelIngest implements Database.Work {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Statements statements;
  private final LabelBatch batch;
  private final Labels labels;

  LabelIngest(Statements statements, LabelBatch batch) {
    this.statements = statements;
    this.batch = batch;
    this.labels = batch.labels();
  }

  @Override
  public void run() throws SQLException {
    long revision = Workspace.nextRevision(statements.connection());
    statements.update(
        "INSERT INTO label_batch (batch_id, name, mode, levels, blind, closed, seed,"
            + " guideline_version, pairs, conflicts, revision)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (batch_id) DO UPDATE SET closed = excluded.closed,"
            + " guideline_version = excluded.guideline_version, conflicts = excluded.conflicts,"
            + " revision = excluded.revision",
        batch.id(),
        batch.settings().name(),
        batch.settings().mode().word(),
        batch.settings().levels(),
        batch.settings().blind() ? 1 : 0,
        batch.closed() ? 1 : 0,
        batch.settings().seed(),
        batch.guidelines().version(),
        batch.items().size(),
        labels.conflicts().size(),
        revision);
    long number = number();
    clear(statements, number);
    Map<String, Integer> places = pairs(number);
    for (Label label : labels.labels()) {
      Integer place = places.get(label.item().id());
      if (place != null) {
        label(number, place, label);
      }
    }
  }

  /** Removes a batch whose directory is gone. */
  static void remove(Statements statements, String batch) throws SQLException {
    PreparedStatement query = statements.of("SELECT batch_no FROM label_batch WHERE batch_id = ?");
    query.setString(1, batch);
    long number;
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return;
      }
      number = row.getLong(1);
    }
    clear(statements, number);
    statements.update("DELETE FROM label_batch WHERE batch_no = ?", number);
    Workspace.nextRevision(statements.connection());
  }

  private static void clear(Statements statements, long number) throws SQLException {
    statements.update("DELETE FROM label WHERE batch_no = ?", number);
    statements.update("DELETE FROM label_pair WHERE batch_no = ?", number);
  }

  private long number() throws SQLException {
    PreparedStatement query = statements.of("SELECT batch_no FROM label_batch WHERE batch_id = ?");
    query.setString(1, batch.id());
    try (ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private Map<String, Integer> pairs(long number) throws SQLException {
    LabelSet set = LabelSet.of(batch, labels);
    Map<String, LabelSet.Row> made = new HashMap<>();
    for (LabelSet.Row row : set.rows()) {
      if (row.provenance() != LabelSet.Provenance.EDITED) {
        made.put(row.item().id(), row);
      }
    }
    Map<String, Integer> places = new HashMap<>();
    List<LabelItem> items = batch.items();
    for (int place = 0; place < items.size(); place++) {
      LabelItem item = items.get(place);
      places.put(item.id(), place);
      LabelSet.Row row = made.get(item.id());
      LabelSet.Dropped dropped = set.why().get(item.id());
      statements.update(
          "INSERT INTO label_pair (batch_no, place, item_id, model_first, model_second,"
              + " selected_by, expected, result, chosen, level, attributes) VALUES (?, ?, ?, ?, ?,"
              + " ?, ?, ?, ?, ?, ?)",
          number,
          place,
          item.id(),
          item.first().model(),
          item.second().model(),
          item.attributes().getOrDefault(LabelItem.SELECTED_BY, LabelSelection.AT_RANDOM),
          item.expected().map(expected -> expected.outcome().word()).orElse(""),
          row != null ? row.provenance().word() : dropped != null ? dropped.word() : "",
          row == null ? "" : row.chosen().equals(item.first()) ? "first" : "second",
          row == null ? 0 : row.level(),
          json(item.attributes()));
    }
    return places;
  }

  private void label(long number, int place, Label label) throws SQLException {
    LabelEvent.Answered answer = label.answer();
    ArrayNode answers = MAPPER.createArrayNode();
    for (Judgement each : answer.answers()) {
      answers.addObject().put("outcome", each.outcome().word()).put("level", each.level());
    }
    statements.update(
        "INSERT INTO label (batch_no, event_id, place, annotator, time, outcome, level, first_left,"
            + " repeat, seconds, guideline_version, blind, answers, ratings, edited)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        label.id(),
        place,
        label.annotator(),
        label.time().toString(),
        label.judgement().outcome().word(),
        label.judgement().level(),
        answer.firstLeft() ? 1 : 0,
        label.repeat() ? 1 : 0,
        answer.seconds(),
        answer.guidelines(),
        answer.blind() ? 1 : 0,
        answers.toString(),
        json(answer.ratings()),
        answer.edited().map(edit -> edit.first() ? "first" : "second").orElse(""));
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written", e);
    }
  }
}
