package dev.plumbline.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import dev.plumbline.training.StageSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Specs as JSON: complete, with every default written out; and their canonical form. */
final class SpecJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final ObjectMapper COMPACT = new ObjectMapper();

  private SpecJson() {}

  /** The text of {@code spec.json}. */
  static String write(RunSpec run) {
    ObjectNode json = spec(run.spec());
    json.put("created", run.created().toString());
    json.put("program", run.program());
    json.put("resolved", run.resolved());
    json.put("spec_hash", run.hash());
    ArrayNode inputs = json.putArray("inputs");
    for (RunSpec.Input input : run.inputs()) {
      inputs
          .addObject()
          .put("key", input.key())
          .put("reference", input.reference())
          .put("path", input.path())
          .put("sha256", input.sha256());
    }
    return text(MAPPER, json) + "\n";
  }

  /** Reads {@code spec.json}. */
  static RunSpec read(Path file) {
    ExperimentSpec spec = SpecReader.read(file);
    try {
      JsonNode json = COMPACT.readTree(Files.readAllBytes(file));
      List<RunSpec.Input> inputs = new ArrayList<>();
      for (JsonNode input : json.path("inputs")) {
        inputs.add(
            new RunSpec.Input(
                input.path("key").asText(),
                input.path("reference").asText(),
                input.path("path").asText(),
                input.path("sha256").asText()));
      }
      return new RunSpec(
          spec,
          json.path("resolved").asBoolean(),
          inputs,
          json.path("spec_hash").asText(),
          Instant.parse(json.path("created").asText()),
          json.path("program").asText());
    } catch (IOException | DateTimeException e) {
      throw new UserError(
          file + " is not the spec of a run directory: " + e.getMessage() + "; restore it", e);
    }
  }

  /** A spec as an object whose only stage key holds every setting. */
  static ObjectNode spec(ExperimentSpec spec) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", spec.name());
    json.put("seed", spec.seed());
    ArrayNode tags = json.putArray("tags");
    spec.tags().forEach(tags::add);
    json.put("notes", spec.notes());
    json.set(spec.stage(), record((Record) spec.settings()));
    return json;
  }

  /**
   * The hash that decides a result: seed, stage and settings in canonical JSON (sorted keys, no
   * white space), each path replaced by what {@code content} says of it.
   */
  static String hash(ExperimentSpec spec, UnaryOperator<String> content) {
    StageSettings settings = SpecPaths.map(spec.settings(), (_, _, path) -> content.apply(path));
    ObjectNode json = MAPPER.createObjectNode();
    json.put("seed", spec.seed());
    json.set(spec.stage(), record((Record) settings));
    return Sha256.of(text(COMPACT, sorted(json)).getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      ArrayNode items = MAPPER.createArrayNode();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode copy = MAPPER.createObjectNode();
    TreeMap<String, JsonNode> fields = new TreeMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
    fields.forEach(copy::set);
    return copy;
  }

  private static JsonNode record(Record record) {
    ObjectNode json = MAPPER.createObjectNode();
    Arrays.stream(record.getClass().getRecordComponents())
        .forEach(
            component ->
                json.set(
                    SpecDefaults.fileName(component.getName()), value(get(record, component))));
    return json;
  }

  private static JsonNode value(@Nullable Object value) {
    return switch (value) {
      case null -> MAPPER.nullNode();
      case Record record -> record(record);
      case List<?> list -> {
        ArrayNode array = MAPPER.createArrayNode();
        list.forEach(
            item -> array.add(item instanceof Record record ? record(record) : text(item)));
        yield array;
      }
      case Enum<?> constant ->
          MAPPER.getNodeFactory().textNode(constant.name().toLowerCase(Locale.ROOT));
      default -> MAPPER.valueToTree(value);
    };
  }

  private static JsonNode text(Object item) {
    return MAPPER.getNodeFactory().textNode(String.valueOf(item));
  }

  /** The value of a record's component. */
  static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record that cannot be read: " + record.getClass(), e);
    }
  }

  private static String text(ObjectMapper mapper, JsonNode json) {
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
