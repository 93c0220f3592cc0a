package dev.plumbline.app.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.StoreReader;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunChange;
import dev.plumbline.workspace.RunEdits;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunQuery;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.WorkQueue;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs page without a window: questions are answered when the test says so. */
final class RunsViewModelTest {
  private static final int RUNS = 130;

  @TempDir private Path folder;

  private Workspace workspace;
  private HeldFeed feed;
  private RunsViewModel model;
  private final List<String> problems = new ArrayList<>();

  @BeforeEach
  void open() {
    for (int i = 0; i < RUNS; i++) {
      SampleRuns.policy(folder, "run-%03d".formatted(i), 1, i, RunState.FINISHED);
    }
    workspace = Workspace.open(folder);
    workspace.ingest();
    feed = new HeldFeed(workspace);
    model =
        new RunsViewModel(
            feed, new NoControl(), problems::add, (_, _) -> {}, new EditHistory().part());
    feed.answerAll();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void valuesAreReadForThePageThatIsInSight() {
    assertThat(model.shown().get().rows()).hasSize(RUNS);
    RunsRow.Run first = (RunsRow.Run) model.shown().get().rows().getFirst();
    assertThat(model.line(first, 0)).isEmpty();
    assertThat(model.line(first, 0)).as("asked for once").isEmpty();
    assertThat(feed.waiting.size()).isEqualTo(1);
    long before = model.arrivals().get();
    feed.answerAll();
    assertThat(model.arrivals().get()).isGreaterThan(before);
    assertThat(model.line(first, 0)).isPresent();
    RunsRow.Run last = (RunsRow.Run) model.shown().get().rows().getLast();
    assertThat(model.line(last, RUNS - 1)).as("on the second page").isEmpty();
  }

  @Test
  void ofManyKeyStrokesTheLastAloneWaitsBehindTheOneThatIsAnswered() {
    int asked = feed.asked;
    for (String text : List.of("r", "ru", "run", "run-", "run-0", "run-01")) {
      model.filter().set(text);
    }
    assertThat(feed.waiting.size()).isEqualTo(1);
    feed.answerAll();
    assertThat(model.shown().get().matching()).isEqualTo(10);
    assertThat(feed.asked - asked).isEqualTo(2);
  }

  @Test
  void aMistakeKeepsTheRowsAndSaysWhere() {
    model.filter().set("name:run-001");
    feed.answerAll();
    model.filter().set("name:run-001 pm_score>");
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(1);
    assertThat(model.problem().get().orElseThrow().position()).isEqualTo(22);
    model.filter().set("name:run-001 or name:run-002");
    feed.answerAll();
    assertThat(model.problem().get()).isEmpty();
    assertThat(model.shown().get().rows()).hasSize(2);
  }

  @Test
  void groupsAreClosedAtFirstAndKeepOpenWhatWasOpened() {
    model.setGroup(RunField.of(RunField.Attribute.STATE));
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(1);
    assertThat(model.shown().get().matching()).isEqualTo(RUNS);
    model.toggle((RunsRow.Group) model.shown().get().rows().getFirst());
    assertThat(model.shown().get().rows()).hasSize(RUNS + 1);
    model.filter().set("name:run-01*");
    feed.answerAll();
    assertThat(model.shown().get().rows()).as("head and runs").hasSize(11);
  }

  @Test
  void editsReachTheTableAndAreUndoneInOrder() {
    String id = ((RunsRow.Run) model.shown().get().rows().getFirst()).key().id();
    model.change(List.of(id), new RunChange.Star(true));
    feed.answerAll();
    model.change(List.of(id), new RunChange.Archive(true));
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(RUNS - 1);
    assertThat(model.shown().get().counts()).isEqualTo(new RunTable.Counts(RUNS - 1, 1, 0));
    model.setScope(RunQuery.Scope.ARCHIVE);
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(1);
    model.undo();
    feed.answerAll();
    assertThat(model.shown().get().rows()).isEmpty();
    model.setScope(RunQuery.Scope.RUNS);
    model.filter().set("is:starred");
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(1);
    model.undo();
    feed.answerAll();
    assertThat(model.shown().get().rows()).isEmpty();
    model.redo();
    feed.answerAll();
    assertThat(model.shown().get().rows()).hasSize(1);
    assertThat(problems).isEmpty();
  }

  @Test
  void aRefusedEditIsToldAndLeavesNothingToUndo() {
    model.change(List.of("none"), new RunChange.Star(true));
    feed.answerAll();
    assertThat(problems).singleElement().asString().contains("no run 'none'");
    assertThat(model.history().undoText().get()).isEmpty();
  }

  /** A feed that holds every question until it is told to answer. */
  private static final class HeldFeed implements WorkspaceFeed {
    final Deque<Runnable> waiting = new ArrayDeque<>();
    int asked;
    private final Workspace workspace;
    private final ReadOnlyObjectWrapper<Snapshot> snapshot;

    HeldFeed(Workspace workspace) {
      this.workspace = workspace;
      snapshot =
          new ReadOnlyObjectWrapper<>(
              new Snapshot(
                  workspace.directory(),
                  workspace.runs(),
                  Set.of(),
                  List.of(),
                  List.of(),
                  List.of()));
    }

    void answerAll() {
      while (!waiting.isEmpty()) {
        waiting.removeFirst().run();
      }
    }

    @Override
    public Path directory() {
      return workspace.directory();
    }

    @Override
    public ReadOnlyObjectProperty<Access> access() {
      return new ReadOnlyObjectWrapper<>(Access.WRITING).getReadOnlyProperty();
    }

    @Override
    public ReadOnlyObjectProperty<Snapshot> snapshot() {
      return snapshot.getReadOnlyProperty();
    }

    @Override
    public <T> void read(Function<RunReader, T> question, Consumer<T> sink) {
      waiting.add(() -> sink.accept(question.apply(new StoreReader(workspace))));
    }

    @Override
    public <T> void ask(
        Function<RunTable, T> question, Consumer<T> sink, Consumer<String> onProblem) {
      asked++;
      waiting.add(() -> sink.accept(question.apply(workspace.table())));
    }

    @Override
    public <T> void edit(
        Function<RunEdits, T> change, Consumer<T> sink, Consumer<String> onProblem) {
      waiting.add(
          () -> {
            T done;
            try {
              done = change.apply(workspace.edits());
            } catch (UserError e) {
              onProblem.accept(String.valueOf(e.getMessage()));
              return;
            }
            sink.accept(done);
          });
    }

    @Override
    public void close() {
      waiting.clear();
    }
  }

  private static final class NoControl implements RunControl {
    @Override
    public <T> void queue(
        Function<WorkQueue, T> change, Consumer<T> sink, Consumer<String> onProblem) {
      throw new AssertionError("nobody changes the queue here");
    }

    @Override
    public void enqueue(Queued what, Consumer<Long> onQueued, Consumer<String> onProblem) {
      throw new AssertionError("nobody queues anything here");
    }

    @Override
    public void startStudy(String study, Consumer<String> onStarted, Consumer<String> onProblem) {}

    @Override
    public void copy(RunRow run, Consumer<String> sink, Consumer<String> onProblem) {}

    @Override
    public void send(RunRow run, Command command, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume(RunRow run, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void startSampleStudy(Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void startReadyStudy(String name, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stop(StudyProgress study, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume(StudyProgress study, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String commandLine(RunRow run) {
      return "plumbline run " + run.id();
    }

    @Override
    public void branch(RunRow run, long step, Consumer<String> sink, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void check(String spec, Consumer<String> problem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void start(String spec, Consumer<String> onStarted, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }
  }
}
