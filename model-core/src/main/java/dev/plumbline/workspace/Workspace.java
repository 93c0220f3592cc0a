package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.journal.TokenTraceJson;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.training.Command;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TokenTrace;
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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  private static final String LABELS = "labels";

  /** How often a database that is being written is copied before it counts as damaged. */
  private static final int COPIES = 3;

  /**
   * The real paths of the workspaces that this process has locked; its monitor guards every opening
   * and closing of a lock file. POSIX drops all locks that a process has on a file as soon as it
   * closes any channel on it, so a file that is locked here must not even be opened again.
   */
  private static final Set<Path> HELD_HERE = new HashSet<>();

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
  private final @Nullable Lock lock;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();

  /** What was seen of each run at the last ingest, so that an unchanged one costs two stats. */
  private final Map<String, Seen> seen = new HashMap<>();

  private final Map<String, RunRow> rows = new HashMap<>();
  private long rowsRevision = -1;

  /** Made when it is first asked for. */
  private @Nullable RunTable table;

  private final QueueReader queue;

  private boolean closed;

  /**
   * The lock on a workspace.
   *
   * @param root the real path of what is locked
   * @param channel on its lock file
   */
  private record Lock(Path root, FileChannel channel) implements AutoCloseable {
    /** Locks a directory that is there; null where it is locked already, here or elsewhere. */
    @SuppressWarnings("resource") // it is closed with the lock
    static @Nullable Lock take(Path directory) throws IOException {
      Path root = directory.toRealPath();
      synchronized (HELD_HERE) {
        if (HELD_HERE.contains(root)) {
          return null;
        }
        FileChannel channel =
            FileChannel.open(
                root.resolve("workspace.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
          if (tryLock(channel)) {
            HELD_HERE.add(root);
            return new Lock(root, channel);
          }
        } catch (IOException e) {
          Workspace.close(channel);
          throw e;
        }
        channel.close();
        return null;
      }
    }

    /** Whether this process has locked a directory. */
    static boolean isHere(Path directory) {
      try {
        Path root = directory.toRealPath();
        synchronized (HELD_HERE) {
          return HELD_HERE.contains(root);
        }
      } catch (IOException e) {
        return false; // not there
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (HELD_HERE) {
        if (!channel.isOpen()) {
          return; // closed before, and by now perhaps locked by another
        }
        try {
          channel.close();
        } finally {
          HELD_HERE.remove(root);
        }
      }
    }
  }

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
      @Nullable Lock lock) {
    this.directory = directory;
    this.file = file;
    this.access = access;
    this.reader = reader;
    this.writer = writer;
    this.lock = lock;
    this.queue = new QueueReader(directory);
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
    if (Lock.isHere(root)) {
      return openReadOnly(root, file);
    }
    Database.check(file);
    Lock lock = null;
    Connection writer = null;
    try {
      makeDirectories(root);
      lock = Lock.take(root);
      if (lock == null) {
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
    synchronized (HELD_HERE) {
      if (Lock.isHere(directory)) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        return !tryLock(channel);
      } catch (IOException e) {
        return false; // no lock, or none that could be taken
      }
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
    return openCopy(root, Workspace::copy);
  }

  /** Copies a file; for tests, which copy one that changes meanwhile. */
  interface Copier {
    void copy(Path from, Path to) throws IOException;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
  }

  /**
   * Database and log are copied one after the other, and whoever writes them may move pages from
   * one to the other in between: a copy that looks damaged is made again before anybody is told so.
   */
  static Workspace openCopy(Path root, Copier copier) {
    for (int copies = 1; ; copies++) {
      try {
        return openOneCopy(root, copier);
      } catch (UserError e) {
        if (copies == COPIES || !Database.isDamage(e)) {
          throw e;
        }
        LOG.info("{}: copied while it was written, once more", root);
      }
    }
  }

  private static Workspace openOneCopy(Path root, Copier copier) {
    Path original = root.resolve("workspace.db");
    Path place = null;
    Connection writer = null;
    try {
      place = Files.createTempDirectory("plumbline-reading-");
      Path file = place.resolve("workspace.db");
      for (String suffix : List.of("", "-wal")) {
        Path source = root.resolve("workspace.db" + suffix);
        if (Files.isReadable(source)) {
          copier.copy(source, place.resolve("workspace.db" + suffix));
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
      close(writer);
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
    Connection connection = null;
    try {
      connection = Database.connect(file, true);
      int version = Database.pragma(connection, "user_version");
      if (version != Database.MIGRATIONS.size()) {
        close(connection);
        throw new UserError(
            root + " is open in a Plumbline of another version; close it there and try again");
      }
      return new Workspace(root, file, Access.HELD, connection, null, null);
    } catch (SQLException e) {
      close(connection);
      throw switch (Database.code(e)) {
        // whoever has the lock has not made the file yet, or is bringing it up to date
        case SQLITE_CANTOPEN, SQLITE_BUSY ->
            new UserError(root + " is being opened by another process; try again in a moment", e);
        case SQLITE_NOTADB, SQLITE_CORRUPT ->
            new UserError(
                file
                    + " is damaged or no workspace, and another process has it open; close it there"
                    + " and move the file away: it is filled again from the runs",
                e);
        default -> Database.error(file, e);
      };
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
      closed = true;
      close(table);
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
   * Takes up what the runs' journals say since the last time, in transactions of bounded size, so
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
      Set<String> present = new HashSet<>();
      List<RunDirectory> due = new ArrayList<>();
      List<Seen> sights = new ArrayList<>();
      for (Path path : runDirectories()) {
        RunDirectory run = new RunDirectory(path);
        present.add(run.id());
        Seen now = look(run);
        Seen before = seen.get(run.id());
        if (before == null || !before.settled() || !before.equals(now.withSettled())) {
          due.add(run);
          sights.add(now);
        }
      }
      long events = 0;
      List<String> changed = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      takeUpSettings(connection);
      List<IngestTransaction.Outcome> outcomes = takeUp(connection, due);
      for (int i = 0; i < due.size(); i++) {
        String id = due.get(i).id();
        IngestTransaction.Outcome outcome = outcomes.get(i);
        events += outcome.events();
        if (outcome.changed()) {
          changed.add(id);
        }
        if (!outcome.problem().isEmpty()) {
          errors.add(id + ": " + outcome.problem());
        }
        seen.put(id, outcome.settled() ? sights.get(i).withSettled() : sights.get(i));
      }
      takeUpStudies(connection);
      takeUpLabels(connection);
      changed.addAll(new RunTrash(directory).notice(connection, present));
      for (String id : gone(connection, present)) {
        changed.add(id);
        errors.add(id + ": " + StoredRun.GONE);
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

  /** Of runs that an older Plumbline took up. */
  private static void takeUpSettings(Connection connection) throws SQLException {
    try (Statements statements = new Statements(connection)) {
      if (RunSettings.isMissing(statements)) {
        Database.transaction(connection, () -> RunSettings.writeMissing(statements));
      }
    }
  }

  private static List<IngestTransaction.Outcome> takeUp(
      Connection connection, List<RunDirectory> runs) throws SQLException {
    List<IngestTransaction.Outcome> outcomes =
        new ArrayList<>(Collections.nCopies(runs.size(), IngestTransaction.Outcome.NONE));
    try (Statements statements = new Statements(connection)) {
      for (int next = 0; next < runs.size(); ) {
        IngestTransaction transaction =
            new IngestTransaction(statements, new AlertIngest(statements), runs, outcomes, next);
        Database.transaction(connection, transaction);
        transaction.actions().forEach(Workspace::act);
        next = transaction.next();
      }
    }
    return outcomes;
  }

  /** Does what a rule asks for; a run that has ended meanwhile needs nothing. */
  private static void act(RunDirectory run, AlertRule.Action action) {
    if (!run.state().isActive()) {
      return;
    }
    try {
      run.control()
          .send(action == AlertRule.Action.STOP ? new Command.Stop() : new Command.Pause());
      LOG.info("{}: asked to {} by an alert", run.id(), AlertEdits.word(action));
    } catch (IOException e) {
      LOG.warn("{}: an alert could not be acted on: {}", run.id(), reason(e));
    }
  }

  /** Studies whose record or journal has changed, and those whose process may be gone. */
  private void takeUpStudies(Connection connection) throws SQLException, IOException {
    try (Statements statements = new Statements(connection)) {
      for (Path study : subdirectories("studies")) {
        RunDirectory files = new RunDirectory(study); // a study has the same files as a run
        Path record = study.resolve("study.json");
        String key = "studies/" + files.id();
        Seen now = new Seen(look(files).journalSize(), record.toFile().lastModified(), false);
        Seen before = seen.get(key);
        if (!Files.isRegularFile(record)
            || (before != null && before.settled() && before.equals(now.withSettled()))) {
          continue;
        }
        StudyIngest ingest = new StudyIngest(statements, study);
        if (before == null || !before.equals(now) || ingest.stateChanged()) {
          Database.transaction(connection, ingest);
        }
        seen.put(key, ingest.isSettled() ? now.withSettled() : now);
      }
    }
  }

  /** Batches of labels whose logs have grown; one that cannot be read keeps what was read of it. */
  private void takeUpLabels(Connection connection) throws SQLException, IOException {
    try (Statements statements = new Statements(connection)) {
      Set<String> present = new HashSet<>();
      for (Path folder : LabelBatch.list(directory.resolve(LABELS))) {
        String id = String.valueOf(folder.getFileName());
        present.add(id);
        Seen now = lookAtBatch(folder);
        Seen before = seen.put(LABELS + "/" + id, now);
        if (now.equals(before)) {
          continue;
        }
        try {
          Database.transaction(connection, new LabelIngest(statements, LabelBatch.read(folder)));
        } catch (UserError e) {
          LOG.warn("passed over: {}", e.getMessage());
        }
      }
      List<String> gone = new ArrayList<>();
      query(
          connection,
          "SELECT batch_id FROM label_batch",
          row -> {
            if (!present.contains(row.getString(1))) {
              gone.add(row.getString(1));
            }
          });
      for (String id : gone) {
        Database.transaction(connection, () -> LabelIngest.remove(statements, id));
      }
    }
  }

  /** Logs only grow; closing and new guidelines change the folder itself. */
  private static Seen lookAtBatch(Path folder) throws IOException {
    long size = 0;
    for (String logs : List.of("logs", "received")) {
      Path own = folder.resolve(logs);
      if (Files.isDirectory(own)) {
        try (Stream<Path> files = Files.list(own)) {
          size += files.mapToLong(file -> file.toFile().length()).sum();
        }
      }
    }
    return new Seen(size, folder.toFile().lastModified(), false);
  }

  private List<Path> runDirectories() throws IOException {
    return subdirectories("runs");
  }

  private List<Path> subdirectories(String name) throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve(name))) {
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

  /** Marks runs whose directories were removed; their curves stay readable. */
  private List<String> gone(Connection connection, Set<String> present) throws SQLException {
    List<String> gone = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT run_id FROM run WHERE trashed IS NULL AND problem <> '"
                    + StoredRun.GONE
                    + "'");
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
                        + StoredRun.GONE
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

  static long nextRevision(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(Database.NEXT_REVISION);
        ResultSet row = update.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  // ----------------------------------------------------------------------------------- queries

  /** Questions about many runs at once, on a connection of their own. */
  public RunTable table() {
    reading.lock();
    try {
      RunTable known = table;
      if (closed) {
        throw new UserError(directory + " is closed; open it again");
      }
      if (known == null) {
        known = new RunTable(file, Clock.systemUTC());
        table = known;
      }
      return known;
    } finally {
      reading.unlock();
    }
  }

  /** All batches of labels, by id. */
  public List<LabelBatchRow> labelBatches() {
    return read(
        connection -> {
          List<LabelBatchRow> found = new ArrayList<>();
          query(
              connection,
              "SELECT batch_id, name, mode, closed, pairs, labels, comparisons FROM v_label_batch"
                  + " ORDER BY batch_id",
              row ->
                  found.add(
                      new LabelBatchRow(
                          row.getString(1),
                          row.getString(2),
                          row.getString(3),
                          row.getInt(4) == 1,
                          row.getInt(5),
                          row.getInt(6),
                          row.getInt(7))));
          return List.copyOf(found);
        });
  }

  /** All runs, the newest first; those in the trash are left out. */
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
                + " r.spec_notes), r.device, r.threads, r.trashed IS NOT NULL FROM run r LEFT JOIN"
                + " run_edit e ON e.run_id = r.run_id WHERE r.revision > ?")) {
      query.setLong(1, rowsRevision);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String id = row.getString(2);
          if (row.getBoolean(18)) {
            rows.remove(id);
            continue;
          }
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

  /**
   * The newest finished best-of-k measurement of the model that a policy began with, by the
   * preference model that it is trained on; both are known by the hashes of their files.
   */
  public Optional<String> bestOfK(String runId) {
    return list(
            "SELECT b.run_id FROM run r"
                + " JOIN run_input p ON p.run_no = r.run_no AND p.key = 'rlhf.policy'"
                + " JOIN run_input m ON m.run_no = r.run_no"
                + " AND m.key = 'rlhf.reward.preference_model'"
                + " JOIN run b ON b.stage = 'best_of_k' AND b.state = 'finished'"
                + " AND b.trashed IS NULL"
                + " JOIN run_input q ON q.run_no = b.run_no AND q.key = 'best_of_k.policy'"
                + " AND q.sha256 = p.sha256"
                + " JOIN run_input s ON s.run_no = b.run_no"
                + " AND s.key = 'best_of_k.reward.preference_model' AND s.sha256 = m.sha256"
                + " WHERE r.run_id = ? AND p.sha256 <> '' AND m.sha256 <> ''"
                + " ORDER BY b.created DESC LIMIT 1",
            row -> row.getString(1),
            runId)
        .stream()
        .findFirst();
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

  /** The runs that have a result table of a name, the newest first. */
  public List<String> newestRunsWith(String table) {
    return list(
        "SELECT r.run_id FROM run r WHERE EXISTS (SELECT 1 FROM result t WHERE t.run_no = r.run_no"
            + " AND t.name = ?) ORDER BY r.created DESC, r.run_id DESC",
        row -> Objects.requireNonNull(row.getString(1)),
        table);
  }

  /** The figures that people keep, by name. */
  public List<StoredFigure> figures() {
    return list(
        "SELECT name, source, recipe, body, edits, style FROM figure ORDER BY name",
        Workspace::figure);
  }

  static StoredFigure figure(ResultSet row) throws SQLException {
    return new StoredFigure(
        Objects.requireNonNull(row.getString(1)),
        Objects.requireNonNull(row.getString(2)),
        Objects.requireNonNull(row.getString(3)),
        Objects.requireNonNull(row.getString(4)),
        Objects.requireNonNull(row.getString(5)),
        Objects.requireNonNull(row.getString(6)));
  }

  /** The result tables of a run, by name and step. */
  public List<ResultRow> results(String runId) {
    return list(
        "SELECT name, step, rows FROM v_result WHERE run_id = ? ORDER BY name, step",
        row -> new ResultRow(runId, row.getString(1), row.getLong(2), row.getInt(3)),
        runId);
  }

  /** Ids of the runs that have a result table of a name. */
  public List<String> runsWith(String table) {
    return list(
        "SELECT DISTINCT run_id FROM v_result WHERE name = ? ORDER BY run_id",
        row -> row.getString(1),
        table);
  }

  /**
   * A result table with its rows; empty where the run has none of that name.
   *
   * @param step empty for the latest step that has one
   */
  public Optional<ResultTable> result(String runId, String name, OptionalLong step) {
    return read(
        connection -> {
          connection.setAutoCommit(false); // head and rows as of one moment
          try {
            List<String> heads = new ArrayList<>();
            List<String> rows = new ArrayList<>();
            List<Long> numbers = new ArrayList<>();
            query(
                connection,
                "SELECT t.result_no, t.columns FROM run r JOIN result t ON t.run_no = r.run_no"
                    + " WHERE r.run_id = ? AND t.name = ? AND t.step BETWEEN ? AND ?"
                    + " ORDER BY t.step DESC LIMIT 1",
                row -> {
                  numbers.add(row.getLong(1));
                  heads.add(row.getString(2));
                },
                runId,
                name,
                step.orElse(Long.MIN_VALUE),
                step.orElse(Long.MAX_VALUE));
            if (heads.isEmpty()) {
              return Optional.<ResultTable>empty();
            }
            query(
                connection,
                "SELECT cells FROM result_row WHERE result_no = ? ORDER BY row",
                row -> rows.add(row.getString(1)),
                numbers.getFirst());
            return Optional.of(ResultIngest.read(name, heads.getFirst(), rows));
          } finally {
            connection.commit();
            connection.setAutoCommit(true);
          }
        });
  }

  /** The studies, the newest first. */
  public List<StudyRow> studies() {
    return list(
        "SELECT study_id, name, title, figures, analysis, created, state, detail, done, total,"
            + " seconds_left, analysed FROM study ORDER BY created DESC, study_id DESC",
        row ->
            new StudyRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Instant.parse(row.getString(6)),
                state(row.getString(7)),
                row.getString(8),
                row.getInt(9),
                row.getInt(10),
                RunIngest.real(row, 11),
                !row.getString(12).isEmpty()));
  }

  /** The rules, and where they came true. */
  public AlertSheet alerts() {
    return read(AlertEdits::sheet);
  }

  /** The queue with how far its entries are; {@link WorkQueue} changes it. */
  public QueueSheet queue() {
    return read(queue::read);
  }

  /** The cards of the last analysis of every study, the newest study first. */
  public List<CardRow> cards() {
    return list(
        "SELECT s.study_id, s.name, c.card_id, c.figure, c.claim, c.verdict, c.measured FROM study"
            + " s JOIN card c ON c.study_no = s.study_no ORDER BY s.created DESC, s.study_id DESC,"
            + " c.place",
        row ->
            new CardRow(
                row.getString(1),
                row.getString(2),
                new PaperCard(
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    PaperCard.Verdict.valueOf(row.getString(6).toUpperCase(Locale.ROOT)),
                    row.getString(7))));
  }

  /** The names of the tables of a study's last analysis, in its order. */
  public List<String> studyResults(String studyId) {
    return list(
        "SELECT t.name FROM study s JOIN study_result t ON t.study_no = s.study_no"
            + " WHERE s.study_id = ? ORDER BY t.study_result_no",
        row -> row.getString(1),
        studyId);
  }

  /** A table of a study's last analysis with its rows; empty where it has none of that name. */
  public Optional<ResultTable> studyResult(String studyId, String name) {
    return read(
        connection -> {
          connection.setAutoCommit(false); // head and rows as of one moment
          try {
            List<String> heads = new ArrayList<>();
            List<String> rows = new ArrayList<>();
            query(
                connection,
                "SELECT t.columns FROM study s JOIN study_result t ON t.study_no = s.study_no"
                    + " WHERE s.study_id = ? AND t.name = ?",
                row -> heads.add(row.getString(1)),
                studyId,
                name);
            query(
                connection,
                "SELECT w.cells FROM study s JOIN study_result t ON t.study_no = s.study_no"
                    + " JOIN study_result_row w ON w.study_result_no = t.study_result_no"
                    + " WHERE s.study_id = ? AND t.name = ? ORDER BY w.row",
                row -> rows.add(row.getString(1)),
                studyId,
                name);
            return heads.isEmpty()
                ? Optional.<ResultTable>empty()
                : Optional.of(ResultIngest.read(name, heads.getFirst(), rows));
          } finally {
            connection.commit();
            connection.setAutoCommit(true);
          }
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
   * What is known of the tokens of a response.
   *
   * @param index of the response
   * @return empty where nothing was kept
   */
  public TokenTrace sampleTrace(String runId, long step, int index) {
    return list(
            "SELECT t.trace FROM run r JOIN sample_trace t ON t.run_no = r.run_no"
                + " WHERE r.run_id = ? AND t.step = ? AND t.idx = ?",
            row -> TokenTraceJson.read(row.getString(1)),
            runId,
            step,
            index)
        .stream()
        .findFirst()
        .orElse(TokenTrace.NONE);
  }

  /**
   * Responses of one step in the order of their index, without what is known of their tokens; see
   * {@link #sampleTrace}.
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
                    row.getBoolean(9),
                    SampleScores.read(row.getString(10))));
    String columns =
        "SELECT s.step, s.idx, s.prompt, s.response, s.pm_score, s.log_probability,"
            + " s.reference_log_probability, s.tokens, s.ended, s.scores FROM run r JOIN sample s"
            + " ON s.run_no = r.run_no WHERE r.run_id = ? AND s.step = ";
    return step.isPresent()
        ? list(columns + "? ORDER BY s.idx", reader, runId, step.getAsLong())
        : list(
            columns + "(SELECT max(step) FROM sample WHERE run_no = r.run_no) ORDER BY s.idx",
            reader,
            runId);
  }

  /**
   * States, steering, checkpoints, resumes and notices in the journal's order, superseded ones left
   * out.
   */
  public List<MarkRow> marks(String runId) {
    return list(
        "SELECT k.sequence, k.time, k.step, k.kind, k.label, k.parameter, k.value_before,"
            + " k.value_after FROM run r JOIN mark k ON k.run_no = r.run_no"
            + " WHERE r.run_id = ?1 AND k.superseded = 0 UNION ALL SELECT h.sequence, h.time,"
            + " h.step, 'alert', h.message, '', NULL, h.value FROM run r JOIN alert_hit h ON"
            + " h.run_no = r.run_no WHERE r.run_id = ?1 ORDER BY 1, 2",
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

  /** What people change about runs. */
  public RunEdits edits() {
    return new RunEdits(this);
  }

  /** Gives a run another name on screen; references in specs go by the spec's name still. */
  public void rename(String runId, String name) {
    edits().change(List.of(runId), new RunChange.Rename(name));
  }

  /** Replaces a run's notes. */
  public void setNotes(String runId, String notes) {
    edits().change(List.of(runId), new RunChange.Notes(notes));
  }

  /** Replaces a run's tags; doubles and blanks are left out. */
  public void setTags(String runId, Collection<String> tags) {
    edits().change(List.of(runId), new RunChange.Tags(List.copyOf(tags)));
  }

  /** A change of the database by a person. */
  interface Edit<T> {
    T make(Connection connection) throws SQLException;
  }

  /**
   * Makes a change, whole or not at all.
   *
   * @throws UserError where the workspace is open for reading
   */
  <T> T edit(Edit<T> edit) {
    if (access == Access.UNWRITABLE) {
      throw new UserError(
          directory + " may not be written; change its rights, or copy it and change the copy");
    }
    Connection connection = writer;
    if (connection == null) {
      throw new UserError(
          directory + " is open in another process and read-only here; make the change there");
    }
    writing.lock();
    try {
      List<T> made = new ArrayList<>();
      Database.transaction(connection, () -> made.add(edit.make(connection)));
      return made.getFirst();
    } catch (SQLException e) {
      throw Database.error(file, e);
    } finally {
      writing.unlock();
    }
  }

  /** What was seen of runs whose directories were moved counts no more. */
  void forget(Collection<String> runIds) {
    writing.lock();
    try {
      runIds.forEach(seen::remove);
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

  static RunState state(String word) {
    return RunState.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static String json(List<String> texts) {
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

  static String reason(Exception e) {
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
