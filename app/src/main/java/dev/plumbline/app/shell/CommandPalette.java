package dev.plumbline.app.shell;

import java.util.function.Function;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** A field over the page in which every action is found by its words and done with Enter. */
final class CommandPalette extends StackPane {
  private final TextField query = new TextField();
  private final ObservableList<Action> found = FXCollections.observableArrayList();
  private final ListView<Action> list = new ListView<>(found);
  private final Function<String, java.util.List<Action>> search;
  private @Nullable Node before;

  CommandPalette(Function<String, java.util.List<Action>> search) {
    this.search = search;
    getStyleClass().add("palette-veil");
    setId("palette");
    setVisible(false);
    setAlignment(Pos.TOP_CENTER);
    query.setPromptText(Strings.text("palette.prompt"));
    query.setAccessibleText(Strings.text("palette.prompt"));
    query.setId("palette-query");
    list.setFocusTraversable(false);
    list.setCellFactory(ignored -> new ActionCell());
    list.setPlaceholder(Ui.label(Strings.text("palette.none"), "muted"));
    VBox box = new VBox(query, list);
    box.getStyleClass().add("palette");
    box.setMaxSize(560, USE_PREF_SIZE);
    getChildren().add(box);
    query.textProperty().subscribe(this::refresh);
    query.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    list.setOnMouseClicked(event -> choose());
    setOnMousePressed(
        event -> {
          if (event.getTarget() == this) {
            close();
          }
        });
  }

  void open() {
    if (isVisible()) {
      close();
      return;
    }
    before = getScene().getFocusOwner();
    query.clear();
    refresh();
    setVisible(true);
    query.requestFocus();
  }

  private void close() {
    setVisible(false);
    // A page that is taken away must not be held by what was found or focused on it.
    found.clear();
    if (before != null) {
      before.requestFocus();
      before = null;
    }
  }

  private void refresh() {
    found.setAll(search.apply(query.getText()));
    list.getSelectionModel().selectFirst();
    list.setPrefHeight(Math.clamp(found.size() * 36L + 2, 74, 400));
  }

  private void key(KeyEvent event) {
    int selected = list.getSelectionModel().getSelectedIndex();
    switch (event.getCode()) {
      case ESCAPE -> close();
      case ENTER -> choose();
      case DOWN -> select(Math.min(selected + 1, found.size() - 1));
      case UP -> select(Math.max(selected - 1, 0));
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void select(int index) {
    list.getSelectionModel().select(index);
    list.scrollTo(Math.max(0, index - 5));
  }

  private void choose() {
    Action action = list.getSelectionModel().getSelectedItem();
    if (action != null && action.enabled().get()) {
      close();
      action.run();
    }
  }

  private static final class ActionCell extends ListCell<Action> {
    @Override
    protected void updateItem(@Nullable Action action, boolean empty) {
      super.updateItem(action, empty);
      if (empty || action == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      Label text = Ui.label(action.text());
      HBox row = Ui.row(12, Ui.icon(action.icon()), text, Ui.spring());
      String obstacle = action.obstacle().get();
      if (!obstacle.isEmpty()) {
        row.getChildren().add(Ui.label(obstacle, "subtle", "small-text"));
      } else if (action.key() != null) {
        row.getChildren().add(Ui.label(action.key().getDisplayText(), "key"));
      }
      row.setDisable(!action.enabled().get());
      setGraphic(row);
      setAccessibleText(action.text());
    }
  }
}
