package dev.plumbline.app.live;

import dev.plumbline.app.feed.LawFigure;
import dev.plumbline.app.feed.RewardRuns;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.RunCharts;
import dev.plumbline.training.Command;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Runs while they train: what is shown, and what a person asks of them. */
public final class LiveViewModel {
  /** Metrics of the small charts of each stage, to begin with. */
  private static final Map<String, List<String>> CHARTS =
      Map.of(
          "rlhf",
          List.of(Metrics.KL_EXACT, Metrics.RESPONSE_TOKENS, Metrics.ENTROPY, Metrics.APPROX_KL),
          "preference",
          List.of(Metrics.LOSS, Metrics.EVAL_LOSS, Metrics.MARGIN, Metrics.GRAD_NORM),
          "context_distillation",
          List.of(
              Metrics.EVAL_LOSS,
              Metrics.EVAL_AGREEMENT,
              Metrics.TEACHER_REMAINDER,
              Metrics.GRAD_NORM),
          "pretraining",
          List.of(
              Metrics.EVAL_LOSS,
              Metrics.GRAD_NORM,
              Metrics.LEARNING_RATE,
              Metrics.TOKENS_PER_SECOND));

  private static final double SMOOTHING = 0.8;

  /** A change that was asked for and that the worker has not journalled yet. */
  public record Pending(String runId, double value, long afterSequence) {}

  /** Used on the reading thread. */
  private final LawFigure law = new LawFigure();

  private final WorkspaceFeed feed;
  private final RunControl control;
  private final Consumer<String> onProblem;
  private final EditHistory.Part history;
  private final ReadOnlyObjectWrapper<LiveState> state;
  private final ReadOnlyObjectWrapper<Map<String, Pending>> pending =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final Map<String, List<String>> chosen = new HashMap<>(CHARTS);
  private List<String> selection = List.of();
  private RunCharts.Against against = RunCharts.Against.STEP;
  private boolean smooth;
  private double fitTo = Double.POSITIVE_INFINITY;
  private boolean shown;
  private boolean reading;
  private boolean again;

  /**
   * @param history where steering is noted, to be undone
   */
  public LiveViewModel(
      WorkspaceFeed feed,
      RunControl control,
      Consumer<String> onProblem,
      EditHistory.Part history) {
    this.history = history;
    this.feed = feed;
    this.control = control;
    this.onProblem = onProblem;
    this.state = new ReadOnlyObjectWrapper<>(none(false));
    feed.snapshot().subscribe(snapshot -> changed(snapshot));
  }

  public ReadOnlyObjectProperty<LiveState> state() {
    return state.getReadOnlyProperty();
  }

  /** Changes by parameter that were asked for and are not in force yet. */
  public ReadOnlyObjectProperty<Map<String, Pending>> pending() {
    return pending.getReadOnlyProperty();
  }

  public RunCharts.Against against() {
    return against;
  }

  /** Draws metric charts against something else. */
  public void setAgainst(RunCharts.Against value) {
    against = value;
    refresh();
  }

  /** Smooths metric charts for display; measured values stay behind. */
  public void setSmooth(boolean value) {
    smooth = value;
    refresh();
  }

  /** Fits the line over sqrt(KL) from 0 to here; infinite for the whole run. */
  public void setFitTo(double value) {
    fitTo = value;
    refresh();
  }

  /** Shows other runs; the first has the controls. Empty follows the run that is at work. */
  public void select(List<String> runIds) {
    if (!runIds.equals(selection)) {
      selection = List.copyOf(runIds);
      refresh();
    }
  }

  /** Shows another metric on a small chart. */
  public void choose(int chart, String metric) {
    String stage = state.get().focus().map(RunRow::stage).orElse("rlhf");
    List<String> metrics = new ArrayList<>(charts(stage));
    metrics.set(chart, metric);
    chosen.put(stage, List.copyOf(metrics));
    refresh();
  }

  /** Whether the page is in sight; out of sight nothing is read. */
  public void setShown(boolean value) {
    shown = value;
    if (value) {
      refresh();
    }
  }

