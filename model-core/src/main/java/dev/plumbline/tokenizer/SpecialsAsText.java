package dev.plumbline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The variant of a {@code tokenizer.json} that reads the names of special tokens as any other text.
 * The library looks for added tokens before it tokenizes, and offers no switch to leave the special
 * ones out; so they are taken off its list. Every id stays what it was.
 */
final class SpecialsAsText {
  /** Far below any score of a unigram model, so that such an entry is never the best cut. */
  private static final double NEVER = -1e6;

  private SpecialsAsText() {}

  /** Takes the special tokens out of what the library looks for. */
  static ObjectNode variant(ObjectNode tokenizer) {
    ObjectNode variant = tokenizer.deepCopy();
    JsonNode vocabulary = variant.path("model").path("vocab");
    // An added token's id follows from its place in the list, unless the vocabulary has it.
    for (JsonNode token : inOrder(variant.path("added_tokens"))) {
      String content = token.path("content").asText();
      int id = token.path("id").asInt();
      if (vocabulary instanceof ObjectNode names && !names.has(content)) {
        names.put(content, id);
      } else if (vocabulary instanceof ArrayNode pieces && pieces.size() == id) {
        pieces.addArray().add(content).add(NEVER);
      }
    }
    ArrayNode kept = variant.putArray("added_tokens");
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (!token.path("special").asBoolean()) {
        kept.add(token);
      }
    }
    return variant;
  }

  private static List<JsonNode> inOrder(JsonNode tokens) {
    return StreamSupport.stream(tokens.spliterator(), false)
        .sorted(Comparator.comparingInt(token -> token.path("id").asInt()))
        .toList();
  }
}
