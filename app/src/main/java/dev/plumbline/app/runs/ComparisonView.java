package dev.plumbline.app.runs;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.workspace.SpecComparison;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The settings of the chosen runs side by side: what differs, or all. */
final class ComparisonView extends VBox {
  private static final PseudoClass DIFFERS = PseudoClass.getPseudoClass("differs");

  private final ObservableList<SpecComparison.Row> rows = FXCollections.observableArrayList();
  private final TableView<SpecComparison.Row> table = new TableView<>(rows);
  private final CheckBox all = new CheckBox(Strings.text("runs.compare.all"));
  private final TextField search = new TextField();
  private final Label note = Ui.label("", "subtle", "small-text");
  private SpecComparison comparison = new SpecComparison(List.of(), List.of());

  /**
   * @param onKey takes a key whose column is wanted in the table of runs
   */
  ComparisonView(Consumer<String> onKey) {
    super(8);
    table.setId("runs-compare");
    table.setAccessibleText(Strings.text("runs.compare"));
    table.setPlaceholder(Ui.label(Strings.text("runs.compare.same"), "muted"));
    table.setRowFactory(
        _ -> {
          TableRow<SpecComparison.Row> row =
              new TableRow<>() {
                @Override
                protected void updateItem(SpecComparison.@Nullable Row item, boolean empty) {
                  super.updateItem(item, empty);
                  pseudoClassStateChanged(
                      DIFFERS, item != null && item.differs() && comparison.runs().size() > 1);
                }
              };
          row.setOnMouseClicked(
              event -> {
                if (event.getClickCount() == 2 && row.getItem() != null) {
                  onKey.accept(row.getItem().key());
                }
              });
          return row;
        });
    all.setId("runs-compare-all");
    all.selectedProperty().subscribe(_ -> fill());
    search.setPromptText(Strings.text("runs.compare.search"));
    search.setAccessibleText(Strings.text("runs.compare.search"));
    search.textProperty().subscribe(_ -> fill());
    search.setMinWidth(60);
    HBox.setHgrow(search, Priority.ALWAYS);
    all.setMinWidth(USE_PREF_SIZE);
    note.setWrapText(true);
    VBox.setVgrow(table, Priority.ALWAYS);
    getChildren().setAll(Ui.row(8, search, all), table, note);
  }

  /** Shows other runs. */
  void show(SpecComparison next, int more) {
    boolean sameRuns = next.runs().equals(comparison.runs());
    comparison = next;
    boolean one = next.runs().size() < 2;
    all.setVisible(!one);
    all.setManaged(!one);
    if (!sameRuns || table.getColumns().isEmpty()) {
      List<TableColumn<SpecComparison.Row, String>> columns = new java.util.ArrayList<>();
      columns.add(column(Strings.text("runs.compare.key"), 150, -1));
      for (int i = 0; i < next.runs().size(); i++) {
        columns.add(column(next.runs().get(i).name(), one ? 190 : 112, i));
      }
      table.getColumns().setAll(columns);
    }
    fill();
    note.setText(
        one
            ? Strings.text("runs.compare.count", next.rows().size())
            : more > 0
                ? Strings.text("runs.compare.more", next.equal(), next.runs().size(), more)
                : Strings.text("runs.compare.equal", next.equal()));
  }

  private void fill() {
    String wanted = search.getText().strip().toLowerCase(Locale.ROOT);
    boolean everything = all.isSelected() || comparison.runs().size() < 2;
    rows.setAll(
        comparison.rows().stream()
            .filter(row -> everything || row.differs())
            .filter(row -> row.key().toLowerCase(Locale.ROOT).contains(wanted))
            .toList());
  }

  private static TableColumn<SpecComparison.Row, String> column(
      String title, double width, int run) {
    TableColumn<SpecComparison.Row, String> column = new TableColumn<>();
    // runs of a study begin alike: what tells them apart stands at the end of their names
    Label head = new Label(title);
    head.setTextOverrun(run < 0 ? OverrunStyle.ELLIPSIS : OverrunStyle.LEADING_ELLIPSIS);
    Ui.tip(head, title);
    head.maxWidthProperty().bind(column.widthProperty().subtract(20));
    column.setGraphic(head);
    column.setPrefWidth(width);
    column.setMinWidth(56);
    column.setReorderable(false);
    column.setCellValueFactory(
        data ->
            new ReadOnlyStringWrapper(
                run < 0 ? data.getValue().key() : value(data.getValue().values().get(run))));
    column.setCellFactory(
        _ ->
            new TableCell<>() {
              private final Tooltip tip = new Tooltip();

              @Override
              protected void updateItem(@Nullable String text, boolean empty) {
                super.updateItem(text, empty);
                setText(empty || text == null ? "" : run < 0 ? shortened(text) : text);
                if (empty || text == null) {
                  setTooltip(null);
                } else {
                  tip.setText(text);
                  setTooltip(tip);
                }
              }
            });
    return column;
  }

  private static String value(String text) {
    return text.isEmpty() ? Numbers.NONE : FieldWords.setting(text);
  }

  /** A key without its stage, which stands above. */
  private static String shortened(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : key.substring(dot + 1);
  }
}
