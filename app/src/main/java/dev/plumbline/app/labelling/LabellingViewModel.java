package dev.plumbline.app.labelling;

import dev.plumbline.analysis.Agreement;
import dev.plumbline.analysis.AnnotatorReport;
import dev.plumbline.analysis.LabellingPlan;
import dev.plumbline.analysis.Reliability;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.labelling.LabellingState.Line;
import dev.plumbline.app.labelling.LabellingState.Report;
import dev.plumbline.app.labelling.LabellingState.Screen;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelBundle;
import dev.plumbline.labelling.LabelEvent.Noted;
import dev.plumbline.labelling.LabelExport;
import dev.plumbline.labelling.LabelItem;
import dev.plumbline.labelling.LabelQueue;
import dev.plumbline.labelling.LabelSet;
import dev.plumbline.labelling.LabelStatistics;
import dev.plumbline.labelling.LabellingSession;
import dev.plumbline.labelling.LabellingSession.Draft;
import dev.plumbline.labelling.Labels;
import dev.plumbline.labelling.Outcome;
import dev.plumbline.labelling.PairSources;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Batches, and the session of whoever labels. Files are read and written on one background thread,
 * in the order in which they were asked for: an answer is on the disk before the next pair shows.
 */
public final class LabellingViewModel implements AutoCloseable {
  /** The win rate that a batch is to tell from a half, as people plan who compare two snapshots. */
  static final double WIN_RATE = 0.575;

  private static final LabellingPlan PLAN = LabellingPlan.of(WIN_RATE, 0.05, 0.8);

  private static final String RUN = "run:";

  private final WorkspaceFeed feed;
  private final Clock clock;
  private final Consumer<String> onProblem;
  private final ExecutorService thread = FxBridge.pool("labelling", 1);
  private final ReadOnlyObjectWrapper<LabellingState> state =
      new ReadOnlyObjectWrapper<>(LabellingState.EMPTY);

  // of the background thread alone
  private @Nullable LabellingSession session;
  private Tally tally = new Tally(0, Optional.empty());
  private String looked = "";

  private record Tally(long decided, Optional<AnnotatorReport> own) {}

  /**
   * A batch to be made.
   *
   * @param source a comparison file, or {@code run:NAME} for the responses of a measurement's run
   * @param settings how it is asked
   * @param count pairs wanted
   * @param randomShare share that is drawn at random
   * @param by {@code random}, {@code uncertainty} or {@code disagreement}
   * @param reference of a run's responses, the model that the others are paired with; empty for all
   * @param guidelines what annotators are told
   */
  public record NewBatch(
      String source,
      BatchSettings settings,
      int count,
      double randomShare,
      String by,
      String reference,
      String guidelines) {}

  /**
   * @param onProblem takes what went wrong, in one line, on the JavaFX thread
   */
  public LabellingViewModel(WorkspaceFeed feed, Clock clock, Consumer<String> onProblem) {
    this.feed = feed;
    this.clock = clock;
    this.onProblem = onProblem;
  }

  ReadOnlyObjectProperty<LabellingState> state() {
    return state.getReadOnlyProperty();
  }

  private Path folder() {
    return feed.directory().resolve("labels");
  }

  /** Reads the batches anew. */
  public void refresh() {
    run(() -> {});
  }

  /** Looks at a batch's results. */
  public void look(String batch) {
    run(() -> looked = batch);
  }

  /** Begins or continues to label. */
  public void begin(String batch, String annotator) {
    run(
        () -> {
          end();
          session =
              LabellingSession.open(
                  LabelBatch.read(folder().resolve(batch)), annotator.strip(), clock);
          count();
        });
  }

  /** Leaves the session; the batch's results are shown. */
  public void leave() {
    run(this::end);
  }

  private void end() {
    if (session != null) {
      looked = session.batch().id();
      session.close();
      session = null;
    }
  }

  /** Answers the pair that is shown. */
  public void answer(Draft draft) {
    within(
        one -> {
          one.answer(draft);
          count();
        });
  }

  /** Takes the last answer back. */
  public void undo() {
    within(
        one -> {
          one.undo();
          count();
        });
  }

