package dev.plumbline.app.live;

import dev.plumbline.app.chart.Zoom;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.ComparisonChart;
import dev.plumbline.training.SharedAxis;
import dev.plumbline.workspace.RunFilterParser;
import dev.plumbline.workspace.RunKey;
import dev.plumbline.workspace.RunQuery;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.SavedView;
import dev.plumbline.workspace.SpecComparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * Many runs beside each other in charts that people put together. Used on the JavaFX thread; curves
 * are read and charts are made off it, the first chart before the others.
 */
public final class CompareViewModel {
  /** Runs that are shown at once; of more the newest are. */
  public static final int MOST = 50;

  /**
   * A place of the pointer.
   *
   * @param axis charts with this axis show it
   * @param at in data units
   */
  public record Cross(String axis, double at) {}

  /** What the table of runs says: who is shown, and in what they differ. */
  private record Found(
      int matching,
      List<CompareState.Run> runs,
      List<String> fields,
      String problem,
      String stage) {
    static final Found NONE = new Found(0, List.of(), List.of(), "", "");
  }

  private final WorkspaceFeed feed;
  private final Consumer<String> onProblem;
  private final CompareCharts charts = new CompareCharts();
  private final ReadOnlyObjectWrapper<CompareState> state =
      new ReadOnlyObjectWrapper<>(CompareState.none());
  private final ReadOnlyObjectWrapper<Map<String, Zoom>> zooms =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final ReadOnlyObjectWrapper<Optional<Cross>> cross =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<List<String>> views = new ReadOnlyObjectWrapper<>(List.of());
  private final Set<String> hidden = new HashSet<>();
  private final Set<String> changed = new HashSet<>();
  private CompareLayout layout = CompareLayout.first();
  private Found found = Found.NONE;
  private boolean shown;
  private boolean reading;
  private boolean findAgain;
  private boolean drawAgain;

  /**
   * @param onProblem takes why something was not done, in one line
   */
  public CompareViewModel(WorkspaceFeed feed, Consumer<String> onProblem) {
    this.feed = feed;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(this::changed);
  }

  public ReadOnlyObjectProperty<CompareState> state() {
    return state.getReadOnlyProperty();
  }

  /** The parts that are looked at, by axis. */
  public ReadOnlyObjectProperty<Map<String, Zoom>> zooms() {
    return zooms.getReadOnlyProperty();
  }

  /** Where the pointer is, for all charts with that axis. */
  public ReadOnlyObjectProperty<Optional<Cross>> cross() {
    return cross.getReadOnlyProperty();
  }

  /** Names of the saved views. */
  public ReadOnlyObjectProperty<List<String>> views() {
    return views.getReadOnlyProperty();
  }

  /** Whether the page is in sight; out of sight nothing is read. */
  public void setShown(boolean value) {
    shown = value;
    if (value) {
      find();
      listViews();
    }
  }

  // ------------------------------------------------------------------------------ what is shown

  /** Shows the runs that pass a filter. */
  public void setFilter(String text) {
    if (!text.equals(layout.filter()) || !layout.runs().isEmpty()) {
      layout = layout.withFilter(text);
      find();
    }
  }

  /** Shows chosen runs; none for those that pass the filter. */
  public void select(List<String> runs) {
    if (!runs.equals(layout.runs())) {
      layout = layout.withRuns(runs);
      find();
    }
  }

  /** Groups by settings: colour, pattern, and charts of their own; empty for none. */
  public void group(String colour, String dash, String facet) {
    layout = layout.grouped(colour, dash, facet);
    hidden.clear();
    draw();
  }

  /** How runs that differ in their seed alone are drawn. */
  public void setSeeds(ComparisonChart.Seeds seeds) {
    layout = layout.withSeeds(seeds);
    draw();
  }

  /** Smooths for display; 0 for not. */
  public void setSmoothing(double weight) {
    layout = layout.withSmoothing(weight);
    draw();
  }

  /** Marks what happened to the runs, and where they wrote checkpoints. */
  public void setMarks(boolean happenings, boolean checkpoints) {
    layout = layout.withMarks(happenings, checkpoints);
    draw();
  }

  /** Shows or hides the runs of a colour. */
  public void toggle(CompareState.Key key) {
    if (key.hidden()) {
      key.runs().forEach(hidden::remove);
    } else {
      hidden.addAll(key.runs());
    }
    draw();
  }

  // ------------------------------------------------------------------------------------- charts

  /** Adds a chart of a metric behind the others. */
  public void addChart(String metric) {
    add(ChartSpec.of(metric));
  }

  /** Adds reward against sqrt(KL). */
  public void addLaw() {
    add(ChartSpec.rewardLaw());
  }

  private void add(ChartSpec spec) {
    List<ChartSpec> all = new ArrayList<>(layout.charts());
    all.add(spec);
    layout = layout.withCharts(all);
    draw();
  }

  /** Takes a chart away. */
  public void remove(int chart) {
    List<ChartSpec> all = new ArrayList<>(layout.charts());
    all.remove(chart);
    layout = layout.withCharts(all);
    draw();
  }

