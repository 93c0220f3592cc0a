package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what labelling tools export into rows like those of battles. Label Studio writes a task
 * with all its annotations (JSON), Argilla a record with all its responses: nested under {@code
 * fields} and {@code responses}, flat under {@code QUESTION.responses}, or in the older form of the
 * hub, a list under {@code QUESTION} beside {@code QUESTION-suggestion}. Each answer becomes a row
 * with {@code prompt}, {@code response_a}, {@code response_b}, {@code winner}, {@code annotator}
 * and what else is known of it.
 */
final class AnnotationRows {
  static final String TOOL = "labelled_in";
  static final String LABEL_STUDIO = "Label Studio";
  static final String ARGILLA = "Argilla";

  static final String UNLABELLED = "nobody labelled it";
  static final String DISCARDED = "skipped or discarded by its annotator";
  static final String DRAFT = "a draft that was not submitted";
  static final String NO_CHOICE = "no answer says which of two texts is the better one";
  static final String NO_PAIR = "which two of its texts were compared cannot be told";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Where tools' own templates put what comes before the two texts. */
  private static final List<String> PROMPTS =
      List.of(
          "prompt", "messages", "instruction", "question", "query", "dialogue", "input", "chat");

  /** How two texts that are compared are usually called. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("response_a", "response_b"),
          List.of("response_1", "response_2"),
          List.of("response1", "response2"),
          List.of("response-1", "response-2"),
          List.of("completion1", "completion2"),
          List.of("completion_a", "completion_b"),
          List.of("answer1", "answer2"),
          List.of("answer_a", "answer_b"),
          List.of("text1", "text2"),
          List.of("left", "right"),
          List.of("a", "b"));

  private AnnotationRows() {}

  /** Hands on the rows of a tool's object; false where it is none of those, nothing done then. */
  static boolean unfold(long line, ObjectNode object, DataFileReader.Objects rows) {
    if (object.get("data") instanceof ObjectNode data) {
      JsonNode annotations =
          object.has("annotations") ? object.get("annotations") : object.get("completions");
      if (annotations instanceof ArrayNode list) {
        labelStudio(line, object, data, list, rows);
        return true;
      }
    }
    ArgillaRecord record = ArgillaRecord.of(object);
    if (record != null) {
      argilla(line, object, record, rows);
      return true;
    }
    return false;
  }

  // ------------------------------------------------------------------------------ Label Studio

  private static void labelStudio(
      long line,
      ObjectNode task,
      ObjectNode data,
      ArrayNode annotations,
      DataFileReader.Objects rows) {
    if (annotations.isEmpty()) {
      rows.malformed(line, UNLABELLED, "task " + task.path("id").asText("?"));
      return;
    }
    for (JsonNode annotation : annotations) {
      if (annotation.path("was_cancelled").asBoolean(false)) {
        rows.malformed(line, DISCARDED, "");
        continue;
      }
      String winner = null;
      List<String> named = List.of();
      for (JsonNode result : annotation.path("result")) {
        winner = winner == null ? choice(result.path("value")) : winner;
        if (named.isEmpty() && result.path("type").asText().equals("pairwise")) {
          named = names(result.path("to_name").asText());
        }
      }
      if (winner == null) {
        rows.malformed(line, NO_CHOICE, "");
        continue;
      }
      List<String> pair = pair(data, named);
      if (pair.isEmpty()) {
        rows.malformed(line, NO_PAIR, String.join(", ", keys(data)));
        continue;
      }
      ObjectNode row = row(data, pair, winner, LABEL_STUDIO);
      row.put("task", task.path("id").asText());
      JsonNode by = annotation.path("completed_by");
      put(
          row,
          "annotator",
          by.isObject() ? by.path("email").asText(by.path("id").asText()) : by.asText());
      put(row, "seconds", annotation.path("lead_time").asText());
      put(row, "time", annotation.path("created_at").asText());
      rows.object(line, row);
    }
  }

