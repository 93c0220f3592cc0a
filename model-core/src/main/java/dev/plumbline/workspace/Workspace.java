package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with runs, and the SQLite file that makes them searchable: {@code workspace.db},
 * {@code runs/}, {@code studies/}, {@code sample/}. The file is filled from the runs' journals and
 * is never the only copy of a run; the users' names, tags and notes live in it alone.
 *
 * <p>All methods may be called from any thread but the JavaFX thread: they read and write files.
 * Reading does not wait for an ingest that goes on.
 */
public final class Workspace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private static final String GONE = "the run directory is gone";

  /** What an open workspace allows. */
  public enum Access {
    /** It is read and written. */
    WRITE,
    /** Another process has it open: it takes the journals up, and edits here are refused. */
    HELD,
    /**
     * Its files may not be written. The journals are taken up into a private copy of the database,
     * which goes when the workspace is closed; edits are refused.
     */
    UNWRITABLE
  }

  private final Path directory;
  private final Path file;
  private final Access access;
  private final Connection reader;
  private final @Nullable Connection writer;
  private final @Nullable FileChannel lock;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();

  /** What was seen of each run at the last ingest, so that an unchanged one costs two stats. */
  private final Map<String, Seen> seen = new HashMap<>();

  private final Map<String, RunRow> rows = new HashMap<>();
  private long rowsRevision = -1;

  private record Seen(long journalSize, long workerModified, boolean settled) {
    Seen withSettled() {
      return new Seen(journalSize, workerModified, true);
    }
  }

  private Workspace(
      Path directory,
      Path file,
      Access access,
      Connection reader,
      @Nullable Connection writer,
      @Nullable FileChannel lock) {
    this.directory = directory;
    this.file = file;
    this.access = access;
    this.reader = reader;
    this.writer = writer;
    this.lock = lock;
  }

  /** Whether a directory is a workspace, or looks like one that has lost its database. */
  public static boolean isWorkspace(Path directory) {
    return Files.isRegularFile(directory.resolve("workspace.db"))
        || Files.isDirectory(directory.resolve("runs"));
  }

  /**
   * Opens a workspace and makes it where there is none. While another process has it open, it is
   * opened for reading: see {@link #access}.
   *
   * @throws UserError where the directory cannot be written or the file is not ours; nothing has
   *     been changed then
   */
  public static Workspace open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    Path file = root.resolve("workspace.db");
    Database.check(file);
    FileChannel lock = null;
    Connection writer = null;
    try {
      makeDirectories(root);
      lock =
          FileChannel.open(
              root.resolve("workspace.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(lock)) {
        lock.close();
        return openReadOnly(root, file);
      }
      boolean fresh = !Files.exists(file);
      try {
        writer = Database.connect(file, false);
        Database.migrate(writer, Database.MIGRATIONS.size());
      } catch (SQLException e) {
        close(writer);
        if (fresh) {
          for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(root.resolve("workspace.db" + suffix));
          }
        }
        throw e;
      }
      return new Workspace(root, file, Access.WRITE, Database.connect(file, true), writer, lock);
    } catch (SQLException e) {
      close(writer);
      close(lock);
      throw Database.error(file, e);
    } catch (IOException e) {
      close(writer);
      close(lock);
      throw new UserError(
          "cannot write the workspace %s: %s; check its rights and free space, or choose another"
              .formatted(root, reason(e)),
          e);
    }
  }

  /**
   * Opens a workspace as {@link #open} does, but one that is there and may not be written is opened
   * for reading.
   *
   * @throws UserError where it can neither be written nor read
   */
  public static Workspace openOrRead(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    return isWorkspace(root) && !mayBeWritten(root) ? openCopy(root) : open(root);
  }

  /** Whether another process has a workspace open, or this one has. */
  public static boolean isHeld(Path directory) {
    Path file = directory.resolve("workspace.lock");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return !tryLock(channel);
    } catch (IOException e) {
      return false; // no lock, or none that could be taken
    }
  }

  private static boolean mayBeWritten(Path root) {
    return Stream.of("", "workspace.db", "workspace.lock", "runs", "studies")
        .map(root::resolve)
        .allMatch(path -> !Files.exists(path) || Files.isWritable(path));
  }

  /**
   * Reads a workspace through a copy of its database. SQLite cannot read a database in a directory
   * that may not be written while its log is there, the schema may have to be brought up to date,
   * and the runs may go on: in a copy all of that works as ever.
   */
  private static Workspace openCopy(Path root) {
    Path original = root.resolve("workspace.db");
    Path place = null;
    Connection writer = null;
    try {
      place = Files.createTempDirectory("plumbline-reading-");
      Path file = place.resolve("workspace.db");
      for (String suffix : List.of("", "-wal")) {
        Path source = root.resolve("workspace.db" + suffix);
        if (Files.isReadable(source)) {
          Files.copy(source, place.resolve("workspace.db" + suffix));
        }
      }
      Database.check(file, original);
      writer = Database.connect(file, false);
      Database.migrate(writer, Database.MIGRATIONS.size());
      Connection reader = Database.connect(file, true);
      return new Workspace(root, file, Access.UNWRITABLE, reader, writer, null);
    } catch (SQLException e) {
      close(writer);
      delete(place);
      throw Database.error(original, e);
    } catch (IOException e) {
      close(writer);
      delete(place);
      throw new UserError(
          "cannot read the workspace %s: %s; check its rights".formatted(root, reason(e)), e);
    } catch (UserError e) {
      delete(place);
      throw e;
    }
  }

  private static void delete(@Nullable Path copy) {
    if (copy == null) {
      return;
    }
    try (Stream<Path> files = Files.list(copy)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
      Files.delete(copy);
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", copy, e.getMessage());
    }
  }

  private static Workspace openReadOnly(Path root, Path file) {
    try {
      Connection connection = Database.connect(file, true);
      int version = Database.pragma(connection, "user_version");
      if (version != Database.MIGRATIONS.size()) {
        connection.close();
        throw new UserError(
            root + " is open in a Plumbline of another version; close it there and try again");
      }
      return new Workspace(root, file, Access.HELD, connection, null, null);
    } catch (SQLException e) {
      throw new UserError(root + " is being opened by another process; try again in a moment", e);
    }
  }

  private static void makeDirectories(Path root) throws IOException {
    for (Path path : List.of(root, root.resolve("runs"), root.resolve("studies"))) {
      try {
        Files.createDirectories(path);
      } catch (FileAlreadyExistsException e) {
        throw new UserError(
            path + " is a file where the workspace needs a directory; choose another workspace", e);
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The workspace's directory, absolute. */
  public Path directory() {
    return directory;
  }

  /** What it allows; the same as long as it is open. */
  public Access access() {
    return access;
  }

  /** Whether edits are refused: see {@link #access}. */
  public boolean isReadOnly() {
    return access != Access.WRITE;
  }

  @Override
  public void close() {
    writing.lock();
    reading.lock();
    try {
      close(writer);
      close(reader);
      close(lock);
      if (access == Access.UNWRITABLE) {
        delete(file.getParent());
      }
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }

  // ------------------------------------------------------------------------------------ ingest

  /**
   * Takes up what the runs' journals say since the last time. Each piece is one transaction, so
   * that a crash anywhere loses and doubles nothing. A run whose files cannot be read is reported
   * and shown with its problem, and keeps no other from being read. While another process has the
   * workspace open it does this, and nothing is done here.
   */
  public IngestResult ingest() {
    Connection connection = writer;
    if (connection == null) {
      return new IngestResult(0, List.of(), List.of());
    }
    writing.lock();
    try {
      long events = 0;
      List<String> changed = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      Set<String> present = new HashSet<>();
      for (Path path : runDirectories()) {
        RunDirectory run = new RunDirectory(path);
        present.add(run.id());
        Seen now = look(run);
        Seen before = seen.get(run.id());
        if (before != null && before.settled() && before.equals(now.withSettled())) {
          continue;
        }
        Outcome outcome = ingest(connection, run);
        events += outcome.events();
        if (outcome.changed()) {
          changed.add(run.id());
        }
        if (!outcome.problem().isEmpty()) {
          errors.add(run.id() + ": " + outcome.problem());
        }
        seen.put(run.id(), outcome.settled() ? now.withSettled() : now);
      }
      for (String id : gone(connection, present)) {
        changed.add(id);
        errors.add(id + ": " + GONE);
      }
      return new IngestResult(events, List.copyOf(changed), List.copyOf(errors));
    } catch (SQLException e) {
      throw Database.error(file, e);
    } catch (IOException e) {
      throw new UserError("cannot read " + directory.resolve("runs") + ": " + reason(e), e);
    } finally {
      writing.unlock();
    }
  }

  private List<Path> runDirectories() throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("runs"))) {
      return entries
          .filter(path -> !String.valueOf(path.getFileName()).startsWith("."))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Seen look(RunDirectory run) {
    return new Seen(
        run.journalFile().toFile().length(), run.workerFile().toFile().lastModified(), false);
  }

  private record Outcome(long events, boolean changed, String problem, boolean settled) {}

  /** One run, in as many transactions as its news has pieces. */
  private Outcome ingest(Connection connection, RunDirectory run) throws SQLException {
    long events = 0;
    boolean changed = false;
    Piece piece;
    do {
      piece = new Piece(connection, run);
      Database.transaction(connection, piece);
      events += piece.taken;
      changed |= piece.news;
    } while (piece.more);
    Stored stored = piece.stored();
    boolean settled = !stored.state.isActive() && stored.problem.isEmpty();
    return new Outcome(events, changed, stored.problem, settled);
  }

  /** A piece of one run's journal, taken up in one transaction. */
  private static final class Piece implements Database.Work {
    private final Connection connection;
    private final RunDirectory run;
    private @Nullable Stored stored;
    private long taken;
    private boolean news;
    private boolean more;

    Piece(Connection connection, RunDirectory run) {
      this.connection = connection;
      this.run = run;
    }

    Stored stored() {
      if (stored == null) {
        throw new IllegalStateException("no row for " + run.id());
      }
      return stored;
    }

    @Override
    public void run() throws SQLException {
      Stored row = load(connection, run);
      if (row == null) {
        row = insert(connection, run);
        news = true;
      } else if (row.problem.equals(GONE) || row.specUnread) {
        row.problem = ""; // it may have been mended
        if (row.specUnread) {
          refreshSpec(connection, run, row);
        }
        news = row.problem.isEmpty();
      }
      stored = row;
      String problem = "";
      JournalReader.Batch batch = new JournalReader.Batch(List.of(), List.of(), false);
      JournalReader journal = new JournalReader(run.journalFile(), row.offset);
      try {
        batch = journal.read();
      } catch (IOException e) {
        problem = reason(e);
      }
      if (!batch.problems().isEmpty()) {
        problem = batch.problems().getLast();
      }
      for (JournalEntry entry : batch.entries()) {
        if (entry.event() instanceof JournalEvent.State) {
          refreshSpec(connection, run, row); // a study's member is resolved by its worker
          break;
        }
      }
      taken = new RunIngest(connection, row.runNo).apply(batch.entries(), row.head);
      more = batch.more();
      news |= taken > 0 || journal.offset() != row.offset;
      row.offset = journal.offset();
      if (!problem.isEmpty() && !problem.equals(row.problem)) {
        row.problem = problem; // stays: the line is lost for good
        news = true;
      }
      RunState state = run.observed(row.head.journalState, row.head.stateTime);
      if (state != row.state) {
        row.state = state;
        news = true;
      }
      if (news) {
        save(connection, row);
      }
    }
  }

  /** A run's row while it is worked on. */
  private static final class Stored {
    long runNo;
    RunState state = RunState.QUEUED;
    String problem = "";
    boolean specUnread;
    long offset;
    final RunIngest.Head head = new RunIngest.Head();
  }

  private static @Nullable Stored load(Connection connection, RunDirectory run)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT run_no, journal_state, state, state_time, detail, phase, problem, step,"
                + " total_steps, seconds_left, active_seconds, journal_offset, journal_sequence,"
                + " stage, device, threads FROM run WHERE run_id = ?")) {
      query.setString(1, run.id());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        Stored stored = new Stored();
        stored.runNo = row.getLong(1);
        stored.head.journalState = state(row.getString(2));
        stored.state = state(row.getString(3));
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
  }

  private static Stored insert(Connection connection, RunDirectory run) throws SQLException {
    Stored stored = new Stored();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO run (run_id, name, stage, seed, spec, spec_hash, spec_tags, spec_notes,"
                + " created, journal_state, state, state_time, detail, phase, problem, step,"
                + " total_steps, active_seconds, journal_offset, journal_sequence, revision)"
                + " VALUES (?, ?, '', 0, '', '', '[]', '', ?, 'queued', 'queued', ?, '', '', '',"
                + " 0, 0, 0, 0, 0, 0)")) {
      insert.setString(1, run.id());
      insert.setString(2, run.id());
      insert.setString(3, modified(run.path()).toString());
      insert.setString(4, Instant.EPOCH.toString());
      insert.executeUpdate();
    }
    Stored row = load(connection, run);
    stored.runNo = row == null ? 0 : row.runNo;
    refreshSpec(connection, run, stored);
    return stored;
  }

  private static void refreshSpec(Connection connection, RunDirectory run, Stored stored)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE run SET name = ?, stage = ?, seed = ?, spec = ?, spec_hash = ?, spec_tags = ?,"
                + " spec_notes = ?, created = ? WHERE run_no = ?")) {
      RunSpec runSpec = run.spec();
      ExperimentSpec spec = runSpec.spec();
      update.setString(1, spec.name());
      update.setString(2, spec.stage());
      update.setLong(3, spec.seed());
      update.setString(4, Files.readString(run.specFile()));
      update.setString(5, runSpec.hash());
      update.setString(6, json(spec.tags()));
      update.setString(7, spec.notes());
      update.setString(8, runSpec.created().toString());
      update.setLong(9, stored.runNo);
      update.executeUpdate();
    } catch (UserError e) {
      LOG.warn("run {}: {}", run.id(), e.getMessage());
      stored.problem = String.valueOf(e.getMessage());
    } catch (IOException e) {
      stored.problem = "cannot read " + run.specFile() + ": " + reason(e);
    }
  }

  private static void save(Connection connection, Stored stored) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE run SET journal_state = ?, state = ?, state_time = ?, detail = ?, phase = ?,"
                + " problem = ?, step = ?, total_steps = ?, seconds_left = ?, active_seconds = ?,"
                + " journal_offset = ?, journal_sequence = ?, device = ?, threads = ?, revision = ?"
                + " WHERE run_no = ?")) {
      RunIngest.Head head = stored.head;
      update.setString(1, word(head.journalState));
      update.setString(2, word(stored.state));
      update.setString(3, head.stateTime.toString());
      update.setString(4, head.detail);
      update.setString(5, head.phase);
      update.setString(6, stored.problem);
      update.setLong(7, head.step);
      update.setLong(8, head.totalSteps);
      RunIngest.real(update, 9, head.secondsLeft);
      update.setDouble(10, Double.isNaN(head.activeSeconds) ? 0 : head.activeSeconds);
      update.setLong(11, stored.offset);
      update.setLong(12, head.sequence);
      update.setString(13, head.device);
      update.setInt(14, head.threads);
      update.setLong(15, nextRevision(connection));
      update.setLong(16, stored.runNo);
      update.executeUpdate();
    }
  }

  /** Marks runs whose directories were removed; their curves stay readable. */
  private List<String> gone(Connection connection, Set<String> present) throws SQLException {
    List<String> gone = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT run_id FROM run WHERE problem <> '" + GONE + "'");
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        if (!present.contains(found.getString(1))) {
          gone.add(found.getString(1));
        }
      }
    }
    for (String id : gone) {
      seen.remove(id);
      Database.transaction(
          connection,
          () -> {
            try (PreparedStatement update =
                connection.prepareStatement(
                    "UPDATE run SET problem = '"
                        + GONE
                        + "', state ="
                        + " CASE state WHEN 'finished' THEN state ELSE 'lost' END, revision = ?"
                        + " WHERE run_id = ?")) {
              update.setLong(1, nextRevision(connection));
              update.setString(2, id);
              update.executeUpdate();
            }
          });
    }
    return gone;
  }

  private static long nextRevision(Connection connection) throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE store SET revision = revision + 1 RETURNING revision");
        ResultSet row = update.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  // ----------------------------------------------------------------------------------- queries

  /** All runs, the newest first. */
  public List<RunRow> runs() {
    return read(
        connection -> {
          refreshRows(connection);
          return rows.values().stream()
              .sorted(
                  Comparator.comparing(RunRow::created)
                      .reversed()
                      .thenComparing(RunRow::id, Comparator.reverseOrder()))
              .toList();
        });
  }

  /** A run by its id. */
  public Optional<RunRow> run(String id) {
    return read(
        connection -> {
          refreshRows(connection);
          return Optional.ofNullable(rows.get(id));
        });
  }

  /**
   * What changed since a token of an earlier call.
   *
   * @param token 0 for everything
   */
  public Changes changesSince(long token) {
    return read(
        connection -> {
          long revision = revision(connection);
          if (revision == token) {
            return new Changes(token, Set.of());
          }
          Set<String> ids = new TreeSet<>();
          try (PreparedStatement query =
              connection.prepareStatement("SELECT run_id FROM run WHERE revision > ?")) {
            query.setLong(1, token);
            try (ResultSet found = query.executeQuery()) {
              while (found.next()) {
                ids.add(found.getString(1));
              }
            }
          }
          return new Changes(revision, Set.copyOf(ids));
        });
  }

  private static long revision(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT revision FROM store");
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Rows are kept in memory; only those of a later revision are read again. */
  private void refreshRows(Connection connection) throws SQLException {
    long revision = revision(connection);
    if (revision == rowsRevision) {
      return;
    }
    Map<Long, Map<String, Double>> last = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT m.run_no, m.name, m.last_value FROM run r JOIN metric m ON m.run_no = r.run_no"
                + " WHERE r.revision > ? AND m.points > 0")) {
      query.setLong(1, rowsRevision);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          last.computeIfAbsent(row.getLong(1), _ -> new TreeMap<>())
              .put(row.getString(2), RunIngest.real(row, 3));
        }
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT r.run_no, r.run_id, COALESCE(e.name, r.name), r.stage, r.state, r.detail,"
                + " r.phase, r.problem, r.step, r.total_steps, r.seconds_left, r.created,"
                + " r.active_seconds, COALESCE(e.tags, r.spec_tags), COALESCE(e.notes,"
                + " r.spec_notes), r.device, r.threads FROM run r LEFT JOIN run_edit e ON e.run_id"
                + " = r.run_id WHERE r.revision > ?")) {
      query.setLong(1, rowsRevision);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String id = row.getString(2);
          RunState state = state(row.getString(5));
          rows.put(
              id,
              new RunRow(
                  id,
                  row.getString(3),
                  row.getString(4),
                  state,
                  detail(state, row.getString(6), row.getString(7), row.getString(8)),
                  row.getLong(9),
                  row.getLong(10),
                  state == RunState.RUNNING || state == RunState.FINISHED
                      ? RunIngest.real(row, 11)
                      : Double.NaN,
                  Instant.parse(row.getString(12)),
                  row.getDouble(13),
                  Map.copyOf(last.getOrDefault(row.getLong(1), Map.of())),
                  texts(row.getString(14)),
                  row.getString(15),
                  row.getString(16),
                  row.getInt(17),
                  directory.resolve("runs").resolve(id)));
        }
      }
    }
    rowsRevision = revision;
  }

  private static String detail(RunState state, String detail, String phase, String problem) {
    if (!problem.isEmpty()) {
      return problem;
    }
    if (state == RunState.LOST) {
      return "the worker is gone without a word; resume goes on from the last checkpoint";
    }
    return detail.isEmpty() && state == RunState.RUNNING ? phase : detail;
  }

  /** The names of a run's curves, sorted. */
  public List<String> metrics(String runId) {
    return list(
        "SELECT m.name FROM run r JOIN metric m ON m.run_no = r.run_no"
            + " WHERE r.run_id = ? AND m.points > 0 ORDER BY m.name",
        row -> row.getString(1),
        runId);
  }

  /** A curve; of size 0 where the run has none of that name. */
  public MetricSeries series(String runId, String metric) {
    return read(
        connection -> {
          CurvePoints points = new CurvePoints();
          connection.setAutoCommit(false); // chunks and tail as of one moment
          try {
            query(
                connection,
                "SELECT c.points FROM run r JOIN metric m ON m.run_no = r.run_no JOIN metric_chunk"
                    + " c ON c.metric_no = m.metric_no WHERE r.run_id = ? AND m.name = ?"
                    + " ORDER BY c.chunk",
                row -> points.addJson(row.getString(1)),
                runId,
                metric);
            query(
                connection,
                "SELECT t.step, t.samples, t.tokens, t.seconds, t.value FROM run r JOIN metric m ON"
                    + " m.run_no = r.run_no JOIN metric_tail t ON t.metric_no = m.metric_no"
                    + " WHERE r.run_id = ? AND m.name = ? ORDER BY t.step",
                row ->
                    points.add(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        RunIngest.real(row, 4),
                        RunIngest.real(row, 5)),
                runId,
                metric);
          } finally {
            connection.commit();
            connection.setAutoCommit(true);
          }
          return points.series(runId, metric);
        });
  }

  /** The steps at which a run's responses were kept, ascending. */
  public List<Long> sampleSteps(String runId) {
    return list(
        "SELECT DISTINCT s.step FROM run r JOIN sample s ON s.run_no = r.run_no"
            + " WHERE r.run_id = ? ORDER BY s.step",
        row -> row.getLong(1),
        runId);
  }

  /**
   * Responses of one step in the order of their index.
   *
   * @param step empty for the latest step that has any
   */
  public List<SampleRow> samples(String runId, OptionalLong step) {
    RowReader<SampleRow> reader =
        row ->
            new SampleRow(
                runId,
                new ResponseSample(
                    row.getLong(1),
                    row.getInt(2),
                    row.getString(3),
                    row.getString(4),
                    RunIngest.real(row, 5),
                    RunIngest.real(row, 6),
                    RunIngest.real(row, 7),
                    row.getInt(8),
                    row.getBoolean(9)));
    String columns =
        "SELECT s.step, s.idx, s.prompt, s.response, s.pm_score, s.log_probability,"
            + " s.reference_log_probability, s.tokens, s.ended FROM run r JOIN sample s"
            + " ON s.run_no = r.run_no WHERE r.run_id = ? AND s.step = ";
    return step.isPresent()
        ? list(columns + "? ORDER BY s.idx", reader, runId, step.getAsLong())
        : list(
            columns + "(SELECT max(step) FROM sample WHERE run_no = r.run_no) ORDER BY s.idx",
            reader,
            runId);
  }

  /** States, steering, checkpoints and resumes in the journal's order, superseded ones left out. */
  public List<MarkRow> marks(String runId) {
    return list(
        "SELECT k.sequence, k.time, k.step, k.kind, k.label, k.parameter, k.value_before,"
            + " k.value_after FROM run r JOIN mark k ON k.run_no = r.run_no"
            + " WHERE r.run_id = ? AND k.superseded = 0 ORDER BY k.sequence",
        row ->
            new MarkRow(
                runId,
                row.getLong(1),
                Instant.parse(row.getString(2)),
                row.getLong(3),
                MarkRow.Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                row.getString(5),
                row.getString(6),
                RunIngest.real(row, 7),
                RunIngest.real(row, 8)),
        runId);
  }

  /**
   * The numbers among the settings of the run's stage, as they are in force: what the spec says, or
   * what the run was last steered to. A learning rate is the one that its schedule multiplies.
   */
  public Map<String, Double> settings(String runId) {
    Map<String, Double> settings = new LinkedHashMap<>();
    list(
            "SELECT e.key, e.value FROM run r, json_each(CASE WHEN json_valid(r.spec) THEN r.spec"
                + " ELSE '{}' END, '$.\"' || r.stage || '\"') e"
                + " WHERE r.run_id = ? AND e.type IN ('integer', 'real')",
            row -> Map.entry(row.getString(1), row.getDouble(2)),
            runId)
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    for (MarkRow mark : marks(runId)) {
      if (mark.kind() == MarkRow.Kind.STEERED) {
        settings.put(mark.parameter(), mark.to());
      }
    }
    return settings;
  }

  /** The checkpoints that are still on the disk, by step. */
  public List<CheckpointRow> checkpoints(String runId) {
    RunDirectory run = new RunDirectory(directory.resolve("runs").resolve(runId));
    List<CheckpointRow> known =
        list(
            "SELECT k.step, max(k.time) FROM run r JOIN mark k ON k.run_no = r.run_no WHERE"
                + " r.run_id = ? AND k.kind = 'checkpoint' AND k.superseded = 0"
                + " GROUP BY k.step ORDER BY k.step",
            row ->
                new CheckpointRow(
                    runId,
                    row.getLong(1),
                    Instant.parse(row.getString(2)),
                    run.path().resolve("checkpoints").resolve(Long.toString(row.getLong(1)))),
            runId);
    return known.stream().filter(checkpoint -> Files.isDirectory(checkpoint.directory())).toList();
  }

  // ------------------------------------------------------------------------------------- edits

  /** Gives a run another name on screen; references in specs go by the spec's name still. */
  public void rename(String runId, String name) {
    if (name.isBlank()) {
      throw new UserError("a run needs a name; type at least one letter");
    }
    edit(runId, "name", name.strip());
  }

  /** Replaces a run's notes. */
  public void setNotes(String runId, String notes) {
    edit(runId, "notes", notes);
  }

  /** Replaces a run's tags; doubles and blanks are left out. */
  public void setTags(String runId, Collection<String> tags) {
    List<String> clean =
        tags.stream().map(String::strip).filter(tag -> !tag.isEmpty()).distinct().toList();
    edit(runId, "tags", json(clean));
  }

  private void edit(String runId, String column, String value) {
    Connection connection = writer;
    if (connection == null) {
      throw new UserError(
          directory + " is open in another process and read-only here; make the change there");
    }
    if (access == Access.UNWRITABLE) {
      throw new UserError(
          directory + " may not be written; change its rights, or copy it and change the copy");
    }
    writing.lock();
    try {
      Database.transaction(
          connection,
          () -> {
            try (PreparedStatement upsert =
                    connection.prepareStatement(
                        "INSERT INTO run_edit (run_id, %1$s, edited) VALUES (?, ?, ?) ON CONFLICT"
                                .formatted(column)
                            + " (run_id) DO UPDATE SET %1$s = excluded.%1$s, edited ="
                                .formatted(column)
                            + " excluded.edited");
                PreparedStatement touch =
                    connection.prepareStatement("UPDATE run SET revision = ? WHERE run_id = ?")) {
              touch.setLong(1, nextRevision(connection));
              touch.setString(2, runId);
              if (touch.executeUpdate() == 0) {
                throw new UserError("no run '" + runId + "' in " + directory + "; list the runs");
              }
              upsert.setString(1, runId);
              upsert.setString(2, value);
              upsert.setString(3, Instant.now().toString());
              upsert.executeUpdate();
            }
          });
    } catch (SQLException e) {
      throw Database.error(file, e);
    } finally {
      writing.unlock();
    }
  }

  // ----------------------------------------------------------------------------------- helpers

  private interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private interface RowTaker {
    void take(ResultSet row) throws SQLException;
  }

  private <T> T read(Query<T> query) {
    reading.lock();
    try {
      return query.run(reader);
    } catch (SQLException e) {
      throw Database.error(file, e);
    } finally {
      reading.unlock();
    }
  }

  private <T> List<T> list(String sql, RowReader<T> row, Object... values) {
    return read(
        connection -> {
          List<T> found = new ArrayList<>();
          query(connection, sql, each -> found.add(row.read(each)), values);
          return List.copyOf(found);
        });
  }

  private static void query(Connection connection, String sql, RowTaker taker, Object... values)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          taker.take(row);
        }
      }
    }
  }

  private static RunState state(String word) {
    return RunState.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static String word(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<String> texts) {
    try {
      return MAPPER.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(String json) {
    try {
      return List.copyOf(MAPPER.readValue(json, TEXTS));
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static Instant modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return switch (e) {
      case java.nio.file.AccessDeniedException denied ->
          denied.getFile() + " may not be written or read";
      case java.nio.file.FileSystemException failed when failed.getReason() != null ->
          failed.getFile() + ": " + failed.getReason();
      default -> message == null ? e.getClass().getSimpleName() : message;
    };
  }

  private static void close(@Nullable AutoCloseable resource) {
    if (resource == null) {
      return;
    }
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("closing: {}", e.getMessage());
    }
  }
}
