package dev.plumbline.app.chart;

import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureRaster;
import dev.plumbline.figure.FigureSheet;
import dev.plumbline.figure.FigureStyle;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PlotMapping;
import java.awt.Color;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.css.StyleableProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Line;
import javafx.scene.shape.Rectangle;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * A figure on the screen. It is drawn by the one painter on a background thread and copied here:
 * the newest figure wins, and at most one is drawn a pulse. A pointer over it shows the nearest
 * point.
 */
public final class FigureView extends Region {
  private static final StyleablePropertyFactory<FigureView> STYLEABLE =
      new StyleablePropertyFactory<>(Region.getClassCssMetaData());
  private static final int SERIES = 7;
  private static final List<String> INKS = inks();
  private static final ExecutorService PAINTERS = FxBridge.pool("figure", 2);
  private static final Color CLEAR = new Color(0, true);
  private static final double REACH = 40;

  /** Series that are told at once. */
  private static final int CROWD = 8;

  /** Pixels that a click may slip, and that make a drag one of a box and not of a stretch. */
  private static final double SLIP = 4;

  private static final double TALL = 24;

  private final ImageView image = new ImageView();
  private final Line vertical = new Line();
  private final Line horizontal = new Line();
  private final Circle dot = new Circle(4);
  private final Label tip = Ui.label("", "chart-tip");
  private final ReadOnlyBooleanWrapper settled = new ReadOnlyBooleanWrapper(true);
  private final Label crowdHead = Ui.label("", "muted");
  private final Label crowdMore = Ui.label("", "muted");
  private final VBox crowdLines = new VBox(2, crowdHead, crowdMore);

  /** Made as they are needed and used again: the pointer moves sixty times a second. */
  private final List<CrowdRow> crowdRows = new ArrayList<>();

  private final Rectangle box = new Rectangle();
  private final Line cross = new Line();
  private final Map<String, StyleableProperty<javafx.scene.paint.Color>> inks =
      new LinkedHashMap<>();
  private boolean ofTheme;
  private @Nullable Figure figure;
  private @Nullable FigureSheet sheet;
  private boolean grey;
  private @Nullable Zoom zoom;
  private double crossAt = Double.NaN;
  private boolean crowd;
  private @Nullable Consumer<Optional<Zoom>> onZoom;
  private Function<PlotMapping.Hit, String> naming = PlotMapping.Hit::label;
  private DoubleConsumer onCross = at -> {};
  private @Nullable MouseEvent pressed;
  private PlotMapping.@Nullable Span pressedSpan;
  private boolean dragged;
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

  /** One series under the pointer. */
  private static final class CrowdRow extends HBox {
    private final Circle colour = new Circle(4);
    private final Label value = Ui.whole("", "strong");
    private final Label name = Ui.whole("");
    private String style = "";

    CrowdRow() {
      super(6);
      getStyleClass().add("row");
      value.setMinWidth(54);
      getChildren().addAll(colour, value, name);
    }

