package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Study;
import dev.plumbline.training.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a workspace: in its database, over a connection of its own. Unlike the rest of the
 * database it is changed by several processes, the one that works through it, the window and the
 * command line; each change is one short transaction.
 *
 * <p>Every change that a person makes gives back what undoes it. One thread at a time.
 */
public final class WorkQueue implements QueueBook {
  private static final String COLUMNS =
      "SELECT number, kind, target, title, state, wish, device, workers, added, begun, ended,"
          + " detail FROM queue_entry";

  private final Path file;
  private final Connection connection;

  /**
   * What an entry is made of.
   *
   * @param device as {@code --device} takes it
   * @param workers runs of a study at a time, 0 for as many as the machine carries
   */
  public record Request(
      QueueEntry.Kind kind, String target, String title, String device, int workers) {
    /**
     * A study of this workspace.
     *
     * @throws UserError where it is finished
     */
    public static Request of(Study study, String device, int workers) {
      String title = study.about().title().isEmpty() ? study.name() : study.about().title();
      if (study.state() == RunState.FINISHED) {
        throw new UserError("study " + study.id() + " is finished; run its file again for another");
      }
      return new Request(QueueEntry.Kind.STUDY, study.id(), title, device, workers);
    }

    /**
     * A run of this workspace.
     *
     * @throws UserError where it is finished
     */
    public static Request of(RunDirectory run, String device) {
      if (run.state() == RunState.FINISHED) {
        throw new UserError("run " + run.id() + " is finished; run its spec again for another");
      }
      return new Request(QueueEntry.Kind.RUN, run.id(), run.spec().spec().name(), device, 0);
    }
  }

  /** Opens queues for the process that works through them. */
  public static final class Opener implements QueueBook.Opener {
    /** For the service loader. */
    public Opener() {}

    @Override
    public QueueBook open(Path workspace) {
      return WorkQueue.open(workspace);
    }
  }

