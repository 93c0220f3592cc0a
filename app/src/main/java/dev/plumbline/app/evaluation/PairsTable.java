package dev.plumbline.app.evaluation;

import dev.plumbline.app.evaluation.CalibrationState.Order;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.dialogue.Comparison;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.PseudoClass;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons, a row each. A click on a head asks the view model for another order, so that nothing
 * is sorted on the JavaFX thread; Enter and a double click open a row.
 */
final class PairsTable extends TableView<HeldOutPair> {
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  PairsTable(CalibrationViewModel model, Consumer<HeldOutPair> open) {
    setId("calibration-pairs");
    setAccessibleText(Strings.text("calibration.pairs.name"));
    setPlaceholder(Ui.label(Strings.text("calibration.pairs.none"), "muted"));
    getColumns().add(number("calibration.p", 64, Order.P, pair -> Numbers.fixed(pair.p(), 3), "p"));
    getColumns()
        .add(
            number(
                "calibration.margin",
                70,
                Order.MARGIN,
                pair -> Numbers.signed(pair.margin(), 2),
                "margin"));
    getColumns().add(text("calibration.prompt", 230, Order.PROMPT, HeldOutPair::question));
    getColumns()
        .add(
            text(
                "calibration.chosen",
                230,
                Order.CHOSEN,
                pair -> pair.text().map(Comparison::chosen).orElse("")));
    getColumns()
        .add(
            number(
                "calibration.score",
                64,
                Order.SCORE_CHOSEN,
                pair -> Numbers.fixed(pair.scoreChosen(), 2),
                "score"));
    getColumns()
        .add(
            text(
                "calibration.rejected",
                230,
                Order.REJECTED,
                pair -> pair.text().map(Comparison::rejected).orElse("")));
    getColumns()
        .add(
            number(
                "calibration.score",
                64,
                Order.SCORE_REJECTED,
                pair -> Numbers.fixed(pair.scoreRejected(), 2),
                "score"));
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setSortPolicy(
        table -> {
          if (!table.getSortOrder().isEmpty()) {
            TableColumn<HeldOutPair, ?> by = table.getSortOrder().getFirst();
            model.setOrder(
                (Order) by.getUserData(), by.getSortType() == TableColumn.SortType.ASCENDING);
          }
          return true;
        });
    setRowFactory(
        _ -> {
          TableRow<HeldOutPair> row = new Row();
          row.setOnMouseClicked(
              event -> {
                if (event.getClickCount() == 2 && row.getItem() != null) {
                  open.accept(row.getItem());
                }
              });
          return row;
        });
    setOnKeyPressed(
        event -> {
          HeldOutPair pair = getSelectionModel().getSelectedItem();
          if (event.getCode() == KeyCode.ENTER && pair != null) {
            event.consume();
            open.accept(pair);
          }
        });
  }

  private TableColumn<HeldOutPair, String> number(
      String key, double width, Order order, Function<HeldOutPair, String> words, String what) {
    TableColumn<HeldOutPair, String> column = column(name(key), width, order, words);
    column.getStyleClass().add("number");
    column.setMinWidth(width);
    column.setMaxWidth(width + 30);
    column.setCellFactory(
        _ -> {
          TableCell<HeldOutPair, String> cell = new TextCell(false);
          cell.getStyleClass().addAll("number", "pair-" + what);
          return cell;
        });
    return column;
  }

  private static String name(String key) {
    return switch (key) {
      case "calibration.p" -> Strings.text("calibration.p");
      case "calibration.margin" -> Strings.text("calibration.margin");
      case "calibration.prompt" -> Strings.text("calibration.prompt");
      case "calibration.chosen" -> Strings.text("calibration.chosen");
      case "calibration.rejected" -> Strings.text("calibration.rejected");
      default -> Strings.text("calibration.score");
    };
  }

  private TableColumn<HeldOutPair, String> text(
      String key, double width, Order order, Function<HeldOutPair, String> words) {
    TableColumn<HeldOutPair, String> column =
        column(name(key), width, order, pair -> words.apply(pair).strip().replace('\n', ' '));
    column.setMinWidth(90);
    column.setCellFactory(_ -> new TextCell(true));
    return column;
  }

  private static TableColumn<HeldOutPair, String> column(
      String name, double width, Order order, Function<HeldOutPair, String> words) {
    TableColumn<HeldOutPair, String> column = new TableColumn<>(name);
    column.setUserData(order);
    column.setPrefWidth(width);
    column.setReorderable(false);
    column.setCellValueFactory(row -> new SimpleObjectProperty<>(words.apply(row.getValue())));
    return column;
  }

  /** A row whose margin is marked where the model is wrong. */
  private static final class Row extends TableRow<HeldOutPair> {
    @Override
    protected void updateItem(@Nullable HeldOutPair pair, boolean nothing) {
      super.updateItem(pair, nothing);
      pseudoClassStateChanged(WRONG, pair != null && !pair.right());
    }
  }

  /** A cell of one line, whole in its tooltip where it is a text. */
  private static final class TextCell extends TableCell<HeldOutPair, String> {
    private final boolean tip;

    TextCell(boolean tip) {
      this.tip = tip;
      setTextOverrun(OverrunStyle.ELLIPSIS);
      setWrapText(false);
    }

    @Override
    protected void updateItem(@Nullable String words, boolean nothing) {
      super.updateItem(words, nothing);
      String shown = nothing || words == null ? "" : words;
      setText(shown);
      setTooltip(tip && !shown.isEmpty() ? Ui.tooltip(shown) : null);
    }
  }
}