    void show(int ink, String number, String series) {
      String next = "series-" + Math.floorMod(ink, 7);
      if (!next.equals(style)) {
        style = next;
        colour.getStyleClass().setAll(next);
      }
      value.setText(number);
      name.setText(series);
    }
  }

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
    cross.getStyleClass().add("chart-cross");
    cross.setManaged(false);
    cross.setMouseTransparent(true);
    cross.setVisible(false);
    box.getStyleClass().add("chart-box");
    box.setManaged(false);
    box.setMouseTransparent(true);
    box.setVisible(false);
    getChildren().addAll(image, cross, box, vertical, horizontal, dot, tip);
    hideHit();
    setOnMouseMoved(this::hover);
    setOnMouseExited(
        event -> {
          hideHit();
          onCross.accept(Double.NaN);
        });
    setOnMouseClicked(
        event -> {
          // Where one can zoom, a double click shows all and picks nothing.
          if (!dragged && (onZoom == null || event.getClickCount() == 1)) {
            hit(event).ifPresent(onPick);
          }
        });
    for (String ink : INKS) {
      StyleableProperty<javafx.scene.paint.Color> property =
          STYLEABLE.createStyleableColorProperty(
              this, ink, "-figure-" + ink, view -> view.inks.get(ink));
      inks.put(ink, property);
      if (property instanceof ObservableValue<?> observable) {
        observable.subscribe(
            () -> {
              if (ofTheme) {
                invalidate();
              }
            });
      }
    }
    widthProperty().subscribe(this::invalidate);
    heightProperty().subscribe(this::invalidate);
    // The frame's scale is drawn and not blown up.
    localToSceneTransformProperty()
        .subscribe(
            (was, is) -> {
              if (was.getMxx() != is.getMxx()) {
                invalidate();
              }
            });
  }

  /** Shows a figure. */
  public void show(Figure next) {
    if (!next.equals(figure) || sheet != null) {
      figure = next;
      sheet = null;
      Ui.explains(this, plain(next.title()));
      setAccessibleText(plain(next.title() + ". " + next.caption()));
      invalidate();
    }
  }

  /** Shows several figures as panels of one; nothing in them is found by the pointer. */
  public void show(FigureSheet next) {
    if (!next.equals(sheet)) {
      sheet = next;
      figure = next.panels().getFirst();
      Ui.explains(this, plain(next.title()));
      setAccessibleText(plain(next.title() + ". " + next.panels().getFirst().caption()));
      invalidate();
    }
  }

  /** Whether everything is shown in grey, as a printer without colour would print it. */
  public void setGrey(boolean on) {
    if (on != grey) {
      grey = on;
      invalidate();
    }
  }

  /**
   * Lets people look at a part: a drag chooses it, a drag with Shift moves it, the wheel and the
   * keys + and - come nearer and go away, the arrow keys move, a double click, 0 and Escape show
   * all again.
   *
   * @param action takes the part that is wanted, or empty for all; it is shown by {@link #zoom}
   */
  public void onZoom(Consumer<Optional<Zoom>> action) {
    onZoom = action;
    setFocusTraversable(true);
    getStyleClass().add("zoomable");
    setOnMousePressed(this::press);
    setOnMouseDragged(this::drag);
    setOnMouseReleased(this::release);
    setOnScroll(
        event -> {
          if (mapping != null && event.getDeltaY() != 0 && event.isControlDown()) {
            ask(Zoom.around(mapping.x(), event.getX(), event.getDeltaY() > 0 ? 0.8 : 1.25));
            event.consume();
          }
        });
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  /** Tells the place of the pointer on the horizontal axis; NaN where it is not over the plot. */
  public void onCross(DoubleConsumer action) {
    onCross = action;
  }

  /**
   * Shows many series' values at the pointer's place, the nearest first, instead of one point's.
   */
  public void setCrowd(boolean value) {
    crowd = value;
  }

  /** Looks at a part; null for all. */
  public void zoom(@Nullable Zoom part) {
    if (!Objects.equals(part, zoom)) {
      zoom = part;
      invalidate();
    }
  }

  /** Shows a line at a place of the horizontal axis; NaN for none. */
  public void cross(double at) {
    crossAt = at;
    PlotMapping map = mapping;
    double px = map == null ? Double.NaN : map.x().place(at);
    boolean inside = map != null && px >= map.plot().getMinX() && px <= map.plot().getMaxX();
    cross.setVisible(inside);
    if (inside && map != null) {
      cross.setStartX(px);
      cross.setEndX(px);
      cross.setStartY(map.plot().getMinY());
      cross.setEndY(map.plot().getMaxY());
    }
  }

  private void ask(Zoom part) {
    Consumer<Optional<Zoom>> action = onZoom;
    if (action != null && part.isUsable()) {
      action.accept(Optional.of(part));
    }
  }

  private void press(MouseEvent event) {
    requestFocus();
    dragged = false;
    pressed = event;
    pressedSpan = mapping == null ? null : mapping.x();
    if (event.getClickCount() == 2 && onZoom != null) {
      onZoom.accept(Optional.empty());
    }
  }

  private void drag(MouseEvent event) {
    MouseEvent from = pressed;
    PlotMapping.Span span = pressedSpan;
    if (from == null || span == null || mapping == null) {
      return;
    }
    dragged |=
        Math.abs(event.getX() - from.getX()) > SLIP || Math.abs(event.getY() - from.getY()) > SLIP;
    if (!dragged) {
      return;
    }
    hideHit();
    if (from.isShiftDown()) {
      ask(Zoom.moved(span, from.getX() - event.getX()));
      return;
    }
    java.awt.geom.Rectangle2D plot = mapping.plot();
    double left = Math.clamp(Math.min(from.getX(), event.getX()), plot.getMinX(), plot.getMaxX());
    double right = Math.clamp(Math.max(from.getX(), event.getX()), plot.getMinX(), plot.getMaxX());
    boolean tall = Math.abs(event.getY() - from.getY()) > TALL;
    double top =
        tall
            ? Math.clamp(Math.min(from.getY(), event.getY()), plot.getMinY(), plot.getMaxY())
            : plot.getMinY();
    double bottom =
        tall
            ? Math.clamp(Math.max(from.getY(), event.getY()), plot.getMinY(), plot.getMaxY())
            : plot.getMaxY();
    box.setX(left);
    box.setWidth(right - left);
    box.setY(top);
    box.setHeight(bottom - top);
    box.setVisible(true);
  }

  private void release(MouseEvent event) {
    if (box.isVisible() && mapping != null && box.getWidth() > SLIP) {
      PlotMapping.Span x = mapping.x();
      PlotMapping.Span y = mapping.y();
      boolean tall = box.getHeight() < mapping.plot().getHeight() - 1;
      ask(
          new Zoom(
              x.value(box.getX()),
              x.value(box.getX() + box.getWidth()),
              tall ? y.value(box.getY() + box.getHeight()) : Double.NaN,
              tall ? y.value(box.getY()) : Double.NaN));
    }
    box.setVisible(false);
    pressed = null;
  }

  private void key(KeyEvent event) {
    PlotMapping map = mapping;
    Consumer<Optional<Zoom>> action = onZoom;
    if (map == null || action == null || event.isControlDown() || event.isAltDown()) {
      return;
    }
    PlotMapping.Span x = map.x();
    double middle = (x.start() + x.end()) / 2;
    double step = (x.end() - x.start()) / 10;
    switch (event.getCode()) {
      case PLUS, ADD, EQUALS -> ask(Zoom.around(x, middle, 0.7));
      case MINUS, SUBTRACT -> ask(Zoom.around(x, middle, 1 / 0.7));
      case LEFT -> ask(Zoom.moved(x, -step));
      case RIGHT -> ask(Zoom.moved(x, step));
      case DIGIT0, NUMPAD0 -> action.accept(Optional.empty());
      case ESCAPE -> {
        if (zoom == null) {
          return; // for whoever else Escape means something to
        }
        action.accept(Optional.empty());
      }
      default -> {
        return;
      }
    }
    event.consume();
  }

  private static List<String> inks() {
    List<String> names = new ArrayList<>(List.of("text", "muted", "grid", "axis"));
    for (int i = 0; i < SERIES; i++) {
      names.add("series-" + i);
    }
    return List.copyOf(names);
  }

  @Override
  public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
    return STYLEABLE.getCssMetaData();
  }

  /**
   * Uses the look of a theme, without the header that the card around already has. Its colours are
   * those of the style sheets, so that the palette and the theme of the moment hold.
   */
  public void themed(Theme theme) {
    use(
        (theme.isDark() ? FigureStyle.dark() : FigureStyle.light())
            .withBackground(CLEAR)
            .withHeader(false)
            .withCaption(false),
        true);
  }

  /** Uses a style as it is. */
  public void styled(FigureStyle next) {
    use(next, false);
  }

  private void use(FigureStyle next, boolean themes) {
    if (!next.equals(style) || themes != ofTheme) {
      style = next;
      ofTheme = themes;
      invalidate();
    }
  }

  /** The style with the colours that the style sheets say, as far as they say any. */
  private FigureStyle look() {
    if (!ofTheme) {
      return style;
    }
    List<Color> palette = new ArrayList<>();
    for (int i = 0; i < SERIES; i++) {
      palette.add(ink("series-" + i, style.palette().get(i % style.palette().size())));
    }
    return style.withColours(
        style.background(),
        ink("text", style.text()),
        ink("muted", style.muted()),
        ink("grid", style.grid()),
        ink("axis", style.axis()),
        palette);
  }

  private Color ink(String name, Color otherwise) {
    StyleableProperty<javafx.scene.paint.Color> property = inks.get(name);
    javafx.scene.paint.Color set = property == null ? null : property.getValue();
    return set == null
        ? otherwise
        : new Color(
            (float) set.getRed(),
            (float) set.getGreen(),
            (float) set.getBlue(),
            (float) set.getOpacity());
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
    Zoom part = zoom;
    Figure whole = figure;
    Figure current = whole == null || part == null ? whole : part.of(whole);
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
    double scale =
        Math.max(1, getLocalToSceneTransform().getMxx())
            * (window == null ? 1 : Math.max(1, window.getOutputScaleX()));
    FigureStyle look = look();
    FigureSheet panels = sheet;
    boolean inGrey = grey;
    PAINTERS.execute(
        () -> {
          Painted painted = null;
          try {
            FigureRaster raster =
                panels == null
                    ? FigureRaster.render(current, look, width, height, scale)
                    : FigureRaster.render(panels, look, width, height, scale);
            painted = new Painted(inGrey ? raster.grey() : raster, width, height, scale);
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
      mapping = sheet == null ? raster.mapping() : null;
      mapped.set(Optional.ofNullable(mapping));
      hideHit();
      cross(crossAt);
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
    PlotMapping map = mapping;
    if (map != null) {
      boolean inside = map.plot().contains(event.getX(), event.getY());
      onCross.accept(inside ? map.x().value(event.getX()) : Double.NaN);
    }
    if (crowd && map != null && figure != null) {
      List<PlotMapping.Hit> hits = map.around(event.getX(), event.getY(), REACH);
      if (hits.size() > 1 && map.plot().contains(event.getX(), event.getY())) {
        showCrowd(figure, hits, event.getX(), event.getY());
        return;
      }
    }
    tip.setGraphic(null);
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
    placeTip(hit.px(), hit.py());
    for (javafx.scene.Node node : new javafx.scene.Node[] {vertical, horizontal, dot, tip}) {
      node.setVisible(true);
    }
  }

  private void placeTip(double px, double py) {
    tip.applyCss();
    double width = tip.prefWidth(-1);
    double height = tip.prefHeight(-1);
    double x = px + 14 + width > getWidth() ? px - 14 - width : px + 14;
    double y = py - 10 - height < 0 ? py + 12 : py - 10 - height;
    tip.resizeRelocate(
        Math.max(0, x), Math.clamp(y, 0, Math.max(0, getHeight() - height)), width, height);
  }

  /** The values of the series around a place, the nearest first, and how many more there are. */
  private void showCrowd(Figure shown, List<PlotMapping.Hit> hits, double px, double py) {
    PlotMapping.Hit nearest = hits.getFirst();
    dot.setCenterX(nearest.px());
    dot.setCenterY(nearest.py());
    crowdHead.setText(
        "%s %s %s"
            .formatted(
                plain(
                    shown.x().label().isEmpty() ? Strings.text("live.axis.x") : shown.x().label()),
                Numbers.significant(nearest.x()),
                shown.x().unit()));
    while (crowdRows.size() < Math.min(hits.size(), CROWD)) {
      CrowdRow row = new CrowdRow();
      crowdRows.add(row);
      crowdLines.getChildren().add(crowdLines.getChildren().size() - 1, row);
    }
    for (int i = 0; i < crowdRows.size(); i++) {
      CrowdRow row = crowdRows.get(i);
      boolean used = i < hits.size();
      row.setVisible(used);
      row.setManaged(used);
      if (used) {
        PlotMapping.Hit hit = hits.get(i);
        row.show(inkOf(shown, hit.series()), Numbers.significant(hit.y()), naming.apply(hit));
      }
    }
    boolean more = hits.size() > CROWD;
    crowdMore.setVisible(more);
    crowdMore.setManaged(more);
    crowdMore.setText(more ? Strings.text("live.crowd.more", hits.size() - CROWD) : "");
    tip.setText("");
    if (tip.getGraphic() == null) {
      tip.setGraphic(crowdLines);
    }
    placeTip(px, py);
    vertical.setVisible(false);
    horizontal.setVisible(false);
    dot.setVisible(true);
    tip.setVisible(true);
  }

  private static int inkOf(Figure shown, String series) {
    for (Layer layer : shown.layers()) {
      if (layer instanceof Layer.Line line && line.id().equals(series)) {
        return line.ink().index();
      }
    }
    return 0;
  }

  /** How a series is called where many are told together. */
  public void setNaming(Function<PlotMapping.Hit, String> names) {
    naming = names;
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