  /** Marks the pair that is shown, or takes the mark off. */
  public void flag() {
    within(
        one -> {
          Noted before = one.note().orElse(new Noted(0, "", false, ""));
          one.note(!before.flagged(), before.comment());
        });
  }

  /** Says something about the pair that is shown. */
  public void comment(String text) {
    within(one -> one.note(one.note().map(Noted::flagged).orElse(false), text));
  }

  /** Shows another place, from 0. */
  public void go(int slot) {
    within(one -> one.go(slot));
  }

  /** Shows the next place without an answer. */
  public void next() {
    within(LabellingSession::goToNextOpen);
  }

  /** Says that the annotator does something. */
  public void sign() {
    LabellingState now = state.get();
    if (now.screen().isPresent()) {
      submit(
          () -> {
            if (session != null) {
              session.sign();
            }
          });
    }
  }

  private void within(Consumer<LabellingSession> task) {
    run(
        () -> {
          if (session != null) {
            task.accept(session);
          }
        });
  }

  /** Counts anew what the side panel shows; a batch's logs are some thousand lines. */
  private void count() {
    if (session != null) {
      Labels labels = session.batch().labels();
      long decided = LabelStatistics.decidedAtRandom(labels);
      String annotator = session.annotator();
      tally =
          new Tally(
              decided,
              LabelStatistics.annotators(labels).stream()
                  .map(LabelStatistics.Annotator::report)
                  .filter(report -> report.annotator().equals(annotator))
                  .findFirst());
    }
  }

  /** Makes a batch and looks at it. */
  public void create(NewBatch wanted) {
    if (!wanted.source().startsWith(RUN)) {
      run(() -> make(wanted, PairSources.comparisons(Path.of(wanted.source()))));
      return;
    }
    String run = wanted.source().substring(RUN.length());
    feed.read(
        reader -> reader.runTable(run, "responses"),
        found ->
            run(
                () ->
                    make(
                        wanted,
                        PairSources.responses(
                            found.orElseThrow(() -> new UserError(noResponses(run))),
                            run,
                            wanted.reference()))));
  }

  private static String noResponses(String run) {
    return "run %s has no responses of several models; a measurement `matches` has".formatted(run);
  }

  private void make(NewBatch wanted, List<LabelItem> pool) {
    LabelQueue queue =
        new LabelQueue(wanted.count(), wanted.randomShare(), wanted.by(), wanted.settings().seed());
    LabelBatch batch =
        LabelBatch.create(folder(), wanted.settings(), queue.draw(pool, wanted.source()));
    if (!wanted.guidelines().isBlank()) {
      batch.guide(wanted.guidelines());
    }
    looked = batch.id();
  }

  /** Runs whose responses can be compared, the newest first. */
  List<RunRow> sources() {
    return feed.snapshot().get().runs().stream()
        .filter(run -> run.stage().equals("matches"))
        .toList();
  }

  /** Closes a batch, so that model names are shown. */
  public void close(String batch) {
    run(() -> LabelBatch.read(folder().resolve(batch)).close(clock.instant()));
  }

  /** Writes what a batch's labels make. */
  public void export(String batch, LabelExport.Form form, Path file, Consumer<String> onDone) {
    run(
        () -> {
          LabelBatch read = LabelBatch.read(folder().resolve(batch));
          long rows = LabelExport.write(file, form, read, read.labels());
          FxBridge.later(() -> onDone.accept(Strings.text("labels.exported", rows, file)));
        });
  }

  /** Writes a batch as one file for somebody else. */
  public void bundle(String batch, Path file, Consumer<String> onDone) {
    run(
        () -> {
          LabelBundle.write(LabelBatch.read(folder().resolve(batch)), file);
          FxBridge.later(() -> onDone.accept(Strings.text("labels.bundled", file)));
        });
  }

  /** Takes in a batch that somebody sent. */
  public void receive(Path file, Consumer<String> onDone) {
    run(
        () -> {
          LabelBundle.Received received = LabelBundle.receive(file, folder());
          looked = received.batch().id();
          FxBridge.later(
              () ->
                  onDone.accept(
                      Strings.text(
                          "labels.received", received.events(), received.conflicts().size())));
        });
  }

