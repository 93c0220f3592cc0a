package dev.plumbline.app.live;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;

/**
 * A hyper-parameter that can be changed while a run goes on: a slider and a field with the same
 * value. Nothing is sent until the slider is let go or Enter is pressed.
 */
final class SteerField extends VBox {
  private static final PseudoClass INVALID = PseudoClass.getPseudoClass("danger");

  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final DoubleConsumer commit;
  private final TextField field = new TextField();
  private final Slider slider = new Slider(0, 1, 0);
  private final Label pending = Ui.whole("", "pill", "pill-paused");
  private double current = Double.NaN;
  private final String bounds;
  private boolean moving;
  private boolean isAsked;
  private boolean isRefused;

  /**
   * @param low lower bound
   * @param high upper bound
   * @param logarithmic whether equal ways on the slider are equal ratios; needs a lower bound above
   *     zero
   */
  SteerField(
      String id,
      String title,
      double low,
      double high,
      boolean logarithmic,
      String definition,
      DoubleConsumer commit) {
    this.low = low;
    this.high = high;
    this.logarithmic = logarithmic;
    this.commit = commit;
    bounds = Strings.text("live.steer.refused", format(low), format(high));
    getStyleClass().add("steer");
    Label name = Ui.whole(title, "muted");
    name.setLabelFor(field);
    Ui.tip(
        name,
        definition
            + "\n"
            + Strings.text(
                "live.steer.bounds", Numbers.significant(low), Numbers.significant(high)));
    field.setId("steer-" + id);
    field.setAccessibleText(title);
    field.getStyleClass().add("steer-value");
    field.setPrefColumnCount(7);
    slider.setId("steer-slider-" + id);
    slider.setAccessibleText(title);
    slider.setBlockIncrement(0.02);
    pending.setVisible(false);
    pending.managedProperty().bind(pending.visibleProperty());
    field.setMinWidth(84);
    pending.setText(Strings.text("live.steer.pending"));
    getChildren().addAll(Ui.row(8, name, Ui.spring(), pending, field), slider);
    field.setOnAction(event -> commitText());
    field.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            write(current);
          }
        });
    field
        .focusedProperty()
        .subscribe(
            focused -> {
              if (!focused) {
                refuse(false);
                write(current);
              }
            });
    slider
        .valueProperty()
        .subscribe(
            place -> {
              if (slider.isValueChanging() || moving) {
                field.setText(format(value(place.doubleValue())));
              }
            });
    slider
        .valueChangingProperty()
        .subscribe(
            (was, is) -> {
              if (was && !is) {
                send(value(slider.getValue()));
              }
            });
    // Arrow keys and clicks on the track move without "changing": they are sent at once.
    slider.setOnKeyReleased(event -> sendIfMoved());
    slider.setOnMouseReleased(event -> sendIfMoved());
    slider.setOnKeyPressed(event -> moving = true);
    slider.setOnMousePressed(event -> moving = true);
  }

  /** Shows the value in force, unless a person is at it. */
  void show(double value, boolean isPending, double asked) {
    isAsked = isPending;
    note();
    double next = isPending ? asked : value;
    if (!Double.isFinite(next)) {
      current = Double.NaN; // else a field that loses the focus writes another run's value back
      field.setDisable(true);
      slider.setDisable(true);
      field.setText(Numbers.NONE);
      return;
    }
    field.setDisable(false);
    slider.setDisable(false);
    if (next != current && !field.isFocused() && !slider.isPressed()) {
      current = next;
      write(next);
    } else {
      current = next;
    }
  }

  private void sendIfMoved() {
    moving = false;
    double chosen = value(slider.getValue());
    if (Double.isFinite(current) && Math.abs(place(current) - slider.getValue()) > 0.002) {
      send(chosen);
    }
  }

  private void commitText() {
    double value;
    try {
      value = Double.parseDouble(field.getText().strip().replace('\u2212', '-').replace(",", "."));
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    boolean valid = value >= low && value <= high;
    refuse(!valid);
    if (valid) {
      send(value);
    }
  }

  private void refuse(boolean is) {
    isRefused = is;
    field.pseudoClassStateChanged(INVALID, is);
    note();
  }

  /** What is to be said beside the field: the bounds that were missed, or that a change waits. */
  private void note() {
    pending.setVisible(isRefused || isAsked);
    pending.setText(isRefused ? bounds : Strings.text("live.steer.pending"));
    pending.pseudoClassStateChanged(INVALID, isRefused);
  }

  private void send(double value) {
    if (value != current) {
      current = value;
      write(value);
      commit.accept(value);
    }
  }

  private void write(double value) {
    if (Double.isFinite(value)) {
      field.setText(format(value));
      slider.setValue(place(value));
    }
  }

  private double place(double value) {
    double clamped = Math.clamp(value, low, high);
    return logarithmic
        ? Math.log(clamped / low) / Math.log(high / low)
        : (clamped - low) / (high - low);
  }

  /** The value at a place of the slider, to two significant digits. */
  private double value(double place) {
    double exact = logarithmic ? low * Math.pow(high / low, place) : low + place * (high - low);
    return Double.parseDouble(String.format(Locale.ROOT, "%.1e", exact));
  }

  private static String format(double value) {
    return value != 0 && Math.abs(value) < 0.001
        ? String.format(Locale.ROOT, "%.1e", value).replaceFirst("e([+-])0", "e$1")
        : Numbers.significant(value);
  }
}