  /** Moves a chart to the left (-1) or to the right. */
  public void move(int chart, int by) {
    int to = chart + by;
    if (to >= 0 && to < layout.charts().size()) {
      List<ChartSpec> all = new ArrayList<>(layout.charts());
      all.add(to, all.remove(chart));
      layout = layout.withCharts(all);
      draw();
    }
  }

  /** Gives a chart another size: sixths of the page, and rows. */
  public void resize(int chart, int width, int height) {
    change(chart, spec -> spec.sized(width, height));
  }

  /** Makes a chart one step wider and higher. */
  public void grow(int chart, int wider, int higher) {
    change(
        chart, spec -> spec.wider(wider).sized(spec.wider(wider).width(), spec.height() + higher));
  }

  /** Draws a chart against something else. */
  public void setX(int chart, String place) {
    change(chart, spec -> spec.withX(place));
  }

  /** Makes axes logarithmic or not. */
  public void setLog(int chart, boolean x, boolean y) {
    change(chart, spec -> spec.withLogX(x).withLogY(y));
  }

  /** Lets outliers lie outside the axis, or not. */
  public void setOutliersOut(int chart, boolean value) {
    change(chart, spec -> spec.withOutliersOut(value));
  }

  /**
   * Puts a metric on a chart's axis, or takes it away from there.
   *
   * @return why it must not stand there, in one line; empty where it was done
   */
  public Optional<String> toggleMetric(int chart, String metric) {
    ChartSpec spec = layout.charts().get(chart);
    if (!spec.y().contains(metric)) {
      for (String there : spec.y()) {
        String added = metric;
        Optional<String> reason = SharedAxis.whyNot(there, added);
        if (reason.isPresent()) {
          String line =
              Strings.text(
                  "live.refused",
                  CompareCharts.label(metric),
                  CompareCharts.label(there),
                  reason.get());
          onProblem.accept(line);
          return Optional.of(line);
        }
      }
    }
    change(chart, old -> old.withMetric(metric));
    return Optional.empty();
  }

  /** Shows one metric alone on a chart. */
  public void setMetric(int chart, String metric) {
    change(
        chart,
        spec ->
            spec.law()
                ? ChartSpec.of(metric).sized(spec.width(), spec.height())
                : spec.withY(List.of(metric)));
  }

  private void change(int chart, UnaryOperator<ChartSpec> change) {
    layout = layout.with(chart, change.apply(layout.charts().get(chart)));
    draw();
  }

  // ------------------------------------------------------------------------- pointer and window

  /** Looks at a part, in all charts of an axis; empty for all. */
  public void zoom(String axis, Optional<Zoom> part) {
    Map<String, Zoom> next = new HashMap<>(zooms.get());
    part.ifPresentOrElse(each -> next.put(axis, each), () -> next.remove(axis));
    zooms.set(Map.copyOf(next));
  }

  /** Shows the pointer's place in all charts of an axis; NaN where it is nowhere. */
  public void cross(String axis, double at) {
    Optional<Cross> next = Double.isNaN(at) ? Optional.empty() : Optional.of(new Cross(axis, at));
    if (!next.equals(cross.get())) {
      cross.set(next);
    }
  }

  // -------------------------------------------------------------------------------- saved views

  /** Saves what is shown under a name. */
  public void saveView(String name) {
    String text = name.strip();
    if (text.isEmpty()) {
      onProblem.accept(Strings.text("live.view.nameless"));
      return;
    }
    CompareLayout saved = layout;
    feed.edit(
        edits -> edits.save(new SavedView(RunTable.LIVE_VIEW + text, saved.json())),
        before -> listViews(),
        onProblem);
  }

  /** Shows what was saved under a name. */
  public void openView(String name) {
    feed.ask(
        table ->
            table.liveViews().stream()
                .filter(view -> view.name().equals(RunTable.LIVE_VIEW + name))
                .findFirst()
                .map(view -> CompareLayout.read(view.layout())),
        view ->
            view.ifPresent(
                each -> {
                  layout = each;
                  hidden.clear();
                  zooms.set(Map.of());
                  find();
                }),
        onProblem);
  }

  /** Removes a saved view. */
  public void removeView(String name) {
    feed.edit(edits -> edits.remove(RunTable.LIVE_VIEW + name), before -> listViews(), onProblem);
  }

  private void listViews() {
    feed.ask(
        table ->
            table.liveViews().stream()
                .map(view -> view.name().substring(RunTable.LIVE_VIEW.length()))
                .toList(),
        views::set,
        problem -> {});
  }

  // ------------------------------------------------------------------------------------ reading

  private void changed(Snapshot snapshot) {
    changed.addAll(snapshot.changed());
    boolean concerned =
        !state.get().answered()
            || snapshot.changed().isEmpty()
            || found.runs().stream().anyMatch(run -> snapshot.changed().contains(run.id()));
    if (concerned || layout.runs().isEmpty()) {
      find();
    }
  }

