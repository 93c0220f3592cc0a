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

  private final UncaughtErrors errors = new UncaughtErrors(Clock.systemUTC());
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
   * @param dialogs dialogs
   * @param tasks long work of the workbench itself
   * @param version version of the program
   */
  public record Frame(
      Shell shell,
      ShellViewModel model,
      Actions actions,
      PreferencesFile preferences,
      DialogService dialogs,
      Tasks tasks,
      String version) {}

  /** Opens the window and returns when it is closed. */
  public static void launch(WorkbenchOptions start) {
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
  public void init() {
    // Errors first: whatever fails from here on is seen.
    Thread.setDefaultUncaughtExceptionHandler(errors);
  }

  @Override
  public void start(Stage stage) {
    Thread.currentThread().setUncaughtExceptionHandler(errors);
    AppHome home = AppHome.locate();
    Path log = LogFile.open(home.logs());
    String version = options.version() == null ? "?" : options.version();
    LOG.info("Plumbline {} starts: {}", version, AppHome.environment());
    PreferencesFile file = new PreferencesFile(home.config(), version);
    preferences = file;
    Preferences remembered = file.get();
    AppHome.computeOn(remembered.deviceOrAuto());
    Theme theme = options.theme() == null ? remembered.themeOrDefault() : options.theme();
    Theme.loadFonts();

    ShellViewModel model = new ShellViewModel();
    Actions actions = new Actions();
    Shell[] self = new Shell[1];
    Shell shell =
        new Shell(
            model,
            actions,
            theme,
            () -> {
              Theme next = self[0].theme().other();
              self[0].themed(next);
              file.change(p -> p.withTheme(next));
            });
    self[0] = shell;
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
    FxDialogs dialogs = new FxDialogs(stage, log);
    errors.onReport(
        report ->
            FxBridge.run(
                () ->
                    shell
                        .notices()
                        .show(
                            Notices.Kind.PROBLEM,
                            Strings.text("error.notice", report.message()),
                            Strings.text("error.show"),
                            () -> dialogs.error(report))));
    Tasks work = new Tasks(model);
    tasks = work;
    workspaces =
        new Workspaces(
            new Frame(shell, model, actions, file, dialogs, work, version), Pages::connect);
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
