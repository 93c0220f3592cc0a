package dev.plumbline.app.evaluation;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Policies and those who judge them: how far the score that is trained on leaves the others. */
public final class RobustnessViewModel {
  private static final int MOST = 12;

  private final WorkspaceFeed feed;
  private final ReadOnlyObjectWrapper<RobustnessState> state =
      new ReadOnlyObjectWrapper<>(
          new RobustnessState(
              false,
              List.of(),
              List.of(),
              RobustnessCharts.scores(List.of(), RobustnessCharts.Against.SQRT_KL),
              RobustnessCharts.gaps(List.of(), RobustnessCharts.Against.SQRT_KL),
              RobustnessCharts.gold(List.of()),
              List.of()));
  private List<String> wanted = List.of();
  private List<String> known = List.of();
  private RobustnessCharts.Against against = RobustnessCharts.Against.SQRT_KL;
  private boolean shown;
  private boolean reading;
  private boolean again;

  public RobustnessViewModel(WorkspaceFeed feed) {
    this.feed = feed;
    feed.snapshot().subscribe(this::changed);
  }

  /** What is shown; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<RobustnessState> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether anybody looks; out of sight nothing is read. */
  void setShown(boolean value) {
    shown = value;
    refresh();
  }

  /** Draws against another quantity. */
  void setAgainst(RobustnessCharts.Against value) {
    against = value;
    refresh();
  }

  RobustnessCharts.Against against() {
    return against;
  }

  /** Shows these policies; the newest where there are none. */
  void choose(List<String> runIds) {
    if (!runIds.equals(wanted)) {
      wanted = List.copyOf(runIds);
      refresh();
    }
  }

  /**
   * Takes a policy in or out, and says whether it did: the last one stays, and so many are enough.
   */
  boolean toggle(String runId) {
    List<String> next = new ArrayList<>(state.get().chosen());
    if (!next.remove(runId)) {
      next.add(runId);
    }
    boolean possible = !next.isEmpty() && next.size() <= MOST;
    if (possible) {
      choose(next);
    }
    return possible;
  }

  private void changed(Snapshot snapshot) {
    List<String> runs = snapshot.runs().stream().map(RunRow::id).toList();
    boolean concerned =
        !runs.equals(known) || state.get().chosen().stream().anyMatch(snapshot.changed()::contains);
    known = runs;
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
    List<String> runs = wanted;
    RobustnessCharts.Against axis = against;
    feed.read(
        reader -> read(reader, snapshot, runs, axis),
        next -> {
          reading = false;
          if (!next.equals(state.get())) {
            state.set(next);
          }
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  /** On the reading thread. */
  private static RobustnessState read(
      RunReader reader, Snapshot snapshot, List<String> wanted, RobustnessCharts.Against axis) {
    List<RunRow> judged = snapshot.runs().stream().filter(RobustnessRuns::isJudged).toList();
    List<RunRow> chosen =
        wanted.stream()
            .map(snapshot::run)
            .flatMap(Optional::stream)
            .filter(RobustnessRuns::isJudged)
            .toList();
    if (chosen.isEmpty()) {
      chosen = judged.stream().limit(1).toList();
    }
    Map<List<String>, String> samplings = RobustnessRuns.samplings(reader, snapshot);
    List<RobustnessCharts.Policy> policies =
        chosen.stream().map(run -> RobustnessRuns.of(reader, run, samplings)).toList();
    return new RobustnessState(
        true,
        judged,
        chosen.stream().map(RunRow::id).toList(),
        RobustnessCharts.scores(policies, axis),
        RobustnessCharts.gaps(policies, axis),
        RobustnessCharts.gold(policies),
        RobustnessFindings.of(policies));
  }
}
