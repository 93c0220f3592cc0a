package dev.plumbline.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.Positions.Linear;
import dev.plumbline.lm.Positions.Llama3;
import dev.plumbline.lm.Positions.Rotary;
import dev.plumbline.lm.Positions.Scaling;
import dev.plumbline.lm.Positions.Unscaled;

/** The rotary embedding in a {@code config.json}. */
final class RotaryJson {
  private RotaryJson() {}

  /**
   * Reads {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters}, which holds both
   * in newer files.
   *
   * @param theta where the file has none
   * @throws dev.plumbline.data.UserError naming a scaling that is not supported
   */
  static Rotary read(ConfigJson json, double theta, double fraction) {
    JsonNode both = json.get("rope_parameters");
    double base = json.number("rope_theta", json.number(both, "rope_theta", theta));
    double turned = json.number(both, "partial_rotary_factor", fraction);
    JsonNode scaling = json.has("rope_scaling") ? json.get("rope_scaling") : both;
    return new Rotary(base, turned, scaling(json, scaling));
  }

  private static Scaling scaling(ConfigJson json, JsonNode scaling) {
    if (!scaling.isObject()) {
      return new Unscaled();
    }
    // Older files say "type".
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    return switch (type) {
      case "default" -> new Unscaled();
      case "linear" -> new Linear(needed(json, scaling, "factor"));
      case "llama3" ->
          new Llama3(
              needed(json, scaling, "factor"),
              needed(json, scaling, "low_freq_factor"),
              needed(json, scaling, "high_freq_factor"),
              (int) needed(json, scaling, "original_max_position_embeddings"));
      default ->
          throw json.error(
              "rope_scaling of type " + type + " is not supported; linear and llama3 are");
    };
  }

  private static double needed(ConfigJson json, JsonNode scaling, String key) {
    double value = json.number(scaling, key, -1);
    if (value < 0) {
      throw json.error("rope_scaling lacks " + key);
    }
    return value;
  }

  /** Writes {@code rope_theta} and {@code rope_scaling}. */
  static void write(DecoderOptions options, ObjectNode json) {
    if (options.positions() instanceof Rotary rotary) {
      json.put("rope_theta", rotary.theta());
      writeScaling(rotary.scaling(), json);
    }
  }

  static void writeScaling(Scaling scaling, ObjectNode json) {
    switch (scaling) {
      case Unscaled _ -> {}
      case Linear linear ->
          json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
      case Llama3 llama ->
          json.putObject("rope_scaling")
              .put("rope_type", "llama3")
              .put("factor", llama.factor())
              .put("low_freq_factor", llama.lowTurns())
              .put("high_freq_factor", llama.highTurns())
              .put("original_max_position_embeddings", llama.originalContext());
    }
  }
}
