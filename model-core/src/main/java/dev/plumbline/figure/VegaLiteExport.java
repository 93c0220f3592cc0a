package dev.plumbline.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A figure as a Vega-Lite specification (version 5) with its rows inside, for notebooks and web
 * pages. Notes are left out: their place depends on the painter. Provenance is in {@code usermeta}.
 */
final class VegaLiteExport {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

  /** Colours that a heat map's scale is given by. */
  private static final int MAP_STOPS = 23;

  private final Figure figure;
  private final FigureStyle style;

  private VegaLiteExport(Figure figure, FigureStyle style) {
    this.figure = figure;
    this.style = style;
  }

  static String write(Figure figure, FigureStyle style, FigureSize size) {
    try {
      return MAPPER.writeValueAsString(new VegaLiteExport(figure, style).spec(size)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Panels row by row; each keeps its own scales. */
  static String write(FigureSheet sheet, FigureStyle style, FigureSize size) {
    ObjectNode all = MAPPER.createObjectNode();
    all.put("$schema", SCHEMA);
    all.put("title", RichText.plain(sheet.title()));
    ObjectNode meta = all.putObject("usermeta");
    sheet.facts().forEach(meta::put);
    ArrayNode rows = all.putArray("vconcat");
    FigureSize panel =
        new FigureSize(size.widthInches() / sheet.columns(), size.heightInches() / sheet.rows());
    ArrayNode row = MAPPER.createArrayNode();
    for (int i = 0; i < sheet.panels().size(); i++) {
      if (i % sheet.columns() == 0) {
        row = rows.addObject().putArray("hconcat");
      }
      ObjectNode one = new VegaLiteExport(sheet.drawn().get(i), style).spec(panel);
      one.remove(List.of("$schema", "config"));
      if (sheet.letters()) {
        one.put(
            "title", FigureSheet.letter(i) + " " + RichText.plain(sheet.panels().get(i).title()));
      }
      row.add(one);
    }
    try {
      return MAPPER.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode spec(FigureSize size) {
    ObjectNode spec = MAPPER.createObjectNode();
    spec.put("$schema", SCHEMA);
    spec.put("title", RichText.plain(figure.title()));
    if (!figure.caption().isEmpty()) {
      spec.put("description", RichText.plain(figure.caption()));
    }
    ObjectNode meta = spec.putObject("usermeta");
    for (Map.Entry<String, String> fact : figure.provenance().entries().entrySet()) {
      meta.put(fact.getKey(), fact.getValue());
    }
    spec.put("width", Math.round(size.widthInches() * 96));
    spec.put("height", Math.round(size.heightInches() * 96));
    ArrayNode layers = spec.putArray("layer");
    for (Layer layer : figure.layers()) {
      add(layers, layer);
    }
    spec.putObject("config").putObject("axis").put("gridColor", hex(style.grid()));
    return spec;
  }

  private void add(ArrayNode layers, Layer layer) {
    switch (layer) {
      case Layer.Line line -> {
        ObjectNode one =
            mark(layers, "line", line.ink(), line.label(), dash(line.dash(), line.ink()));
        one.withObject("/mark").put("strokeWidth", style.line() * line.weight());
        ArrayNode rows = rows(one);
        for (int i = 0; i < line.x().size(); i++) {
          row(rows, line.label(), line.x().get(i), line.y().get(i));
        }
        xy(one, "y");
        one.withObject("/encoding").putObject("order").putNull("value");
      }
      case Layer.Points points -> {
        ObjectNode one = mark(layers, "point", points.ink(), points.label(), new float[0]);
        one.withObject("/mark").put("filled", true);
        ArrayNode rows = rows(one);
        for (int i = 0; i < points.x().size(); i++) {
          row(rows, points.label(), points.x().get(i), points.y().get(i));
        }
        xy(one, "y");
        if (!points.low().isEmpty() && !points.high().isEmpty()) {
          interval(layers, "rule", points.ink(), points.x(), points.low(), points.high());
        }
      }
      case Layer.Band band ->
          interval(layers, "area", band.ink(), band.x(), band.low(), band.high());
      case Layer.Bars bars -> {
        ObjectNode one = mark(layers, "bar", bars.ink(), bars.label(), new float[0]);
        ArrayNode rows = rows(one);
        for (int i = 0; i < bars.heights().size(); i++) {
          ObjectNode row = rows.addObject();
          put(row, "x", bars.edges().get(i));
          put(row, "x2", bars.edges().get(i + 1));
          put(row, "y", bars.heights().get(i));
        }
        xy(one, "y");
        one.withObject("/encoding").putObject("x2").put("field", "x2");
      }
      case Layer.Steps steps -> {
        ObjectNode one =
            mark(layers, "line", steps.ink(), steps.label(), dash(steps.dash(), steps.ink()));
        ArrayNode rows = rows(one);
        Column[] corners = steps.corners();
        for (int i = 0; i < corners[0].size(); i++) {
          row(rows, steps.label(), corners[0].get(i), corners[1].get(i));
        }
        xy(one, "y");
        one.withObject("/encoding").putObject("order").putNull("value");
      }
      case Layer.Intervals intervals -> {
        ObjectNode one = mark(layers, "point", intervals.ink(), intervals.label(), new float[0]);
        one.withObject("/mark").put("filled", true);
        ObjectNode whiskers = mark(layers, "rule", intervals.ink(), "", new float[0]);
        ArrayNode rows = rows(one);
        ArrayNode ends = rows(whiskers);
        for (int i = 0; i < intervals.value().size(); i++) {
          row(rows, intervals.label(), intervals.value().get(i), intervals.at().get(i));
          ObjectNode row = ends.addObject();
          put(row, "low", intervals.low().get(i));
          put(row, "high", intervals.high().get(i));
          put(row, "y", intervals.at().get(i));
        }
        xy(one, "y");
        channel(whiskers, "x", "low", figure.x());
        channel(whiskers, "y", "y", figure.y());
        whiskers.withObject("/encoding").putObject("x2").put("field", "high");
      }
      case Layer.Heat heat -> heat(layers, heat);
      case Layer.Reference reference -> {
        ObjectNode one =
            mark(
                layers,
                "line",
                reference.ink(),
                reference.label(),
                dash(reference.dash(), reference.ink()));
        ArrayNode rows = rows(one);
        for (double x : new double[] {reference.from(), reference.to()}) {
          row(rows, reference.label(), x, reference.intercept() + reference.slope() * x);
        }
        xy(one, "y");
      }
      case Layer.Level level -> {
        ObjectNode one =
            mark(layers, "rule", level.ink(), level.label(), dash(level.dash(), level.ink()));
        put(rows(one).addObject(), "y", level.y());
        channel(one, "y", "y", figure.y());
      }
      case Layer.Marks marks -> {
        for (Layer.Mark happening : marks.marks()) {
          ObjectNode one =
              mark(layers, "rule", happening.ink(), happening.label(), new float[] {2, 2});
          ObjectNode row = rows(one).addObject();
          put(row, "x", happening.x());
          row.put("label", RichText.plain(happening.label()));
          channel(one, "x", "x", figure.x());
          one.withObject("/encoding").putObject("tooltip").put("field", "label");
        }
      }
      case Layer.Note _ -> {}
    }
  }

  private void heat(ArrayNode layers, Layer.Heat heat) {
    ObjectNode one = mark(layers, "rect", Ink.MUTED, heat.colours().label(), new float[0]);
    one.withObject("/mark").remove("color");
    ArrayNode rows = rows(one);
    for (int cell = 0; cell < heat.values().size(); cell++) {
      int row = cell / heat.columns();
      int column = cell % heat.columns();
      ObjectNode values = rows.addObject();
      put(values, "x", heat.xEdges().get(column));
      put(values, "x2", heat.xEdges().get(column + 1));
      put(values, "y", heat.yEdges().get(row));
      put(values, "y2", heat.yEdges().get(row + 1));
      put(values, "value", heat.values().get(cell));
      if (!heat.n().isEmpty()) {
        put(values, "n", heat.n().get(cell));
      }
      if (!heat.low().isEmpty() && !heat.high().isEmpty()) {
        put(values, "low", heat.low().get(cell));
        put(values, "high", heat.high().get(cell));
      }
    }
    xy(one, "y");
    ObjectNode encoding = one.withObject("/encoding");
    encoding.putObject("x2").put("field", "x2");
    encoding.putObject("y2").put("field", "y2");
    ObjectNode colour = encoding.putObject("color");
    colour.put("field", "value").put("type", "quantitative");
    colour.put("title", RichText.plain(heat.colours().title()));
    double[] ends = heat.colours().ends(heat.values());
    ObjectNode scale = colour.putObject("scale");
    scale.putArray("domain").add(ends[0]).add(ends[1]);
    ArrayNode range = scale.putArray("range");
    for (int i = 0; i < MAP_STOPS; i++) {
      double value = ends[0] + (ends[1] - ends[0]) * i / (MAP_STOPS - 1);
      range.add(hex(heat.colours().map().at(heat.colours().share(value, ends))));
    }
  }

  private void interval(ArrayNode layers, String kind, Ink ink, Column x, Column low, Column high) {
    ObjectNode one = mark(layers, kind, ink, "", new float[0]);
    if (kind.equals("area")) {
      one.withObject("/mark").put("opacity", 0.18);
    }
    ArrayNode rows = rows(one);
    for (int i = 0; i < x.size(); i++) {
      ObjectNode row = rows.addObject();
      put(row, "x", x.get(i));
      put(row, "low", low.get(i));
      put(row, "high", high.get(i));
    }
    xy(one, "low");
    one.withObject("/encoding").putObject("y2").put("field", "high");
  }

  private ObjectNode mark(ArrayNode layers, String kind, Ink ink, String label, float[] dash) {
    ObjectNode one = layers.addObject();
    if (!label.isEmpty()) {
      one.put("name", RichText.plain(label));
    }
    ObjectNode mark = one.putObject("mark");
    mark.put("type", kind).put("color", hex(style.colour(ink)));
    if (dash.length > 0) {
      ArrayNode pattern = mark.putArray("strokeDash");
      for (float part : dash) {
        pattern.add(part);
      }
    }
    return one;
  }

  private float[] dash(Dash asked, Ink ink) {
    return style.dash(asked, ink).pattern();
  }

  private static ArrayNode rows(ObjectNode layer) {
    return layer.putObject("data").putArray("values");
  }

  private static void row(ArrayNode rows, String label, double x, double y) {
    ObjectNode row = rows.addObject();
    put(row, "x", x);
    put(row, "y", y);
    if (!label.isEmpty()) {
      row.put("series", RichText.plain(label));
    }
  }

  private static void put(ObjectNode row, String name, double value) {
    if (Double.isFinite(value)) {
      row.put(name, value);
    } else {
      row.putNull(name);
    }
  }

  private void xy(ObjectNode layer, String y) {
    channel(layer, "x", "x", figure.x());
    channel(layer, "y", y, figure.y());
  }

  private static void channel(ObjectNode layer, String channel, String field, Axis axis) {
    ObjectNode encoding = layer.withObject("/encoding").putObject(channel);
    encoding.put("field", field).put("type", "quantitative");
    encoding.put("title", RichText.plain(axis.title()));
    ObjectNode scale = encoding.putObject("scale");
    scale.put("zero", false);
    if (axis.scale() == Axis.Scale.LOG) {
      scale.put("type", "log");
    }
    axis.minimum().ifPresent(low -> scale.put("domainMin", low));
    axis.maximum().ifPresent(high -> scale.put("domainMax", high));
    if (!axis.names().isEmpty()) {
      if (channel.equals("y")) {
        scale.put("reverse", true); // names are read from the top
      }
      ObjectNode ticks = encoding.putObject("axis");
      ticks.put("grid", false);
      ArrayNode values = ticks.putArray("values");
      ArrayNode names = MAPPER.createArrayNode();
      for (int i = 0; i < axis.names().size(); i++) {
        values.add(i + 0.5);
        names.add(RichText.plain(axis.names().get(i)));
      }
      ticks.put("labelExpr", names + "[floor(datum.value)]");
    }
  }

  private static String hex(Color colour) {
    return String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xffffff);
  }
}
