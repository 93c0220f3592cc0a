package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.Lineage;
import dev.plumbline.workspace.RunChange;
import dev.plumbline.workspace.RunEdits;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunFilter;
import dev.plumbline.workspace.RunFilterParser;
import dev.plumbline.workspace.RunGroup;
import dev.plumbline.workspace.RunKey;
import dev.plumbline.workspace.RunLine;
import dev.plumbline.workspace.RunQuery;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.RunVocabulary;
import dev.plumbline.workspace.SavedView;
import dev.plumbline.workspace.SpecComparison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/**
 * The table of runs: which are shown and how, which are chosen, what can be done with them. SQLite
 * filters, sorts and groups; here stand the order of the runs and the values of the rows that are
 * or were in sight. Used on the JavaFX thread.
 */
public final class RunsViewModel {
  private static final int PAGE = 100;

  /** Rows whose values are kept. */
  private static final int KEPT = 2_000;

  /** Runs that are compared side by side at most. */
  private static final int COMPARED = 12;

  private static final int LINEAGE = 60;
  private static final int VALUES = 200;

  private final WorkspaceFeed feed;
  private final RunControl control;
  private final Consumer<String> onProblem;
  private final BiConsumer<String, Runnable> onUndoable;
  private final EditHistory.Part history;

  private final StringProperty filter = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<Optional<RunFilterParser.Problem>> problem =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<RunsLayout> layout =
      new ReadOnlyObjectWrapper<>(RunsLayout.standard());
  private final ReadOnlyObjectWrapper<RunQuery.Scope> scope =
      new ReadOnlyObjectWrapper<>(RunQuery.Scope.RUNS);
  private final ReadOnlyObjectWrapper<Shown> shown = new ReadOnlyObjectWrapper<>(Shown.NONE);
  private final ReadOnlyLongWrapper arrivals = new ReadOnlyLongWrapper();
  private final ReadOnlyBooleanWrapper loading = new ReadOnlyBooleanWrapper(true);
  private final ReadOnlyObjectWrapper<List<SavedView>> views =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<RunVocabulary> vocabulary =
      new ReadOnlyObjectWrapper<>(RunVocabulary.NONE);
  private final ReadOnlyObjectWrapper<Chosen> chosen = new ReadOnlyObjectWrapper<>(Chosen.NONE);

  private final Map<Long, Kept> lines = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Integer> pagesAsked = new HashSet<>();
  private final Set<RunLine.Cell> open = new HashSet<>();
  private long epoch;
  private boolean waiting;
  private boolean again;
  private int vocabularyOf = -1;
  private List<String> selection = List.of();
  private long selections;
  private @Nullable Answer answer;

  /** A row's values, and when they were read. */
  private record Kept(RunLine line, long epoch) {}

  /**
   * What the table shows.
   *
   * @param rows runs, and heads of groups
   * @param matching runs that pass the filter
   * @param counts runs by place
   * @param unknown fields of the filter that no run has
   */
  public record Shown(
      List<RunsRow> rows, int matching, RunTable.Counts counts, List<RunField> unknown) {
    static final Shown NONE = new Shown(List.of(), 0, RunTable.Counts.NONE, List.of());

    public Shown {
      rows = List.copyOf(rows);
      unknown = List.copyOf(unknown);
    }
  }

  private record Answer(
      List<RunKey> keys,
      List<RunGroup> groups,
      boolean grouped,
      RunTable.Counts counts,
      List<RunField> unknown) {}

  /**
   * What is known of the chosen runs.
   *
   * @param lines their values, in the order of the choice
   * @param comparison their settings
   * @param lineage what they come from and what came of them
   * @param more runs that were chosen beyond those that are compared
   */
  public record Chosen(List<RunLine> lines, SpecComparison comparison, Lineage lineage, int more) {
    static final Chosen NONE =
        new Chosen(List.of(), new SpecComparison(List.of(), List.of()), Lineage.NONE, 0);