  /** Sends a command to the focus. */
  public void send(Command command) {
    Optional<RunRow> focus = state.get().focus();
    if (focus.isEmpty()) {
      return;
    }
    if (!(command instanceof Command.Steer(String parameter, double value))) {
      control.send(focus.get(), command, onProblem);
      return;
    }
    Pending asked = pending.get().get(parameter);
    RunRow run = focus.get();
    Double now =
        asked != null && asked.runId().equals(run.id())
            ? Double.valueOf(asked.value()) // what it is steered to on top of
            : state.get().settings().get(parameter);
    steer(run, parameter, value);
    if (now != null) {
      double before = now;
      history.did(
          Strings.text("live.did.steer", RunWords.parameter(parameter), run.name()),
          List.of(run.id()),
          () -> steer(run, parameter, before),
          () -> steer(run, parameter, value));
    }
  }

  /** Asks a run for another value, which is pending until its journal says that it is in force. */
  private void steer(RunRow run, String parameter, double value) {
    if (state.get().focus().filter(focus -> focus.id().equals(run.id())).isPresent()) {
      long last = state.get().marks().stream().mapToLong(MarkRow::sequence).max().orElse(0);
      Map<String, Pending> next = new HashMap<>(pending.get());
      next.put(parameter, new Pending(run.id(), value, last));
      pending.set(Map.copyOf(next));
    }
    control.send(run, new Command.Steer(parameter, value), onProblem);
  }

  /** Takes the focus up again from its last checkpoint. */
  public void resumeRun() {
    state.get().focus().ifPresent(run -> control.resume(run, onProblem));
  }

  private List<String> charts(String stage) {
    return chosen.getOrDefault(stage, List.of());
  }

