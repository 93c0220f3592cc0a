package dev.plumbline.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which column of a file is what. A column is the key of an object or the head of a CSV column; a
 * dot leads into an object.
 *
 * @param kind what the rows are
 * @param columns columns by their meaning
 */
public record DataMapping(DataKind kind, Map<DataField, String> columns) {
  /** Copies the map. */
  public DataMapping {
    Map<DataField, String> copy = new EnumMap<>(DataField.class);
    copy.putAll(columns);
    columns = Collections.unmodifiableMap(copy);
  }

  /** The column of a meaning. */
  public Optional<String> column(DataField field) {
    return Optional.ofNullable(columns.get(field));
  }

  /** The same for rows of another kind. */
  public DataMapping withKind(DataKind other) {
    return new DataMapping(other, columns);
  }

  /** The same with a meaning given to a column, or to none where the name is empty. */
  public DataMapping with(DataField field, String column) {
    Map<DataField, String> changed = new EnumMap<>(DataField.class);
    changed.putAll(columns);
    if (column.isEmpty()) {
      changed.remove(field);
    } else {
      changed.put(field, column);
    }
    return new DataMapping(kind, changed);
  }

  /** The meanings that rows of a kind can have, in the order in which they are asked for. */
  public static List<DataField> fields(DataKind kind) {
    List<DataField> fields = new ArrayList<>();
    switch (kind) {
      case COMPARISONS ->
          fields.addAll(
              List.of(DataField.PROMPT, DataField.CHOSEN, DataField.REJECTED, DataField.WINNER));
      case DIALOGUES ->
          fields.addAll(List.of(DataField.TEXT, DataField.PROMPT, DataField.RESPONSE));
      case PROMPTS -> fields.add(DataField.PROMPT);
    }
    fields.addAll(List.of(DataField.TRANCHE, DataField.SOURCE));
    if (kind == DataKind.COMPARISONS) {
      fields.addAll(List.of(DataField.MARGIN, DataField.SCORE_CHOSEN, DataField.SCORE_REJECTED));
    } else if (kind == DataKind.DIALOGUES) {
      fields.add(DataField.SCORE_CHOSEN);
    }
    return List.copyOf(fields);
  }

  /** What rows of this kind need and have no column for; empty where the mapping can be used. */
  public List<DataField> missing() {
    return switch (kind) {
      case COMPARISONS ->
          List.of(DataField.CHOSEN, DataField.REJECTED).stream()
              .filter(field -> column(field).isEmpty())
              .toList();
      case DIALOGUES ->
          column(DataField.TEXT).isPresent()
                  || (column(DataField.PROMPT).isPresent()
                      && column(DataField.RESPONSE).isPresent())
              ? List.of()
              : List.of(DataField.TEXT);
      case PROMPTS -> column(DataField.PROMPT).isPresent() ? List.of() : List.of(DataField.PROMPT);
    };
  }

  /** The columns whose content becomes the text of a row, so that it is no attribute as well. */
  Set<String> textColumns() {
    Set<String> names = new LinkedHashSet<>();
    columns.forEach(
        (field, column) -> {
          if (field.isText()) {
            names.add(column);
          }
        });
    return names;
  }

  /** The mapping of the files that {@link DataConverter} writes. */
  public static DataMapping canonical(DataKind kind) {
    Map<DataField, String> columns = new EnumMap<>(DataField.class);
    switch (kind) {
      case COMPARISONS -> {
        columns.put(DataField.CHOSEN, "chosen");
        columns.put(DataField.REJECTED, "rejected");
      }
      case DIALOGUES -> columns.put(DataField.TEXT, "text");
      case PROMPTS -> columns.put(DataField.PROMPT, "prompt");
    }
    for (DataField field : fields(kind)) {
      if (!field.isText()) {
        columns.put(field, field.name().toLowerCase(Locale.ROOT));
      }
    }
    return new DataMapping(kind, columns);
  }

  /**
   * What columns of these names usually are.
   *
   * @param columns all columns, those within objects with a dot
   */
  public static DataMapping guess(DataKind kind, Collection<String> columns) {
    Map<DataField, String> found = new EnumMap<>(DataField.class);
    for (DataField field : fields(kind)) {
      for (String name : field.names()) {
        if (columns.contains(name) && !found.containsValue(name)) {
          found.put(field, name);
          break;
        }
      }
    }
    if (kind == DataKind.DIALOGUES && found.containsKey(DataField.TEXT)) {
      found.remove(DataField.PROMPT);
      found.remove(DataField.RESPONSE);
    }
    return new DataMapping(kind, found);
  }
}
