package dev.plumbline.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of every part of the data page, in both looks, small and large: target/screenshots. */
@SuppressWarnings("unchecked") // the box's items are texts
final class DataScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyPart(Theme theme) {
    DataFixture.comparisons(folder.resolve("helpful-train.jsonl.gz"), 3000, 1);
    DataFixture.comparisons(folder.resolve("harmless-train.jsonl.gz"), 900, 2);
    DataFixture.unknown(folder.resolve("vergleiche.csv"));
    parts(theme, 1440, 900, "full");
    parts(theme, 1000, 700, "small");
  }

  private void parts(Theme theme, double width, double height, String size) {
    String end = size + "-" + theme.name().toLowerCase(Locale.ROOT);
    Path workspace = folder.resolve(size + ".plumbline");
    try (Bench bench = new Bench(workspace, folder, theme, width, height)) {
      bench.awaitRuns(0);
      bench.show(Page.DATA);
      picture(bench, "data-empty-" + end);
      imported(bench, "harmless-train.jsonl.gz");
      imported(bench, "helpful-train.jsonl.gz");
      picture(bench, "data-report-" + end);
      press(bench, "#data-import");
      look(bench, "vergleiche.csv");
      for (String[] each :
          new String[][] {{"prompt", "frage"}, {"chosen", "gut"}, {"rejected", "schlecht"}}) {
        Fx.run(() -> bench.find("#data-import-" + each[0], ComboBox.class).setValue(each[1]));
      }
      Fx.await("ready", () -> !bench.find("#data-import-run", Button.class).isDisabled());
      picture(bench, "data-import-" + end);
      press(bench, "#data-import-close");
      part(bench, "rows");
      Fx.await("rows", () -> rows(bench) == 3000);
      bench.settle();
      Fx.run(
          () -> bench.find("#data-table", TableView.class).getSelectionModel().clearAndSelect(4));
      picture(bench, "data-rows-" + end);
      Fx.run(() -> bench.find("#data-filter", TextField.class).setText("market turns:2..3"));
      Fx.await("fewer", () -> rows(bench) > 0 && rows(bench) < 3000);
      bench.settle();
      Fx.run(
          () -> bench.find("#data-table", TableView.class).getSelectionModel().clearAndSelect(1));
      picture(bench, "data-search-" + end);
      Fx.run(() -> bench.find("#data-row-tokens", ToggleButton.class).fire());
      picture(bench, "data-tokens-" + end);
      Fx.run(() -> bench.find("#data-row-text", ToggleButton.class).fire());
      press(bench, "#data-filter-help");
      picture(bench, "data-help-" + end);
      press(bench, "#overlay-close");
      Fx.run(() -> bench.find("#data-filter", TextField.class).setText(""));
      part(bench, "statistics");
      Fx.await(
          "counts",
          () -> {
            Node about = bench.scene.getRoot().lookup("#data-statistics-about");
            return about instanceof javafx.scene.control.Label label
                && label.getText().startsWith("All");
          });
      picture(bench, "data-statistics-" + end);
      part(bench, "duplicates");
      press(bench, "#data-near-look");
      bench.settle();
      Fx.run(() -> bench.find("#data-leak-other", ComboBox.class).getSelectionModel().select(0));
      Fx.await("leakage", () -> bench.scene.getRoot().lookupAll(".run-link").size() >= 4);
      picture(bench, "data-duplicates-" + end);
      part(bench, "split");
      Fx.run(() -> bench.find("#data-split-35", ToggleButton.class).fire());
      Fx.run(
          () -> {
            for (Node node : bench.scene.getRoot().lookupAll(".check-box")) {
              if (node instanceof CheckBox box && "harmless-train".equals(box.getUserData())) {
                box.setSelected(false);
                box.fire();
              }
            }
          });
      press(bench, "#data-split-run");
      Fx.await("the parts", () -> bench.find("#data-files", ListView.class).getItems().size() >= 3);
      bench.settle();
      picture(bench, "data-split-" + end);
      part(bench, "mixture");
      Fx.run(
          () ->
              List.copyOf(bench.find("#data-mixture-add", MenuButton.class).getItems())
                  .subList(0, 2)
                  .forEach(item -> item.fire()));
      press(bench, "#data-mixture-equal");
      picture(bench, "data-mixture-" + end);
    }
  }

  private static int rows(Bench bench) {
    return bench.scene.getRoot().lookup("#data-table") instanceof TableView<?> table
        ? table.getItems().size()
        : -1;
  }

  private void imported(Bench bench, String name) {
    press(
        bench,
        bench.find("#data-import-first", Button.class) != null
            ? "#data-import-first"
            : "#data-import");
    look(bench, name);
    press(bench, "#data-import-run");
    Fx.await("the report", () -> bench.scene.getRoot().lookup("#report-used") != null);
    bench.settle();
  }

  private void look(Bench bench, String name) {
    bench.openFile.set(folder.resolve(name));
    press(bench, "#data-import-browse");
    Fx.await(
        "the preview",
        () ->
            !bench.find("#data-import-raw", TableView.class).getItems().isEmpty()
                && bench.find("#data-import-path", TextField.class).getText().endsWith(name));
    bench.settle();
  }

  private static void part(Bench bench, String part) {
    Fx.run(() -> bench.find("#data-part-" + part, ToggleButton.class).fire());
    bench.settle();
  }

  private static void press(Bench bench, String selector) {
    Fx.run(() -> bench.find(selector, Button.class).fire());
    bench.settle();
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    Path file = PICTURES.resolve(name + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
