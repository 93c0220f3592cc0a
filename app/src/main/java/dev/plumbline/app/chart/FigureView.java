package dev.plumbline.app.chart;

import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureRaster;
import dev.plumbline.figure.FigureStyle;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PlotMapping;
import java.awt.Color;
import java.nio.IntBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Line;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * A figure on the screen. It is drawn by the one painter on a background thread and copied here:
 * the newest figure wins, and at most one is drawn a pulse. A pointer over it shows the nearest
 * point.
 */
public final class FigureView extends Region {
  private static final ExecutorService PAINTERS = FxBridge.pool("figure", 2);
  private static final Color CLEAR = new Color(0, true);
  private static final double REACH = 40;

  private final ImageView image = new ImageView();
  private final Line vertical = new Line();
  private final Line horizontal = new Line();
  private final Circle dot = new Circle(4);
  private final Label tip = Ui.label("", "chart-tip");
  private final ReadOnlyBooleanWrapper settled = new ReadOnlyBooleanWrapper(true);
  private @Nullable Figure figure;
  private FigureStyle style = FigureStyle.dark().withHeader(false).withCaption(false);
  private final ReadOnlyObjectWrapper<Optional<PlotMapping>> mapped =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private @Nullable PlotMapping mapping;
  private boolean dirty;
  private boolean painting;
  private double paintedWidth;
  private double paintedHeight;
  private double paintedScale;
  private Consumer<PlotMapping.Hit> onPick = hit -> {};

  private record Painted(FigureRaster raster, double width, double height, double scale) {}

  public FigureView() {
    getStyleClass().add("figure-view");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setMinSize(80, 60);
    image.setManaged(false);
    image.setMouseTransparent(true);
    for (javafx.scene.shape.Shape shape : new javafx.scene.shape.Shape[] {vertical, horizontal}) {
      shape.getStyleClass().add("chart-cross");
      shape.setManaged(false);
      shape.setMouseTransparent(true);
    }
    dot.getStyleClass().add("chart-dot");
    dot.setManaged(false);
    dot.setMouseTransparent(true);
    tip.setManaged(false);
    tip.setMouseTransparent(true);
    getChildren().addAll(image, vertical, horizontal, dot, tip);
    hideHit();
    setOnMouseMoved(this::hover);
    setOnMouseExited(event -> hideHit());
    setOnMouseClicked(event -> hit(event).ifPresent(onPick));
    widthProperty().subscribe(this::invalidate);
    heightProperty().subscribe(this::invalidate);
  }

  /** Shows a figure. */
  public void show(Figure next) {
    if (!next.equals(figure)) {
      figure = next;
      setAccessibleText(plain(next.title() + ". " + next.caption()));
      invalidate();
    }
  }

  /** Uses the colours of a theme, without the header that the card around already has. */
  public void themed(Theme theme) {
    styled(
        (theme.isDark() ? FigureStyle.dark() : FigureStyle.light())
            .withBackground(CLEAR)
            .withHeader(false)
            .withCaption(false));
  }

  /** Uses a style as it is. */
  public void styled(FigureStyle next) {
    if (!next.equals(style)) {
      style = next;
      invalidate();
    }
  }

  /** What happens when a point is clicked. */
  public void onPick(Consumer<PlotMapping.Hit> action) {
    onPick = action;
  }

  /** Where data lie on the picture that is shown; empty before the first. */
  public ReadOnlyObjectProperty<Optional<PlotMapping>> mapping() {
    return mapped.getReadOnlyProperty();
  }

  /** False while a newer picture is being drawn. */
  public ReadOnlyBooleanProperty settled() {
    return settled.getReadOnlyProperty();
  }

  private void invalidate() {
    dirty = true;
    settled.set(false);
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    // Once a pulse, however often it was asked for.
    paint();
  }

  private void paint() {
    Figure current = figure;
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    if (current == null || width < 40 || height < 30) {
      dirty = false;
      settled.set(true);
      return;
    }
    if (!dirty || painting) {
      return;
    }
    dirty = false;
    painting = true;
    Window window = getScene() == null ? null : getScene().getWindow();
    double scale = window == null ? 1 : Math.max(1, window.getOutputScaleX());
    FigureStyle look = style;
    PAINTERS.execute(
        () -> {
          Painted painted = null;
          try {
            painted =
                new Painted(
                    FigureRaster.render(current, look, width, height, scale), width, height, scale);
          } finally {
            Painted done = painted;
            FxBridge.later(() -> painted(done));
          }
        });
  }

  private void painted(@Nullable Painted done) {
    painting = false;
    if (done != null) {
      FigureRaster raster = done.raster();
      image.setImage(
          new WritableImage(
              new PixelBuffer<>(
                  raster.width(),
                  raster.height(),
                  IntBuffer.wrap(raster.argb()),
                  PixelFormat.getIntArgbPreInstance())));
      image.setFitWidth(done.width());
      image.setFitHeight(done.height());
      paintedWidth = done.width();
      paintedHeight = done.height();
      paintedScale = done.scale();
      mapping = raster.mapping();
      mapped.set(Optional.of(raster.mapping()));
      hideHit();
    }
    if (dirty) {
      requestLayout();
    } else {
      settled.set(true);
    }
  }

