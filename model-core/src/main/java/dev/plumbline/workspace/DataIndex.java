package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.DataFileReader;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.DataRow;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.NearDuplicates;
import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite file of its own by which one data file of any size is browsed, searched and counted. It
 * holds the columns of each row, a full-text index without content, and the texts in deflated
 * blocks of {@value #BLOCK} rows, so that a row is read at once from a file that is gzip too. It is
 * made from the data file alone and can be made again; where the file changed it is made anew. Used
 * by one thread at a time.
 */
public final class DataIndex implements AutoCloseable {
  /** Raised when what stands in the file changes. */
  private static final int VERSION = 1;

  private static final int BLOCK = 32;
  private static final int BLOCKS_KEPT = 64;
  private static final int PREVIEW = 240;
  private static final int FEW = 12;
  private static final int INTERVALS = 30;
  private static final int MOST_VALUES = 100;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> ATTRIBUTES =
      new TypeReference<>() {};

  private final Path file;
  private final Connection connection;
  private final Map<String, String> meta = new LinkedHashMap<>();
  private final int rows;
  private final Map<Integer, List<DataRow>> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<DataRow>> eldest) {
          return size() > BLOCKS_KEPT;
        }
      };

  private DataIndex(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT key, value FROM meta")) {
      while (found.next()) {
        meta.put(found.getString(1), found.getString(2));
      }
    }
    rows = Integer.parseInt(meta.getOrDefault("rows", "0"));
  }

  // ------------------------------------------------------------------------------------ making

  /** Is told how far the making of an index is. */
  public interface Progress {
    /**
     * @param fraction of the file that is read, 0 to 1
     * @param rows rows so far
     */
    void at(double fraction, long rows);

    /** Whether the work is to end. */
    boolean cancelled();
  }

  /**
   * Makes the index of a data file; what was there is replaced when the new one is whole.
   *
   * @param index where it is to stand
   * @throws UserError where the data file cannot be read or the index not be written
   * @throws CancellationException where it is to end
   */
  public static DataReport build(Path data, DataMapping mapping, Path index, Progress progress) {
    Path written = index.resolveSibling("." + index.getFileName() + ".new");
    try {
      Files.createDirectories(index.toAbsolutePath().getParent());
      Files.deleteIfExists(written);
      DataReport report;
      try (Connection connection = Database.connect(written, false)) {
        report = fill(connection, data, mapping, progress);
      } catch (SQLException e) {
        throw Database.error(index, e);
      }
      Files.move(
          written, index, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return report;
    } catch (IOException e) {
      throw new UserError(index + ": cannot be written (" + e.getMessage() + ")", e);
    } finally {
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        try {
          Files.deleteIfExists(written.resolveSibling(written.getFileName() + suffix));
        } catch (IOException e) {
          // it is hidden, and the next making replaces it
        }
      }
    }
  }

  private static DataReport fill(
      Connection connection, Path data, DataMapping mapping, Progress progress)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      // nothing is lost where this is cut off: the file is put in its place when it is whole
      statement.execute("PRAGMA journal_mode = OFF");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("PRAGMA cache_size = -65536");
      statement.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
      statement.execute(
          "CREATE TABLE row (id INTEGER PRIMARY KEY, line INTEGER NOT NULL, turns INTEGER NOT"
              + " NULL, prompt_words INTEGER NOT NULL, chosen_words INTEGER NOT NULL,"
              + " rejected_words INTEGER NOT NULL, tranche TEXT NOT NULL, source TEXT NOT NULL,"
              + " margin REAL, score_chosen REAL, score_rejected REAL, opening INTEGER NOT NULL,"
              + " prompt INTEGER NOT NULL, pair INTEGER NOT NULL, sided INTEGER NOT NULL,"
              + " same INTEGER NOT NULL)");
      statement.execute("CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL)");
      statement.execute(
          "CREATE TABLE near (id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, similarity REAL NOT"
              + " NULL)");
      statement.execute(
          "CREATE VIRTUAL TABLE text USING fts5(prompt, chosen, rejected, content='',"
              + " columnsize=0, tokenize='unicode61 remove_diacritics 2')");
      // fewer and larger segments, so that fewer are merged
      statement.execute("INSERT INTO text(text, rank) VALUES ('hashsize', 33554432)");
    }
    long size = Math.max(1, Files.size(data));
    String modified = Files.getLastModifiedTime(data).toString();
    connection.setAutoCommit(false);
    DataReport report;
    try (Filler filler = new Filler(connection, mapping.kind())) {
      report =
          DataFileReader.read(
              data,
              mapping,
              filler,
              read -> {
                progress.at(0.96 * read / size, filler.rows);
                if (progress.cancelled()) {
                  throw new CancellationException("the making of an index was cancelled");
                }
              });
      filler.finish();
      progress.at(0.97, filler.rows);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE INDEX row_pair ON row(pair, sided)");
        statement.execute("CREATE INDEX row_prompt ON row(prompt)");
        statement.execute("CREATE INDEX row_opening ON row(opening)");
      }
      Map<String, String> meta = new LinkedHashMap<>();
      meta.put("version", Integer.toString(VERSION));
      meta.put("rows", Integer.toString(filler.rows));
      meta.put("kind", mapping.kind().name());
      meta.put("size", Long.toString(size));
      meta.put("modified", modified);
      meta.put("mapping", mapping.toString());
      meta.put("scores", Boolean.toString(filler.scores));
      meta.put("margins", Boolean.toString(filler.margins));
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO meta VALUES (?, ?)")) {
        for (Map.Entry<String, String> each : meta.entrySet()) {
          insert.setString(1, each.getKey());
          insert.setString(2, each.getValue());
          insert.executeUpdate();
        }
      }
      connection.commit();
    } catch (Failure e) {
      throw e.cause;
    }
    progress.at(1, report.used());
    return report;
  }

  /** Carries an error of SQLite through the reader. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final SQLException cause;

    Failure(SQLException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private static final class Filler implements DataFileReader.Visitor, AutoCloseable {
    private static final int BATCH = 256;
    private final PreparedStatement row;
    private final PreparedStatement text;
    private final PreparedStatement block;
    private final DataKind kind;
    private final MessageDigest digest;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private int rows;
    private boolean scores;
    private boolean margins;

    Filler(Connection connection, DataKind kind) throws SQLException {
      this.kind = kind;
      row =
          connection.prepareStatement(
              "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
      text =
          connection.prepareStatement(
              "INSERT INTO text(rowid, prompt, chosen, rejected) VALUES (?, ?, ?, ?)");
      block = connection.prepareStatement("INSERT INTO block VALUES (?, ?)");
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @Override
    public void row(DataRow found) {
      try {
        rows = Math.addExact(rows, 1);
        insert(found);
        write(found, pending);
        if (rows % BLOCK == 0) {
          flush();
        }
        if (rows % BATCH == 0) {
          row.executeBatch();
          text.executeBatch();
          block.executeBatch();
        }
      } catch (SQLException e) {
        throw new Failure(e);
      }
    }

    private void insert(DataRow found) throws SQLException {
      double first = found.number("score_chosen");
      double second = found.number("score_rejected");
      double margin = found.number("margin");
      margin = Double.isNaN(margin) ? first - second : margin;
      scores |= !Double.isNaN(first);
      margins |= !Double.isNaN(margin);
      long one = hash(found.prompt(), found.first());
      long other = kind == DataKind.COMPARISONS ? hash(found.prompt(), found.second()) : 0;
      int at = 1;
      row.setInt(at++, rows);
      row.setLong(at++, found.line());
      row.setInt(at++, found.turns());
      String said = found.said();
      row.setInt(at++, LengthRule.words(said));
      row.setInt(at++, LengthRule.words(found.first()));
      row.setInt(at++, LengthRule.words(found.second()));
      row.setString(at++, found.attributes().getOrDefault("tranche", ""));
      row.setString(at++, found.attributes().getOrDefault("source", ""));
      real(row, at++, margin);
      real(row, at++, first);
      real(row, at++, second);
      row.setLong(at++, hash(found.opening(), ""));
      row.setLong(at++, hash(found.prompt().isEmpty() ? found.first() : found.prompt(), ""));
      // a sum does not know which was preferred; what is sided does
      row.setLong(at++, one + other);
      row.setLong(at++, one - other);
      row.setInt(at, kind == DataKind.COMPARISONS && one == other ? 1 : 0);
      row.addBatch();
      text.setInt(1, rows);
      text.setString(2, said);
      text.setString(3, found.first());
      text.setString(4, found.second());
      text.addBatch();
    }

    private static void real(PreparedStatement statement, int at, double value)
        throws SQLException {
      if (Double.isNaN(value)) {
        statement.setNull(at, Types.REAL);
      } else {
        statement.setDouble(at, value);
      }
    }

    /** 64 bits of a hash of two texts: among a million the chance of one clash is below 1e-7. */
    private long hash(String one, String other) {
      digest.reset();
      digest.update(one.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(other.getBytes(StandardCharsets.UTF_8));
      byte[] bytes = digest.digest();
      long hash = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        hash = hash << 8 | (bytes[i] & 0xff);
      }
      return hash;
    }

    private void flush() throws SQLException {
      if (pending.size() == 0) {
        return;
      }
      ByteArrayOutputStream packed = new ByteArrayOutputStream(pending.size() / 2);
      deflater.reset();
      try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
        pending.writeTo(out);
      } catch (IOException e) {
        throw new IllegalStateException("memory does not fail", e);
      }
      pending.reset();
      block.setInt(1, (rows - 1) / BLOCK);
      block.setBytes(2, packed.toByteArray());
      block.addBatch();
    }

    void finish() throws SQLException {
      flush();
      row.executeBatch();
      text.executeBatch();
      block.executeBatch();
    }

    @Override
    public void close() throws SQLException {
      deflater.end();
      row.close();
      text.close();
      block.close();
    }
  }

  private static void write(DataRow row, ByteArrayOutputStream into) {
    try (DataOutputStream out = new DataOutputStream(into)) {
      out.writeLong(row.line());
      text(out, row.prompt());
      text(out, row.first());
      text(out, row.second());
      text(out, row.attributes().isEmpty() ? "" : MAPPER.writeValueAsString(row.attributes()));
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  // ----------------------------------------------------------------------------------- opening

  /**
   * Opens the index of a data file; empty where there is none, or one that is not of this file as
   * it is now.
   *
   * @throws UserError where the data file is not there
   */
  public static Optional<DataIndex> open(Path index, Path data, DataMapping mapping) {
    if (!Files.exists(data)) {
      throw new UserError(data + ": there is no such file; it was moved or deleted");
    }
    if (!Files.exists(index)) {
      return Optional.empty();
    }
    try {
      Connection connection = Database.connect(index, true);
      boolean kept = false;
      try {
        DataIndex opened = new DataIndex(index, connection);
        kept = opened.isOf(data, mapping);
        return kept ? Optional.of(opened) : Optional.empty();
      } finally {
        if (!kept) {
          connection.close();
        }
      }
    } catch (SQLException | NumberFormatException e) {
      return Optional.empty(); // damaged: it is made anew
    } catch (IOException e) {
      throw new UserError(data + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private boolean isOf(Path data, DataMapping mapping) throws IOException {
    return Integer.toString(VERSION).equals(meta.get("version"))
        && Long.toString(Math.max(1, Files.size(data))).equals(meta.get("size"))
        && Files.getLastModifiedTime(data).toString().equals(meta.get("modified"))
        && mapping.toString().equals(meta.get("mapping"));
  }

  /** How many rows the file has. */
  public int rows() {
    return rows;
  }

  /** What they are. */
  public DataKind kind() {
    return DataKind.valueOf(meta.getOrDefault("kind", DataKind.COMPARISONS.name()));
  }

  /** Whether any row has scores. */
  public boolean hasScores() {
    return Boolean.parseBoolean(meta.get("scores"));
  }

  /** Whether any row has a margin. */
  public boolean hasMargins() {
    return Boolean.parseBoolean(meta.get("margins"));
  }

  // ----------------------------------------------------------------------------------- reading

  /**
   * The rows that a query finds, by number.
   *
   * @param most how many at most
   * @param others gives the index of another data file by its name
   * @param cancelled whether nobody waits for them any more
   * @throws UserError where the filter names a file that is not there
   * @throws CancellationException where it is cancelled
   */
  public int[] find(
      DataQuery query,
      int most,
      Function<String, Optional<Path>> others,
      BooleanSupplier cancelled) {
    List<Object> arguments = new ArrayList<>();
    Optional<String> match = query.filter().onlyMatch();
    boolean plain = query.order() == DataQuery.Order.LINE;
    StringBuilder sql = new StringBuilder();
    try {
      if (plain && match.isPresent()) {
        arguments.add(match.get());
        sql.append("SELECT rowid FROM text WHERE text MATCH ? ORDER BY rowid");
      } else {
        Map<String, String> schemas = attach(query.filter(), others);
        sql.append("SELECT r.id FROM row r WHERE ")
            .append(query.filter().where(arguments, file -> schemas.getOrDefault(file, "main")))
            .append(" ORDER BY ");
        if (!plain) {
          String column = "r." + query.order().column();
          boolean text =
              query.order() == DataQuery.Order.TRANCHE || query.order() == DataQuery.Order.SOURCE;
          sql.append(text ? column + " = ''" : column + " IS NULL").append(", ").append(column);
          sql.append(query.descending() ? " DESC, " : ", ");
        }
        sql.append("r.id");
      }
      if (plain && query.descending()) {
        sql.append(" DESC");
      }
      sql.append(" LIMIT ").append(most);
      return numbers(sql.toString(), arguments, cancelled);
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private int[] numbers(String sql, List<Object> arguments, BooleanSupplier cancelled)
      throws SQLException {
    int[] found = new int[1024];
    int count = 0;
    try (PreparedStatement statement = prepared(sql, arguments);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        if (count == found.length) {
          found = Arrays.copyOf(found, Math.multiplyExact(count, 2));
        }
        found[count++] = result.getInt(1);
        if (count % 4096 == 0 && cancelled.getAsBoolean()) {
          throw new CancellationException("another query came");
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  private PreparedStatement prepared(String sql, List<Object> arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.size(); i++) {
      statement.setObject(i + 1, arguments.get(i));
    }
    return statement;
  }

  /** Attaches the indexes of the files that a filter names; gives their names in SQL. */
  private Map<String, String> attach(DataFilter filter, Function<String, Optional<Path>> others)
      throws SQLException {
    Map<String, String> schemas = new LinkedHashMap<>();
    for (String name : filter.files()) {
      Path other =
          others
              .apply(name)
              .orElseThrow(
                  () -> new UserError("there is no indexed data file called '" + name + "'"));
      schemas.put(name, attach(other));
    }
    return schemas;
  }

  private final Map<Path, String> attached = new LinkedHashMap<>();

  private String attach(Path other) throws SQLException {
    if (other.equals(file)) {
      return "main";
    }
    String known = attached.get(other);
    if (known != null) {
      return known;
    }
    if (attached.size() >= 8) {
      for (String schema : attached.values()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("DETACH " + schema);
        }
      }
      attached.clear();
    }
    String schema = "other" + attached.size();
    try (PreparedStatement statement = connection.prepareStatement("ATTACH ? AS " + schema)) {
      statement.setString(1, other.toString());
      statement.execute();
    }
    attached.put(other, schema);
    return schema;
  }

  /** Rows as a table shows them, in the order of their numbers as given. */
  public List<DataLine> lines(int... ids) {
    List<DataLine> lines = new ArrayList<>(ids.length);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT line, turns, prompt_words, chosen_words, rejected_words, tranche, source,"
                + " margin, score_chosen, score_rejected FROM row WHERE id = ?")) {
      for (int id : ids) {
        statement.setInt(1, id);
        try (ResultSet row = statement.executeQuery()) {
          if (row.next()) {
            lines.add(
                new DataLine(
                    id,
                    row.getLong(1),
                    preview(row(id)),
                    row.getInt(2),
                    row.getInt(3),
                    row.getInt(4),
                    row.getInt(5),
                    row.getString(6),
                    row.getString(7),
                    real(row, 8),
                    real(row, 9),
                    real(row, 10)));
          }
        }
      }
      return lines;
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private static String preview(DataRow row) {
    String text = row.question();
    String cut = text.length() > 2 * PREVIEW ? text.substring(0, 2 * PREVIEW) : text;
    String line = cut.strip().replaceAll("\\s+", " ");
    return line.length() > PREVIEW ? line.substring(0, PREVIEW - 1) + "\u2026" : line;
  }

  private static double real(ResultSet row, int column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Double.NaN : value;
  }

  /**
   * One row with its texts.
   *
   * @throws IllegalArgumentException where there is none of this number
   */
  public DataRow row(int id) {
    if (id < 1 || id > rows) {
      throw new IllegalArgumentException("rows are 1 to " + rows + ", not " + id);
    }
    int place = (id - 1) / BLOCK;
    List<DataRow> found = blocks.get(place);
    if (found == null) {
      found = block(place);
      blocks.put(place, found);
    }
    return found.get((id - 1) % BLOCK);
  }

  private List<DataRow> block(int place) {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT data FROM block WHERE id = ?")) {
      statement.setInt(1, place);
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          throw new UserError(file + " is damaged; remove it: it is made again from the data");
        }
        return unpacked(result.getBytes(1));
      }
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private List<DataRow> unpacked(byte[] packed) {
    List<DataRow> found = new ArrayList<>(BLOCK);
    DataKind kind = kind();
    try (InflaterInputStream inflated = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = inflated.readAllBytes();
      ByteArrayInputStream bytes = new ByteArrayInputStream(plain);
      DataInputStream in = new DataInputStream(bytes);
      while (bytes.available() > 0) {
        long line = in.readLong();
        String prompt = text(in);
        String first = text(in);
        String second = text(in);
        String attributes = text(in);
        Map<String, String> known =
            attributes.isEmpty() ? Map.of() : MAPPER.readValue(attributes, ATTRIBUTES);
        found.add(new DataRow(line, kind, prompt, first, second, known));
      }
      return found;
    } catch (JsonProcessingException e) {
      throw new UserError(file + " is damaged; remove it: it is made again from the data", e);
    } catch (IOException e) {
      throw new UserError(file + " is damaged; remove it: it is made again from the data", e);
    }
  }

  // ---------------------------------------------------------------------------------- counting

  /** What the rows are like that pass a filter. */
  public DataStatistics statistics(
      DataFilter filter, Function<String, Optional<Path>> others, BooleanSupplier cancelled) {
    List<Object> arguments = new ArrayList<>();
    try {
      Map<String, String> schemas = attach(filter, others);
      String from =
          " FROM row r WHERE "
              + filter.where(arguments, name -> schemas.getOrDefault(name, "main"));
      boolean pairs = kind() == DataKind.COMPARISONS;
      long[] totals = new long[4];
      double[] ends = new double[2];
      try (PreparedStatement statement =
              prepared(
                  "SELECT count(*), sum(r.chosen_words < r.rejected_words),"
                      + " sum(r.chosen_words > r.rejected_words), count(r.margin), min(r.margin),"
                      + " max(r.margin)"
                      + from,
                  arguments);
          ResultSet row = statement.executeQuery()) {
        row.next();
        for (int i = 0; i < totals.length; i++) {
          totals[i] = row.getLong(i + 1);
        }
        ends[0] = row.getDouble(5);
        ends[1] = row.getDouble(6);
      }
      check(cancelled);
      List<DataStatistics.Count> tranches = counts("tranche", from, arguments);
      List<DataStatistics.Count> sources = counts("source", from, arguments);
      check(cancelled);
      SortedMap<Integer, Long> turns = whole("turns", from, arguments);
      SortedMap<Integer, Long> prompt = whole("prompt_words", from, arguments);
      check(cancelled);
      SortedMap<Integer, Long> chosen = whole("chosen_words", from, arguments);
      SortedMap<Integer, Long> rejected =
          pairs ? whole("rejected_words", from, arguments) : new TreeMap<>();
      check(cancelled);
      Margins margins = margins(from, arguments, ends[0], ends[1], totals[3]);
      return new DataStatistics(
          totals[0],
          tranches,
          sources,
          turns,
          prompt,
          chosen,
          rejected,
          margins.counts,
          margins.width,
          totals[3],
          pairs ? totals[1] : 0,
          pairs ? totals[2] : 0);
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private static void check(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("another question came");
    }
  }

  private List<DataStatistics.Count> counts(String column, String from, List<Object> arguments)
      throws SQLException {
    List<DataStatistics.Count> counts = new ArrayList<>();
    try (PreparedStatement statement =
            prepared(
                "SELECT r.%s, count(*) AS n%s GROUP BY 1 ORDER BY n DESC, 1 LIMIT %d"
                    .formatted(column, from, MOST_VALUES),
                arguments);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        counts.add(new DataStatistics.Count(row.getString(1), row.getLong(2)));
      }
    }
    return counts;
  }

  private SortedMap<Integer, Long> whole(String column, String from, List<Object> arguments)
      throws SQLException {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    try (PreparedStatement statement =
            prepared("SELECT r.%s, count(*)%s GROUP BY 1".formatted(column, from), arguments);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        counts.put(row.getInt(1), row.getLong(2));
      }
    }
    return counts;
  }

  private record Margins(SortedMap<Double, Long> counts, double width) {}

  private Margins margins(String from, List<Object> arguments, double least, double most, long with)
      throws SQLException {
    SortedMap<Double, Long> counts = new TreeMap<>();
    if (with == 0) {
      return new Margins(counts, 0);
    }
    try (PreparedStatement statement =
            prepared(
                "SELECT r.margin, count(*)"
                    + from
                    + " AND r.margin IS NOT NULL GROUP BY 1 LIMIT "
                    + (FEW + 1),
                arguments);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        counts.put(row.getDouble(1), row.getLong(2));
      }
    }
    if (counts.size() <= FEW) {
      return new Margins(counts, 0);
    }
    counts.clear();
    double width = (most - least) / INTERVALS;
    List<Object> places = new ArrayList<>(List.of(least, width, INTERVALS - 1));
    places.addAll(arguments);
    try (PreparedStatement statement =
            prepared(
                "SELECT min(CAST((r.margin - ?) / ? AS INTEGER), ?), count(*)"
                    + from
                    + " AND r.margin IS NOT NULL GROUP BY 1",
                places);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        counts.put(least + (row.getInt(1) + 0.5) * width, row.getLong(2));
      }
    }
    return new Margins(counts, width);
  }

  /** What stands in the file more than once. */
  public DataRepeats repeats() {
    try {
      long[] near = {-1, -1};
      double threshold = Double.NaN;
      String looked = value("near");
      if (looked != null) {
        threshold = Double.parseDouble(looked);
        near[0] = number("SELECT count(*) FROM near");
        near[1] = number("SELECT count(DISTINCT grp) FROM near");
      }
      return new DataRepeats(
          rows,
          number("SELECT count(DISTINCT opening) FROM row"),
          number("SELECT count(DISTINCT prompt) FROM row"),
          number("SELECT count(DISTINCT pair) FROM row"),
          number(
              "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM row GROUP BY pair"
                  + " HAVING n > 1)"),
          number(
              "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM row GROUP BY pair"
                  + " HAVING min(sided) < max(sided))"),
          number("SELECT count(*) FROM row WHERE same = 1"),
          number(
              kind() == DataKind.COMPARISONS
                  ? "SELECT count(*) FROM row WHERE chosen_words = 0 OR rejected_words = 0"
                  : kind() == DataKind.DIALOGUES
                      ? "SELECT count(*) FROM row WHERE chosen_words = 0"
                      : "SELECT 0"),
          near[0],
          near[1],
          threshold);
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private @Nullable String value(String key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT value FROM meta WHERE key = ?")) {
      statement.setString(1, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /**
   * What the rows of this file, as held-out data, have in common with those of another, as training
   * data (paper section 2.3).
   *
   * @param heldOut rows of this file
   * @param openings those whose conversation opens like one of the other file
   * @param prompts those whose whole prompt stands in the other file
   * @param rows those that stand in the other file themselves, whichever response was preferred
   */
  public record Shared(long heldOut, long openings, long prompts, long rows) {}

  /** Counts what this file has in common with another. */
  public Shared shared(Path other) {
    try {
      String schema = attach(other);
      return new Shared(
          rows,
          number(common("opening", schema)),
          number(common("prompt", schema)),
          number(common("pair", schema)));
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private static String common(String column, String schema) {
    return "SELECT count(*) FROM row r WHERE EXISTS (SELECT 1 FROM %s.row o WHERE o.%s = r.%s)"
        .formatted(schema, column, column);
  }

  // ----------------------------------------------------------------------------- near duplicates

  /**
   * Finds rows that are nearly the same and writes them into the index. Compared are what was asked
   * last and the responses: comparisons of one conversation share what came before.
   *
   * @param index the index of a data file
   * @param threshold least Jaccard similarity of three-word sequences
   * @param progress takes the fraction that is done; what it throws ends the work
   */
  public static void findNear(Path index, double threshold, DoubleConsumer progress) {
    try (Connection connection = Database.connect(index, false);
        DataIndex open = new DataIndex(index, connection)) {
      NearDuplicates.Found found =
          NearDuplicates.find(
              new NearDuplicates.Texts() {
                @Override
                public int size() {
                  return open.rows;
                }

                @Override
                public void forEach(NearDuplicates.Receiver receiver) {
                  for (int i = 0; i < open.rows; i++) {
                    receiver.text(i, compared(open.row(i + 1)));
                  }
                }

                @Override
                public String text(int number) {
                  return compared(open.row(number + 1));
                }
              },
              threshold,
              progress);
      Database.transaction(
          connection,
          () -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("DELETE FROM near");
            }
            try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO near VALUES (?, ?, ?)")) {
              for (int i = 0; i < open.rows; i++) {
                if (found.group()[i] >= 0) {
                  insert.setInt(1, i + 1);
                  insert.setInt(2, found.group()[i]);
                  insert.setDouble(3, found.similarity()[i]);
                  insert.addBatch();
                  if (i % 512 == 0) {
                    insert.executeBatch();
                  }
                }
              }
              insert.executeBatch();
            }
            try (PreparedStatement said =
                connection.prepareStatement("INSERT OR REPLACE INTO meta VALUES ('near', ?)")) {
              said.setString(1, Double.toString(threshold));
              said.executeUpdate();
            }
          });
    } catch (SQLException e) {
      throw Database.error(index, e);
    }
  }

  private static String compared(DataRow row) {
    return row.prompt().isEmpty()
        ? row.first()
        : row.question() + " " + row.first() + " " + row.second();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }
}
