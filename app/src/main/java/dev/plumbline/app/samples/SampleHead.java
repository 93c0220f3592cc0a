package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.shape.Circle;
import org.kordamp.ikonli.feather.Feather;

/** The head of a column: which run, and its step, which a person may choose. */
final class SampleHead extends HBox {
  private static final long LATEST = -1;

  private final SamplesViewModel model;
  private final int index;
  private final Label name = Ui.label("", "card-title");
  private final Tooltip nameTip = Ui.tip(name, "");
  private final Circle dot = new Circle(4.5);
  private final ChoiceBox<Long> step = new ChoiceBox<>();
  private final Button remove;
  private List<Long> steps = List.of();
  private boolean showing;

  SampleHead(SamplesViewModel model, int index) {
    super(10);
    this.model = model;
    this.index = index;
    getStyleClass().add("row");
    name.setGraphic(dot);
    name.setMinWidth(0);
    name.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
    step.setPrefWidth(138);
    step.setMinWidth(138);
    step.setId("samples-step-" + index);
    step.setConverter(
        Words.of(step::getItems, value -> value == null || steps.isEmpty() ? "" : words(value)));
    step.valueProperty().subscribe((was, is) -> choose(is));
    remove =
        Ui.iconButton(
            Strings.text("samples.remove"), Feather.X, () -> this.model.remove(this.index));
    getChildren().addAll(name, step, Ui.spring(), remove);
    setPrefWidth(100);
    setMinWidth(0);
  }

  /** Shows a column; a list of steps that is open stays open. */
  void show(SamplesState.Column column, int columns) {
    showing = true;
    name.setText(column.runName());
    nameTip.setText(column.runId());
    String colour = column.initial() ? "series-6" : "series-" + Math.max(0, index - 1) % 7;
    if (!dot.getStyleClass().equals(List.of(colour))) {
      dot.getStyleClass().setAll(colour);
    }
    step.setAccessibleText(Strings.text("samples.choose", column.runName()));
    if (!steps.equals(column.steps())) {
      steps = column.steps();
      List<Long> items = new ArrayList<>();
      items.add(LATEST);
      items.addAll(steps);
      step.getItems().setAll(items);
    }
    step.setValue(column.live() ? LATEST : column.step());
    remove.setVisible(columns > 1);
    showing = false;
  }

  private void choose(Long value) {
    if (!showing && value != null) {
      model.setStep(index, value == LATEST ? OptionalLong.empty() : OptionalLong.of(value));
    }
  }

  private String words(long value) {
    if (value == LATEST) {
      return Strings.text("samples.latest", Numbers.whole(steps.getLast()));
    }
    return value <= 1 && value == steps.getFirst()
        ? Strings.text("samples.initial")
        : Strings.text("samples.step", Numbers.whole(value));
  }
}
