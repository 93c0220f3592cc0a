package dev.plumbline.experiment.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.experiment.journal.TokenTraceJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests and events as lines between the two processes. Lines of other kinds on the way are
 * passed over, because libraries print too.
 */
final class AnswerLines {
  private static final String MARK = "@plumbline ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private AnswerLines() {}

  /** What is asked of the process. */
  sealed interface Order {
    /** To answer. */
    record Ask(AnswerRequest request) implements Order {}

    /** To call a request off. */
    record Cancel(long id) implements Order {}
  }

  static String line(AnswerRequest request) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", request.id());
    node.put("model", request.model());
    node.put("prompt", request.prompt());
    node.put("form", request.form());
    node.put("seed", request.seed());
    node.put("temperature", request.temperature());
    node.put("max_new_tokens", request.maxNewTokens());
    ObjectNode scorers = node.putObject("scorers");
    request.scorers().forEach(scorers::put);
    return MARK + node;
  }

  static String cancel(long id) {
    return MARK + JSON.createObjectNode().put("cancel", id);
  }

  static Optional<Order> order(String line) {
    return node(line)
        .map(
            node -> {
              if (node.has("cancel")) {
                return new Order.Cancel(node.path("cancel").asLong());
              }
              Map<String, String> scorers = new LinkedHashMap<>();
              node.path("scorers")
                  .properties()
                  .forEach(each -> scorers.put(each.getKey(), each.getValue().asText()));
              return new Order.Ask(
                  new AnswerRequest(
                      node.path("id").asLong(),
                      node.path("model").asText(),
                      node.path("prompt").asText(),
                      node.path("form").asText(),
                      node.path("seed").asLong(),
                      node.path("temperature").asDouble(),
                      node.path("max_new_tokens").asInt(),
                      scorers));
            });
  }

  static String line(AnswerEvent event) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", event.id());
    switch (event) {
      case AnswerEvent.Begun _ -> node.put("type", "begun");
      case AnswerEvent.Grown grown -> node.put("type", "grown").put("text", grown.text());
      case AnswerEvent.Cancelled _ -> node.put("type", "cancelled");
      case AnswerEvent.Failed failed -> node.put("type", "failed").put("reason", failed.reason());
      case AnswerEvent.Done done -> {
        node.put("type", "done").put("text", done.text()).put("tokens", done.tokens());
        node.put("ended", done.ended()).put("log_probability", done.logProbability());
        ObjectNode scores = node.putObject("scores");
        done.scores().forEach(scores::put);
        node.put("trace", TokenTraceJson.text(done.trace()));
      }
    }
    return MARK + node;
  }

  static Optional<AnswerEvent> event(String line) {
    return node(line)
        .flatMap(
            node -> {
              long id = node.path("id").asLong();
              return Optional.ofNullable(
                  switch (node.path("type").asText()) {
                    case "begun" -> new AnswerEvent.Begun(id);
                    case "grown" -> new AnswerEvent.Grown(id, node.path("text").asText());
                    case "cancelled" -> new AnswerEvent.Cancelled(id);
                    case "failed" -> new AnswerEvent.Failed(id, node.path("reason").asText());
                    case "done" -> {
                      Map<String, Double> scores = new LinkedHashMap<>();
                      node.path("scores")
                          .properties()
                          .forEach(
                              each ->
                                  scores.put(each.getKey(), each.getValue().asDouble(Double.NaN)));
                      yield new AnswerEvent.Done(
                          id,
                          node.path("text").asText(),
                          node.path("tokens").asInt(),
                          node.path("ended").asBoolean(),
                          node.path("log_probability").asDouble(Double.NaN),
                          scores,
                          TokenTraceJson.read(node.path("trace").asText()));
                    }
                    default -> null;
                  });
            });
  }

  private static Optional<JsonNode> node(String line) {
    if (!line.startsWith(MARK)) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line.substring(MARK.length()));
      return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
