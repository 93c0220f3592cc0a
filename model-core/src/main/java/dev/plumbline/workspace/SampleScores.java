package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** A response's further scores as the JSON text of their column. */
final class SampleScores {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Double>> SCORES = new TypeReference<>() {};

  private SampleScores() {}

  /** The text. */
  static String text(Map<String, Double> scores) {
    try {
      return MAPPER.writeValueAsString(scores);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("scores that JSON cannot hold: " + scores, e);
    }
  }

  /** The scores of a text. */
  static Map<String, Double> read(String text) {
    try {
      return MAPPER.readValue(text, SCORES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("scores that are no JSON object: " + text, e);
    }
  }
}
