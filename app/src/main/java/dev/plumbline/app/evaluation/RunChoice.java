package dev.plumbline.app.evaluation;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** Runs to take in or out, with a field that finds them by name; space takes one in or out. */
final class RunChoice extends VBox {
  private final TextField search = new TextField();
  private final ListView<RunRow> list = new ListView<>();
  private final Supplier<List<String>> chosen;
  private final Predicate<String> toggle;
  private List<RunRow> all = List.of();

  /**
   * @param id begins the ids of its nodes
   * @param chosen ids of the runs that are in
   * @param toggle takes one in or out, and says whether it did
   */
  RunChoice(String id, Supplier<List<String>> chosen, Predicate<String> toggle) {
    super(8);
    this.chosen = chosen;
    this.toggle = toggle;
    search.setId(id + "-search");
    search.setPromptText(Strings.text("evaluation.runs.search"));
    search.setAccessibleText(Strings.text("evaluation.runs.search"));
    search.textProperty().subscribe(this::filter);
    list.setId(id);
    list.setAccessibleText(Strings.text("evaluation.runs"));
    list.getStyleClass().add("plain-list");
    list.setPlaceholder(Ui.label(Strings.text("evaluation.runs.none"), "muted"));
    list.setCellFactory(ignored -> new Cell());
    list.setOnKeyPressed(
        event -> {
          RunRow run = list.getSelectionModel().getSelectedItem();
          if (run != null && event.getCode() == KeyCode.SPACE) {
            event.consume();
            if (!toggle.test(run.id())) {
              list.refresh();
            }
          }
        });
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(search, list);
  }

  /** Shows these runs. */
  void show(List<RunRow> runs) {
    if (!runs.equals(all)) {
      all = runs;
      filter();
    }
    list.refresh();
  }

  /** What takes the keys first. */
  TextField first() {
    return search;
  }

  private void filter() {
    String asked = search.getText().strip().toLowerCase(Locale.ROOT);
    list.getItems()
        .setAll(
            all.stream()
                .filter(
                    run ->
                        (run.name() + ' ' + run.id() + ' ' + String.join(" ", run.tags()))
                            .toLowerCase(Locale.ROOT)
                            .contains(asked))
                .toList());
  }

  /** A run with a box. */
  private final class Cell extends ListCell<RunRow> {
    private final CheckBox box = new CheckBox();
    private final Tooltip tip = Ui.tooltip("");

    Cell() {
      box.setMnemonicParsing(false);
      // a long name is cut in the middle, since runs differ at their ends, and never scrolled to
      setPrefWidth(0);
      box.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      box.setMaxWidth(Double.MAX_VALUE);
      box.setTooltip(tip);
      box.setFocusTraversable(false);
      box.setOnAction(
          event -> {
            // a choice that is not taken, such as one too many, is not shown as if it were
            if (getItem() != null && !toggle.test(getItem().id())) {
              box.setSelected(chosen.get().contains(getItem().id()));
            }
          });
    }

    @Override
    protected void updateItem(@Nullable RunRow run, boolean nothing) {
      super.updateItem(run, nothing);
      if (nothing || run == null) {
        setGraphic(null);
        return;
      }
      box.setText(run.name());
      tip.setText(run.id());
      box.setSelected(chosen.get().contains(run.id()));
      setAccessibleText(run.name() + ", " + RunWords.state(run.state()));
      setGraphic(box);
    }
  }
}
