package dev.plumbline.figure.catalogue;

import static java.util.stream.Collectors.joining;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chart of one result table: a number against another, a line for each combination of some texts.
 * The caption is made from the table's own definitions, so that a figure says what its columns say.
 *
 * <p>The ids of series begin with {@code table:NAME/}, and the step of a point is its row in the
 * table: the way from a figure to the rows behind it.
 */
final class TableChart {
  private static final List<Dash> DASHES =
      List.of(Dash.SOLID, Dash.DASHED, Dash.DOTTED, Dash.DASH_DOT, Dash.DASH_DOT_DOT);

  /** More names than this do not fit at the ends of lines. */
  private static final int AT_LINE_ENDS = 5;

  private final ResultTable table;
  private final List<Predicate<Integer>> filters = new ArrayList<>();
  private final List<Layer> references = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private List<String> colours = List.of();
  private @Nullable String dash;
  private @Nullable String each;
  private String xColumn = "";
  private String yColumn = "";
  private @Nullable Axis xAxis;
  private @Nullable Axis yAxis;
  private @Nullable String low;
  private @Nullable String high;
  private boolean band;
  private boolean lined = true;
  private boolean dotted = true;
  private boolean sorted = true;
  private Map<String, String> variants = Map.of();
  private boolean coloured;
  private UnaryOperator<String> naming = name -> name;
  private Figure.@Nullable Legend legend;
  private double least = Double.NEGATIVE_INFINITY;
  private double most = Double.POSITIVE_INFINITY;

  private TableChart(ResultTable table) {
    this.table = table;
  }

  /** A chart of a table. */
  static TableChart of(ResultTable table) {
    return new TableChart(table);
  }

  /** Takes only rows whose text in a column will do. */
  TableChart where(String column, Predicate<String> wanted) {
    filters.add(row -> wanted.test(table.text(row, column)));
    return this;
  }

  /** Takes only rows whose number in a column will do. */
  TableChart whereNumber(String column, DoublePredicate wanted) {
    filters.add(row -> wanted.test(table.number(row, column)));
    return this;
  }

  /** A colour, and a line, for each combination of these columns' cells. */
  TableChart colour(String... columns) {
    colours = List.of(columns);
    return this;
  }

  /** A pattern, and a line, for each cell of a column. */
  TableChart dash(String column) {
    dash = column;
    return this;
  }

  /** A line for each cell of a column, which has no name of its own: the seeds. */
  TableChart each(String column) {
    each = column;
    return this;
  }

  /** What is drawn against what. */
  TableChart axes(String x, Axis ofX, String y, Axis ofY) {
    xColumn = x;
    xAxis = ofX;
    yColumn = y;
    yAxis = ofY;
    return this;
  }

  /**
   * Several columns of one unit on the vertical axis, each with a colour of its own.
   *
   * @param columns their names, each with what it is called
   */
  TableChart inColours(Map<String, String> columns) {
    variants = new LinkedHashMap<>(columns);
    coloured = true;
    return this;
  }

  /** Several columns of one unit on the vertical axis, each with a pattern of its own. */
  TableChart inPatterns(Map<String, String> columns) {
    variants = new LinkedHashMap<>(columns);
    coloured = false;
    return this;
  }

  /** Bars from one column to another. */
  TableChart bars(String from, String to) {
    low = from;
    high = to;
    return this;
  }

  /** A band from one column to another, for lines of many points. */
  TableChart band(String from, String to) {
    band = true;
    return bars(from, to);
  }

  /** How the cells are called that colours stand for. */
  TableChart calling(UnaryOperator<String> names) {
    naming = names;
    return this;
  }

  /** Where series are named, where the rule for it does not do. */
  TableChart legend(Figure.Legend place) {
    legend = place;
    return this;
  }

  /** What is possible for the quantity: an interval that reaches beyond is cut at the axis. */
  TableChart within(double from, double to) {
    least = from;
    most = to;
    return this;
  }

  /** Lines follow the rows as they stand in the table: the course of a run. */
  TableChart inTableOrder() {
    sorted = false;
    return this;
  }

  /** Points without lines between them. */
  TableChart pointsOnly() {
    lined = false;
    return this;
  }

  /** Lines without points on them, for curves of many rows. */
  TableChart linesOnly() {
    dotted = false;
    return this;
  }

  /** A level across the plot. */
  TableChart level(double y, String label) {
    references.add(new Layer.Level(label, Ink.MUTED, Dash.DOTTED, y));
    return this;
  }

