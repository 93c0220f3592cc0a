package dev.plumbline.app.runs;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.control.Button;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * Which columns the table has: all that there are at the left, those that are shown at the right.
 */
final class ColumnsPanel extends HBox {
  private static final double HEIGHT = 380;

  private final ObservableList<RunsLayout.Column> shown = FXCollections.observableArrayList();
  private final ObservableList<RunField> found = FXCollections.observableArrayList();
  private final ListView<RunField> all = new ListView<>(found);
  private final ListView<RunsLayout.Column> columns = new ListView<>(shown);
  private final TextField search = new TextField();
  private final Consumer<List<RunsLayout.Column>> onChange;

  ColumnsPanel(
      List<RunsLayout.Column> now,
      RunVocabulary words,
      Consumer<List<RunsLayout.Column>> onChange) {
    super(14);
    this.onChange = onChange;
    shown.setAll(now);
    search.setId("columns-search");
    search.setPromptText(Strings.text("runs.columns.search"));
    search.setAccessibleText(Strings.text("runs.columns.search"));
    List<RunField> fields = fields(words);
    search.textProperty().subscribe(text -> find(fields, text));
    all.setId("columns-all");
    all.setAccessibleText(Strings.text("runs.columns.all"));
    all.setCellFactory(_ -> new FieldCell<>(field -> field, field -> isShown(field)));
    all.setPrefHeight(HEIGHT);
    all.getStyleClass().add("plain-list");
    all.setOnMouseClicked(
        event -> {
          if (event.getClickCount() == 2) {
            toggle();
          }
        });
    all.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
            toggle();
            event.consume();
          }
        });
    search.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.DOWN) {
            all.requestFocus();
            all.getSelectionModel().selectFirst();
            event.consume();
          } else if (event.getCode() == KeyCode.ENTER && !found.isEmpty()) {
            all.getSelectionModel().selectFirst();
            toggle();
            event.consume();
          }
        });
    columns.setId("columns-shown");
    columns.setAccessibleText(Strings.text("runs.columns.shown"));
    columns.getStyleClass().add("plain-list");
    columns.setPrefHeight(HEIGHT);
    columns.setCellFactory(
        _ ->
            new FieldCell<RunsLayout.Column>(
                column -> RunField.parse(column.field()).orElseThrow(), RunsLayout.Column::pinned));
    columns.setOnKeyPressed(this::key);
    Button add =
        button("columns-add", Strings.text("runs.columns.add"), Feather.PLUS, this::toggle);
    Button up =
        button("columns-up", Strings.text("runs.columns.up"), Feather.ARROW_UP, () -> move(-1));
    Button down =
        button(
            "columns-down", Strings.text("runs.columns.down"), Feather.ARROW_DOWN, () -> move(1));
    Button pin = button("columns-pin", Strings.text("runs.columns.pin"), Feather.LOCK, this::pin);
    Button remove =
        button(
            "columns-remove", Strings.text("runs.columns.remove"), Feather.TRASH_2, this::remove);
    Button standard =
        button(
            "columns-standard",
            Strings.text("runs.columns.standard"),
            Feather.ROTATE_CCW,
            () -> {
              shown.setAll(RunsLayout.standard().columns());
              changed(0);
            });
    VBox left =
        new VBox(
            8,
            Ui.row(6, search, add),
            Ui.label(Strings.text("runs.columns.all"), "subtle", "small-text"),
            all);
    HBox tools = Ui.row(2, up, down, pin, remove, Ui.spring(), standard);
    tools.minHeightProperty().bind(search.heightProperty());
    VBox right =
        new VBox(
            8,
            tools,
            Ui.label(Strings.text("runs.columns.shown"), "subtle", "small-text"),
            columns);
    HBox.setHgrow(search, Priority.ALWAYS);
    HBox.setHgrow(left, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    left.setPrefWidth(330);
    right.setPrefWidth(300);
    getChildren().setAll(left, right);
  }

  /** What gets the focus first. */
  TextField search() {
    return search;
  }

  private static Button button(String id, String text, Feather icon, Runnable task) {
    Button button = Ui.iconButton(text, icon, task);
    button.setId(id);
    return button;
  }

  /** Everything that can be a column: attributes, last values, settings, other statistics. */
  static List<RunField> fields(RunVocabulary words) {
    List<RunField> fields = new ArrayList<>();
    for (RunField.Attribute attribute : RunField.Attribute.values()) {
      fields.add(RunField.of(attribute));
    }
    words.metrics().forEach(metric -> fields.add(RunField.last(metric)));
    words.settings().forEach(key -> fields.add(new RunField.Setting(key)));
    for (String metric : words.metrics()) {
      for (RunField.Statistic statistic : RunField.Statistic.values()) {
        if (statistic != RunField.Statistic.LAST) {
          fields.add(new RunField.Curve(metric, statistic));
        }
      }
    }
    return fields;
  }

  private void find(List<RunField> fields, String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    found.setAll(
        fields.stream()
            .filter(
                field ->
                    (field.text() + " " + FieldWords.title(field))
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted))
            .toList());
  }

  private boolean isShown(RunField field) {
    return shown.stream().anyMatch(column -> column.field().equals(field.text()));
  }

  private void toggle() {
    RunField field = all.getSelectionModel().getSelectedItem();
    if (field == null) {
      return;
    }
    if (isShown(field)) {
      if (shown.size() > 1) {
        shown.removeIf(column -> column.field().equals(field.text()));
      }
    } else {
      shown.add(new RunsLayout.Column(field.text(), 0, false));
    }
    changed(shown.size() - 1);
    all.refresh();
  }

  private void key(KeyEvent event) {
    if (event.isAltDown() && event.getCode() == KeyCode.UP) {
      move(-1);
    } else if (event.isAltDown() && event.getCode() == KeyCode.DOWN) {
      move(1);
    } else if (event.getCode() == KeyCode.DELETE) {
      remove();
    } else if (event.getCode() == KeyCode.SPACE) {
      pin();
    } else {
      return;
    }
    event.consume();
  }

  private void move(int by) {
    int at = columns.getSelectionModel().getSelectedIndex();
    int to = at + by;
    if (at < 0
        || to < 0
        || to >= shown.size()
        || shown.get(at).pinned() != shown.get(to).pinned()) {
      return; // pinned ones stay before the others
    }
    RunsLayout.Column moved = shown.remove(at);
    shown.add(to, moved);
    changed(to);
  }

  private void pin() {
    int at = columns.getSelectionModel().getSelectedIndex();
    if (at >= 0) {
      RunsLayout.Column column = shown.get(at);
      RunsLayout.Column next =
          new RunsLayout.Column(column.field(), column.width(), !column.pinned());
      shown.set(at, next);
      shown.setAll(new RunsLayout("", List.copyOf(shown), List.of(), null).columns());
      changed(shown.indexOf(next));
    }
  }

  private void remove() {
    int at = columns.getSelectionModel().getSelectedIndex();
    if (at >= 0 && shown.size() > 1) {
      shown.remove(at);
      changed(Math.min(at, shown.size() - 1));
      all.refresh();
    }
  }

  private void changed(int selected) {
    columns.getSelectionModel().clearAndSelect(selected);
    columns.scrollTo(Math.max(0, selected - 4));
    onChange.accept(List.copyOf(shown));
  }

  private static final class FieldCell<T> extends ListCell<T> {
    private final Function<T, RunField> field;
    private final Function<T, Boolean> marked;

    FieldCell(Function<T, RunField> field, Function<T, Boolean> marked) {
      this.field = field;
      this.marked = marked;
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable T item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      RunField of = field.apply(item);
      String title = FieldWords.title(of);
      HBox row =
          Ui.row(
              8,
              Ui.label(title),
              Ui.spring(),
              Ui.label(FieldWords.path(of), "subtle", "small-text"));
      if (marked.apply(item)) {
        row.getChildren().add(Ui.icon(item instanceof RunField ? Feather.CHECK : Feather.LOCK));
      }
      setGraphic(row);
      setAccessibleText(title + ", " + of.text());
    }
  }
}
