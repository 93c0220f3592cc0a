package dev.plumbline.app.chart;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.PlotMapping;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import javafx.beans.value.ObservableDoubleValue;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;

/**
 * A vertical line over a chart that is moved by the mouse or the keyboard: arrows by a
 * two-hundredth of the axis, with Shift by a two-thousandth, page keys by a twentieth, Home and End
 * to its ends. It lies over the chart and lets the pointer through beside the line.
 */
public final class ThresholdLine extends Region {
  private static final double GRIP = 15;
  private static final double STEP = 1 / 200.0;
  private static final double FINE = 1 / 2000.0;
  private static final double PAGE = 1 / 20.0;

  private final FigureView chart;
  private final ObservableDoubleValue value;
  private final DoubleConsumer onMove;
  private final Handle handle = new Handle();
  private final Label tag;

  /**
   * @param value where it stands, in the units of the chart's horizontal axis; not drawn for NaN
   * @param onMove takes where it is to stand
   * @param name for screen readers
   * @param word that stands at its top
   */
  public ThresholdLine(
      FigureView chart,
      ObservableDoubleValue value,
      DoubleConsumer onMove,
      String name,
      String word) {
    this.chart = chart;
    this.value = value;
    this.onMove = onMove;
    tag = Ui.label(word, "threshold-tag");
    tag.setMouseTransparent(true);
    tag.setManaged(false);
    getStyleClass().add("threshold");
    setPickOnBounds(false);
    handle.setAccessibleText(name);
    getChildren().addAll(handle, tag);
    value.subscribe(ignored -> requestLayout());
    chart.mapping().subscribe(ignored -> requestLayout());
  }

  /** What is dragged and has the focus. */
  public Region handle() {
    return handle;
  }

  private void move(double to) {
    chart
        .mapping()
        .get()
        .ifPresent(at -> onMove.accept(Math.clamp(to, at.x().low(), at.x().high())));
  }

  private void nudge(double share) {
    chart
        .mapping()
        .get()
        .ifPresent(at -> move(value.get() + share * (at.x().high() - at.x().low())));
  }

  private void key(KeyEvent event) {
    double step = event.isShiftDown() ? FINE : STEP;
    switch (event.getCode()) {
      case LEFT, DOWN -> nudge(-step);
      case RIGHT, UP -> nudge(step);
      case PAGE_DOWN -> nudge(-PAGE);
      case PAGE_UP -> nudge(PAGE);
      case HOME -> move(Double.NEGATIVE_INFINITY);
      case END -> move(Double.POSITIVE_INFINITY);
      default -> {
        return;
      }
    }
    event.consume();
  }

  @Override
  protected void layoutChildren() {
    Optional<PlotMapping> mapping = chart.mapping().get();
    boolean drawn = mapping.isPresent() && Double.isFinite(value.get());
    handle.setVisible(drawn);
    tag.setVisible(drawn);
    if (!drawn) {
      return;
    }
    PlotMapping at = mapping.get();
    java.awt.geom.Rectangle2D plot = at.plot();
    double x = Math.clamp(at.x().place(value.get()), plot.getMinX(), plot.getMaxX());
    handle.resizeRelocate(x - GRIP / 2, plot.getMinY(), GRIP, plot.getHeight());
    double width = tag.prefWidth(-1);
    double height = tag.prefHeight(-1);
    boolean right = x + 5 + width <= plot.getMaxX();
    // below the rows in which a chart names its marks
    double y = plot.getMinY() + Math.min(56, plot.getHeight() / 2);
    tag.resizeRelocate(right ? x + 5 : x - 5 - width, y, width, height);
  }

  /** The line with room around it to be grasped. */
  private final class Handle extends Region {
    private final Line line = new Line();

    Handle() {
      setManaged(false);
      setFocusTraversable(true);
      setAccessibleRole(AccessibleRole.SLIDER);
      getStyleClass().add("threshold-handle");
      setCursor(Cursor.H_RESIZE);
      line.getStyleClass().add("threshold-line");
      line.setMouseTransparent(true);
      line.setManaged(false);
      getChildren().add(line);
      setOnMousePressed(
          event -> {
            requestFocus();
            event.consume();
          });
      setOnMouseDragged(
          event -> {
            double x = ThresholdLine.this.sceneToLocal(event.getSceneX(), event.getSceneY()).getX();
            chart.mapping().get().ifPresent(at -> move(at.x().value(x)));
            event.consume();
          });
      setOnMouseClicked(event -> event.consume());
      setOnKeyPressed(ThresholdLine.this::key);
    }

    @Override
    protected void layoutChildren() {
      line.setStartX(getWidth() / 2);
      line.setEndX(getWidth() / 2);
      line.setStartY(0);
      line.setEndY(getHeight());
    }

    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
      return switch (attribute) {
        case VALUE -> value.get();
        case VALUE_STRING -> Numbers.significant(value.get());
        case MIN_VALUE -> chart.mapping().get().map(at -> at.x().low()).orElse(0.0);
        case MAX_VALUE -> chart.mapping().get().map(at -> at.x().high()).orElse(1.0);
        default -> super.queryAccessibleAttribute(attribute, parameters);
      };
    }
  }
}
