package dev.plumbline.app.evaluation.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.figure.PlotMapping;
import java.nio.file.Path;
import javafx.geometry.Point2D;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** OOD threshold: dragged by the mouse, moved by the keys, and a bar leads to its prompts. */
final class OodThresholdTest {
  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  @Test
  void theThresholdIsDraggedAndMovedByKeysAndABarOpensItsPrompts() {
    OodFixture.run(folder.resolve("w"), "ood-a", 5);
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1280, 800)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(1);
      bench.show(Page.EVALUATION);
      Fx.run(() -> bench.find("#evaluation-ood", ToggleButton.class).fire());
      FigureView histogram = bench.find("#ood-histogram", FigureView.class);
      Fx.await("drawn", () -> histogram.mapping().get().isPresent());
      bench.settle();
      Region handle = bench.find("#ood-threshold", Region.class);
      Label verdict = bench.find("#ood-verdict", Label.class);
      String before = verdict.getText();
      assertThat(before).contains("% of in").contains("% of out");

      // dragged to the score 2: what lies under the pointer is what is set
      PlotMapping mapping = Fx.call(() -> histogram.mapping().get().orElseThrow());
      double y = mapping.plot().getCenterY();
      Point2D from = Fx.call(() -> middle(handle));
      Point2D to = Fx.call(() -> histogram.localToScreen(mapping.x().place(2), y));
      robot.drag(from, MouseButton.PRIMARY);
      for (int i = 1; i <= 10; i++) {
        robot.moveTo(from.interpolate(to, i / 10.0));
      }
      robot.drop();
      double perPixel = mapping.x().value(101) - mapping.x().value(100);
      Fx.await("the words follow", () -> Math.abs(threshold(verdict) - 2) < 3 * Math.abs(perPixel));
      double dragged = threshold(verdict);

      // an arrow moves by a two-hundredth of the axis
      double step = (mapping.x().high() - mapping.x().low()) / 200;
      for (int i = 0; i < 4; i++) {
        robot.press(KeyCode.RIGHT).release(KeyCode.RIGHT);
      }
      Fx.await("four steps up", () -> threshold(verdict) > dragged + 3 * step);
      assertThat(threshold(verdict)).isCloseTo(dragged + 4 * step, within(0.02));
      robot.press(KeyCode.HOME).release(KeyCode.HOME);
      Fx.await(
          "to the lower end",
          () ->
              Math.abs(threshold(verdict) - mapping.x().low())
                  < 0.006 * Math.abs(mapping.x().low()));

      // back to what the run chose
      robot.clickOn(bench.find("#ood-rule-reject", Button.class));
      Fx.await("the run's threshold", () -> verdict.getText().equals(before));

      // a bar leads to its prompts, and back
      ListView<?> prompts = bench.find("#ood-prompts", ListView.class);
      Button back = bench.find("#ood-back", Button.class);
      assertThat(back.isVisible()).isFalse();
      Point2D bar =
          Fx.call(() -> histogram.localToScreen(mapping.x().place(0.1), mapping.y().place(0.5)));
      robot.clickOn(bar);
      Fx.await("a bar's prompts", back::isVisible);
      assertThat(prompts.getItems()).isNotEmpty();
      robot.clickOn(back);
      Fx.await("the nearest again", () -> !back.isVisible());
    }
  }

  private static Point2D middle(Region node) {
    return node.localToScreen(node.getWidth() / 2, node.getHeight() / 2);
  }

  private static double threshold(Label verdict) {
    String text = verdict.getText().replaceFirst("From ([\u2212\\d.,]+) up.*", "$1");
    return Double.parseDouble(text.replace('\u2212', '-'));
  }
}
