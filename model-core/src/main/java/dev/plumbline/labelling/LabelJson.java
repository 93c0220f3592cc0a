package dev.plumbline.labelling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import dev.plumbline.labelling.LabelEvent.Noted;
import dev.plumbline.labelling.LabelEvent.Session;
import dev.plumbline.labelling.LabelEvent.Undone;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Batches, items and events as JSON. Nothing in a file names a class. */
final class LabelJson {
  static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private LabelJson() {}

  /** An object that is not what it should be, with the reason. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  static ObjectNode parse(String line) throws MalformedException {
    try {
      if (MAPPER.readTree(line) instanceof ObjectNode object) {
        return object;
      }
      throw new MalformedException("is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new MalformedException("is not JSON: " + e.getOriginalMessage());
    }
  }

  static String line(ObjectNode object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  // events

  static ObjectNode event(LabelEvent event) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", event.id());
    json.put("time", event.time().toString());
    json.put("annotator", event.annotator());
    switch (event.action()) {
      case Answered answered -> {
        json.put("type", "answer");
        json.put("slot", answered.slot());
        json.put("item", answered.item());
        json.put("first_left", answered.firstLeft());
        ArrayNode answers = json.putArray("answers");
        answered.answers().forEach(each -> answers.add(judgement(each)));
        ArrayNode ratings = json.putArray("ratings");
        answered.ratings().forEach(ratings::add);
        if (!Double.isNaN(answered.seconds())) {
          json.put("seconds", answered.seconds());
        }
        json.put("guidelines", answered.guidelines());
        json.put("blind", answered.blind());
        answered
            .edited()
            .ifPresent(
                edit ->
                    json.putObject("edited").put("first", edit.first()).put("text", edit.text()));
      }
      case Undone undone -> json.put("type", "undo").put("event", undone.event());
      case Noted noted ->
          json.put("type", "note")
              .put("slot", noted.slot())
              .put("item", noted.item())
              .put("flagged", noted.flagged())
              .put("comment", noted.comment());
      case Adjudicated adjudicated -> {
        json.put("type", "adjudicate").put("item", adjudicated.item());
        json.set("judgement", judgement(adjudicated.judgement()));
        json.put("reason", adjudicated.reason());
      }
      case Session session -> {
        json.put("type", "session").put("open", session.open());
        json.set("attributes", MAPPER.valueToTree(session.attributes()));
      }
    }
    return json;
  }

  static LabelEvent event(ObjectNode json) throws MalformedException {
    try {
      LabelEvent.Action action =
          switch (text(json, "type")) {
            case "answer" ->
                new Answered(
                    integer(json, "slot"),
                    text(json, "item"),
                    flag(json, "first_left"),
                    judgements(json),
                    ratings(json),
                    json.has("seconds") ? number(json, "seconds") : Double.NaN,
                    integer(json, "guidelines"),
                    flag(json, "blind"),
                    json.get("edited") instanceof ObjectNode edit
                        ? Optional.of(new Edit(flag(edit, "first"), text(edit, "text")))
                        : Optional.empty());
            case "undo" -> new Undone(text(json, "event"));
            case "note" ->
                new Noted(
                    integer(json, "slot"),
                    text(json, "item"),
                    flag(json, "flagged"),
                    text(json, "comment"));
            case "adjudicate" ->
                new Adjudicated(
                    text(json, "item"), judgement(json.path("judgement")), text(json, "reason"));
            case "session" -> new Session(flag(json, "open"), texts(json));
            case String other -> throw new MalformedException("unknown type '" + other + "'");
          };
      return new LabelEvent(
          text(json, "id"), text(json, "annotator"), Instant.parse(text(json, "time")), action);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Judgement> judgements(ObjectNode json) throws MalformedException {
    List<Judgement> answers = new ArrayList<>();
    for (JsonNode each : json.path("answers")) {
      answers.add(judgement(each));
    }
    return answers;
  }

  private static List<Integer> ratings(ObjectNode json) {
    List<Integer> ratings = new ArrayList<>();
    json.path("ratings").forEach(each -> ratings.add(each.asInt()));
    return ratings;
  }

  static ObjectNode judgement(Judgement judgement) {
    return MAPPER
        .createObjectNode()
        .put("outcome", judgement.outcome().word())
        .put("level", judgement.level());
  }

  static Judgement judgement(JsonNode json) throws MalformedException {
    if (json instanceof ObjectNode object) {
      return new Judgement(Outcome.ofWord(text(object, "outcome")), integer(object, "level"));
    }
    throw new MalformedException("a judgement is an object with outcome and level");
  }

  // items

  static ObjectNode item(LabelItem item) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", item.id());
    json.put("prompt", item.prompt());
    json.set("first", candidate(item.first()));
    json.set("second", candidate(item.second()));
    item.expected().ifPresent(expected -> json.set("expected", judgement(expected)));
    json.set("attributes", MAPPER.valueToTree(item.attributes()));
    return json;
  }

  private static ObjectNode candidate(Candidate candidate) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("text", candidate.text());
    json.put("model", candidate.model());
    if (!candidate.attributes().isEmpty()) {
      json.set("attributes", MAPPER.valueToTree(candidate.attributes()));
    }
    return json;
  }

  static LabelItem item(ObjectNode json) throws MalformedException {
    try {
      LabelItem item =
          LabelItem.of(
              text(json, "prompt"),
              candidate(json.path("first")),
              candidate(json.path("second")),
              texts(json));
      if (!item.id().equals(text(json, "id"))) {
        throw new MalformedException("its id is not that of its texts, so one was changed by hand");
      }
      return json.has("expected") ? item.expecting(judgement(json.path("expected"))) : item;
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Candidate candidate(JsonNode json) throws MalformedException {
    if (json instanceof ObjectNode object) {
      return new Candidate(text(object, "text"), text(object, "model"), texts(object));
    }
    throw new MalformedException("a pair has the objects first and second");
  }

  // settings

  static ObjectNode settings(BatchSettings settings) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", settings.name());
    json.put("mode", settings.mode().word());
    json.put("levels", settings.levels());
    settings.questions().forEach(json.putArray("questions")::add);
    settings.ratings().forEach(json.putArray("ratings")::add);
    json.put("seed", settings.seed());
    json.put("repeats", settings.repeats());
    json.put("blind", settings.blind());
    json.put("goal", settings.goal());
    return json;
  }

  static BatchSettings settings(ObjectNode json) throws MalformedException {
    try {
      return new BatchSettings(
          text(json, "name"),
          LabelMode.ofWord(text(json, "mode")),
          integer(json, "levels"),
          list(json, "questions"),
          list(json, "ratings"),
          whole(json, "seed"),
          number(json, "repeats"),
          flag(json, "blind"),
          integer(json, "goal"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> list(ObjectNode json, String key) {
    List<String> texts = new ArrayList<>();
    json.path(key).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  // values

  static String text(ObjectNode json, String key) throws MalformedException {
    JsonNode value = json.get(key);
    if (value == null || !value.isTextual()) {
      throw new MalformedException("lacks the text '" + key + "'");
    }
    return value.textValue();
  }

  private static int integer(ObjectNode json, String key) throws MalformedException {
    JsonNode value = json.get(key);
    if (value == null || !value.isInt()) {
      throw new MalformedException("lacks the whole number '" + key + "'");
    }
    return value.intValue();
  }

  private static long whole(ObjectNode json, String key) throws MalformedException {
    JsonNode value = json.get(key);
    if (value == null || !value.canConvertToLong()) {
      throw new MalformedException("lacks the whole number '" + key + "'");
    }
    return value.longValue();
  }

  private static double number(ObjectNode json, String key) throws MalformedException {
    JsonNode value = json.get(key);
    if (value == null || !value.isNumber()) {
      throw new MalformedException("lacks the number '" + key + "'");
    }
    return value.doubleValue();
  }

  private static boolean flag(ObjectNode json, String key) throws MalformedException {
    JsonNode value = json.get(key);
    if (value == null || !value.isBoolean()) {
      throw new MalformedException("lacks true or false for '" + key + "'");
    }
    return value.booleanValue();
  }

  private static Map<String, String> texts(ObjectNode json) throws MalformedException {
    JsonNode value = json.get("attributes");
    if (value == null) {
      return Map.of();
    }
    try {
      return MAPPER.convertValue(value, TEXTS);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("'attributes' is not an object of texts");
    }
  }
}
