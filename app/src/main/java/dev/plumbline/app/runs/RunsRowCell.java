package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunLine;
import java.util.Optional;
import javafx.beans.value.ObservableDoubleValue;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** A value of a run, or of a group of runs. */
final class RunsRowCell extends TableCell<RunsRow, RunsRow> {
  private final RunsViewModel model;
  private final RunField field;
  private final Label pill = Ui.whole("", "pill");
  private final FontIcon star = Ui.icon(Feather.STAR);

  RunsRowCell(RunsViewModel model, RunField field, boolean pinned, ObservableDoubleValue scrolled) {
    this.model = model;
    this.field = field;
    star.getStyleClass().add("star");
    if (FieldWords.isRight(field)) {
      getStyleClass().add("number");
    }
    if (pinned) {
      getStyleClass().add("pinned-cell");
      setViewOrder(-1);
      translateXProperty().bind(scrolled);
    }
  }

  /** What tells two columns apart. */
  static String key(RunsLayout.Column column) {
    return column.field() + (column.pinned() ? "|" : "");
  }

  @Override
  protected void updateItem(@Nullable RunsRow row, boolean empty) {
    super.updateItem(row, empty);
    setGraphic(null);
    setText("");
    setContentDisplay(javafx.scene.control.ContentDisplay.LEFT);
    if (empty || row == null) {
      return;
    }
    switch (row) {
      case RunsRow.Run run -> show(run);
      case RunsRow.Group group -> show(group);
    }
  }

  private void show(RunsRow.Group row) {
    int place = model.place(field);
    boolean first = getTableView().getColumns().getFirst().equals(getTableColumn());
    if (first) {
      setGraphic(Ui.icon(row.open() ? Feather.CHEVRON_DOWN : Feather.CHEVRON_RIGHT));
      setText(
          model
              .layout()
              .get()
              .grouping()
              .map(
                  by ->
                      FieldWords.group(row.group().value(), by)
                          + "  ·  "
                          + row.group().members().size())
              .orElse(""));
    } else if (place >= 0 && place < row.group().columns().size()) {
      setText(
          FieldWords.aggregate(
              row.group().columns().get(place), field, row.group().members().size()));
    }
  }

  private void show(RunsRow.Run row) {
    Optional<RunLine> read = model.line(row, getIndex());
    if (read.isEmpty()) {
      setText("…");
      return;
    }
    RunLine line = read.get();
    int place = model.place(field);
    if (place < 0 || place >= line.cells().size()) {
      return;
    }
    if (field instanceof RunField.Of(RunField.Attribute attribute)) {
      if (attribute == RunField.Attribute.STATE) {
        pill.setText(RunWords.state(line.state()));
        pill.getStyleClass().setAll("label", "pill", RunWords.pill(line.state()));
        setGraphic(pill);
        return;
      }
      if (attribute == RunField.Attribute.NAME && line.starred()) {
        setGraphic(star);
        setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
      }
    }
    setText(FieldWords.cell(line.cells().get(place), field));
  }
}
