package dev.plumbline.app.data;

import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataRow;
import dev.plumbline.workspace.DataFile;
import dev.plumbline.workspace.DataFilter;
import dev.plumbline.workspace.DataLine;
import dev.plumbline.workspace.DataQuery;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the chosen file: which are found and in what order, the values of those in sight, and
 * the one that is read. The index finds; here stand numbers of rows and some pages. Used on the
 * JavaFX thread.
 */
public final class BrowseViewModel {
  private static final int PAGE = 64;
  private static final int KEPT = 4_096;

  /** Rows that are shown before all are found. */
  private static final int FIRST = 300;

  private final DataLibrary library;
  private final Consumer<String> onProblem;
  private final StringProperty filter = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper wrong = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);
  private final ReadOnlyObjectWrapper<Optional<Opened>> opened =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyLongWrapper arrivals = new ReadOnlyLongWrapper();
  private final Map<Integer, DataLine> lines = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Integer> asked = new HashSet<>();
  private final AtomicLong generation = new AtomicLong();
  private DataQuery.Order order = DataQuery.Order.LINE;
  private boolean descending;
  private @Nullable DataFile file;
  private int openedRow = -1;

  /** What the table can show. */
  public enum Phase {
    /** No file is chosen. */
    NONE,
    /** The file is being opened. */
    OPENING,
    /** It has no index yet. */
    UNINDEXED,
    /** Its rows are there. */
    READY
  }

  /**
   * What is found.
   *
   * @param phase whether there is anything
   * @param kind what the rows are
   * @param all rows of the file
   * @param found how many are found; the first of them while not {@code complete}
   * @param complete whether all are counted
   * @param margins whether any row of the file has a margin
   * @param scores whether any row of the file has scores
   */
  public record State(
      Phase phase,
      DataKind kind,
      int all,
      int found,
      boolean complete,
      boolean margins,
      boolean scores) {
    static final State NONE = new State(Phase.NONE, DataKind.COMPARISONS, 0, 0, true, false, false);

    State with(Phase other) {
      return new State(other, kind, all, found, complete, margins, scores);
    }
  }

  /** A row that is read, and what is marked in its texts. */
  public record Opened(DataFile file, DataRow row, DataLine line, List<String> marked) {}

  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Answer(int[] ids, boolean complete) {
    static final Answer NOTHING = new Answer(new int[0], true);
  }

  private record About(DataKind kind, int rows, boolean margins, boolean scores) {}

  private Answer answer = Answer.NOTHING;
  private boolean everything;

  BrowseViewModel(DataLibrary library, Consumer<String> onProblem) {
    this.library = library;
    this.onProblem = onProblem;
    filter.subscribe((_, _) -> find());
  }

  /** The filter as it is typed. */
  public StringProperty filter() {
    return filter;
  }

  /** What of the filter cannot be understood; empty where all can. */
  public ReadOnlyStringProperty wrong() {
    return wrong.getReadOnlyProperty();
  }

  /** What is found. */
  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Changes when rows that were asked for have come. */
  public ReadOnlyLongProperty arrivals() {
    return arrivals.getReadOnlyProperty();
  }

  /** The row that is read. */
  public ReadOnlyObjectProperty<Optional<Opened>> opened() {
    return opened.getReadOnlyProperty();
  }

  /** The file whose rows they are. */
  Optional<DataFile> file() {
    return Optional.ofNullable(file);
  }

  /** The filter as it is understood. */
  DataFilter parsed() {
    return DataFilter.parse(filter.get());
  }

  /** Shows a file, or none. */
  void show(@Nullable DataFile next) {
    if (next != null && next.equals(file) && state.get().phase() == Phase.READY) {
      return;
    }
    boolean other = next == null || file == null || !next.name().equals(file.name());
    file = next;
    generation.incrementAndGet();
    forget();
    if (other) {
      opened.set(Optional.empty());
      openedRow = -1;
      order = DataQuery.Order.LINE;
      descending = false;
      if (!filter.get().isEmpty()) {
        filter.set("");
      }
    }
    if (next == null) {
      state.set(State.NONE);
      return;
    }
    state.set(State.NONE.with(Phase.OPENING));
    library.ask(
        next,
        index -> new About(index.kind(), index.rows(), index.hasMargins(), index.hasScores()),
        about -> {
          if (next.equals(file)) {
            about.ifPresentOrElse(this::ready, () -> state.set(State.NONE.with(Phase.UNINDEXED)));
          }
        },
        line -> {
          if (next.equals(file)) {
            state.set(State.NONE.with(Phase.UNINDEXED));
            onProblem.accept(line);
          }
        });
  }

  private void ready(About about) {
    state.set(
        new State(
            Phase.READY, about.kind(), about.rows(), 0, false, about.margins(), about.scores()));
    find();
  }

  private void forget() {
    lines.clear();
    asked.clear();
    answer = Answer.NOTHING;
    everything = false;
  }

  /** Orders the rows. */
  void order(DataQuery.Order by, boolean greatestFirst) {
    if (by != order || greatestFirst != descending) {
      order = by;
      descending = greatestFirst;
      find();
    }
  }

  private void find() {
    DataFile now = file;
    DataFilter parsed = parsed();
    wrong.set(parsed.problem());
    if (now == null || state.get().phase() != Phase.READY || !parsed.problem().isEmpty()) {
      return;
    }
    long mine = generation.incrementAndGet();
    DataQuery query = new DataQuery(parsed, order, descending);
    if (query.equals(DataQuery.ALL)) {
      everything = true;
      answer = Answer.NOTHING;
      arrived(state.get().all(), true);
      return;
    }
    find(now, query, FIRST, mine);
    find(now, query, Integer.MAX_VALUE, mine);
  }

  private void find(DataFile now, DataQuery query, int most, long mine) {
    library.ask(
        now,
        index -> {
          if (generation.get() != mine) {
            throw new java.util.concurrent.CancellationException("another query came");
          }
          return index.find(query, most, library::indexOf, () -> generation.get() != mine);
        },
        found -> {
          if (generation.get() == mine && found.isPresent()) {
            int[] ids = found.get();
            everything = false;
            answer = new Answer(ids, most == Integer.MAX_VALUE || ids.length < most);
            arrived(ids.length, answer.complete());
          }
        },
        line -> {
          if (generation.get() == mine) {
            wrong.set(line);
          }
        });
  }

  private void arrived(int found, boolean complete) {
    State now = state.get();
    state.set(
        new State(
            now.phase(), now.kind(), now.all(), found, complete, now.margins(), now.scores()));
  }

  /** The number in the index of the row at a place of the table; -1 where there is none. */
  int id(int place) {
    if (everything) {
      return place < state.get().all() ? place + 1 : -1;
    }
    return place >= 0 && place < answer.ids().length ? answer.ids()[place] : -1;
  }

  /** The row at a place of the table; empty until it has come. */
  public Optional<DataLine> line(int place) {
    int id = id(place);
    DataLine known = id < 0 ? null : lines.get(id);
    if (known == null && id >= 0) {
      fetch(place / PAGE);
    }
    return Optional.ofNullable(known);
  }

  private void fetch(int page) {
    DataFile now = file;
    if (now == null || !asked.add(page)) {
      return;
    }
    int first = page * PAGE;
    int count = Math.min(PAGE, state.get().found() - first);
    int[] ids = new int[Math.max(0, count)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id(first + i);
    }
    library.ask(
        now,
        index -> index.lines(ids),
        read -> {
          asked.remove(page);
          if (now.equals(file)) {
            read.orElse(List.of()).forEach(line -> lines.put(line.id(), line));
            while (lines.size() > KEPT) {
              lines.remove(lines.keySet().iterator().next());
            }
            arrivals.set(arrivals.get() + 1);
          }
        },
        line -> {
          asked.remove(page);
          onProblem.accept(line);
        });
  }

  /** Reads the row at a place of the table. */
  public void open(int place) {
    DataFile now = file;
    int id = id(place);
    if (now == null || id < 0 || id == openedRow) {
      return;
    }
    openedRow = id;
    List<String> marked = parsed().marked();
    library.ask(
        now,
        index -> new Opened(now, index.row(id), index.lines(id).getFirst(), marked),
        read -> {
          if (now.equals(file) && openedRow == id) {
            opened.set(read);
          }
        },
        onProblem);
  }
}
