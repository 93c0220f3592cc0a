package dev.plumbline.figure;

import java.util.List;

/** One thing drawn in a figure, in data coordinates. Layers are drawn in order, marks last. */
public sealed interface Layer {

  /** What it is called in the legend; empty for what has no name. */
  default String label() {
    return "";
  }

  /** Its colour; empty for what has none of its own. */
  default java.util.Optional<Ink> inked() {
    return switch (this) {
      case Line l -> java.util.Optional.of(l.ink());
      case Points p -> java.util.Optional.of(p.ink());
      case Band b -> java.util.Optional.of(b.ink());
      case Bars b -> java.util.Optional.of(b.ink());
      case Steps t -> java.util.Optional.of(t.ink());
      case Intervals i -> java.util.Optional.of(i.ink());
      case Reference r -> java.util.Optional.of(r.ink());
      case Level _, Heat _, Marks _, Note _ -> java.util.Optional.empty();
    };
  }

  /** The same thing by another name; what has no name stays as it is. */
  default Layer withLabel(String other) {
    return switch (this) {
      case Line l -> new Line(l.id, other, l.ink, l.dash, l.weight, l.x, l.y, l.ghost, l.step);
      case Points p -> new Points(p.id, other, p.ink, p.x, p.y, p.low, p.high, p.step);
      case Band b -> new Band(b.id, other, b.ink, b.x, b.low, b.high);
      case Bars b -> new Bars(b.id, other, b.ink, b.edges, b.heights);
      case Steps t -> new Steps(t.id, other, t.ink, t.dash, t.closed, t.edges, t.heights);
      case Intervals i -> new Intervals(i.id, other, i.ink, i.value, i.low, i.high, i.at, i.step);
      case Reference r ->
          new Reference(r.id, other, r.ink, r.dash, r.intercept, r.slope, r.from, r.to);
      case Level l -> new Level(other, l.ink, l.dash, l.y);
      case Heat _, Marks _, Note _ -> this;
    };
  }

  /** The same thing in another colour; what has none of its own stays as it is. */
  default Layer withInk(Ink other) {
    return switch (this) {
      case Line l -> new Line(l.id, l.label, other, l.dash, l.weight, l.x, l.y, l.ghost, l.step);
      case Points p -> new Points(p.id, p.label, other, p.x, p.y, p.low, p.high, p.step);
      case Band b -> new Band(b.id, b.label, other, b.x, b.low, b.high);
      case Bars b -> new Bars(b.id, b.label, other, b.edges, b.heights);
      case Steps t -> new Steps(t.id, t.label, other, t.dash, t.closed, t.edges, t.heights);
      case Intervals i -> new Intervals(i.id, i.label, other, i.value, i.low, i.high, i.at, i.step);
      case Reference r ->
          new Reference(r.id, r.label, other, r.dash, r.intercept, r.slope, r.from, r.to);
      case Level _, Heat _, Marks _, Note _ -> this;
    };
  }

  /**
   * A line through points in their order; a NaN in x or y breaks it.
   *
   * @param id stable name by which a hit finds its run and metric
   * @param label what stands at the line's end or in the legend, or empty for neither
   * @param ink its colour
   * @param dash its pattern
   * @param weight its width in multiples of the style's line
   * @param x places
   * @param y values
   * @param ghost unsmoothed values drawn faintly behind, or empty
   * @param step the training step of each point, or empty
   */
  record Line(
      String id,
      String label,
      Ink ink,
      Dash dash,
      double weight,
      Column x,
      Column y,
      Column ghost,
      Column step)
      implements Layer {
    /** Checks that the columns have one length. */
    public Line {
      sameSize(id, x, y);
      optional(id, x, ghost);
      optional(id, x, step);
    }

    /** A line of the style's width and the series' own pattern. */
    public static Line of(String id, String label, Ink ink, Column x, Column y) {
      return new Line(id, label, ink, Dash.AUTO, 1, x, y, Column.empty(), Column.empty());
    }

    /** The same line with the step of each point. */
    public Line withStep(Column steps) {
      return new Line(id, label, ink, dash, weight, x, y, ghost, steps);
    }

    /** The same line with raw values behind it. */
    public Line withGhost(Column raw) {
      return new Line(id, label, ink, dash, weight, x, y, raw, step);
    }

    /** The same line in another pattern and width. */
    public Line drawn(Dash pattern, double width) {
      return new Line(id, label, ink, pattern, width, x, y, ghost, step);
    }

    /** The values as measured: the ghost of a smoothed line, else the line. */
    public Column measured() {
      return ghost.isEmpty() ? y : ghost;
    }
  }

