package dev.plumbline.experiment.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.training.Command;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Journal and control lines as JSON. JSON has no NaN and no infinities: they are written as the
 * texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 */
final class JournalFormat {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build());

  private static final String OUR_TIME = "0000-00-00T00:00:00.000Z";

  private JournalFormat() {}

  /** A line that is no event, with the reason. */
  static final class NotAnEventException extends Exception {
    private static final long serialVersionUID = 1;

    NotAnEventException(String message) {
      super(message);
    }
  }

  /** The line of an entry, its line feed included. */
  static byte[] line(JournalEntry entry) {
    return line(
        json -> {
          json.writeNumberField("seq", entry.sequence());
          json.writeStringField("time", entry.time().toString());
          event(json, entry.event());
        });
  }

  /** The line of a command, its line feed included. */
  static byte[] line(ControlFile.Request request) {
    return line(
        json -> {
          json.writeStringField("id", request.id());
          json.writeStringField("time", request.time().toString());
          switch (request) {
            case ControlFile.Launch _ -> json.writeStringField("command", "launch");
            case ControlFile.Order order -> command(json, order.command());
          }
        });
  }

  static JournalEntry entry(byte[] bytes, int from, int to) throws NotAnEventException {
    JsonNode node = node(bytes, from, to);
    long sequence = node.path("seq").asLong(0);
    if (sequence < 1) {
      throw new NotAnEventException("no sequence number");
    }
    return new JournalEntry(sequence, time(node), event(node));
  }

  static ControlFile.Request request(byte[] bytes, int from, int to) throws NotAnEventException {
    JsonNode node = node(bytes, from, to);
    String id = text(node, "id");
    return text(node, "command").equals("launch")
        ? new ControlFile.Launch(id, time(node))
        : new ControlFile.Order(id, time(node), command(node));
  }

  private static void event(JsonGenerator json, JournalEvent event) throws IOException {
    switch (event) {
      case JournalEvent.State state -> {
        json.writeStringField("type", "state");
        json.writeStringField("state", state.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("step", state.step());
        json.writeStringField("detail", state.detail());
      }
      case JournalEvent.Device device -> {
        json.writeStringField("type", "device");
        json.writeStringField("device", device.name());
        json.writeNumberField("threads", device.threads());
      }
      case JournalEvent.Progress progress -> {
        json.writeStringField("type", "progress");
        json.writeNumberField("step", progress.step());
        json.writeNumberField("total_steps", progress.totalSteps());
        number(json, "seconds_left", progress.secondsLeft());
        json.writeStringField("phase", progress.phase());
      }
      case JournalEvent.Metrics metrics -> {
        json.writeStringField("type", "metrics");
        json.writeNumberField("step", metrics.step());
        json.writeNumberField("samples", metrics.samples());
        json.writeNumberField("tokens", metrics.tokens());
        number(json, "seconds", metrics.activeSeconds());
        json.writeObjectFieldStart("values");
        for (Map.Entry<String, Double> value : new TreeMap<>(metrics.values()).entrySet()) {
          number(json, value.getKey(), value.getValue());
        }
        json.writeEndObject();
      }
      case JournalEvent.Sample(ResponseSample sample) -> {
        json.writeStringField("type", "sample");
        json.writeNumberField("step", sample.step());
        json.writeNumberField("index", sample.index());
        json.writeStringField("prompt", sample.prompt());
        json.writeStringField("response", sample.response());
        number(json, "pm_score", sample.pmScore());
        number(json, "log_probability", sample.logProbability());
        number(json, "reference_log_probability", sample.referenceLogProbability());
        json.writeNumberField("tokens", sample.tokens());
        json.writeBooleanField("ended", sample.ended());
        if (!sample.scores().isEmpty()) {
          json.writeObjectFieldStart("scores");
          for (Map.Entry<String, Double> score : sample.scores().entrySet()) {
            number(json, score.getKey(), score.getValue());
          }
          json.writeEndObject();
        }
        if (!sample.trace().isEmpty()) {
          json.writeFieldName("trace");
          TokenTraceJson.write(json, sample.trace());
        }
      }
      case JournalEvent.Checkpoint checkpoint -> {
        json.writeStringField("type", "checkpoint");
        json.writeNumberField("step", checkpoint.step());
        json.writeStringField("directory", checkpoint.directory());
      }
      case JournalEvent.Steered steered -> {
        json.writeStringField("type", "steered");
        json.writeNumberField("step", steered.step());
        json.writeStringField("parameter", steered.parameter());
        number(json, "from", steered.from());
        number(json, "to", steered.to());
      }
      case JournalEvent.Table table -> {
        json.writeStringField("type", "table");
        json.writeStringField("table", table.name());
        json.writeNumberField("step", table.step());
        json.writeNumberField("rows", table.rows());
        json.writeStringField("file", table.file());
        json.writeStringField("sha256", table.sha256());
      }
      case JournalEvent.Analysis analysis -> {
        json.writeStringField("type", "analysis");
        json.writeStringField("name", analysis.name());
        json.writeNumberField("runs", analysis.runs());
      }
      case JournalEvent.Card(PaperCard card) -> {
        json.writeStringField("type", "card");
        json.writeStringField("id", card.id());
        json.writeStringField("figure", card.figure());
        json.writeStringField("claim", card.claim());
        json.writeStringField("verdict", card.verdict().name().toLowerCase(Locale.ROOT));
        json.writeStringField("measured", card.measured());
      }
      case JournalEvent.Notice notice -> {
        json.writeStringField("type", "notice");
        json.writeNumberField("step", notice.step());
        json.writeStringField("text", notice.text());
      }
      case JournalEvent.Resumed resumed -> {
        json.writeStringField("type", "resumed");
        json.writeNumberField("from_step", resumed.fromStep());
      }
      case JournalEvent.Commanded commanded -> {
        json.writeStringField("type", "command");
        json.writeStringField("id", commanded.id());
        command(json, commanded.command());
        json.writeBooleanField("applied", commanded.applied());
      }
      case JournalEvent.Unknown unknown -> json.writeStringField("type", unknown.type());
    }
  }

  private static JournalEvent event(JsonNode node) throws NotAnEventException {
    long step = node.path("step").asLong();
    String type = text(node, "type");
    return switch (type) {
      case "state" ->
          new JournalEvent.State(
              constant(text(node, "state")), step, node.path("detail").asText(""));
      case "device" -> new JournalEvent.Device(text(node, "device"), node.path("threads").asInt());
      case "progress" ->
          new JournalEvent.Progress(
              step,
              node.path("total_steps").asLong(),
              number(node, "seconds_left"),
              node.path("phase").asText(""));
      case "metrics" -> {
        Map<String, Double> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> value : node.path("values").properties()) {
          values.put(value.getKey(), real(value.getValue(), value.getKey()));
        }
        yield new JournalEvent.Metrics(
            step,
            node.path("samples").asLong(),
            node.path("tokens").asLong(),
            number(node, "seconds"),
            values);
      }
      case "sample" -> {
        Map<String, Double> scores = new TreeMap<>();
        for (Map.Entry<String, JsonNode> score : node.path("scores").properties()) {
          scores.put(score.getKey(), real(score.getValue(), score.getKey()));
        }
        yield new JournalEvent.Sample(
            new ResponseSample(
                step,
                node.path("index").asInt(),
                text(node, "prompt"),
                text(node, "response"),
                number(node, "pm_score"),
                number(node, "log_probability"),
                number(node, "reference_log_probability"),
                node.path("tokens").asInt(),
                node.path("ended").asBoolean(),
                scores,
                TokenTraceJson.read(node.path("trace"))));
      }
      case "checkpoint" -> new JournalEvent.Checkpoint(step, text(node, "directory"));
      case "steered" ->
          new JournalEvent.Steered(
              step, text(node, "parameter"), number(node, "from"), number(node, "to"));
      case "table" ->
          new JournalEvent.Table(
              text(node, "table"),
              step,
              node.path("rows").asInt(),
              text(node, "file"),
              text(node, "sha256"));
      case "analysis" -> new JournalEvent.Analysis(text(node, "name"), node.path("runs").asInt());
      case "card" ->
          new JournalEvent.Card(
              new PaperCard(
                  text(node, "id"),
                  text(node, "figure"),
                  text(node, "claim"),
                  verdict(text(node, "verdict")),
                  text(node, "measured")));
      case "notice" -> new JournalEvent.Notice(step, text(node, "text"));
      case "resumed" -> new JournalEvent.Resumed(node.path("from_step").asLong());
      case "command" ->
          new JournalEvent.Commanded(
              text(node, "id"), command(node), node.path("applied").asBoolean(true));
      default -> new JournalEvent.Unknown(type);
    };
  }

  private static void command(JsonGenerator json, Command command) throws IOException {
    String name =
        switch (command) {
          case Command.Pause _ -> "pause";
          case Command.Resume _ -> "resume";
          case Command.StepOnce _ -> "step_once";
          case Command.Stop _ -> "stop";
          case Command.Checkpoint _ -> "checkpoint";
          case Command.Steer _ -> "steer";
        };
    json.writeStringField("command", name);
    if (command instanceof Command.Steer(String parameter, double value)) {
      json.writeStringField("parameter", parameter);
      number(json, "value", value);
    }
  }

  private static Command command(JsonNode node) throws NotAnEventException {
    String name = text(node, "command");
    return switch (name) {
      case "pause" -> new Command.Pause();
      case "resume" -> new Command.Resume();
      case "step_once" -> new Command.StepOnce();
      case "stop" -> new Command.Stop();
      case "checkpoint" -> new Command.Checkpoint();
      case "steer" -> new Command.Steer(text(node, "parameter"), number(node, "value"));
      default -> throw new NotAnEventException("unknown command '" + name + "'");
    };
  }

  private static RunState constant(String name) throws NotAnEventException {
    for (RunState state : RunState.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
        return state;
      }
    }
    throw new NotAnEventException("unknown state '" + name + "'");
  }

  private static PaperCard.Verdict verdict(String name) throws NotAnEventException {
    for (PaperCard.Verdict verdict : PaperCard.Verdict.values()) {
      if (verdict.name().toLowerCase(Locale.ROOT).equals(name)) {
        return verdict;
      }
    }
    throw new NotAnEventException("unknown verdict '" + name + "'");
  }

  private static JsonNode node(byte[] bytes, int from, int to) throws NotAnEventException {
    try {
      JsonNode node = MAPPER.readTree(bytes, from, to - from);
      if (node == null || !node.isObject()) {
        throw new NotAnEventException("not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new NotAnEventException("not JSON");
    }
  }

  private static Instant time(JsonNode node) throws NotAnEventException {
    String text = text(node, "time");
    try {
      return text.length() == OUR_TIME.length() ? ourTime(text) : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new NotAnEventException("time is not an instant");
    }
  }

  /**
   * A time as our journals write almost all of theirs; the general parser takes ten times longer.
   */
  private static Instant ourTime(String text) {
    for (int i = 0; i < OUR_TIME.length(); i++) {
      char form = OUR_TIME.charAt(i);
      char sign = text.charAt(i);
      if (form == '0' ? sign < '0' || sign > '9' : sign != form) {
        return Instant.parse(text);
      }
    }
    return LocalDateTime.of(
            digits(text, 0, 4),
            digits(text, 5, 7),
            digits(text, 8, 10),
            digits(text, 11, 13),
            digits(text, 14, 16),
            digits(text, 17, 19),
            digits(text, 20, 23) * 1_000_000)
        .toInstant(ZoneOffset.UTC);
  }

  private static int digits(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static String text(JsonNode node, String field) throws NotAnEventException {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw new NotAnEventException("no text '" + field + "'");
    }
    return value.asText();
  }

  private static double number(JsonNode node, String field) throws NotAnEventException {
    return real(node.path(field), field);
  }

  private static double real(JsonNode value, String field) throws NotAnEventException {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (value.isTextual()) {
      OptionalDouble special =
          switch (value.asText()) {
            case "NaN" -> OptionalDouble.of(Double.NaN);
            case "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> OptionalDouble.empty();
          };
      if (special.isPresent()) {
        return special.getAsDouble();
      }
    }
    throw new NotAnEventException("no number '" + field + "'");
  }

  private static void number(JsonGenerator json, String field, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(field, value);
    } else {
      json.writeStringField(field, Double.toString(value));
    }
  }

  /** Writes the fields of an object. */
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] line(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }
}
