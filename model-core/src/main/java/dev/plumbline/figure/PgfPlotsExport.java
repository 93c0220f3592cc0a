package dev.plumbline.figure;

import dev.plumbline.analysis.Decimation;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** LaTeX source for PGFPlots, with its rows in a file beside it. */
final class PgfPlotsExport {
  /** TeX reads every row anew at each run, so no series has more rows than this. */
  static final int MOST_POINTS = 1000;

  private static final int MARK_ROWS = 3;

  /** About how much of the width the plot has. */
  private static final double PLOT_SHARE = 0.75;

  /** Colours that a heat map's bar is given by. */
  private static final int MAP_STOPS = 23;

  /** More letters than these do not stand level along an axis. */
  private static final int LEVEL_LETTERS = 36;

  private static final Pattern ROOT = Pattern.compile("√([A-Za-z0-9]+)");

  private PgfPlotsExport() {}

  /**
   * What is written.
   *
   * @param tex the source
   * @param rows the file of rows
   */
  record Source(String tex, String rows) {}

  static Source write(Figure figure, FigureStyle style, FigureSize size, String rowsFile) {
    Writer writer = new Writer(figure, style, size, rowsFile, "");
    writer.layers();
    StringBuilder tex = new StringBuilder();
    head(tex, FigureExport.facts(figure), style, writer.thinned);
    writer.picture(tex);
    return new Source(tex.append("\\end{document}\n").toString(), rows(List.of(writer)));
  }

  /** Panels as pictures in a table. */
  static Source write(FigureSheet sheet, FigureStyle style, FigureSize size, String rowsFile) {
    FigureSize panel =
        new FigureSize(size.widthInches() / sheet.columns(), size.heightInches() / sheet.rows());
    List<Writer> writers = new ArrayList<>();
    boolean thinned = false;
    for (int i = 0; i < sheet.panels().size(); i++) {
      Writer writer =
          new Writer(sheet.drawn().get(i), style, panel, rowsFile, (char) ('a' + i) + "");
      writer.layers();
      thinned |= writer.thinned;
      writers.add(writer);
    }
    StringBuilder tex = new StringBuilder();
    head(tex, sheet.facts(), style, thinned);
    tex.append("\\begin{tabular}{" + "c".repeat(sheet.columns()) + "}\n");
    for (int i = 0; i < writers.size(); i++) {
      if (sheet.letters()) {
        tex.append("\\shortstack[l]{\\textbf{" + FigureSheet.letter(i) + "}\\\\\n");
      }
      writers.get(i).picture(tex);
      tex.append(sheet.letters() ? "}" : "");
      boolean last = (i + 1) % sheet.columns() == 0 || i + 1 == writers.size();
      tex.append(last ? "\\\\\n" : "&\n");
    }
    tex.append("\\end{tabular}\n\\end{document}\n");
    return new Source(tex.toString(), rows(writers));
  }

