package dev.plumbline.app.testing;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.shell.Job;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.PreferencesFile;
import dev.plumbline.app.shell.SettingsModel;
import dev.plumbline.app.shell.Shell;
import dev.plumbline.app.shell.ShellViewModel;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.ThemeChoice;
import dev.plumbline.app.shell.UncaughtErrors;
import dev.plumbline.app.shell.Workbench;
import dev.plumbline.app.shell.Workspaces;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.BranchSpec;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.WorkQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The whole workbench over a workspace in a folder, with everything outside it played by the test.
 */
public final class Bench implements AutoCloseable {
  /** Commands that were sent, in order. */
  public final List<Command> sent = new ArrayList<>();

  /** Specs that were started, as text. */
  public final List<String> started = new ArrayList<>();

  /** What was put on the clipboard. */
  public final List<String> copied = new ArrayList<>();

  /** Problems that the feed told. */
  public final List<String> problems = new ArrayList<>();

  /** What the studies say that they are at, the newest last. */
  public final AtomicReference<List<StudyProgress>> studies = new AtomicReference<>(List.of());

  /** Runs on the reading thread of a workspace in each look, for instance to hold it up. */
  public final AtomicReference<Consumer<Path>> beforeStudies = new AtomicReference<>(place -> {});

  /** The workspaces that were connected, in order; used on the JavaFX thread. */
  public final List<Path> connected = new ArrayList<>();

  /** Ids of studies that were asked to stop, and to go on. */
  public final List<String> stopped = new ArrayList<>();

  public final List<String> continued = new ArrayList<>();

  /** Ready studies that were asked for, in order. */
  public final List<String> readyStarted = new ArrayList<>();

  public final List<RunControl.Queued> queued = new ArrayList<>();

  /** Questions that were asked, and the answer to the next ones. */
  public final List<String> questions = new ArrayList<>();

  public final AtomicBoolean yes = new AtomicBoolean(true);

  /** Where the next file is to be saved. */
  public final AtomicReference<@Nullable Path> saveTo = new AtomicReference<>();

  public final Shell shell;
  public final Scene scene;
  public final Actions actions = new Actions();
  public final Workspaces workspaces;

  /** The file that the next chooser gives. */
  public final AtomicReference<@Nullable Path> openFile = new AtomicReference<>();

  /** Directories that the next chooser gives. */
  public final AtomicReference<@Nullable Path> directory = new AtomicReference<>();

  public final ShellViewModel model = new ShellViewModel();
  private final Tasks tasks = new Tasks(model);
  public final PreferencesFile preferences;
  public final SettingsModel settings;
  private @Nullable Stage stage;
  private int studiesStarted;

  public Bench(Path workspace, Path home, Theme theme, double width, double height) {
    this(workspace, home, theme, width, height, 100);
  }

  /**
   * @param scale size of everything in percent
   */
  public Bench(Path workspace, Path home, Theme theme, double width, double height, int scale) {
    Fx.start();
    preferences = new PreferencesFile(home, "test");
    settings = new SettingsModel(preferences, new EditHistory());
    Shell[] made = new Shell[1];
    Workspaces[] opened = new Workspaces[1];
    scene =
        Fx.call(
            () -> {
              Theme.loadFonts();
              Dialogs dialogs = new Dialogs();
              settings.override(
                  now -> now.withTheme(ThemeChoice.valueOf(theme.name())).withScale(scale));
              Shell[] self = {new Shell(model, actions, settings, dialogs)};
              made[0] = self[0];
              Scene s = new Scene(self[0], width, height);
              self[0].attach(s);
              opened[0] =
                  new Workspaces(
                      new Workbench.Frame(
                          self[0], model, actions, preferences, settings, dialogs, tasks, "test"),
                      place -> {
                        connected.add(place);
                        StoreFeed feed =
                            new StoreFeed(
                                place,
                                () -> {
                                  Objects.requireNonNull(beforeStudies.get()).accept(place);
                                  return studies.get();
                                });
                        return new Workspaces.Connection(feed, new Control(), feed::close);
                      });
              opened[0].start(workspace);
              return s;
            });
    shell = made[0];
    workspaces = opened[0];
  }

  /** Puts the workbench into a window, so that a robot can press its keys and buttons. */
  public Stage window() {
    return Fx.call(
        () -> {
          Stage made = new Stage();
          made.setScene(scene);
          made.setX(0);
          made.setY(0);
          made.show();
          made.requestFocus();
          stage = made;
          return made;
        });
  }

  /** What brings the workspace that is shown now. */
  public StoreFeed feed() {
    return (StoreFeed) Fx.call(() -> workspaces.current().feed());
  }

  public int studiesStarted() {
    return studiesStarted;
  }

  public void show(Page page) {
    Fx.run(() -> shell.show(page));
  }

  /** Waits until all runs are read. */
  public void awaitRuns(int count) {
    feed().poke();
    Fx.await(
        count + " runs", () -> workspaces.current().feed().snapshot().get().runs().size() == count);
  }