  /**
   * Points with vertical error bars.
   *
   * @param id stable name by which a hit finds its run and metric
   * @param label what stands in the legend, or empty
   * @param ink their colour
   * @param x places
   * @param y values
   * @param low lower ends of the bars, or empty for none
   * @param high upper ends of the bars, or empty for none
   * @param step the training step of each point, or empty
   */
  record Points(
      String id, String label, Ink ink, Column x, Column y, Column low, Column high, Column step)
      implements Layer {
    /** Checks that the columns have one length. */
    public Points {
      sameSize(id, x, y);
      optional(id, x, low);
      optional(id, x, high);
      optional(id, x, step);
    }
  }

  /**
   * The area between two lines.
   *
   * @param id stable name
   * @param label what stands in the legend, or empty
   * @param ink its colour, drawn faintly
   * @param x places
   * @param low lower edge
   * @param high upper edge
   */
  record Band(String id, String label, Ink ink, Column x, Column low, Column high)
      implements Layer {
    /** Checks that the columns have one length. */
    public Band {
      sameSize(id, x, low);
      sameSize(id, x, high);
    }
  }

  /**
   * Bars of a histogram, from zero up.
   *
   * @param id stable name
   * @param label what stands in the legend, or empty
   * @param ink their colour
   * @param edges n + 1 ascending edges
   * @param heights n heights
   */
  record Bars(String id, String label, Ink ink, Column edges, Column heights) implements Layer {
    /** Checks that there is one edge more than there are bars. */
    public Bars {
      if (edges.size() != heights.size() + 1) {
        throw new IllegalArgumentException(
            id + ": " + heights.size() + " bars need " + (heights.size() + 1) + " edges");
      }
    }
  }

  /**
   * A stepped line: the outline of a histogram, so that several can be seen over each other, or a
   * distribution function.
   *
   * @param id stable name by which a hit finds its row
   * @param label what stands in the legend, or empty
   * @param ink its colour
   * @param dash its pattern
   * @param closed whether it starts and ends at zero, as the outline of a histogram does
   * @param edges n + 1 ascending edges
   * @param heights n heights, each from its edge to the next
   */
  record Steps(
      String id, String label, Ink ink, Dash dash, boolean closed, Column edges, Column heights)
      implements Layer {
    /** Checks that there is one edge more than there are steps. */
    public Steps {
      if (edges.size() != heights.size() + 1) {
        throw new IllegalArgumentException(
            id + ": " + heights.size() + " steps need " + (heights.size() + 1) + " edges");
      }
    }

    /** The outline of a histogram. */
    public static Steps histogram(String id, String label, Ink ink, Column edges, Column heights) {
      return new Steps(id, label, ink, Dash.AUTO, true, edges, heights);
    }

    /** The corners of the line: x and y of each. */
    Column[] corners() {
      int n = heights.size();
      int lead = closed ? 1 : 0;
      double[] x = new double[2 * n + 2 * lead];
      double[] y = new double[x.length];
      for (int i = 0; i < n; i++) {
        x[lead + 2 * i] = edges.get(i);
        x[lead + 2 * i + 1] = edges.get(i + 1);
        y[lead + 2 * i] = heights.get(i);
        y[lead + 2 * i + 1] = heights.get(i);
      }
      if (closed && n > 0) {
        x[0] = edges.get(0);
        x[x.length - 1] = edges.last();
      }
      return new Column[] {Column.of(x), Column.of(y)};
    }
  }

  /**
   * Points with horizontal intervals, one below the other: effects, ratings, differences.
   *
   * @param id stable name by which a hit finds its row
   * @param label what stands in the legend, or empty
   * @param ink their colour
   * @param value where each point lies along the horizontal axis
   * @param low left ends of the intervals
   * @param high right ends of the intervals
   * @param at where each lies along the vertical axis; on an axis of names k + 0.5 is name k
   * @param step what a hit tells of each, such as its row in a table, or empty
   */
  record Intervals(
      String id,
      String label,
      Ink ink,
      Column value,
      Column low,
      Column high,
      Column at,
      Column step)
      implements Layer {
    /** Checks that the columns have one length. */
    public Intervals {
      sameSize(id, value, low);
      sameSize(id, value, high);
      sameSize(id, value, at);
      optional(id, value, step);
    }
  }

