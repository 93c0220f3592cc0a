package dev.plumbline.app.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** The main paths of the runs page with pointer and keys. */
final class RunsPageTest {
  @TempDir private Path folder;

  private final FxRobot robot = new FxRobot();

  @BeforeEach
  void write() {
    RunsFixture.write(folder.resolve("w"));
  }

  @AfterEach
  void releaseKeys() {
    robot.release(new KeyCode[] {});
  }

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1000, 700);
    bench.window();
    bench.awaitRuns(4);
    bench.show(Page.RUNS);
    Fx.await("the rows", () -> table(bench).getItems().size() == 4);
    bench.settle();
    return bench;
  }

  @SuppressWarnings("unchecked")
  private static TableView<RunsRow> table(Bench bench) {
    return bench.find("#runs-table", TableView.class);
  }

  private void press(KeyCode... keys) {
    robot.press(keys).release(keys);
    WaitForAsyncUtils.waitForFxEvents();
  }

  private static void select(Bench bench, int... rows) {
    Fx.run(
        () -> {
          table(bench).getSelectionModel().clearSelection();
          for (int row : rows) {
            table(bench).getSelectionModel().select(row);
          }
          table(bench).requestFocus();
        });
    bench.settle();
  }

  private static List<String> names(Bench bench) {
    bench.settle();
    return Fx.call(
        () -> {
          List<String> names = new ArrayList<>();
          for (Node node : table(bench).lookupAll(".table-row-cell")) {
            if (node instanceof javafx.scene.control.TableRow<?> row && !row.isEmpty()) {
              row.lookupAll(".table-cell").stream()
                  .map(javafx.scene.control.TableCell.class::cast)
                  .filter(cell -> cell.getTableColumn().getId().equals("name"))
                  .forEach(cell -> names.add(row.getIndex() + " " + cell.getText()));
            }
          }
          names.sort(null);
          return names.stream().map(name -> name.substring(2)).toList();
        });
  }

  @Test
  void aFilterIsTypedWithProposals() {
    try (Bench bench = bench()) {
      robot.clickOn("#runs-filter").write("sta");
      Fx.await("proposals", () -> !proposals().isEmpty());
      assertThat(Fx.call(RunsPageTest::proposals)).first().isEqualTo("stage");
      press(KeyCode.DOWN);
      press(KeyCode.DOWN);
      press(KeyCode.ENTER);
      robot.write(":f");
      Fx.await("values", () -> proposals().contains("failed"));
      robot.write("ailed");
      Fx.await("one run", () -> table(bench).getItems().size() == 1);
      assertThat(bench.find("#runs-filter", TextField.class).getText()).isEqualTo("state:failed");
      press(KeyCode.ESCAPE);
      press(KeyCode.ESCAPE);
      Fx.await("all again", () -> table(bench).getItems().size() == 4);
    }
  }

  private static List<String> proposals() {
    return javafx.stage.Window.getWindows().stream()
        .filter(window -> window instanceof javafx.stage.Popup && window.isShowing())
        .map(window -> window.getScene().lookup("#runs-proposals"))
        .filter(ListView.class::isInstance)
        .flatMap(list -> ((ListView<?>) list).getItems().stream())
        .map(item -> ((RunCompletion.Proposal) item).text())
        .toList();
  }

  @Test
  void groupsOpenAndCloseByKey() {
    try (Bench bench = bench()) {
      select(bench, 0);
      press(KeyCode.G);
      bench.settle(); // a field hears keys once it has been laid out
      robot.write("lambda_kl");
      press(KeyCode.ENTER);
      Fx.await("three groups", () -> table(bench).getItems().size() == 3);
      assertThat(names(bench))
          .containsExactly("lambda_kl 0.001  ·  2", "lambda_kl 0.1  ·  1", "no lambda_kl  ·  1");
      Fx.run(
          () -> {
            table(bench).getSelectionModel().clearAndSelect(0);
            table(bench).requestFocus();
          });
      press(KeyCode.RIGHT);
      Fx.await("its runs", () -> table(bench).getItems().size() == 5);
      Fx.run(() -> bench.find("#runs-ungroup", Button.class).fire());
      Fx.await("all", () -> table(bench).getItems().size() == 4);
    }
  }

  @Test
  void headsSortInSqlite() {
    try (Bench bench = bench()) {
      Fx.run(
          () -> {
            TableColumn<RunsRow, ?> name = table(bench).getColumns().getFirst();
            table(bench).getSortOrder().setAll(List.of(name));
          });
      assertThat(names(bench))
          .containsExactly("helpful-pm", "helpful-ppo-x", "helpful-ppo-xx", "helpful-ppo-xxx");
      Fx.run(
          () -> table(bench).getColumns().getFirst().setSortType(TableColumn.SortType.DESCENDING));
      assertThat(names(bench)).first().isEqualTo("helpful-ppo-xxx");
    }
  }

  @Test
  void starTagAndDeleteAreUndoneAndDoneAgain() throws Exception {
    try (Bench bench = bench()) {
      String first = names(bench).getFirst();
      select(bench, 0, 1);
      press(KeyCode.S);
      filter(bench, "is:starred", 2);
      filter(bench, "", 4);
      select(bench, 0, 1);
      press(KeyCode.T);
      bench.settle(); // a field hears keys once it has been laid out
      robot.write("mine");
      press(KeyCode.ENTER);
      filter(bench, "tag:mine", 2);
      filter(bench, "", 4);
      select(bench, 0);
      press(KeyCode.DELETE);
      Fx.await("three left", () -> table(bench).getItems().size() == 3);
      assertThat(folder.resolve("w/trash")).isNotEmptyDirectory();
      assertThat(names(bench)).doesNotContain(first);
      press(KeyCode.CONTROL, KeyCode.Z);
      Fx.await("it is back", () -> table(bench).getItems().size() == 4);
      press(KeyCode.CONTROL, KeyCode.Z);
      filter(bench, "tag:mine", 0);
      Fx.run(() -> table(bench).requestFocus());
      press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.Z);
      Fx.await("tagged again", () -> table(bench).getItems().size() == 2);
      filter(bench, "", 4);

      select(bench, 0);
      press(KeyCode.DELETE);
      Fx.await("three left", () -> table(bench).getItems().size() == 3);
      Fx.run(() -> bench.find("#runs-scope-trash", javafx.scene.control.ToggleButton.class).fire());
      Fx.await("the trash", () -> table(bench).getItems().size() == 1);
      Fx.run(() -> bench.find("#runs-trash-empty", Button.class).fire());
      Fx.await("it is empty", () -> table(bench).getItems().isEmpty());
      assertThat(bench.questions).singleElement().asString().contains("for good");
      try (var left = Files.list(folder.resolve("w/trash"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static void filter(Bench bench, String text, int rows) {
    Fx.run(() -> bench.find("#runs-filter", TextField.class).setText(text));
    Fx.await(rows + " of " + text, () -> table(bench).getItems().size() == rows);
    bench.settle();
  }

  @Test
  void chosenRunsAreComparedAndTheirLineageLeadsOn() {
    try (Bench bench = bench()) {
      filter(bench, "ppo", 3);
      select(bench, 0, 2);
      press(KeyCode.D);
      bench.settle();
      TableView<?> compare = bench.find("#runs-compare", TableView.class);
      assertThat(Fx.call(() -> compare.getColumns().size())).isEqualTo(3);
      Fx.await(
          "what differs",
          () ->
              compare.getItems().stream()
                  .map(row -> ((dev.plumbline.workspace.SpecComparison.Row) row).key())
                  .toList()
                  .equals(List.of("seed", "rlhf.lambda_kl")));
      filter(bench, "", 4);
      select(bench, 0);
      press(KeyCode.L);
      bench.settle();
      Node pm =
          Fx.call(
              () ->
                  bench.find("#runs-lineage", Node.class).lookupAll(".lineage-node").stream()
                      .filter(node -> ((Button) node).getText().startsWith("helpful-pm"))
                      .findFirst()
                      .orElseThrow());
      Fx.run(((Button) pm)::fire);
      bench.settle();
      assertThat(
              Fx.call(
                  () ->
                      ((RunsRow.Run) table(bench).getSelectionModel().getSelectedItem())
                          .key()
                          .id()))
          .startsWith("helpful-pm");
    }
  }

  @Test
  void aBranchIsWrittenCheckedAndStarted() {
    try (Bench bench = bench()) {
      filter(bench, "name:helpful-ppo-x", 1);
      select(bench, 0);
      press(KeyCode.B);
      Fx.await("the spec", () -> bench.scene.getRoot().lookup("#branch-spec") != null);
      TextArea text = bench.find("#branch-spec", TextArea.class);
      Label verdict = bench.find("#branch-verdict", Label.class);
      Fx.await("it is valid", () -> verdict.getText().startsWith("A valid spec"));
      assertThat(Fx.<String>call(text::getText))
          .contains("name: helpful-ppo-x-branch-120", "policy: run:helpful-ppo-x-", "@120")
          .contains("preference_model: run:helpful-pm-")
          .doesNotContain("spec_hash", "inputs");
      Fx.run(() -> text.setText(text.getText().replace("lambda_kl: 0.001", "lambda_kl: -1")));
      Fx.await("it is refused", () -> verdict.getText().contains("lambda_kl"));
      assertThat(Fx.call(() -> bench.find("#branch-start", Button.class).isDisabled())).isTrue();
      Fx.run(() -> text.setText(text.getText().replace("lambda_kl: -1", "lambda_kl: 0.05")));
      Fx.await("it is valid", () -> verdict.getText().startsWith("A valid spec"));
      Fx.run(() -> bench.find("#branch-start", Button.class).fire());
      Fx.await("it is started", () -> bench.started.size() == 1);
      assertThat(bench.started.getFirst()).contains("lambda_kl: 0.05");
      assertThat(Fx.call(() -> bench.scene.getRoot().lookup("#branch-spec"))).isNull();
    }
  }

  @Test
  void whatIsOpenForReadingCanBeFilteredAndNotChanged() {
    try (Workspace other = Workspace.open(folder.resolve("w"))) {
      other.ingest();
      try (Bench bench = bench()) {
        filter(bench, "ppo", 3);
        select(bench, 0);
        press(KeyCode.S);
        press(KeyCode.DELETE);
        bench.settle();
        assertThat(Fx.call(() -> bench.find("#runs-tags", TextField.class).isDisabled())).isTrue();
        assertThat(other.table().find(dev.plumbline.workspace.RunQuery.ALL)).hasSize(4);
        press(KeyCode.CONTROL, KeyCode.C);
        assertThat(bench.copied).singleElement().asString().startsWith("plumbline run ");
      }
    }
  }

  @Test
  void savedViewsKeepFilterColumnsOrderAndGrouping() {
    try (Bench bench = bench()) {
      select(bench, 0);
      press(KeyCode.C);
      bench.settle(); // a field hears keys once it has been laid out
      robot.write("lambda_kl");
      press(KeyCode.ENTER);
      press(KeyCode.ESCAPE);
      Fx.await("the column", () -> table(bench).getColumns().size() == 10);
      filter(bench, "ppo", 3);
      Fx.run(
          () ->
              bench.find("#runs-views", javafx.scene.control.MenuButton.class).getItems().stream()
                  .filter(item -> "runs-views-save".equals(item.getId()))
                  .forEach(javafx.scene.control.MenuItem::fire));
      bench.settle(); // a field hears keys once it has been laid out
      robot.write("policies");
      press(KeyCode.ENTER);
      Fx.await("it is saved", () -> views(bench).contains("policies"));
      Fx.run(() -> menu(bench, "Standard view"));
      Fx.await("the standard view", () -> table(bench).getColumns().size() == 9);
      Fx.await("all", () -> table(bench).getItems().size() == 4);
      Fx.run(() -> menu(bench, "policies"));
      Fx.await("its columns", () -> table(bench).getColumns().size() == 10);
      Fx.await("its filter", () -> table(bench).getItems().size() == 3);
    }
  }

  private static List<String> views(Bench bench) {
    return bench.find("#runs-views", javafx.scene.control.MenuButton.class).getItems().stream()
        .map(javafx.scene.control.MenuItem::getText)
        .toList();
  }

  private static void menu(Bench bench, String text) {
    bench.find("#runs-views", javafx.scene.control.MenuButton.class).getItems().stream()
        .filter(item -> text.equals(item.getText()))
        .forEach(javafx.scene.control.MenuItem::fire);
  }
}
