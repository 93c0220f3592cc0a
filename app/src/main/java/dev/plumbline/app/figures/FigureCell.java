package dev.plumbline.app.figures;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** A line of the catalogue: where the figure stands, what it shows, and where its rows are from. */
final class FigureCell extends ListCell<FigureEntry> {
  private final Label place = Ui.label("", "strong");
  private final Label badge = Ui.whole("", "subtle", "small-text");
  private final Label title = Ui.label("", "muted", "small-text");
  private final Label from = Ui.label("", "subtle", "small-text");
  private final VBox box = new VBox(1, Ui.row(6, place, Ui.spring(), badge), title, from);

  FigureCell() {
    setPrefWidth(0);
    HBox.setHgrow(place, Priority.SOMETIMES);
  }

  @Override
  protected void updateItem(@Nullable FigureEntry entry, boolean blank) {
    super.updateItem(entry, blank);
    if (entry == null || blank) {
      setGraphic(null);
      setAccessibleText("");
      return;
    }
    place.setText(entry.place().isEmpty() ? entry.title() : entry.place());
    title.setText(entry.title());
    from.setText(entry.from());
    badge.setText(
        switch (entry.kind()) {
          case READY -> "";
          case KEPT -> Strings.text("figures.kept");
          case MISSING -> Strings.text("figures.missing");
          case NEVER -> Strings.text("figures.never");
        });
    box.setOpacity(entry.isDrawn() ? 1 : 0.8);
    Ui.tip(this, entry.title() + " · " + entry.from());
    setAccessibleText(
        String.join(", ", entry.place(), entry.title(), entry.from(), badge.getText()));
    setGraphic(box);
  }
}