  private void find() {
    if (!shown) {
      return;
    }
    if (reading) {
      findAgain = true;
      return;
    }
    reading = true;
    CompareLayout asked = layout;
    feed.ask(
        table -> find(table, asked),
        answer -> {
          found = answer;
          if (layout.charts().isEmpty() && !answer.runs().isEmpty()) {
            layout = layout.withCharts(CompareLayout.chartsOf(answer.stage()));
          }
          read(0, new ArrayList<>());
        },
        problem -> {
          reading = false;
          if (!problem.isEmpty()) {
            onProblem.accept(problem);
          }
        });
  }

  private void draw() {
    if (!shown) {
      return;
    }
    if (reading) {
      drawAgain = true;
      return;
    }
    reading = true;
    read(0, new ArrayList<>());
  }

  /** One chart after the other, so that the first is there soon and others may ask in between. */
  private void read(int chart, List<CompareState.Panel> panels) {
    Found runs = found;
    CompareLayout asked = layout;
    if (findAgain || drawAgain) {
      again();
      return;
    }
    if (chart >= asked.charts().size()) {
      if (asked.charts().isEmpty()) {
        publish(asked, runs, List.of(), state.get().metrics());
      }
      reading = false;
      return;
    }
    Set<String> news = Set.copyOf(changed);
    changed.clear();
    CompareCharts.Grouping grouping = CompareCharts.group(asked, runs.runs(), Set.copyOf(hidden));
    boolean last = chart + 1 == asked.charts().size();
    feed.read(
        reader -> {
          if (!news.isEmpty()) {
            charts.forget(news);
          }
          return new Read(
              charts.panels(reader, grouping, chart),
              last ? CompareCharts.metrics(reader, runs.runs()) : Set.of());
        },
        read -> {
          panels.addAll(read.panels());
          if (layout.equals(asked) && found.equals(runs)) {
            List<CompareState.Panel> all = new ArrayList<>(panels);
            // Until they are made anew the others stay as they were.
            state.get().panels().stream()
                .filter(panel -> panel.chart() > chart && panel.chart() < asked.charts().size())
                .forEach(all::add);
            publish(asked, runs, all, last ? read.metrics() : state.get().metrics());
          }
          read(chart + 1, panels);
        });
  }

  private record Read(List<CompareState.Panel> panels, Set<String> metrics) {}

  private void again() {
    boolean find = findAgain;
    findAgain = false;
    drawAgain = false;
    reading = false;
    if (find) {
      find();
    } else {
      draw();
    }
  }

  private void publish(
      CompareLayout asked, Found runs, List<CompareState.Panel> panels, Set<String> metrics) {
    CompareCharts.Grouping grouping = CompareCharts.group(asked, runs.runs(), Set.copyOf(hidden));
    state.set(
        new CompareState(
            true,
            asked,
            runs.matching(),
            runs.runs(),
            CompareCharts.keys(grouping),
            panels,
            metrics,
            runs.fields(),
            runs.problem()));
  }

  // On the table's thread; touches no field.

  private static Found find(RunTable table, CompareLayout layout) {
    List<String> ids = layout.runs();
    int matching = ids.size();
    String problem = "";
    if (ids.isEmpty()) {
      RunFilterParser.Result parsed = RunFilterParser.parse(layout.filter());
      problem = parsed.problem().map(RunFilterParser.Problem::message).orElse("");
      List<RunKey> keys = table.find(new RunQuery(RunQuery.Scope.RUNS, parsed.filter(), List.of()));
      matching = keys.size();
      ids = keys.stream().limit(MOST).map(RunKey::id).toList();
    }
    ids = ids.subList(0, Math.min(MOST, ids.size()));
    if (ids.isEmpty()) {
      return new Found(matching, List.of(), List.of(), problem, "");
    }
    SpecComparison settings = table.compare(ids);
    Set<String> differing = new LinkedHashSet<>();
    Set<String> equal = new LinkedHashSet<>();
    List<Map<String, String>> values = new ArrayList<>();
    settings.runs().forEach(run -> values.add(new LinkedHashMap<>()));
    for (SpecComparison.Row row : settings.rows()) {
      (row.differs() ? differing : equal).add(row.key());
      for (int i = 0; i < values.size(); i++) {
        if (row.differs() || !row.values().get(i).isEmpty()) {
          values.get(i).put(row.key(), row.values().get(i));
        }
      }
    }
    List<CompareState.Run> runs = new ArrayList<>();
    for (int i = 0; i < settings.runs().size(); i++) {
      SpecComparison.Column column = settings.runs().get(i);
      runs.add(new CompareState.Run(column.id(), column.name(), values.get(i)));
    }
    List<String> fields = new ArrayList<>(differing);
    fields.addAll(equal);
    return new Found(
        matching,
        List.copyOf(runs),
        List.copyOf(fields),
        problem,
        runs.isEmpty() ? "" : runs.getFirst().settings().getOrDefault("stage", ""));
  }
}
