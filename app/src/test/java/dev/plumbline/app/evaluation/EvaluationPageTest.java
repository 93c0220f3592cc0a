package dev.plumbline.app.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** The evaluation page under a robot. */
final class EvaluationPageTest {
  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1280, 800);
    robot.targetWindow(bench.window());
    return bench;
  }

  private void press(KeyCode key) {
    robot.press(key).release(key);
  }

  @Test
  void calibrateAndDrillDown() {
    EvaluationFixture.preference(
        folder.resolve("w"), "helpful-pm", EvaluationFixture.comparisons(300), true, 3);
    try (Bench bench = bench()) {
      bench.awaitRuns(1);
      bench.show(Page.EVALUATION);
      TableView<?> pairs = bench.find("#calibration-pairs", TableView.class);
      Fx.await("all comparisons", () -> pairs.getItems().size() == 300);
      FigureView figure = bench.find("#calibration-reliability", FigureView.class);
      Fx.await("drawn", () -> figure.settled().get());
      bench.settle();
      Bounds place = Fx.call(() -> figure.localToScreen(figure.getBoundsInLocal()));
      // along the diagonal from the upper right, until a point is hit
      ChoiceBox<?> bin = bench.find("#calibration-bin", ChoiceBox.class);
      for (double share = 0.9;
          share > 0.1 && Fx.call(() -> bin.getSelectionModel().getSelectedIndex()) <= 0;
          share -= 0.05) {
        robot.clickOn(
            new Point2D(
                place.getMinX() + 50 + share * (place.getWidth() - 70),
                place.getMaxY() - 45 - share * (place.getHeight() - 60)));
        bench.settle();
      }
      Fx.await("a bin", () -> bin.getSelectionModel().getSelectedIndex() > 0);
      Fx.await("its comparisons", () -> pairs.getItems().size() == 20);
      // its first row by keys, whole
      robot.clickOn("#calibration-search").write("old mill");
      press(KeyCode.ENTER);
      Fx.await("found", () -> pairs.getItems().size() < 20 && !pairs.getItems().isEmpty());
      Fx.run(
          () -> {
            pairs.requestFocus();
            pairs.getSelectionModel().select(0);
          });
      press(KeyCode.ENTER);
      Fx.await("the pair", () -> bench.scene.getRoot().lookup("#calibration-pair") != null);
      HeldOutPair chosen = (HeldOutPair) Fx.call(() -> pairs.getSelectionModel().getSelectedItem());
      assertThat(Fx.call(() -> texts(bench, "#calibration-pair")))
          .contains(chosen.text().orElseThrow().chosen().strip())
          .contains(chosen.text().orElseThrow().rejected().strip())
          .contains("hello, visitor.");
      press(KeyCode.ESCAPE);
      Fx.await("away", () -> bench.scene.getRoot().lookup("#calibration-pair") == null);
      assertThat(bench.problems).isEmpty();
    }
  }

  private static String texts(Bench bench, String root) {
    StringBuilder text = new StringBuilder();
    Bench.all((javafx.scene.Parent) bench.scene.getRoot().lookup(root)).stream()
        .filter(javafx.scene.control.Label.class::isInstance)
        .forEach(node -> text.append(((javafx.scene.control.Label) node).getText()).append('\n'));
    return text.toString();
  }
}
