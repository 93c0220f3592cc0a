package dev.plumbline.app.samples;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Which models stand side by side, and what they wrote. */
public final class SamplesViewModel {
  /** The orders of prompts. */
  public enum Order {
    /** As the run has them. */
    SHEET,
    /** The greatest rise in PM score first. */
    RISE,
    /** The greatest fall in PM score first. */
    FALL
  }

  /**
   * A model asked for.
   *
   * @param runId its run
   * @param step the step, or empty for the latest
   */
  public record Wanted(String runId, OptionalLong step) {}

  private static final int MOST = 4;

  private final WorkspaceFeed feed;
  private final ReadOnlyObjectWrapper<SamplesState> state =
      new ReadOnlyObjectWrapper<>(SamplesState.EMPTY);
  private List<Wanted> wanted = List.of();
  private Order order = Order.RISE;
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

  /** Runs that can be put beside: policies. */
  public List<RunRow> policies() {
    return feed.snapshot().get().runs().stream().filter(run -> run.stage().equals("rlhf")).toList();
  }

  public void setShown(boolean value) {
    shown = value;
    refresh();
  }

  public void setOrder(Order value) {
    order = value;
    refresh();
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
          long nearest = steps.getFirst();
          for (long each : steps) {
            if (Math.abs(each - step) < Math.abs(nearest - step)) {
              nearest = each;
            }
          }
          show(
              List.of(
                  new Wanted(runId, OptionalLong.of(steps.getFirst())),
                  new Wanted(runId, OptionalLong.of(nearest))));
        });
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
    if (!wanted.isEmpty()) {
      return wanted;
    }
    return state.get().columns().stream()
        .map(
            column ->
                new Wanted(
                    column.runId(),
                    column.live() ? OptionalLong.empty() : OptionalLong.of(column.step())))
        .toList();
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
    Order by = order;
    feed.read(
        reader -> read(reader, snapshot, models, by),
        next -> {
          state.set(next);
          reading = false;
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  private static SamplesState read(
      RunReader reader, Snapshot snapshot, List<Wanted> models, Order order) {
    List<Wanted> asked = models.isEmpty() ? beforeAndAfter(reader, snapshot) : models;
    List<SamplesState.Column> columns = new ArrayList<>();
    List<Map<String, ResponseSample>> written = new ArrayList<>();
    Set<String> prompts = new LinkedHashSet<>();
    for (Wanted each : asked) {
      Optional<RunRow> run = snapshot.run(each.runId());
      List<Long> steps = reader.sampleSteps(each.runId());
      if (run.isEmpty() || steps.isEmpty()) {
        continue;
      }
      long step = each.step().orElse(steps.getLast());
      Map<String, ResponseSample> byPrompt = new HashMap<>();
      reader.samples(each.runId(), OptionalLong.of(step)).stream()
          .map(SampleRow::sample)
          .sorted(Comparator.comparingInt(ResponseSample::index))
          .forEach(
              sample -> {
                byPrompt.putIfAbsent(sample.prompt(), sample);
                prompts.add(sample.prompt());
              });
      columns.add(
          new SamplesState.Column(
              each.runId(),
              run.get().name(),
              step,
              steps,
              each.step().isEmpty(),
              step == steps.getFirst() && step <= 1));
      written.add(byPrompt);
    }
    List<SamplesState.Prompt> rows = new ArrayList<>();
    for (String prompt : prompts) {
      List<Optional<ResponseSample>> responses =
          written.stream().map(each -> Optional.ofNullable(each.get(prompt))).toList();
      rows.add(new SamplesState.Prompt(prompt, responses, change(responses)));
    }
    Comparator<SamplesState.Prompt> byChange =
        Comparator.comparingDouble(
            row ->
                Double.isFinite(row.change())
                    ? order == Order.FALL ? row.change() : -row.change()
                    : Double.POSITIVE_INFINITY);
    if (order != Order.SHEET) {
      rows.sort(byChange);
    }
    return new SamplesState(true, columns, rows);
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

  private static double change(List<Optional<ResponseSample>> responses) {
    if (responses.size() < 2 || responses.getFirst().isEmpty() || responses.getLast().isEmpty()) {
      return Double.NaN;
    }
    return responses.getLast().get().pmScore() - responses.getFirst().get().pmScore();
  }
}