  /** Waits until everything asked for is on the screen and no chart is being drawn. */
  public void settle() {
    for (int i = 0; i < 3; i++) {
      java.util.concurrent.CountDownLatch read = new java.util.concurrent.CountDownLatch(1);
      Fx.run(() -> workspaces.current().feed().read(reader -> true, done -> read.countDown()));
      java.util.concurrent.CountDownLatch asked = new java.util.concurrent.CountDownLatch(2);
      // questions that wait behind one another are two deep at most
      Runnable ask =
          () ->
              workspaces
                  .current()
                  .feed()
                  .ask(table -> true, done -> asked.countDown(), line -> asked.countDown());
      Fx.run(ask);
      Fx.run(ask);
      try {
        if (!asked.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
          throw new AssertionError("the table does not answer");
        }
        if (!read.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
          throw new AssertionError("the workspace does not answer");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      Fx.await(
          "charts are drawn and no task goes on",
          () -> {
            if (model.jobs().get().stream().anyMatch(job -> job.kind() == Job.Kind.TASK)) {
              return false;
            }
            scene.getRoot().applyCss();
            scene.getRoot().layout();
            return all(scene.getRoot()).stream()
                .filter(FigureView.class::isInstance)
                .map(FigureView.class::cast)
                .allMatch(view -> view.settled().get());
          });
    }
  }

  /** A node by its selector. */
  public <T extends Node> T find(String selector, Class<T> type) {
    return Fx.call(
        () -> {
          scene.getRoot().applyCss();
          scene.getRoot().layout();
          return type.cast(scene.getRoot().lookup(selector));
        });
  }

  /** All nodes below a node. */
  public static List<Node> all(Parent root) {
    List<Node> found = new ArrayList<>();
    for (Node child : root.getChildrenUnmodifiable()) {
      if (child.isVisible()) {
        found.add(child);
        if (child instanceof Parent parent) {
          found.addAll(all(parent));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    Stage open = stage;
    if (open != null) {
      Fx.run(open::close);
    }
    workspaces.close();
    preferences.close();
    tasks.close();
  }

  private final class Control implements RunControl {
    @Override
    public void send(RunRow run, Command command, Consumer<String> onProblem) {
      sent.add(command);
    }

    @Override
    public void resume(RunRow run, Consumer<String> onProblem) {
      sent.add(new Command.Resume());
    }

    @Override
    public void stop(StudyProgress study, Consumer<String> onProblem) {
      stopped.add(study.id());
    }

    @Override
    public void resume(StudyProgress study, Consumer<String> onProblem) {
      continued.add(study.id());
    }

    @Override
    public void startSampleStudy(Consumer<String> onProblem) {
      studiesStarted++;
    }

    @Override
    public void startReadyStudy(String name, Consumer<String> onProblem) {
      readyStarted.add(name);
    }

    @Override
    public void branch(RunRow run, long step, Consumer<String> sink, Consumer<String> onProblem) {
      try {
        sink.accept(BranchSpec.text(new RunDirectory(run.directory()), step));
      } catch (UserError e) {
        onProblem.accept(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void check(String spec, Consumer<String> problem) {
      try {
        problem.accept(ExperimentSpec.parse(Path.of("branch.yaml"), spec).name().substring(0, 0));
      } catch (UserError e) {
        problem.accept(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void start(String spec, Consumer<String> onStarted, Consumer<String> onProblem) {
      started.add(spec);
      onStarted.accept("started");
    }

    @Override
    public void startStudy(String study, Consumer<String> onStarted, Consumer<String> onProblem) {
      started.add(study);
      onStarted.accept("study");
    }

    @Override
    public void copy(RunRow run, Consumer<String> sink, Consumer<String> onProblem) {
      sink.accept(BranchSpec.copy(new RunDirectory(run.directory())));
    }

    @Override
    public String commandLine(RunRow run) {
      return "plumbline run " + run.id();
    }

    @Override
    public <T> void queue(
        Function<WorkQueue, T> change, Consumer<T> sink, Consumer<String> onProblem) {
      T done;
      try (WorkQueue queue = WorkQueue.open(feed().directory())) {
        done = change.apply(queue);
      } catch (UserError e) {
        onProblem.accept(String.valueOf(e.getMessage()));
        return;
      }
      sink.accept(done);
      feed().poke();
    }

    @Override
    public void enqueue(Queued what, Consumer<Long> onQueued, Consumer<String> onProblem) {
      queued.add(what);
      onQueued.accept((long) queued.size());
    }
  }

  private final class Dialogs implements DialogService {
    @Override
    public Optional<Path> askSaveFile(
        String title, String suggestedName, String kind, String extension) {
      return Optional.ofNullable(saveTo.get());
    }

    @Override
    public Optional<Path> askOpenFile(
        String title, Path from, String kind, List<String> extensions) {
      return Optional.ofNullable(openFile.get());
    }

    @Override
    public Optional<Path> askDirectory(String title, Path from) {
      return Optional.ofNullable(directory.get());
    }

    @Override
    public Optional<Path> askNewDirectory(String title, Path from, String suggestedName) {
      return Optional.ofNullable(directory.get());
    }

    @Override
    public boolean confirm(String title, String text, String act) {
      questions.add(title + "\n" + text);
      return yes.get();
    }

    @Override
    public void error(UncaughtErrors.Report report) {
      problems.add(report.message());
    }

    @Override
    public void copy(String text) {
      copied.add(text);
    }
  }
}
