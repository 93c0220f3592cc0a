package dev.plumbline.app.feed;

import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.workspace.Changes;
import dev.plumbline.workspace.IngestResult;
import dev.plumbline.workspace.RunEdits;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed from a workspace on disk: one thread ingests the journals, four times a second while
 * something runs and slower otherwise, and answers questions in between.
 */
public final class StoreFeed implements WorkspaceFeed {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFeed.class);
  private static final long BUSY_MS = 250;
  private static final long QUIET_MS = 1500;

  /** How long a closing waits for changes that are on their way to the disk. */
  private static final long EDITS_SECONDS = 10;

  private final Path directory;
  private final Supplier<List<StudyProgress>> studies;
  private final ScheduledExecutorService reader = FxBridge.clock("workspace");
  private final ReadOnlyObjectWrapper<Access> access = new ReadOnlyObjectWrapper<>(Access.OPENING);
  private final ReadOnlyObjectWrapper<Snapshot> snapshot;
  private final ExecutorService asking = FxBridge.pool("runs", 1);
  private final ExecutorService editing = FxBridge.pool("edits", 1);
  private volatile @Nullable Workspace workspace;
  private @Nullable Snapshot published;
  private long token;
  private long nextTry = System.nanoTime();
  private @Nullable ScheduledFuture<?> nextTick;
  private volatile boolean closing;

  /**
   * Begins to open the workspace and to read it; {@link #access} says how that went.
   *
   * @param studies how far the studies are, the newest last; asked on the reading thread
   */
  public StoreFeed(Path directory, Supplier<List<StudyProgress>> studies) {
    this.directory = directory;
    this.studies = studies;
    this.snapshot = new ReadOnlyObjectWrapper<>(Snapshot.empty(directory));
    reader.execute(this::open);
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public ReadOnlyObjectProperty<Access> access() {
    return access.getReadOnlyProperty();
  }

  @Override
  public ReadOnlyObjectProperty<Snapshot> snapshot() {
    return snapshot.getReadOnlyProperty();
  }

  @Override
  public <T> void read(Function<RunReader, T> question, Consumer<T> sink) {
    try {
      reader.execute(
          () -> {
            Workspace open = workspace;
            if (open == null) {
              return;
            }
            T answer;
            try {
              answer = question.apply(new StoreReader(open));
            } catch (RuntimeException e) {
              LOG.warn("A question to the workspace failed", e);
              return;
            }
            FxBridge.run(() -> sink.accept(answer));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
  }

  @Override
  public <T> void ask(
      Function<RunTable, T> question, Consumer<T> sink, Consumer<String> onProblem) {
    answer(asking, open -> question.apply(open.table()), sink, onProblem);
  }

  @Override
  public <T> void edit(Function<RunEdits, T> change, Consumer<T> sink, Consumer<String> onProblem) {
    answer(
        editing,
        open -> {
          T done = change.apply(open.edits());
          poke();
          return done;
        },
        sink,
        onProblem);
  }

  private <T> void answer(
      ExecutorService thread,
      Function<Workspace, T> question,
      Consumer<T> sink,
      Consumer<String> onProblem) {
    try {
      thread.execute(
          () -> {
            Runnable end = outcome(question, sink, onProblem);
            FxBridge.run(end);
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
  }

  private <T> Runnable outcome(
      Function<Workspace, T> question, Consumer<T> sink, Consumer<String> onProblem) {
    Workspace open = workspace;
    if (open == null) {
      return () -> onProblem.accept("");
    }
    try {
      T answer = question.apply(open);
      return () -> sink.accept(answer);
    } catch (UserError e) {
      Workspace now = workspace;
      if (now == null || !now.equals(open)) {
        return () -> onProblem.accept(""); // closed or taken over meanwhile
      }
      LOG.info("refused: {}", e.getMessage());
      String line = String.valueOf(e.getMessage());
      return () -> onProblem.accept(line);
    } catch (RuntimeException e) {
      LOG.warn("A question to the workspace failed", e);
      return () -> onProblem.accept(Strings.text("error.notice", String.valueOf(e.getMessage())));
    }
  }

  /** Looks for news at once, for instance after a run was started. */
  public void poke() {
    try {
      reader.execute(this::look);
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
  }

  private void open() {
    if (closing) {
      return;
    }
    try {
      take(Workspace.openOrRead(directory));
    } catch (UserError e) {
      String line = String.valueOf(e.getMessage());
      LOG.error("{}", line);
      FxBridge.run(() -> access.set(Access.failed(line)));
      return;
    } catch (RuntimeException e) {
      LOG.error("The workspace {} could not be opened", directory, e);
      FxBridge.run(() -> access.set(Access.failed(String.valueOf(e))));
      return;
    }
    tick();
  }

  private void take(Workspace opened) {
    workspace = opened;
    Access now =
        switch (opened.access()) {
          case WRITE -> Access.WRITING;
          case HELD -> Access.held();
          case UNWRITABLE -> Access.unwritable();
        };
    FxBridge.run(() -> access.set(now));
  }

  /** Takes the workspace over once the process that had it open is gone: else nobody ingests. */
  private void takeOver() {
    Workspace open = workspace;
    if (open == null
        || open.access() != Workspace.Access.HELD
        || System.nanoTime() - nextTry < 0
        || Workspace.isHeld(directory)) {
      return;
    }
    nextTry = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(QUIET_MS);
    try {
      Workspace mine = Workspace.openOrRead(directory);
      open.close();
      token = 0;
      take(mine);
    } catch (UserError e) {
      LOG.info("not taken over: {}", e.getMessage());
    } catch (RuntimeException e) {
      // What is open for reading stays so, and is looked at still.
      LOG.warn("The workspace {} could not be taken over", directory, e);
    }
  }

  private void tick() {
    try {
      takeOver();
      look();
    } catch (RuntimeException | Error e) {
      // The executor would keep it to itself, and the views would stand still without a word.
      LOG.error("The workspace {} could not be read", directory, e);
    } finally {
      schedule();
    }
  }

  private void schedule() {
    if (closing) {
      return; // the clock takes no more, and the end of the feed must not wait for a tick
    }
    boolean busy =
        published != null
            && (!published.active().isEmpty()
                || published.queue().atWork()
                || published.studies().stream().anyMatch(StudyProgress::running));
    try {
      nextTick = reader.schedule(this::tick, busy ? BUSY_MS : QUIET_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
  }

  private void look() {
    Workspace open = workspace;
    if (open == null) {
      return;
    }
    try {
      IngestResult result = open.ingest();
      Changes changes = open.changesSince(token);
      token = changes.token();
      Snapshot next =
          new Snapshot(
              directory,
              open.runs(),
              changes.runIds(),
              studies.get(),
              open.studies(),
              result.errors(),
              open.queue(),
              open.alerts());
      if (published == null || !changes.runIds().isEmpty() || differs(published, next)) {
        published = next;
        FxBridge.run(() -> snapshot.set(next));
      }
    } catch (RuntimeException e) {
      // The next look may go better: a journal on a network file system, a disk that was full.
      LOG.warn("The workspace could not be read", e);
    }
  }

  private static boolean differs(Snapshot before, Snapshot next) {
    return !before.runs().equals(next.runs())
        || !before.studies().equals(next.studies())
        || !before.results().equals(next.results())
        || !before.queue().equals(next.queue())
        || !before.alerts().equals(next.alerts())
        || !before.problems().equals(next.problems());
  }

  /**
   * {@inheritDoc} What takes longer than two seconds goes on behind this call, and the workspace is
   * let go after it: dropping the rest of the queue would keep its lock as long as the program
   * runs.
   */
  @Override
  public void close() {
    closing = true;
    editing.shutdown();
    asking.shutdown();
    try {
      reader.execute(this::end);
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
    reader.shutdown();
    try {
      if (!reader.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.info("The workspace {} is let go when what goes on in it ends", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On the reading thread, behind everything that was asked before. */
  private void end() {
    ScheduledFuture<?> tick = nextTick;
    if (tick != null) {
      tick.cancel(false);
    }
    try {
      // what a person changed right before is still to be written
      if (!editing.awaitTermination(EDITS_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{}: changes of the last moment could not be written", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Workspace open = workspace;
    workspace = null;
    if (open != null) {
      open.close();
    }
  }
}
