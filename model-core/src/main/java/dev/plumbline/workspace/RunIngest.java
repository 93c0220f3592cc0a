package dev.plumbline.workspace;

import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes journal events of one run into the tables, inside one transaction of the caller. Events are
 * known by their sequence number: what was taken up before is passed over.
 */
final class RunIngest {
  /** Points in a full chunk. */
  static final int CHUNK = 1024;

  private final Connection connection;
  private final long runNo;
  private final Map<String, Curve> curves = new HashMap<>();

  /** The columns of the run's row that events change. */
  static final class Head {
    RunState journalState = RunState.QUEUED;
    Instant stateTime = Instant.EPOCH;
    String detail = "";
    String phase = "";
    String device = "";
    int threads;
    long step;
    long totalSteps;
    double secondsLeft = Double.NaN;
    double activeSeconds;
    long sequence;
  }

  /** A curve that this transaction touches. */
  private static final class Curve {
    final long number;
    long points;
    int chunks;
    long lastStep;
    double lastValue;

    Curve(long number, long points, int chunks, long lastStep, double lastValue) {
      this.number = number;
      this.points = points;
      this.chunks = chunks;
      this.lastStep = lastStep;
      this.lastValue = lastValue;
    }
  }

  RunIngest(Connection connection, long runNo) {
    this.connection = connection;
    this.runNo = runNo;
  }

