package dev.plumbline.figure;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/**
 * The rows behind a figure in long format: one row a point, as measured. A value that is absent is
 * empty. Lines that start with # say where the rows come from.
 */
final class CsvExport {
  private CsvExport() {}

  static String write(Figure figure) throws IOException {
    StringWriter out = new StringWriter();
    for (Map.Entry<String, String> fact : FigureExport.facts(figure).entrySet()) {
      out.write("# " + fact.getKey() + ": " + fact.getValue().replaceAll("\\R", " ") + "\n");
    }
    out.write("# x: " + RichText.plain(figure.x().title()) + "\n");
    out.write("# y: " + RichText.plain(figure.y().title()) + "\n");
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
      csv.writeRecord("kind", "series", "label", "row", "step", "x", "y", "low", "high");
      for (Layer layer : figure.layers()) {
        switch (layer) {
          case Layer.Line line ->
              rows(
                  csv,
                  "line",
                  line.id(),
                  line.label(),
                  line.step(),
                  line.x(),
                  line.measured(),
                  Column.empty(),
                  Column.empty());
          case Layer.Points points ->
              rows(
                  csv,
                  "points",
                  points.id(),
                  points.label(),
                  points.step(),
                  points.x(),
                  points.y(),
                  points.low(),
                  points.high());
          case Layer.Band band ->
              rows(
                  csv,
                  "band",
                  band.id(),
                  band.label(),
                  Column.empty(),
                  band.x(),
                  Column.empty(),
                  band.low(),
                  band.high());
          case Layer.Bars bars -> {
            for (int row = 0; row < bars.heights().size(); row++) {
              csv.writeRecord(
                  "bar",
                  bars.id(),
                  plain(bars.label()),
                  "" + row,
                  "",
                  "",
                  number(bars.heights().get(row)),
                  number(bars.edges().get(row)),
                  number(bars.edges().get(row + 1)));
            }
          }
          case Layer.Steps steps -> {
            for (int row = 0; row < steps.heights().size(); row++) {
              csv.writeRecord(
                  "step",
                  steps.id(),
                  plain(steps.label()),
                  "" + row,
                  "",
                  "",
                  number(steps.heights().get(row)),
                  number(steps.edges().get(row)),
                  number(steps.edges().get(row + 1)));
            }
          }
          case Layer.Intervals intervals ->
              rows(
                  csv,
                  "interval",
                  intervals.id(),
                  intervals.label(),
                  intervals.step(),
                  intervals.value(),
                  intervals.at(),
                  intervals.low(),
                  intervals.high());
          case Layer.Heat _ -> {} // its cells have columns of their own, below
          case Layer.Reference reference -> {
            double[] ends = {reference.from(), reference.to()};
            for (int row = 0; row < ends.length; row++) {
              csv.writeRecord(
                  "reference",
                  reference.id(),
                  plain(reference.label()),
                  "" + row,
                  "",
                  number(ends[row]),
                  number(reference.intercept() + reference.slope() * ends[row]),
                  "",
                  "");
            }
          }
          case Layer.Level level ->
              csv.writeRecord(
                  "level", "", plain(level.label()), "0", "", "", number(level.y()), "", "");
          case Layer.Marks marks -> {
            for (int row = 0; row < marks.marks().size(); row++) {
              Layer.Mark mark = marks.marks().get(row);
              csv.writeRecord(
                  "mark",
                  mark.series(),
                  plain(mark.label()),
                  "" + row,
                  "" + mark.step(),
                  number(mark.x()),
                  "",
                  "",
                  "");
            }
          }
          case Layer.Note note -> {
            for (Layer.Text text : note.lines()) {
              csv.writeComment(" note: " + RichText.plain(text.text()));
            }
          }
        }
      }
    }
    cells(figure, out);
    return out.toString();
  }

  /** The cells of heat maps, after an empty line, under a head of their own. */
  private static void cells(Figure figure, StringWriter out) throws IOException {
    boolean any = false;
    CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
    for (Layer layer : figure.layers()) {
      if (!(layer instanceof Layer.Heat heat)) {
        continue;
      }
      if (!any) {
        out.write("\n");
        csv.writeRecord(
            "kind", "series", "row", "column", "x", "y", "value", "n", "low", "high", "step");
        any = true;
      }
      for (int cell = 0; cell < heat.values().size(); cell++) {
        int row = cell / heat.columns();
        int column = cell % heat.columns();
        csv.writeRecord(
            "cell",
            heat.id(),
            "" + row,
            "" + column,
            place(figure.x(), heat.xEdges(), column),
            place(figure.y(), heat.yEdges(), row),
            number(heat.values().get(cell)),
            at(heat.n(), cell),
            at(heat.low(), cell),
            at(heat.high(), cell),
            at(heat.step(), cell));
      }
    }
    csv.flush();
  }

  /** A cell's name, or its middle on an axis of numbers. */
  private static String place(Axis axis, Column edges, int cell) {
    return cell < axis.names().size()
        ? plain(axis.names().get(cell))
        : number((edges.get(cell) + edges.get(cell + 1)) / 2);
  }

  private static void rows(
      CsvWriter csv,
      String kind,
      String id,
      String label,
      Column step,
      Column x,
      Column y,
      Column low,
      Column high) {
    for (int row = 0; row < x.size(); row++) {
      csv.writeRecord(
          kind,
          id,
          plain(label),
          "" + row,
          at(step, row),
          at(x, row),
          at(y, row),
          at(low, row),
          at(high, row));
    }
  }

  private static String plain(String label) {
    return RichText.plain(label);
  }

  private static String at(Column column, int row) {
    return column.isEmpty() ? "" : number(column.get(row));
  }

  /** The shortest text that reads back as the same number; whole numbers without a point. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }
}
