package dev.plumbline.app.chart;

import dev.plumbline.app.shell.Ui;
import eu.hansolo.tilesfx.Tile;
import eu.hansolo.tilesfx.skins.TileSkin;
import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;
import org.jspecify.annotations.Nullable;

/**
 * One number of a run with its unit and its recent course. The only class that knows TilesFX: the
 * tile keeps title, value, unit and text, and a skin of ours draws them in the house's type and
 * colours.
 */
public final class MetricTile {
  private static final int POINTS = 60;
  private static final PseudoClass NARROW = PseudoClass.getPseudoClass("narrow");

  private final Tile tile = new Tile();
  private final Skin skin;
  private final Tooltip tip;

  public MetricTile(String title) {
    tile.setTitle(title);
    tile.setAnimated(false);
    tile.setBackgroundColor(Color.TRANSPARENT);
    tile.setBorderColor(Color.TRANSPARENT);
    tile.setMinSize(100, 70);
    tile.setPrefSize(190, 84);
    tile.setMaxSize(Double.MAX_VALUE, 84);
    tile.getStyleClass().add("metric-tile");
    skin = new Skin(tile);
    tile.setSkin(skin);
    tile.setFocusTraversable(false); // nothing can be done with it by keys
    tip = Ui.tip(tile, title);
  }

  /** The tile itself. */
  public Region node() {
    return tile;
  }

  /**
   * Shows a value.
   *
   * @param title what it is
   * @param text the value as text
   * @param unit its unit, or empty
   * @param note a line under it: interval, change
   * @param course the values before it, oldest first
   * @param definition what is measured, for the tooltip
   */
  public void show(
      String title, String text, String unit, String note, double[] course, String definition) {
    Ui.explains(tile, title);
    tile.setTitle(title);
    tile.setText(text);
    tile.setUnit(unit);
    tile.setDescription(note);
    tip.setText(definition.isEmpty() ? title : definition);
    tile.setAccessibleText(title + " " + text + " " + unit + " " + note);
    skin.course = course;
    skin.redraw();
  }

  /** What stands in a tile. */
  private static final class Content extends VBox {
    final Label title = Ui.label("", "muted", "small-text");
    final Label value = Ui.whole("", "tile-value");
    final Label unit = Ui.whole("", "muted", "small-text");
    final Label note = Ui.label("", "subtle", "tile-note");
    final Path spark = new Path();

    Content() {
      spark.getStyleClass().add("tile-spark");
      spark.setManaged(false);
      HBox line = new HBox(5, value, unit);
      line.setAlignment(Pos.BASELINE_LEFT);
      getStyleClass().addAll("card", "tile-box");
      getChildren().addAll(title, line, note, spark);
    }

    /** The recent course at the lower right, scaled to itself; a picture of shape, not of size. */
    void draw(double[] course, double width, double height) {
      pseudoClassStateChanged(NARROW, width < 170);
      int from = Math.max(0, course.length - POINTS);
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      int finite = 0;
      for (int i = from; i < course.length; i++) {
        if (Double.isFinite(course[i])) {
          low = Math.min(low, course[i]);
          high = Math.max(high, course[i]);
          finite++;
        }
      }
      spark.setVisible(finite > 2 && high > low && width > 150);
      if (!spark.isVisible()) {
        spark.getElements().clear();
        return;
      }
      double left = width - 74;
      double right = width - 14;
      double top = height - 32;
      double bottom = height - 14;
      List<PathElement> path = new ArrayList<>();
      for (int i = from; i < course.length; i++) {
        if (Double.isFinite(course[i])) {
          double x = left + (right - left) * (i - from) / (course.length - 1 - from);
          double y = bottom - (bottom - top) * (course[i] - low) / (high - low);
          path.add(path.isEmpty() ? new MoveTo(x, y) : new LineTo(x, y));
        }
      }
      spark.getElements().setAll(path);
    }
  }

  /** Draws a tile; TilesFX calls {@link #initGraphics} before the fields of this class are set. */
  private static final class Skin extends TileSkin {
    private @Nullable Content content;
    private double[] course = new double[0];

    Skin(Tile tile) {
      super(tile);
    }

    @Override
    protected void initGraphics() {
      super.initGraphics();
      Content made = new Content();
      made.setManaged(false);
      content = made;
      getPane().getChildren().add(made);
    }

    @Override
    protected void resize() {
      width = tile.getWidth();
      height = tile.getHeight();
      if (width > 0 && height > 0 && content != null) {
        getPane().resizeRelocate(0, 0, width, height);
        content.resizeRelocate(0, 0, width, height);
        content.draw(course, width, height);
      }
    }

    @Override
    protected void redraw() {
      if (content != null) {
        content.title.setText(tile.getTitle());
        content.value.setText(tile.getText());
        content.unit.setText(tile.getUnit());
        content.note.setText(tile.getDescription());
        content.draw(course, tile.getWidth(), tile.getHeight());
      }
    }
  }
}
