package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.experiment.SpecDefaults.Meaning;
import dev.plumbline.lm.Lora;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.ModelLadder;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.StageSettings;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.TrainingSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binds a spec file to its records, strictly: what is not understood is an error with its line. */
final class SpecReader {
  private static final Set<String> HEAD = Set.of("name", "seed", "tags", "notes");

  /** What {@link SpecWriter} adds for the record; read back only by {@link RunDirectory}. */
  private static final Set<String> WRITTEN =
      Set.of("inputs", "spec_hash", "created", "program", "plumbline", "resolved");

  private final Path file;
  private final Path base;

  /** Where mistakes are gathered; without it the first one is thrown. */
  private final @Nullable List<SpecProblem> found;

  /** Thrown where a part will not do and its mistakes are gathered already. */
  private static final class Gathered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gathered() {
      super("gathered", null, false, false);
    }
  }

  private SpecReader(Path file) {
    this(file, null);
  }

  private SpecReader(Path file, @Nullable List<SpecProblem> found) {
    this.file = file;
    this.found = found;
    Path parent = file.toAbsolutePath().normalize().getParent();
    this.base = parent == null ? file.toAbsolutePath() : parent;
  }

  /** Reads a spec that was written by us: what looks like a placeholder there is plain text. */
  static ExperimentSpec read(Path file) {
    return new SpecReader(file).spec(SpecParser.parse(file));
  }

  static ExperimentSpec read(Path file, Map<String, String> values) {
    return new SpecReader(file).spec(SpecPlaceholders.fill(file, SpecParser.parse(file), values));
  }

  /** Binds a tree that stands in a file: relative paths in it are relative to that file. */
  static ExperimentSpec read(Path file, SpecNode root) {
    return new SpecReader(file).spec(root);
  }

  /**
   * All mistakes of a text, in the order of their lines. Rules between keys are held only where
   * every key is right by itself, and the first that is broken is told.
   */
  static List<SpecProblem> problems(Path file, String text) {
    List<SpecProblem> found = new ArrayList<>();
    SpecReader reader = new SpecReader(file, found);
    SpecNode root = null;
    try {
      root = SpecParser.parse(file, text);
      reader.spec(root);
    } catch (Gathered e) {
      // all of them are in the list
    } catch (UserError e) {
      SpecProblem problem = reader.problem("", e);
      found.add(root == null ? problem : problem.at(SpecPlaces.of(root, problem)));
    }
    found.sort(Comparator.comparingInt(SpecProblem::line));
    return List.copyOf(found);
  }

  /** What an error says, without the file's name. */
  private SpecProblem problem(String path, UserError error) {
    String message = String.valueOf(error.getMessage());
    String prefix = file + ":";
    int end = message.startsWith(prefix) ? message.indexOf(": ", prefix.length()) : -1;
    if (end < 0 || !message.substring(prefix.length(), end).matches("\\d{1,9}")) {
      return new SpecProblem(path, 1, message);
    }
    int line = Integer.parseInt(message.substring(prefix.length(), end));
    return new SpecProblem(path, line, message.substring(end + 2));
  }

  /** Reads a part; its mistake is thrown on, or gathered where mistakes are. */
  private <T> @Nullable T gathering(String path, Supplier<@Nullable T> part, Runnable onMistake) {
    if (found == null) {
      return part.get();
    }
    try {
      return part.get();
    } catch (Gathered e) {
      onMistake.run();
    } catch (UserError e) {
      found.add(problem(path, e));
      onMistake.run();
    }
    return null;
  }

  private ExperimentSpec spec(SpecNode root) {
    if (!(root instanceof SpecNode.Fields fields)) {
      throw error(root.line(), "a spec is a group of keys, and here is " + root.describe());
    }
    Set<String> known = new TreeSet<>(HEAD);
    known.addAll(SpecDefaults.STAGES.keySet());
    String stage = null;
    SpecNode.Field body = null;
    for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
      String key = entry.getKey();
      int line = entry.getValue().line();
      if (key.equals("stage")) {
        throw error(line, "unknown key 'stage'; the stage's own key says it, one of " + stages());
      }
      if (SpecDefaults.STAGES.containsKey(key)) {
        if (stage != null) {
          throw error(line, "a second stage '" + key + "' beside '" + stage + "'; keep one");
        }
        stage = key;
        body = entry.getValue();
      } else if (!HEAD.contains(key) && !WRITTEN.contains(key)) {
        refuse(key, error(line, "unknown key '" + key + "'" + suggestion(key, known)));
      }
    }
    Class<? extends StageSettings> type = stage == null ? null : SpecDefaults.STAGES.get(stage);
    if (stage == null || body == null || type == null) {
      throw error(root.line(), "no stage; add one of the keys " + stages());
    }
    String key = stage;
    SpecNode.Field stageField = body;
    boolean[] broken = {found != null && !found.isEmpty()};
    Runnable breaks = () -> broken[0] = true;
    StageSettings settings =
        (StageSettings)
            gathering(
                stage, () -> record(type, key, stageField.value(), stageField.line()), breaks);
    String name = gathering("name", () -> name(fields), breaks);
    Long seed = gathering("seed", () -> seed(fields), breaks);
    List<String> tags = gathering("tags", () -> texts(fields, "tags"), breaks);
    String notes = gathering("notes", () -> text(fields, "notes", ""), breaks);
    if (broken[0]
        || settings == null
        || name == null
        || seed == null
        || tags == null
        || notes == null) {
      throw new Gathered();
    }
    check(settings, body);
    return new ExperimentSpec(name, seed, tags, notes, settings);
  }

  /** Throws an error, or gathers it where mistakes are gathered. */
  private void refuse(String path, UserError error) {
    if (found == null) {
      throw error;
    }
    found.add(problem(path, error));
  }

  private static String stages() {
    return SpecDefaults.STAGES.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  private String name(SpecNode.Fields fields) {
    String stem = String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
    String name = text(fields, "name", stem);
    if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+-]{0,79}")) {
      SpecNode.Field field = fields.fields().get("name");
      throw error(
          field == null ? 1 : field.line(),
          "name: '%s' will not do; use 1 to 80 letters, digits, spaces and . _ + -"
              .formatted(name.replaceAll("\\s+", " ")));
    }
    return name;
  }

  private String text(SpecNode.Fields fields, String key, String fallback) {
    SpecNode.Field field = fields.fields().get(key);
    if (field == null) {
      return fallback;
    }
    if (field.value() instanceof SpecNode.Scalar scalar
        && (scalar.kind() != SpecNode.Kind.NOTHING || !key.equals("name"))) {
      return scalar.text();
    }
    throw error(field.line(), key + ": text is needed, and here is " + field.value().describe());
  }

  private long seed(SpecNode.Fields fields) {
    SpecNode.Field field = fields.fields().get("seed");
    if (field == null) {
      return 1;
    }
    if (field.value() instanceof SpecNode.Scalar scalar) {
      try {
        return Long.parseLong(scalar.text().replace("_", ""));
      } catch (NumberFormatException e) {
        // told below, with the line
      }
    }
    throw error(
        field.line(), "seed: a whole number is needed, and here is " + field.value().describe());
  }

  private List<String> texts(SpecNode.Fields fields, String key) {
    SpecNode.Field field = fields.fields().get(key);
    return field == null ? List.of() : list(field.value(), key, Meaning.VALUE);
  }

  private Object record(Class<?> type, String where, SpecNode node, int line) {
    if (!(node instanceof SpecNode.Fields fields)) {
      throw error(line, where + ": a group of keys is needed, and here is " + node.describe());
    }
    SpecNode.Field preset = fields.fields().get("preset");
    if (type == PretrainingSettings.ModelSize.class && preset != null) {
      return preset(where, fields, preset);
    }
    List<SpecDefaults.Key> keys = SpecDefaults.keys(type);
    for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
      if (keys.stream().noneMatch(key -> key.name().equals(entry.getKey()))) {
        refuse(
            where + "." + entry.getKey(),
            error(
                entry.getValue().line(),
                "unknown key '%s' in %s%s"
                    .formatted(
                        entry.getKey(),
                        where,
                        suggestion(
                            entry.getKey(), keys.stream().map(SpecDefaults.Key::name).toList()))));
      }
    }
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    boolean[] broken = new boolean[1];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String name = SpecDefaults.fileName(component.getName());
      SpecDefaults.Key key =
          SpecDefaults.key(type, name)
              .orElseThrow(() -> new IllegalStateException("no grammar for key " + name));
      SpecNode.Field field = fields.fields().get(name);
      boolean absent =
          field == null
              || (!key.required()
                  && field.value() instanceof SpecNode.Scalar scalar
                  && scalar.kind() == SpecNode.Kind.NOTHING);
      values[i] =
          gathering(
              where + "." + name,
              () -> {
                if (absent && key.required()) {
                  throw error(line, "key '" + name + "' is missing in " + where + "; add it");
                }
                return absent || field == null
                    ? fallback(component, key, where, line)
                    : value(component, key, where, field);
              },
              () -> broken[0] = true);
    }
    if (broken[0]) {
      throw new Gathered();
    }
    return construct(type, components, values);
  }

  /** The size of a name; the run's own record of its spec has the numbers. */
  private PretrainingSettings.ModelSize preset(
      String where, SpecNode.Fields fields, SpecNode.Field preset) {
    for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
      if (!entry.getKey().equals("preset")) {
        throw error(
            entry.getValue().line(),
            "%s: '%s' beside a preset; give the preset or the sizes, not both"
                .formatted(where, entry.getKey()));
      }
    }
    String name =
        preset.value() instanceof SpecNode.Scalar scalar
            ? scalar.text()
            : preset.value().describe();
    return ModelLadder.of(name)
        .orElseThrow(
            () ->
                error(
                    preset.line(),
                    "%s.preset: '%s' is not one of %s"
                        .formatted(
                            where,
                            name,
                            Arrays.stream(ModelLadder.values())
                                .map(ModelLadder::label)
                                .collect(Collectors.joining(", ")))))
        .size();
  }

  private @Nullable Object fallback(
      RecordComponent component, SpecDefaults.Key key, String where, int line) {
    Object fallback = key.fallback();
    Class<?> type = component.getType();
    if (fallback instanceof Map<?, ?>) {
      SpecNode none = new SpecNode.Fields(line, Map.of());
      return record(type, where + "." + key.name(), none, line);
    }
    if (fallback instanceof Number number) {
      if (type == int.class) {
        return number.intValue();
      }
      return type == long.class ? (Object) number.longValue() : (Object) number.doubleValue();
    }
    if (fallback instanceof String text && type.isEnum()) {
      return constant(type, text);
    }
    return fallback;
  }

  private @Nullable Object value(
      RecordComponent component, SpecDefaults.Key key, String where, SpecNode.Field field) {
    Class<?> type = component.getType();
    String name = where + "." + key.name();
    SpecNode node = field.value();
    int line = field.line();
    if (type.isRecord()) {
      return record(type, name, node, line);
    }
    if (type == List.class) {
      Class<?> items = items(component);
      List<?> list =
          items == String.class
              ? list(node, name, key.meaning())
              : records(items, node, name, line);
      if (list.size() < key.low()) {
        throw error(line, name + ": the list is empty; name at least one");
      }
      return list;
    }
    if (!(node instanceof SpecNode.Scalar scalar)) {
      throw error(line, name + ": " + needed(type) + " is needed, and here is " + node.describe());
    }
    if (type == String.class) {
      if (scalar.text().isEmpty() && "".equals(key.fallback())) {
        return ""; // as a run's own record of its spec has it
      }
      if (scalar.text().isBlank()) {
        throw error(line, name + ": text is needed, and here is nothing");
      }
      return path(scalar, key.meaning(), name);
    }
    if (type == boolean.class) {
      if (scalar.kind() != SpecNode.Kind.TRUTH) {
        throw error(line, name + ": true or false is needed, and here is " + node.describe());
      }
      return Boolean.valueOf(scalar.text().toLowerCase(Locale.ROOT));
    }
    if (type.isEnum()) {
      Object constant = constant(type, scalar.text());
      if (constant == null) {
        List<String> names =
            Arrays.stream(type.getEnumConstants())
                .map(each -> each.toString().toLowerCase(Locale.ROOT))
                .toList();
        throw error(
            line,
            "%s: '%s' is not one of %s".formatted(name, scalar.text(), String.join(", ", names)));
      }
      return constant;
    }
    return number(type, key, name, scalar, line);
  }

  private Object number(
      Class<?> type, SpecDefaults.Key key, String name, SpecNode.Scalar scalar, int line) {
    double value;
    try {
      if (scalar.kind() != SpecNode.Kind.NUMBER) {
        throw new NumberFormatException();
      }
      value = Double.parseDouble(scalar.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw error(
          line, name + ": " + needed(type) + " is needed, and here is " + scalar.describe());
    }
    boolean whole = type != double.class && type != Double.class;
    if (whole && value != Math.rint(value)) {
      throw error(line, name + ": a whole number is needed, and here is " + scalar.text());
    }
    if (!Double.isFinite(value) || !key.admits(value)) {
      throw error(
          line,
          "%s: %s is out of range; it must be %s"
              .formatted(
                  name,
                  scalar.text(),
                  value > Integer.MAX_VALUE && value > key.high()
                      ? "at most " + Integer.MAX_VALUE
                      : key.range()));
    }
    if (type == int.class || type == Integer.class) {
      return (int) value;
    }
    return whole ? (Object) (long) value : (Object) value;
  }

  /**
   * A list of groups of keys, each of them named by its place from 1: {@code rlhf.pools[2]}. Where
   * it holds mere texts, they are a key of a single group.
   */
  private List<?> records(Class<?> type, SpecNode node, String name, int line) {
    Optional<String> shorthand = SpecDefaults.shorthand(type);
    boolean texts =
        node instanceof SpecNode.Scalar
            || (node instanceof SpecNode.Items items
                && !items.items().isEmpty()
                && items.items().stream().allMatch(SpecNode.Scalar.class::isInstance));
    if (texts && shorthand.isPresent()) {
      SpecNode.Field field = new SpecNode.Field(line, node);
      SpecNode fields = new SpecNode.Fields(line, Map.of(shorthand.get(), field));
      return List.of(record(type, name, fields, line));
    }
    if (!(node instanceof SpecNode.Items items)) {
      throw error(line, name + ": a list of groups is needed, and here is " + node.describe());
    }
    List<Object> records = new ArrayList<>();
    boolean[] broken = new boolean[1];
    for (int i = 0; i < items.items().size(); i++) {
      SpecNode item = items.items().get(i);
      String place = name + "[" + (i + 1) + "]";
      Object record =
          gathering(place, () -> record(type, place, item, item.line()), () -> broken[0] = true);
      if (record != null) {
        records.add(record);
      }
    }
    if (broken[0]) {
      throw new Gathered();
    }
    return List.copyOf(records);
  }

  /** What a list holds: text, or records. */
  private static Class<?> items(RecordComponent component) {
    return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
            instanceof Class<?> type
        ? type
        : String.class;
  }

  private List<String> list(SpecNode node, String name, Meaning meaning) {
    if (node instanceof SpecNode.Scalar scalar && meaning == Meaning.FILE) {
      return List.of(path(scalar, meaning, name)); // one file needs no brackets
    }
    if (!(node instanceof SpecNode.Items items)) {
      throw error(node.line(), name + ": a list is needed, and here is " + node.describe());
    }
    List<String> texts = new ArrayList<>();
    for (SpecNode item : items.items()) {
      if (!(item instanceof SpecNode.Scalar scalar) || scalar.text().isBlank()) {
        throw error(item.line(), name + ": each item is a text, and here is " + item.describe());
      }
      texts.add(path(scalar, meaning, name));
    }
    return List.copyOf(texts);
  }

  private String path(SpecNode.Scalar scalar, Meaning meaning, String name) {
    String text = scalar.text();
    if (meaning == Meaning.VALUE) {
      return text;
    }
    if (text.startsWith(RunReference.PREFIX)) {
      Optional<RunReference> reference = RunReference.parse(text);
      if (meaning == Meaning.FILE && reference.isPresent() && reference.get().step().isPresent()) {
        throw error(
            scalar.line(), name + ": a run gathers one data file; write '" + text + "' without @");
      }
      if (reference.isEmpty()) {
        throw error(
            scalar.line(), name + ": '" + text + "' is not of the form run:NAME or run:NAME@STEP");
      }
      return text;
    }
    try {
      return base.resolve(text).normalize().toString();
    } catch (InvalidPathException e) {
      throw error(scalar.line(), name + ": '" + text + "' is not a path: " + e.getReason());
    }
  }

  /** Rules between keys; each names the keys and the mend. */
  private void check(StageSettings settings, SpecNode.Field body) {
    if (settings instanceof TrainingSettings training) {
      check(training, body);
    } else if (settings instanceof MeasurementSettings measurement) {
      MeasurementRules.first(measurement)
          .ifPresent(
              breach -> {
                throw error(line(body, breach.key()), breach.message());
              });
    }
  }

  private void check(TrainingSettings settings, SpecNode.Field body) {
    switch (settings) {
      case PretrainingSettings pretraining -> {
        PretrainingSettings.ModelSize model = pretraining.model();
        if (model.dModel() % model.heads() != 0 || model.dModel() / model.heads() % 2 != 0) {
          throw error(
              line(body, "model", "d_model", "heads"),
              "pretraining.model: d_model %d over %d heads must give an even whole width"
                  .formatted(model.dModel(), model.heads()));
        }
        if (model.heads() % model.kvHeads() != 0) {
          throw error(
              line(body, "model", "kv_heads", "heads"),
              "pretraining.model: kv_heads %d must divide heads %d"
                  .formatted(model.kvHeads(), model.heads()));
        }
      }
      case PreferenceSettings preference -> {
        if (preference.heldOut().isEmpty() && preference.heldOutFraction() <= 0) {
          throw error(
              line(body, "held_out_fraction"),
              "preference: nothing is held out; give held_out files or a held_out_fraction above"
                  + " 0");
        }
        check(preference, body);
      }
      case DistillationSettings _ -> {}
      case PpoSettings ppo -> {
        if (ppo.batchSize() % ppo.minibatchSize() != 0) {
          throw error(
              line(body, "minibatch_size", "batch_size"),
              "rlhf: minibatch_size %d must divide batch_size %d"
                  .formatted(ppo.minibatchSize(), ppo.batchSize()));
        }
        if (ppo.klTarget() > 0 && ppo.lambdaKl() == 0) {
          throw error(
              line(body, "lambda_kl", "kl_target"),
              "rlhf: with a kl_target lambda_kl must be above 0, because it is multiplied");
        }
        if (ppo.klTarget() > 0 && ppo.klHorizon() < ppo.batchSize()) {
          throw error(
              line(body, "kl_horizon", "batch_size", "kl_target"),
              "rlhf: kl_horizon %s must be at least batch_size %d"
                  .formatted(Double.toString(ppo.klHorizon()), ppo.batchSize()));
        }
        check(ppo, body);
      }
    }
    check(settings, settings.trainer(), body);
  }

  /** Rules of the reward, the prompts and what stands beside them. */
  private void check(PpoSettings ppo, SpecNode.Field body) {
    PpoSettings.Reward reward = ppo.reward();
    if (reward.sources() != 1) {
      throw error(
          line(body, "reward"),
          "rlhf.reward: give exactly one of preference_model, sum and lexical");
    }
    if (reward.transform().low() >= reward.transform().high()) {
      throw error(
          line(body, "reward", "transform", "low"),
          "rlhf.reward.transform: low must be below high");
    }
    if (ppo.value() == PpoSettings.Value.PREFERENCE_MODEL && reward.lexical() != null) {
      throw error(
          line(body, "value"),
          "rlhf.value: a lexical reward has no preference model to start from; set value: head");
    }
    if (ppo.prompts().isEmpty() == ppo.promptPools().isEmpty()) {
      throw error(
          line(body, "prompt_pools", "prompts"),
          "rlhf: give exactly one of prompts and prompt_pools");
    }
    if (ppo.missingEosScore() != null && ppo.missingEosPenalty() > 0) {
      throw error(
          line(body, "missing_eos_score"),
          "rlhf: missing_eos_score replaces the score that missing_eos_penalty is subtracted from;"
              + " give one of them");
    }
    names(body, "rlhf", "reward", reward.sum().stream().map(PpoSettings.Part::name).toList());
    names(
        body,
        "rlhf",
        "prompt_pools",
        ppo.promptPools().stream().map(PpoSettings.PromptPool::name).toList());
    names(
        body,
        "rlhf",
        "test_rewards",
        ppo.testRewards().stream().map(PpoSettings.TestReward::name).toList());
    names(
        body,
        "rlhf",
        "held_out",
        ppo.heldOut().stream().map(PpoSettings.HeldOutPrompts::name).toList());
  }

  private void check(PreferenceSettings preference, SpecNode.Field body) {
    List<PreferenceSettings.Part> parts = preference.data();
    names(body, "preference", "data", parts.stream().map(PreferenceSettings.Part::name).toList());
    names(
        body,
        "preference",
        "held_out",
        preference.heldOut().stream().map(PreferenceSettings.HeldOut::name).toList());
    int at = line(body, "data");
    List<Double> fractions =
        parts.stream().map(PreferenceSettings.Part::fraction).filter(Objects::nonNull).toList();
    boolean counts = parts.stream().anyMatch(part -> part.comparisons() != null);
    if (!fractions.isEmpty()) {
      if (counts || fractions.size() < parts.size()) {
        throw error(
            at,
            "preference.data: a fraction for one part and none for another; give every part its"
                + " fraction, or counts under comparisons");
      }
      double sum = fractions.stream().mapToDouble(Double::doubleValue).sum();
      if (Math.abs(sum - 1) > 1e-6) {
        throw error(
            at,
            "preference.data: the parts' fractions add up to %s; they must add up to 1"
                .formatted(Double.toString(Math.rint(sum * 1e9) / 1e9)));
      }
      if (preference.maxComparisons() == 0) {
        throw error(
            at, "preference.data: fractions are of a fixed total; give it as max_comparisons");
      }
    }
    if (counts && preference.maxComparisons() > 0) {
      throw error(
          line(body, "max_comparisons"),
          "preference: max_comparisons beside a part's own comparisons; keep one");
    }
    if (preference.split().half() != PreferenceSettings.Half.NONE
        && preference.split().seed() == null) {
      throw error(
          line(body, "split", "half"),
          "preference.split: a half needs a seed of the split, so that another run can take the"
              + " other half; add seed");
    }
  }

  /** Names that become parts of metrics' names. */
  private void names(SpecNode.Field body, String stage, String key, List<String> names) {
    Set<String> seen = new TreeSet<>();
    for (String name : names) {
      if (!Metrics.isPart(name)) {
        throw error(
            line(body, key),
            ("%s.%s: the name '%s' will not do in a metric's name; use 1 to 40 small letters,"
                    + " digits and - and no other")
                .formatted(stage, key, name.replaceAll("\\s+", " ")));
      }
      if (!seen.add(name)) {
        throw error(
            line(body, key),
            "%s.%s: the name '%s' stands twice; rename one".formatted(stage, key, name));
      }
    }
  }

  private void check(TrainingSettings settings, TrainerSettings trainer, SpecNode.Field body) {
    TrainerSettings.LoraSettings lora = trainer.lora();
    if (settings instanceof PpoSettings && trainer.dropout() > 0) {
      throw error(
          line(body, "trainer", "dropout"),
          "rlhf.trainer.dropout: PPO allows none, because its ratio must be 1 before the first"
              + " update; set it to 0");
    }
    if (lora == null) {
      return;
    }
    for (String target : lora.targets()) {
      if (!Lora.names().contains(target)) {
        throw error(
            line(body, "trainer", "lora", "targets"),
            "trainer.lora.targets: no matrix '" + target + "'" + suggestion(target, Lora.names()));
      }
    }
    if (settings instanceof PretrainingSettings) {
      throw error(
          line(body, "trainer", "lora"),
          "pretraining.trainer.lora: pretraining starts from random weights, which adapters would"
              + " leave as they are; leave lora out");
    }
    if (trainer.freeze().embeddings() || trainer.freeze().layers() > 0) {
      throw error(
          line(body, "trainer", "freeze"),
          "trainer.freeze: with lora the whole model is frozen anyway; leave freeze or lora out");
    }
  }

  /** The line of the first of some keys that stands in the file, or of the stage. */
  private static int line(SpecNode.Field body, String... keys) {
    if (body.value() instanceof SpecNode.Fields fields) {
      for (String key : keys) {
        SpecNode.Field field = fields.fields().get(key);
        if (field == null) {
          continue;
        }
        if (field.value() instanceof SpecNode.Fields && keys.length > 1) {
          return line(field, Arrays.copyOfRange(keys, 1, keys.length));
        }
        return field.line();
      }
    }
    return body.line();
  }

  private static @Nullable Object constant(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.toString().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElse(null);
  }

  private static String needed(Class<?> type) {
    if (List.of(int.class, long.class, Integer.class, Long.class).contains(type)) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    return type == boolean.class ? "true or false" : "text";
  }

  static <T> T construct(Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("settings refused by their record: " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings record cannot be made: " + type, e);
    }
  }

  private UserError error(int line, String message) {
    return new UserError(file + ":" + line + ": " + message);
  }

  /** "; did you mean 'x'?" for the nearest key, or the list of keys where none is near. */
  static String suggestion(String key, Collection<String> known) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : new LinkedHashSet<>(known)) {
      int distance = distance(key.toLowerCase(Locale.ROOT).replace('-', '_'), candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best != null && bestDistance <= Math.max(2, key.length() / 3)
        ? "; did you mean '" + best + "'?"
        : "; known keys: " + String.join(", ", known);
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
