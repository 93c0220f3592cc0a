package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.SampleStudies;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javafx.scene.control.ListView;
import javafx.scene.control.TabPane;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of every page in both looks, empty and full, to be looked at: target/screenshots. */
final class ScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void full(Theme theme) throws Exception {
    Path workspace = folder.resolve("sample.plumbline");
    SampleRuns.preference(workspace, "helpful-pm");
    SampleRuns.policy(workspace, "helpful-ppo-1", 120, 7, RunState.FINISHED);
    SampleRuns.policy(workspace, "harmless-ppo", 30, 9, RunState.FAILED);
    SampleRuns.policy(workspace, "helpful-ppo-with-2", 74, 3, RunState.RUNNING);
    SampleStudies.stopped(workspace);
    SampleStudies.scaling(workspace);
    try (Bench bench = new Bench(workspace, folder, theme, 1440, 900)) {
      bench.studies.set(
          List.of(
              new StudyProgress(
                  "20261101-120000",
                  "sample-study",
                  RunState.RUNNING,
                  "",
                  List.of(
                      id(workspace, "helpful-pm"),
                      id(workspace, "helpful-ppo-with"),
                      id(workspace, "harmless-ppo")))));
      bench.awaitRuns(4);
      pictures(bench, theme, "full");
      studies(bench, theme, "full");
      for (String over : List.of("palette", "jobs")) {
        Fx.run(() -> bench.actions.get(over).run());
        picture(bench, theme, over);
        Fx.run(() -> bench.actions.get(over).run());
      }
    }
    try (Bench bench = new Bench(workspace, folder, theme, 1000, 700)) {
      bench.awaitRuns(4);
      pictures(bench, theme, "small");
      studies(bench, theme, "small");
    }
    try (Workspace held = Workspace.open(workspace);
        Bench bench = new Bench(workspace, folder, theme, 1000, 700)) {
      assertThat(held.isReadOnly()).isFalse();
      bench.awaitRuns(4);
      for (Page page : List.of(Page.HOME, Page.RUNS, Page.LIVE)) {
        bench.show(page);
        picture(bench, theme, page.name().toLowerCase(Locale.ROOT) + "-reading");
      }
    }
    Path other = folder.resolve("pm.plumbline");
    SampleRuns.preference(other, "helpful-pm");
    try (Bench bench = new Bench(other, folder, theme, 1440, 900)) {
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      picture(bench, theme, "live-pm");
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void empty(Theme theme) {
    try (Bench bench = new Bench(folder.resolve("sample.plumbline"), folder, theme, 1440, 900)) {
      bench.awaitRuns(0);
      pictures(bench, theme, "empty");
    }
    try (Bench bench = new Bench(folder.resolve("sample.plumbline"), folder, theme, 1000, 700)) {
      bench.awaitRuns(0);
      pictures(bench, theme, "empty-small");
    }
  }

  private static String id(Path workspace, String prefix) throws Exception {
    try (var runs = Files.list(workspace.resolve("runs"))) {
      return runs.map(run -> run.getFileName().toString())
          .filter(run -> run.startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void pictures(Bench bench, Theme theme, String kind) {
    for (Page page : Page.values()) {
      bench.show(page);
      picture(bench, theme, page.name().toLowerCase(Locale.ROOT) + "-" + kind);
    }
  }

  /** The other parts of the page of studies. */
  private static void studies(Bench bench, Theme theme, String kind) {
    bench.show(Page.STUDIES);
    bench.settle();
    ListView<?> list = bench.find("#studies", ListView.class);
    Fx.await("the studies", () -> list.getItems().size() == 2);
    Fx.run(() -> list.getSelectionModel().selectLast());
    TabPane tabs = bench.find("#studies-tabs", TabPane.class);
    Fx.await("results", tabs::isVisible);
    for (String part : List.of("claims", "figures", "tables")) {
      int at = List.of("claims", "figures", "tables").indexOf(part);
      Fx.run(() -> tabs.getSelectionModel().select(at));
      picture(bench, theme, "studies-" + part + "-" + kind);
    }
  }

  private static void picture(Bench bench, Theme theme, String name) {
    bench.settle();
    Path file = PICTURES.resolve(name + "-" + theme.name().toLowerCase(Locale.ROOT) + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