  /** Anything else, drawn over the lines. */
  TableChart with(Layer layer) {
    references.add(layer);
    return this;
  }

  /** A sentence of the caption. */
  TableChart remark(String sentence) {
    remarks.add(sentence);
    return this;
  }

  /** A line: its cells, and its column on the vertical axis. */
  private record Series(String colour, String dash, String each, String y) {
    String label() {
      return Stream.of(colour, dash).filter(part -> !part.isEmpty()).collect(joining(", "));
    }
  }

  /** The figure; empty where no row is left. */
  Optional<Figure> figure(String title) {
    if (xAxis == null || yAxis == null) {
      throw new IllegalStateException("a chart has two axes");
    }
    Map<String, String> columns = variants.isEmpty() ? Map.of(yColumn, "") : variants;
    Map<Series, List<Integer>> series = new LinkedHashMap<>();
    for (Map.Entry<String, String> y : columns.entrySet()) {
      for (int row = 0; row < table.size(); row++) {
        int at = row;
        if (filters.stream().allMatch(filter -> filter.test(at))
            && drawable(table.number(row, xColumn), xAxis)
            && drawable(table.number(row, y.getKey()), yAxis)) {
          Series one =
              new Series(
                  joined(
                      colours.isEmpty() ? "" : naming.apply(key(row, colours)),
                      coloured ? y.getValue() : ""),
                  joined(cell(row, dash), coloured ? "" : y.getValue()),
                  cell(row, each),
                  y.getKey());
          series.computeIfAbsent(one, _ -> new ArrayList<>()).add(row);
        }
      }
    }
    if (series.isEmpty()) {
      return Optional.empty();
    }
    List<String> inks = distinct(series.keySet().stream().map(Series::colour).toList());
    List<String> dashes = distinct(series.keySet().stream().map(Series::dash).toList());
    Set<String> labelled = new LinkedHashSet<>();
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<Layer> points = new ArrayList<>();
    series.forEach(
        (one, rows) -> {
          if (sorted) {
            rows.sort(Comparator.comparingDouble(row -> table.number(row, xColumn)));
          }
          Ink ink = Ink.series(inks.indexOf(one.colour));
          Dash pattern =
              dashes.size() == 1 ? Dash.AUTO : DASHES.get(dashes.indexOf(one.dash) % DASHES.size());
          String label = labelled.add(one.label()) ? one.label() : "";
          String id = "table:" + table.name() + "/" + one.label() + " " + one.each;
          Column x = column(rows, xColumn);
          Column y = column(rows, one.y);
          Column step = Column.of(rows.stream().mapToLong(Integer::longValue).toArray());
          if (lined && rows.size() > 1) {
            lines.add(
                Layer.Line.of(id, label, ink, x, y)
                    .drawn(pattern, each == null ? 1 : 0.7)
                    .withStep(step));
          }
          if (low != null && high != null && band) {
            bands.add(
                new Layer.Band(
                    id + "/interval", "", ink, x, column(rows, low), column(rows, high)));
          } else if (dotted && (each == null || rows.size() == 1)) {
            points.add(
                new Layer.Points(
                    id,
                    lined && rows.size() > 1 ? "" : label,
                    ink,
                    x,
                    y,
                    low == null ? Column.empty() : column(rows, low),
                    high == null ? Column.empty() : column(rows, high),
                    step));
          }
        });
    List<Layer> layers = new ArrayList<>(bands);
    layers.addAll(lines);
    layers.addAll(points);
    layers.addAll(references);
    return Optional.of(
        Figure.of(title, "", xAxis, possible(covering(yAxis, bands), points), layers)
            .withLegend(
                legend != null
                    ? legend
                    : labelled.size() > AT_LINE_ENDS
                            || lines.isEmpty()
                            || (each != null && labelled.size() > 1)
                        ? Figure.Legend.TOP
                        : labelled.size() == 1 && labelled.contains("")
                            ? Figure.Legend.NONE
                            : Figure.Legend.LINE_ENDS)
            .withCaption(caption(series)));
  }

  private static String joined(String left, String right) {
    return left.isEmpty() || right.isEmpty() ? left + right : left + ", " + right;
  }

