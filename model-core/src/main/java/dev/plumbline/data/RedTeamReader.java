package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.dialogue.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads red-team attempts in the form of hh-rlhf's {@code red_team_attempts.jsonl.gz}: objects with
 * the ten fields of {@link #FIELDS}, one a line or, as the published file has it, all in one JSON
 * array; gzip or not. An attempt is given away as soon as it is read, so memory does not grow with
 * the file. Only the transcript must be there; what else is absent or null is counted.
 */
public final class RedTeamReader {
  private static final String TRANSCRIPT = "transcript";
  private static final String MIN_HARMLESSNESS = "min_harmlessness_score_transcript";
  private static final String PARAMETERS = "num_params";
  private static final String MODEL_TYPE = "model_type";
  private static final String RATING = "rating";
  private static final String TASK = "task_description";
  private static final String TASK_HARMLESSNESS = "task_description_harmlessness_score";
  private static final String MEMBER = "red_team_member_id";
  private static final String UPWORKER = "is_upworker";
  private static final String TAGS = "tags";

  /** The fields of a record, in the order of the file's description. */
  public static final List<String> FIELDS =
      List.of(
          TRANSCRIPT,
          MIN_HARMLESSNESS,
          PARAMETERS,
          MODEL_TYPE,
          RATING,
          TASK,
          TASK_HARMLESSNESS,
          MEMBER,
          UPWORKER,
          TAGS);

  private RedTeamReader() {}

  /**
   * Reads a file to its end.
   *
   * @param attempts is given each attempt, in the order of the file
   * @throws UserError where the file is absent, unreadable, a damaged gzip or a damaged array; of
   *     JSON Lines, malformed ones are in the report
   */
  public static RedTeamReport read(Path file, Consumer<RedTeamAttempt> attempts) {
    Collector collector = new Collector(attempts);
    JsonLines.Extent extent = JsonLines.readEither(file, collector);
    return new RedTeamReport(
        file,
        extent.form() == JsonLines.Form.ARRAY,
        collector.records,
        extent.count() - collector.records,
        collector.records - collector.malformed,
        collector.malformed,
        collector.missing,
        collector.problems);
  }

  private static final class Collector implements JsonLines.Visitor {
    private final Consumer<RedTeamAttempt> attempts;
    private final List<ImportReport.Problem> problems = new ArrayList<>();
    private final Map<String, Long> missing = new LinkedHashMap<>();
    private long records;
    private long malformed;

    Collector(Consumer<RedTeamAttempt> attempts) {
      this.attempts = attempts;
      FIELDS.forEach(field -> missing.put(field, 0L));
    }

    @Override
    public void malformed(long number, String reason) {
      records++;
      malformed++;
      if (problems.size() < ImportReport.MOST_PROBLEMS) {
        problems.add(new ImportReport.Problem(number, reason));
      }
    }

    @Override
    public void object(long number, ObjectNode object) {
      RedTeamAttempt attempt;
      try {
        attempt = attempt(object);
      } catch (WrongField e) {
        malformed(number, String.valueOf(e.getMessage()));
        return;
      }
      records++;
      for (String field : FIELDS) {
        if (absent(object.get(field))) {
          missing.merge(field, 1L, Long::sum);
        }
      }
      attempts.accept(attempt);
    }
  }

  /** A field that is not what it must be. */
  private static final class WrongField extends Exception {
    private static final long serialVersionUID = 1L;

    WrongField(String message) {
      super(message);
    }
  }

  private static RedTeamAttempt attempt(ObjectNode object) throws WrongField {
    String transcript = JsonLines.text(object, TRANSCRIPT);
    if (transcript == null) {
      throw new WrongField("no text under \"" + TRANSCRIPT + "\"");
    }
    if (!transcript.startsWith(Role.HUMAN.marker())
        && !transcript.startsWith(Role.ASSISTANT.marker())) {
      throw new WrongField("\"" + TRANSCRIPT + "\" does not begin with a turn");
    }
    return new RedTeamAttempt(
        transcript,
        number(object, MIN_HARMLESSNESS),
        word(object, PARAMETERS),
        word(object, MODEL_TYPE),
        number(object, RATING),
        word(object, TASK),
        number(object, TASK_HARMLESSNESS),
        word(object, MEMBER),
        flag(object),
        tags(object));
  }

  private static boolean absent(@Nullable JsonNode value) {
    return value == null || value.isNull() || isNotFinite(value);
  }

  /** Python writes what it does not know as NaN. */
  private static boolean isNotFinite(JsonNode value) {
    return value.isNumber() && !Double.isFinite(value.doubleValue());
  }

  private static OptionalDouble number(ObjectNode object, String field) throws WrongField {
    JsonNode value = object.get(field);
    if (value == null || absent(value)) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber()) {
      throw new WrongField("\"" + field + "\" is no number");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /** A text; a number is taken as it is written, a whole one without its fraction. */
  private static Optional<String> word(ObjectNode object, String field) throws WrongField {
    JsonNode value = object.get(field);
    if (value == null || absent(value)) {
      return Optional.empty();
    }
    if (value.isTextual()) {
      return Optional.of(value.textValue());
    }
    if (!value.isNumber()) {
      throw new WrongField("\"" + field + "\" is neither text nor a number");
    }
    return Optional.of(
        value.decimalValue().signum() == 0
            ? "0"
            : value.decimalValue().stripTrailingZeros().toPlainString());
  }

  private static Optional<Boolean> flag(ObjectNode object) throws WrongField {
    JsonNode value = object.get(UPWORKER);
    if (value == null || absent(value)) {
      return Optional.empty();
    }
    if (!value.isBoolean()) {
      throw new WrongField("\"" + UPWORKER + "\" is neither true nor false");
    }
    return Optional.of(value.booleanValue());
  }

  private static Optional<List<String>> tags(ObjectNode object) throws WrongField {
    JsonNode value = object.get(TAGS);
    if (value == null || absent(value)) {
      return Optional.empty();
    }
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : value) {
      if (!tag.isTextual()) {
        throw new WrongField("\"" + TAGS + "\" holds something that is no text");
      }
      tags.add(tag.textValue().strip());
    }
    if (!value.isArray()) {
      throw new WrongField("\"" + TAGS + "\" is no list");
    }
    return Optional.of(tags);
  }
}
