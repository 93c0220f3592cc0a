package dev.plumbline.app.runs;

import atlantafx.base.controls.CustomTextField;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * The filter of the table of runs: proposals while one types, and a line below that says what is
 * wrong and where.
 */
final class FilterField extends VBox {
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
  private static final double ROW = 30;

  private final CustomTextField field = new CustomTextField();
  private final Label note = Ui.label("", "small-text");
  private final ListView<RunCompletion.Proposal> list = new ListView<>();
  private final Popup popup = new Popup();
  private final RunsViewModel model;
  private RunCompletion.@Nullable Place place;
  private boolean putting;

  FilterField(RunsViewModel model, Node count) {
    super(4);
    this.model = model;
    field.setId("runs-filter");
    field.setPromptText(Strings.text("runs.filter"));
    field.setAccessibleText(Strings.text("runs.filter"));
    field.setAccessibleHelp(Strings.text("runs.filter.tip"));
    field.setLeft(padded(Ui.icon(Feather.SEARCH)));
    field.setRight(padded(count));
    field.textProperty().bindBidirectional(model.filter());
    note.setId("runs-filter-note");
    note.setWrapText(true);
    note.managedProperty().bind(note.visibleProperty());
    note.visibleProperty().bind(note.textProperty().isNotEmpty());
    getChildren().setAll(field, note);
    makePopup();
    field.textProperty().subscribe((_, _) -> propose());
    field
        .focusedProperty()
        .subscribe(
            focused -> {
              if (!focused) {
                popup.hide();
              }
            });
    field.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.problem().subscribe(this::tell);
    model.shown().subscribe(this::tell);
  }

  /** The field itself. */
  CustomTextField field() {
    return field;
  }

  private static Node padded(Node node) {
    HBox box = Ui.row(0, node);
    box.setPadding(new Insets(0, 10, 0, 10));
    return box;
  }

  private void makePopup() {
    list.setId("runs-proposals");
    list.getStyleClass().add("runs-proposals");
    list.setFocusTraversable(false);
    list.setPrefWidth(430);
    list.setCellFactory(_ -> new ProposalCell());
    list.setOnMouseClicked(_ -> put());
    popup.getContent().setAll(list);
    popup.setAutoHide(true);
    popup.setHideOnEscape(false); // the field hears it, or it would close what lies around too
  }

  private void propose() {
    if (putting || !field.isFocused()) {
      return;
    }
    // the caret follows the text a moment later
    dev.plumbline.app.shell.FxBridge.later(
        () ->
            model.complete(
                field.getText(),
                field.getCaretPosition(),
                (at, proposals) -> show(at, proposals, false)));
  }

  private void show(RunCompletion.Place at, List<RunCompletion.Proposal> proposals, boolean asked) {
    place = at;
    boolean useless =
        proposals.isEmpty()
            || (proposals.size() == 1 && proposals.getFirst().text().equals(at.begun()))
            || (!asked && at.begun().isEmpty() && at.field().isEmpty());
    if (useless || !field.isFocused() || field.getScene() == null) {
      popup.hide();
      return;
    }
    list.getItems().setAll(proposals);
    list.getSelectionModel().clearSelection();
    list.setPrefHeight(Math.min(proposals.size(), 9) * ROW + 10);
    list.scrollTo(0);
    Bounds bounds = field.localToScreen(field.getBoundsInLocal());
    if (bounds != null) {
      popup.show(field, bounds.getMinX(), bounds.getMaxY() + 2);
    }
  }

  private void key(KeyEvent event) {
    boolean open = popup.isShowing();
    int selected = list.getSelectionModel().getSelectedIndex();
    if (event.getCode() == KeyCode.SPACE && event.isControlDown()) {
      model.complete(
          field.getText(), field.getCaretPosition(), (at, proposals) -> show(at, proposals, true));
    } else if (open && event.getCode() == KeyCode.DOWN) {
      select(Math.min(selected + 1, list.getItems().size() - 1));
    } else if (open && event.getCode() == KeyCode.UP) {
      select(Math.max(selected - 1, 0));
    } else if (open && selected >= 0 && event.getCode() == KeyCode.ENTER) {
      put();
    } else if (open && event.getCode() == KeyCode.TAB && !event.isShiftDown()) {
      select(Math.max(selected, 0));
      put();
    } else if (open && event.getCode() == KeyCode.ESCAPE) {
      popup.hide();
    } else if (event.getCode() == KeyCode.ESCAPE && !field.getText().isEmpty()) {
      field.clear();
    } else {
      return;
    }
    event.consume();
  }

  private void select(int index) {
    list.getSelectionModel().select(index);
    list.scrollTo(Math.max(0, index - 6));
  }

  private void put() {
    RunCompletion.Proposal chosen = list.getSelectionModel().getSelectedItem();
    RunCompletion.Place at = place;
    if (chosen == null || at == null || at.end() > field.getLength()) {
      return;
    }
    putting = true;
    field.replaceText(at.start(), at.end(), chosen.text());
    field.positionCaret(at.start() + chosen.text().length());
    putting = false;
    popup.hide();
  }

  private void tell() {
    boolean wrong = model.problem().get().isPresent();
    pseudoClassStateChanged(WRONG, wrong);
    note.getStyleClass().setAll("label", "small-text", wrong ? "bad" : "muted");
    note.setText(
        model
            .problem()
            .get()
            .map(
                problem ->
                    Strings.text("runs.filter.problem", problem.position() + 1, problem.message()))
            .orElseGet(
                () ->
                    model.shown().get().unknown().isEmpty()
                        ? ""
                        : Strings.text(
                            "runs.filter.unknown",
                            model.shown().get().unknown().getFirst().text())));
    field.setAccessibleHelp(
        note.getText().isEmpty() ? Strings.text("runs.filter.tip") : note.getText());
  }

  private static final class ProposalCell extends ListCell<RunCompletion.Proposal> {
    @Override
    protected void updateItem(RunCompletion.@Nullable Proposal proposal, boolean empty) {
      super.updateItem(proposal, empty);
      if (empty || proposal == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      setGraphic(
          Ui.row(
              12,
              Ui.label(proposal.text()),
              Ui.spring(),
              Ui.label(proposal.note(), "subtle", "small-text")));
      setAccessibleText(proposal.text() + ", " + proposal.note());
    }
  }
}