  private WorkQueue(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens a workspace's queue; the workspace is made, or brought up to date, where that is needed.
   *
   * @throws UserError where it cannot be written, or belongs to another version
   */
  public static WorkQueue open(Path workspace) {
    Path root = workspace.toAbsolutePath().normalize();
    Path file = root.resolve("workspace.db");
    if (version(file) < Database.MIGRATIONS.size()) {
      Workspace.open(root).close(); // which refuses where another process has it as it is
    }
    try {
      int version = version(file);
      if (version != Database.MIGRATIONS.size()) {
        throw new UserError(
            root + " is open in a Plumbline of another version; close it there and try again");
      }
      if (!Files.isWritable(file)) {
        throw new UserError(
            root + " may not be written; change its rights, or copy it and change the copy");
      }
      return new WorkQueue(file, Database.connect(file, false));
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private static int version(Path file) {
    if (!Files.isRegularFile(file)) {
      return -1;
    }
    Database.check(file);
    try (Connection looking = Database.connect(file, true)) {
      return Database.pragma(looking, "user_version");
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  // ------------------------------------------------------------------------------------ reading

  @Override
  public List<QueueEntry> entries() {
    return read(WorkQueue::entries);
  }

  @Override
  public Terms terms() {
    return read(WorkQueue::terms);
  }

  /** An entry by its number; empty where there is none, or it was cleared away. */
  public Optional<QueueEntry> entry(long number) {
    return entries().stream().filter(entry -> entry.number() == number).findFirst();
  }

  static List<QueueEntry> entries(Connection connection) throws SQLException {
    List<QueueEntry> found = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(COLUMNS + " WHERE cleared = 0 ORDER BY place, number");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.add(
            new QueueEntry(
                row.getLong(1),
                constant(QueueEntry.Kind.class, row.getString(2)),
                Objects.requireNonNull(row.getString(3)),
                Objects.requireNonNull(row.getString(4)),
                constant(QueueEntry.State.class, row.getString(5)),
                constant(QueueEntry.Wish.class, row.getString(6)),
                Objects.requireNonNull(row.getString(7)),
                row.getInt(8),
                Instant.parse(row.getString(9)),
                instant(row.getString(10)),
                instant(row.getString(11)),
                Objects.requireNonNull(row.getString(12))));
      }
    }
    return List.copyOf(found);
  }

  static Terms terms(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT paused, at_a_time FROM queue");
        ResultSet row = query.executeQuery()) {
      return row.next() ? new Terms(row.getBoolean(1), row.getInt(2)) : Terms.STANDARD;
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, @Nullable String word) {
    return Enum.valueOf(type, String.valueOf(word).toUpperCase(Locale.ROOT));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  // ---------------------------------------------------------------------------- its own process

  @Override
  public boolean begin(long number) {
    return change(
            "UPDATE queue_entry SET state = 'running', wish = 'none', detail = '', begun = ?,"
                + " ended = NULL WHERE number = ? AND state = 'waiting'",
            now(),
            number)
        == 1;
  }

  @Override
  public void enter(long number, QueueEntry.State state, String detail) {
    change(
        "UPDATE queue_entry SET state = ?, wish = 'none', detail = ?, ended = ? WHERE number = ?",
        state.word(),
        detail,
        state.isOver() ? now() : null,
        number);
  }

  // -------------------------------------------------------------------------------- by a person

  /**
   * Puts entries behind all others.
   *
   * @throws UserError where one of them waits or is at work already
   */
  public List<Long> add(List<Request> requests) {
    return write(
        () -> {
          Set<String> known = new HashSet<>();
          for (QueueEntry entry : entries(connection)) {
            if (!entry.state().isOver()) {
              known.add(entry.kind() + entry.target());
            }
          }
          List<Long> numbers = new ArrayList<>();
          for (Request request : requests) {
            if (!known.add(request.kind() + request.target())) {
              throw new UserError(request.title() + " is in the queue already");
            }
            numbers.add(insert(request));
          }
          return numbers;
        });
  }

  private long insert(Request request) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO queue_entry (place, kind, target, title, state, wish, device, workers,"
                + " added, detail, cleared) SELECT IFNULL(max(place), 0) + 1, ?, ?, ?, 'waiting',"
                + " 'none', ?, ?, ?, '', 0 FROM queue_entry RETURNING number")) {
      insert.setString(1, request.kind().name().toLowerCase(Locale.ROOT));
      insert.setString(2, request.target());
      insert.setString(3, request.title());
      insert.setString(4, request.device());
      insert.setInt(5, request.workers());
      insert.setString(6, now());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Numbers of the entries in their order. */
  public List<Long> order() {
    return entries().stream().map(QueueEntry::number).toList();
  }

  /**
   * Puts the entries into an order; those that are not named stay behind those that are.
   *
   * @return the order before
   */
  public List<Long> reorder(List<Long> numbers) {
    return write(
        () -> {
          List<Long> before = entries(connection).stream().map(QueueEntry::number).toList();
          List<Long> next = new ArrayList<>(numbers);
          next.retainAll(before);
          before.stream().filter(number -> !next.contains(number)).forEach(next::add);
          for (int i = 0; i < next.size(); i++) {
            update("UPDATE queue_entry SET place = ? WHERE number = ?", i + 1.0, next.get(i));
          }
          return before;
        });
  }

  /**
   * Moves an entry among those that wait or are paused; what is at work or over has no turn to
   * move.
   *
   * @param place from 1, among those that have not begun
   * @return the order before
   * @throws UserError where it is at work or over
   */
  public List<Long> move(long number, int place) {
    return write(
        () -> {
          List<QueueEntry> all = entries(connection);
          QueueEntry moved = known(all, number);
          if (!isMovable(moved)) {
            throw new UserError(
                "%s is %s; only entries that wait can be moved"
                    .formatted(moved.title(), moved.state().word()));
          }
          List<Long> order = new ArrayList<>(all.stream().map(QueueEntry::number).toList());
          List<Long> movable =
              new ArrayList<>(
                  all.stream().filter(WorkQueue::isMovable).map(QueueEntry::number).toList());
          List<Integer> seats = new ArrayList<>();
          for (int i = 0; i < all.size(); i++) {
            if (isMovable(all.get(i))) {
              seats.add(i);
            }
          }
          movable.remove(number);
          movable.add(Math.clamp(place - 1, 0, movable.size()), number);
          for (int i = 0; i < seats.size(); i++) {
            order.set(seats.get(i), movable.get(i));
          }
          List<Long> before = all.stream().map(QueueEntry::number).toList();
          for (int i = 0; i < order.size(); i++) {
            update("UPDATE queue_entry SET place = ? WHERE number = ?", i + 1.0, order.get(i));
          }
          return before;
        });
  }

  /** Whether an entry's place can be changed. */
  public static boolean isMovable(QueueEntry entry) {
    return entry.state() == QueueEntry.State.WAITING || entry.state() == QueueEntry.State.PAUSED;
  }

  /**
   * Takes an entry out: one that waits at once, one at work when it has stopped with checkpoints.
   *
   * @return the entry as it was
   * @throws UserError where it is over already
   */
  public QueueEntry cancel(long number) {
    return write(
        () -> {
          QueueEntry entry = known(entries(connection), number);
          switch (entry.state()) {
            case RUNNING ->
                update("UPDATE queue_entry SET wish = 'cancel' WHERE number = ?", number);
            case WAITING, PAUSED ->
                update(
                    "UPDATE queue_entry SET state = 'cancelled', wish = 'none', ended = ? WHERE"
                        + " number = ?",
                    now(),
                    number);
            default -> throw over(entry);
          }
          return entry;
        });
  }

  /**
   * Holds an entry back: one that waits is passed over, one at work stops with checkpoints.
   *
   * @return the entry as it was
   * @throws UserError where it is over already
   */
  public QueueEntry pause(long number) {
    return write(
        () -> {
          QueueEntry entry = known(entries(connection), number);
          switch (entry.state()) {
            case RUNNING ->
                update("UPDATE queue_entry SET wish = 'pause' WHERE number = ?", number);
            case WAITING ->
                update("UPDATE queue_entry SET state = 'paused' WHERE number = ?", number);
            case PAUSED -> {
              // it is so already
            }
            default -> throw over(entry);
          }
          return entry;
        });
  }

  /**
   * Lets an entry go on when its turn comes, one that was cancelled or failed too; what was asked
   * of one at work is taken back.
   *
   * @return the entry as it was
   * @throws UserError where it is finished
   */
  public QueueEntry resume(long number) {
    return write(
        () -> {
          List<QueueEntry> all = entries(connection);
          QueueEntry entry = known(all, number);
          switch (entry.state()) {
            case RUNNING -> update("UPDATE queue_entry SET wish = 'none' WHERE number = ?", number);
            case PAUSED, CANCELLED, FAILED -> {
              boolean twice =
                  all.stream()
                      .anyMatch(
                          other ->
                              other.number() != number
                                  && !other.state().isOver()
                                  && other.kind() == entry.kind()
                                  && other.target().equals(entry.target()));
              if (twice) {
                throw new UserError(entry.title() + " is in the queue already");
              }
              update(
                  "UPDATE queue_entry SET state = 'waiting', wish = 'none', detail = '',"
                      + " ended = NULL WHERE number = ?",
                  number);
            }
            case WAITING -> {
              // it is so already
            }
            case FINISHED -> throw over(entry);
          }
          return entry;
        });
  }

  /**
   * Lets nothing new begin, or lets the next begin again; what is at work goes on.
   *
   * @return whether it was paused before
   */
  public boolean setPaused(boolean paused) {
    return write(
        () -> {
          boolean before = terms(connection).paused();
          update("UPDATE queue SET paused = ?", paused ? 1 : 0);
          return before;
        });
  }

  /**
   * How many entries are at work at a time.
   *
   * @param atATime 0 for as many as the machine carries
   * @return how many before
   * @throws UserError where that is no number of entries
   */
  public int setAtATime(int atATime) {
    if (atATime < 0 || atATime > 1024) {
      throw new UserError(
          atATime + " at a time: give 1 or more, or 0 for what the machine carries");
    }
    return write(
        () -> {
          int before = terms(connection).atATime();
          update("UPDATE queue SET at_a_time = ?", atATime);
          return before;
        });
  }

  /**
   * Shows entries no more that are over.
   *
   * @return which
   */
  public List<Long> clear() {
    return write(
        () -> {
          List<Long> over =
              entries(connection).stream()
                  .filter(entry -> entry.state().isOver())
                  .map(QueueEntry::number)
                  .toList();
          mark(over, 1);
          return over;
        });
  }

  /** Shows entries again. */
  public void unclear(Collection<Long> numbers) {
    write(
        () -> {
          mark(numbers, 0);
          return numbers.size();
        });
  }

  private void mark(Collection<Long> numbers, int cleared) throws SQLException {
    for (long number : numbers) {
      update("UPDATE queue_entry SET cleared = ? WHERE number = ?", cleared, number);
    }
  }

  private static UserError over(QueueEntry entry) {
    return new UserError(entry.title() + " is " + entry.state().word() + " already");
  }

  private static QueueEntry known(List<QueueEntry> entries, long number) {
    return entries.stream()
        .filter(entry -> entry.number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no entry %d in the queue; `plumbline study queue list` shows them"
                        .formatted(number)));
  }

  // ------------------------------------------------------------------------------------ helpers

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private interface Reading<T> {
    T of(Connection connection) throws SQLException;
  }

  private interface Writing<T> {
    T make() throws SQLException;
  }

  private <T> T read(Reading<T> reading) {
    try {
      return reading.of(connection);
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private <T> T write(Writing<T> writing) {
    try {
      List<T> made = new ArrayList<>();
      Database.transaction(connection, () -> made.add(writing.make()));
      return made.getFirst();
    } catch (SQLException e) {
      throw Database.error(file, e);
    }
  }

  private int change(String sql, @Nullable Object... values) {
    return write(() -> update(sql, values));
  }

  private int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
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