  private static void head(
      StringBuilder tex, Map<String, String> facts, FigureStyle style, boolean thinned) {
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      tex.append("% ")
          .append(fact.getKey())
          .append(": ")
          .append(fact.getValue().replaceAll("\\R", " "))
          .append('\n');
    }
    if (thinned) {
      tex.append("% long series are thinned to the minimum and maximum of each column\n");
    }
    // A small TeX has no standalone class, and T1 without Latin Modern means bitmap fonts.
    tex.append("\\IfFileExists{standalone.cls}{\\documentclass[border=1pt]{standalone}}")
        .append("{\\documentclass{article}\\pagestyle{empty}}\n")
        .append("\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n")
        .append("\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n")
        .append(
            style.typeface() == Typeface.SANS
                ? "\\renewcommand{\\familydefault}{\\sfdefault}\n"
                : "");
    tex.append("\\usepackage{pgfplots}\n\\usepgfplotslibrary{fillbetween}\n");
    tex.append("\\pgfplotsset{compat=1.16}\n");
    for (int i = 0; i < style.palette().size(); i++) {
      Writer.colour(tex, "plumbline" + i, style.palette().get(i));
    }
    Writer.colour(tex, "plumblinemuted", style.muted());
    Writer.colour(tex, "plumblinetext", style.text());
    tex.append("\\begin{document}\n");
  }

  /** One column a name; shorter ones end in nan, which PGFPlots leaves out. */
  private static String rows(List<Writer> writers) {
    List<String> names = new ArrayList<>();
    List<double[]> columns = new ArrayList<>();
    for (Writer writer : writers) {
      names.addAll(writer.names);
      columns.addAll(writer.columns);
    }
    int most = columns.stream().mapToInt(column -> column.length).max().orElse(0);
    StringBuilder out = new StringBuilder(String.join(",", names)).append('\n');
    for (int row = 0; row < most; row++) {
      for (int i = 0; i < columns.size(); i++) {
        double[] column = columns.get(i);
        double value = row < column.length ? column[row] : Double.NaN;
        out.append(i == 0 ? "" : ",")
            .append(Double.isFinite(value) ? CsvExport.number(value) : "nan");
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static final class Writer {
    private final Figure figure;
    private final FigureStyle style;
    private final FigureSize size;
    private final String rowsFile;
    private final String before;
    private final StringBuilder body = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private final List<double[]> columns = new ArrayList<>();
    private final List<String> bars = new ArrayList<>();
    private final Map<String, Double> shifts;
    private boolean thinned;

    Writer(Figure figure, FigureStyle style, FigureSize size, String rowsFile, String before) {
      this.figure = figure;
      this.style = style;
      this.size = size;
      this.rowsFile = rowsFile;
      this.before = before;
      FigurePainter.Ranges ranges = FigurePainter.Ranges.of(figure);
      this.shifts =
          Dodge.shifts(
              figure,
              new PlotMapping.Span(
                  figure.x().scale(),
                  ranges.xLow(),
                  ranges.xHigh(),
                  0,
                  size.widthInches() * 72 * PLOT_SHARE),
              style.line() * FigurePainter.APART);
    }

    /** A series that is set aside, so that error bars of others do not stand on its own. */
    private String shifted(String id) {
      double shift = shifts.getOrDefault(id, 0.0);
      return shift == 0 ? "" : "xshift=" + number(shift) + "bp, ";
    }

    void layers() {
      int index = 0;
      for (Layer layer : figure.layers()) {
        layer(layer, before + "s" + index++);
      }
    }

    void picture(StringBuilder tex) {
      tex.append("\\begin{tikzpicture}\n\\begin{axis}[\n");
      // The bar of a heat map stands beside the axis, whose width does not hold it.
      line(tex, "width=" + number(size.widthInches() * (bars.isEmpty() ? 1 : 0.8)) + "in");
      line(tex, "height=" + number(size.heightInches()) + "in");
      line(tex, "xlabel={" + escape(figure.x().title()) + "}");
      line(tex, "ylabel={" + escape(figure.y().title()) + "}");
      line(tex, "xmode=" + (figure.x().scale() == Axis.Scale.LOG ? "log" : "normal"));
      line(tex, "ymode=" + (figure.y().scale() == Axis.Scale.LOG ? "log" : "normal"));
      bound(tex, "xmin", figure.x().minimum());
      bound(tex, "xmax", figure.x().maximum());
      bound(tex, "ymin", figure.y().minimum());
      bound(tex, "ymax", figure.y().maximum());
      names(tex, "x", figure.x().names());
      names(tex, "y", figure.y().names());
      bars.forEach(option -> line(tex, option));
      line(tex, bars.isEmpty() ? "axis lines=left" : "axis line style={draw=none}, tickwidth=0pt");
      line(tex, bars.isEmpty() ? "grid=major" : "grid=none");
      line(tex, "grid style={gray!20}");
      line(tex, "clip mode=individual");
      line(tex, "unbounded coords=jump");
      line(tex, "font=\\footnotesize");
      if (style.ticks() && bars.isEmpty()) {
        line(tex, "minor tick num=4");
      }
      legend(tex);
      tex.append("]\n").append(body).append("\\end{axis}\n\\end{tikzpicture}%\n");
    }

    private void layer(Layer layer, String name) {
      switch (layer) {
        case Layer.Line line -> {
          int[] kept = kept(line.x(), line.measured());
          column(name + "x", line.x(), kept);
          column(name + "y", line.measured(), kept);
          plot(
              forgotten(line.label())
                  + shifted(line.id())
                  + options(line.ink(), style.dash(line.dash(), line.ink()), line.weight()),
              name);
          end(line.label(), line.ink(), line.x(), line.measured());
        }
        case Layer.Points points -> {
          int[] kept = kept(points.x(), points.y());
          column(name + "x", points.x(), kept);
          column(name + "y", points.y(), kept);
          String bars = "";
          String more = "";
          if (!points.low().isEmpty() && !points.high().isEmpty()) {
            column(name + "m", difference(points.y(), points.low()), kept);
            column(name + "p", difference(points.high(), points.y()), kept);
            bars = ", error bars/.cd, y dir=both, y explicit";
            more = ", y error minus=" + name + "m, y error plus=" + name + "p";
          }
          body.append("\\addplot[only marks, mark size=1.3pt, " + forgotten(points.label()))
              .append(shifted(points.id()))
              .append(mark(points.ink()))
              .append(ink(points.ink()))
              .append(bars)
              .append("] table[col sep=comma, x=")
              .append(name + "x, y=" + name + "y" + more)
              .append("] {" + rowsFile + "};\n");
          end(points.label(), points.ink(), points.x(), points.y());
        }
        case Layer.Band band -> {
          int[] kept = kept(band.x(), band.low());
          column(name + "x", band.x(), kept);
          column(name + "y", band.low(), kept);
          column(name + "h", band.high(), kept);
          body.append("\\addplot[draw=none, forget plot, name path=" + name + "low] table[")
              .append("col sep=comma, x=" + name + "x, y=" + name + "y] {" + rowsFile + "};\n")
              .append("\\addplot[draw=none, forget plot, name path=" + name + "high] table[")
              .append("col sep=comma, x=" + name + "x, y=" + name + "h] {" + rowsFile + "};\n")
              .append("\\addplot[forget plot, fill opacity=0.17, " + ink(band.ink()) + "] ")
              .append("fill between[of=" + name + "low and " + name + "high];\n");
        }
        case Layer.Bars bars -> {
          double[] heights = new double[bars.edges().size()];
          for (int i = 0; i < heights.length; i++) {
            heights[i] = i < bars.heights().size() ? bars.heights().get(i) : 0;
          }
          names.add(name + "x");
          columns.add(bars.edges().toArray());
          names.add(name + "y");
          columns.add(heights);
          plot(forgotten(bars.label()) + "ybar interval, draw=none, fill=" + ink(bars.ink()), name);
          if (figure.legend() != Figure.Legend.LINE_ENDS) {
            end(bars.label(), bars.ink(), bars.edges(), bars.edges());
          }
        }
        case Layer.Steps steps -> {
          Column[] corners = steps.corners();
          column(name + "x", corners[0], new int[0]);
          column(name + "y", corners[1], new int[0]);
          plot(
              forgotten(steps.label())
                  + options(steps.ink(), style.dash(steps.dash(), steps.ink()), 1),
              name);
          end(steps.label(), steps.ink(), corners[0], corners[1]);
        }
        case Layer.Intervals intervals -> {
          column(name + "x", intervals.value(), new int[0]);
          column(name + "y", intervals.at(), new int[0]);
          column(name + "m", difference(intervals.value(), intervals.low()), new int[0]);
          column(name + "p", difference(intervals.high(), intervals.value()), new int[0]);
          body.append("\\addplot[only marks, mark size=1.3pt, " + forgotten(intervals.label()))
              .append(mark(intervals.ink()))
              .append(ink(intervals.ink()))
              .append(", error bars/.cd, x dir=both, x explicit] table[col sep=comma, x=")
              .append(name + "x, y=" + name + "y, x error minus=" + name + "m, x error plus=")
              .append(name + "p] {" + rowsFile + "};\n");
          if (figure.legend() != Figure.Legend.LINE_ENDS) {
            end(intervals.label(), intervals.ink(), intervals.value(), intervals.at());
          }
        }
        case Layer.Heat heat -> heat(heat, name);
        case Layer.Reference reference -> {
          body.append("\\addplot[" + forgotten(reference.label()) + "samples=64, domain=")
              .append(number(reference.from()) + ":" + number(reference.to()) + ", ")
              .append(options(reference.ink(), style.dash(reference.dash(), reference.ink()), 0.85))
              .append("] {" + number(reference.intercept()) + " + (")
              .append(number(reference.slope()) + ")*x};\n");
          double top = reference.intercept() + reference.slope() * reference.to();
          end(reference.label(), reference.ink(), Column.of(reference.to()), Column.of(top));
        }
        case Layer.Level level -> {
          boolean apart = !level.label().isEmpty() && figure.legend() != Figure.Legend.LINE_ENDS;
          if (apart && figure.legend() != Figure.Legend.NONE) {
            body.append("\\addlegendimage{")
                .append(options(level.ink(), style.dash(level.dash(), level.ink()), 0.7))
                .append("}\\addlegendentry{" + escape(level.label()) + "}\n");
          }
          boolean named = !level.label().isEmpty() && !apart;
          String at = number(level.y());
          body.append("\\draw[" + options(level.ink(), style.dash(level.dash(), level.ink()), 0.7))
              .append("] ({rel axis cs:0,0}|-{axis cs:0," + at + "}) -- ({rel axis cs:1,0}|-")
              .append("{axis cs:0," + at + "})")
              .append(named ? " node[pos=1, " + label(level.ink()) + "]{" : "")
              .append(named ? escape(level.label()) + "}" : "")
              .append(";\n");
        }
        case Layer.Marks marks -> {
          int row = 0;
          for (Layer.Mark mark : marks.marks()) {
            String at = number(mark.x());
            // Neighbours stand in rows of their own, so that their words do not meet.
            String down = number(-1.1 * (row++ % MARK_ROWS)) + "em";
            body.append("\\draw[" + options(mark.ink(), Dash.DASHED, 0.6))
                .append("] ({axis cs:" + at + ",0}|-{rel axis cs:0,0}) -- ({axis cs:" + at)
                .append(
                    ",0}|-{rel axis cs:0,1}) node[pos=1, anchor=north west, font=\\scriptsize,"
                        + " yshift="
                        + down
                        + "]{")
                .append(escape(mark.label()))
                .append("};\n");
          }
        }
        case Layer.Note note -> {
          List<String> lines = new ArrayList<>();
          for (Layer.Text text : note.lines()) {
            lines.add("\\textcolor{" + ink(text.ink()) + "}{" + escape(text.text()) + "}");
          }
          body.append("\\node[anchor=south east, align=left, font=\\scriptsize] at ")
              .append("(rel axis cs:0.99,0.02) {" + String.join("\\\\", lines) + "};\n");
        }
      }
    }

    /** Each cell as a rectangle: a matrix plot of PGFPlots cannot have cells of several widths. */
    private void heat(Layer.Heat heat, String name) {
      column(name + "v", heat.values(), new int[0]);
      double[] ends = heat.colours().ends(heat.values());
      for (int cell = 0; cell < heat.values().size(); cell++) {
        int row = cell / heat.columns();
        int column = cell % heat.columns();
        double value = heat.values().get(cell);
        Color colour = heat.colours().map().at(heat.colours().share(value, ends));
        String own =
            "{rgb,255:red,"
                + colour.getRed()
                + ";green,"
                + colour.getGreen()
                + ";blue,"
                + colour.getBlue()
                + "}";
        body.append("\\fill[fill=" + own + "] (axis cs:")
            .append(number(heat.xEdges().get(column)) + "," + number(heat.yEdges().get(row)))
            .append(") rectangle (axis cs:")
            .append(
                number(heat.xEdges().get(column + 1)) + "," + number(heat.yEdges().get(row + 1)))
            .append(");\n");
        if (heat.written() && Double.isFinite(value)) {
          double middleX = (heat.xEdges().get(column) + heat.xEdges().get(column + 1)) / 2;
          double middleY = (heat.yEdges().get(row) + heat.yEdges().get(row + 1)) / 2;
          String ink = ColourMap.textOn(colour).equals(Color.WHITE) ? "white" : "black";
          body.append("\\node[font=\\scriptsize, text=" + ink + "] at (axis cs:")
              .append(number(middleX) + "," + number(middleY) + ") {")
              .append(escape(FigurePainter.cellText(heat, cell)) + "};\n");
        }
      }
      bars.add("colorbar");
      bars.add("point meta min=" + number(ends[0]));
      bars.add("point meta max=" + number(ends[1]));
      bars.add(
          "colorbar style={width=6pt, font=\\scriptsize, ylabel={"
              + escape(heat.colours().title())
              + "}}");
      StringBuilder map = new StringBuilder("colormap={plumbline}{");
      for (int i = 0; i < MAP_STOPS; i++) {
        double value = ends[0] + (ends[1] - ends[0]) * i / (MAP_STOPS - 1);
        Color colour = heat.colours().map().at(heat.colours().share(value, ends));
        map.append("rgb255=(" + colour.getRed() + "," + colour.getGreen() + ",")
            .append(colour.getBlue() + ") ");
      }
      bars.add(map.toString().strip() + "}");
    }

    /** Where the names of series stand that are not at the ends of their lines. */
    private void legend(StringBuilder tex) {
      String place =
          switch (figure.legend()) {
            case TOP -> "at={(0,1.02)}, anchor=south west, legend columns=-1";
            case BOTTOM -> "at={(0.5,-0.25)}, anchor=north, legend columns=-1";
            case RIGHT -> "at={(1.03,1)}, anchor=north west";
            case INSIDE, LINE_ENDS, NONE -> "at={(0.02,0.98)}, anchor=north west";
          };
      line(
          tex,
          "legend style={draw=none, font=\\scriptsize, cells={anchor=west},"
              + " /tikz/every even column/.append style={column sep=6pt}, "
              + place
              + "}");
    }

    /** The names along an axis. */
    private static void names(StringBuilder tex, String axis, List<String> names) {
      if (names.isEmpty()) {
        return;
      }
      List<String> places = new ArrayList<>();
      List<String> labels = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        places.add(number(i + 0.5));
        labels.add("{" + escape(names.get(i)) + "}");
      }
      line(tex, axis + "tick={" + String.join(",", places) + "}");
      line(tex, axis + "ticklabels={" + String.join(",", labels) + "}");
      if (axis.equals("y")) {
        line(tex, "y dir=reverse");
      } else if (names.stream().mapToInt(String::length).sum() > LEVEL_LETTERS) {
        line(tex, "xticklabel style={rotate=38, anchor=north east, inner sep=1pt}");
      }
    }

    private void plot(String options, String name) {
      body.append("\\addplot[no markers, ")
          .append(options)
          .append("] table[col sep=comma, x=" + name + "x, y=" + name + "y] {" + rowsFile + "};\n");
    }

    /** A label at the end of a line, as a node of its own: those of a plot are clipped with it. */
    private void end(String label, Ink ink, Column x, Column y) {
      if (figure.legend() == Figure.Legend.NONE || label.isEmpty()) {
        return;
      }
      if (figure.legend() != Figure.Legend.LINE_ENDS) {
        body.append("\\addlegendentry{" + escape(label) + "}\n");
        return;
      }
      int last = Math.min(x.size(), y.size()) - 1;
      while (last >= 0 && !(Double.isFinite(x.get(last)) && Double.isFinite(y.get(last)))) {
        last--;
      }
      if (last >= 0) {
        body.append("\\node[" + label(ink) + "] at (axis cs:")
            .append(number(x.get(last)) + "," + number(y.get(last)) + ") {")
            .append(escape(label) + "};\n");
      }
    }

    /** A plot without a name is not in the legend. */
    private static String forgotten(String label) {
      return label.isEmpty() ? "forget plot, " : "";
    }

    private String mark(Ink ink) {
      if (!style.markers() || ink.index() < 0) {
        return "mark=*, ";
      }
      String fill = Marker.isHollow(ink.index()) ? "" : "*";
      return switch (Marker.ofSeries(ink.index())) {
        case CIRCLE -> fill.isEmpty() ? "mark=o, " : "mark=*, ";
        case SQUARE -> "mark=square" + fill + ", ";
        case TRIANGLE -> "mark=triangle" + fill + ", ";
        case DIAMOND -> "mark=diamond" + fill + ", ";
        case INVERTED -> "mark=triangle" + fill + ", mark options={rotate=180}, ";
      };
    }

    private String label(Ink ink) {
      return "anchor=west, font=\\scriptsize, text=" + ink(ink);
    }

    private String options(Ink ink, Dash dash, double weight) {
      String pattern =
          switch (dash) {
            case AUTO, SOLID -> "solid";
            case DASHED -> "densely dashed";
            case DOTTED -> "densely dotted";
            case DASH_DOT -> "dash dot";
            case DASH_DOT_DOT -> "dash dot dot";
          };
      return ink(ink) + ", " + pattern + ", line width=" + number(style.line() * weight) + "pt";
    }

    private String ink(Ink ink) {
      if (ink.equals(Ink.TEXT)) {
        return "plumblinetext";
      }
      return ink.index() < 0
          ? "plumblinemuted"
          : "plumbline" + ink.index() % style.palette().size();
    }

    /** Rows to write; empty for all. */
    private int[] kept(Column x, Column y) {
      if (x.size() < MOST_POINTS) {
        return new int[0];
      }
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double place : x.raw()) {
        if (Double.isFinite(place)) {
          low = Math.min(low, place);
          high = Math.max(high, place);
        }
      }
      if (!(high > low)) {
        return new int[] {0};
      }
      thinned = true;
      // A wandering line enters a column more than once, so fewer columns may be needed.
      for (int wide = MOST_POINTS / 4 - 8; wide > 1; wide = wide * 3 / 4) {
        int[] rows = Decimation.minMax(x.raw(), y.raw(), low, high, wide);
        if (rows.length < MOST_POINTS) {
          return rows;
        }
      }
      int[] rows = new int[MOST_POINTS - 1];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (int) ((long) i * (x.size() - 1) / (rows.length - 1));
      }
      return rows;
    }

    private void column(String name, Column values, int[] kept) {
      double[] out = new double[kept.length == 0 ? values.size() : kept.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = values.get(kept.length == 0 ? i : kept[i]);
      }
      names.add(name);
      columns.add(out);
    }

    private static Column difference(Column a, Column b) {
      double[] out = new double[a.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = a.get(i) - b.get(i);
      }
      return Column.of(out);
    }

    private static void colour(StringBuilder tex, String name, Color colour) {
      tex.append("\\definecolor{" + name + "}{RGB}{")
          .append(colour.getRed() + "," + colour.getGreen() + "," + colour.getBlue())
          .append("}\n");
    }

    private static void line(StringBuilder tex, String option) {
      tex.append("  ").append(option).append(",\n");
    }

    private static void bound(StringBuilder tex, String name, OptionalDouble value) {
      if (value.isPresent()) {
        line(tex, name + "=" + number(value.getAsDouble()));
      }
    }
  }

  private static String number(double value) {
    return CsvExport.number(Double.parseDouble(String.format(Locale.ROOT, "%.6g", value)));
  }

  /** Text as LaTeX: special characters escaped, mathematics where the text has its signs. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (RichText.Piece piece : RichText.parse(text).pieces()) {
      String escaped = escapePlain(piece.text());
      switch (piece.shift()) {
        case BASE -> out.append(escaped);
        case SUBSCRIPT -> out.append("\\textsubscript{").append(escaped).append('}');
        case SUPERSCRIPT -> out.append("\\textsuperscript{").append(escaped).append('}');
      }
    }
    return out.toString();
  }

  private static String escapePlain(String text) {
    StringBuilder out = new StringBuilder();
    var roots = ROOT.matcher(text);
    int from = 0;
    while (roots.find()) {
      characters(text.substring(from, roots.start()), out);
      out.append("$\\sqrt{\\mathrm{").append(roots.group(1)).append("}}$");
      from = roots.end();
    }
    characters(text.substring(from), out);
    return out.toString();
  }

  private static void characters(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(
          switch (c) {
            case '\\' -> "\\textbackslash{}";
            case '{' -> "\\{";
            case '}' -> "\\}";
            case '$' -> "\\$";
            case '&' -> "\\&";
            case '#' -> "\\#";
            case '%' -> "\\%";
            case '_' -> "\\_";
            case '^' -> "\\textasciicircum{}";
            case '~' -> "\\textasciitilde{}";
            case '−' -> "$-$";
            case '×' -> "$\\times$";
            case '→' -> "$\\to$";
            case '·' -> "$\\cdot$";
            case '√' -> "$\\surd$";
            case '≤' -> "$\\le$";
            case '≥' -> "$\\ge$";
            case '±' -> "$\\pm$";
            case 'λ' -> "$\\lambda$";
            case 'β' -> "$\\beta$";
            case 'σ' -> "$\\sigma$";
            case 'ε' -> "$\\varepsilon$";
            case 'Δ' -> "$\\Delta$";
            case '–' -> "--";
            case '…' -> "\\dots{}";
            default -> String.valueOf(c);
          });
    }
  }
}
