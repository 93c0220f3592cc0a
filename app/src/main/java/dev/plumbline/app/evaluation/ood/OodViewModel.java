package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.Detection;
import dev.plumbline.app.evaluation.ood.OodRun.Place;
import dev.plumbline.app.evaluation.ood.OodState.Threshold;
import dev.plumbline.app.evaluation.ood.OodState.Typed;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.PromptScoring;
import dev.plumbline.figure.DetectionCharts;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.ScoreHistogram;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StudyRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A measurement of out-of-distribution detection: which layer and detector are shown, where the
 * threshold stands, and the score of a prompt that is typed.
 */
public final class OodViewModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OodViewModel.class);

  /** Prompts that are listed around the threshold. */
  private static final int NEAREST = 60;

  private static final Figure NO_FIGURE =
      DetectionCharts.exposure("", "", List.of(), Double.NaN, "");
  private static final OodState EMPTY =
      new OodState(
          false,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Place(0, Detector.RELATIVE),
          Optional.empty(),
          NO_FIGURE,
          NO_FIGURE,
          NO_FIGURE,
          List.of());

  private final WorkspaceFeed feed;
  private final PromptScorer.Source source;
  private final ExecutorService scoring = FxBridge.pool("ood-scoring", 1);
  private final ReadOnlyObjectWrapper<OodState> state = new ReadOnlyObjectWrapper<>(EMPTY);
  private final ReadOnlyDoubleWrapper threshold = new ReadOnlyDoubleWrapper(Double.NaN);
  private final ReadOnlyObjectWrapper<Threshold> outcome =
      new ReadOnlyObjectWrapper<>(new Threshold(Optional.empty(), NO_FIGURE, "", List.of(), false));
  private final ReadOnlyObjectWrapper<Typed> typed = new ReadOnlyObjectWrapper<>(Typed.NOTHING);
  private @Nullable String wantedRun;
  private int wantedLayer;
  private Detector wantedDetector = Detector.RELATIVE;
  private boolean shown;
  private boolean reading;
  private boolean again;
  private List<StudyRow> studies = List.of();

  // What the threshold is applied to; changes with the state.
  private @Nullable Detection detection;
  private List<DetectionCharts.Curve> curves = List.of();
  private int barAt = -1;
  private boolean barOut;

  // The process that scores; answers of one that was given up are dropped.
  private @Nullable ScoringSession session;
  private PromptScoring.@Nullable Answer answer;

  /**
   * @param source where prompts are scored
   */
  public OodViewModel(WorkspaceFeed feed, PromptScorer.Source source) {
    this.feed = feed;
    this.source = source;
    feed.snapshot().subscribe(snapshot -> refresh());
  }

  /** What is shown; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<OodState> state() {
    return state.getReadOnlyProperty();
  }

  /** The score at and above which prompts are rejected; NaN without a measurement. */
  ReadOnlyDoubleProperty threshold() {
    return threshold.getReadOnlyProperty();
  }

  /** What the threshold does. */
  ReadOnlyObjectProperty<Threshold> outcome() {
    return outcome.getReadOnlyProperty();
  }

  /** The typed prompt. */
  ReadOnlyObjectProperty<Typed> typed() {
    return typed.getReadOnlyProperty();
  }

  /** Whether anybody looks; out of sight nothing is read, and the scoring process ends. */
  void setShown(boolean value) {
    shown = value;
    if (!value) {
      endSession();
    }
    refresh();
  }

  /** Shows a measurement. */
  void choose(String runId) {
    if (!runId.equals(wantedRun)) {
      wantedRun = runId;
      refresh();
    }
  }

  /** Shows a layer, from 1; where the measurement does not have it, its middle one. */
  void setLayer(int layer) {
    if (layer != wantedLayer) {
      wantedLayer = layer;
      refresh();
    }
  }

  /** Shows a detector. */
  void setDetector(Detector detector) {
    if (detector != wantedDetector) {
      wantedDetector = detector;
      refresh();
    }
  }

  /** From a cell of the map to its layer, and its detector or its size's run. */
  void openCell(int row, int column) {
    OodState now = state.get();
    if (now.sizes().isPresent()) {
      OodSizes sizes = now.sizes().get();
      if (row < sizes.sizes().size() && column < sizes.layers().size()) {
        String run = sizes.runs().get(sizes.sizes().get(row));
        boolean own = now.chosen().map(RunRow::id).filter(sizes.runs()::containsValue).isPresent();
        if (run != null && !(own && run.equals(now.chosen().map(RunRow::id).orElse("")))) {
          wantedRun = run;
        }
        wantedLayer = Integer.parseInt(sizes.layers().get(column));
        refresh();
      }
    } else if (now.run().isPresent() && row < OodFigures.DETECTORS.size()) {
      wantedDetector = OodFigures.DETECTORS.get(row);
      wantedLayer = now.run().get().layers().get(column);
      refresh();
    }
  }

  /** Sets the threshold; everything that follows it is shown at once. */
  void setThreshold(double value) {
    if (Double.isFinite(value) && detection != null) {
      threshold.set(value);
      barAt = -1;
      follow();
    }
  }

  /** Back to a threshold that the run chose, by {@code false_reject} or {@code catch}. */
  void useRule(String rule) {
    state
        .get()
        .run()
        .flatMap(run -> run.operating(state.get().place(), rule))
        .ifPresent(point -> setThreshold(point.threshold()));
  }

  /** From a point of the ROC curve that is shown to its threshold. */
  void openRocPoint(String series, int index) {
    for (DetectionCharts.Curve curve : curves.stream().limit(1).toList()) {
      if (series.equals(DetectionCharts.ROC + curve.id()) && index < curve.points().size()) {
        setThreshold(curve.points().get(index).threshold());
      }
    }
  }

  /** Lists the prompts of a bar. */
  void openBar(String series, int bin) {
    if (series.equals(DetectionCharts.IN) || series.equals(DetectionCharts.OUT)) {
      barOut = series.equals(DetectionCharts.OUT);
      barAt = bin;
      follow();
    }
  }

  /** Lists the prompts around the threshold again. */
  void closeBar() {
    barAt = -1;
    follow();
  }

  // ---------------------------------------------------------------------------------- the box

  /** Begins the process, so that the first prompt need not wait for it. */
  void warm() {
    begin()
        .ifPresent(
            begun ->
                scoring.execute(
                    () -> {
                      try {
                        begun.start();
                      } catch (UserError e) {
                        LOG.info("scoring does not start: {}", e.getMessage());
                      }
                    }));
  }

  /** The session of the run that is shown, begun where there is none. */
  private Optional<ScoringSession> begin() {
    Optional<RunRow> run = state.get().run().map(OodRun::run);
    if (!shown || run.isEmpty()) {
      return Optional.empty();
    }
    ScoringSession now = session;
    if (now == null || !now.isOf(run.get().directory())) {
      endSession();
      now = new ScoringSession(source, run.get().directory());
      session = now;
    }
    return Optional.of(now);
  }

  /** Scores what was typed: a prompt, or a transcript as it is. */
  void score(String text) {
    Optional<ScoringSession> begun = begin();
    if (text.isBlank() || begun.isEmpty() || typed.get().busy()) {
      return;
    }
    ScoringSession asked = begun.get();
    answer = null;
    typed.set(Typed.BUSY);
    scoring.execute(
        () -> {
          try {
            PromptScoring.Answer found = asked.score(text);
            FxBridge.run(() -> answered(asked, found));
          } catch (UserError e) {
            FxBridge.run(() -> failed(asked, String.valueOf(e.getMessage())));
          } catch (RuntimeException e) {
            LOG.error("a prompt is not scored", e);
            FxBridge.run(
                () -> failed(asked, Strings.text("error.notice", String.valueOf(e.getMessage()))));
          }
        });
  }

  private void answered(ScoringSession asked, PromptScoring.Answer found) {
    if (asked == session) {
      answer = found;
      typed.set(Typed.NOTHING);
      place();
    }
  }

  private void failed(ScoringSession asked, String problem) {
    if (asked == session) {
      typed.set(Typed.failed(problem));
    }
  }

  /** Gives up waiting; the process is ended, and the next prompt starts another. */
  void cancel() {
    endSession();
  }

  private void endSession() {
    ScoringSession old = session;
    session = null;
    if (old != null) {
      old.end();
    }
    if (typed.get().busy()) {
      typed.set(Typed.NOTHING);
    }
  }

  /** Where the answer stands among the tested prompts. */
  private void place() {
    OodState now = state.get();
    PromptScoring.Answer found = answer;
    if (found == null || now.run().isEmpty() || typed.get().busy()) {
      return;
    }
    OodRun run = now.run().get();
    List<OodState.Layer> layers = new ArrayList<>();
    for (PromptScoring.LayerScore at : found.layers()) {
      Place place = new Place(at.layer(), now.place().detector());
      double limit =
          place.equals(now.place())
              ? threshold.get()
              : run.operating(place, OodFigures.FALSE_REJECT)
                  .map(OodRun.Operating::threshold)
                  .orElse(Double.NaN);
      layers.add(OodState.Layer.of(at, place, run, limit));
    }
    double own =
        layers.stream()
            .filter(at -> at.layer() == now.place().layer())
            .mapToDouble(OodState.Layer::score)
            .findFirst()
            .orElse(Double.NaN);
    typed.set(
        new Typed(
            false,
            "",
            layers,
            found.tokens(),
            now.histogram()
                .filter(ignored -> Double.isFinite(own))
                .map(
                    counts ->
                        OodFigures.scores(run, now.place(), counts, OptionalDouble.of(own)))));
  }

  // ---------------------------------------------------------------------------------- reading

  private void refresh() {
    if (!shown) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    Snapshot snapshot = feed.snapshot().get();
    OodState before = state.get();
    String run = wantedRun;
    int layer = wantedLayer;
    Detector detector = wantedDetector;
    boolean newStudies = !snapshot.results().equals(studies);
    studies = snapshot.results();
    feed.read(
        reader -> read(reader, snapshot, before, newStudies, run, layer, detector),
        next -> {
          reading = false;
          show(next);
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  private void show(OodState next) {
    OodState before = state.get();
    if (next.equals(before)) {
      return;
    }
    boolean sameScores =
        next.place().equals(before.place())
            && next.run().equals(before.run())
            && next.run().isPresent();
    state.set(next);
    if (sameScores) {
      return;
    }
    boolean sameRun = next.chosen().map(RunRow::id).equals(before.chosen().map(RunRow::id));
    if (!sameRun) {
      endSession();
      answer = null;
      typed.set(Typed.NOTHING);
    }
    barAt = -1;
    if (next.run().isEmpty() || next.histogram().isEmpty()) {
      detection = null;
      curves = List.of();
      threshold.set(Double.NaN);
      outcome.set(new Threshold(Optional.empty(), NO_FIGURE, "", List.of(), false));
      return;
    }
    OodRun run = next.run().get();
    Detection of = Detection.of(run.in(next.place()), run.out(next.place()));
    detection = of;
    curves = OodFigures.curves(run, next.place());
    threshold.set(
        run.operating(next.place(), OodFigures.FALSE_REJECT)
            .map(OodRun.Operating::threshold)
            .orElseGet(() -> of.atLeastCaught(OodFigures.LEVEL, OodFigures.LEVEL).threshold()));
    follow();
  }

  /** Shows what follows the threshold: counts by binary search, so it is done here. */
  private void follow() {
    OodState now = state.get();
    Detection of = detection;
    if (of == null || now.run().isEmpty() || now.histogram().isEmpty()) {
      return;
    }
    OodRun run = now.run().get();
    Optional<Detection.OperatingPoint> point =
        Optional.of(of.at(threshold.get(), OodFigures.LEVEL));
    Figure roc = OodFigures.roc(run, now.place(), curves, point);
    List<OodRun.Scored> all = run.scores().getOrDefault(now.place(), List.of());
    if (barAt >= 0) {
      ScoreHistogram histogram = now.histogram().get();
      int at = Math.min(barAt, histogram.in().size() - 1);
      List<OodRun.Scored> inside =
          all.stream()
              .filter(each -> each.out() == barOut && histogram.bin(each.score()) == at)
              .toList();
      String low = Numbers.significant(histogram.edges().get(at));
      String high = Numbers.significant(histogram.edges().get(at + 1));
      String title =
          barOut ? Strings.text("ood.bar.out", low, high) : Strings.text("ood.bar.in", low, high);
      outcome.set(new Threshold(point, roc, title, inside, true));
    } else {
      outcome.set(
          new Threshold(
              point, roc, Strings.text("ood.nearest"), nearest(all, threshold.get()), false));
    }
    place();
  }

  /** The scores nearest to a value, the highest first. */
  private static List<OodRun.Scored> nearest(List<OodRun.Scored> ascending, double value) {
    int above = 0;
    int end = ascending.size();
    while (above < end) {
      int middle = (above + end) >>> 1;
      if (ascending.get(middle).score() < value) {
        above = middle + 1;
      } else {
        end = middle;
      }
    }
    int from = above;
    int to = above;
    while (to - from < NEAREST && (from > 0 || to < ascending.size())) {
      boolean down =
          to == ascending.size()
              || (from > 0
                  && value - ascending.get(from - 1).score() <= ascending.get(to).score() - value);
      if (down) {
        from--;
      } else {
        to++;
      }
    }
    List<OodRun.Scored> found = new ArrayList<>(ascending.subList(from, to));
    found.sort(Comparator.comparingDouble(OodRun.Scored::score).reversed());
    return found;
  }

  /** On the reading thread. Tables are read again only where the run's record has changed. */
  private static OodState read(
      RunReader reader,
      Snapshot snapshot,
      OodState before,
      boolean newStudies,
      @Nullable String wanted,
      int layer,
      Detector detector) {
    List<RunRow> runs = snapshot.runs().stream().filter(run -> run.stage().equals("ood")).toList();
    Optional<RunRow> chosen =
        runs.stream()
            .filter(run -> run.id().equals(wanted))
            .findFirst()
            .or(() -> runs.stream().filter(run -> !run.state().isActive()).findFirst())
            .or(() -> runs.stream().findFirst());
    boolean same =
        before.answered()
            && before.chosen().equals(chosen)
            && before.runs().equals(runs)
            && (before.run().isPresent() || chosen.isEmpty())
            && chosen.map(run -> !snapshot.changed().contains(run.id())).orElse(true);
    Optional<OodRun> run = same ? before.run() : chosen.flatMap(each -> OodRun.read(reader, each));
    Optional<OodSizes> sizes =
        same && !newStudies
            ? before.sizes()
            : chosen.flatMap(each -> OodSizes.of(reader, snapshot, each.id()));
    if (run.isEmpty()) {
      return new OodState(
          true,
          runs,
          chosen,
          run,
          sizes,
          new Place(0, detector),
          Optional.empty(),
          NO_FIGURE,
          NO_FIGURE,
          NO_FIGURE,
          List.of());
    }
    OodRun found = run.get();
    Place place = new Place(found.layers().contains(layer) ? layer : found.middle(), detector);
    if (!OodFigures.isShown(found, place)) {
      return new OodState(
          true,
          runs,
          chosen,
          run,
          sizes,
          place,
          Optional.empty(),
          NO_FIGURE,
          NO_FIGURE,
          NO_FIGURE,
          List.of());
    }
    ScoreHistogram histogram =
        same && before.place().equals(place) && before.histogram().isPresent()
            ? before.histogram().get()
            : OodFigures.histogram(found, place);
    return new OodState(
        true,
        runs,
        chosen,
        run,
        sizes,
        place,
        Optional.of(histogram),
        OodFigures.scores(found, place, histogram, OptionalDouble.empty()),
        sizes
            .map(each -> OodFigures.sizeMap(each, detector))
            .orElseGet(() -> OodFigures.runMap(found)),
        OodFigures.exposure(found),
        OodFigures.numbers(found, place));
  }

  /** Ends the scoring process. */
  @Override
  public void close() {
    shown = false;
    endSession();
    scoring.shutdown();
  }
}
