package dev.plumbline.app.shell;

import dev.plumbline.app.alerts.AlertsView;
import dev.plumbline.app.alerts.AlertsViewModel;
import dev.plumbline.app.data.DataView;
import dev.plumbline.app.data.DataViewModel;
import dev.plumbline.app.diagnostics.Care;
import dev.plumbline.app.diagnostics.DiagnosticsView;
import dev.plumbline.app.diagnostics.DiagnosticsViewModel;
import dev.plumbline.app.evaluation.CalibrationPart;
import dev.plumbline.app.evaluation.CalibrationViewModel;
import dev.plumbline.app.evaluation.EvaluationView;
import dev.plumbline.app.evaluation.RobustnessPart;
import dev.plumbline.app.evaluation.RobustnessViewModel;
import dev.plumbline.app.evaluation.elo.EloPart;
import dev.plumbline.app.evaluation.elo.EloViewModel;
import dev.plumbline.app.evaluation.ood.OodPart;
import dev.plumbline.app.evaluation.ood.OodViewModel;
import dev.plumbline.app.evaluation.ood.PromptScorer;
import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.StoreControl;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.figures.FiguresView;
import dev.plumbline.app.figures.FiguresViewModel;
import dev.plumbline.app.help.HelpView;
import dev.plumbline.app.help.HelpViewModel;
import dev.plumbline.app.home.HomeView;
import dev.plumbline.app.home.HomeViewModel;
import dev.plumbline.app.home.News;
import dev.plumbline.app.labelling.LabellingView;
import dev.plumbline.app.labelling.LabellingViewModel;
import dev.plumbline.app.live.CompareViewModel;
import dev.plumbline.app.live.LiveView;
import dev.plumbline.app.live.LiveViewModel;
import dev.plumbline.app.newrun.NewRunView;
import dev.plumbline.app.newrun.NewRunViewModel;
import dev.plumbline.app.runs.RunForms;
import dev.plumbline.app.runs.RunsView;
import dev.plumbline.app.runs.RunsViewModel;
import dev.plumbline.app.samples.AnswersViewModel;
import dev.plumbline.app.samples.MedianViewModel;
import dev.plumbline.app.samples.ProcessAnswerer;
import dev.plumbline.app.samples.SamplesView;
import dev.plumbline.app.samples.SamplesViewModel;
import dev.plumbline.app.settings.SettingsView;
import dev.plumbline.app.settings.SettingsViewModel;
import dev.plumbline.app.study.QueueView;
import dev.plumbline.app.study.QueueViewModel;
import dev.plumbline.app.study.StudiesViewModel;
import dev.plumbline.app.study.StudyItem;
import dev.plumbline.app.study.StudyPage;
import dev.plumbline.app.study.StudyResultsView;
import dev.plumbline.app.study.StudyResultsViewModel;
import dev.plumbline.diagnosis.Doctor;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.RunCharts;
import dev.plumbline.sampledata.ReadyStudies;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.util.Subscription;
import org.kordamp.ikonli.feather.Feather;

/** The pages of one workspace in the frame, and everything that joins them to it. */
public final class Pages implements AutoCloseable {
  private final Workbench.Frame frame;
  private final List<String> actions;
  private final List<Runnable> closing;
  private final Runnable ending;
  private final Subscription subscriptions;
  private final AtomicBoolean shown;

  private Pages(
      Workbench.Frame frame,
      List<String> actions,
      List<Runnable> closing,
      Runnable ending,
      Subscription subscriptions,
      AtomicBoolean shown) {
    this.frame = frame;
    this.actions = actions;
    this.closing = closing;
    this.ending = ending;
    this.subscriptions = subscriptions;
    this.shown = shown;
  }

  /** Joins the window to workspaces on disk. */
  static Workspaces.Connection connect(Path workspace) {
    StoreFeed[] feed = new StoreFeed[1];
    StoreControl control = new StoreControl(workspace, new Runs(workspace), () -> feed[0].poke());
    feed[0] = new StoreFeed(workspace, control::studies);
    return new Workspaces.Connection(
        feed[0],
        control,
        () -> {
          control.close();
          feed[0].close();
        });
  }

