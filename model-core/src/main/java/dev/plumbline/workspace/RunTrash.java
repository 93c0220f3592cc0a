package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory {@code trash/} of a workspace. Where a run's directory lies decides whether it is
 * in the trash; the database is brought in line with it, whatever a crash left behind.
 */
final class RunTrash {
  private static final Logger LOG = LoggerFactory.getLogger(RunTrash.class);

  /** Begins the names of directories that are being deleted. */
  private static final String ENDING = ".gone-";

  private final Path runs;
  private final Path trash;

  RunTrash(Path workspace) {
    runs = workspace.resolve("runs");
    trash = workspace.resolve("trash");
  }

  /** Refuses to take away what is in use. */
  void check(Connection connection, List<String> ids) throws SQLException {
    for (String id : ids) {
      RunDirectory run = new RunDirectory(runs.resolve(id));
      if (run.exists() && run.state().isActive()) {
        throw new UserError("run " + id + " is at work; stop it first");
      }
    }
    String all = ids.stream().map(RunSql::quote).collect(Collectors.joining(","));
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT i.from_run, r.run_id FROM run_input i JOIN run r ON r.run_no = i.run_no"
                    + " WHERE i.from_run IN (%1$s) AND r.run_id NOT IN (%1$s) AND r.trashed IS NULL"
                        .formatted(all)
                    + " AND r.state IN ('starting', 'running', 'paused', 'queued') LIMIT 1");
        ResultSet row = query.executeQuery()) {
      if (row.next()) {
        throw new UserError(
            "run %s builds on %s and has not ended; stop it first"
                .formatted(row.getString(2), row.getString(1)));
      }
    }
  }

  /** Moves directories and says so in the database; those that were moved go back if one fails. */
  void move(Connection connection, List<String> ids, boolean away) throws SQLException {
    List<String> moved = new ArrayList<>();
    try {
      for (String id : ids) {
        move(id, away);
        moved.add(id);
        mark(connection, id, away ? Instant.now().toString() : null);
      }
    } catch (UserError | SQLException e) {
      for (String id : moved) {
        move(id, !away);
      }
      throw e;
    }
  }

  private void move(String id, boolean away) {
    Path from = (away ? runs : trash).resolve(id);
    Path to = (away ? trash : runs).resolve(id);
    if (!Files.isDirectory(from)) {
      return; // only its curves are left
    }
    try {
      Files.createDirectories(away ? trash : runs);
      if (Files.exists(to)) {
        throw new UserError(to + " is there already; move it away by hand first");
      }
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UserError(
          "cannot move %s to %s: %s; check their rights".formatted(from, to, Workspace.reason(e)),
          e);
    }
  }

  private static void mark(Connection connection, String id, @Nullable String since)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE run SET trashed = ?, revision = ? WHERE run_id = ?")) {
      update.setString(1, since);
      update.setLong(2, Workspace.nextRevision(connection));
      update.setString(3, id);
      if (update.executeUpdate() == 0) {
        throw new UserError("no run '" + id + "'; list the runs");
      }
    }
  }

  /**
   * Brings the database in line with where directories lie.
   *
   * @param present ids of the directories below {@code runs/}
   * @return ids whose rows changed
   */
  List<String> notice(Connection connection, Set<String> present) throws SQLException {
    List<String> back = new ArrayList<>();
    List<String> away = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT run_id FROM run WHERE trashed IS NOT NULL");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        if (present.contains(row.getString(1))) {
          back.add(row.getString(1));
        }
      }
    }
    if (Files.isDirectory(trash)) {
      for (String id : names()) {
        if (!present.contains(id)) {
          away.add(id);
        }
      }
      if (!away.isEmpty()) {
        try (PreparedStatement query =
            connection.prepareStatement("SELECT 1 FROM run WHERE run_id = ? AND trashed IS NULL")) {
          away.removeIf(id -> !isThere(query, id));
        }
      }
    }
    if (!back.isEmpty() || !away.isEmpty()) {
      Database.transaction(
          connection,
          () -> {
            for (String id : back) {
              mark(connection, id, null);
            }
            for (String id : away) {
              mark(connection, id, Instant.now().toString());
            }
          });
    }
    List<String> changed = new ArrayList<>(back);
    changed.addAll(away);
    return changed;
  }

  private static boolean isThere(PreparedStatement query, String id) {
    try {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      LOG.warn("the trash is not looked at: {}", e.getMessage());
      return false;
    }
  }

  private List<String> names() {
    try (Stream<Path> entries = Files.list(trash)) {
      return entries
          .map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.startsWith("."))
          .toList();
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", trash, e.getMessage());
      return List.of();
    }
  }

  /** Removes runs from all tables and sets their directories aside to be deleted. */
  void forget(Connection connection, Collection<String> ids) throws SQLException {
    for (String id : ids) {
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT run_no FROM run WHERE run_id = ? AND trashed IS NOT NULL")) {
        query.setString(1, id);
        try (ResultSet row = query.executeQuery()) {
          if (!row.next()) {
            throw new UserError("run '" + id + "' is not in the trash; delete it first");
          }
          delete(connection, row.getLong(1), id);
        }
      }
    }
    for (String id : ids) {
      Path from = trash.resolve(id);
      try {
        if (Files.isDirectory(from)) {
          Files.move(from, trash.resolve(ENDING + id), StandardCopyOption.ATOMIC_MOVE);
        }
      } catch (IOException e) {
        throw new UserError(
            "cannot delete %s: %s; check its rights".formatted(from, Workspace.reason(e)), e);
      }
    }
  }

  private static void delete(Connection connection, long runNo, String id) throws SQLException {
    List<String> statements =
        List.of(
            "DELETE FROM metric_chunk WHERE metric_no IN (SELECT metric_no FROM metric WHERE run_no"
                + " = ?)",
            "DELETE FROM metric_tail WHERE metric_no IN (SELECT metric_no FROM metric WHERE run_no"
                + " = ?)",
            "DELETE FROM metric WHERE run_no = ?",
            "DELETE FROM result_row WHERE result_no IN (SELECT result_no FROM result WHERE run_no ="
                + " ?)",
            "DELETE FROM result WHERE run_no = ?",
            "DELETE FROM sample WHERE run_no = ?",
            "DELETE FROM sample_trace WHERE run_no = ?",
            "DELETE FROM mark WHERE run_no = ?",
            "DELETE FROM run_setting WHERE run_no = ?",
            "DELETE FROM run_input WHERE run_no = ?",
            "DELETE FROM run WHERE run_no = ?");
    for (String sql : statements) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, runNo);
        statement.executeUpdate();
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM run_edit WHERE run_id = ?")) {
      statement.setString(1, id);
      statement.executeUpdate();
    }
    Workspace.nextRevision(connection);
  }

  /** Deletes what was set aside, now or before a crash. */
  void delete(Collection<String> ids) {
    LOG.debug("deleting {}", ids);
    if (!Files.isDirectory(trash)) {
      return;
    }
    try (Stream<Path> entries = Files.list(trash)) {
      for (Path entry : entries.toList()) {
        if (String.valueOf(entry.getFileName()).startsWith(ENDING)) {
          try (Stream<Path> files = Files.walk(entry)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.deleteIfExists(file);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot delete all of %s: %s; delete the rest by hand"
              .formatted(trash, Workspace.reason(e)),
          e);
    }
  }
}
