package dev.plumbline.app.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of what the runs page can show, in both looks, small and large: target/screenshots. */
final class RunsScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyPart(Theme theme) {
    RunsFixture.write(folder.resolve("sample.plumbline"));
    parts(theme, 1000, 700, "small");
    parts(theme, 1600, 1000, "large");
  }

  private void parts(Theme theme, double width, double height, String size) {
    try (Bench bench =
        new Bench(folder.resolve("sample.plumbline"), folder, theme, width, height)) {
      if (width <= 1000) {
        bench.window(); // the headless screen is no larger
      }
      bench.awaitRuns(4);
      bench.show(Page.RUNS);
      TableView<?> table = bench.find("#runs-table", TableView.class);
      Fx.await("the rows", () -> table.getItems().size() == 4);
      String end = size + "-" + theme.name().toLowerCase(Locale.ROOT);
      picture(bench, "runs-table-" + end);
      Fx.run(
          () -> {
            table.getSelectionModel().clearSelection();
            table.getSelectionModel().selectIndices(0, 1, 2);
          });
      bench.settle();
      Fx.run(() -> bench.find("#runs-side-settings", ToggleButton.class).fire());
      picture(bench, "runs-settings-" + end);
      Fx.run(() -> bench.find("#runs-side-lineage", ToggleButton.class).fire());
      picture(bench, "runs-lineage-" + end);
      for (String each : java.util.List.of("help", "columns", "group")) {
        Fx.run(() -> bench.find("#runs-" + each, Button.class).fire());
        picture(bench, "runs-" + each + "-" + end);
        Fx.run(() -> bench.find("#overlay-close", Button.class).fire());
      }
      Fx.run(() -> bench.find("#runs-side-run", ToggleButton.class).fire());
      Fx.run(() -> table.getSelectionModel().clearAndSelect(0));
      bench.settle();
      Fx.run(() -> bench.find("#runs-branch-open", Button.class).fire());
      Fx.await("the spec", () -> bench.scene.getRoot().lookup("#branch-spec") != null);
      picture(bench, "runs-branch-" + end);
      Fx.run(() -> bench.find("#overlay-close", Button.class).fire());
      Fx.run(() -> bench.find("#runs-filter", TextField.class).setText("state:finished pm_score>"));
      picture(bench, "runs-mistake-" + end);
      Fx.run(() -> bench.find("#runs-filter", TextField.class).setText(""));
      Fx.run(() -> bench.find("#runs-group", Button.class).fire());
      Fx.run(
          () -> {
            TextField search = bench.find("#group-search", TextField.class);
            search.setText("configuration");
            search.fireEvent(new javafx.event.ActionEvent());
          });
      Fx.await("groups", () -> table.getItems().getFirst() instanceof RunsRow.Group);
      picture(bench, "runs-grouped-" + end);
    }
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    Path file = PICTURES.resolve(name + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
