package dev.plumbline.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Path;

/** A model's {@code config.json}, whose errors name the file and the key. */
final class ConfigJson {
  private final Path file;
  private final JsonNode json;

  private ConfigJson(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a file.
   *
   * @throws UserError where it is not there or is no JSON
   */
  static ConfigJson read(Path file) {
    try {
      return new ConfigJson(file, new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UserError(
          file + ": cannot be read as JSON; a model is a folder in Hugging Face form", e);
    }
  }

  UserError error(String what) {
    return new UserError(file + ": " + what);
  }

  /** The first of {@code architectures}, or "none". */
  String architecture() {
    return json.path("architectures").path(0).asText("none");
  }

  /** Whether a key is there and not null. */
  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** Whether a key is there, be it as null. */
  boolean mentions(String key) {
    return json.has(key);
  }

  JsonNode get(String key) {
    return json.path(key);
  }

  int positive(String key) {
    JsonNode value = json.path(key);
    if (!value.canConvertToInt() || value.asInt() < 1) {
      throw error(key + " must be a positive whole number");
    }
    return value.asInt();
  }

  int positive(String key, int otherwise) {
    return has(key) ? positive(key) : otherwise;
  }

  /** The width of a head where no key gives it: the model's, divided among its heads. */
  int headWidth(String widthKey, String headsKey) {
    int width = positive(widthKey);
    int heads = positive(headsKey);
    if (width % heads != 0) {
      throw error(widthKey + " " + width + " does not divide into " + heads + " heads");
    }
    return width / heads;
  }

  double number(String key, double otherwise) {
    return number(json, key, otherwise);
  }

  double number(JsonNode object, String key, double otherwise) {
    JsonNode value = object.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber() || !(value.asDouble() > 0)) {
      throw error(key + " must be a positive number");
    }
    return value.asDouble();
  }

  boolean flag(String key, boolean otherwise) {
    return json.path(key).asBoolean(otherwise);
  }

  String text(String key, String otherwise) {
    return json.path(key).asText(otherwise);
  }

  /** A token id; the first where there is a list of them. */
  int token(String key, int otherwise) {
    JsonNode value = json.path(key);
    return (value.isArray() ? value.path(0) : value).asInt(otherwise);
  }

  /**
   * Refuses a switch that this program has only in one position.
   *
   * @param supported the position; also what a file without the key means
   */
  void only(String key, boolean supported) {
    if (flag(key, supported) != supported) {
      throw error(key + " = " + !supported + " is not supported");
    }
  }
}
