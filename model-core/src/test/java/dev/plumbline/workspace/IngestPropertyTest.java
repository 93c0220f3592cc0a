package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However a journal's growth, ingests and crashes interleave, the tables come out the same. */
final class IngestPropertyTest {

  @Property(tries = 40)
  void anyInterleavingOfGrowthIngestAndCrashGivesTheSameTables(
      @ForAll long seed, @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 1000) Integer> cuts)
      throws Exception {
    Path scratch = Files.createTempDirectory("plumbline-ingest");
    try {
      Path clean = scratch.resolve("clean");
      List<JournalEvent> events = events(new Random(seed));
      Path run = RunFixture.run(clean, "r", events);
      byte[] journal = Files.readAllBytes(run.resolve("journal.jsonl"));
      ingest(clean);

      Path pieces = scratch.resolve("pieces");
      Path grown = RunFixture.run(pieces, "r", List.of());
      List<Integer> lengths =
          cuts.stream().map(cut -> (int) ((long) cut * journal.length / 1000)).sorted().toList();
      for (int length : lengths) {
        Files.write(grown.resolve("journal.jsonl"), Arrays.copyOf(journal, length));
        if (length % 3 == 0) {
          crashWhileIngesting(pieces);
        }
        ingest(pieces);
      }
      Files.write(grown.resolve("journal.jsonl"), journal);
      crashWhileIngesting(pieces);
      ingest(pieces);
      assertThat(tables(pieces)).isEqualTo(tables(clean));
      try (Workspace workspace = Workspace.open(pieces)) {
        for (String metric : List.of("loss", "eval/loss")) {
          assertThat(points(workspace.series("r", metric))).isEqualTo(replayed(events, metric));
        }
      }
    } finally {
      try (Stream<Path> files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** What stands at the end by the rule itself: later values win, a resume drops what is behind. */
  private static Map<Long, Double> replayed(List<JournalEvent> events, String metric) {
    TreeMap<Long, Double> points = new TreeMap<>();
    for (JournalEvent event : events) {
      if (event instanceof JournalEvent.Metrics metrics && metrics.values().containsKey(metric)) {
        points.tailMap(metrics.step()).clear();
        points.put(metrics.step(), metrics.values().get(metric));
      } else if (event instanceof JournalEvent.Resumed(long fromStep)) {
        points.tailMap(fromStep, false).clear();
      }
    }
    return points;
  }

  private static Map<Long, Double> points(MetricSeries series) {
    Map<Long, Double> points = new TreeMap<>();
    for (int i = 0; i < series.size(); i++) {
      points.put(series.step()[i], series.value()[i]);
    }
    return points;
  }

  private static void ingest(Path directory) {
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      workspace.ingest();
    }
  }

  /** The write fails in the middle of a transaction, as when the process dies there. */
  private static void crashWhileIngesting(Path directory) throws SQLException {
    try (Workspace workspace = Workspace.open(directory)) {
      try (Connection connection = connect(directory);
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TRIGGER crash BEFORE UPDATE ON metric BEGIN SELECT RAISE(ABORT, 'crash'); END");
      }
      try {
        workspace.ingest();
      } catch (RuntimeException expected) {
        assertThat(expected).hasMessageContaining("crash");
      }
      try (Connection connection = connect(directory);
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TRIGGER crash");
      }
    }
  }

  private static Connection connect(Path directory) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("workspace.db"));
  }

  private static List<String> tables(Path directory) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(directory);
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "SELECT run_id, name, journal_state, state, detail, phase, problem, step,"
                  + " total_steps, seconds_left, active_seconds, journal_offset, journal_sequence,"
                  + " device, threads"
                  + " FROM run",
              "SELECT name, points, chunks, last_step, last_value FROM metric ORDER BY name",
              "SELECT name, c.chunk, c.first_step, c.last_step, c.points FROM metric_chunk c"
                  + " JOIN metric USING (metric_no) ORDER BY name, chunk",
              "SELECT name, t.step, samples, tokens, seconds, value FROM metric_tail t"
                  + " JOIN metric USING (metric_no) ORDER BY name, t.step",
              "SELECT * FROM sample ORDER BY run_no, step, idx",
              "SELECT sequence, step, kind, label, superseded FROM mark ORDER BY sequence")) {
        try (ResultSet row = statement.executeQuery(sql)) {
          int columns = row.getMetaData().getColumnCount();
          while (row.next()) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
              text.append(row.getString(i)).append('|');
            }
            rows.add(text.toString());
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A run with checkpoints, resumes, steering and samples, long enough to fill chunks. */
  private static List<JournalEvent> events(Random random) {
    List<JournalEvent> events = new ArrayList<>();
    long step = 0;
    long checkpoint = -1;
    int length = 200 + random.nextInt(2500);
    for (int i = 0; i < length; i++) {
      step++;
      double value = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
      events.add(
          new JournalEvent.Metrics(
              step,
              step * 2,
              step * 3,
              step * 0.5,
              step % 7 == 0 ? Map.of("loss", value, "eval/loss", value) : Map.of("loss", value)));
      switch (random.nextInt(200)) {
        case 0, 1 -> {
          checkpoint = step;
          events.add(new JournalEvent.Checkpoint(step, "checkpoints/" + step));
        }
        case 2 -> {
          events.add(new JournalEvent.Resumed(checkpoint));
          step = Math.max(0, checkpoint);
        }
        case 3 -> events.add(new JournalEvent.Steered(step, "lambda_kl", 0.1, value));
        case 4, 5, 6 ->
            events.add(
                new JournalEvent.Sample(
                    new ResponseSample(step, 0, "p", "r" + i, value, -1, -2, 3, true)));
        case 8 -> events.add(new JournalEvent.Device("cpu", random.nextInt(1, 9)));
        case 9 -> events.add(new JournalEvent.State(RunState.FAILED, step, "for now"));
        case 10 -> events.add(new JournalEvent.State(RunState.RUNNING, step, ""));
        case 7 -> events.add(new JournalEvent.Progress(step, 3000, 1.5, "training"));
        default -> {
          // most steps bring metrics alone
        }
      }
    }
    if (random.nextBoolean()) {
      events.add(new JournalEvent.State(RunState.STOPPED, step, "done"));
    }
    return events;
  }
}