  /** Fills a frame, whose page stays the one that it was. */
  public static Pages fill(Workbench.Frame frame, WorkspaceFeed feed, RunControl control) {
    Shell shell = frame.shell();
    PreferencesFile preferences = frame.preferences();
    Consumer<String> onProblem = problem -> shell.notices().show(Notices.Kind.PROBLEM, problem);
    Path folder = feed.directory();
    String name = String.valueOf(folder.getFileName());
    frame.model().setWorkspace(folder);
    Consumer<String> clipboard =
        text -> {
          frame.dialogs().copy(text);
          shell.notices().show(Notices.Kind.DONE, Strings.text("notice.copied"));
        };

    EditHistory.Part edits = frame.settings().history().part();
    LiveViewModel live = new LiveViewModel(feed, control, onProblem, edits);
    CompareViewModel comparison = new CompareViewModel(feed, onProblem);
    live.setAgainst(against(preferences.get().chartAxis()));
    // A look that goes on when the workspace is left still ends with a snapshot: what leads from
    // there to the frame is cut in close(), or it would change the frame of the next workspace.
    List<Subscription> subscriptions = new ArrayList<>();
    AtomicBoolean shown = new AtomicBoolean(true);
    Consumer<List<String>> openLive =
        runs -> {
          if (shown.get()) {
            live.select(runs);
            comparison.select(runs.size() < 2 ? List.of() : runs);
            shell.show(Page.LIVE);
          }
        };
    SimpleStringProperty obstacle = new SimpleStringProperty("");
    subscriptions.add(
        feed.access()
            .subscribe(
                access -> {
                  obstacle.set(access.obstacle());
                  frame.model().setBanner(banner(access));
                }));
    Runnable saved = () -> frame.model().setSaved(saved(feed));
    subscriptions.add(feed.access().subscribe(saved));
    subscriptions.add(feed.snapshot().subscribe(saved));
    saved.run();

    StudiesViewModel studies = new StudiesViewModel(feed, control, frame.dialogs(), onProblem);
    QueueViewModel queue = new QueueViewModel(feed, control, edits, onProblem);
    HomeViewModel home =
        new HomeViewModel(feed, control, onProblem, () -> openLive.accept(List.of()));
    RunsViewModel runs =
        new RunsViewModel(
            feed,
            control,
            onProblem,
            (done, undo) ->
                shell.notices().show(Notices.Kind.DONE, done, Strings.text("notice.undo"), undo),
            edits);
    RunsView.declare(frame.actions());
    LabellingView.declare(frame.actions());
    SamplesViewModel samples = new SamplesViewModel(feed);
    ExecutorService answering = FxBridge.pool("answering", 1);
    AnswersViewModel answers =
        new AnswersViewModel(samples::directory, ProcessAnswerer::new, answering, FxBridge::run);
    Runnable openForm =
        () -> {
          if (shown.get()) {
            shell.show(Page.NEW_RUN);
          }
        };
    NewRunViewModel form =
        new NewRunViewModel(
            feed,
            control,
            frame.dialogs(),
            clipboard,
            run -> openLive.accept(List.of(run)),
            study -> {
              if (shown.get()) {
                shell.show(Page.STUDIES);
              }
            },
            entry -> {
              queue.noteAdded(entry);
              queue.show(QueueViewModel.Part.QUEUE);
              if (shown.get()) {
                shell.show(Page.STUDIES);
              }
            },
            onProblem);
    FiguresViewModel figures =
        new FiguresViewModel(feed, frame.version(), venue(preferences.get().venue()));

    shell.register(
        Page.HOME,
        s ->
            new HomeView(
                home,
                studies,
                obstacle,
                run -> openLive.accept(List.of(run.id())),
                openForm,
                name,
                new HomeView.Ways(
                    shell::show,
                    () ->
                        frame.actions().all().stream()
                            .filter(action -> action.id().startsWith("workspace.recent."))
                            .toList(),
                    () -> preferences.change(p -> p.withNewsSeen(frame.version()))),
                news(frame)));
    subscriptions.add(frame.model().jobs().subscribe(home::setJobs));
    shell.register(
        Page.RUNS,
        s ->
            new RunsView(
                runs,
                obstacle,
                openLive,
                frame.dialogs(),
                clipboard,
                frame.actions(),
                new RunForms(
                    openForm,
                    run -> {
                      form.like(run);
                      openForm.run();
                    },
                    text -> {
                      form.open(text);
                      openForm.run();
                    })));
    shell.register(Page.NEW_RUN, s -> new NewRunView(form, obstacle));
    shell.register(
        Page.LIVE,
        s ->
            new LiveView(
                live,
                comparison,
                studies,
                obstacle,
                () -> shell.show(Page.HOME),
                s.theme(),
                (run, step) -> {
                  samples.showNear(run, step);
                  shell.show(Page.SAMPLES);
                },
                axis ->
                    preferences.change(
                        p -> p.withChartAxis(axis.name().toLowerCase(Locale.ROOT)))));
    shell.register(
        Page.SAMPLES,
        s ->
            new SamplesView(
                samples,
                answers,
                new MedianViewModel(feed),
                frame.dialogs(),
                s.notices(),
                () -> shell.show(Page.HOME)));
    CalibrationViewModel calibration = new CalibrationViewModel(feed, onProblem);
    RobustnessViewModel robustness = new RobustnessViewModel(feed);
    EloViewModel elo = new EloViewModel(feed);
    OodViewModel ood = new OodViewModel(feed, PromptScorer.processes());
    shell.register(
        Page.EVALUATION,
        s ->
            new EvaluationView(
                List.of(
                    new CalibrationPart(
                        calibration, () -> shell.show(Page.HOME), frame.dialogs(), s.notices()),
                    new RobustnessPart(
                        robustness,
                        () -> shell.show(Page.HOME),
                        (run, step) -> {
                          samples.showNear(run, step);
                          shell.show(Page.SAMPLES);
                        }),
                    new OodPart(ood, () -> shell.show(Page.HOME)),
                    new EloPart(elo, frame.dialogs(), folder, () -> shell.show(Page.HOME))),
                s.theme()));
    DataViewModel data =
        new DataViewModel(
            feed,
            control,
            frame.tasks(),
            () -> {
              if (shown.get()) {
                shell.show(Page.DATA);
              }
            },
            onProblem,
            (done, undo) ->
                shell.notices().show(Notices.Kind.DONE, done, Strings.text("notice.undo"), undo));
    shell.register(
        Page.DATA, s -> new DataView(data, obstacle, s.theme(), frame.dialogs(), clipboard));
    LabellingViewModel labels = new LabellingViewModel(feed, Clock.systemUTC(), onProblem);
    shell.register(
        Page.LABELS,
        s -> new LabellingView(labels, obstacle, frame.dialogs(), s.notices(), frame.actions()));
    StudyResultsViewModel results =
        new StudyResultsViewModel(feed, control, frame.version(), onProblem);
    shell.register(
        Page.STUDIES,
        s ->
            new StudyPage(
                queue,
                new StudyResultsView(
                    results,
                    ReadyStudies.list(),
                    obstacle,
                    s.theme(),
                    frame.dialogs(),
                    s.notices(),
                    clipboard,
                    () -> {
                      form.setStudy(true);
                      openForm.run();
                    },
                    study -> queue.add(new RunControl.Queued.OldStudy(study))),
                new QueueView(
                    queue,
                    ReadyStudies.list(),
                    obstacle,
                    Clock.system(ZoneId.systemDefault()),
                    entry -> {
                      if (entry.kind() == QueueEntry.Kind.RUN) {
                        openLive.accept(List.of(entry.target()));
                      } else {
                        results.choose(entry.target());
                        queue.show(QueueViewModel.Part.RESULTS);
                      }
                    })));
    shell.register(
        Page.FIGURES,
        s ->
            new FiguresView(
                figures,
                frame.dialogs(),
                s.notices(),
                venue ->
                    preferences.change(p -> p.withVenue(venue.name().toLowerCase(Locale.ROOT)))));
    DiagnosticsViewModel diagnostics =
        new DiagnosticsViewModel(
            Care.of(
                new Doctor(frame.version(), folder, WorkerLauncher.standard(), Clock.systemUTC())),
            frame.tasks(),
            frame.dialogs(),
            text -> clipboard.accept(text + StallWords.report(frame.model().stalls().get())),
            () -> {
              if (shown.get()) {
                shell.show(Page.DIAGNOSTICS);
              }
            });
    shell.register(Page.DIAGNOSTICS, s -> new DiagnosticsView(diagnostics, frame.model().stalls()));
    AlertsViewModel alerts =
        new AlertsViewModel(
            feed,
            edits,
            hit ->
                shell
                    .notices()
                    .show(
                        hit.severity() == AlertRule.Severity.INFO
                            ? Notices.Kind.INFO
                            : Notices.Kind.PROBLEM,
                        hit.message(),
                        Strings.text("alerts.open"),
                        () -> openLive.accept(List.of(hit.runId()))),
            onProblem);
    subscriptions.add(alerts.sheet().subscribe(sheet -> frame.model().setAlerts(sheet.unseen())));
    Set<String> before = ids(frame.actions());
    frame
        .actions()
        .add(
            Action.of(
                "alerts",
                Strings.text("action.alerts"),
                Feather.BELL,
                null,
                () -> {
                  AlertsView view =
                      new AlertsView(
                          alerts,
                          obstacle,
                          ZoneId.systemDefault(),
                          hit -> {
                            shell.overlay().close();
                            alerts.acknowledge(List.of(hit));
                            openLive.accept(List.of(hit.runId()));
                          });
                  shell
                      .overlay()
                      .open(
                          "alerts-panel",
                          Strings.text("alerts.title"),
                          view.node(),
                          760,
                          view.first());
                }));
    addActions(frame, home, live, studies, obstacle);
    frame
        .actions()
        .add(
            Action.of(
                "diagnostics.test",
                Strings.text("action.diagnostics"),
                Feather.CHECK_SQUARE,
                null,
                () -> {
                  shell.show(Page.DIAGNOSTICS);
                  diagnostics.test();
                }));
    List<String> added = ids(frame.actions()).stream().filter(id -> !before.contains(id)).toList();
    HelpViewModel help = new HelpViewModel(frame.actions());
    shell.register(Page.HELP, s -> new HelpView(help, frame.version(), clipboard));
    shell.explainWith(
        help::knows,
        asked -> {
          help.ask(asked);
          shell.show(Page.HELP);
        });
    help.load();
    SettingsViewModel settings = new SettingsViewModel(frame.settings(), frame.actions());
    shell.register(Page.SETTINGS, s -> settings(frame, settings, folder, clipboard));
    Jobs jobs = new Jobs(frame.model(), studies, control, openLive, onProblem, obstacle);
    subscriptions.add(studies.items().subscribe(items -> jobs.show(feed.snapshot().get(), items)));
    subscriptions.add(
        obstacle.subscribe(ignored -> jobs.show(feed.snapshot().get(), studies.items().get())));
    subscriptions.add(
        feed.snapshot().subscribe(snapshot -> jobs.show(snapshot, studies.items().get())));
    subscriptions.add(feed.snapshot().subscribe(new Watcher(frame)));
    shell.show(frame.model().page().get());
    Subscription all = () -> subscriptions.forEach(Subscription::unsubscribe);
    return new Pages(
        frame,
        added,
        List.of(
            data::close,
            figures::close,
            results::close,
            form::close,
            calibration::close,
            ood::close,
            elo::close,
            answers::close,
            answering::shutdown,
            labels::close,
            edits::close,
            settings::close,
            help::close),
        labels::awaitEnd,
        all,
        shown);
  }

