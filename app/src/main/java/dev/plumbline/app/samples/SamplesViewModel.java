package dev.plumbline.app.samples;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Which models stand side by side, what they wrote, and which prompts are read closely. */
public final class SamplesViewModel {
  /**
   * A model asked for.
   *
   * @param runId its run
   * @param step the step, or empty for the latest
   */
  public record Wanted(String runId, OptionalLong step) {}

  /**
   * Where a response stands.
   *
   * @param runId its run
   * @param step its step
   * @param index its place on the sheet
   */
  public record Place(String runId, long step, int index) {}

  /** Models side by side. */
  static final int MOST = 4;

  /** Prompts that are read side by side; more are listed and not shown. */
  static final int MOST_CHOSEN = 12;

  /** Prompts that are shown where nobody chose. */
  private static final int FIRST_CHOSEN = 2;

  /** Traces that are remembered. */
  private static final int TRACES = 512;

  /** Stages that train a model which answers. */
  private static final Set<String> ANSWERING =
      Set.of("rlhf", "pretraining", "context_distillation");

  private final WorkspaceFeed feed;
  private final SheetCache sheets = new SheetCache();
  private final ReadOnlyObjectWrapper<SamplesState> state =
      new ReadOnlyObjectWrapper<>(SamplesState.EMPTY);
  private final ReadOnlyObjectWrapper<List<String>> chosen = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Map<Place, TokenTrace>> traces =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final ReadOnlyObjectWrapper<HeatScale> heat = new ReadOnlyObjectWrapper<>(HeatScale.NONE);
  private final ReadOnlyObjectWrapper<Boolean> difference = new ReadOnlyObjectWrapper<>(false);
  private final Map<Place, TokenTrace> known = new LinkedHashMap<>(16, 0.75f, true);
  private List<Wanted> wanted = List.of();
  private SampleOrder order = SampleOrder.RISE;
  private String filter = "";
  private String scorer = SamplesState.REWARD;
  private TokenQuantity colour = TokenQuantity.NONE;
  private boolean shown;
  private boolean reading;
  private boolean again;

  public SamplesViewModel(WorkspaceFeed feed) {
    this.feed = feed;
    feed.snapshot().subscribe(snapshot -> refresh());
  }

  public ReadOnlyObjectProperty<SamplesState> state() {
    return state.getReadOnlyProperty();
  }

  /** The prompts that are read closely, in the order of the list. */
  public ReadOnlyObjectProperty<List<String>> chosen() {
    return chosen.getReadOnlyProperty();
  }

  /**
   * What is known of the tokens of the responses to the chosen prompts, while they are coloured.
   */
  public ReadOnlyObjectProperty<Map<Place, TokenTrace>> traces() {
    return traces.getReadOnlyProperty();
  }

  /** How tokens are coloured. */
  ReadOnlyObjectProperty<HeatScale> heat() {
    return heat.getReadOnlyProperty();
  }

  /** Whether responses are shown as what differs from the first model's. */
  public ReadOnlyObjectProperty<Boolean> difference() {
    return difference.getReadOnlyProperty();
  }

  /** Runs that can be put beside: those that train a model which answers. */
  public List<RunRow> policies() {
    return feed.snapshot().get().runs().stream()
        .filter(run -> ANSWERING.contains(run.stage()))
        .toList();
  }

  /** The directory of a run, if it is there. */
  public Optional<Path> directory(String runId) {
    return feed.snapshot().get().run(runId).map(RunRow::directory);
  }

  public void setShown(boolean value) {
    if (value && !shown) {
      sheets.clear(); // a run may have gone back to a checkpoint and on while nobody looked
    }
    shown = value;
    refresh();
  }

  public void setOrder(SampleOrder value) {
    order = value;
    refresh();
  }

  /** Lists what {@link SampleFilter} keeps. */
  public void setFilter(String text) {
    filter = text;
    refresh();
  }

  /** Which score changes, orders and bounds are about; see {@link SamplesState#scorers}. */
  public void setScorer(String name) {
    scorer = name;
    refresh();
  }

  /** The score that changes, orders and bounds are about. */
  public String scorer() {
    return scorer;
  }

