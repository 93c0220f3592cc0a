package dev.plumbline.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The record of a person's changes to a figure as JSON. */
public final class FigureEditJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FigureEditJson() {}

  /** All changes, those in force and those taken back, as one line. */
  public static String write(FigureEdits edits) {
    ObjectNode json = MAPPER.createObjectNode();
    ArrayNode done = json.putArray("done");
    edits.done().forEach(edit -> done.add(write(edit)));
    ArrayNode undone = json.putArray("undone");
    edits.undone().forEach(edit -> undone.add(write(edit)));
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads changes.
   *
   * @param source what the text is called in messages
   * @throws UserError one line that names the source and what is wrong with it
   */
  public static FigureEdits read(String source, String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      return new FigureEdits(list(json.path("done")), list(json.path("undone")));
    } catch (JsonProcessingException e) {
      throw new UserError(source + ": is not JSON; make the changes again", e);
    } catch (IllegalArgumentException e) {
      throw new UserError(source + ": " + e.getMessage() + "; make the changes again", e);
    }
  }

  private static List<FigureEdit> list(JsonNode json) {
    List<FigureEdit> edits = new ArrayList<>();
    json.forEach(edit -> edits.add(read(edit)));
    return edits;
  }

  private static ObjectNode write(FigureEdit edit) {
    ObjectNode json = MAPPER.createObjectNode();
    switch (edit) {
      case FigureEdit.Title(String text) -> json.put("kind", "title").put("text", text);
      case FigureEdit.Subtitle(String text) -> json.put("kind", "subtitle").put("text", text);
      case FigureEdit.Caption(String text) -> json.put("kind", "caption").put("text", text);
      case FigureEdit.AxisText axis ->
          json.put("kind", "axis")
              .put("axis", name(axis.axis()))
              .put("label", axis.label())
              .put("unit", axis.unit());
      case FigureEdit.Range range -> {
        json.put("kind", "range").put("axis", name(range.axis()));
        range.low().ifPresent(low -> json.put("low", low));
        range.high().ifPresent(high -> json.put("high", high));
      }
      case FigureEdit.Scale scale ->
          json.put("kind", "scale")
              .put("axis", name(scale.axis()))
              .put("scale", name(scale.scale()));
      case FigureEdit.Legend(Figure.Legend place) ->
          json.put("kind", "legend").put("place", name(place));
      case FigureEdit.Rename(String from, String to) ->
          json.put("kind", "rename").put("from", from).put("to", to);
      case FigureEdit.Order(List<String> labels) -> {
        json.put("kind", "order");
        labels.forEach(json.putArray("labels")::add);
      }
      case FigureEdit.Recolour(String label, int ink) ->
          json.put("kind", "recolour").put("label", label).put("ink", ink);
      case FigureEdit.Pattern(String label, Dash dash) ->
          json.put("kind", "pattern").put("label", label).put("dash", name(dash));
      case FigureEdit.Hide(String label) -> json.put("kind", "hide").put("label", label);
      case FigureEdit.Note(String text, Layer.Corner corner) ->
          json.put("kind", "note").put("text", text).put("corner", name(corner));
      case FigureEdit.LevelAt(double y, String label) ->
          json.put("kind", "level").put("y", y).put("label", label);
    }
    return json;
  }

  private static FigureEdit read(JsonNode json) {
    String kind = text(json, "kind");
    return switch (kind) {
      case "title" -> new FigureEdit.Title(text(json, "text"));
      case "subtitle" -> new FigureEdit.Subtitle(text(json, "text"));
      case "caption" -> new FigureEdit.Caption(text(json, "text"));
      case "axis" -> new FigureEdit.AxisText(axis(json), text(json, "label"), text(json, "unit"));
      case "range" -> new FigureEdit.Range(axis(json), end(json, "low"), end(json, "high"));
      case "scale" ->
          new FigureEdit.Scale(axis(json), constant(Axis.Scale.class, text(json, "scale")));
      case "legend" -> new FigureEdit.Legend(constant(Figure.Legend.class, text(json, "place")));
      case "rename" -> new FigureEdit.Rename(text(json, "from"), text(json, "to"));
      case "order" -> {
        List<String> labels = new ArrayList<>();
        json.path("labels").forEach(label -> labels.add(label.asText()));
        yield new FigureEdit.Order(labels);
      }
      case "recolour" -> new FigureEdit.Recolour(text(json, "label"), json.path("ink").asInt(-1));
      case "pattern" ->
          new FigureEdit.Pattern(text(json, "label"), constant(Dash.class, text(json, "dash")));
      case "hide" -> new FigureEdit.Hide(text(json, "label"));
      case "note" ->
          new FigureEdit.Note(
              text(json, "text"), constant(Layer.Corner.class, text(json, "corner")));
      case "level" -> new FigureEdit.LevelAt(json.path("y").asDouble(), text(json, "label"));
      default -> throw new IllegalArgumentException("'" + kind + "' is no change of a figure");
    };
  }

  private static FigureEdit.Which axis(JsonNode json) {
    return constant(FigureEdit.Which.class, text(json, "axis"));
  }

  private static OptionalDouble end(JsonNode json, String key) {
    return json.path(key).isNumber()
        ? OptionalDouble.of(json.path(key).asDouble())
        : OptionalDouble.empty();
  }

  private static String text(JsonNode json, String key) {
    return json.path(key).asText("");
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
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
