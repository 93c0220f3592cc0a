package dev.plumbline.app.diagnostics;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.device.CudaRuntimeInstaller;
import dev.plumbline.diagnosis.DiagnosisReport;
import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Findings about this machine, and what is done about them. Used on the JavaFX thread. */
public final class DiagnosticsViewModel {
  private static final String LOOK = "diagnostics-look";
  private static final String TEST = "diagnostics-test";
  private static final String INSTALL = "gpu-install";

  private record Look(DiagnosisReport report, boolean canInstall) {}

  private final Care care;
  private final Tasks tasks;
  private final DialogService dialogs;
  private final Consumer<String> onCopy;
  private final Runnable open;
  private final ReadOnlyObjectWrapper<DiagnosticsState> state =
      new ReadOnlyObjectWrapper<>(DiagnosticsState.NONE);

  /**
   * @param onCopy takes the text of a report
   * @param open shows the page
   */
  public DiagnosticsViewModel(
      Care care, Tasks tasks, DialogService dialogs, Consumer<String> onCopy, Runnable open) {
    this.care = care;
    this.tasks = tasks;
    this.dialogs = dialogs;
    this.onCopy = onCopy;
    this.open = open;
  }

  public ReadOnlyObjectProperty<DiagnosticsState> state() {
    return state.getReadOnlyProperty();
  }

  /** Looks anew, without computing; what was tested before stays until it is tested again. */
  public void look() {
    state.set(state.get().testing(tasks.isRunning(TEST)).installing(tasks.isRunning(INSTALL)));
    if (!state.get().tested()) {
      examine(LOOK, Strings.text("diagnostics.looking"), false);
    }
  }

  /** Asks each device for known answers. */
  public void test() {
    state.set(state.get().testing(true).problem(""));
    examine(TEST, Strings.text("diagnostics.testing"), true);
  }

  private void examine(String id, String name, boolean test) {
    tasks.start(
        id,
        name,
        open,
        progress ->
            new Look(
                care.examine(
                    test,
                    (done, total, part) ->
                        progress.at(total == 0 ? -1 : (double) done / total, part)),
                care.canInstall()),
        found ->
            state.set(
                state
                    .get()
                    .testing(tasks.isRunning(TEST))
                    .with(found.report(), test, found.canInstall())),
        problem -> state.set(state.get().testing(false).problem(problem)));
  }

  /** Asks the server for sizes, then the person, and downloads only when both have answered. */
  public void install() {
    state.set(state.get().installing(true).problem(""));
    tasks.start(
        INSTALL,
        Strings.text("diagnostics.gpu.asking"),
        open,
        progress -> care.plan(watcher(progress)),
        this::confirm,
        this::ended);
  }

  private void confirm(CudaRuntimeInstaller.Plan plan) {
    if (!dialogs.confirm(
        Strings.text("diagnostics.gpu.install"),
        Strings.text(
            "diagnostics.gpu.question",
            CudaRuntimeInstaller.size(plan.downloadBytes()),
            plan.server(),
            CudaRuntimeInstaller.size(plan.diskBytes()),
            CudaRuntimeInstaller.size(plan.freeBytes())),
        Strings.text("diagnostics.gpu.download"))) {
      ended("");
      return;
    }
    tasks.start(
        INSTALL,
        Strings.text("diagnostics.gpu.installing"),
        open,
        progress -> {
          care.install(plan, watcher(progress));
          return true;
        },
        done -> renewed(),
        this::ended);
  }

  /** Uses a folder that has the libraries, for machines without a network. */
  public void choose() {
    dialogs
        .askDirectory(
            Strings.text("diagnostics.gpu.folder"), Path.of(System.getProperty("user.home")))
        .ifPresent(
            folder ->
                tasks.start(
                    INSTALL,
                    Strings.text("diagnostics.gpu.folder"),
                    open,
                    progress -> {
                      care.use(folder);
                      return true;
                    },
                    done -> renewed(),
                    this::ended));
  }

  private void renewed() {
    state.set(state.get().installing(false).problem(""));
    examine(LOOK, Strings.text("diagnostics.looking"), false);
  }

  private void ended(String problem) {
    state.set(state.get().installing(false).problem(problem));
  }

  private static CudaRuntimeInstaller.Watcher watcher(Tasks.Progress progress) {
    return new CudaRuntimeInstaller.Watcher() {
      @Override
      public void at(CudaRuntimeInstaller.Progress now) {
        progress.at((double) now.done() / Math.max(1, now.total()), now.file());
      }

      @Override
      public boolean cancelled() {
        return progress.cancelled();
      }
    };
  }

  /** Puts the findings on the clipboard, for a bug report. */
  public void copy() {
    state.get().report().ifPresent(report -> onCopy.accept(report.text()));
  }
}
