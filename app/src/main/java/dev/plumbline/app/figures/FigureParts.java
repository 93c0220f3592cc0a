package dev.plumbline.app.figures;

import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Parts of a card, one shown at a time, chosen by buttons in a row above. */
final class FigureParts {
  /**
   * A part.
   *
   * @param id ends the id of its button: {@code figures-part-ID}
   */
  record Part(String id, String name, Region content) {}

  private FigureParts() {}

  static Node of(Part... parts) {
    ToggleGroup group = new ToggleGroup();
    HBox buttons = new HBox(4);
    StackPane shown = new StackPane();
    for (Part part : parts) {
      part.content().setPadding(new Insets(0, 12, 0, 0)); // clear of the scroll bar
      ScrollPane scroll = new ScrollPane();
      scroll.setFitToWidth(true);
      scroll.getStyleClass().add("card-scroll");
      ToggleButton button = new ToggleButton(part.name());
      button.setId("figures-part-" + part.id());
      button.setToggleGroup(group);
      button.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(button, Priority.ALWAYS);
      // A part that nobody looks at costs no layout: the page is there sooner.
      button
          .selectedProperty()
          .subscribe(
              (was, is) -> {
                if (is) {
                  scroll.setContent(part.content());
                }
              });
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