  /** Colours tokens. */
  public void setColour(TokenQuantity quantity) {
    colour = quantity;
    readTraces();
  }

  public void setDifference(boolean value) {
    difference.set(value);
  }

  /** Reads prompts closely; the first {@value #MOST_CHOSEN} of them. */
  public void choose(List<String> prompts) {
    List<String> next = prompts.stream().distinct().limit(MOST_CHOSEN).toList();
    if (!next.equals(chosen.get())) {
      chosen.set(next);
      readTraces();
    }
  }

  /** Shows these models; empty shows the newest policy before and after. */
  public void show(List<Wanted> models) {
    wanted = List.copyOf(models);
    refresh();
  }

  /** Shows a run at its first step and at the step with responses that is nearest to a step. */
  public void showNear(String runId, long step) {
    feed.read(
        reader -> reader.sampleSteps(runId),
        steps -> {
          if (steps.isEmpty()) {
            return;
          }
          show(
              List.of(
                  new Wanted(runId, OptionalLong.of(steps.getFirst())),
                  new Wanted(runId, OptionalLong.of(nearest(steps, step)))));
        });
  }

  private static long nearest(List<Long> steps, long step) {
    long nearest = steps.getFirst();
    for (long each : steps) {
      if (Math.abs(each - step) < Math.abs(nearest - step)) {
        nearest = each;
      }
    }
    return nearest;
  }

  /** Puts a run's latest responses beside the others. */
  public void add(String runId) {
    List<Wanted> next = new ArrayList<>(current());
    if (next.size() == MOST) {
      next.removeLast();
    }
    next.add(new Wanted(runId, OptionalLong.empty()));
    show(next);
  }

  /** Takes a model away; one always stays. */
  public void remove(int column) {
    List<Wanted> next = new ArrayList<>(current());
    if (next.size() > 1) {
      next.remove(column);
      show(next);
    }
  }

  /** Shows another step of a column's run; empty for the latest. */
  public void setStep(int column, OptionalLong step) {
    List<Wanted> next = new ArrayList<>(current());
    next.set(column, new Wanted(next.get(column).runId(), step));
    show(next);
  }

