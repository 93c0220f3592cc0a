package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** The table of runs: which are shown, which are chosen, what can be done with them. */
public final class RunsViewModel {
  private final WorkspaceFeed feed;
  private final RunControl control;
  private final Consumer<String> onProblem;
  private final ReadOnlyObjectWrapper<List<RunRow>> rows = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<String> spec = new ReadOnlyObjectWrapper<>("");
  private final StringProperty filter = new SimpleStringProperty("");
  private String specOf = "";

  public RunsViewModel(WorkspaceFeed feed, RunControl control, Consumer<String> onProblem) {
    this.feed = feed;
    this.control = control;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(snapshot -> refresh());
    filter.subscribe(text -> refresh());
  }

  /** Runs that pass the filter, newest first. */
  public ReadOnlyObjectProperty<List<RunRow>> rows() {
    return rows.getReadOnlyProperty();
  }

  /** The text of the filter field. */
  public StringProperty filter() {
    return filter;
  }

  /** The spec of the chosen run. */
  public ReadOnlyObjectProperty<String> spec() {
    return spec.getReadOnlyProperty();
  }

  /** How many runs there are in all. */
  public int total() {
    return feed.snapshot().get().runs().size();
  }

  /** Reads the spec of a run. */
  public void choose(RunRow run) {
    if (!run.id().equals(specOf)) {
      specOf = run.id();
      spec.set("");
      control.readSpec(
          run,
          text -> {
            if (run.id().equals(specOf)) {
              spec.set(text);
            }
          });
    }
  }

  public void resume(RunRow run) {
    control.resume(run, onProblem);
  }

  public void stop(RunRow run) {
    control.send(run, new Command.Stop(), onProblem);
  }

  public String commandLine(RunRow run) {
    return control.commandLine(run);
  }

  private void refresh() {
    Snapshot snapshot = feed.snapshot().get();
    rows.set(snapshot.runs().stream().filter(RunFilter.parse(filter.get())).toList());
  }
}