  /**
   * A heat map: a grid of cells, each with a colour for its value, and the value, its n and its
   * interval written in it as far as there is room. Cell (row, column) lies at index row x columns
   * + column; row 0 lies between the first two vertical edges, which on an axis of names is the
   * top.
   *
   * @param id stable name by which a hit finds its cell
   * @param colours which value has which colour
   * @param xEdges c + 1 ascending edges
   * @param yEdges r + 1 ascending edges
   * @param values r x c values, NaN for an empty cell
   * @param n how many each was counted from, or empty
   * @param low lower ends of their intervals, or empty
   * @param high upper ends of their intervals, or empty
   * @param step what a hit tells of each cell, such as its row in a table, or empty
   * @param written whether values are written in the cells
   */
  record Heat(
      String id,
      ColourScale colours,
      Column xEdges,
      Column yEdges,
      Column values,
      Column n,
      Column low,
      Column high,
      Column step,
      boolean written)
      implements Layer {
    /** Checks that there is a value for each cell. */
    public Heat {
      if (xEdges.size() < 2
          || yEdges.size() < 2
          || values.size() != (xEdges.size() - 1) * (yEdges.size() - 1)) {
        throw new IllegalArgumentException(
            "%s: %d values for cells between %d and %d edges"
                .formatted(id, values.size(), xEdges.size(), yEdges.size()));
      }
      optional(id, values, n);
      optional(id, values, low);
      optional(id, values, high);
      optional(id, values, step);
    }

    /** Values on two axes of names, row by row from the top, written in their cells. */
    public static Heat of(String id, ColourScale colours, int rows, int columns, Column values) {
      return new Heat(
          id,
          colours,
          edges(columns),
          edges(rows),
          values,
          Column.empty(),
          Column.empty(),
          Column.empty(),
          Column.empty(),
          true);
    }

    /** The same map with how many each value was counted from and its interval. */
    public Heat withIntervals(Column count, Column from, Column to) {
      return new Heat(id, colours, xEdges, yEdges, values, count, from, to, step, written);
    }

    /** The same map with what a hit tells of each cell. */
    public Heat withStep(Column steps) {
      return new Heat(id, colours, xEdges, yEdges, values, n, low, high, steps, written);
    }

    /** Cells in a row. */
    public int columns() {
      return xEdges.size() - 1;
    }

    /** Rows of cells. */
    public int rows() {
      return yEdges.size() - 1;
    }

    private static Column edges(int cells) {
      long[] edges = new long[cells + 1];
      for (int i = 0; i <= cells; i++) {
        edges[i] = i;
      }
      return Column.of(edges);
    }
  }

  /**
   * A straight line y = intercept + slope x over a range of x: a fit or a theory.
   *
   * @param id stable name
   * @param label what stands at its end, or empty
   * @param ink its colour
   * @param dash its pattern
   * @param intercept value at x = 0
   * @param slope rise per unit of x
   * @param from lower end of the range
   * @param to upper end of the range
   */
  record Reference(
      String id,
      String label,
      Ink ink,
      Dash dash,
      double intercept,
      double slope,
      double from,
      double to)
      implements Layer {}

  /**
   * A horizontal line across the whole plot, such as a chance level.
   *
   * @param label what stands at its right end, or empty
   * @param ink its colour
   * @param dash its pattern
   * @param y its height
   */
  record Level(String label, Ink ink, Dash dash, double y) implements Layer {}

  /**
   * Vertical lines where something happened.
   *
   * @param marks the happenings
   */
  record Marks(List<Mark> marks) implements Layer {
    /** Copies the list. */
    public Marks {
      marks = List.copyOf(marks);
    }
  }

  /**
   * One happening.
   *
   * @param x its place
   * @param label what happened, a few words
   * @param ink its colour
   * @param series id of the series it belongs to, or empty
   * @param step the step at which it happened
   */
  record Mark(double x, String label, Ink ink, String series, long step) {}

  /**
   * Lines of text in the plot, away from the data.
   *
   * @param corner where
   * @param lines what, one entry a line, each with its colour
   * @param least how many of the lines, from the first, make sense alone, at least 1
   */
  record Note(Corner corner, List<Text> lines, int least) implements Layer {
    /** Copies the list. */
    public Note {
      lines = List.copyOf(lines);
      if (least < 1 || least > lines.size()) {
        throw new IllegalArgumentException(least + " of " + lines.size() + " lines");
      }
    }
  }

  /**
   * A line of text.
   *
   * @param text {@code _{...}} lowers and {@code ^{...}} raises
   * @param ink its colour
   */
  record Text(String text, Ink ink) {}

  /** A corner of the plot; {@link #FREE} takes the one with the fewest data under it. */
  enum Corner {
    /** Upper left. */
    TOP_LEFT,
    /** Upper right. */
    TOP_RIGHT,
    /** Lower left. */
    BOTTOM_LEFT,
    /** Lower right. */
    BOTTOM_RIGHT,
    /** Where the fewest data are. */
    FREE
  }

  private static void sameSize(String id, Column x, Column other) {
    if (x.size() != other.size()) {
      throw new IllegalArgumentException(
          id + ": columns of " + x.size() + " and " + other.size() + " rows");
    }
  }

  private static void optional(String id, Column x, Column other) {
    if (!other.isEmpty()) {
      sameSize(id, x, other);
    }
  }
}
