package dev.plumbline.app.figures;

import dev.plumbline.app.shell.Ui;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.layout.VBox;

/**
 * Fields of the page of figures: a name above a control, and texts that count when they are left.
 */
final class FigureForm {
  private FigureForm() {}

  /** A control with its name above. */
  static Node field(String name, javafx.scene.control.Control control) {
    Label label = Ui.label(name, "muted", "small-text");
    label.setLabelFor(control);
    control.setAccessibleText(name);
    control.setMaxWidth(Double.MAX_VALUE);
    VBox box = new VBox(3, label, control);
    javafx.scene.layout.HBox.setHgrow(box, javafx.scene.layout.Priority.ALWAYS);
    return box;
  }

  /** Tells the text when Enter is pressed or the field is left. */
  static <T extends TextInputControl> T committed(T field, Consumer<String> onText) {
    if (field instanceof TextField line) {
      line.setOnAction(event -> onText.accept(line.getText()));
    }
    field
        .focusedProperty()
        .subscribe(
            (was, is) -> {
              if (was && !is) {
                onText.accept(field.getText());
              }
            });
    return field;
  }

  /** Sets a text that a person is not just writing. */
  static void set(TextInputControl field, String text) {
    if (!field.isFocused() && !field.getText().equals(text)) {
      field.setText(text);
    }
  }

  /** A number, or empty for a text that is none. */
  static OptionalDouble number(String text) {
    try {
      double value = Double.parseDouble(text.strip().replace('−', '-'));
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