  private void run(Runnable task) {
    submit(
        () -> {
          try {
            task.run();
          } catch (UserError | IllegalArgumentException e) {
            FxBridge.later(() -> onProblem.accept(String.valueOf(e.getMessage())));
          }
          publish();
        });
  }

  private void submit(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // the workspace was left; nobody waits for this any more
    }
  }

  private void publish() {
    LabellingState next;
    try {
      next =
          session != null
              ? new LabellingState(
                  state.get().batches(), Optional.empty(), Optional.of(screen(session)), false)
              : overview();
    } catch (UserError e) {
      FxBridge.later(() -> onProblem.accept(String.valueOf(e.getMessage())));
      next = new LabellingState(List.of(), Optional.empty(), Optional.empty(), false);
    }
    LabellingState shown = next;
    FxBridge.later(() -> state.set(shown));
  }

  private Screen screen(LabellingSession one) {
    return new Screen(
        one.batch().settings().name(),
        one.batch().settings(),
        one.annotator(),
        one.current(),
        one.order().size(),
        one.answered(),
        one.answer(),
        one.note().map(Noted::flagged).orElse(false),
        one.note().map(Noted::comment).orElse(""),
        one.batch().hidesModels(),
        one.guidelines(),
        tally.own().map(AnnotatorReport::medianSeconds).orElse(OptionalDouble.empty()),
        tally.own().flatMap(AnnotatorReport::left),
        tally.own().flatMap(AnnotatorReport::repeats),
        tally.decided(),
        PLAN.needed(),
        one.canUndo(),
        one.complete());
  }

  private LabellingState overview() {
    List<Line> lines = new ArrayList<>();
    Optional<Report> report = Optional.empty();
    for (Path each : LabelBatch.list(folder())) {
      LabelBatch batch = LabelBatch.read(each);
      Labels labels = batch.labels();
      Line line = line(batch, labels);
      lines.add(line);
      if (batch.id().equals(looked)) {
        report = Optional.of(report(line, batch, labels));
      }
    }
    return new LabellingState(lines, report, Optional.empty(), false);
  }

  private static Line line(LabelBatch batch, Labels labels) {
    int standing =
        (int)
            labels.labels().stream()
                .filter(label -> !label.repeat() && label.judgement().outcome() != Outcome.SKIPPED)
                .count();
    return new Line(
        batch.id(),
        batch.settings(),
        batch.items().size(),
        standing,
        labels.annotators(),
        batch.closed());
  }

  private static Report report(Line line, LabelBatch batch, Labels labels) {
    LabelSet set = LabelSet.of(batch, labels);
    String raw = "";
    String alpha = "";
    if (labels.annotators().size() > 1) {
      Agreement direction = LabelStatistics.agreement(labels, false);
      Agreement graded = LabelStatistics.agreement(labels, true);
      raw = Strings.text("labels.agreement.raw", words(direction.raw()), direction.pairable());
      alpha = Strings.text("labels.agreement.alpha", words(graded.alpha()), graded.pairable());
    }
    return new Report(
        line,
        LabelStatistics.annotators(labels),
        raw,
        alpha,
        set.rows().size(),
        set.dropped(),
        set.dropped().getOrDefault(LabelSet.Dropped.UNRESOLVED, 0),
        labels.conflicts().size());
  }

  private static String words(Reliability reliability) {
    return switch (reliability) {
      case Reliability.Defined defined ->
          String.format(
              Locale.ROOT,
              "%.2f [%.2f, %.2f]",
              defined.estimate(),
              defined.interval().low(),
              defined.interval().high());
      case Reliability.Undefined undefined -> undefined.reason();
    };
  }

  /** Ends the session and the thread. */
  @Override
  public void close() {
    submit(
        () -> {
          if (session != null) {
            session.close();
            session = null;
          }
        });
    thread.shutdown();
  }

  /** Waits until the session is closed, two seconds at most. */
  public void awaitEnd() {
    try {
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