  private List<Wanted> current() {
    return wanted.isEmpty()
        ? state.get().columns().stream().map(SamplesState.Column::wanted).toList()
        : wanted;
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
    List<Wanted> models = wanted;
    SampleOrder by = order;
    String text = filter;
    String score = scorer;
    feed.read(
        reader -> read(reader, snapshot, models, by, text, score),
        next -> {
          reading = false;
          take(next);
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  private void take(SamplesState next) {
    state.set(next);
    Set<String> listed = new LinkedHashSet<>();
    next.prompts().forEach(prompt -> listed.add(prompt.text()));
    List<String> still = chosen.get().stream().filter(listed::contains).toList();
    // What a person reads stays, in its place, while newer responses change the order.
    chosen.set(still.isEmpty() ? listed.stream().limit(FIRST_CHOSEN).toList() : still);
    readTraces();
  }

  /** The responses that are read closely, by their place. */
  private List<Place> places() {
    SamplesState now = state.get();
    Map<String, SamplesState.Prompt> rows = new HashMap<>();
    now.prompts().forEach(row -> rows.put(row.text(), row));
    List<Place> places = new ArrayList<>();
    for (String prompt : chosen.get()) {
      SamplesState.Prompt row = rows.get(prompt);
      if (row != null) {
        for (int i = 0; i < row.responses().size(); i++) {
          String run = now.columns().get(i).runId();
          row.responses()
              .get(i)
              .ifPresent(each -> places.add(new Place(run, each.step(), each.index())));
        }
      }
    }
    return places;
  }

  private void readTraces() {
    if (colour == TokenQuantity.NONE) {
      traces.set(Map.of());
      heat.set(HeatScale.NONE);
      return;
    }
    List<Place> all = places();
    List<Place> missing = all.stream().filter(place -> !known.containsKey(place)).toList();
    if (missing.isEmpty()) {
      publishTraces(all);
      return;
    }
    feed.read(
        reader -> {
          Map<Place, TokenTrace> found = new HashMap<>();
          for (Place place : missing) {
            found.put(place, reader.sampleTrace(place.runId(), place.step(), place.index()));
          }
          return found;
        },
        found -> {
          known.putAll(found);
          publishTraces(places().stream().filter(known::containsKey).toList());
          while (known.size() > TRACES) {
            known.remove(known.keySet().iterator().next());
          }
        });
  }

  private void publishTraces(List<Place> places) {
    if (colour == TokenQuantity.NONE) {
      return; // switched off while they were read
    }
    Map<Place, TokenTrace> now = new HashMap<>();
    for (Place place : places) {
      now.put(place, known.getOrDefault(place, TokenTrace.NONE));
    }
    HeatScale scale = HeatScale.over(colour, now.values());
    traces.set(Map.copyOf(now));
    heat.set(scale);
  }

  private SamplesState read(
      RunReader reader,
      Snapshot snapshot,
      List<Wanted> models,
      SampleOrder order,
      String text,
      String score) {
    List<Wanted> asked = models.isEmpty() ? beforeAndAfter(reader, snapshot) : models;
    List<SamplesState.Column> columns = new ArrayList<>();
    List<Map<String, ResponseSample>> written = new ArrayList<>();
    Set<String> prompts = new LinkedHashSet<>();
    for (Wanted each : asked) {
      Optional<RunRow> run = snapshot.run(each.runId());
      if (run.isEmpty()) {
        continue;
      }
      List<Long> sampled = reader.sampleSteps(each.runId());
      List<Long> steps =
          sampled.isEmpty()
              ? reader.checkpoints(each.runId()).stream().map(CheckpointRow::step).toList()
              : sampled;
      if (steps.isEmpty()) {
        continue;
      }
      long step = each.step().orElse(steps.getLast());
      Map<String, ResponseSample> byPrompt =
          sampled.isEmpty() ? Map.of() : sheets.read(reader, run.get(), step, sampled);
      prompts.addAll(byPrompt.keySet());
      columns.add(
          new SamplesState.Column(
              each.runId(),
              run.get().name(),
              step,
              steps,
              each.step().isEmpty(),
              !sampled.isEmpty() && step == steps.getFirst() && step <= 1,
              !sampled.isEmpty()));
      written.add(byPrompt);
    }
    Set<String> scorers = new TreeSet<>();
    List<SamplesState.Prompt> rows = new ArrayList<>();
    for (String prompt : prompts) {
      List<Optional<ResponseSample>> responses =
          written.stream().map(each -> Optional.ofNullable(each.get(prompt))).toList();
      responses.forEach(each -> each.ifPresent(found -> scorers.addAll(found.scores().keySet())));
      rows.add(new SamplesState.Prompt(prompt, responses, change(responses, score)));
    }
    SampleFilter kept = SampleFilter.parse(text, score);
    List<SamplesState.Prompt> listed =
        rows.stream().filter(kept::keeps).sorted(order.comparator(score)).toList();
    return new SamplesState(
        true, columns, listed, rows.size(), List.copyOf(scorers), kept.problem());
  }

  private static List<Wanted> beforeAndAfter(RunReader reader, Snapshot snapshot) {
    for (RunRow run : snapshot.runs()) {
      List<Long> steps =
          run.stage().equals("rlhf") ? reader.sampleSteps(run.id()) : List.<Long>of();
      if (steps.size() == 1) {
        return List.of(new Wanted(run.id(), OptionalLong.of(steps.getFirst())));
      } else if (!steps.isEmpty()) {
        return List.of(
            new Wanted(run.id(), OptionalLong.of(steps.getFirst())),
            new Wanted(run.id(), OptionalLong.empty()));
      }
    }
    return List.of();
  }

  private static double change(List<Optional<ResponseSample>> responses, String scorer) {
    if (responses.size() < 2 || responses.getFirst().isEmpty() || responses.getLast().isEmpty()) {
      return Double.NaN;
    }
    return SamplesState.score(responses.getLast().get(), scorer)
        - SamplesState.score(responses.getFirst().get(), scorer);
  }
}
