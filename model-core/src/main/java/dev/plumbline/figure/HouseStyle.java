package dev.plumbline.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How all figures of a paper or a group look: size, text, colours and patterns. It is saved as a
 * JSON file, so that it can be shared and kept beside the paper.
 *
 * @param name what people call it
 * @param widthInches width of a figure
 * @param heightInches height of a figure
 * @param typeface the font
 * @param points size of tick labels in points
 * @param linePoints width of a series' line in points
 * @param palette colours of series in order
 * @param dashes whether each series has a dash pattern of its own
 * @param markers whether each series' points have a shape of their own
 * @param ticks whether axes have tick marks
 * @param grid whether there are grid lines
 * @param header whether title and subtitle are drawn
 * @param caption whether the caption is drawn
 */
public record HouseStyle(
    String name,
    double widthInches,
    double heightInches,
    Typeface typeface,
    double points,
    double linePoints,
    List<Color> palette,
    boolean dashes,
    boolean markers,
    boolean ticks,
    boolean grid,
    boolean header,
    boolean caption) {

  /** Version of the form. */
  public static final int VERSION = 1;

  private static final Set<String> KEYS =
      Set.of(
          "plumbline_style",
          "name",
          "width_inches",
          "height_inches",
          "typeface",
          "points",
          "line_points",
          "palette",
          "dashes",
          "markers",
          "ticks",
          "grid",
          "header",
          "caption");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Checks sizes and copies the palette. */
  public HouseStyle {
    palette = List.copyOf(palette);
    if (palette.isEmpty()) {
      throw new IllegalArgumentException("'palette' needs at least one colour such as \"#0072b2\"");
    }
    between("width_inches", widthInches, 0.5, 50);
    between("height_inches", heightInches, 0.5, 50);
    between("points", points, 3, 72);
    between("line_points", linePoints, 0.1, 20);
  }

  private static void between(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "'%s' is %s and must be between %s and %s"
              .formatted(key, Ticks.number(value, 3), Ticks.number(low, 3), Ticks.number(high, 3)));
    }
  }

  /** The style of a venue. */
  public static HouseStyle of(FigureSize.Venue venue) {
    FigureStyle style = venue.style();
    FigureSize size = venue.size();
    return new HouseStyle(
        venue.id(),
        size.widthInches(),
        size.heightInches(),
        style.typeface(),
        style.size(),
        style.line(),
        style.palette(),
        style.dashes(),
        style.markers(),
        style.ticks(),
        true,
        style.header(),
        style.caption());
  }

  /** The size of a figure. */
  public FigureSize size() {
    return new FigureSize(widthInches, heightInches);
  }

  /** How it is drawn on paper. */
  public FigureStyle style() {
    FigureStyle paper =
        FigureStyle.paper()
            .withSize(points)
            .withLine(linePoints)
            .withTypeface(typeface)
            .withPalette(palette)
            .withPatterns(dashes, markers)
            .withTicks(ticks)
            .withHeader(header)
            .withCaption(caption);
    return grid ? paper : paper.withGrid(new Color(0, true));
  }

  /** The same style under another name. */
  public HouseStyle named(String other) {
    return new HouseStyle(
        other,
        widthInches,
        heightInches,
        typeface,
        points,
        linePoints,
        palette,
        dashes,
        markers,
        ticks,
        grid,
        header,
        caption);
  }

  /** The same style for figures of another size. */
  public HouseStyle sized(double width, double height) {
    return new HouseStyle(
        name,
        width,
        height,
        typeface,
        points,
        linePoints,
        palette,
        dashes,
        markers,
        ticks,
        grid,
        header,
        caption);
  }

  /** The same style with other text. */
  public HouseStyle text(Typeface otherTypeface, double otherPoints) {
    return new HouseStyle(
        name,
        widthInches,
        heightInches,
        otherTypeface,
        otherPoints,
        linePoints,
        palette,
        dashes,
        markers,
        ticks,
        grid,
        header,
        caption);
  }

  /** The same style with other colours. */
  public HouseStyle coloured(List<Color> other) {
    return new HouseStyle(
        name,
        widthInches,
        heightInches,
        typeface,
        points,
        linePoints,
        other,
        dashes,
        markers,
        ticks,
        grid,
        header,
        caption);
  }

  /** The same style with or without patterns, tick marks, grid, title and caption. */
  public HouseStyle drawn(
      boolean patterned, boolean ticked, boolean gridded, boolean titled, boolean captioned) {
    return new HouseStyle(
        name,
        widthInches,
        heightInches,
        typeface,
        points,
        linePoints,
        palette,
        patterned,
        patterned,
        ticked,
        gridded,
        titled,
        captioned);
  }

  /** The style as the text of a file; equal styles give equal text. */
  public String write() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("plumbline_style", VERSION).put("name", name);
    json.put("width_inches", widthInches).put("height_inches", heightInches);
    json.put("typeface", typeface.name().toLowerCase(Locale.ROOT));
    json.put("points", points).put("line_points", linePoints);
    ArrayNode colours = json.putArray("palette");
    palette.forEach(
        colour -> colours.add(String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xffffff)));
    json.put("dashes", dashes).put("markers", markers).put("ticks", ticks);
    json.put("grid", grid).put("header", header).put("caption", caption);
    try {
      return MAPPER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a style.
   *
   * @throws UserError one line that names the file and what is wrong with it
   */
  public static HouseStyle read(Path file) {
    try {
      return read(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read (" + e.getMessage() + "); check the path", e);
    }
  }

  /**
   * The same of a text. A key that is absent is that of NeurIPS.
   *
   * @param source what it is called in messages
   */
  public static HouseStyle read(String source, String text) {
    HouseStyle base = of(FigureSize.Venue.NEURIPS);
    try {
      JsonNode json = MAPPER.readTree(text);
      int version = json.path("plumbline_style").asInt();
      if (version < 1 || version > VERSION) {
        throw new UserError(
            source
                + (version < 1
                    ? ": is no style; its first key is \"plumbline_style\": 1"
                    : ": was written by a newer Plumbline; update this one"));
      }
      for (Iterator<String> keys = json.fieldNames(); keys.hasNext(); ) {
        String key = keys.next();
        if (!KEYS.contains(key)) {
          throw new IllegalArgumentException("'" + key + "' is no key of a style");
        }
      }
      return new HouseStyle(
          json.path("name").asText(base.name()),
          number(json, "width_inches", base.widthInches()),
          number(json, "height_inches", base.heightInches()),
          typeface(json.path("typeface").asText("serif")),
          number(json, "points", base.points()),
          number(json, "line_points", base.linePoints()),
          json.has("palette") ? colours(json.path("palette")) : base.palette(),
          json.path("dashes").asBoolean(base.dashes()),
          json.path("markers").asBoolean(base.markers()),
          json.path("ticks").asBoolean(base.ticks()),
          json.path("grid").asBoolean(base.grid()),
          json.path("header").asBoolean(base.header()),
          json.path("caption").asBoolean(base.caption()));
    } catch (JsonProcessingException e) {
      throw new UserError(
          source
              + ":"
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": is not JSON; save the style again",
          e);
    } catch (IllegalArgumentException e) {
      throw new UserError(source + ": " + e.getMessage(), e);
    }
  }

  private static double number(JsonNode json, String key, double otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException("'" + key + "' is not a number");
    }
    return value.asDouble();
  }

  private static Typeface typeface(String name) {
    for (Typeface typeface : Typeface.values()) {
      if (typeface.name().toLowerCase(Locale.ROOT).equals(name)) {
        return typeface;
      }
    }
    throw new IllegalArgumentException("'typeface' is '" + name + "' and must be sans or serif");
  }

  private static List<Color> colours(JsonNode json) {
    List<Color> colours = new ArrayList<>();
    for (JsonNode colour : json) {
      String text = colour.asText();
      if (!text.matches("#[0-9A-Fa-f]{6}")) {
        throw new IllegalArgumentException("'" + text + "' is no colour such as \"#0072b2\"");
      }
      colours.add(new Color(Integer.parseInt(text.substring(1), 16)));
    }
    return colours;
  }
}
