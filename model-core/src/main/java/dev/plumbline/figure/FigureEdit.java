package dev.plumbline.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One change that a person made to a figure. Edits name series by their labels and never by place,
 * so that they hold when the figure is drawn again from newer rows; one that finds nothing to
 * change changes nothing.
 */
public sealed interface FigureEdit {
  /** An axis. */
  enum Which {
    /** The horizontal one. */
    X,
    /** The vertical one. */
    Y
  }

  /** Another title. */
  record Title(String text) implements FigureEdit {}

  /** Another subtitle. */
  record Subtitle(String text) implements FigureEdit {}

  /** Another caption. */
  record Caption(String text) implements FigureEdit {}

  /**
   * Other words along an axis.
   *
   * @param unit the unit, or empty for a pure number
   */
  record AxisText(Which axis, String label, String unit) implements FigureEdit {}

  /** Other ends of an axis; an empty one is taken from the data. */
  record Range(Which axis, OptionalDouble low, OptionalDouble high) implements FigureEdit {}

  /** A linear or logarithmic axis. */
  record Scale(Which axis, Axis.Scale scale) implements FigureEdit {}

  /** Series named elsewhere. */
  record Legend(Figure.Legend place) implements FigureEdit {}

  /** A series by another name. */
  record Rename(String from, String to) implements FigureEdit {}

  /** Series in this order, in the legend and one over the other; others keep their places. */
  record Order(List<String> labels) implements FigureEdit {
    /** Copies the list. */
    public Order {
      labels = List.copyOf(labels);
    }
  }

  /** A series, and all that is drawn in its colour, in another colour of the palette. */
  record Recolour(String label, int ink) implements FigureEdit {
    /** Checks the colour. */
    public Recolour {
      if (ink < 0) {
        throw new IllegalArgumentException(ink + " is no colour of a palette");
      }
    }
  }

  /** A series' line in another pattern. */
  record Pattern(String label, Dash dash) implements FigureEdit {}

  /** A series left out, with its points and bands. */
  record Hide(String label) implements FigureEdit {}

  /** A line of text in the plot. */
  record Note(String text, Layer.Corner corner) implements FigureEdit {}

  /** A level across the plot. */
  record LevelAt(double y, String label) implements FigureEdit {}

  /** The figure with the change. */
  default Figure apply(Figure figure) {
    return switch (this) {
      case Title(String text) -> figure.withTitle(text);
      case Subtitle(String text) -> figure.withSubtitle(text);
      case Caption(String text) -> figure.withCaption(text);
      case AxisText edit ->
          onAxis(
              figure,
              edit.axis(),
              axis ->
                  new Axis(
                      edit.label(),
                      edit.unit(),
                      axis.scale(),
                      axis.minimum(),
                      axis.maximum(),
                      axis.names()));
      case Range edit ->
          onAxis(
              figure,
              edit.axis(),
              axis ->
                  new Axis(
                      axis.label(),
                      axis.unit(),
                      axis.scale(),
                      edit.low(),
                      edit.high(),
                      axis.names()));
      case Scale edit -> onAxis(figure, edit.axis(), axis -> axis.withScale(edit.scale()));
      case Legend(Figure.Legend place) -> figure.withLegend(place);
      case Rename(String from, String to) ->
          onLayers(figure, layer -> layer.label().equals(from) ? layer.withLabel(to) : layer);
      case Order(List<String> labels) -> ordered(figure, labels);
      case Recolour(String label, int ink) -> recoloured(figure, label, ink);
      case Pattern(String label, Dash dash) ->
          onLayers(
              figure,
              layer ->
                  layer instanceof Layer.Line line && line.label().equals(label)
                      ? line.drawn(dash, line.weight())
                      : layer);
      case Hide(String label) -> hidden(figure, label);
      case Note(String text, Layer.Corner corner) ->
          with(figure, new Layer.Note(corner, List.of(new Layer.Text(text, Ink.TEXT)), 1));
      case LevelAt(double y, String label) ->
          with(figure, new Layer.Level(label, Ink.MUTED, Dash.DASHED, y));
    };
  }