  private static Set<String> ids(Actions actions) {
    return actions.all().stream().map(Action::id).collect(Collectors.toSet());
  }

  private static String saved(WorkspaceFeed feed) {
    int problems = feed.snapshot().get().problems().size();
    return switch (feed.access().get().kind()) {
      case OPENING -> Strings.text("status.opening");
      case FAILED -> "";
      case READING -> Strings.text("status.reading");
      case WRITING ->
          problems == 0 ? Strings.text("status.saved") : Strings.text("status.problems", problems);
    };
  }

  private static Optional<Banner> banner(Access access) {
    return switch (access.kind()) {
      case OPENING, WRITING -> Optional.empty();
      case READING -> Optional.of(new Banner(false, access.meaning(), ""));
      case FAILED -> Optional.of(new Banner(true, access.meaning(), "workspace.open"));
    };
  }

  /** Takes the pages out of the frame, so that nothing holds them or their workspace. */
  @Override
  public void close() {
    shown.set(false);
    subscriptions.unsubscribe();
    frame.shell().clear();
    actions.forEach(frame.actions()::remove);
    frame.model().setJobs(List.of());
    frame.model().setAlerts(0);
    frame.shell().overlay().close();
    frame.model().setBanner(Optional.empty());
    closing.forEach(Runnable::run);
  }

