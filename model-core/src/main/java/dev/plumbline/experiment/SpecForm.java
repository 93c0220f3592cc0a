package dev.plumbline.experiment;

import dev.plumbline.experiment.SpecDefaults.Meaning;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a form must know of a settings record: its keys with what stands in each, read from the
 * record's components and the grammar of {@link SpecDefaults}, so that a new key is on every form
 * at once.
 */
public final class SpecForm {
  private SpecForm() {}

  /** What stands in a key. */
  public enum Kind {
    /** A whole number. */
    WHOLE,
    /** A number. */
    NUMBER,
    /** True or false. */
    TRUTH,
    /** One of some words. */
    CHOICE,
    /** A line of text. */
    TEXT,
    /** Lines of text. */
    TEXTS,
    /** A data file. */
    FILE,
    /** Data files. */
    FILES,
    /** A model directory, or a reference to a run. */
    MODEL,
    /** A group of keys that is always there. */
    GROUP,
    /** A group of keys that may be absent. */
    OPTIONAL_GROUP,
    /** A list of groups of keys. */
    LIST
  }

  /**
   * A key on a form.
   *
   * @param key name, default and range
   * @param kind what stands in it
   * @param options the words of a {@link Kind#CHOICE}
   * @param record the record of a group, or of a list's groups
   */
  public record Field(
      SpecDefaults.Key key, Kind kind, List<String> options, Optional<Class<?>> record) {
    public Field {
      options = List.copyOf(options);
    }

    /** Its name in files. */
    public String name() {
      return key.name();
    }

    /** Whether it is a value and not a group or a list of them. */
    public boolean isLeaf() {
      return record.isEmpty();
    }
  }

  /** The keys of a settings record, or of a record inside one, in the order of files. */
  public static List<Field> fields(Class<?> record) {
    List<Field> fields = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String name = SpecDefaults.fileName(component.getName());
      SpecDefaults.key(record, name).ifPresent(key -> fields.add(field(component, key)));
    }
    return List.copyOf(fields);
  }

  /**
   * The key of a path in a stage: {@code rlhf.reward.sum[2].name}.
   *
   * @return empty where there is no such key
   */
  public static Optional<Field> at(String path) {
    String[] parts = path.replaceAll("\\[\\d+\\]", "").split("\\.", -1);
    Class<?> record = SpecDefaults.STAGES.get(parts[0]);
    Field found = null;
    for (int i = 1; i < parts.length; i++) {
      String name = parts[i];
      if (record == null) {
        return Optional.empty();
      }
      found =
          fields(record).stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
      record = found == null ? null : found.record().orElse(null);
      if (found == null) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * The key of a list's groups that a list of mere texts stands for: {@code files} of a mixture.
   */
  public static Optional<String> shorthand(Class<?> record) {
    return SpecDefaults.shorthand(record);
  }

  private static Field field(RecordComponent component, SpecDefaults.Key key) {
    Class<?> type = component.getType();
    if (type.isRecord()) {
      boolean optional = !key.required() && key.fallback() == null;
      return new Field(
          key, optional ? Kind.OPTIONAL_GROUP : Kind.GROUP, List.of(), Optional.of(type));
    }
    if (type == List.class) {
      Class<?> items = items(component);
      if (items != null && items.isRecord()) {
        return new Field(key, Kind.LIST, List.of(), Optional.of(items));
      }
      return leaf(key, key.meaning() == Meaning.FILE ? Kind.FILES : Kind.TEXTS);
    }
    if (type.isEnum()) {
      List<String> words =
          Arrays.stream(type.getEnumConstants())
              .map(each -> each.toString().toLowerCase(Locale.ROOT))
              .toList();
      return new Field(key, Kind.CHOICE, words, Optional.empty());
    }
    if (type == boolean.class || type == Boolean.class) {
      return leaf(key, Kind.TRUTH);
    }
    if (type == double.class || type == Double.class) {
      return leaf(key, Kind.NUMBER);
    }
    if (type == String.class) {
      return leaf(
          key,
          switch (key.meaning()) {
            case FILE -> Kind.FILE;
            case MODEL -> Kind.MODEL;
            case VALUE -> Kind.TEXT;
          });
    }
    return leaf(key, Kind.WHOLE);
  }

  private static Field leaf(SpecDefaults.Key key, Kind kind) {
    return new Field(key, kind, List.of(), Optional.empty());
  }

  private static @Nullable Class<?> items(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType type
            && type.getActualTypeArguments()[0] instanceof Class<?> items
        ? items
        : null;
  }
}
