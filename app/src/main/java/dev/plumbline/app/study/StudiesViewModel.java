package dev.plumbline.app.study;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunRow;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The studies of the workspace: how far they are, stopping one, continuing one. */
public final class StudiesViewModel {
  private final WorkspaceFeed feed;
  private final RunControl control;
  private final DialogService dialogs;
  private final Consumer<String> onProblem;
  private final ReadOnlyObjectWrapper<List<StudyItem>> items =
      new ReadOnlyObjectWrapper<>(List.of());
  private final Set<String> stopping = new HashSet<>();

  public StudiesViewModel(
      WorkspaceFeed feed, RunControl control, DialogService dialogs, Consumer<String> onProblem) {
    this.feed = feed;
    this.control = control;
    this.dialogs = dialogs;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(this::changed);
  }

  /** All studies, the newest last. */
  public ReadOnlyObjectProperty<List<StudyItem>> items() {
    return items.getReadOnlyProperty();
  }

  /** The newest study. */
  public Optional<StudyItem> newest() {
    List<StudyItem> all = items.get();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** The newest study that has this run. */
  public Optional<StudyItem> of(RunRow run) {
    return items.get().reversed().stream()
        .filter(item -> item.progress().runs().contains(run.id()))
        .findFirst();
  }

  /** Stops a study, once the person has read what is kept and agreed. */
  public void stop(StudyItem item) {
    StudyProgress study = item.progress();
    if (!item.canStop()
        || !dialogs.confirm(
            Strings.text("study.stop.title", study.name()),
            question(item),
            Strings.text("study.stop"))) {
      return;
    }
    stopping.add(study.id());
    refresh(feed.snapshot().get());
    control.stop(
        study,
        problem -> {
          stopping.remove(study.id());
          refresh(feed.snapshot().get());
          onProblem.accept(problem);
        });
  }

  /** Takes a study up where it stopped. */
  public void resume(StudyItem item) {
    if (item.canContinue()) {
      control.resume(item.progress(), onProblem);
    }
  }

  /** What stops, what does not start and what is kept. */
  private String question(StudyItem item) {
    Snapshot snapshot = feed.snapshot().get();
    String current =
        item.progress().runs().stream()
            .map(snapshot::run)
            .flatMap(Optional::stream)
            .filter(run -> run.state().isActive())
            .findFirst()
            .map(run -> Strings.text("study.stop.current", run.name()))
            .orElse(Strings.text("study.stop.none"));
    int later = item.size() - item.place();
    return current
        + (later == 0 ? "" : " " + Strings.text("study.stop.later", later))
        + "\n\n"
        + Strings.text("study.stop.kept");
  }

  private void changed(Snapshot snapshot) {
    for (StudyProgress study : snapshot.studies()) {
      if (!study.running()) {
        stopping.remove(study.id());
      }
    }
    refresh(snapshot);
  }

  private void refresh(Snapshot snapshot) {
    items.set(
        snapshot.studies().stream()
            .map(
                study ->
                    new StudyItem(study, finished(snapshot, study), stopping.contains(study.id())))
            .toList());
  }

  private static int finished(Snapshot snapshot, StudyProgress study) {
    return (int)
        study.runs().stream()
            .map(snapshot::run)
            .flatMap(Optional::stream)
            .filter(run -> run.state() == RunState.FINISHED)
            .count();
  }
}
