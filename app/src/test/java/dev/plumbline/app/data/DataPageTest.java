package dev.plumbline.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.workspace.DataCatalogue;
import dev.plumbline.workspace.DataFile;
import java.nio.file.Path;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** The main paths of the data page with pointer and keys. */
final class DataPageTest {
  @TempDir private Path folder;

  private final FxRobot robot = new FxRobot();

  @AfterEach
  void releaseKeys() {
    robot.release(new KeyCode[] {});
  }

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1000, 700);
    bench.window();
    bench.awaitRuns(0);
    bench.show(Page.DATA);
    bench.settle();
    return bench;
  }

  private static TableView<?> table(Bench bench, String id) {
    return bench.find(id, TableView.class);
  }

  /** The preferred response as the side shows it. */
  private static String chosen(Bench bench) {
    return Fx.call(
        () -> {
          StringBuilder text = new StringBuilder();
          for (Node node : bench.scene.getRoot().lookupAll("#data-row .turn-chosen .turn-words")) {
            text.append(((Text) node).getText());
          }
          return text.toString();
        });
  }

  @Test
  @SuppressWarnings("unchecked")
  void aFileOfUnknownColumnsIsImported() {
    Path file = DataFixture.unknown(folder.resolve("vergleiche.csv"));
    try (Bench bench = bench()) {
      bench.openFile.set(file);
      robot.clickOn("#data-import-first");
      robot.clickOn("#data-import-browse");
      Fx.await("the preview", () -> !table(bench, "#data-import-raw").getItems().isEmpty());
      assertThat(table(bench, "#data-import-raw").getColumns()).hasSize(4);
      assertThat(bench.find("#data-import-problem", Label.class).getText()).contains("Chosen");
      assertThat(bench.find("#data-import-run", Button.class).isDisabled()).isTrue();
      String[][] columns = {
        {"prompt", "frage"}, {"chosen", "gut"}, {"rejected", "schlecht"}, {"source", "quelle"}
      };
      for (String[] each : columns) {
        Fx.run(() -> bench.find("#data-import-" + each[0], ComboBox.class).setValue(each[1]));
      }
      Fx.await("the rows", () -> table(bench, "#data-import-mapped").getItems().size() == 20);
      Fx.await("ready", () -> !bench.find("#data-import-run", Button.class).isDisabled());
      assertThat(bench.find("#data-import-trial", Label.class).getText())
          .contains("32 lines", "30 can be used", "2 are left out");
      robot.clickOn("#data-import-run");
      Fx.await("the report", () -> bench.scene.getRoot().lookup("#report-used") != null);
      assertThat(bench.find("#report-used", Label.class).getText()).isEqualTo("30");
      assertThat(bench.find("#report-left", Label.class).getText()).isEqualTo("2");
      robot.clickOn("#data-report-copy");
      WaitForAsyncUtils.waitForFxEvents();
      assertThat(bench.copied.getFirst()).contains(file + ":32: 2 cells, 4 columns");
      DataFile known = new DataCatalogue(folder.resolve("w")).file("vergleiche").orElseThrow();
      assertThat(known.isConverted()).isTrue();
      assertThat(ComparisonReader.read(known.file()).comparisons()).hasSize(30);
      assertThat(bench.find("#data-files", ListView.class).getItems()).hasSize(1);
    }
  }

  @Test
  void rowsAreSearchedAndRead() {
    Path file = DataFixture.comparisons(folder.resolve("helpful.jsonl.gz"), 400, 1);
    try (Bench bench = bench()) {
      robot.clickOn("#data-import-first");
      Fx.run(() -> bench.find("#data-import-path", TextField.class).setText(file.toString()));
      robot.clickOn("#data-import-path").type(KeyCode.ENTER);
      Fx.await("looked at", () -> !bench.find("#data-import-run", Button.class).isDisabled());
      robot.clickOn("#data-import-run");
      Fx.await("the report", () -> bench.scene.getRoot().lookup("#report-used") != null);
      robot.clickOn("#data-part-rows");
      Fx.await(
          "all rows",
          () ->
              bench.scene.getRoot().lookup("#data-table") instanceof TableView<?> all
                  && all.getItems().size() == 400);
      robot.clickOn("#data-filter").write("loud turns>=2");
      Fx.await(
          "fewer rows",
          () -> {
            int size = table(bench, "#data-table").getItems().size();
            return size > 0 && size < 200;
          });
      robot.type(KeyCode.DOWN);
      Fx.await("the row", () -> bench.scene.getRoot().lookup("#data-row .turn-chosen") != null);
      assertThat(Fx.call(() -> bench.scene.getRoot().lookupAll("#data-row .turn-hit")))
          .isNotEmpty();
      assertThat(Fx.call(() -> bench.scene.getRoot().lookupAll("#data-row .turn")))
          .hasSizeGreaterThan(4);
      String first = chosen(bench);
      robot.type(KeyCode.DOWN);
      Fx.await("the next row", () -> !chosen(bench).equals(first));
      int place = table(bench, "#data-table").getSelectionModel().getSelectedIndex();
      assertThat(place).isEqualTo(1);
      robot.clickOn("#data-filter").type(KeyCode.ESCAPE);
      Fx.await("all again", () -> table(bench, "#data-table").getItems().size() == 400);
      robot.write("turns>x");
      Fx.await(
          "the mistake",
          () -> bench.find("#data-filter-note", Label.class).getText().contains("turns>x"));
    }
  }
}
