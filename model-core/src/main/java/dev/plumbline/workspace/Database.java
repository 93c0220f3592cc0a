package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** The SQLite file of a workspace: opening, checking, migrating, and its errors in plain words. */
final class Database {
  /** Marks a file as ours ({@code PRAGMA application_id}): "PLMB". */
  static final int APPLICATION_ID = 0x504C4D42;

  /** The migrations in order; the schema's version is the number of those applied. */
  static final List<String> MIGRATIONS =
      List.of(
          "001_store.sql",
          "002_views.sql",
          "003_device.sql",
          "004_result.sql",
          "005_study.sql",
          "006_sample_score.sql",
          "007_run_table.sql",
          "008_sample_trace.sql",
          "009_figure.sql",
          "010_label.sql",
          "011_queue.sql",
          "012_alert.sql");

  /** Counts a change that readers can see; gives the new revision. */
  static final String NEXT_REVISION = "UPDATE store SET revision = revision + 1 RETURNING revision";

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private Database() {}

  /** Checks that a file, if it is there, is one of ours or empty; changes nothing. */
  static void check(Path file) {
    check(file, file);
  }

  /**
   * The same with another name in the messages.
   *
   * @param named what the person knows the file by
   */
  static void check(Path file, Path named) {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(MAGIC.length);
      if (start.length > 0 && !Arrays.equals(start, MAGIC)) {
        throw new UserError(named + " is not a database; move it away or choose another workspace");
      }
      if (start.length == 0) {
        return;
      }
    } catch (IOException e) {
      throw new UserError("cannot read " + named + ": " + e.getMessage() + "; check its rights", e);
    }
    try (Connection connection = connect(file, true)) {
      int version = pragma(connection, "user_version");
      boolean foreign =
          version > 0
              ? pragma(connection, "application_id") != APPLICATION_ID
              : pragma(connection, "schema_version") > 0;
      if (foreign) {
        throw new UserError(
            named + " belongs to another program; move it away or choose another workspace");
      }
      checkVersion(named, version);
    } catch (SQLException e) {
      throw error(named, e);
    }
  }

  static void checkVersion(Path file, int version) {
    if (version > MIGRATIONS.size()) {
      throw new UserError(
          "%s was written by a newer Plumbline (schema %d, this one knows %d); update Plumbline"
              .formatted(file, version, MIGRATIONS.size()));
    }
  }

  static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(5_000);
    config.enforceForeignKeys(true);
    // Nobody asks for them, and finding them costs a second statement after every insert.
    config.setGetGeneratedKeys(false);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
      // The queue is written by several processes: a transaction that reads first and is overtaken
      // before it writes would fail at once, one that begins with the right to write waits for it.
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      // 64 MB: an ingest writes all over the index of curves, and with the 2 MB of the default its
      // pages go to the disk and back again and again from some thousand runs on.
      config.setCacheSize(-65_536);
    }
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** Applies the migrations that are missing, up to a version, all or none. */
  static void migrate(Connection connection, int target) throws SQLException {
    int version = pragma(connection, "user_version");
    if (version >= target) {
      return;
    }
    transaction(
        connection,
        () -> {
          try (Statement statement = connection.createStatement()) {
            for (int next = version; next < target; next++) {
              for (String sql : statements(MIGRATIONS.get(next))) {
                statement.execute(sql);
              }
            }
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + target);
          }
        });
  }

  /** Statements that belong together. */
  interface Work {
    void run() throws SQLException;
  }

  /** Does all of the work or none. SQLite rolls back by itself on a full disk, so that may fail. */
  static void transaction(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      attempt(e, connection::rollback);
      attempt(e, () -> connection.setAutoCommit(true));
      throw e;
    }
    connection.setAutoCommit(true);
  }

  private static void attempt(Exception cause, Work work) {
    try {
      work.run();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  /** The statements of a migration; comments go, and no literal of ours holds a semicolon. */
  private static List<String> statements(String resource) {
    try (InputStream in = Database.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource is missing: " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.replaceAll("--[^\n]*", "").split(";"))
          .map(String::strip)
          .filter(sql -> !sql.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("resource cannot be read: " + resource, e);
    }
  }

  /** The kind of an error; SQLite puts finer ones above the lowest byte. */
  static SQLiteErrorCode code(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
  }

  /** Whether an error tells of content that cannot be read, as against rights or a full disk. */
  static boolean isDamage(UserError error) {
    return error.getCause() instanceof SQLException e
        && (code(e) == SQLiteErrorCode.SQLITE_NOTADB || code(e) == SQLiteErrorCode.SQLITE_CORRUPT);
  }

  /** An error of SQLite in one line that says what to do. */
  static UserError error(Path file, SQLException e) {
    String message =
        switch (code(e)) {
          case SQLITE_FULL ->
              "the disk is full while writing %s; free some space and try again".formatted(file);
          case SQLITE_NOTADB, SQLITE_CORRUPT ->
              "%s is damaged or not a database; move it away: it is filled again from the runs"
                  .formatted(file);
          case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
              "cannot write %s; check the rights of its directory or choose another workspace"
                  .formatted(file);
          case SQLITE_BUSY, SQLITE_LOCKED ->
              "%s is locked by another program; close it there and try again".formatted(file);
          case SQLITE_IOERR ->
              "cannot read or write %s; check the disk and its free space".formatted(file);
          default -> file + ": " + e.getMessage();
        };
    return new UserError(message, e);
  }
}