    public Chosen {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param onProblem takes a line for a person
   * @param onUndoable takes what was done, and a way back
   */
  public RunsViewModel(
      WorkspaceFeed feed,
      RunControl control,
      Consumer<String> onProblem,
      BiConsumer<String, Runnable> onUndoable,
      EditHistory.Part history) {
    this.feed = feed;
    this.control = control;
    this.onProblem = onProblem;
    this.onUndoable = onUndoable;
    this.history = history;
    feed.snapshot()
        .subscribe(
            _ -> {
              epoch++;
              refresh();
            });
    feed.access().subscribe(_ -> refresh());
    filter.subscribe(_ -> refresh());
  }

  // ------------------------------------------------------------------------------------- shown

  /** The text of the filter field. */
  public StringProperty filter() {
    return filter;
  }

  /** What is wrong with the filter; the rows are those of the last one that was right. */
  public ReadOnlyObjectProperty<Optional<RunFilterParser.Problem>> problem() {
    return problem.getReadOnlyProperty();
  }

  /** Columns, order and grouping. */
  public ReadOnlyObjectProperty<RunsLayout> layout() {
    return layout.getReadOnlyProperty();
  }

  /** Where the runs lie that are shown. */
  public ReadOnlyObjectProperty<RunQuery.Scope> scope() {
    return scope.getReadOnlyProperty();
  }

  /** The rows. */
  public ReadOnlyObjectProperty<Shown> shown() {
    return shown.getReadOnlyProperty();
  }

  /** Counts the arrivals of rows' values: whoever shows rows shows them again then. */
  public ReadOnlyLongProperty arrivals() {
    return arrivals.getReadOnlyProperty();
  }

  /** Whether nothing has been read yet. */
  public ReadOnlyBooleanProperty loading() {
    return loading.getReadOnlyProperty();
  }

  /** What can be filtered by. */
  public ReadOnlyObjectProperty<RunVocabulary> vocabulary() {
    return vocabulary.getReadOnlyProperty();
  }

  /** What can be undone and done again. */
  public EditHistory history() {
    return history.history();
  }

  /** The chosen runs. */
  public ReadOnlyObjectProperty<Chosen> chosen() {
    return chosen.getReadOnlyProperty();
  }

  /** Shows the runs of another place. */
  public void setScope(RunQuery.Scope place) {
    scope.set(place);
    refresh();
  }

  /** Shows other columns. */
  public void setColumns(List<RunsLayout.Column> columns) {
    if (columns.isEmpty() || columns.equals(layout.get().columns())) {
      return;
    }
    boolean same =
        columns.stream()
            .map(RunsLayout.Column::field)
            .toList()
            .equals(layout.get().columns().stream().map(RunsLayout.Column::field).toList());
    layout.set(layout.get().withColumns(columns));
    if (!same) {
      lines.clear();
      epoch++;
      refresh();
    }
  }

  /** Sorts. */
  public void setOrder(List<RunsLayout.Sort> order) {
    if (!order.equals(layout.get().order())) {
      layout.set(layout.get().withOrder(order));
      refresh();
    }
  }

  /** Groups by a field, or by none where it is null. */
  public void setGroup(@Nullable RunField field) {
    open.clear();
    layout.set(layout.get().withGroup(field == null ? null : field.text()));
    refresh();
  }

  /** Opens a group that is closed, and the reverse. */
  public void toggle(RunsRow.Group row) {
    RunLine.Cell value = row.group().value();
    if (!open.remove(value)) {
      open.add(value);
    }
    show();
  }

  /**
   * A row's values, or nothing while they are read; {@link #arrivals} counts up when they are
   * there.
   *
   * @param index the row's place
   */
  public Optional<RunLine> line(RunsRow.Run row, int index) {
    Kept kept = lines.get(row.key().number());
    if (kept == null || kept.epoch() != epoch) {
      load(index / PAGE);
    }
    return Optional.ofNullable(kept).map(Kept::line);
  }

  /** The place of a field among the values of a row. */
  int place(RunField field) {
    return layout.get().fields().indexOf(field);
  }

  private void load(int page) {
    if (!pagesAsked.add(page)) {
      return;
    }
    List<RunsRow> rows = shown.get().rows();
    List<RunKey> keys = new ArrayList<>();
    for (int i = page * PAGE; i < Math.min(rows.size(), (page + 1) * PAGE); i++) {
      if (rows.get(i) instanceof RunsRow.Run(RunKey key)) {
        keys.add(key);
      }
    }
    List<RunField> fields = layout.get().fields();
    long asked = epoch;
    feed.ask(
        table -> table.lines(keys, fields),
        read -> {
          pagesAsked.remove(page);
          if (fields.equals(layout.get().fields())) {
            read.forEach(line -> lines.put(line.key().number(), new Kept(line, asked)));
            var oldest = lines.keySet().iterator();
            while (lines.size() > KEPT && oldest.hasNext()) {
              oldest.next();
              oldest.remove();
            }
          }
          arrivals.set(arrivals.get() + 1);
        },
        line -> {
          pagesAsked.remove(page);
          tell(line);
        });
  }

  /** Asks again; while an answer is awaited, the newest question alone waits behind it. */
  private void refresh() {
    RunFilterParser.Result parsed = RunFilterParser.parse(filter.get());
    problem.set(parsed.problem());
    if (parsed.problem().isPresent()) {
      return;
    }
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    RunQuery query = new RunQuery(scope.get(), parsed.filter(), layout.get().orders());
    Optional<RunField> by = layout.get().grouping();
    List<RunField> fields = layout.get().fields();
    feed.ask(
        table -> answer(table, query, by, fields),
        this::take,
        line -> {
          waiting = false;
          tell(line);
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  private static Answer answer(
      RunTable table, RunQuery query, Optional<RunField> by, List<RunField> fields) {
    List<RunGroup> groups = by.isPresent() ? table.groups(query, by.get(), fields) : List.of();
    return new Answer(
        by.isPresent() ? List.of() : table.find(query),
        groups,
        by.isPresent(),
        table.counts(),
        query.filter().equals(RunFilter.ALL) ? List.of() : table.unknown(query.filter()));
  }

  private void take(Answer next) {
    waiting = false;
    answer = next;
    loading.set(false);
    if (next.counts().runs() + next.counts().archived() != vocabularyOf) {
      vocabularyOf = next.counts().runs() + next.counts().archived();
      feed.ask(RunTable::vocabulary, vocabulary::set, this::tell);
      feed.ask(RunTable::views, views::set, this::tell);
    }
    show();
    if (!selection.isEmpty()) {
      readChosen();
    }
    if (again) {
      again = false;
      refresh();
    }
  }

  private void show() {
    Answer now = answer;
    if (now == null) {
      return;
    }
    List<RunsRow> rows = new ArrayList<>();
    int matching = now.keys().size();
    for (RunKey key : now.keys()) {
      rows.add(new RunsRow.Run(key));
    }
    for (RunGroup group : now.groups()) {
      matching += group.members().size();
      boolean isOpen = open.contains(group.value());
      rows.add(new RunsRow.Group(group, isOpen));
      if (isOpen) {
        group.members().forEach(key -> rows.add(new RunsRow.Run(key)));
      }
    }
    shown.set(new Shown(rows, matching, now.counts(), now.unknown()));
    arrivals.set(arrivals.get() + 1);
  }

  private void tell(String line) {
    if (!line.isEmpty()) {
      onProblem.accept(line);
    }
  }

  // -------------------------------------------------------------------------------- completion

  /** What could be typed at the caret; comes at once or soon. */
  public void complete(
      String text, int caret, BiConsumer<RunCompletion.Place, List<RunCompletion.Proposal>> sink) {
    Optional<RunCompletion.Place> place = RunCompletion.at(text, caret);
    if (place.isEmpty()) {
      return;
    }
    RunCompletion.Place at = place.get();
    if (at.field().isEmpty()) {
      sink.accept(at, RunCompletion.fields(at.begun(), vocabulary.get()));
      return;
    }
    String name = at.field().get();
    switch (name) {
      case "is" ->
          sink.accept(
              at,
              RunCompletion.values(
                      at.begun(),
                      List.of(
                          new RunVocabulary.Value("starred", 0),
                          new RunVocabulary.Value("archived", 0),
                          new RunVocabulary.Value("active", 0)))
                  .stream()
                  .map(each -> new RunCompletion.Proposal(each.text(), ""))
                  .toList());
      case "has" -> sink.accept(at, RunCompletion.fields(at.begun(), vocabulary.get()));
      default ->
          RunField.parse(name)
              .filter(field -> !(field instanceof RunField.Curve))
              .ifPresentOrElse(
                  field ->
                      feed.ask(
                          table -> table.values(field, VALUES),
                          values -> sink.accept(at, RunCompletion.values(at.begun(), values)),
                          this::tell),
                  () -> sink.accept(at, List.of()));
    }
  }

  // ----------------------------------------------------------------------------------- choosing

  /** Chooses runs: their settings, lineage and values are read. */
  public void choose(List<String> runIds) {
    if (!runIds.equals(selection)) {
      selection = List.copyOf(runIds);
      if (selection.isEmpty()) {
        selections++;
        chosen.set(Chosen.NONE);
      } else {
        readChosen();
      }
    }
  }

  /** The chosen runs' ids. */
  public List<String> selection() {
    return selection;
  }

  private void readChosen() {
    long asked = ++selections;
    List<String> ids = selection.stream().limit(COMPARED).toList();
    int more = selection.size() - ids.size();
    List<RunKey> keys = keys(ids);
    feed.ask(
        table ->
            new Chosen(
                table.lines(
                    keys,
                    List.of(
                        RunField.of(RunField.Attribute.TIME),
                        RunField.of(RunField.Attribute.PROGRESS),
                        RunField.of(RunField.Attribute.CREATED))),
                table.compare(ids),
                table.lineage(ids, LINEAGE),
                more),
        read -> {
          if (asked == selections && !read.equals(chosen.get())) {
            chosen.set(read);
          }
        },
        this::tell);
  }

  private List<RunKey> keys(List<String> ids) {
    Map<String, RunKey> byId = new LinkedHashMap<>();
    Answer now = answer;
    if (now != null) {
      now.keys().forEach(key -> byId.put(key.id(), key));
      now.groups().forEach(group -> group.members().forEach(key -> byId.put(key.id(), key)));
    }
    return ids.stream().map(byId::get).filter(java.util.Objects::nonNull).toList();
  }

  // -------------------------------------------------------------------------------------- edits

  /** Changes runs in a way that can be undone. */
  public void change(List<String> runIds, RunChange change) {
    if (runIds.isEmpty()) {
      return;
    }
    edit(
        edits -> edits.change(runIds, change),
        done -> {
          if (!done.after().isEmpty()) {
            history.did(
                words(change, done.after().size()),
                runIds,
                () -> set(edits -> edits.set(done.before())),
                () -> set(edits -> edits.set(done.after())));
          }
        });
  }

  private static String words(RunChange change, int runs) {
    return switch (change) {
      case RunChange.Rename(String name) -> Strings.text("runs.did.rename", name);
      case RunChange.Notes _ -> Strings.text("runs.did.notes", runs);
      case RunChange.Tags _, RunChange.AddTag _, RunChange.RemoveTag _ ->
          Strings.text("runs.did.tags", runs);
      case RunChange.Star(boolean on) ->
          on ? Strings.text("runs.did.star", runs) : Strings.text("runs.did.unstar", runs);
      case RunChange.Archive(boolean on) ->
          on ? Strings.text("runs.did.archive", runs) : Strings.text("runs.did.unarchive", runs);
    };
  }

  /** Moves runs into the trash, from which they can be taken back. */
  public void trash(List<String> runIds) {
    if (runIds.isEmpty()) {
      return;
    }
    feed.ask(
        table -> table.users(runIds).size(),
        users ->
            edit(
                edits -> {
                  edits.trash(runIds);
                  return runIds.size();
                },
                count -> {
                  String text = Strings.text("runs.did.trash", count);
                  history.did(
                      text,
                      runIds,
                      () -> set(edits -> edits.restore(runIds)),
                      () -> set(edits -> edits.trash(runIds)));
                  onUndoable.accept(
                      users == 0 ? text : text + " " + Strings.text("runs.trash.users", users),
                      this::undo);
                }),
        this::tell);
  }

  /** Takes runs back from the trash. */
  public void restore(List<String> runIds) {
    edit(
        edits -> {
          edits.restore(runIds);
          return runIds.size();
        },
        count ->
            history.did(
                Strings.text("runs.did.restore", count),
                runIds,
                () -> set(edits -> edits.trash(runIds)),
                () -> set(edits -> edits.restore(runIds))));
  }

  /** Deletes runs in the trash for good. */
  public void purge(List<String> runIds) {
    edit(
        edits -> {
          edits.purge(runIds);
          return runIds.size();
        },
        _ -> history.history().forget(runIds));
  }

  /** Undoes the last change. */
  public void undo() {
    history.history().undo();
  }

  /** Does again what was undone last. */
  public void redo() {
    history.history().redo();
  }

  private void set(Consumer<RunEdits> change) {
    edit(
        edits -> {
          change.accept(edits);
          return true;
        },
        _ -> {});
  }

  private <T> void edit(Function<RunEdits, T> change, Consumer<T> done) {
    feed.edit(
        change,
        what -> {
          done.accept(what);
          epoch++;
          refresh();
        },
        this::tell);
  }

  // -------------------------------------------------------------------------------- saved views

  /** The saved views by name. */
  public ReadOnlyObjectProperty<List<SavedView>> views() {
    return views.getReadOnlyProperty();
  }

  /** Saves columns, filter, grouping and order under a name; what had the name is replaced. */
  public void save(String name) {
    SavedView view = new SavedView(name.strip(), layout.get().withFilter(filter.get()).json());
    feed.edit(
        edits -> edits.save(view),
        before -> {
          readViews();
          history.did(
              Strings.text("runs.did.save", view.name()),
              List.of(),
              () ->
                  views(
                      edits -> before.map(edits::save).orElseGet(() -> edits.remove(view.name()))),
              () -> views(edits -> edits.save(view)));
        },
        this::tell);
  }

  /** Shows a saved view. */
  public void apply(SavedView view) {
    RunsLayout saved = RunsLayout.read(view.layout());
    open.clear();
    lines.clear();
    epoch++;
    layout.set(saved);
    if (filter.get().equals(saved.filter())) {
      refresh();
    } else {
      filter.set(saved.filter());
    }
  }

  /** Removes a saved view. */
  public void remove(SavedView view) {
    feed.edit(
        edits -> edits.remove(view.name()),
        _ -> {
          readViews();
          history.did(
              Strings.text("runs.did.remove", view.name()),
              List.of(),
              () -> views(edits -> edits.save(view)),
              () -> views(edits -> edits.remove(view.name())));
        },
        this::tell);
  }

  private <T> void views(Function<RunEdits, T> change) {
    feed.edit(change, _ -> readViews(), this::tell);
  }

  private void readViews() {
    feed.ask(RunTable::views, views::set, this::tell);
  }

  // -------------------------------------------------------------------------------------- doing

  /** A run as the other pages know it; empty for one in the trash. */
  public Optional<RunRow> run(String id) {
    return feed.snapshot().get().run(id);
  }

  /** Takes a run up again from its last checkpoint. */
  public void resume(String id) {
    run(id).ifPresent(run -> control.resume(run, onProblem));
  }

  /** Asks a run to stop with a checkpoint. */
  public void stop(String id) {
    run(id).ifPresent(run -> control.send(run, new Command.Stop(), onProblem));
  }

  /** The command line that does the same as a run. */
  public Optional<String> commandLine(String id) {
    return run(id).map(control::commandLine);
  }

  /** The steps of a run's checkpoints, ascending. */
  public void checkpoints(String id, Consumer<List<Long>> sink) {
    feed.read(reader -> reader.checkpoints(id).stream().map(CheckpointRow::step).toList(), sink);
  }

  /** The text of a spec that begins at a run's checkpoint. */
  public void branch(String id, long step, Consumer<String> sink, Consumer<String> onRefused) {
    run(id).ifPresent(run -> control.branch(run, step, sink, onRefused));
  }

  /** Tells what is wrong with a spec's text, empty where nothing is. */
  public void check(String spec, Consumer<String> wrong) {
    control.check(spec, wrong);
  }

  /** Makes a run of a spec's text and starts it. */
  public void start(String spec, Consumer<String> onStarted, Consumer<String> onRefused) {
    control.start(spec, onStarted, onRefused);
  }
}