  /** Applies events in order and returns how many were new. */
  long apply(List<JournalEntry> entries, Head head) throws SQLException {
    long taken = 0;
    try (PreparedStatement tail =
            connection.prepareStatement("INSERT INTO metric_tail VALUES (?, ?, ?, ?, ?, ?)");
        PreparedStatement sample =
            connection.prepareStatement(
                "INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (JournalEntry entry : entries) {
        if (entry.sequence() <= head.sequence) {
          continue;
        }
        head.sequence = entry.sequence();
        taken++;
        switch (entry.event()) {
          case JournalEvent.State state -> state(entry, state, head);
          case JournalEvent.Device device -> {
            head.device = device.name();
            head.threads = device.threads();
          }
          case JournalEvent.Progress progress -> {
            head.step = progress.step();
            head.totalSteps = progress.totalSteps();
            head.secondsLeft = progress.secondsLeft();
            head.phase = progress.phase();
          }
          case JournalEvent.Metrics metrics -> {
            head.activeSeconds = metrics.activeSeconds();
            for (Map.Entry<String, Double> value : metrics.values().entrySet()) {
              point(tail, metrics, value.getKey(), value.getValue());
            }
          }
          case JournalEvent.Sample(ResponseSample response) -> sample(sample, response);
          case JournalEvent.Checkpoint checkpoint ->
              mark(
                  entry,
                  checkpoint.step(),
                  MarkRow.Kind.CHECKPOINT,
                  "checkpoint",
                  "",
                  Double.NaN,
                  Double.NaN);
          case JournalEvent.Steered steered ->
              mark(
                  entry,
                  steered.step(),
                  MarkRow.Kind.STEERED,
                  "%s %s → %s"
                      .formatted(steered.parameter(), plain(steered.from()), plain(steered.to())),
                  steered.parameter(),
                  steered.from(),
                  steered.to());
          case JournalEvent.Resumed resumed -> resumed(entry, resumed.fromStep(), head);
          case JournalEvent.Commanded _, JournalEvent.Unknown _ -> {
            // the journal keeps them; no table of ours does
          }
        }
      }
    }
    for (Curve curve : curves.values()) {
      fold(curve);
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE metric SET points = ?, chunks = ?, last_step = ?, last_value = ?"
                  + " WHERE metric_no = ?")) {
        update.setLong(1, curve.points);
        update.setInt(2, curve.chunks);
        update.setLong(3, curve.lastStep);
        real(update, 4, curve.lastValue);
        update.setLong(5, curve.number);
        update.executeUpdate();
      }
    }
    return taken;
  }

  private void state(JournalEntry entry, JournalEvent.State state, Head head) throws SQLException {
    head.journalState = state.state();
    head.stateTime = entry.time();
    head.detail = state.detail();
    head.step = Math.max(head.step, state.step());
    if (!state.state().isActive()) {
      head.secondsLeft = state.state() == RunState.FINISHED ? 0 : Double.NaN;
    }
    mark(
        entry,
        state.step(),
        MarkRow.Kind.STATE,
        state.state().name().toLowerCase(Locale.ROOT),
        "",
        Double.NaN,
        Double.NaN);
  }

  private void point(
      PreparedStatement insert, JournalEvent.Metrics metrics, String name, double value)
      throws SQLException {
    Curve curve = curve(name);
    if (curve.points > 0 && metrics.step() <= curve.lastStep) {
      trim(curve, metrics.step() - 1); // measured again: the later value stands
    }
    insert.setLong(1, curve.number);
    insert.setLong(2, metrics.step());
    insert.setLong(3, metrics.samples());
    insert.setLong(4, metrics.tokens());
    real(insert, 5, metrics.activeSeconds());
    real(insert, 6, value);
    insert.executeUpdate();
    curve.points++;
    curve.lastStep = metrics.step();
    curve.lastValue = value;
  }

  private void sample(PreparedStatement insert, ResponseSample sample) throws SQLException {
    insert.setLong(1, runNo);
    insert.setLong(2, sample.step());
    insert.setInt(3, sample.index());
    insert.setString(4, sample.prompt());
    insert.setString(5, sample.response());
    real(insert, 6, sample.pmScore());
    real(insert, 7, sample.logProbability());
    real(insert, 8, sample.referenceLogProbability());
    insert.setInt(9, sample.tokens());
    insert.setBoolean(10, sample.ended());
    insert.executeUpdate();
  }

  private void resumed(JournalEntry entry, long fromStep, Head head) throws SQLException {
    update("DELETE FROM sample WHERE run_no = ? AND step > ?", runNo, fromStep);
    update(
        "UPDATE mark SET superseded = 1 WHERE run_no = ? AND kind IN ('steered', 'checkpoint')"
            + " AND (step > ? OR sequence > (SELECT max(sequence) FROM mark WHERE run_no = ?"
            + " AND kind = 'checkpoint' AND step = ?))",
        runNo,
        fromStep,
        runNo,
        fromStep);
    try (PreparedStatement query =
        connection.prepareStatement("SELECT name FROM metric WHERE run_no = ?")) {
      query.setLong(1, runNo);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Curve curve = curve(rows.getString(1));
          if (curve.points > 0 && curve.lastStep > fromStep) {
            trim(curve, fromStep);
          }
        }
      }
    }
    head.step = fromStep;
    mark(
        entry,
        fromStep,
        MarkRow.Kind.RESUMED,
        "resumed from step " + fromStep,
        "",
        Double.NaN,
        Double.NaN);
  }

  private void mark(
      JournalEntry entry,
      long step,
      MarkRow.Kind kind,
      String label,
      String parameter,
      double from,
      double to)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)")) {
      insert.setLong(1, runNo);
      insert.setLong(2, entry.sequence());
      insert.setString(3, entry.time().toString());
      insert.setLong(4, step);
      insert.setString(5, kind.name().toLowerCase(Locale.ROOT));
      insert.setString(6, label);
      insert.setString(7, parameter);
      real(insert, 8, from);
      real(insert, 9, to);
      insert.executeUpdate();
    }
  }

  private Curve curve(String name) throws SQLException {
    Curve known = curves.get(name);
    if (known != null) {
      return known;
    }
    update(
        "INSERT OR IGNORE INTO metric (run_no, name, points, chunks) VALUES (?, ?, 0, 0)",
        runNo,
        name);
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT metric_no, points, chunks, last_step, last_value FROM metric"
                + " WHERE run_no = ? AND name = ?")) {
      query.setLong(1, runNo);
      query.setString(2, name);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        Curve curve =
            new Curve(row.getLong(1), row.getLong(2), row.getInt(3), row.getLong(4), real(row, 5));
        curves.put(name, curve);
        return curve;
      }
    }
  }

  /** Drops the points behind a step; chunks that reach behind it go back into the tail. */
  private void trim(Curve curve, long lastKept) throws SQLException {
    update("DELETE FROM metric_tail WHERE metric_no = ? AND step > ?", curve.number, lastKept);
    CurvePoints kept = new CurvePoints();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT points FROM metric_chunk WHERE metric_no = ? AND last_step > ?"
                + " ORDER BY chunk")) {
      query.setLong(1, curve.number);
      query.setLong(2, lastKept);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          kept.addJson(rows.getString(1));
        }
      }
    }
    if (kept.size > 0) {
      update(
          "DELETE FROM metric_chunk WHERE metric_no = ? AND last_step > ?", curve.number, lastKept);
      for (int i = 0; i < kept.size && kept.step[i] <= lastKept; i++) {
        update(
            "INSERT INTO metric_tail VALUES (?, ?, ?, ?, ?, ?)",
            curve.number,
            kept.step[i],
            kept.samples[i],
            kept.tokens[i],
            kept.seconds[i],
            kept.value[i]);
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT (SELECT count(*) FROM metric_chunk WHERE metric_no = ?1),"
                + " (SELECT count(*) FROM metric_tail WHERE metric_no = ?1)")) {
      query.setLong(1, curve.number);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        curve.chunks = row.getInt(1);
        curve.points = (long) curve.chunks * CHUNK + row.getLong(2);
      }
    }
    last(curve);
  }

  /** Finds the last point again after a trim. */
  private void last(Curve curve) throws SQLException {
    curve.lastStep = 0;
    curve.lastValue = Double.NaN;
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT step, value FROM metric_tail WHERE metric_no = ? ORDER BY step DESC LIMIT 1")) {
      query.setLong(1, curve.number);
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          curve.lastStep = row.getLong(1);
          curve.lastValue = real(row, 2);
          return;
        }
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT points FROM metric_chunk WHERE metric_no = ? ORDER BY chunk DESC LIMIT 1")) {
      query.setLong(1, curve.number);
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          CurvePoints points = new CurvePoints();
          points.addJson(row.getString(1));
          curve.lastStep = points.step[points.size - 1];
          curve.lastValue = points.value[points.size - 1];
        }
      }
    }
  }

  /**
   * Moves the tail into chunks while it fills one. Chunk i holds points 1024 i to 1024 i + 1023.
   */
  private void fold(Curve curve) throws SQLException {
    while (curve.points - (long) curve.chunks * CHUNK >= CHUNK) {
      CurvePoints points = new CurvePoints();
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT step, samples, tokens, seconds, value FROM metric_tail WHERE metric_no = ?"
                  + " ORDER BY step LIMIT "
                  + CHUNK)) {
        query.setLong(1, curve.number);
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            points.add(
                rows.getLong(1), rows.getLong(2), rows.getLong(3), real(rows, 4), real(rows, 5));
          }
        }
      }
      long lastStep = points.step[points.size - 1];
      update(
          "INSERT INTO metric_chunk VALUES (?, ?, ?, ?, ?)",
          curve.number,
          curve.chunks,
          points.step[0],
          lastStep,
          points.json());
      update("DELETE FROM metric_tail WHERE metric_no = ? AND step <= ?", curve.number, lastStep);
      curve.chunks++;
    }
  }

  private void update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof Double value) {
          real(statement, i + 1, value);
        } else {
          statement.setObject(i + 1, values[i]);
        }
      }
      statement.executeUpdate();
    }
  }

  /** SQLite has no NaN: it becomes NULL. */
  static void real(PreparedStatement statement, int index, double value) throws SQLException {
    if (Double.isNaN(value)) {
      statement.setNull(index, Types.REAL);
    } else {
      statement.setDouble(index, value);
    }
  }

  /** The reverse of the other {@code real}. */
  static double real(ResultSet row, int column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Double.NaN : value;
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value)
            .replaceFirst("(\\.\\d*?)0+($|e)", "$1$2")
            .replaceFirst("\\.($|e)", "$1");
  }
}
