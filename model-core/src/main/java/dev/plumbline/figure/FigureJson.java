package dev.plumbline.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Figures as JSON: all that a figure holds, so that it can be redrawn a year later from the file
 * alone. A number that is none is {@code null}. What is read is checked as if it were made here; no
 * value of a file is anything but data.
 */
public final class FigureJson {
  /** Version of the form; a reader takes its own and older ones. */
  public static final int VERSION = 1;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private FigureJson() {}

  /** A figure as one line of JSON; equal figures give equal text. */
  public static String write(Figure figure) {
    return text(tree(figure)) + "\n";
  }

  /** A sheet of figures as one line of JSON; equal sheets give equal text. */
  public static String write(FigureSheet sheet) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("plumbline_sheet", VERSION).put("title", sheet.title());
    json.put("columns", sheet.columns()).put("letters", sheet.letters());
    json.put("shared", name(sheet.shared())).put("caption", sheet.caption());
    ArrayNode panels = json.putArray("panels");
    sheet.panels().forEach(panel -> panels.add(tree(panel)));
    return text(json) + "\n";
  }

  private static String text(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode tree(Figure figure) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("plumbline_figure", VERSION);
    json.put("title", figure.title());
    json.put("subtitle", figure.subtitle());
    json.set("x", axis(figure.x()));
    json.set("y", axis(figure.y()));
    ArrayNode layers = json.putArray("layers");
    figure.layers().forEach(layer -> layers.add(layer(layer)));
    json.put("legend", name(figure.legend()));
    json.put("caption", figure.caption());
    json.put("empty_text", figure.emptyText());
    Provenance provenance = figure.provenance();
    ObjectNode from = json.putObject("provenance");
    provenance.runs().forEach(from.putArray("runs")::add);
    from.put("spec", provenance.specHash());
    from.put("data", provenance.dataHash());
    from.put("code", provenance.codeVersion());
    provenance.seeds().forEach(from.putArray("seeds")::add);
    provenance.notes().forEach(from.putArray("notes")::add);
    from.put("workspace", provenance.workspace());
    from.put("query", provenance.query());
    return json;
  }

  /**
   * Reads a figure.
   *
   * @throws UserError one line that names the file and what is wrong with it
   */
  public static Figure read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read (" + e.getMessage() + "); check the path", e);
    }
    return read(file.toString(), text);
  }

  /**
   * The same of a text.
   *
   * @param source what it is called in messages
   */
  public static Figure read(String source, String text) {
    return parse(source, text, "plumbline_figure", "figure", FigureJson::figure);
  }

  /** Whether a text is a sheet of several figures. */
  public static boolean isSheet(String text) {
    return text.contains("\"plumbline_sheet\"");
  }

  /**
   * Reads a sheet of figures.
   *
   * @param source what it is called in messages
   * @throws UserError one line that names the file and what is wrong with it
   */
  public static FigureSheet readSheet(String source, String text) {
    return parse(
        source,
        text,
        "plumbline_sheet",
        "sheet of figures",
        json -> {
          List<Figure> panels = new ArrayList<>();
          json.path("panels").forEach(panel -> panels.add(figure(panel)));
          return new FigureSheet(
              text(json, "title"),
              panels,
              json.path("columns").asInt(),
              json.path("letters").asBoolean(),
              constant(FigureSheet.Shared.class, text(json, "shared")),
              text(json, "caption"));
        });
  }

  private static <T> T parse(
      String source, String text, String key, String what, Function<JsonNode, T> reading) {
    try {
      JsonNode json = MAPPER.readTree(text);
      int version = json.path(key).asInt();
      if (version < 1 || version > VERSION) {
        throw new UserError(
            source
                + (version < 1
                    ? ": is no " + what + "; give a file that was exported as JSON"
                    : ": was written by a newer Plumbline (form "
                        + version
                        + "); update this one"));
      }
      return reading.apply(json);
    } catch (JsonProcessingException e) {
      throw new UserError(
          source
              + ":"
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": is not JSON; export the figure again",
          e);
    } catch (IllegalArgumentException e) {
      throw new UserError(source + ": " + e.getMessage() + "; export the figure again", e);
    }
  }

  private static Figure figure(JsonNode json) {
    List<Layer> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      layers.add(readLayer(layer));
    }
    JsonNode from = json.path("provenance");
    List<Long> seeds = new ArrayList<>();
    from.path("seeds").forEach(seed -> seeds.add(seed.asLong()));
    return new Figure(
        text(json, "title"),
        text(json, "subtitle"),
        readAxis(json.path("x")),
        readAxis(json.path("y")),
        layers,
        constant(Figure.Legend.class, text(json, "legend")),
        text(json, "caption"),
        text(json, "empty_text"),
        new Provenance(
            texts(from.path("runs")),
            text(from, "spec"),
            text(from, "data"),
            text(from, "code"),
            seeds,
            texts(from.path("notes")),
            text(from, "workspace"),
            text(from, "query")));
  }

  // ------------------------------------------------------------------------------------- write

  private static ObjectNode axis(Axis axis) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("label", axis.label());
    json.put("unit", axis.unit());
    json.put("scale", name(axis.scale()));
    axis.minimum().ifPresent(value -> json.put("minimum", value));
    axis.maximum().ifPresent(value -> json.put("maximum", value));
    if (!axis.names().isEmpty()) {
      axis.names().forEach(json.putArray("names")::add);
    }
    return json;
  }

  private static ObjectNode layer(Layer layer) {
    ObjectNode json = MAPPER.createObjectNode();
    switch (layer) {
      case Layer.Line line -> {
        series(json, "line", line.id(), line.label(), line.ink());
        json.put("dash", name(line.dash()));
        json.put("weight", line.weight());
        column(json, "x", line.x());
        column(json, "y", line.y());
        column(json, "ghost", line.ghost());
        column(json, "step", line.step());
      }
      case Layer.Points points -> {
        series(json, "points", points.id(), points.label(), points.ink());
        column(json, "x", points.x());
        column(json, "y", points.y());
        column(json, "low", points.low());
        column(json, "high", points.high());
        column(json, "step", points.step());
      }
      case Layer.Band band -> {
        series(json, "band", band.id(), band.label(), band.ink());
        column(json, "x", band.x());
        column(json, "low", band.low());
        column(json, "high", band.high());
      }
      case Layer.Bars bars -> {
        series(json, "bars", bars.id(), bars.label(), bars.ink());
        column(json, "edges", bars.edges());
        column(json, "heights", bars.heights());
      }
      case Layer.Steps steps -> {
        series(json, "steps", steps.id(), steps.label(), steps.ink());
        json.put("dash", name(steps.dash())).put("closed", steps.closed());
        column(json, "edges", steps.edges());
        column(json, "heights", steps.heights());
      }
      case Layer.Intervals intervals -> {
        series(json, "intervals", intervals.id(), intervals.label(), intervals.ink());
        column(json, "value", intervals.value());
        column(json, "low", intervals.low());
        column(json, "high", intervals.high());
        column(json, "at", intervals.at());
        column(json, "step", intervals.step());
      }
      case Layer.Heat heat -> {
        json.put("kind", "heat").put("id", heat.id()).put("written", heat.written());
        ObjectNode colours = json.putObject("colours");
        colours.put("map", name(heat.colours().map())).put("label", heat.colours().label());
        colours.put("unit", heat.colours().unit()).put("centre", heat.colours().centre());
        colours.put("decimals", heat.colours().decimals());
        heat.colours().low().ifPresent(value -> colours.put("low", value));
        heat.colours().high().ifPresent(value -> colours.put("high", value));
        column(json, "x_edges", heat.xEdges());
        column(json, "y_edges", heat.yEdges());
        column(json, "values", heat.values());
        column(json, "n", heat.n());
        column(json, "low", heat.low());
        column(json, "high", heat.high());
        column(json, "step", heat.step());
      }
      case Layer.Reference reference -> {
        series(json, "reference", reference.id(), reference.label(), reference.ink());
        json.put("dash", name(reference.dash()));
        json.put("intercept", reference.intercept());
        json.put("slope", reference.slope());
        json.put("from", reference.from());
        json.put("to", reference.to());
      }
      case Layer.Level level -> {
        json.put("kind", "level").put("label", level.label()).put("ink", level.ink().index());
        json.put("dash", name(level.dash()));
        json.put("y", level.y());
      }
      case Layer.Marks marks -> {
        json.put("kind", "marks");
        ArrayNode all = json.putArray("marks");
        for (Layer.Mark mark : marks.marks()) {
          all.addObject()
              .put("x", mark.x())
              .put("label", mark.label())
              .put("ink", mark.ink().index())
              .put("series", mark.series())
              .put("step", mark.step());
        }
      }
      case Layer.Note note -> {
        json.put("kind", "note").put("corner", name(note.corner())).put("least", note.least());
        ArrayNode lines = json.putArray("lines");
        for (Layer.Text line : note.lines()) {
          lines.addObject().put("text", line.text()).put("ink", line.ink().index());
        }
      }
    }
    return json;
  }

  private static void series(ObjectNode json, String kind, String id, String label, Ink ink) {
    json.put("kind", kind).put("id", id).put("label", label).put("ink", ink.index());
  }

  private static void column(ObjectNode json, String name, Column column) {
    if (!column.isEmpty()) {
      ArrayNode values = json.putArray(name);
      for (double value : column.raw()) {
        if (Double.isFinite(value)) {
          values.add(value);
        } else {
          values.addNull();
        }
      }
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  // -------------------------------------------------------------------------------------- read

  private static Axis readAxis(JsonNode json) {
    return new Axis(
        text(json, "label"),
        text(json, "unit"),
        constant(Axis.Scale.class, text(json, "scale")),
        optional(json, "minimum"),
        optional(json, "maximum"),
        texts(json.path("names")));
  }

  private static ColourScale colours(JsonNode json) {
    return new ColourScale(
        constant(ColourMap.class, text(json, "map")),
        text(json, "label"),
        text(json, "unit"),
        optional(json, "low"),
        optional(json, "high"),
        number(json, "centre"),
        json.path("decimals").asInt());
  }

  private static Layer readLayer(JsonNode json) {
    String kind = text(json, "kind");
    return switch (kind) {
      case "line" ->
          new Layer.Line(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              constant(Dash.class, text(json, "dash")),
              number(json, "weight"),
              column(json, "x"),
              column(json, "y"),
              column(json, "ghost"),
              column(json, "step"));
      case "points" ->
          new Layer.Points(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              column(json, "x"),
              column(json, "y"),
              column(json, "low"),
              column(json, "high"),
              column(json, "step"));
      case "band" ->
          new Layer.Band(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              column(json, "x"),
              column(json, "low"),
              column(json, "high"));
      case "bars" ->
          new Layer.Bars(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              column(json, "edges"),
              column(json, "heights"));
      case "steps" ->
          new Layer.Steps(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              constant(Dash.class, text(json, "dash")),
              json.path("closed").asBoolean(),
              column(json, "edges"),
              column(json, "heights"));
      case "intervals" ->
          new Layer.Intervals(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              column(json, "value"),
              column(json, "low"),
              column(json, "high"),
              column(json, "at"),
              column(json, "step"));
      case "heat" ->
          new Layer.Heat(
              text(json, "id"),
              colours(json.path("colours")),
              column(json, "x_edges"),
              column(json, "y_edges"),
              column(json, "values"),
              column(json, "n"),
              column(json, "low"),
              column(json, "high"),
              column(json, "step"),
              json.path("written").asBoolean());
      case "reference" ->
          new Layer.Reference(
              text(json, "id"),
              text(json, "label"),
              ink(json),
              constant(Dash.class, text(json, "dash")),
              number(json, "intercept"),
              number(json, "slope"),
              number(json, "from"),
              number(json, "to"));
      case "level" ->
          new Layer.Level(
              text(json, "label"),
              ink(json),
              constant(Dash.class, text(json, "dash")),
              number(json, "y"));
      case "marks" -> {
        List<Layer.Mark> marks = new ArrayList<>();
        for (JsonNode mark : json.path("marks")) {
          marks.add(
              new Layer.Mark(
                  number(mark, "x"),
                  text(mark, "label"),
                  ink(mark),
                  text(mark, "series"),
                  mark.path("step").asLong()));
        }
        yield new Layer.Marks(marks);
      }
      case "note" -> {
        List<Layer.Text> lines = new ArrayList<>();
        for (JsonNode line : json.path("lines")) {
          lines.add(new Layer.Text(text(line, "text"), ink(line)));
        }
        yield new Layer.Note(
            constant(Layer.Corner.class, text(json, "corner")), lines, json.path("least").asInt());
      }
      default -> throw new IllegalArgumentException("'" + kind + "' is no kind of layer");
    };
  }

  private static Ink ink(JsonNode json) {
    int index = json.path("ink").asInt();
    if (index < Ink.MUTED.index()) {
      throw new IllegalArgumentException(index + " is no ink");
    }
    return new Ink(index);
  }

  private static Column column(JsonNode json, String name) {
    JsonNode values = json.path(name);
    double[] read = new double[values.size()];
    for (int i = 0; i < read.length; i++) {
      JsonNode value = values.get(i);
      if (!value.isNull() && !value.isNumber()) {
        throw new IllegalArgumentException("column " + name + " holds '" + value.asText() + "'");
      }
      read[i] = value.isNull() ? Double.NaN : value.asDouble();
    }
    return Column.of(read);
  }

  private static double number(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("'" + name + "' is not a number");
    }
    return value.asDouble();
  }

  private static OptionalDouble optional(JsonNode json, String name) {
    return json.has(name) ? OptionalDouble.of(number(json, name)) : OptionalDouble.empty();
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asText("");
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (name(constant).equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is no " + type.getSimpleName());
  }
}