  /**
   * Whether this change makes an earlier one of the same kind void: two titles, two ranges of one
   * axis. The history keeps both, for undoing.
   */
  default boolean replaces(FigureEdit earlier) {
    return switch (this) {
      case Title _ -> earlier instanceof Title;
      case Subtitle _ -> earlier instanceof Subtitle;
      case Caption _ -> earlier instanceof Caption;
      case AxisText now -> earlier instanceof AxisText then && then.axis() == now.axis();
      case Range now -> earlier instanceof Range then && then.axis() == now.axis();
      case Scale now -> earlier instanceof Scale then && then.axis() == now.axis();
      case Legend _ -> earlier instanceof Legend;
      default -> false;
    };
  }

  private static Figure with(Figure figure, Layer more) {
    List<Layer> layers = new ArrayList<>(figure.layers());
    layers.add(more);
    return figure.withLayers(layers);
  }

  private static Figure onAxis(
      Figure figure, Which which, java.util.function.UnaryOperator<Axis> change) {
    return which == Which.X
        ? figure.withAxes(change.apply(figure.x()), figure.y())
        : figure.withAxes(figure.x(), change.apply(figure.y()));
  }

  private static Figure onLayers(Figure figure, java.util.function.UnaryOperator<Layer> change) {
    return figure.withLayers(figure.layers().stream().map(change).toList());
  }

  /** Named layers change places among themselves; what has no name stays where it is. */
  private static Figure ordered(Figure figure, List<String> labels) {
    List<Layer> named =
        new ArrayList<>(
            figure.layers().stream().filter(layer -> labels.contains(layer.label())).toList());
    named.sort(Comparator.comparingInt(layer -> labels.indexOf(layer.label())));
    List<Layer> layers = new ArrayList<>();
    int next = 0;
    for (Layer layer : figure.layers()) {
      layers.add(labels.contains(layer.label()) ? named.get(next++) : layer);
    }
    return figure.withLayers(layers);
  }

  private static Figure recoloured(Figure figure, String label, int ink) {
    Set<Ink> old = new HashSet<>();
    for (Layer layer : figure.layers()) {
      if (layer.label().equals(label)) {
        layer.inked().ifPresent(old::add);
      }
    }
    return onLayers(
        figure,
        layer ->
            layer.inked().filter(old::contains).isPresent()
                ? layer.withInk(Ink.series(ink))
                : layer);
  }

  /**
   * A line goes with the unnamed lines that look like it; points and bands go with the last line.
   */
  private static Figure hidden(Figure figure, String label) {
    record Look(Ink ink, Dash dash) {}
    Set<Look> looks = new HashSet<>();
    Set<Ink> inks = new HashSet<>();
    for (Layer layer : figure.layers()) {
      if (layer.label().equals(label) && !label.isEmpty()) {
        layer.inked().ifPresent(inks::add);
        if (layer instanceof Layer.Line line) {
          looks.add(new Look(line.ink(), line.dash()));
        }
      }
    }
    List<Layer> lines =
        figure.layers().stream()
            .filter(
                layer ->
                    !(layer instanceof Layer.Line line
                        && looks.contains(new Look(line.ink(), line.dash()))
                        && (line.label().isEmpty() || line.label().equals(label))))
            .toList();
    Set<Ink> left = new HashSet<>();
    for (Layer layer : lines) {
      if (layer instanceof Layer.Line line) {
        left.add(line.ink());
      }
    }
    return figure.withLayers(
        lines.stream()
            .filter(
                layer ->
                    !(layer.label().equals(label) && !label.isEmpty())
                        && (layer instanceof Layer.Line
                            || !layer.label().isEmpty()
                            || layer
                                .inked()
                                .filter(ink -> inks.contains(ink) && !left.contains(ink))
                                .isEmpty()))
            .toList());
  }
}
