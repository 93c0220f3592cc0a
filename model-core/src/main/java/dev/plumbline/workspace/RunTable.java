package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * Questions about many runs, answered by SQLite: no more than the order of the runs and one page of
 * their values is ever held. It has a connection of its own, so that a key stroke in the filter
 * waits for no curve and no ingest. Any thread but the JavaFX thread may ask; one is answered at a
 * time.
 */
public final class RunTable implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
  private static final int MOST_DIFFERENT = 1000;

  private final Path file;
  private final Connection connection;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();

  /**
   * How many runs lie where.
   *
   * @param runs neither archived nor in the trash
   */
  public record Counts(int runs, int archived, int trashed) {
    /** None anywhere. */
    public static final Counts NONE = new Counts(0, 0, 0);

    /** Those of a scope. */
    public int of(RunQuery.Scope scope) {
      return switch (scope) {
        case RUNS -> runs;
        case ARCHIVE -> archived;
        case TRASH -> trashed;
      };
    }
  }

  RunTable(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    try {
      connection = Database.connect(file, true);
      try (Statement statement = connection.createStatement()) {
        // 64 MB, so that what filters read of ten thousand runs is read from the disk once
        statement.execute("PRAGMA cache_size = -65536");
      }
      Function.create(connection, RunSql.FIND, new Find(), 2, Function.FLAG_DETERMINISTIC);
      Function.create(connection, RunSql.LOWER, new Lower(), 1, Function.FLAG_DETERMINISTIC);
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  // ----------------------------------------------------------------------------------- finding

  /** The runs of a query, in its order. */
  public List<RunKey> find(RunQuery query) {
    return ask(
        () -> {
          RunSql sql = sql();
          List<RunKey> found = new ArrayList<>();
          each(
              "SELECT run_no, run_id FROM (SELECT r.run_no, r.run_id, r.created"
                  + sql.keys(query.order())
                  + RunSql.FROM
                  + " WHERE "
                  + sql.where(query)
                  + ")"
                  + RunSql.by(query.order()),
              row -> found.add(new RunKey(row.getLong(1), row.getString(2))));
          return List.copyOf(found);
        });
  }

  /** How many runs lie where. */
  public Counts counts() {
    return ask(
        () -> {
          int[] counts = new int[3];
          each(
              "SELECT CASE WHEN r.trashed IS NOT NULL THEN 2 ELSE IFNULL(e.archived, 0) END,"
                  + " count(*)"
                  + RunSql.FROM
                  + " GROUP BY 1",
              row -> counts[row.getInt(1)] = row.getInt(2));
          return new Counts(counts[0], counts[1], counts[2]);
        });
  }

  /** The values of some runs, in the order asked for; runs that are gone meanwhile are left out. */
  public List<RunLine> lines(List<RunKey> runs, List<RunField> columns) {
    if (runs.isEmpty()) {
      return List.of();
    }
    return ask(
        () -> {
          RunSql sql = sql();
          StringBuilder select =
              new StringBuilder(
                  "SELECT r.run_no, r.run_id, COALESCE(e.name, r.name), r.name, r.stage, r.state,"
                      + " CASE WHEN r.problem <> '' THEN r.problem WHEN r.state = 'running' AND"
                      + " r.detail = '' THEN r.phase ELSE r.detail END, COALESCE(e.tags,"
                      + " r.spec_tags), COALESCE(e.notes, r.spec_notes), IFNULL(e.starred, 0),"
                      + " IFNULL(e.archived, 0), r.trashed IS NOT NULL");
          int first = 13;
          for (RunField column : columns) {
            select.append(", ").append(sql.value(column));
            for (RunField end : interval(column)) {
              select.append(", ").append(sql.value(end));
            }
          }
          select
              .append(RunSql.FROM)
              .append(" WHERE r.run_no IN (")
              .append(
                  runs.stream()
                      .map(run -> Long.toString(run.number()))
                      .collect(Collectors.joining(",")))
              .append(')');
          Map<Long, RunLine> read = new HashMap<>();
          each(
              select.toString(),
              row -> {
                List<RunLine.Cell> cells = new ArrayList<>();
                int at = first;
                for (RunField column : columns) {
                  RunLine.Cell cell = cell(row, at++, column);
                  if (!interval(column).isEmpty()) {
                    cell =
                        new RunLine.Cell(
                            cell.text(),
                            cell.number(),
                            RunIngest.real(row, at++),
                            RunIngest.real(row, at++));
                  }
                  cells.add(cell);
                }
                read.put(
                    row.getLong(1),
                    new RunLine(
                        new RunKey(row.getLong(1), row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        Workspace.state(row.getString(6)),
                        row.getString(7),
                        texts(row.getString(8)),
                        row.getString(9),
                        row.getBoolean(10),
                        row.getBoolean(11),
                        row.getBoolean(12),
                        cells));
              });
          List<RunLine> lines = new ArrayList<>();
          for (RunKey run : runs) {
            RunLine line = read.get(run.number());
            if (line != null) {
              lines.add(line);
            }
          }
          return List.copyOf(lines);
        });
  }

  /**
   * The fields of the ends of a value's interval, where metrics of that name are defined; of the
   * progress, steps done and steps in all.
   */
  private static List<RunField> interval(RunField field) {
    if (field.equals(RunField.of(RunField.Attribute.PROGRESS))) {
      return List.of(RunField.of(RunField.Attribute.STEP), RunField.of(RunField.Attribute.STEPS));
    }
    return field instanceof RunField.Curve(String metric, RunField.Statistic statistic)
            && statistic == RunField.Statistic.LAST
            && Metrics.of(metric + Metrics.LOW).isPresent()
        ? List.of(RunField.last(metric + Metrics.LOW), RunField.last(metric + Metrics.HIGH))
        : List.of();
  }

  private static RunLine.Cell cell(ResultSet row, int column, RunField field) throws SQLException {
    Object value = row.getObject(column);
    return switch (value) {
      case null -> RunLine.Cell.NONE;
      case Number number -> new RunLine.Cell("", number.doubleValue(), Double.NaN, Double.NaN);
      default ->
          new RunLine.Cell(
              field.equals(RunField.of(RunField.Attribute.TAGS))
                  ? String.join(", ", texts(value.toString()))
                  : value.toString(),
              Double.NaN,
              Double.NaN,
              Double.NaN);
    };
  }

  /**
   * The runs of a query by the value that they have of a field: groups in the order of that value,
   * those that lack it last.
   */
  public List<RunGroup> groups(RunQuery query, RunField by, List<RunField> columns) {
    return ask(
        () -> {
          RunSql sql = sql();
          StringBuilder select = new StringBuilder("SELECT run_no, run_id, g");
          StringBuilder inner = new StringBuilder();
          for (int i = 0; i < columns.size(); i++) {
            select.append(", c").append(i);
            inner.append(", ").append(sql.value(columns.get(i))).append(" AS c").append(i);
          }
          boolean descending =
              query.order().stream()
                  .anyMatch(order -> order.field().equals(by) && order.descending());
          Map<RunLine.Cell, Collected> groups = new LinkedHashMap<>();
          each(
              select
                  + " FROM (SELECT r.run_no, r.run_id, r.created, "
                  + sql.value(by)
                  + " AS g"
                  + inner
                  + sql.keys(query.order())
                  + RunSql.FROM
                  + " WHERE "
                  + sql.where(query)
                  + ")"
                  + RunSql.by(query.order())
                      .replace(
                          "ORDER BY ",
                          "ORDER BY g IS NULL, g COLLATE NOCASE" + (descending ? " DESC, " : ", ")),
              row -> {
                Collected group =
                    groups.computeIfAbsent(cell(row, 3, by), _ -> new Collected(columns));
                group.members.add(new RunKey(row.getLong(1), row.getString(2)));
                for (int i = 0; i < columns.size(); i++) {
                  group.columns.get(i).add(cell(row, 4 + i, columns.get(i)));
                }
              });
          return groups.entrySet().stream()
              .map(
                  group ->
                      new RunGroup(
                          group.getKey(),
                          group.getValue().members,
                          group.getValue().columns.stream().map(Column::aggregate).toList()))
              .toList();
        });
  }

  /** A group while it is read. */
  private static final class Collected {
    final List<RunKey> members = new ArrayList<>();
    final List<Column> columns;

    Collected(List<RunField> fields) {
      columns = fields.stream().map(Column::new).toList();
    }
  }

  /** A column of a group while it is read. */
  private static final class Column {
    private final boolean estimate;
    private final Moments moments = new Moments();
    private final Set<RunLine.Cell> different = new LinkedHashSet<>();
    private int n;
    private double low = Double.NaN;
    private double high = Double.NaN;

    Column(RunField field) {
      estimate = field instanceof RunField.Curve;
    }

    void add(RunLine.Cell cell) {
      if (cell.isNone()) {
        return;
      }
      n++;
      if (different.size() < MOST_DIFFERENT) {
        different.add(cell);
      }
      if (Double.isFinite(cell.number())) {
        moments.add(cell.number());
        low = Double.isNaN(low) ? cell.number() : Math.min(low, cell.number());
        high = Double.isNaN(high) ? cell.number() : Math.max(high, cell.number());
      }
    }

    RunGroup.Aggregate aggregate() {
      Interval interval = moments.tInterval(0.95);
      return new RunGroup.Aggregate(
          n,
          moments.mean(),
          estimate ? (interval.high() - interval.low()) / 2 : Double.NaN,
          low,
          high,
          different.stream().limit(RunGroup.Aggregate.MOST).toList(),
          different.size());
    }
  }

  // -------------------------------------------------------------------------------- vocabulary

  /** What can be asked about. */
  public RunVocabulary vocabulary() {
    return ask(
        () -> {
          List<String> settings = new ArrayList<>();
          each(
              "SELECT key FROM setting k WHERE EXISTS (SELECT 1 FROM run_setting s WHERE"
                  + " s.setting_no = k.setting_no) ORDER BY key",
              row -> settings.add(row.getString(1)));
          List<String> metrics = new ArrayList<>();
          // From name to name through the index: there are many runs to a name.
          each(
              "WITH RECURSIVE t(n) AS (SELECT min(name) FROM metric UNION ALL SELECT (SELECT"
                  + " min(name) FROM metric WHERE name > t.n) FROM t WHERE t.n IS NOT NULL)"
                  + " SELECT n FROM t WHERE n IS NOT NULL",
              row -> metrics.add(row.getString(1)));
          return new RunVocabulary(settings, metrics);
        });
  }

  /** The values that runs have of a field, the most frequent first. */
  public List<RunVocabulary.Value> values(RunField field, int limit) {
    return ask(
        () -> {
          RunSql sql = sql();
          boolean tags = field.equals(RunField.of(RunField.Attribute.TAGS));
          String from =
              tags
                  ? "SELECT t.value AS v FROM run r LEFT JOIN run_edit e ON e.run_id = r.run_id,"
                      + " json_each(COALESCE(e.tags, r.spec_tags)) t WHERE r.trashed IS NULL"
                  : "SELECT "
                      + sql.value(field)
                      + " AS v"
                      + RunSql.FROM
                      + " WHERE r.trashed IS NULL";
          List<RunVocabulary.Value> values = new ArrayList<>();
          each(
              "SELECT v, count(*) FROM ("
                  + from
                  + ") WHERE v IS NOT NULL GROUP BY v ORDER BY 2 DESC, 1 LIMIT "
                  + limit,
              row -> values.add(new RunVocabulary.Value(plain(row.getObject(1)), row.getInt(2))));
          return List.copyOf(values);
        });
  }

  /** Fields of a filter that no run has; a filter that names one is likely a slip. */
  public List<RunField> unknown(RunFilter filter) {
    Set<RunField> fields = new LinkedHashSet<>();
    collect(filter, fields);
    return ask(
        () -> {
          Map<String, Long> settings = settings();
          List<RunField> unknown = new ArrayList<>();
          for (RunField field : fields) {
            boolean known =
                switch (field) {
                  case RunField.Of _ -> true;
                  case RunField.Setting(String key) -> settings.containsKey(key);
                  case RunField.Curve(String metric, RunField.Statistic _) ->
                      any("SELECT 1 FROM metric WHERE name = " + RunSql.quote(metric));
                };
            if (!known) {
              unknown.add(field);
            }
          }
          return unknown;
        });
  }

  private static void collect(RunFilter filter, Set<RunField> fields) {
    switch (filter) {
      case RunFilter.And(List<RunFilter> parts) -> parts.forEach(part -> collect(part, fields));
      case RunFilter.Or(List<RunFilter> parts) -> parts.forEach(part -> collect(part, fields));
      case RunFilter.Not(RunFilter part) -> collect(part, fields);
      case RunFilter.Has(RunField field) -> fields.add(field);
      case RunFilter.OneOf(RunField field, List<RunFilter.Value> _) -> fields.add(field);
      case RunFilter.Bound(RunField field, RunFilter.Side _, double _) -> fields.add(field);
      case RunFilter.Matches(RunField field, String _) -> fields.add(field);
      case RunFilter.Contains _, RunFilter.Is _, RunFilter.When _ -> {
        // no field that runs could lack
      }
    }
  }

  // -------------------------------------------------------------------------------- comparison

  /**
   * The settings of some runs side by side, with seed and stage. A model that a run of the
   * workspace trained stands as it was written in the spec; where files of the same name differ,
   * their hashes do.
   */
  public SpecComparison compare(List<String> runIds) {
    return ask(
        () -> {
          Map<Long, Integer> place = new HashMap<>();
          List<SpecComparison.Column> runs = new ArrayList<>();
          Map<String, Map<Integer, String>> rows = new TreeMap<>();
          Map<String, Map<Integer, String>> head = new LinkedHashMap<>();
          for (String id : runIds) {
            each(
                "SELECT r.run_no, COALESCE(e.name, r.name), r.stage, r.seed"
                    + RunSql.FROM
                    + " WHERE r.run_id = "
                    + RunSql.quote(id),
                row -> {
                  int at = runs.size();
                  place.put(row.getLong(1), at);
                  runs.add(new SpecComparison.Column(id, row.getString(2)));
                  put(head, "stage", at, row.getString(3));
                  put(head, "seed", at, Long.toString(row.getLong(4)));
                });
          }
          String numbers =
              place.keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
          each(
              "SELECT k.key, s.run_no, s.text FROM run_setting s JOIN setting k ON"
                  + " k.setting_no = s.setting_no WHERE s.run_no IN ("
                  + numbers
                  + ")",
              row -> put(rows, row.getString(1), at(place, row, 2), row.getString(3)));
          Map<String, Map<Integer, String>> hashes = new TreeMap<>();
          each(
              "SELECT key, run_no, reference, sha256, path FROM run_input WHERE run_no IN ("
                  + numbers
                  + ") ORDER BY place",
              row -> {
                int at = at(place, row, 2);
                String key = row.getString(1);
                if (row.getString(3).startsWith("run:") && rows.containsKey(key)) {
                  put(rows, key, at, row.getString(3));
                }
                String hash = row.getString(4);
                hashes
                    .computeIfAbsent(key + " (sha256)", _ -> new HashMap<>())
                    .merge(
                        at,
                        hash.substring(0, Math.min(12, hash.length())),
                        (one, other) -> one + ", " + other);
              });
          List<SpecComparison.Row> all = new ArrayList<>();
          head.forEach((key, values) -> all.add(row(key, values, runs.size())));
          rows.forEach((key, values) -> all.add(row(key, values, runs.size())));
          hashes.forEach(
              (key, values) -> {
                SpecComparison.Row row = row(key, values, runs.size());
                boolean told =
                    all.stream()
                        .anyMatch(each -> each.differs() && key.equals(each.key() + " (sha256)"));
                if (row.differs() && !told) {
                  all.add(row);
                }
              });
          return new SpecComparison(runs, all);
        });
  }

  private static int at(Map<Long, Integer> place, ResultSet row, int column) throws SQLException {
    return place.getOrDefault(row.getLong(column), 0);
  }

  private static void put(
      Map<String, Map<Integer, String>> rows, String key, int at, String value) {
    rows.computeIfAbsent(key, _ -> new HashMap<>()).put(at, value);
  }

  private static SpecComparison.Row row(String key, Map<Integer, String> values, int runs) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      cells.add(values.getOrDefault(i, ""));
    }
    return new SpecComparison.Row(key, cells, cells.stream().distinct().count() > 1);
  }

  // ----------------------------------------------------------------------------------- lineage

  /**
   * What some runs were made from, back to files, and what was made from them.
   *
   * @param most nodes at most; what is nearer to the runs comes first
   */
  public Lineage lineage(Collection<String> runIds, int most) {
    return ask(() -> new LineageReader(this::each, runIds, most).read());
  }

  // --------------------------------------------------------------------------------- saved views

  /** What the names of views of the live page begin with in the table of views. */
  public static final String LIVE_VIEW = "live/";

  /** The saved views of the table of runs by name. */
  public List<SavedView> views() {
    return views("name NOT LIKE '" + LIVE_VIEW + "%'");
  }

  /** The saved views of the live page by name, which begins with {@link #LIVE_VIEW}. */
  public List<SavedView> liveViews() {
    return views("name LIKE '" + LIVE_VIEW + "%'");
  }

  private List<SavedView> views(String condition) {
    return ask(
        () -> {
          List<SavedView> views = new ArrayList<>();
          each(
              "SELECT name, layout FROM run_view WHERE "
                  + condition
                  + " ORDER BY name COLLATE NOCASE",
              row -> views.add(new SavedView(row.getString(1), row.getString(2))));
          return List.copyOf(views);
        });
  }

  /** Ids of the runs whose specs name one of these runs, the runs themselves left out. */
  public List<String> users(Collection<String> runIds) {
    return ask(
        () -> {
          String ids = runIds.stream().map(RunSql::quote).collect(Collectors.joining(","));
          List<String> users = new ArrayList<>();
          each(
              "SELECT DISTINCT r.run_id FROM run_input i JOIN run r ON r.run_no = i.run_no WHERE"
                  + " r.trashed IS NULL AND i.from_run IN (%1$s) AND r.run_id NOT IN (%1$s)"
                      .formatted(ids)
                  + " ORDER BY 1",
              row -> users.add(row.getString(1)));
          return List.copyOf(users);
        });
  }

  // ----------------------------------------------------------------------------------- helpers

  /** Takes a row. */
  interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  /** Gives rows of a statement, one after the other. */
  interface Rows {
    void each(String sql, Taker taker) throws SQLException;
  }

  private interface Question<T> {
    T ask() throws SQLException;
  }

  private <T> T ask(Question<T> question) {
    asking.lock();
    try {
      connection.setAutoCommit(false); // everything as of one moment
      try {
        return question.ask();
      } finally {
        connection.commit();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains(Find.TOO_LONG)) {
        throw new UserError(Find.TOO_LONG, e);
      }
      throw Database.error(file, e);
    } finally {
      asking.unlock();
    }
  }

  private void each(String sql, Taker taker) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        taker.take(row);
      }
    }
  }

  private boolean any(String sql) throws SQLException {
    boolean[] any = {false};
    each(sql + " LIMIT 1", _ -> any[0] = true);
    return any[0];
  }

  private RunSql sql() throws SQLException {
    return new RunSql(settings(), clock.instant());
  }

  private Map<String, Long> settings() throws SQLException {
    Map<String, Long> settings = new HashMap<>();
    each(
        "SELECT key, setting_no FROM setting",
        row -> settings.put(row.getString(1), row.getLong(2)));
    return settings;
  }

  private static String plain(@Nullable Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return String.valueOf(value);
  }

  static List<String> texts(String json) {
    try {
      return List.copyOf(MAPPER.readValue(json, TEXTS));
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  /** Waits for the question that is being answered. */
  @Override
  public void close() {
    asking.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw Database.error(file, e);
    } finally {
      asking.unlock();
    }
  }

  /** A regular expression in a text; bounded, because some expressions never come to an end. */
  private static final class Find extends Function {
    static final String TOO_LONG =
        "the regular expression takes too long; make it simpler, without nested repetitions";
    private static final int STEPS = 200_000;

    private String expression = "";
    private Pattern pattern = Pattern.compile("");

    @Override
    protected void xFunc() throws SQLException {
      String wanted = value_text(0);
      String text = value_text(1);
      if (text == null || wanted == null) {
        result(0);
        return;
      }
      if (!wanted.equals(expression)) {
        pattern = Pattern.compile(wanted, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        expression = wanted;
      }
      try {
        result(pattern.matcher(new Counted(text, new int[] {STEPS})).find() ? 1 : 0);
      } catch (Exhausted | StackOverflowError e) {
        error(TOO_LONG);
      }
    }
  }

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Exhausted() {
      super("", null, false, false);
    }
  }

  /** A text that can be looked at so many times. */
  @SuppressWarnings("ArrayRecordComponent") // a count that all parts of a text share
  private record Counted(String text, int[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new Exhausted();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), left);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class Lower extends Function {
    @Override
    protected void xFunc() throws SQLException {
      String text = value_text(0);
      if (text == null) {
        result();
      } else {
        result(text.toLowerCase(Locale.ROOT));
      }
    }
  }
}