  /**
   * Ends what the pages hold open and waits for it, two seconds at most; for the end of the
   * program, when the frame goes as it is. Off the JavaFX thread.
   */
  void end() {
    closing.forEach(Runnable::run);
    ending.run();
  }

  /** What is new since another version was here; nothing at the first start of all. */
  private static Optional<News> news(Workbench.Frame frame) {
    Preferences known = frame.preferences().get();
    if (known.writtenBy() == null || frame.version().equals(known.newsSeen())) {
      return Optional.empty();
    }
    return News.of(frame.version());
  }

  private static SettingsView settings(
      Workbench.Frame frame, SettingsViewModel model, Path folder, Consumer<String> clipboard) {
    AppHome home = AppHome.locate();
    Map<String, Path> places = new LinkedHashMap<>();
    places.put(Strings.text("settings.workspace"), folder);
    places.put(Strings.text("settings.preferences"), home.config());
    places.put(Strings.text("settings.logs"), home.logs());
    return new SettingsView(
        model,
        places,
        clipboard,
        frame.actions().get("workspace.open"),
        frame.actions().get("go.diagnostics"));
  }

  private static void addActions(
      Workbench.Frame frame,
      HomeViewModel home,
      LiveViewModel live,
      StudiesViewModel studies,
      ObservableStringValue obstacle) {
    Actions actions = frame.actions();
    actions.add(
        Action.of("sample.start", Strings.text("home.start"), Feather.PLAY, null, home::startSample)
            .when(Bindings.not(home.busy()))
            .unless(obstacle));
    study(
        actions,
        studies,
        obstacle,
        "study.stop",
        Strings.text("action.study.stop"),
        Feather.SQUARE,
        StudyItem::canStop,
        studies::stop);
    study(
        actions,
        studies,
        obstacle,
        "study.continue",
        Strings.text("action.study.continue"),
        Feather.PLAY,
        StudyItem::canContinue,
        studies::resume);
    command(
        actions,
        live,
        obstacle,
        "live.pause",
        Strings.text("action.pause"),
        Feather.PAUSE,
        "Ctrl+P",
        new Command.Pause(),
        RunState.RUNNING);
    command(
        actions,
        live,
        obstacle,
        "live.resume",
        Strings.text("action.resume"),
        Feather.PLAY,
        "Ctrl+Shift+P",
        new Command.Resume(),
        RunState.PAUSED);
    command(
        actions,
        live,
        obstacle,
        "live.step",
        Strings.text("action.step"),
        Feather.SKIP_FORWARD,
        null,
        new Command.StepOnce(),
        RunState.PAUSED);
    command(
        actions,
        live,
        obstacle,
        "live.checkpoint",
        Strings.text("action.checkpoint"),
        Feather.SAVE,
        "Ctrl+S",
        new Command.Checkpoint(),
        RunState.RUNNING);
    command(
        actions,
        live,
        obstacle,
        "live.stop",
        Strings.text("action.stop"),
        Feather.SQUARE,
        null,
        new Command.Stop(),
        RunState.RUNNING);
  }

