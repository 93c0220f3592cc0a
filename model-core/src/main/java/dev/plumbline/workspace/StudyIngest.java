package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.journal.TableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one study into the workspace: its record, and from its journal the results of the last
 * analysis. Events are known by their sequence number: what was taken up before is passed over.
 */
final class StudyIngest implements Database.Work {
  private static final Logger LOG = LoggerFactory.getLogger(StudyIngest.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Statements statements;
  private final @Nullable Study study;

  /** An ingest of the study in a directory; one that cannot be read is passed over. */
  StudyIngest(Statements statements, Path directory) {
    this.statements = statements;
    Study read = null;
    try {
      read = Study.read(directory);
    } catch (UserError e) {
      LOG.warn("passed over: {}", e.getMessage());
    }
    this.study = read;
  }

  /** Whether the workspace has another state of it: its process may have gone without a word. */
  boolean stateChanged() throws SQLException {
    if (study == null) {
      return false;
    }
    PreparedStatement query = statements.of("SELECT state FROM study WHERE study_id = ?");
    query.setString(1, study.id());
    try (ResultSet row = query.executeQuery()) {
      return !row.next() || Workspace.state(row.getString(1)) != study.state();
    }
  }

  /** Whether nothing more can come without a change of its files. */
  boolean isSettled() {
    return study == null || !study.state().isActive();
  }

  @Override
  public void run() throws SQLException {
    if (study != null) {
      put(study);
    }
  }

  private void put(Study of) throws SQLException {
    long number = number(of);
    statements.update(
        "UPDATE study SET name = ?, title = ?, figures = ?, analysis = ?, created = ?, state = ?,"
            + " detail = ?, done = ?, total = ?, seconds_left = ?,"
            + " revision = (SELECT revision FROM store) + 1 WHERE study_no = ?",
        of.name(),
        of.about().title(),
        of.about().figures(),
        of.about().analysis(),
        of.created().toString(),
        of.state().name().toLowerCase(Locale.ROOT),
        of.detail(),
        of.progress().done(),
        of.plannedRuns().size(),
        of.progress().secondsLeft(),
        number);
    journal(of, number);
    try (ResultSet row = statements.of(Database.NEXT_REVISION).executeQuery()) {
      row.next();
    }
  }

  /** The study's number; its row and its members are made where it has none yet. */
  private long number(Study of) throws SQLException {
    PreparedStatement query = statements.of("SELECT study_no FROM study WHERE study_id = ?");
    query.setString(1, of.id());
    try (ResultSet row = query.executeQuery()) {
      if (row.next()) {
        return row.getLong(1);
      }
    }
    PreparedStatement insert =
        statements.of(
            "INSERT INTO study (study_id, name, title, figures, analysis, created, state, detail,"
                + " done, total, analysed, journal_offset, journal_sequence, revision) VALUES"
                + " (?, '', '', '', '', '', '', '', 0, 0, '', 0, 0, 0) RETURNING study_no");
    insert.setString(1, of.id());
    long number;
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      number = row.getLong(1);
    }
    int place = 0;
    for (StudyMember member : of.plannedRuns()) {
      statements.update(
          "INSERT INTO study_run VALUES (?, ?, ?, ?, ?)",
          number,
          place++,
          member.run(),
          member.role(),
          levels(member));
    }
    return number;
  }

  private static String levels(StudyMember member) {
    try {
      return MAPPER.writeValueAsString(member.levels());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are JSON", e);
    }
  }

  private void journal(Study of, long number) throws SQLException {
    long offset;
    long sequence;
    PreparedStatement query =
        statements.of("SELECT journal_offset, journal_sequence FROM study WHERE study_no = ?");
    query.setLong(1, number);
    try (ResultSet row = query.executeQuery()) {
      row.next();
      offset = row.getLong(1);
      sequence = row.getLong(2);
    }
    JournalReader journal = new JournalReader(of.journalFile(), offset);
    try {
      JournalReader.Batch batch;
      do {
        batch = journal.read();
        for (JournalEntry entry : batch.entries()) {
          if (entry.sequence() > sequence) {
            sequence = entry.sequence();
            take(of, number, entry);
          }
        }
      } while (batch.more());
    } catch (IOException e) {
      LOG.warn("{}: {}", of.journalFile(), Workspace.reason(e));
    }
    statements.update(
        "UPDATE study SET journal_offset = ?, journal_sequence = ? WHERE study_no = ?",
        journal.offset(),
        sequence,
        number);
  }

  private void take(Study of, long number, JournalEntry entry) throws SQLException {
    switch (entry.event()) {
      case JournalEvent.Analysis _ -> {
        statements.update(
            "DELETE FROM study_result_row WHERE study_result_no IN"
                + " (SELECT study_result_no FROM study_result WHERE study_no = ?)",
            number);
        statements.update("DELETE FROM study_result WHERE study_no = ?", number);
        statements.update("DELETE FROM card WHERE study_no = ?", number);
        statements.update(
            "UPDATE study SET analysed = ? WHERE study_no = ?", entry.time().toString(), number);
      }
      case JournalEvent.Table table -> table(of, number, table);
      case JournalEvent.Card(PaperCard card) ->
          statements.update(
              "INSERT INTO card SELECT ?1, count(*), ?2, ?3, ?4, ?5, ?6 FROM card"
                  + " WHERE study_no = ?1",
              number,
              card.id(),
              card.figure(),
              card.claim(),
              card.verdict().name().toLowerCase(Locale.ROOT),
              card.measured());
      default -> {
        // how the study went is in its record
      }
    }
  }

  private void table(Study of, long number, JournalEvent.Table event) throws SQLException {
    ResultTable table;
    try {
      table = TableFile.read(of.directory().resolve(event.file()));
    } catch (UserError e) {
      LOG.warn("passed over: {}", e.getMessage());
      return;
    }
    PreparedStatement insert =
        statements.of(
            "INSERT INTO study_result (study_no, name, columns, rows) VALUES (?, ?, ?, ?)"
                + " RETURNING study_result_no");
    insert.setLong(1, number);
    insert.setString(2, event.name());
    insert.setString(3, ResultIngest.columns(table));
    insert.setInt(4, table.size());
    long result;
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      result = row.getLong(1);
    }
    PreparedStatement rows = statements.of("INSERT INTO study_result_row VALUES (?, ?, ?)");
    for (int i = 0; i < table.size(); i++) {
      rows.setLong(1, result);
      rows.setInt(2, i);
      rows.setString(3, ResultIngest.cells(table.rows().get(i)));
      rows.addBatch();
    }
    rows.executeBatch();
  }
}
