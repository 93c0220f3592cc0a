package dev.plumbline.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;

/** Runs are compared with pointer and keys, and pictures are taken of it. */
final class ComparePageTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private static FigureView figure(Bench bench, int chart) {
    return Fx.call(
        () ->
            Bench.all(bench.scene.getRoot()).stream()
                .filter(node -> ("compare-chart-" + chart).equals(node.getId()))
                .flatMap(node -> Bench.all((javafx.scene.Parent) node).stream())
                .filter(FigureView.class::isInstance)
                .map(FigureView.class::cast)
                .findFirst()
                .orElseThrow());
  }

  private static boolean any(Bench bench, Predicate<Node> condition) {
    return Bench.all(bench.scene.getRoot()).stream().anyMatch(condition);
  }

  @Test
  void compare() {
    CompareFixture.write(folder.resolve("w"));
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1440, 900)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(7);
      bench.show(Page.LIVE);
      bench.settle();
      robot.clickOn("#live-compare");
      Fx.await("all runs", () -> any(bench, node -> says(node, "7 runs")));

      // choose runs
      robot.clickOn("#compare-filter").write("stage:rlhf");
      Fx.await("the policies", () -> any(bench, node -> says(node, "6 runs")));
      bench.settle();

      // group
      ComboBox<?> colour = bench.find("#compare-colour", ComboBox.class);
      robot.clickOn(colour);
      int below =
          Fx.call(() -> colour.getItems().indexOf("rlhf.lambda_kl"))
              - Fx.call(() -> colour.getSelectionModel().getSelectedIndex());
      press(KeyCode.DOWN, below);
      press(KeyCode.ENTER, 1);
      Fx.await(
          "two colours",
          () ->
              any(
                  bench,
                  node ->
                      node instanceof ToggleButton key && key.getText().contains("0.001  (3)")));
      bench.settle();
      assertThat(bench.find("#compare-colour", ComboBox.class).getValue())
          .isEqualTo("rlhf.lambda_kl");

      // zoom linked
      FigureView first = figure(bench, 1);
      FigureView second = figure(bench, 2);
      Bounds place = Fx.call(() -> first.localToScreen(first.getBoundsInLocal()));
      robot.drag(place.getMinX() + place.getWidth() * 0.4, place.getCenterY());
      robot.moveBy(20, 0);
      robot.moveBy(40, 2);
      robot.drop();
      Fx.await(
          "both show the part",
          () ->
              second.settled().get()
                  && second.mapping().get().orElseThrow().x().low() > 5
                  && first.mapping().get().orElseThrow().x().high()
                      == second.mapping().get().orElseThrow().x().high());
      Fx.run(first::requestFocus);
      robot.press(KeyCode.DIGIT0).release(KeyCode.DIGIT0);
      Fx.await(
          "all again",
          () -> second.settled().get() && second.mapping().get().orElseThrow().x().low() == 0);

      // refuse mixed KL
      robot.clickOn("#compare-menu-1");
      MenuButton menu = bench.find("#compare-menu-1", MenuButton.class);
      Menu beside = (Menu) Fx.call(() -> menu.getItems().get(1));
      assertThat(beside.getText()).isEqualTo("Show beside it");
      int at =
          Fx.call(
              () -> beside.getItems().stream().map(MenuItem::getText).toList().indexOf("KL (k3)"));
      press(KeyCode.DOWN, 2);
      press(KeyCode.RIGHT, 1);
      press(KeyCode.DOWN, at);
      press(KeyCode.ENTER, 1);
      Fx.await(
          "the reason",
          () ->
              any(
                  bench,
                  node ->
                      node instanceof Labeled text
                          && text.getText() != null
                          && text.getText()
                              .contains("is not the same quantity as exact KL per response")));
    }
  }

  private void press(KeyCode key, int times) {
    for (int i = 0; i < times; i++) {
      robot.press(key).release(key);
    }
  }

  private static boolean says(Node node, String text) {
    return node instanceof Labeled label && text.equals(label.getText());
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void pictures(Theme theme) {
    CompareFixture.write(folder.resolve("w"));
    for (int width : new int[] {1440, 1000}) {
      int height = width == 1440 ? 900 : 700;
      try (Bench bench = new Bench(folder.resolve("w"), folder, theme, width, height)) {
        bench.awaitRuns(7);
        bench.show(Page.LIVE);
        compareMode(bench);
        Fx.run(
            () ->
                bench
                    .find("#compare-filter", javafx.scene.control.TextField.class)
                    .setText("stage:rlhf"));
        Fx.await("the policies", () -> any(bench, node -> says(node, "6 runs")));
        picture(bench, theme, "compare-full-" + width);
        Fx.run(
            () -> {
              choose(bench, "#compare-colour", "rlhf.lambda_kl");
              choose(bench, "#compare-seeds", dev.plumbline.figure.ComparisonChart.Seeds.MEAN_T);
            });
        Fx.await(
            "groups",
            () ->
                any(
                        bench,
                        node -> node instanceof ToggleButton key && key.getText().contains("(3)"))
                    && any(
                        bench,
                        node ->
                            node instanceof Labeled text
                                && String.valueOf(text.getText()).contains("t interval, n = 3")));
        picture(bench, theme, "compare-seeds-" + width);
      }
      try (Bench bench = new Bench(folder.resolve("none"), folder, theme, width, height)) {
        bench.awaitRuns(0);
        bench.show(Page.LIVE);
        compareMode(bench);
        picture(bench, theme, "compare-empty-" + width);
      }
    }
  }

  private static void compareMode(Bench bench) {
    bench.settle();
    Fx.run(() -> bench.find("#live-compare", ToggleButton.class).fire());
    bench.settle();
  }

  @SuppressWarnings("unchecked")
  private static <T> void choose(Bench bench, String id, T value) {
    ((ComboBox<T>) bench.find(id, ComboBox.class)).setValue(value);
  }

  private static void picture(Bench bench, Theme theme, String name) {
    bench.settle();
    Path file = PICTURES.resolve(name + "-" + theme.name().toLowerCase(Locale.ROOT) + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
