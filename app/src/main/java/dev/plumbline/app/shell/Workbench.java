package dev.plumbline.app.shell;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import javafx.application.Application;
import javafx.beans.binding.Bindings;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The desktop program: one window on one workspace at a time. */
public final class Workbench extends Application {
  private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);

  private static WorkbenchOptions options = WorkbenchOptions.remembered();
  private static Consumer<Long> onReady = millis -> {};

  private static final UncaughtErrors ERRORS = new UncaughtErrors(Clock.systemUTC());

  private @Nullable Watchdog watchdog;
  private @Nullable PreferencesFile preferences;
  private @Nullable Workspaces workspaces;
  private @Nullable Tasks tasks;

  /**
   * What pages are built from.
   *
   * @param shell the frame itself
   * @param model what the frame shows
   * @param actions all actions
   * @param preferences what is remembered
   * @param settings what is set, and the history of all edits
   * @param dialogs dialogs
   * @param tasks long work of the workbench itself
   * @param version version of the program
   */
  public record Frame(
      Shell shell,
      ShellViewModel model,
      Actions actions,
      PreferencesFile preferences,
      SettingsModel settings,
      DialogService dialogs,
      Tasks tasks,
      String version) {}

  /** Opens the window and returns when it is closed. */
  public static void launch(WorkbenchOptions start) {
    // Errors first: whatever fails from here on is seen, the toolkit's own start too.
    Thread.setDefaultUncaughtExceptionHandler(ERRORS);
    options = start;
    Application.launch(Workbench.class);
  }

  /**
   * Who is told when the window can be worked with: it is open and its runs have been read.
   *
   * @param listener takes the milliseconds since the process began, on the JavaFX thread
   */
  public static void onReady(Consumer<Long> listener) {
    onReady = listener;
  }

  @Override
  public void start(Stage stage) {
    Thread.currentThread().setUncaughtExceptionHandler(ERRORS);
    AppHome home = AppHome.locate();
    Path log = LogFile.open(home.logs());
    String version = options.version() == null ? "?" : options.version();
    LOG.info("Plumbline {} starts: {}", version, AppHome.environment());
    PreferencesFile file = new PreferencesFile(home.config(), version);
    preferences = file;
    Preferences remembered = file.get();
    Theme.loadFonts();

    ShellViewModel model = new ShellViewModel();
    Actions actions = new Actions();
    SettingsModel settings = new SettingsModel(file, new EditHistory());
    settings.settings().subscribe(now -> AppHome.computeOn(now.deviceOrAuto()));
    if (options.theme() != null) {
      ThemeChoice asked = ThemeChoice.of(options.theme());
      settings.override(now -> now.withTheme(asked));
    }
    FxDialogs dialogs = new FxDialogs(stage, log, () -> settings.settings().get().scale() / 100.0);
    Shell shell = new Shell(model, actions, settings, dialogs);
    shell.onRetry(ERRORS::forget);
    Scene scene = new Scene(shell, remembered.width(), remembered.height());
    shell.attach(scene);
    stage.setScene(scene);
    stage
        .titleProperty()
        .bind(
            Bindings.createStringBinding(
                () -> Strings.text("app.title", model.workspace().get()), model.workspace()));
    stage.setMinWidth(900);
    stage.setMinHeight(620);
    stage.setMaximized(remembered.maximised());
    ERRORS.onReport(report -> FxBridge.run(() -> tell(shell, dialogs, report)));
    Tasks work = new Tasks(model);
    tasks = work;
    workspaces =
        new Workspaces(
            new Frame(shell, model, actions, file, settings, dialogs, work, version),
            Pages::connect);
    workspaces.start(workspace(home, remembered));
    stage.setOnHiding(
        event ->
            file.change(
                p -> p.withWindow(scene.getWidth(), scene.getHeight(), stage.isMaximized())));
    stage.show();
    Watchdog dog = new Watchdog(stall -> FxBridge.run(() -> model.addStall(stall)));
    watchdog = dog;
    dog.start();
    LOG.info("The window is open after {} ms", ManagementFactory.getRuntimeMXBean().getUptime());
    Consumer<Long> listener = onReady;
    // Asked behind the first look at the workspace, and told behind what its answer changes.
    workspaces
        .current()
        .feed()
        .read(
            reader -> true,
            read ->
                FxBridge.later(
                    () -> {
                      long millis = ManagementFactory.getRuntimeMXBean().getUptime();
                      LOG.info("Ready for work after {} ms", millis);
                      listener.accept(millis);
                    }));
  }

  /** An error that nobody caught: on the page that it broke, or as a notice. */
  private static void tell(Shell shell, DialogService dialogs, UncaughtErrors.Report report) {
    if (!shell.broke(report)) {
      shell
          .notices()
          .show(
              Notices.Kind.PROBLEM,
              Strings.text("error.notice", report.message()),
              Strings.text("error.show"),
              () -> dialogs.error(report));
    }
  }

  private static Path workspace(AppHome home, Preferences remembered) {
    Path asked = options.workspace();
    if (asked != null) {
      return asked;
    }
    return remembered.workspace() == null
        ? home.defaultWorkspace()
        : Path.of(remembered.workspace());
  }

  @Override
  public void stop() throws Exception {
    if (watchdog != null) {
      watchdog.close();
    }
    if (tasks != null) {
      tasks.close();
    }
    if (workspaces != null) {
      workspaces.close();
    }
    if (preferences != null) {
      preferences.close();
    }
    LOG.info("Plumbline ends");
  }
}