  /** Size and scale of the picture shown, for tests: width, height in logical pixels. */
  Rectangle2D pictured() {
    return new Rectangle2D(0, 0, paintedWidth * paintedScale, paintedHeight * paintedScale);
  }

  private Optional<PlotMapping.Hit> hit(MouseEvent event) {
    return mapping == null ? Optional.empty() : mapping.nearest(event.getX(), event.getY(), REACH);
  }

  private void hover(MouseEvent event) {
    Optional<PlotMapping.Hit> found = hit(event);
    if (found.isEmpty() || mapping == null || figure == null) {
      hideHit();
      return;
    }
    PlotMapping.Hit hit = found.get();
    java.awt.geom.Rectangle2D plot = mapping.plot();
    vertical.setStartX(hit.px());
    vertical.setEndX(hit.px());
    vertical.setStartY(plot.getMinY());
    vertical.setEndY(plot.getMaxY());
    horizontal.setStartX(plot.getMinX());
    horizontal.setEndX(plot.getMaxX());
    horizontal.setStartY(hit.py());
    horizontal.setEndY(hit.py());
    dot.setCenterX(hit.px());
    dot.setCenterY(hit.py());
    tip.setText(words(figure, hit));
    tip.applyCss();
    double width = tip.prefWidth(-1);
    double height = tip.prefHeight(-1);
    double x = hit.px() + 14 + width > getWidth() ? hit.px() - 14 - width : hit.px() + 14;
    double y = hit.py() - 10 - height < 0 ? hit.py() + 12 : hit.py() - 10 - height;
    tip.resizeRelocate(Math.max(0, x), Math.max(0, y), width, height);
    for (javafx.scene.Node node : new javafx.scene.Node[] {vertical, horizontal, dot, tip}) {
      node.setVisible(true);
    }
  }

  private static String words(Figure figure, PlotMapping.Hit hit) {
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Heat heat && heat.id().equals(hit.series())) {
        return cellWords(figure, heat, hit);
      }
    }
    StringBuilder text = new StringBuilder();
    if (!hit.label().isEmpty()) {
      text.append(hit.label()).append('\n');
    }
    text.append(
        "%s  %s %s%n"
            .formatted(
                plain(figure.y().label().isEmpty() ? figure.title() : figure.y().label()),
                Numbers.significant(hit.y()),
                figure.y().unit()));
    if (Double.isFinite(hit.low()) && Double.isFinite(hit.high())) {
      text.append(
          "%s – %s%n".formatted(Numbers.significant(hit.low()), Numbers.significant(hit.high())));
    }
    text.append(
        "%s  %s %s"
            .formatted(
                plain(
                    figure.x().label().isEmpty()
                        ? Strings.text("live.axis.x")
                        : figure.x().label()),
                Numbers.significant(hit.x()),
                figure.x().unit()));
    if (Double.isFinite(hit.step()) && hit.step() != hit.x()) {
      text.append("\nstep  ").append(Numbers.fixed(hit.step(), 0));
    }
    return text.toString();
  }

  private static String cellWords(Figure figure, Layer.Heat heat, PlotMapping.Hit hit) {
    StringBuilder text = new StringBuilder();
    text.append(place(figure.y(), hit.y())).append(" · ").append(place(figure.x(), hit.x()));
    text.append(
        "%n%s  %s %s"
            .formatted(
                plain(heat.colours().label()),
                Numbers.significant(hit.raw()),
                heat.colours().unit()));
    if (Double.isFinite(hit.low()) && Double.isFinite(hit.high())) {
      text.append(
          "%n%s – %s".formatted(Numbers.significant(hit.low()), Numbers.significant(hit.high())));
    }
    if (!heat.n().isEmpty()) {
      text.append("%nn  %s".formatted(Numbers.fixed(heat.n().get(hit.index()), 0)));
    }
    return text.toString();
  }

  private static String place(Axis axis, double at) {
    int name = (int) Math.floor(at);
    return name >= 0 && name < axis.names().size()
        ? plain(axis.names().get(name))
        : Numbers.significant(at);
  }

  /** Text without the marks of lowered and raised parts. */
  public static String plain(String rich) {
    return rich.replace("^{2}", "²").replaceAll("[_^]\\{([^}]*)}", "$1");
  }

  private void hideHit() {
    for (javafx.scene.Node node : new javafx.scene.Node[] {vertical, horizontal, dot, tip}) {
      node.setVisible(false);
    }
  }

  @Override
  protected double computePrefWidth(double height) {
    return 320;
  }

  @Override
  protected double computePrefHeight(double width) {
    return 200;
  }
}
