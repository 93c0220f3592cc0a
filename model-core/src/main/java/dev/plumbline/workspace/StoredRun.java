package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run's row while its journal is taken up. */
final class StoredRun {
  /** The problem of a run whose directory was removed. */
  static final String GONE = "the run directory is gone";

  private static final Logger LOG = LoggerFactory.getLogger(StoredRun.class);

  final long runNo;
  final RunIngest.Head head = new RunIngest.Head();
  RunState state = RunState.QUEUED;
  String problem = "";
  boolean specUnread;
  long offset;

  private StoredRun(long runNo) {
    this.runNo = runNo;
  }

  /** The row of a run; null where it has none yet. */
  static @Nullable StoredRun load(Statements statements, RunDirectory run) throws SQLException {
    PreparedStatement query =
        statements.of(
            "SELECT run_no, journal_state, state, state_time, detail, phase, problem, step,"
                + " total_steps, seconds_left, active_seconds, journal_offset, journal_sequence,"
                + " stage, device, threads FROM run WHERE run_id = ?");
    query.setString(1, run.id());
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      StoredRun stored = new StoredRun(row.getLong(1));
      stored.head.journalState = Workspace.state(row.getString(2));
      stored.state = Workspace.state(row.getString(3));
      stored.head.stateTime = Instant.parse(row.getString(4));
      stored.head.detail = row.getString(5);
      stored.head.phase = row.getString(6);
      stored.problem = row.getString(7);
      stored.head.step = row.getLong(8);
      stored.head.totalSteps = row.getLong(9);
      stored.head.secondsLeft = RunIngest.real(row, 10);
      stored.head.activeSeconds = row.getDouble(11);
      stored.offset = row.getLong(12);
      stored.head.sequence = row.getLong(13);
      stored.specUnread = row.getString(14).isEmpty();
      stored.head.device = row.getString(15);
      stored.head.threads = row.getInt(16);
      return stored;
    }
  }

  /** Makes the row of a run; its spec is to be read next. */
  static StoredRun insert(Statements statements, RunDirectory run) throws SQLException {
    PreparedStatement insert =
        statements.of(
            "INSERT INTO run (run_id, name, stage, seed, spec, spec_hash, spec_tags, spec_notes,"
                + " created, journal_state, state, state_time, detail, phase, problem, step,"
                + " total_steps, active_seconds, journal_offset, journal_sequence, revision)"
                + " VALUES (?, ?, '', 0, '', '', '[]', '', ?, 'queued', 'queued', ?, '', '', '',"
                + " 0, 0, 0, 0, 0, 0) RETURNING run_no");
    insert.setString(1, run.id());
    insert.setString(2, run.id());
    insert.setString(3, modified(run.path()).toString());
    insert.setString(4, Instant.EPOCH.toString());
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      return new StoredRun(row.getLong(1));
    }
  }

  /** Writes what {@code spec.json} says; a spec that cannot be read is this run's problem. */
  void refreshSpec(Statements statements, RunDirectory run) throws SQLException {
    try {
      RunSpec runSpec = run.spec();
      ExperimentSpec spec = runSpec.spec();
      String text = Files.readString(run.specFile());
      statements.update(
          "UPDATE run SET name = ?, stage = ?, seed = ?, spec = ?, spec_hash = ?, spec_tags = ?,"
              + " spec_notes = ?, created = ? WHERE run_no = ?",
          spec.name(),
          spec.stage(),
          spec.seed(),
          text,
          runSpec.hash(),
          Workspace.json(spec.tags()),
          spec.notes(),
          runSpec.created().toString(),
          runNo);
      RunSettings.write(statements, runNo, text);
    } catch (UserError e) {
      LOG.warn("run {}: {}", run.id(), e.getMessage());
      problem = String.valueOf(e.getMessage());
    } catch (IOException e) {
      problem = "cannot read " + run.specFile() + ": " + Workspace.reason(e);
    }
  }

  /** Writes the columns that events change, under a new revision. */
  void save(Statements statements) throws SQLException {
    statements.update(
        "UPDATE run SET journal_state = ?, state = ?, state_time = ?, detail = ?, phase = ?,"
            + " problem = ?, step = ?, total_steps = ?, seconds_left = ?, active_seconds = ?,"
            + " journal_offset = ?, journal_sequence = ?, device = ?, threads = ?, revision = ?"
            + " WHERE run_no = ?",
        word(head.journalState),
        word(state),
        head.stateTime.toString(),
        head.detail,
        head.phase,
        problem,
        head.step,
        head.totalSteps,
        head.secondsLeft,
        Double.isNaN(head.activeSeconds) ? 0 : head.activeSeconds,
        offset,
        head.sequence,
        head.device,
        head.threads,
        nextRevision(statements),
        runNo);
  }

  private static long nextRevision(Statements statements) throws SQLException {
    try (ResultSet row = statements.of(Database.NEXT_REVISION).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String word(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Instant modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }
}