  /** Label Studio's own tags: pairwise says left or right, choices what its configuration says. */
  private static @Nullable String choice(JsonNode value) {
    if (value.has("selected")) {
      return word(value.path("selected").asText());
    }
    JsonNode choices = value.path("choices");
    return choices.size() == 1 ? word(choices.get(0).asText()) : null;
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  // ----------------------------------------------------------------------------------- Argilla

  /** A question's answer. */
  private record Answer(JsonNode value, String user, String status) {}

  private record ArgillaRecord(ObjectNode fields, Map<String, List<Answer>> questions) {
    static @Nullable ArgillaRecord of(ObjectNode object) {
      Map<String, List<Answer>> questions = new java.util.LinkedHashMap<>();
      if (object.get("fields") instanceof ObjectNode fields
          && object.get("responses") instanceof ObjectNode responses) {
        responses.properties().forEach(each -> questions.put(each.getKey(), list(each.getValue())));
        return new ArgillaRecord(fields, questions);
      }
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String key = entry.getKey();
        if (key.endsWith(".responses")) {
          questions.put(
              key.substring(0, key.length() - ".responses".length()),
              parallel(
                  entry.getValue(), object.path(key + ".users"), object.path(key + ".status")));
        } else if (object.has(key + "-suggestion")) {
          questions.put(key, list(entry.getValue()));
        }
      }
      return questions.isEmpty() ? null : new ArgillaRecord(object, questions);
    }

    private static List<Answer> list(JsonNode answers) {
      List<Answer> list = new ArrayList<>();
      for (JsonNode each : answers) {
        if (each.isObject()) {
          list.add(
              new Answer(
                  each.path("value"),
                  each.path("user_id").asText(""),
                  each.path("status").asText("submitted")));
        }
      }
      return list;
    }

    private static List<Answer> parallel(JsonNode values, JsonNode users, JsonNode statuses) {
      List<Answer> list = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        list.add(
            new Answer(
                values.get(i), users.path(i).asText(""), statuses.path(i).asText("submitted")));
      }
      return list;
    }
  }

  private static void argilla(
      long line, ObjectNode object, ArgillaRecord record, DataFileReader.Objects rows) {
    boolean any = false;
    boolean compared = false;
    for (Map.Entry<String, List<Answer>> question : record.questions().entrySet()) {
      for (Answer answer : question.getValue()) {
        any = true;
        if (compared || !isComparison(answer, record.fields())) {
          continue;
        }
        compared = answers(line, object, record, question.getValue(), rows);
      }
    }
    if (!any) {
      rows.malformed(line, UNLABELLED, "");
    } else if (!compared) {
      rows.malformed(line, NO_CHOICE, String.join(", ", record.questions().keySet()));
    }
  }

  private static boolean isComparison(Answer answer, ObjectNode fields) {
    return verdict(answer.value(), pair(fields, values(answer.value()))) != null;
  }

  /** Hands on one question's answers; only the first question that compares counts. */
  private static boolean answers(
      long line,
      ObjectNode object,
      ArgillaRecord record,
      List<Answer> answers,
      DataFileReader.Objects rows) {
    for (Answer answer : answers) {
      if (answer.status().equals("discarded")) {
        rows.malformed(line, DISCARDED, "");
        continue;
      }
      if (answer.status().equals("draft")) {
        rows.malformed(line, DRAFT, "");
        continue;
      }
      List<String> pair = pair(record.fields(), values(answer.value()));
      String winner = verdict(answer.value(), pair);
      if (pair.isEmpty()) {
        rows.malformed(line, NO_PAIR, String.join(", ", keys(record.fields())));
      } else if (winner == null) {
        rows.malformed(line, NO_CHOICE, "");
      } else {
        ObjectNode row = row(record.fields(), pair, winner, ARGILLA);
        put(row, "annotator", answer.user());
        put(row, "task", object.path("external_id").asText(object.path("id").asText()));
        rows.object(line, row);
      }
    }
    return true;
  }

  /** The things that a ranking orders, which are called like fields; sorted, so that none leads. */
  private static List<String> values(JsonNode value) {
    List<String> values = new ArrayList<>();
    for (JsonNode each : value) {
      values.add(each.isObject() ? each.path("value").asText() : each.asText());
    }
    values.sort(null);
    return values;
  }

  private static @Nullable String verdict(JsonNode value, List<String> pair) {
    if (value.isTextual()) {
      String text = value.textValue();
      return !pair.isEmpty() && text.equals(pair.get(0))
          ? "a"
          : !pair.isEmpty() && text.equals(pair.get(1)) ? "b" : word(text);
    }
    if (!value.isArray() || value.size() != 2 || pair.isEmpty()) {
      return null;
    }
    boolean ranked = value.get(0).isObject();
    List<String> order = new ArrayList<>();
    List<Integer> ranks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      JsonNode each = value.get(i);
      order.add(ranked ? each.path("value").asText() : each.asText());
      ranks.add(ranked ? each.path("rank").asInt(0) : i + 1);
    }
    if (ranks.get(0).intValue() == ranks.get(1).intValue()) {
      return "tie";
    }
    String best = order.get(ranks.get(0) < ranks.get(1) ? 0 : 1);
    return best.equals(pair.get(0)) ? "a" : best.equals(pair.get(1)) ? "b" : word(best);
  }

  // ------------------------------------------------------------------------------------ common

  private static ObjectNode row(ObjectNode data, List<String> pair, String winner, String tool) {
    ObjectNode row = NODES.objectNode();
    String prompt =
        PROMPTS.stream()
            .filter(key -> data.path(key).isTextual() || data.path(key).isArray())
            .findFirst()
            .orElse("");
    if (!prompt.isEmpty()) {
      row.set("prompt", data.get(prompt));
    }
    row.set("response_a", data.get(pair.get(0)));
    row.set("response_b", data.get(pair.get(1)));
    row.put("winner", winner);
    row.put(TOOL, tool);
    for (Map.Entry<String, JsonNode> entry : data.properties()) {
      String key = entry.getKey();
      // Argilla's flat records hold answers beside their fields: lists, and keys with a dot.
      if (entry.getValue().isValueNode()
          && !entry.getValue().isNull()
          && !pair.contains(key)
          && !key.equals(prompt)
          && !row.has(key)
          && !key.contains(".")
          && !key.startsWith("_")
          && !key.endsWith("-suggestion")) {
        row.set(key, entry.getValue());
      }
    }
    return row;
  }

  /** The keys of the two texts: those that the answer names, usual ones, or the only two texts. */
  private static List<String> pair(ObjectNode data, List<String> named) {
    if (named.size() == 2 && isText(data, named.get(0)) && isText(data, named.get(1))) {
      return named;
    }
    for (List<String> pair : PAIRS) {
      if (isText(data, pair.get(0)) && isText(data, pair.get(1))) {
        return pair;
      }
    }
    List<String> texts =
        keys(data).stream().filter(key -> isText(data, key) && !PROMPTS.contains(key)).toList();
    return texts.size() == 2 ? texts : List.of();
  }

  private static boolean isText(ObjectNode data, String key) {
    return data.path(key).isTextual() || data.path(key).path(0).has("role");
  }

  private static List<String> keys(ObjectNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static void put(ObjectNode row, String key, String value) {
    if (!value.isEmpty()) {
      row.put(key, value);
    }
  }

  /** What a choice that a person worded says: a, b, tie or both_bad; null where it says neither. */
  static @Nullable String word(String text) {
    String plain =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", " ")
            .strip()
            .replaceFirst(" (is|was|are) (much |slightly |a little |far |clearly )?better$", "")
            .replaceFirst(" (better|wins|won)$", "")
            .replaceFirst(
                "^(response|answer|model|text|output|completion|option|assistant|side) ", "");
    return switch (plain) {
      case "a", "left", "1", "first", "text1", "response1", "answer1", "completion1" -> "a";
      case "b", "right", "2", "second", "text2", "response2", "answer2", "completion2" -> "b";
      case "tie",
          "equal",
          "same",
          "the same",
          "equally good",
          "about the same",
          "no preference",
          "draw" ->
          "tie";
      case "both bad", "tie bothbad", "bothbad", "neither", "both are bad", "equally bad" ->
          "both_bad";
      default -> null;
    };
  }
}
