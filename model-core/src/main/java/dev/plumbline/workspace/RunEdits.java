package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What people change about runs, kept in the workspace's own tables. Each change gives back what
 * was there, so that it can be undone. All of them throw {@link UserError} where the workspace is
 * open for reading, and change everything or nothing.
 */
public final class RunEdits {
  private final Workspace workspace;

  /**
   * What a change did.
   *
   * @param before what was set of the runs that it changed
   * @param after what is set now
   */
  public record Done(List<RunMarks> before, List<RunMarks> after) {
    public Done {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  RunEdits(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Changes of alerts. */
  public AlertEdits alerts() {
    return new AlertEdits(workspace);
  }

  /** Changes some runs; those that are so already are left out of what was done. */
  public Done change(Collection<String> runIds, RunChange change) {
    if (change instanceof RunChange.Rename(String name) && name.isBlank()) {
      throw new UserError("a run needs a name; type at least one letter");
    }
    if (change instanceof RunChange.AddTag(String tag) && tag.isBlank()) {
      throw new UserError("a tag needs a letter at least");
    }
    return workspace.edit(
        connection -> {
          List<RunMarks> before = new ArrayList<>();
          List<RunMarks> after = new ArrayList<>();
          for (String id : runIds) {
            State state = read(connection, id);
            RunMarks next = apply(state, change);
            if (!next.equals(state.marks())) {
              before.add(state.marks());
              after.add(next);
              write(connection, next);
            }
          }
          return new Done(before, after);
        });
  }

  /** Sets everything that people set of some runs; undoes and repeats changes. */
  public void set(List<RunMarks> marks) {
    workspace.edit(
        connection -> {
          for (RunMarks each : marks) {
            write(connection, each);
          }
          return marks.size();
        });
  }

  /** Marks and what stands where none are. */
  private record State(RunMarks marks, String name, String notes, List<String> tags) {}

  private State read(Connection connection, String id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT e.name, e.notes, e.tags, IFNULL(e.starred, 0), IFNULL(e.archived, 0),"
                + " COALESCE(e.name, r.name), COALESCE(e.notes, r.spec_notes), COALESCE(e.tags,"
                + " r.spec_tags)"
                + RunSql.FROM
                + " WHERE r.run_id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new UserError(
              "no run '" + id + "' in " + workspace.directory() + "; list the runs");
        }
        return new State(
            new RunMarks(
                id,
                row.getString(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)).map(RunTable::texts).orElse(null),
                row.getBoolean(4),
                row.getBoolean(5)),
            row.getString(6),
            row.getString(7),
            RunTable.texts(row.getString(8)));
      }
    }
  }

  private static RunMarks apply(State state, RunChange change) {
    RunMarks m = state.marks();
    return switch (change) {
      case RunChange.Rename(String name) ->
          name.strip().equals(state.name())
              ? m
              : new RunMarks(
                  m.runId(), name.strip(), m.notes(), m.tags(), m.starred(), m.archived());
      case RunChange.Notes(String notes) ->
          notes.equals(state.notes())
              ? m
              : new RunMarks(m.runId(), m.name(), notes, m.tags(), m.starred(), m.archived());
      case RunChange.Tags(List<String> tags) -> withTags(state, tags);
      case RunChange.AddTag(String tag) -> {
        List<String> tags = new ArrayList<>(state.tags());
        tags.add(tag);
        yield withTags(state, tags);
      }
      case RunChange.RemoveTag(String tag) ->
          withTags(state, state.tags().stream().filter(each -> !each.equals(tag)).toList());
      case RunChange.Star(boolean on) ->
          new RunMarks(m.runId(), m.name(), m.notes(), m.tags(), on, m.archived());
      case RunChange.Archive(boolean on) ->
          new RunMarks(m.runId(), m.name(), m.notes(), m.tags(), m.starred(), on);
    };
  }

  private static RunMarks withTags(State state, Collection<String> tags) {
    RunMarks m = state.marks();
    List<String> clean =
        tags.stream().map(String::strip).filter(tag -> !tag.isEmpty()).distinct().toList();
    return clean.equals(state.tags())
        ? m
        : new RunMarks(m.runId(), m.name(), m.notes(), clean, m.starred(), m.archived());
  }

  private void write(Connection connection, RunMarks marks) throws SQLException {
    touch(connection, marks.runId());
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO run_edit (run_id, name, notes, tags, starred, archived, edited) VALUES"
                + " (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET name = excluded.name,"
                + " notes = excluded.notes, tags = excluded.tags, starred = excluded.starred,"
                + " archived = excluded.archived, edited = excluded.edited")) {
      upsert.setString(1, marks.runId());
      upsert.setString(2, marks.name());
      upsert.setString(3, marks.notes());
      upsert.setString(4, marks.tags() == null ? null : Workspace.json(marks.tags()));
      upsert.setInt(5, marks.starred() ? 1 : 0);
      upsert.setInt(6, marks.archived() ? 1 : 0);
      upsert.setString(7, Instant.now().toString());
      upsert.executeUpdate();
    }
  }

  private void touch(Connection connection, String id) throws SQLException {
    try (PreparedStatement touch =
        connection.prepareStatement("UPDATE run SET revision = ? WHERE run_id = ?")) {
      touch.setLong(1, Workspace.nextRevision(connection));
      touch.setString(2, id);
      if (touch.executeUpdate() == 0) {
        throw new UserError("no run '" + id + "' in " + workspace.directory() + "; list the runs");
      }
    }
  }

  // ------------------------------------------------------------------------------------- trash

  /**
   * Moves runs with all their files into the workspace's trash, from which {@link #restore} takes
   * them back.
   *
   * @throws UserError where one is at work, or a run that has not ended was made to build on it
   */
  public void trash(Collection<String> runIds) {
    List<String> ids = runIds.stream().distinct().toList();
    workspace.edit(
        connection -> {
          RunTrash trash = new RunTrash(workspace.directory());
          trash.check(connection, ids);
          trash.move(connection, ids, true);
          return ids.size();
        });
    workspace.forget(ids);
  }

  /** Takes runs back from the trash. */
  public void restore(Collection<String> runIds) {
    List<String> ids = runIds.stream().distinct().toList();
    workspace.edit(
        connection -> {
          new RunTrash(workspace.directory()).move(connection, ids, false);
          return ids.size();
        });
    workspace.forget(ids);
  }

  /** Deletes runs in the trash for good: their files, curves, samples and marks. */
  public void purge(Collection<String> runIds) {
    List<String> ids = runIds.stream().distinct().toList();
    RunTrash trash = new RunTrash(workspace.directory());
    workspace.edit(
        connection -> {
          trash.forget(connection, ids);
          return ids.size();
        });
    trash.delete(ids);
  }

  // --------------------------------------------------------------------------------- saved views

  /**
   * Saves a view of the table under its name.
   *
   * @return what had that name before
   */
  public Optional<SavedView> save(SavedView view) {
    if (view.name().isBlank()) {
      throw new UserError("a view needs a name; type at least one letter");
    }
    return workspace.edit(
        connection -> {
          Optional<SavedView> before = view(connection, view.name());
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT OR REPLACE INTO run_view VALUES (?, ?, ?)")) {
            insert.setString(1, view.name());
            insert.setString(2, view.layout());
            insert.setString(3, Instant.now().toString());
            insert.executeUpdate();
          }
          return before;
        });
  }

  /**
   * Removes a saved view.
   *
   * @return what was removed
   */
  public Optional<SavedView> remove(String name) {
    return workspace.edit(
        connection -> {
          Optional<SavedView> before = view(connection, name);
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM run_view WHERE name = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
          }
          return before;
        });
  }

  private static Optional<SavedView> view(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT name, layout FROM run_view WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(new SavedView(row.getString(1), Objects.requireNonNull(row.getString(2))))
            : Optional.empty();
      }
    }
  }

  // -------------------------------------------------------------------------------------- figures

  /**
   * Keeps a figure under its name.
   *
   * @return what had that name before
   */
  public Optional<StoredFigure> keep(StoredFigure figure) {
    if (figure.name().isBlank()) {
      throw new UserError("a figure needs a name; type at least one letter");
    }
    return workspace.edit(
        connection -> {
          Optional<StoredFigure> before = figure(connection, figure.name());
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT OR REPLACE INTO figure VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, figure.name());
            insert.setString(2, figure.source());
            insert.setString(3, figure.recipe());
            insert.setString(4, figure.body());
            insert.setString(5, figure.edits());
            insert.setString(6, figure.style());
            insert.setString(7, Instant.now().toString());
            insert.executeUpdate();
          }
          return before;
        });
  }

  /**
   * Forgets a kept figure.
   *
   * @return what was forgotten
   */
  public Optional<StoredFigure> forget(String name) {
    return workspace.edit(
        connection -> {
          Optional<StoredFigure> before = figure(connection, name);
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM figure WHERE name = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
          }
          return before;
        });
  }

  private static Optional<StoredFigure> figure(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT name, source, recipe, body, edits, style FROM figure WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(Workspace.figure(row)) : Optional.empty();
      }
    }
  }
}
