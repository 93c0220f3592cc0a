package dev.plumbline.app.evaluation.ood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of the part of out-of-distribution detection: target/screenshots. */
final class OodScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyState(Theme theme) {
    OodFixture.run(folder.resolve("full"), "ood-2x32", 1);
    OodFixture.run(folder.resolve("full"), "ood-4x96-second", 2);
    OodFixture.study(folder.resolve("full"), "ood-2x32", "ood-4x96-second");
    OodFixture.failed(folder.resolve("failed"), "ood-short");
    String end = theme.name().toLowerCase(Locale.ROOT);
    parts("full", 2, theme, 1440, 900, "ood-large-" + end);
    parts("full", 2, theme, 1000, 700, "ood-small-" + end);
    parts("failed", 1, theme, 1440, 900, "ood-failed-" + end);
    parts("empty", 0, theme, 1000, 700, "ood-empty-" + end);
  }

  private void parts(
      String workspace, int runs, Theme theme, double width, double height, String name) {
    try (Bench bench = new Bench(folder.resolve(workspace), folder, theme, width, height)) {
      bench.awaitRuns(runs);
      bench.show(Page.EVALUATION);
      Fx.run(() -> bench.find("#evaluation-ood", ToggleButton.class).fire());
      if (workspace.equals("full")) {
        ListView<?> prompts = bench.find("#ood-prompts", ListView.class);
        Fx.await("prompts", () -> !prompts.getItems().isEmpty());
        FigureView map = bench.find("#ood-map", FigureView.class);
        Fx.await("drawn", () -> map.mapping().get().isPresent());
      }
      bench.settle();
      Path file = PICTURES.resolve(name + ".png");
      Fx.picture(bench.scene, file);
      assertThat(file).isNotEmptyFile();
    }
  }
}
