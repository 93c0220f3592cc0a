package dev.plumbline.app.shell;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.study.StudiesViewModel;
import dev.plumbline.app.study.StudyItem;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.value.ObservableStringValue;

/** Says to the frame what goes on: each running study before its run, then the other runs. */
final class Jobs {
  private final ShellViewModel model;
  private final StudiesViewModel studies;
  private final RunControl control;
  private final Consumer<List<String>> openLive;
  private final Consumer<String> onProblem;
  private final ObservableStringValue obstacle;

  Jobs(
      ShellViewModel model,
      StudiesViewModel studies,
      RunControl control,
      Consumer<List<String>> openLive,
      Consumer<String> onProblem,
      ObservableStringValue obstacle) {
    this.model = model;
    this.studies = studies;
    this.control = control;
    this.openLive = openLive;
    this.onProblem = onProblem;
    this.obstacle = obstacle;
  }

  void show(Snapshot snapshot, List<StudyItem> items) {
    List<Job> jobs = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (StudyItem item : items.reversed()) {
      if (!item.progress().running()) {
        continue;
      }
      List<RunRow> runs =
          item.progress().runs().stream()
              .map(snapshot::run)
              .flatMap(Optional::stream)
              .filter(run -> run.state().isActive() && told.add(run.id()))
              .toList();
      jobs.add(study(item, runs));
      // A run that ends takes its study with it: the study has the button.
      runs.forEach(run -> jobs.add(run(run, "")));
    }
    snapshot.active().stream()
        .filter(run -> told.add(run.id()))
        .forEach(run -> jobs.add(run(run, Strings.text("jobs.stop"))));
    model.setJobs(jobs);
  }

  private Job study(StudyItem item, List<RunRow> runs) {
    double current = runs.isEmpty() ? 0 : Math.max(0, RunWords.fraction(runs.getFirst()));
    return new Job(
        item.progress().id(),
        Job.Kind.STUDY,
        Strings.text("jobs.study", item.progress().name()),
        Math.min(1, (item.finished() + current) / item.size()),
        Double.NaN,
        Strings.text("jobs.study.place", item.place(), item.size()),
        "",
        item.stopping() ? Strings.text("study.stopping") : Strings.text("study.stop"),
        item.canStop(),
        obstacle.get(),
        () -> openLive.accept(List.of()),
        () -> studies.stop(item));
  }

  private Job run(RunRow run, String stop) {
    return new Job(
        run.id(),
        Job.Kind.RUN,
        run.name(),
        RunWords.fraction(run),
        run.secondsLeft(),
        run.detail(),
        RunWords.device(run),
        stop,
        true,
        obstacle.get(),
        () -> openLive.accept(List.of(run.id())),
        () -> control.send(run, new Command.Stop(), onProblem));
  }
}
