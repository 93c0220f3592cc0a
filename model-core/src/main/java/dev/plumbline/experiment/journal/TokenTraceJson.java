package dev.plumbline.experiment.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.training.TokenTrace.Token;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A token trace as JSON: one array of numbers for each quantity, in the order of the tokens, which
 * is shorter than an object for each token. {@code null} stands for what is not finite.
 */
public final class TokenTraceJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TokenTraceJson() {}

  /** The object's text. */
  public static String text(TokenTrace trace) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, trace);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return text.toString();
  }

  /** Writes the object. */
  static void write(JsonGenerator json, TokenTrace trace) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("end");
    for (Token token : trace.tokens()) {
      json.writeNumber(token.end());
    }
    json.writeEndArray();
    numbers(json, "log_probability", trace, Token::logProbability);
    numbers(json, "reference_log_probability", trace, Token::referenceLogProbability);
    numbers(json, "kl", trace, Token::kl);
    numbers(json, "entropy", trace, Token::entropy);
    numbers(json, "value", trace, Token::value);
    numbers(json, "advantage", trace, Token::advantage);
    json.writeEndObject();
  }

  private static void numbers(
      JsonGenerator json, String name, TokenTrace trace, ToDoubleFunction<Token> quantity)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Token token : trace.tokens()) {
      double value = quantity.applyAsDouble(token);
      if (!Double.isFinite(value)) {
        json.writeNull();
      } else if (value == Math.rint(value) && Math.abs(value) < 1e9) {
        json.writeNumber((long) value);
      } else {
        json.writeNumber(value);
      }
    }
    json.writeEndArray();
  }

  /**
   * Reads the object's text.
   *
   * @throws IllegalArgumentException where it is no JSON
   */
  public static TokenTrace read(String text) {
    try {
      return read(MAPPER.readTree(text));
    } catch (IOException e) {
      throw new IllegalArgumentException("token trace that is no JSON: " + text, e);
    }
  }

  /** Reads the object; what is missing in it is NaN, and without ends there is no trace. */
  static TokenTrace read(JsonNode node) {
    List<Token> tokens = new ArrayList<>();
    JsonNode ends = node.path("end");
    for (int i = 0; i < ends.size(); i++) {
      tokens.add(
          new Token(
              ends.get(i).asInt(),
              number(node, "log_probability", i),
              number(node, "reference_log_probability", i),
              number(node, "kl", i),
              number(node, "entropy", i),
              number(node, "value", i),
              number(node, "advantage", i)));
    }
    return tokens.isEmpty() ? TokenTrace.NONE : new TokenTrace(tokens);
  }

  private static double number(JsonNode node, String name, int place) {
    return node.path(name).path(place).asDouble(Double.NaN);
  }
}
