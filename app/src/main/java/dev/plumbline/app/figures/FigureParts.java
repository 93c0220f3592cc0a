package dev.plumbline.app.figures;

import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Parts of a card, one shown at a time, chosen by buttons in a row above. */
final class FigureParts {
  private FigureParts() {}

  @SafeVarargs
  static Node of(Map.Entry<String, Node>... parts) {
    ToggleGroup group = new ToggleGroup();
    HBox buttons = new HBox(4);
    StackPane shown = new StackPane();
    for (Map.Entry<String, Node> part : parts) {
      ScrollPane scroll = new ScrollPane(part.getValue());
      scroll.setFitToWidth(true);
      scroll.getStyleClass().add("card-scroll");
      ToggleButton button = new ToggleButton(part.getKey());
      button.setToggleGroup(group);
      button.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(button, Priority.ALWAYS);
      scroll.visibleProperty().bind(button.selectedProperty());
      scroll.managedProperty().bind(button.selectedProperty());
      buttons.getChildren().add(button);
      shown.getChildren().add(scroll);
    }
    group.selectToggle(group.getToggles().getFirst());
    group
        .selectedToggleProperty()
        .subscribe(
            (was, is) -> {
              if (is == null && was != null) {
                group.selectToggle(was); // one is always shown
              }
            });
    VBox.setVgrow(shown, Priority.ALWAYS);
    return new VBox(10, buttons, shown);
  }
}