  private void changed(Snapshot snapshot) {
    boolean concerned =
        state.get().shown().isEmpty()
            || snapshot.changed().isEmpty()
            || selection.isEmpty()
            || selection.stream().anyMatch(snapshot.changed()::contains);
    if (concerned) {
      refresh();
    }
  }

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
    List<RunRow> runs = runs(snapshot);
    Map<String, List<String>> metrics = Map.copyOf(chosen);
    RunCharts.Against axis = against;
    boolean smoothed = smooth;
    double to = fitTo;
    feed.read(
        reader -> read(reader, law, runs, metrics, axis, smoothed, to),
        next -> {
          state.set(next);
          settle(next);
          reading = false;
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  /**
   * The chosen runs, or the newest at work, or the one that was shown, or the newest policy, or the
   * newest of all; runs that wait to be started only where there is no other.
   */
  private List<RunRow> runs(Snapshot snapshot) {
    List<RunRow> found = selection.stream().map(snapshot::run).flatMap(Optional::stream).toList();
    if (!found.isEmpty()) {
      return found;
    }
    return snapshot.active().stream()
        .findFirst()
        // A run that has just ended stays, or the page would turn under the eyes of its reader.
        .or(() -> state.get().focus().flatMap(run -> snapshot.run(run.id())))
        .or(() -> begun(snapshot).filter(run -> run.stage().equals("rlhf")).findFirst())
        .or(() -> begun(snapshot).findFirst())
        .or(() -> snapshot.runs().stream().findFirst())
        .map(List::of)
        .orElse(List.of());
  }

  private static Stream<RunRow> begun(Snapshot snapshot) {
    return snapshot.runs().stream().filter(run -> run.state() != RunState.QUEUED);
  }

  /** Forgets what was asked for once the journal says that it is in force. */
  private void settle(LiveState next) {
    Map<String, Pending> left = new HashMap<>(pending.get());
    left.entrySet()
        .removeIf(
            entry ->
                next.focus().isEmpty()
                    || !next.focus().get().id().equals(entry.getValue().runId())
                    || !next.focus().get().state().isActive()
                    || next.marks().stream()
                        .anyMatch(
                            mark ->
                                mark.kind() == MarkRow.Kind.STEERED
                                    && mark.parameter().equals(entry.getKey())
                                    && mark.sequence() > entry.getValue().afterSequence()));
    if (left.size() != pending.get().size()) {
      pending.set(Map.copyOf(left));
    }
  }

  // Everything below runs on the reading thread and touches no field.

  private static LiveState none(boolean answered) {
    return new LiveState(
        answered,
        Optional.empty(),
        List.of(),
        List.of(),
        new LiveState.Chart(
            "", PaperFigures.rewardAgainstSqrtKl(List.of(), PaperFigures.Options.ALL), ""),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  private static LiveState read(
      RunReader reader,
      LawFigure law,
      List<RunRow> runs,
      Map<String, List<String>> metrics,
      RunCharts.Against against,
      boolean smooth,
      double fitTo) {
    if (runs.isEmpty()) {
      return none(true);
    }
    RunRow focus = runs.getFirst();
    // Runs of other stages have other metrics: they share no chart with the focus.
    List<RunRow> alike = runs.stream().filter(run -> run.stage().equals(focus.stage())).toList();
    List<PaperFigures.SlopeRow> slopes = List.of();
    LiveState.Chart main;
    if (focus.stage().equals("rlhf")) {
      PaperFigures.Options options =
          Double.isFinite(fitTo)
              ? PaperFigures.Options.ALL.over(0, fitTo)
              : PaperFigures.Options.ALL;
      PaperFigures.RewardKlChart chart = law.of(reader, alike, LawFigure.Options.ALL.with(options));
      slopes = chart.slopes();
      main =
          new LiveState.Chart(
              "",
              chart.figure(),
              definition(Metrics.PM_SCORE) + "\n" + definition(Metrics.SQRT_KL));
    } else if (focus.stage().equals("preference")) {
      main = accuracy(reader, alike, against);
    } else {
      main = chart(reader, alike, Metrics.LOSS, against, smooth);
    }
    List<LiveState.Chart> charts =
        metrics.getOrDefault(focus.stage(), List.of()).stream()
            .map(metric -> bare(chart(reader, alike, metric, against, smooth)))
            .toList();
    List<MarkRow> marks = new ArrayList<>(reader.marks(focus.id()));
    java.util.Collections.reverse(marks);
    List<SampleRow> samples = reader.samples(focus.id(), OptionalLong.empty());
    return new LiveState(
        true,
        Optional.of(focus),
        alike,
        tiles(reader, focus),
        main,
        charts,
        slopes,
        reader.settings(focus.id()),
        marks,
        samples);
  }

  private static LiveState.Chart chart(
      RunReader reader,
      List<RunRow> runs,
      String metric,
      RunCharts.Against against,
      boolean smooth) {
    Metrics.Metric known = metric(metric);
    List<RunCharts.MetricRun> rows = new ArrayList<>();
    for (RunRow run : runs) {
      MetricSeries series = reader.series(run.id(), metric);
      MetricSeries low = reader.series(run.id(), metric + "_low");
      MetricSeries high = reader.series(run.id(), metric + "_high");
      boolean interval =
          low.size() == series.size() && high.size() == series.size() && series.size() > 0;
      rows.add(
          new RunCharts.MetricRun(
              run.id(),
              runs.size() == 1 ? "" : run.name(),
              Column.of(series.step()),
              place(series, against),
              Column.of(series.value()),
              interval ? Column.of(low.value()) : Column.empty(),
              interval ? Column.of(high.value()) : Column.empty(),
              RewardRuns.happenings(reader.marks(run.id()))));
    }
    Figure figure =
        RunCharts.metric(
                metric,
                known.label(),
                known.unit(),
                against,
                Axis.Scale.LINEAR,
                smooth ? SMOOTHING : 0,
                rows)
            .withEmptyText(Strings.text("live.chart.empty"));
    return new LiveState.Chart(
        metric,
        against == RunCharts.Against.STEP ? fromTheStart(figure, runs) : figure,
        known.definition());
  }

  /**
   * All charts over steps have one range: what is measured rarely does not look as if at an end.
   */
  private static Figure fromTheStart(Figure f, List<RunRow> runs) {
    long last = runs.stream().mapToLong(RunRow::step).max().orElse(0);
    return new Figure(
        f.title(),
        f.subtitle(),
        f.x().range(0, Math.max(1.0, (double) last)),
        f.y(),
        f.layers(),
        f.legend(),
        f.caption(),
        f.emptyText(),
        f.provenance());
  }

  /** A small chart: its card says what is measured and in what, so that the plot has the room. */
  private static LiveState.Chart bare(LiveState.Chart chart) {
    Figure f = chart.figure();
    String unit = f.y().unit();
    String subtitle =
        f.subtitle().isEmpty() ? unit : unit.isEmpty() ? f.subtitle() : unit + " · " + f.subtitle();
    Figure figure =
        new Figure(
            f.title(),
            subtitle,
            f.x().bare(),
            Axis.linear("", ""),
            f.layers(),
            f.legend(),
            f.caption(),
            f.emptyText(),
            f.provenance());
    return new LiveState.Chart(chart.metric(), figure, chart.definition());
  }

  /** Held-out accuracy with its interval, beside chance and the better length rule. */
  private static LiveState.Chart accuracy(
      RunReader reader, List<RunRow> runs, RunCharts.Against against) {
    LiveState.Chart plain = chart(reader, runs, Metrics.EVAL_ACCURACY, against, false);
    List<Layer> layers = new ArrayList<>(plain.figure().layers());
    layers.add(new Layer.Level(Strings.text("live.chance"), Ink.MUTED, Dash.DOTTED, 0.5));
    double shorter = RunWords.last(runs.getFirst(), Metrics.EVAL_LENGTH_ACCURACY);
    double length = Math.max(shorter, 1 - shorter);
    if (Double.isFinite(length)) {
      layers.add(
          new Layer.Level(
              Strings.text(
                  "live.length",
                  Numbers.fixed(length, 3),
                  shorter >= 0.5
                      ? Strings.text("live.length.shorter")
                      : Strings.text("live.length.longer")),
              Ink.MUTED,
              Dash.DASHED,
              length));
    }
    Figure f = plain.figure();
    Figure figure =
        new Figure(
            Strings.text("live.accuracy"),
            Strings.text(
                "live.accuracy.sub",
                Numbers.fixed(RunWords.last(runs.getFirst(), Metrics.EVAL_N), 0)),
            f.x(),
            f.y().from(floor(reader, runs) - 0.02),
            layers,
            f.legend(),
            f.caption(),
            Strings.text("live.accuracy.empty"),
            f.provenance());
    return new LiveState.Chart(Metrics.EVAL_ACCURACY, figure, plain.definition());
  }

  /** The lowest accuracy that must be in sight: chance, or what a young model has below it. */
  private static double floor(RunReader reader, List<RunRow> runs) {
    double lowest = 0.5;
    for (RunRow run : runs) {
      for (String metric : List.of(Metrics.EVAL_ACCURACY, Metrics.EVAL_ACCURACY_LOW)) {
        for (double value : reader.series(run.id(), metric).value()) {
          lowest = value < lowest ? value : lowest; // NaN is never lower
        }
      }
    }
    return lowest;
  }

  private static Column place(MetricSeries series, RunCharts.Against against) {
    return switch (against) {
      case STEP -> Column.of(series.step());
      case SAMPLES -> Column.of(series.samples());
      case TOKENS -> Column.of(series.tokens());
      case SECONDS -> Column.of(series.seconds());
    };
  }

  private static List<LiveState.TileValue> tiles(RunReader reader, RunRow run) {
    List<LiveState.TileValue> tiles = new ArrayList<>();
    switch (run.stage()) {
      case "rlhf" -> {
        tiles.add(
            tile(
                reader,
                run,
                Metrics.PM_SCORE,
                2,
                interval(run, Metrics.PM_SCORE_LOW, Metrics.PM_SCORE_HIGH, 2)));
        tiles.add(
            tile(
                reader,
                run,
                Metrics.SQRT_KL,
                2,
                note(RunWords.last(run, Metrics.KL_EXACT), LiveViewModel::klNote)));
      }
      case "preference" -> {
        tiles.add(
            tile(
                reader,
                run,
                Metrics.EVAL_ACCURACY,
                3,
                interval(run, Metrics.EVAL_ACCURACY_LOW, Metrics.EVAL_ACCURACY_HIGH, 3)));
        tiles.add(tile(reader, run, Metrics.MARGIN, 2, Strings.text("live.tile.batch")));
      }
      default -> {
        tiles.add(tile(reader, run, Metrics.LOSS, 3, Strings.text("live.tile.batch")));
        tiles.add(
            tile(
                reader,
                run,
                Metrics.EVAL_LOSS,
                3,
                interval(run, Metrics.EVAL_LOSS_LOW, Metrics.EVAL_LOSS_HIGH, 3)));
      }
    }
    double tokens = RunWords.last(run, Metrics.TOKENS_PER_SECOND);
    tiles.add(
        new LiveState.TileValue(
            Strings.text("live.tile.throughput"),
            Numbers.compact(tokens),
            Strings.text("live.tile.throughput.unit"),
            note(RunWords.last(run, Metrics.STEP_SECONDS), LiveViewModel::stepNote),
            course(reader, run, Metrics.TOKENS_PER_SECOND),
            definition(Metrics.TOKENS_PER_SECOND)));
    switch (run.stage()) {
      case "rlhf" -> {
        double gold = RunWords.last(run, Metrics.GOLD_REWARD);
        tiles.add(
            Double.isFinite(gold)
                ? tile(reader, run, Metrics.GOLD_REWARD, 2, goldNote(run))
                : tile(reader, run, Metrics.ENTROPY, 2, Strings.text("live.tile.token")));
      }
      case "preference" ->
          tiles.add(
              tile(
                  reader,
                  run,
                  Metrics.EVAL_LENGTH_ACCURACY,
                  3,
                  Strings.text(
                      "live.tile.baseline",
                      Numbers.fixed(1 - RunWords.last(run, Metrics.EVAL_LENGTH_ACCURACY), 3))));
      default -> tiles.add(tile(reader, run, Metrics.GRAD_NORM, 2, ""));
    }
    double memory = RunWords.last(run, Metrics.MEMORY_MB);
    tiles.add(
        new LiveState.TileValue(
            Strings.text("live.tile.memory"),
            memory >= 1000 ? Numbers.fixed(memory / 1000, 2) : Numbers.fixed(memory, 0),
            memory >= 1000 ? "GB" : "MB",
            Strings.text("live.tile.worker"),
            course(reader, run, Metrics.MEMORY_MB),
            definition(Metrics.MEMORY_MB)));
    boolean active = run.state().isActive();
    String left = Numbers.duration(active ? run.secondsLeft() : run.activeSeconds());
    tiles.add(
        new LiveState.TileValue(
            active ? Strings.text("live.tile.left") : Strings.text("live.tile.took"),
            left,
            "",
            Strings.text("live.tile.progress", RunWords.progress(run)),
            List.of(),
            Strings.text("live.tile.left.tip")));
    return tiles;
  }

  /** A note on a value; none where there is no value. */
  private static String note(double value, DoubleFunction<String> words) {
    return Double.isFinite(value) ? words.apply(value) : "";
  }

  /** The gold reward's interval; older runs have none. */
  private static String goldNote(RunRow run) {
    return Double.isFinite(RunWords.last(run, Metrics.GOLD_REWARD_LOW))
        ? interval(run, Metrics.GOLD_REWARD_LOW, Metrics.GOLD_REWARD_HIGH, 2)
        : Strings.text("live.tile.gold");
  }

  private static String klNote(double kl) {
    return Strings.text("live.tile.kl", Numbers.fixed(kl, 2));
  }

  private static String stepNote(double seconds) {
    return Strings.text("live.tile.step", Numbers.significant(seconds));
  }

  private static LiveState.TileValue tile(
      RunReader reader, RunRow run, String name, int decimals, String note) {
    Metrics.Metric metric = metric(name);
    return new LiveState.TileValue(
        metric.label(),
        Numbers.fixed(RunWords.last(run, name), decimals),
        metric.unit(),
        note,
        course(reader, run, name),
        metric.definition());
  }

  private static List<Double> course(RunReader reader, RunRow run, String metric) {
    return Arrays.stream(reader.series(run.id(), metric).value()).boxed().toList();
  }

  private static String interval(RunRow run, String low, String high, int decimals) {
    double from = RunWords.last(run, low);
    double to = RunWords.last(run, high);
    return Double.isFinite(from) && Double.isFinite(to)
        ? Strings.text("live.interval", Numbers.fixed(from, decimals), Numbers.fixed(to, decimals))
        : "";
  }

  private static Metrics.Metric metric(String name) {
    return Metrics.of(name).orElse(new Metrics.Metric(name, name, "", "", Metrics.Better.NEITHER));
  }

  private static String definition(String name) {
    Metrics.Metric metric = metric(name);
    return metric.label() + ": " + metric.definition();
  }

  private static boolean isShown(String name) {
    return !name.endsWith(Metrics.LOW) && !name.endsWith(Metrics.HIGH);
  }

  /** Metrics that a person can put on a small chart, by name and label. */
  public static Map<String, String> choices(RunRow run) {
    Map<String, String> choices = new LinkedHashMap<>();
    for (Metrics.Metric metric : Metrics.all()) {
      if (run.last().containsKey(metric.name()) && isShown(metric.name())) {
        choices.put(metric.name(), metric.label());
      }
    }
    // Those of a part of the data have names that no list holds.
    for (String name : new TreeSet<>(run.last().keySet())) {
      if (!choices.containsKey(name) && isShown(name)) {
        Metrics.of(name).ifPresent(metric -> choices.put(name, metric.label()));
      }
    }
    return choices;
  }
}
