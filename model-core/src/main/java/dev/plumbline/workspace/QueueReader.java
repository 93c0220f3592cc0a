package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.Study;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the queue with what journals say of its entries. How long an entry takes that has not begun
 * is taken from what was measured of it (the minutes that a ready study names), else from what
 * finished runs of the same stage took, by the step where both count steps.
 */
final class QueueReader {
  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);

  /** Finished runs whose seconds are looked at. */
  private static final int REFERENCES = 9;

  private static final String STEPS =
      "json_extract(CASE WHEN json_valid(r.spec) THEN r.spec ELSE '{}' END,"
          + " '$.\"' || r.stage || '\".steps')";

  private final Path directory;

  /** What studies say of their own length, in minutes; they do not change their mind. */
  private final Map<String, Double> minutes = new HashMap<>();

  QueueReader(Path directory) {
    this.directory = directory;
  }

  /** A run as far as times go. */
  private record Work(
      String id,
      String stage,
      String state,
      long step,
      long total,
      double left,
      double active,
      double steps) {
    boolean isFinished() {
      return state.equals("finished");
    }

    double fraction() {
      return isFinished() ? 1 : total > 0 ? Math.clamp((double) step / total, 0, 1) : 0;
    }
  }

  QueueSheet read(Connection connection) throws SQLException {
    List<QueueEntry> entries = WorkQueue.entries(connection);
    QueueBook.Terms terms = WorkQueue.terms(connection);
    Map<String, Double> stages = new HashMap<>();
    List<QueueLine> lines = new ArrayList<>();
    for (QueueEntry entry : entries) {
      lines.add(
          entry.kind() == QueueEntry.Kind.RUN
              ? run(connection, entry, stages)
              : study(connection, entry, stages));
    }
    int places = terms.atATime() > 0 ? terms.atATime() : Runtime.getRuntime().availableProcessors();
    return QueueSheet.forecast(
        terms, !entries.isEmpty() && new QueueProcess(directory).isAtWork(), lines, places);
  }

  private QueueLine run(Connection connection, QueueEntry entry, Map<String, Double> stages)
      throws SQLException {
    List<Work> found = work(connection, "r.run_id = ?", entry.target());
    if (found.isEmpty()) {
      return new QueueLine(entry, 0, 0, Double.NaN, Double.NaN, Double.NaN);
    }
    Work run = found.getFirst();
    double left = run.left();
    if (!Double.isFinite(left) || entry.state() != QueueEntry.State.RUNNING) {
      left = (1 - run.fraction()) * expected(connection, run, stages);
    }
    return new QueueLine(
        entry,
        run.step(),
        run.total(),
        run.total() > 0 || run.isFinished() ? run.fraction() : Double.NaN,
        over(entry) ? Double.NaN : left,
        Double.NaN);
  }

  private QueueLine study(Connection connection, QueueEntry entry, Map<String, Double> stages)
      throws SQLException {
    List<Work> runs =
        work(
            connection,
            "r.run_id IN (SELECT m.run_id FROM study s JOIN study_run m ON m.study_no = s.study_no"
                + " WHERE s.study_id = ?)",
            entry.target());
    long total = 0;
    long done = 0;
    double left = Double.NaN;
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT total, seconds_left, done FROM study WHERE study_id = ?")) {
      query.setString(1, entry.target());
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          total = row.getLong(1);
          left = RunIngest.real(row, 2);
          done = row.getLong(3);
        }
      }
    }
    double fraction = runs.stream().mapToDouble(Work::fraction).sum() / Math.max(1, total);
    if (!Double.isFinite(left) || entry.state() != QueueEntry.State.RUNNING) {
      left = minutes(entry.target()) * 60 * (1 - fraction);
    }
    if (!Double.isFinite(left)) {
      left = 0;
      for (Work run : runs) {
        if (!run.isFinished()) {
          left += (1 - run.fraction()) * expected(connection, run, stages);
        }
      }
      // As many at a time as the study's process starts where nobody said how many.
      left /= entry.workers() > 0 ? entry.workers() : Runtime.getRuntime().availableProcessors();
    }
    return new QueueLine(
        entry,
        Math.max(done, runs.stream().filter(Work::isFinished).count()),
        total,
        total == 0 ? Double.NaN : fraction,
        over(entry) ? Double.NaN : left,
        Double.NaN);
  }

  private static boolean over(QueueEntry entry) {
    return entry.state().isOver();
  }

  private double minutes(String study) {
    return minutes.computeIfAbsent(
        study,
        id -> {
          try {
            return Study.read(directory.resolve("studies").resolve(id)).about().minutes();
          } catch (UserError e) {
            LOG.debug("no minutes of {}: {}", id, e.getMessage());
            return Double.NaN;
          }
        });
  }

  private static List<Work> work(Connection connection, String which, String id)
      throws SQLException {
    List<Work> found = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT r.run_id, r.stage, r.state, r.step, r.total_steps, r.seconds_left,"
                + " r.active_seconds, "
                + STEPS
                + " FROM run r WHERE r.trashed IS NULL AND "
                + which)) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(row(row));
        }
      }
    }
    return found;
  }

  private static Work row(ResultSet row) throws SQLException {
    return new Work(
        String.valueOf(row.getString(1)),
        String.valueOf(row.getString(2)),
        String.valueOf(row.getString(3)),
        row.getLong(4),
        row.getLong(5),
        RunIngest.real(row, 6),
        RunIngest.real(row, 7),
        RunIngest.real(row, 8));
  }

  /** Seconds that a whole run of this stage is expected to take; NaN where none is finished yet. */
  private static double expected(Connection connection, Work run, Map<String, Double> stages)
      throws SQLException {
    boolean counted = Double.isFinite(run.steps()) && run.steps() > 0;
    String key = run.stage() + (counted ? "/step" : "");
    Double known = stages.get(key);
    if (known == null) {
      List<Double> seconds = new ArrayList<>();
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT r.run_id, r.stage, r.state, r.step, r.total_steps, r.seconds_left,"
                  + " r.active_seconds, "
                  + STEPS
                  + " FROM run r WHERE r.stage = ? AND r.state = 'finished' AND r.trashed IS NULL"
                  + " AND r.active_seconds > 0 ORDER BY r.created DESC LIMIT ?")) {
        query.setString(1, run.stage());
        query.setInt(2, REFERENCES);
        try (ResultSet row = query.executeQuery()) {
          while (row.next()) {
            Work one = row(row);
            double each = counted ? one.active() / one.steps() : one.active();
            if (Double.isFinite(each)) {
              seconds.add(each);
            }
          }
        }
      }
      seconds.sort(null);
      known = seconds.isEmpty() ? Double.NaN : seconds.get(seconds.size() / 2);
      stages.put(key, known);
    }
    return counted ? known * run.steps() : known;
  }
}
