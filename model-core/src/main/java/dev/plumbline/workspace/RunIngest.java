package dev.plumbline.workspace;

import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.TokenTraceJson;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
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

  /** Points that one statement takes: running one for each takes longer than storing them. */
  private static final int MANY = 10;

  private static final String POINT = "(?, ?, ?, ?, ?, ?)";
  private static final String INSERT_ONE = "INSERT INTO metric_tail VALUES " + POINT;
  private static final String INSERT_MANY = INSERT_ONE + (", " + POINT).repeat(MANY - 1);

  /** The statistics of a curve from its tables. */
  private static final String STATISTICS =
      "UPDATE metric SET (finite, min_value, max_value, mean_value) = (SELECT count(*), min(v),"
          + " max(v), avg(v) FROM (SELECT json_extract(p.value, '$[4]') AS v FROM metric_chunk c,"
          + " json_each(c.points) p WHERE c.metric_no = metric.metric_no UNION ALL SELECT t.value"
          + " FROM metric_tail t WHERE t.metric_no = metric.metric_no) WHERE v IS NOT NULL AND"
          + " abs(v) < 9e999) WHERE metric_no = ?";

  private final Statements statements;
  private final long runNo;
  private final ResultIngest tables;
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
    /** Its number in the tables; 0 while it has no row there. */
    long number;

    /** The newest points, which no table has yet; counted in {@code points}. */
    final CurvePoints news = new CurvePoints();

    long points;
    int chunks;
    long lastStep;
    double lastValue;

    /** Of the finite values, as long as none was taken back. */
    long finite;

    double min = Double.NaN;
    double max = Double.NaN;
    double mean = Double.NaN;

    /** Whether values were taken back, so that the tables have to be read for the statistics. */
    boolean stale;

    Curve(long number, long points, int chunks, long lastStep, double lastValue) {
      this.number = number;
      this.points = points;
      this.chunks = chunks;
      this.lastStep = lastStep;
      this.lastValue = lastValue;
    }

    /** Statistics of {@code news} alone, where some were taken back out of it. */
    void recount() {
      if (!stale) {
        return;
      }
      finite = 0;
      min = Double.NaN;
      max = Double.NaN;
      mean = Double.NaN;
      for (int i = 0; i < news.size; i++) {
        count(news.value[i]);
      }
    }

    void count(double value) {
      if (!Double.isFinite(value)) {
        return;
      }
      finite++;
      min = finite == 1 ? value : Math.min(min, value);
      max = finite == 1 ? value : Math.max(max, value);
      mean = finite == 1 ? value : mean + (value - mean) / finite;
    }
  }

  RunIngest(Statements statements, long runNo, Path directory) {
    this.statements = statements;
    this.runNo = runNo;
    tables = new ResultIngest(statements, runNo, directory);
  }

  /** Applies events in order and returns how many were new. */
  long apply(List<JournalEntry> entries, Head head) throws SQLException {
    long taken = 0;
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
            point(metrics, value.getKey(), value.getValue());
          }
        }
        case JournalEvent.Sample(ResponseSample response) -> sample(response);
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
        case JournalEvent.Table table -> tables.put(table);
        case JournalEvent.Notice notice ->
            mark(
                entry,
                notice.step(),
                MarkRow.Kind.NOTICE,
                notice.text(),
                "",
                Double.NaN,
                Double.NaN);
        case JournalEvent.Resumed resumed -> resumed(entry, resumed.fromStep(), head);
        case JournalEvent.Commanded _,
            JournalEvent.Analysis _,
            JournalEvent.Card _,
            JournalEvent.Unknown _ -> {
          // the journal keeps them; no table of ours does
        }
      }
    }
    for (Map.Entry<String, Curve> each : curves.entrySet()) {
      Curve curve = each.getValue();
      if (curve.number == 0) {
        // With its statistics at once: changing them afterwards would write its index twice.
        insert(each.getKey(), curve);
        write(curve);
        continue;
      }
      write(curve);
      statements.update(
          "UPDATE metric SET points = ?, chunks = ?, last_step = ?, last_value = ?, finite = ?,"
              + " min_value = ?, max_value = ?, mean_value = ? WHERE metric_no = ?",
          curve.points,
          curve.chunks,
          curve.lastStep,
          curve.lastValue,
          curve.finite,
          curve.min,
          curve.max,
          curve.mean,
          curve.number);
      if (curve.stale) {
        statements.update(STATISTICS, curve.number);
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

  private void point(JournalEvent.Metrics metrics, String name, double value) throws SQLException {
    Curve curve = curve(name);
    if (curve.points > 0 && metrics.step() <= curve.lastStep) {
      trim(curve, metrics.step() - 1); // measured again: the later value stands
    }
    curve.news.add(
        metrics.step(), metrics.samples(), metrics.tokens(), metrics.activeSeconds(), value);
    curve.points++;
    curve.lastStep = metrics.step();
    curve.lastValue = value;
    curve.count(value);
  }

  private void sample(ResponseSample sample) throws SQLException {
    statements.update(
        "INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        runNo,
        sample.step(),
        sample.index(),
        sample.prompt(),
        sample.response(),
        sample.pmScore(),
        sample.logProbability(),
        sample.referenceLogProbability(),
        sample.tokens(),
        sample.ended() ? 1 : 0,
        SampleScores.text(sample.scores()));
    if (sample.trace().isEmpty()) {
      statements.update(
          "DELETE FROM sample_trace WHERE run_no = ? AND step = ? AND idx = ?",
          runNo,
          sample.step(),
          sample.index());
    } else {
      statements.update(
          "INSERT OR REPLACE INTO sample_trace VALUES (?, ?, ?, ?)",
          runNo,
          sample.step(),
          sample.index(),
          TokenTraceJson.text(sample.trace()));
    }
  }

  private void resumed(JournalEntry entry, long fromStep, Head head) throws SQLException {
    statements.update("DELETE FROM sample WHERE run_no = ? AND step > ?", runNo, fromStep);
    statements.update("DELETE FROM sample_trace WHERE run_no = ? AND step > ?", runNo, fromStep);
    tables.dropAfter(fromStep);
    statements.update(
        "UPDATE mark SET superseded = 1 WHERE run_no = ? AND kind IN ('steered', 'checkpoint')"
            + " AND (step > ? OR sequence > (SELECT max(sequence) FROM mark WHERE run_no = ?"
            + " AND kind = 'checkpoint' AND step = ?))",
        runNo,
        fromStep,
        runNo,
        fromStep);
    for (String name : names()) {
      Curve curve = curve(name);
      if (curve.points > 0 && curve.lastStep > fromStep) {
        trim(curve, fromStep);
      }
    }
    head.step = Math.max(0, fromStep);
    mark(
        entry,
        head.step,
        MarkRow.Kind.RESUMED,
        fromStep < 0 ? "started over: no checkpoint yet" : "resumed from step " + fromStep,
        "",
        Double.NaN,
        Double.NaN);
  }

  private List<String> names() throws SQLException {
    List<String> names = new ArrayList<>();
    PreparedStatement query = statements.of("SELECT name FROM metric WHERE run_no = ?");
    query.setLong(1, runNo);
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    curves.forEach(
        (name, curve) -> {
          if (curve.number == 0) {
            names.add(name);
          }
        });
    return names;
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
    statements.update(
        "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        runNo,
        entry.sequence(),
        entry.time().toString(),
        step,
        kind.name().toLowerCase(Locale.ROOT),
        label,
        parameter,
        from,
        to);
  }

  private Curve curve(String name) throws SQLException {
    Curve known = curves.get(name);
    if (known != null) {
      return known;
    }
    PreparedStatement query =
        statements.of(
            "SELECT metric_no, points, chunks, last_step, last_value, finite, min_value, max_value,"
                + " mean_value FROM metric WHERE run_no = ? AND name = ?");
    query.setLong(1, runNo);
    query.setString(2, name);
    Curve curve;
    try (ResultSet row = query.executeQuery()) {
      if (row.next()) {
        curve =
            new Curve(row.getLong(1), row.getLong(2), row.getInt(3), row.getLong(4), real(row, 5));
        curve.finite = row.getLong(6);
        curve.min = real(row, 7);
        curve.max = real(row, 8);
        curve.mean = real(row, 9);
      } else {
        curve = new Curve(0, 0, 0, 0, Double.NaN);
      }
    }
    curves.put(name, curve);
    return curve;
  }

  /** Makes the row of a curve that has all its points in {@code news}. */
  private void insert(String name, Curve curve) throws SQLException {
    curve.recount();
    PreparedStatement insert =
        statements.of(
            "INSERT INTO metric (run_no, name, points, chunks, last_step, last_value, finite,"
                + " min_value, max_value, mean_value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " RETURNING metric_no");
    insert.setLong(1, runNo);
    insert.setString(2, name);
    insert.setLong(3, curve.news.size);
    insert.setLong(4, curve.news.size / CHUNK); // what write() makes of them
    insert.setLong(5, curve.lastStep);
    real(insert, 6, curve.lastValue);
    insert.setLong(7, curve.finite);
    real(insert, 8, curve.min);
    real(insert, 9, curve.max);
    real(insert, 10, curve.mean);
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      curve.number = row.getLong(1);
    }
  }

  /** Drops the points behind a step; chunks that reach behind it go back into the tail. */
  private void trim(Curve curve, long lastKept) throws SQLException {
    curve.stale = true;
    CurvePoints news = curve.news;
    int dropped = 0;
    while (news.size > 0 && news.step[news.size - 1] > lastKept) {
      news.size--;
      dropped++;
    }
    if (news.size > 0) {
      curve.points -= dropped;
      curve.lastStep = news.step[news.size - 1];
      curve.lastValue = news.value[news.size - 1];
      return;
    }
    statements.update(
        "DELETE FROM metric_tail WHERE metric_no = ? AND step > ?", curve.number, lastKept);
    CurvePoints kept = new CurvePoints();
    PreparedStatement chunks =
        statements.of(
            "SELECT points FROM metric_chunk WHERE metric_no = ? AND last_step > ?"
                + " ORDER BY chunk");
    chunks.setLong(1, curve.number);
    chunks.setLong(2, lastKept);
    try (ResultSet rows = chunks.executeQuery()) {
      while (rows.next()) {
        kept.addJson(rows.getString(1));
      }
    }
    if (kept.size > 0) {
      statements.update(
          "DELETE FROM metric_chunk WHERE metric_no = ? AND last_step > ?", curve.number, lastKept);
      int to = 0;
      while (to < kept.size && kept.step[to] <= lastKept) {
        to++;
      }
      addToTail(curve, kept, 0, to);
    }
    PreparedStatement counts =
        statements.of(
            "SELECT (SELECT count(*) FROM metric_chunk WHERE metric_no = ?1),"
                + " (SELECT count(*) FROM metric_tail WHERE metric_no = ?1)");
    counts.setLong(1, curve.number);
    try (ResultSet row = counts.executeQuery()) {
      row.next();
      curve.chunks = row.getInt(1);
      curve.points = (long) curve.chunks * CHUNK + row.getLong(2);
    }
    last(curve);
  }

  /** Finds the last point of the tables. */
  private void last(Curve curve) throws SQLException {
    curve.lastStep = 0;
    curve.lastValue = Double.NaN;
    PreparedStatement tail =
        statements.of(
            "SELECT step, value FROM metric_tail WHERE metric_no = ? ORDER BY step DESC LIMIT 1");
    tail.setLong(1, curve.number);
    try (ResultSet row = tail.executeQuery()) {
      if (row.next()) {
        curve.lastStep = row.getLong(1);
        curve.lastValue = real(row, 2);
        return;
      }
    }
    PreparedStatement chunk =
        statements.of(
            "SELECT points FROM metric_chunk WHERE metric_no = ? ORDER BY chunk DESC LIMIT 1");
    chunk.setLong(1, curve.number);
    try (ResultSet row = chunk.executeQuery()) {
      if (row.next()) {
        CurvePoints points = new CurvePoints();
        points.addJson(row.getString(1));
        curve.lastStep = points.step[points.size - 1];
        curve.lastValue = points.value[points.size - 1];
      }
    }
  }

  /**
   * Writes a curve's new points: full chunks together with the tail that is there, and what is left
   * into the tail. Chunk i holds points 1024 i to 1024 i + 1023.
   */
  private void write(Curve curve) throws SQLException {
    if (curve.points - (long) curve.chunks * CHUNK < CHUNK) {
      addToTail(curve, curve.news, 0, curve.news.size);
      return;
    }
    CurvePoints all = tail(curve);
    int inTail = all.size;
    all.add(curve.news);
    int at = 0;
    for (; all.size - at >= CHUNK; at += CHUNK) {
      statements.update(
          "INSERT INTO metric_chunk VALUES (?, ?, ?, ?, ?)",
          curve.number,
          curve.chunks,
          all.step[at],
          all.step[at + CHUNK - 1],
          all.json(at, at + CHUNK));
      curve.chunks++;
    }
    statements.update(
        "DELETE FROM metric_tail WHERE metric_no = ? AND step <= ?",
        curve.number,
        all.step[at - 1]);
    addToTail(curve, all, Math.max(at, inTail), all.size);
  }

  private CurvePoints tail(Curve curve) throws SQLException {
    CurvePoints tail = new CurvePoints();
    PreparedStatement query =
        statements.of(
            "SELECT step, samples, tokens, seconds, value FROM metric_tail WHERE metric_no = ?"
                + " ORDER BY step");
    query.setLong(1, curve.number);
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        tail.add(rows.getLong(1), rows.getLong(2), rows.getLong(3), real(rows, 4), real(rows, 5));
      }
    }
    return tail;
  }

  private void addToTail(Curve curve, CurvePoints points, int from, int to) throws SQLException {
    if (from >= to) {
      return;
    }
    for (int at = from; at < to; ) {
      int rows = to - at >= MANY ? MANY : 1;
      PreparedStatement insert = statements.of(rows == MANY ? INSERT_MANY : INSERT_ONE);
      int column = 1;
      for (int i = at; i < at + rows; i++) {
        insert.setLong(column++, curve.number);
        insert.setLong(column++, points.step[i]);
        insert.setLong(column++, points.samples[i]);
        insert.setLong(column++, points.tokens[i]);
        real(insert, column++, points.seconds[i]);
        real(insert, column++, points.value[i]);
      }
      insert.executeUpdate();
      at += rows;
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
