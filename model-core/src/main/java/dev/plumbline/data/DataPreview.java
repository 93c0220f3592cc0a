package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.dialogue.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The beginning of a data file: what it seems to be, before it is read.
 *
 * @param file the file
 * @param form the form that its columns have
 * @param mapping what its columns seem to be
 * @param columns its columns in order, those within objects with a dot
 * @param samples the first rows: columns to the text of their values
 * @param more whether there is more than was looked at
 */
public record DataPreview(
    Path file,
    DataForm form,
    DataMapping mapping,
    List<String> columns,
    List<Map<String, String>> samples,
    boolean more) {
  private static final int LOOKED_AT = 200;
  private static final int SAMPLES = 20;

  /** Copies the lists. */
  public DataPreview {
    columns = List.copyOf(columns);
    samples = List.copyOf(samples);
  }

  /** Ends the reading; nothing is wrong. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough", null, false, false);
    }
  }

  private static final class Looker implements DataFileReader.Objects {
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<Map<String, String>> samples = new ArrayList<>();
    private final Map<String, JsonNode> first = new LinkedHashMap<>();
    private int seen;

    @Override
    public void object(long line, ObjectNode object) {
      Map<String, String> sample = new LinkedHashMap<>();
      add("", object, sample);
      columns.addAll(sample.keySet());
      if (samples.size() < SAMPLES) {
        samples.add(sample);
      }
      count();
    }

    private void add(String prefix, ObjectNode object, Map<String, String> sample) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        JsonNode value = entry.getValue();
        String column = prefix + entry.getKey();
        if (value instanceof ObjectNode inner && prefix.isEmpty()) {
          add(column + ".", inner, sample);
        } else {
          sample.put(column, value.isValueNode() ? value.asText() : value.toString());
          if (!value.isNull()) {
            first.putIfAbsent(column, value);
          }
        }
      }
    }

    @Override
    public void malformed(long line, String reason, String detail) {
      count();
    }

    private void count() {
      if (++seen >= LOOKED_AT) {
        throw new Enough();
      }
    }
  }

  /**
   * Looks at the beginning of a file.
   *
   * @throws UserError where it cannot be read or no row of it can
   */
  public static DataPreview of(Path file) {
    Looker looker = new Looker();
    boolean more = false;
    try {
      long lines = DataFileReader.objects(file, looker, _ -> {});
      if (lines == 0) {
        throw new UserError(file + ": is empty; give a file with at least one row");
      }
    } catch (Enough e) {
      more = true;
    }
    if (looker.columns.isEmpty()) {
      throw new UserError(
          file
              + ": none of its first lines is a JSON object; give JSON Lines, a JSON array of"
              + " objects, Parquet, or a .csv or .tsv with a header");
    }
    DataForm form = form(looker.first);
    DataMapping mapping = DataMapping.guess(form.kind(), looker.columns);
    if (form.kind() == DataKind.COMPARISONS
        && form != DataForm.BATTLES
        && form != DataForm.LABEL_STUDIO
        && form != DataForm.ARGILLA
        && form != DataForm.UNKNOWN) {
      mapping = mapping.with(DataField.WINNER, "");
    }
    if (form == DataForm.HH || form == DataForm.CONVERSATIONS) {
      mapping = mapping.with(DataField.PROMPT, "");
    }
    return new DataPreview(file, form, mapping, List.copyOf(looker.columns), looker.samples, more);
  }

  /** The form that these columns make. */
  private static DataForm form(Map<String, JsonNode> columns) {
    Set<String> names = columns.keySet();
    JsonNode tool = columns.get(AnnotationRows.TOOL);
    if (tool != null) {
      return tool.asText().equals(AnnotationRows.ARGILLA)
          ? DataForm.ARGILLA
          : DataForm.LABEL_STUDIO;
    }
    if (names.contains("chosen") && names.contains("rejected")) {
      JsonNode chosen = columns.get("chosen");
      if (names.contains("prompt")) {
        return DataForm.EXPLICIT;
      }
      if (chosen != null && chosen.isArray()) {
        return DataForm.CONVERSATIONS;
      }
      return chosen != null && opensTurn(chosen.asText()) ? DataForm.HH : DataForm.UNKNOWN;
    }
    if (names.contains("preferred_output") && names.contains("non_preferred_output")) {
      return DataForm.OPENAI;
    }
    if (names.contains("winner")
        && (names.containsAll(Set.of("conversation_a", "conversation_b"))
            || names.containsAll(Set.of("response_a", "response_b")))) {
      return DataForm.BATTLES;
    }
    if (names.contains("messages") || names.contains("conversations")) {
      return DataForm.MESSAGES;
    }
    if (names.contains("transcript")) {
      return names.contains("rating") ? DataForm.RED_TEAM : DataForm.TEXTS;
    }
    if (names.contains("text")) {
      return DataForm.TEXTS;
    }
    if (names.contains("prompt")) {
      return names.contains("completion") || names.contains("response")
          ? DataForm.UNPAIRED
          : DataForm.PROMPTS;
    }
    return DataForm.UNKNOWN;
  }

  private static boolean opensTurn(String text) {
    return text.startsWith(Role.HUMAN.marker()) || text.startsWith(Role.ASSISTANT.marker());
  }

  /**
   * Whether stages read the file as it is; else it is written anew in the form that they read.
   *
   * @param used the mapping that is used
   */
  public boolean isReady(DataMapping used) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.matches(".*\\.jsonl?(\\.gz)?") || JsonLines.beginsArray(file)) {
      return false;
    }
    Set<String> texts = used.textColumns();
    return switch (used.kind()) {
      case COMPARISONS -> form == DataForm.HH && texts.equals(Set.of("chosen", "rejected"));
      case DIALOGUES -> form == DataForm.TEXTS && texts.equals(Set.of("text"));
      case PROMPTS ->
          texts.equals(Set.of("prompt"))
              && samples.stream()
                  .noneMatch(sample -> sample.getOrDefault("prompt", "").startsWith("[{"));
    };
  }
}
