package dev.plumbline.app.home;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.Job;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.sampledata.SampleWorkspace;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The first page: the sample study's button and how far the study is. */
public final class HomeViewModel {
  /**
   * A stage of a study.
   *
   * @param title what is trained
   * @param state its state in words
   * @param pill style of the state
   * @param fraction done, 0 to 1; negative while unknown
   * @param note progress, time left, or the result
   */
  public record Stage(String title, String state, String pill, double fraction, String note) {}

  /** How far a step of the first run is. */
  public enum Step {
    WAITS,
    RUNS,
    DONE
  }

  /**
   * The steps of the first run.
   *
   * @param preference the preference model
   * @param policy the policy
   * @param reading the answers and the figure, which are there as soon as a policy has trained
   */
  public record Guide(Step preference, Step policy, Step reading) {
    static final Guide NEW = new Guide(Step.WAITS, Step.WAITS, Step.WAITS);

    /** Whether there is nothing left to be guided to. */
    public boolean done() {
      return reading == Step.DONE;
    }
  }

  private final RunControl control;
  private final Consumer<String> onProblem;
  private final Runnable onPolicy;
  private final ReadOnlyObjectWrapper<List<Stage>> stages = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<RunRow>> recent = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Guide> guide = new ReadOnlyObjectWrapper<>(Guide.NEW);
  private final ReadOnlyObjectWrapper<List<Job>> jobs = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
  private final ReadOnlyBooleanWrapper interrupted = new ReadOnlyBooleanWrapper();
  private final Set<String> known = new HashSet<>();
  private boolean asked;
  private boolean follows;

  /**
   * @param onPolicy called once when a policy that was started here begins to train
   */
  public HomeViewModel(
      WorkspaceFeed feed, RunControl control, Consumer<String> onProblem, Runnable onPolicy) {
    this.control = control;
    this.onProblem = onProblem;
    this.onPolicy = onPolicy;
    feed.snapshot().subscribe(this::changed);
  }

  /** The stages of the newest study; empty before there is one. */
  public ReadOnlyObjectProperty<List<Stage>> stages() {
    return stages.getReadOnlyProperty();
  }

  /** The newest runs. */
  public ReadOnlyObjectProperty<List<RunRow>> recent() {
    return recent.getReadOnlyProperty();
  }

  /** How far the first run is. */
  public ReadOnlyObjectProperty<Guide> guide() {
    return guide.getReadOnlyProperty();
  }

  /** What goes on, runs and work of the workbench. */
  public ReadOnlyObjectProperty<List<Job>> jobs() {
    return jobs.getReadOnlyProperty();
  }

  /** Sets what goes on. */
  public void setJobs(List<Job> now) {
    jobs.set(List.copyOf(now));
  }

  /** Whether the study is on its way. */
  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** Whether the sample study was interrupted, so that the button takes it up again. */
  public ReadOnlyBooleanProperty interrupted() {
    return interrupted.getReadOnlyProperty();
  }

  /** Runs the sample study, or goes on with it. */
  public void startSample() {
    asked = true;
    follows = true;
    busy.set(true);
    control.startSampleStudy(
        problem -> {
          asked = false;
          follows = false;
          busy.set(false);
          onProblem.accept(problem);
        });
  }

  private void changed(Snapshot snapshot) {
    Optional<StudyProgress> study = snapshot.study();
    boolean running = study.map(StudyProgress::running).orElse(false);
    interrupted.set(
        study
            .filter(
                last ->
                    last.name().equals(SampleWorkspace.STUDY_NAME)
                        && last.state().isResumable()
                        && last.state() != RunState.FAILED)
            .isPresent());
    if (running) {
      asked = false;
    }
    busy.set(running || asked);
    stages.set(study.map(progress -> stages(snapshot, progress)).orElse(List.of()));
    guide.set(
        new Guide(
            step(snapshot, "preference"),
            step(snapshot, "rlhf"),
            snapshot.runs().stream()
                    .anyMatch(run -> run.stage().equals("rlhf") && run.state() == RunState.FINISHED)
                ? Step.DONE
                : Step.WAITS));
    List<RunRow> newest = snapshot.runs().subList(0, Math.min(6, snapshot.runs().size()));
    recent.set(newest);
    for (RunRow run : snapshot.runs()) {
      boolean trains =
          run.stage().equals("rlhf")
              && (run.state() == RunState.RUNNING || run.state() == RunState.STARTING);
      if (trains && known.add(run.id()) && follows) {
        follows = false;
        onPolicy.run();
      }
    }
  }

  private static Step step(Snapshot snapshot, String stage) {
    List<RunRow> runs = snapshot.runs().stream().filter(run -> run.stage().equals(stage)).toList();
    if (runs.stream().anyMatch(run -> run.state() == RunState.FINISHED)) {
      return Step.DONE;
    }
    return runs.stream().anyMatch(run -> run.state().isActive()) ? Step.RUNS : Step.WAITS;
  }

  private static List<Stage> stages(Snapshot snapshot, StudyProgress study) {
    List<Stage> stages = new ArrayList<>();
    for (String id : study.runs()) {
      Optional<RunRow> run = snapshot.run(id);
      if (run.isEmpty()) {
        stages.add(new Stage(id, Strings.text("home.waits"), "pill-quiet", 0, ""));
        continue;
      }
      RunRow row = run.get();
      stages.add(
          new Stage(
              title(row.name(), row.stage()),
              RunWords.state(row.state()),
              RunWords.pill(row.state()),
              row.state() == RunState.FINISHED ? 1 : RunWords.fraction(row),
              note(row)));
    }
    return stages;
  }

  private static String title(String name, String stage) {
    return switch (stage) {
      case "preference" -> Strings.text("home.stage.preference", name);
      case "rlhf" -> Strings.text("home.stage.rlhf", name);
      case "pretraining" -> Strings.text("home.stage.pretraining", name);
      case "context_distillation" -> Strings.text("home.stage.context_distillation", name);
      default -> name;
    };
  }

  private static String note(RunRow run) {
    if (run.state() == RunState.FINISHED) {
      return switch (run.stage()) {
        case "preference" -> Strings.text("home.result.preference", RunWords.accuracy(run));
        case "rlhf" ->
            Strings.text(
                "home.result.rlhf",
                Numbers.fixed(RunWords.last(run, Metrics.PM_SCORE), 2),
                Numbers.fixed(RunWords.last(run, Metrics.SQRT_KL), 2));
        default -> Numbers.duration(run.activeSeconds());
      };
    }
    if (run.state() == RunState.STOPPED || run.state() == RunState.PAUSED) {
      return Strings.text("home.at", RunWords.progress(run));
    }
    if (run.state() == RunState.FAILED || run.state() == RunState.LOST) {
      return run.detail();
    }
    return Double.isFinite(run.secondsLeft())
        ? Strings.text("home.progress", RunWords.progress(run), Numbers.duration(run.secondsLeft()))
        : run.detail();
  }
}
