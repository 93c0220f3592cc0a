package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleStudies;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** The page of studies: from a claim to its figure, and from a point to the row behind it. */
final class StudyResultsTest {
  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1280, 800);
    robot.targetWindow(bench.window());
    return bench;
  }

  @Test
  void aPointOfAFigureLeadsToTheRowBehindIt() {
    SampleStudies.stopped(folder.resolve("w"));
    SampleStudies.scaling(folder.resolve("w"));
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      bench.show(Page.STUDIES);
      ListView<?> studies = bench.find("#studies", ListView.class);
      Fx.await("both studies", () -> studies.getItems().size() == 2);
      Fx.run(() -> studies.getSelectionModel().selectLast());
      TabPane tabs = bench.find("#studies-tabs", TabPane.class);
      Fx.await("results", tabs::isVisible);
      Fx.run(() -> tabs.getSelectionModel().select(1));
      bench.settle();
      ListView<?> recipes = bench.find("#studies-recipes", ListView.class);
      assertThat(recipes.getItems()).as("Fig 7, both panels").hasSize(2);
      FigureView figure = bench.find("#studies-figure", FigureView.class);
      Fx.await("drawn", () -> figure.settled().get());
      Bounds place = Fx.call(() -> figure.localToScreen(figure.getBoundsInLocal()));
      // From the right edge of the plot leftwards along its middle, until a point is hit.
      for (double x = place.getMaxX() - 60;
          x > place.getMinX() + 60 && tabs.getSelectionModel().getSelectedIndex() == 1;
          x -= 12) {
        robot.clickOn(new Point2D(x, place.getCenterY()));
      }
      assertThat(tabs.getSelectionModel().getSelectedIndex()).as("the table opens").isEqualTo(2);
      TableView<?> rows = bench.find("#studies-rows", TableView.class);
      Fx.await("a row is chosen", () -> rows.getSelectionModel().getSelectedIndex() >= 0);
      assertThat(rows.getItems()).hasSize(9);
    }
  }

  @Test
  void aReadyStudyIsStartedByKeysAndATableIsCopied() throws Exception {
    Files.createDirectories(folder.resolve("w"));
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      bench.show(Page.STUDIES);
      MenuButton run = bench.find("#studies-run-first", MenuButton.class);
      Fx.run(run::requestFocus);
      Fx.run(run::show);
      press(KeyCode.DOWN);
      press(KeyCode.ENTER);
      Fx.await("started", () -> !bench.readyStarted.isEmpty());
      assertThat(bench.readyStarted).containsExactly("pm-scaling");
      SampleStudies.scaling(folder.resolve("w"));
      bench.feed().poke();
      TableView<?> rows = bench.find("#studies-rows", TableView.class);
      Fx.await("its rows", () -> rows.getItems().size() == 9);
      MenuButton copy = bench.find("#studies-copy", MenuButton.class);
      Fx.run(() -> copy.getItems().getFirst().fire());
      assertThat(bench.copied).singleElement().asString().startsWith("| size | comparisons (");
    }
  }

  private void press(KeyCode key) {
    robot.press(key).release(key);
  }
}
