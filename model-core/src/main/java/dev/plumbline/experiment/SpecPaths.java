package dev.plumbline.experiment;

import dev.plumbline.training.StageSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The paths and references inside settings. */
final class SpecPaths {
  private SpecPaths() {}

  /** What replaces a path or a reference. */
  interface Change {
    /**
     * @param key such as {@code rlhf.policy}
     * @param text the path or the reference
     */
    String apply(String key, SpecDefaults.Meaning meaning, String text);
  }

  /** The same settings with each path or reference replaced. */
  static StageSettings map(StageSettings settings, Change change) {
    return (StageSettings) map((Record) settings, ExperimentSpec.stageOf(settings) + ".", change);
  }

  private static Record map(Record record, String prefix, Change change) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = SpecDefaults.fileName(components[i].getName());
      SpecDefaults.Meaning meaning =
          SpecDefaults.key(record.getClass(), name)
              .map(SpecDefaults.Key::meaning)
              .orElse(SpecDefaults.Meaning.VALUE);
      Object value = SpecJson.get(record, components[i]);
      values[i] = map(value, prefix + name, meaning, change);
    }
    return SpecReader.construct(record.getClass(), components, values);
  }

  private static @Nullable Object map(
      @Nullable Object value, String key, SpecDefaults.Meaning meaning, Change change) {
    if (value instanceof Record inner) {
      return map(inner, key + ".", change);
    }
    if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Record) {
      List<Record> records = new ArrayList<>();
      for (Object item : list) {
        String place = "%s[%d].".formatted(key, records.size() + 1);
        records.add(map((Record) item, place, change));
      }
      return List.copyOf(records);
    }
    if (meaning == SpecDefaults.Meaning.VALUE) {
      return value;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> change.apply(key, meaning, String.valueOf(item))).toList();
    }
    return value instanceof String text ? change.apply(key, meaning, text) : value;
  }
}
