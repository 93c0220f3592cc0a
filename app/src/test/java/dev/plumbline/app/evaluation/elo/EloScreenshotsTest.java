package dev.plumbline.app.evaluation.elo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of the part of ratings: target/screenshots. */
final class EloScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyState(Theme theme) {
    EloFixture.run(folder.resolve("full"), "arena");
    String end = theme.name().toLowerCase(Locale.ROOT);
    parts("full", 1, theme, 1440, 900, "elo-large-" + end);
    parts("full", 1, theme, 1000, 700, "elo-small-" + end);
    parts("empty", 0, theme, 1000, 700, "elo-empty-" + end);
  }

  private void parts(
      String workspace, int runs, Theme theme, double width, double height, String name) {
    try (Bench bench = new Bench(folder.resolve(workspace), folder, theme, width, height)) {
      bench.awaitRuns(runs);
      bench.show(Page.EVALUATION);
      Fx.run(() -> bench.find("#evaluation-elo", ToggleButton.class).fire());
      if (runs == 0) {
        picture(bench, name);
        return;
      }
      ListView<?> matches = bench.find("#elo-matches", ListView.class);
      Fx.await("matches", () -> !matches.getItems().isEmpty());
      picture(bench, name);
      Fx.run(
          () -> {
            matches.getSelectionModel().select(3);
            matches.fireEvent(
                new KeyEvent(
                    KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false));
          });
      assertThat(bench.find("#elo-match", javafx.scene.Node.class)).isNotNull();
      picture(bench, name.replace("elo-", "elo-match-"));
      Fx.run(() -> bench.find("#overlay-close", Button.class).fire());
    }
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    Path file = PICTURES.resolve(name + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
