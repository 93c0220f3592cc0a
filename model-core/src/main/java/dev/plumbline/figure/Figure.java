package dev.plumbline.figure;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A chart as plain data. The same figure is drawn on the screen and written to a file, so what is
 * seen is what is exported.
 *
 * <p>Text may lower with {@code _{...}} and raise with {@code ^{...}}.
 *
 * @param title what is shown, or empty
 * @param subtitle estimator, unit and n in a few words, or empty
 * @param x horizontal axis
 * @param y vertical axis
 * @param layers what is drawn, in order
 * @param legend where series are named
 * @param caption a paragraph that states estimator, n, intervals and what was left out, or empty
 * @param emptyText what a figure without data says
 * @param provenance where the numbers come from
 */
public record Figure(
    String title,
    String subtitle,
    Axis x,
    Axis y,
    List<Layer> layers,
    Legend legend,
    String caption,
    String emptyText,
    Provenance provenance) {

  /** Where series are named. */
  public enum Legend {
    /** At the right end of each line, in its colour. */
    LINE_ENDS,
    /** In a row above the plot. */
    TOP,
    /** In a row below the plot. */
    BOTTOM,
    /** In a list right of the plot. */
    RIGHT,
    /** In a list in the corner of the plot with the fewest data. */
    INSIDE,
    /** Nowhere. */
    NONE
  }

  /** Copies the list. */
  public Figure {
    layers = List.copyOf(layers);
  }

  /** A figure with labels at line ends and no caption yet. */
  public static Figure of(String title, String subtitle, Axis x, Axis y, List<Layer> layers) {
    return new Figure(
        title, subtitle, x, y, layers, Legend.LINE_ENDS, "", "No data yet", Provenance.UNKNOWN);
  }

  /** The same figure with another title. */
  public Figure withTitle(String other) {
    return new Figure(other, subtitle, x, y, layers, legend, caption, emptyText, provenance);
  }

  /** The same figure with another subtitle. */
  public Figure withSubtitle(String other) {
    return new Figure(title, other, x, y, layers, legend, caption, emptyText, provenance);
  }

  /** The same figure with other things drawn. */
  public Figure withLayers(List<Layer> others) {
    return new Figure(title, subtitle, x, y, others, legend, caption, emptyText, provenance);
  }

  /** The names of its series, each once, in the order of the legend. */
  public List<String> labels() {
    return layers.stream().map(Layer::label).filter(label -> !label.isEmpty()).distinct().toList();
  }

  /** The same figure with other axes, to zoom or to switch a scale. */
  public Figure withAxes(Axis otherX, Axis otherY) {
    return new Figure(
        title, subtitle, otherX, otherY, layers, legend, caption, emptyText, provenance);
  }

  /** The same figure with series named elsewhere. */
  public Figure withLegend(Legend other) {
    return new Figure(title, subtitle, x, y, layers, other, caption, emptyText, provenance);
  }

  /** The same figure with its lines, points, bands, references and marks in other colours. */
  public Figure withInks(UnaryOperator<Ink> change) {
    return withLayers(layers.stream().map(layer -> inked(layer, change)).toList());
  }

  private static Layer inked(Layer layer, UnaryOperator<Ink> change) {
    return switch (layer) {
      case Layer.Line line -> layer.withInk(change.apply(line.ink()));
      case Layer.Points points -> layer.withInk(change.apply(points.ink()));
      case Layer.Band band -> layer.withInk(change.apply(band.ink()));
      case Layer.Reference reference -> layer.withInk(change.apply(reference.ink()));
      case Layer.Marks(List<Layer.Mark> marks) ->
          new Layer.Marks(
              marks.stream()
                  .map(
                      mark ->
                          new Layer.Mark(
                              mark.x(),
                              mark.label(),
                              change.apply(mark.ink()),
                              mark.series(),
                              mark.step()))
                  .toList());
      case Layer.Note(Layer.Corner corner, List<Layer.Text> lines, int least) ->
          new Layer.Note(
              corner,
              lines.stream()
                  .map(line -> new Layer.Text(line.text(), change.apply(line.ink())))
                  .toList(),
              least);
      default -> layer;
    };
  }

  /** The same figure with a caption. */
  public Figure withCaption(String other) {
    return new Figure(title, subtitle, x, y, layers, legend, other, emptyText, provenance);
  }

  /** The same figure with another text for the case of no data. */
  public Figure withEmptyText(String other) {
    return new Figure(title, subtitle, x, y, layers, legend, caption, other, provenance);
  }

  /** The same figure with its provenance. */
  public Figure withProvenance(Provenance other) {
    return new Figure(title, subtitle, x, y, layers, legend, caption, emptyText, other);
  }

  /**
   * The same figure for a small card: the unit stands in the title, axes have no titles of their
   * own, and series are named elsewhere.
   */
  public Figure compact() {
    String named = y.unit().isEmpty() ? title : title + " (" + y.unit() + ")";
    return new Figure(
        named, "", x.bare(), y.bare(), layers, Legend.NONE, caption, emptyText, provenance);
  }
}