  /** An action on the newest study. */
  private static void study(
      Actions actions,
      StudiesViewModel studies,
      ObservableStringValue obstacle,
      String id,
      String text,
      Feather icon,
      Predicate<StudyItem> possible,
      Consumer<StudyItem> task) {
    actions.add(
        Action.of(id, text, icon, null, () -> studies.newest().ifPresent(task))
            .when(
                Bindings.createBooleanBinding(
                    () -> studies.newest().filter(possible).isPresent(), studies.items()))
            .unless(obstacle));
  }

  private static void command(
      Actions actions,
      LiveViewModel live,
      ObservableStringValue obstacle,
      String id,
      String text,
      Feather icon,
      @org.jspecify.annotations.Nullable String key,
      Command command,
      RunState needed) {
    actions.add(
        Action.of(id, text, icon, key, () -> live.send(command))
            .when(
                Bindings.createBooleanBinding(
                    () ->
                        live.state()
                            .get()
                            .focus()
                            .map(
                                run ->
                                    run.state() == needed
                                        || (needed == RunState.RUNNING
                                            && run.state() == RunState.PAUSED
                                            && !(command instanceof Command.Pause)))
                            .orElse(false),
                    live.state()))
            .unless(obstacle));
  }

  private static RunCharts.Against against(@org.jspecify.annotations.Nullable String name) {
    for (RunCharts.Against each : RunCharts.Against.values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    return RunCharts.Against.STEP;
  }

  private static FigureSize.Venue venue(@org.jspecify.annotations.Nullable String name) {
    for (FigureSize.Venue each : FigureSize.Venue.values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    return FigureSize.Venue.ICML_COLUMN;
  }

  /** Keeps the frame's status and says when a run ends. */
  private static final class Watcher implements Consumer<Snapshot> {
    private final Workbench.Frame frame;
    private final Map<String, RunState> states = new HashMap<>();

    Watcher(Workbench.Frame frame) {
      this.frame = frame;
    }

    @Override
    public void accept(Snapshot snapshot) {
      for (RunRow run : snapshot.runs()) {
        RunState before = states.put(run.id(), run.state());
        if (before != null && before.isActive() && !run.state().isActive()) {
          say(run);
        }
      }
    }

    private void say(RunRow run) {
      Notices notices = frame.shell().notices();
      String text = Strings.text("notice.ended", run.name(), RunWords.state(run.state()));
      switch (run.state()) {
        case FINISHED -> notices.show(Notices.Kind.DONE, text);
        case FAILED, LOST ->
            notices.show(
                Notices.Kind.PROBLEM, run.detail().isEmpty() ? text : text + ": " + run.detail());
        default -> notices.show(Notices.Kind.INFO, text);
      }
    }
  }
}