  /** The axis with room for all bands, which a painter would cut off at the lines' range. */
  private static Axis covering(Axis axis, List<Layer> bands) {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (Layer layer : bands) {
      if (layer instanceof Layer.Band band) {
        for (int i = 0; i < band.x().size(); i++) {
          double below = band.low().get(i);
          double above = band.high().get(i);
          from = drawable(below, axis) ? Math.min(from, below) : from;
          to = drawable(above, axis) ? Math.max(to, above) : to;
        }
      }
    }
    return from < to ? axis.range(from, to) : axis;
  }

  /** The axis that ends where no value can be, if an interval would lead it beyond. */
  private Axis possible(Axis axis, List<Layer> points) {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (Layer layer : points) {
      if (layer instanceof Layer.Points bars && !bars.low().isEmpty()) {
        for (int i = 0; i < bars.x().size(); i++) {
          from = Math.min(from, bars.low().get(i));
          to = Math.max(to, bars.high().get(i));
        }
      }
    }
    boolean cut = from < least || to > most;
    if (cut) {
      remark("Bars are cut where no value can be.");
    }
    return new Axis(
        axis.label(),
        axis.unit(),
        axis.scale(),
        from < least ? OptionalDouble.of(least) : axis.minimum(),
        to > most ? OptionalDouble.of(most) : axis.maximum(),
        axis.names());
  }

  private static boolean drawable(double value, Axis axis) {
    return Double.isFinite(value) && (axis.scale() != Axis.Scale.LOG || value > 0);
  }

  private String key(int row, List<String> columns) {
    return columns.stream().map(column -> cell(row, column)).collect(joining(", "));
  }

  private String cell(int row, @Nullable String column) {
    if (column == null) {
      return "";
    }
    ResultTable.Column found = column(column);
    return found.kind() == ResultTable.Kind.TEXT
        ? table.text(row, column)
        : number(table.number(row, column))
            + (found.unit().isEmpty() ? "" : " " + plural(found.unit()));
  }

  private static String plural(String unit) {
    return unit.contains("/") || unit.equals("fraction") ? unit : unit + "s";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%,d", Math.round(value))
        : String.format(Locale.ROOT, "%.3g", value);
  }

  private static List<String> distinct(List<String> all) {
    return all.stream().distinct().toList();
  }

  private Column column(List<Integer> rows, String column) {
    return Column.of(rows.stream().mapToDouble(row -> table.number(row, column)).toArray());
  }

  private ResultTable.Column column(String wanted) {
    return table.columns().stream()
        .filter(column -> column.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "table " + table.name() + " has no column '" + wanted + "'"));
  }

  private String caption(Map<Series, List<Integer>> series) {
    List<String> says = new ArrayList<>();
    if (variants.isEmpty()) {
      says.add(sentence(yAxis() + ": " + column(yColumn).definition()));
    } else {
      variants.forEach(
          (column, called) -> says.add(sentence(called + ": " + column(column).definition())));
    }
    says.add(sentence(xAxis() + ": " + column(xColumn).definition()));
    if (low != null && high != null) {
      String what = band ? "Bands" : "Bars";
      says.add(
          sentence(
              what
                  + ": "
                  + column(low)
                      .definition()
                      .replaceFirst("^(of a mean: )?lower end of its ", "")
                      .replace("lower end of its ", "")));
    }
    for (String count : List.of("seeds", "n")) {
      if (table.has(count)) {
        double[] all =
            series.values().stream()
                .flatMap(List::stream)
                .mapToDouble(row -> table.number(row, count))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (all.length > 0) {
          String to = number(all[all.length - 1]);
          String from = number(all[0]);
          says.add(
              sentence(
                  (count.equals("n") ? "n a point: " : "Runs a point: ")
                      + (from.equals(to) ? to : from + " to " + to)));
        }
        break;
      }
    }
    if (low != null && !band && meet(series)) {
      says.add("Points at one place are drawn beside each other.");
    }
    says.addAll(remarks);
    return String.join(" ", says);
  }

  /** Whether several series have a point at one place. */
  private boolean meet(Map<Series, List<Integer>> series) {
    Set<Double> seen = new HashSet<>();
    return series.values().stream()
        .anyMatch(
            rows ->
                rows.stream()
                        .map(row -> table.number(row, xColumn))
                        .distinct()
                        .filter(seen::add)
                        .count()
                    < rows.stream().map(row -> table.number(row, xColumn)).distinct().count());
  }

  private String yAxis() {
    return yAxis == null ? "" : yAxis.label();
  }

  private String xAxis() {
    return xAxis == null ? "" : xAxis.label();
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}
