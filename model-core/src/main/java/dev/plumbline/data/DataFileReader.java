package dev.plumbline.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.dialogue.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads data files of any of the forms of {@link DataForm}, and others by a mapping of their
 * columns: JSON Lines, one JSON array, CSV and TSV, gzip or not, and Parquet. Rows go through one
 * at a time, so memory does not grow with the file; what cannot be used is counted with its reason
 * and not an error.
 *
 * <p>Comparisons of whole transcripts follow the rule of {@link ComparisonReader}: the prompt is
 * everything up to and with the last {@code "\n\nAssistant:"}, and both must have the same.
 */
public final class DataFileReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DETAIL = 120;

  /** Attribute of rows that were read as judged: who won. */
  public static final String VERDICT = "verdict";

  static final String MALFORMED = "not a JSON object";
  static final String UNEVEN = "not as many cells as the header has columns";
  static final String ABSENT = "a text is missing";
  static final String NO_DIALOGUE = "not a dialogue that has an assistant's turn";
  static final String UNEQUAL = "the two dialogues differ before the last response";
  static final String TIE = "a tie, or a winner that is neither of the two";
  static final String NO_VERDICT = "a winner that is neither of the two nor a tie";
  static final String ROLES = "messages that are not a person's or an assistant's";
  static final String EMPTY = "at least one response is empty";
  static final String SAME = "the two responses are the same";
  static final String SYSTEM = "has a system message, which is kept as the attribute system";

  private final DataMapping mapping;
  private final Visitor visitor;
  private final boolean judged;
  private final Set<String> texts;
  private final Map<String, String> renamed = new LinkedHashMap<>();
  private final Map<String, Tally> skipped = new LinkedHashMap<>();
  private final Map<String, Tally> notes = new LinkedHashMap<>();
  private long lines;
  private long used;

  /** Is given the rows of a file in order. */
  public interface Visitor {
    /** A row that can be used. */
    void row(DataRow row);
  }

  private static final class Tally {
    private final List<DataReport.Example> examples = new ArrayList<>();
    private long count;
  }

  /** A row that cannot be used; carries no stack, because files may hold many. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;
    private final String detail;

    Unusable(String reason, String detail) {
      super(reason, null, false, false);
      this.reason = reason;
      this.detail = detail;
    }
  }

  private DataFileReader(DataMapping mapping, Visitor visitor, boolean judged) {
    this.mapping = mapping;
    this.visitor = visitor;
    this.judged = judged;
    texts = mapping.textColumns();
    mapping
        .columns()
        .forEach(
            (field, column) -> {
              if (!field.isText()) {
                renamed.put(column, field.name().toLowerCase(Locale.ROOT));
              }
            });
  }

  /** Is given the objects of a file in order; a CSV row is an object of texts. */
  interface Objects {
    /** A row. */
    void object(long line, ObjectNode object);

    /** A line that is none. */
    void malformed(long line, String reason, String detail);
  }

  /**
   * Reads a file to its end. What the visitor throws ends the reading and comes through.
   *
   * @param bytes takes how many of the file's bytes are read, compressed where the file is
   * @throws UserError where the file cannot be read, or the mapping lacks a column that its rows
   *     need
   */
  public static DataReport read(
      Path file, DataMapping mapping, Visitor visitor, LongConsumer bytes) {
    return read(file, mapping, visitor, false, bytes);
  }

  /**
   * Reads what was said of pairs, also where neither won. Where a column says who won, a row's two
   * responses stand as in the file, and the attribute {@value #VERDICT} says {@code a}, {@code b},
   * {@code tie} or {@code both_bad}, or nothing where a column {@code outcome} tells more; else the
   * first is the preferred one and the attribute is absent.
   *
   * @throws UserError as {@link #read}
   */
  public static DataReport readJudged(Path file, DataMapping mapping, Visitor visitor) {
    return read(file, mapping, visitor, true, _ -> {});
  }

  private static DataReport read(
      Path file, DataMapping mapping, Visitor visitor, boolean judged, LongConsumer bytes) {
    if (!mapping.missing().isEmpty()) {
      throw new UserError(
          "%s: no column is named for %s; name one"
              .formatted(file, mapping.missing().getFirst().name().toLowerCase(Locale.ROOT)));
    }
    DataFileReader reader = new DataFileReader(mapping, visitor, judged);
    long all =
        objects(
            file,
            new Objects() {
              @Override
              public void object(long line, ObjectNode object) {
                reader.object(line, object);
              }

              @Override
              public void malformed(long line, String reason, String detail) {
                reader.lines++;
                tally(reader.skipped, reason, line, detail);
              }
            },
            bytes);
    return new DataReport(
        reader.lines,
        Math.max(0, all - reader.lines),
        reader.used,
        counts(reader.skipped),
        counts(reader.notes));
  }

  /**
   * What the first lines of a file give under a mapping.
   *
   * @param rows the first rows, at most {@value #TRIED}
   * @param report what was found in the first {@value #LINES_TRIED} lines
   */
  public record Trial(List<DataRow> rows, DataReport report) {
    private static final int TRIED = 20;
    private static final int LINES_TRIED = 200;

    /** Copies the list. */
    public Trial {
      rows = List.copyOf(rows);
    }
  }

  /** Ends a trial; nothing is wrong. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /**
   * Tries a mapping on the beginning of a file.
   *
   * @throws UserError where the file cannot be read
   */
  public static Trial trial(Path file, DataMapping mapping) {
    List<DataRow> rows = new ArrayList<>();
    DataFileReader reader =
        new DataFileReader(
            mapping,
            row -> {
              if (rows.size() < Trial.TRIED) {
                rows.add(row);
              }
            },
            false);
    try {
      objects(
          file,
          new Objects() {
            @Override
            public void object(long line, ObjectNode object) {
              reader.object(line, object);
              enough();
            }

            @Override
            public void malformed(long line, String reason, String detail) {
              reader.lines++;
              tally(reader.skipped, reason, line, detail);
              enough();
            }

            private void enough() {
              if (reader.lines >= Trial.LINES_TRIED) {
                throw new Enough();
              }
            }
          },
          _ -> {});
    } catch (Enough e) {
      // the rest is read when the file is imported
    }
    return new Trial(
        rows,
        new DataReport(reader.lines, 0, reader.used, counts(reader.skipped), counts(reader.notes)));
  }

  /**
   * Whether training would refuse the file as it lies: it leaves out comparisons whose prompts
   * differ, and asks that every other line can be used.
   */
  public static boolean isRefused(DataReport report) {
    return report.skipped().stream().anyMatch(each -> !each.reason().equals(UNEQUAL));
  }

  /** Reads the objects of a file of either kind; gives its lines, elements or rows. */
  static long objects(Path file, Objects given, LongConsumer bytes) {
    Objects objects =
        new Objects() {
          @Override
          public void object(long line, ObjectNode object) {
            if (!AnnotationRows.unfold(line, object, given)) {
              given.object(line, object);
            }
          }

          @Override
          public void malformed(long line, String reason, String detail) {
            given.malformed(line, reason, detail);
          }
        };
    if (ParquetRows.named(file)) {
      return ParquetRows.read(file, objects, bytes);
    }
    if (CsvRows.named(file)) {
      return rows(file, objects, bytes);
    }
    return JsonLines.readEither(
            file,
            new JsonLines.Visitor() {
              @Override
              public void object(long line, ObjectNode object) {
                objects.object(line, object);
              }

              @Override
              public void malformed(long line, String reason) {
                objects.malformed(line, MALFORMED, reason);
              }
            },
            bytes)
        .count();
  }

  private static long rows(Path file, Objects objects, LongConsumer bytes) {
    List<String> header = new ArrayList<>();
    long[] count = new long[1];
    CsvRows.read(
        file,
        new CsvRows.AnyVisitor() {
          @Override
          public void header(List<String> columns) {
            header.addAll(columns);
          }

          @Override
          public void whole(long line, List<String> cells) {
            count[0]++;
            ObjectNode object = NODES.objectNode();
            for (int i = 0; i < cells.size(); i++) {
              object.set(header.get(i), cell(cells.get(i)));
            }
            objects.object(line, object);
          }

          @Override
          public void uneven(long line, int cells) {
            count[0]++;
            objects.malformed(line, UNEVEN, "%d cells, %d columns".formatted(cells, header.size()));
          }
        },
        bytes);
    return count[0];
  }

  /** A cell that holds a list of messages is that list, as exports of data sets write them. */
  private static JsonNode cell(String text) {
    if (text.startsWith("[{") && text.endsWith("}]")) {
      try {
        return JsonLines.MAPPER.readTree(text);
      } catch (JsonProcessingException e) {
        return NODES.textNode(text);
      }
    }
    return NODES.textNode(text);
  }

  private void object(long line, ObjectNode object) {
    lines++;
    try {
      DataRow row =
          switch (mapping.kind()) {
            case COMPARISONS -> comparison(line, object);
            case DIALOGUES -> dialogue(line, object);
            case PROMPTS -> prompt(line, object);
          };
      used++;
      visitor.row(row);
    } catch (Unusable e) {
      tally(skipped, e.reason, line, e.detail);
    }
  }

  // ------------------------------------------------------------------------------- comparisons

  private DataRow comparison(long line, ObjectNode object) throws Unusable {
    Map<String, String> attributes = attributes(object);
    JsonNode first = needed(object, DataField.CHOSEN);
    JsonNode second = needed(object, DataField.REJECTED);
    if (judged && mapping.column(DataField.WINNER).isPresent()) {
      attributes.put(VERDICT, verdict(object, attributes));
    } else if (mapping.column(DataField.WINNER).isPresent()) {
      boolean swapped = !firstWon(object);
      if (swapped) {
        JsonNode kept = first;
        first = second;
        second = kept;
      }
      sides(attributes, swapped);
    }
    JsonNode prompt = at(object, DataField.PROMPT);
    String better = joined(prompt, first, attributes);
    String worse = joined(prompt, second, attributes);
    ComparisonReader.Parts chosen = ComparisonReader.Parts.of(better);
    ComparisonReader.Parts rejected = ComparisonReader.Parts.of(worse);
    if (chosen == null || rejected == null) {
      throw new Unusable(NO_DIALOGUE, shown(chosen == null ? better : worse));
    }
    if (!chosen.prompt().equals(rejected.prompt())) {
      throw new Unusable(UNEQUAL, difference(chosen.prompt(), rejected.prompt()));
    }
    if (chosen.response().isBlank() || rejected.response().isBlank()) {
      tally(notes, EMPTY, line, "");
    }
    if (chosen.response().equals(rejected.response())) {
      tally(notes, SAME, line, shown(chosen.response().strip()));
    }
    if (attributes.containsKey("system")) {
      tally(notes, SYSTEM, line, "");
    }
    return new DataRow(
        line,
        DataKind.COMPARISONS,
        chosen.prompt(),
        chosen.response(),
        rejected.response(),
        attributes);
  }

  /** What is known of the writers a and b becomes what is known of chosen and rejected. */
  private static void sides(Map<String, String> attributes, boolean swapped) {
    for (String key : List.copyOf(attributes.keySet())) {
      boolean a = key.endsWith("_a");
      if (a || key.endsWith("_b")) {
        String value = attributes.remove(key);
        attributes.put(
            key.substring(0, key.length() - 2) + (a == swapped ? "_rejected" : "_chosen"),
            value == null ? "" : value);
      }
    }
  }

  private String verdict(ObjectNode object, Map<String, String> attributes) throws Unusable {
    JsonNode said = at(object, DataField.WINNER);
    String winner = said == null ? "" : text(said);
    if (winner.equals("0") || winner.equals("1")) {
      return winner.equals("0") ? "a" : "b"; // counted from 0, as where comparisons are read
    }
    String plain = AnnotationRows.word(winner);
    if (plain != null) {
      return plain;
    }
    if (attributes.containsKey("outcome")) {
      return "";
    }
    throw new Unusable(NO_VERDICT, shown(winner));
  }

  private boolean firstWon(ObjectNode object) throws Unusable {
    String winner = text(needed(object, DataField.WINNER)).strip().toLowerCase(Locale.ROOT);
    return switch (winner) {
      case "a", "model_a", "left", "response_a", "first", "0" -> true;
      case "b", "model_b", "right", "response_b", "second", "1" -> false;
      default -> throw new Unusable(TIE, shown(winner));
    };
  }

  /** The dialogue that a prompt and what follows it make; a whole dialogue is taken as it is. */
  private static String joined(
      @Nullable JsonNode prompt, JsonNode response, Map<String, String> attributes)
      throws Unusable {
    if (response.isArray()) {
      String said = messages(response, attributes);
      if (prompt == null || said.startsWith(Role.HUMAN.marker())) {
        return said;
      }
      return open(prompt, attributes) + withoutMarker(said);
    }
    String said = text(response);
    if (prompt == null) {
      return said;
    }
    if (opensTurn(said)) {
      return said.startsWith(Role.ASSISTANT.marker())
          ? open(prompt, attributes) + withoutMarker(said)
          : said;
    }
    String space = said.isEmpty() || Character.isWhitespace(said.charAt(0)) ? "" : " ";
    return open(prompt, attributes) + space + said;
  }

  private static String withoutMarker(String said) {
    return said.startsWith(Role.ASSISTANT.marker())
        ? said.substring(Role.ASSISTANT.marker().length())
        : said;
  }

  /** A prompt as a transcript that ends with an open assistant turn. */
  private static String open(JsonNode prompt, Map<String, String> attributes) throws Unusable {
    String asked = prompt.isArray() ? messages(prompt, attributes) : text(prompt);
    if (!opensTurn(asked)) {
      asked = Role.HUMAN.marker() + " " + asked.strip();
    }
    return asked.endsWith(Role.ASSISTANT.marker()) ? asked : asked + Role.ASSISTANT.marker();
  }

  private static boolean opensTurn(String text) {
    return text.startsWith(Role.HUMAN.marker()) || text.startsWith(Role.ASSISTANT.marker());
  }

  /** The transcript of a list of messages, in either of the two usual spellings. */
  private static String messages(JsonNode list, Map<String, String> attributes) throws Unusable {
    StringBuilder transcript = new StringBuilder();
    for (JsonNode message : list) {
      String role = message.path("role").asText(message.path("from").asText(""));
      JsonNode content = message.has("content") ? message.get("content") : message.get("value");
      if (content == null || !content.isTextual()) {
        throw new Unusable(ABSENT, "a message of " + (role.isEmpty() ? "no role" : role));
      }
      switch (role) {
        case "user", "human" -> transcript.append(Role.HUMAN.marker());
        case "assistant", "gpt", "model" -> transcript.append(Role.ASSISTANT.marker());
        case "system" -> {
          attributes.put("system", content.textValue());
          continue;
        }
        default -> throw new Unusable(ROLES, role.isEmpty() ? "a message without a role" : role);
      }
      transcript.append(' ').append(content.textValue().strip());
    }
    return transcript.toString();
  }

  // ------------------------------------------------------------------------- dialogues, prompts

  private DataRow dialogue(long line, ObjectNode object) throws Unusable {
    Map<String, String> attributes = attributes(object);
    String whole;
    if (mapping.column(DataField.TEXT).isPresent()) {
      JsonNode text = needed(object, DataField.TEXT);
      whole = text.isArray() ? messages(text, attributes) : text(text);
    } else {
      whole =
          joined(needed(object, DataField.PROMPT), needed(object, DataField.RESPONSE), attributes);
    }
    if (whole.isBlank()) {
      throw new Unusable(ABSENT, "an empty text");
    }
    if (attributes.containsKey("system")) {
      tally(notes, SYSTEM, line, "");
    }
    ComparisonReader.Parts parts = ComparisonReader.Parts.of(whole);
    if (parts != null && !endsWithPerson(parts.response())) {
      return new DataRow(
          line, DataKind.DIALOGUES, parts.prompt(), parts.response(), "", attributes);
    }
    return opensTurn(whole)
        ? new DataRow(line, DataKind.DIALOGUES, whole, "", "", attributes)
        : new DataRow(line, DataKind.DIALOGUES, "", whole, "", attributes);
  }

  private static boolean endsWithPerson(String response) {
    return response.contains(Role.HUMAN.marker());
  }

  private DataRow prompt(long line, ObjectNode object) throws Unusable {
    Map<String, String> attributes = attributes(object);
    JsonNode prompt = needed(object, DataField.PROMPT);
    String text = prompt.isArray() ? open(prompt, attributes) : text(prompt);
    if (text.isBlank()) {
      throw new Unusable(ABSENT, "an empty prompt");
    }
    if (text.startsWith(Role.HUMAN.marker()) && !text.endsWith(Role.ASSISTANT.marker())) {
      text = text + Role.ASSISTANT.marker();
    }
    return new DataRow(line, DataKind.PROMPTS, text, "", "", attributes);
  }

  // ------------------------------------------------------------------------------------- parts

  private @Nullable JsonNode at(ObjectNode object, DataField field) {
    String column = mapping.columns().get(field);
    return column == null ? null : at(object, column);
  }

  /** What stands under a column; null where there is nothing. */
  static @Nullable JsonNode at(ObjectNode object, String column) {
    JsonNode whole = object.get(column);
    if (whole == null && column.indexOf('.') > 0) {
      int dot = column.indexOf('.');
      if (object.get(column.substring(0, dot)) instanceof ObjectNode inner) {
        return at(inner, column.substring(dot + 1));
      }
    }
    return whole == null || whole.isNull() ? null : whole;
  }

  private JsonNode needed(ObjectNode object, DataField field) throws Unusable {
    JsonNode found = at(object, field);
    String column = mapping.column(field).orElse("");
    if (found == null) {
      throw new Unusable(ABSENT, "nothing under \"" + column + "\"");
    }
    if (found.isObject() || (found.isNumber() && field != DataField.WINNER)) {
      throw new Unusable(ABSENT, "no text under \"" + column + "\"");
    }
    return found;
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.isValueNode() ? value.asText() : "";
  }

  private Map<String, String> attributes(ObjectNode object) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonNode value = entry.getValue();
      if (!texts.contains(entry.getKey()) && !value.isNull() && !insideText(entry.getKey())) {
        attributes.put(
            renamed.getOrDefault(entry.getKey(), entry.getKey()),
            value.isValueNode() ? value.asText() : value.toString());
      }
    }
    renamed.forEach(
        (column, name) -> {
          JsonNode inner = column.indexOf('.') > 0 ? at(object, column) : null;
          if (inner != null && inner.isValueNode()) {
            attributes.put(name, inner.asText());
          }
        });
    return attributes;
  }

  private boolean insideText(String key) {
    return texts.stream().anyMatch(column -> column.startsWith(key + "."));
  }

  private static String difference(String one, String other) {
    int at = 0;
    int end = Math.min(one.length(), other.length());
    while (at < end && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - 12);
    return "\u201c%s\u201d against \u201c%s\u201d"
        .formatted(
            shown(one.substring(from, Math.min(one.length(), at + 30))),
            shown(other.substring(from, Math.min(other.length(), at + 30))));
  }

  private static String shown(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= DETAIL ? line : line.substring(0, DETAIL - 1) + "\u2026";
  }

  private static void tally(Map<String, Tally> tallies, String reason, long line, String detail) {
    Tally tally = tallies.computeIfAbsent(reason, _ -> new Tally());
    tally.count++;
    if (tally.examples.size() < DataReport.EXAMPLES) {
      tally.examples.add(new DataReport.Example(line, detail));
    }
  }

  private static List<DataReport.Count> counts(Map<String, Tally> tallies) {
    return tallies.entrySet().stream()
        .map(
            each ->
                new DataReport.Count(
                    each.getKey(), each.getValue().count, each.getValue().examples))
        .sorted(Comparator.comparingLong(DataReport.Count::count).reversed())
        .toList();
  }
}
