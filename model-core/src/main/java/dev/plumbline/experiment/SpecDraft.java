package dev.plumbline.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A spec that is being written: what stands in its text, right or wrong, by the paths of its keys
 * ({@code rlhf.reward.sum[2].name}), and the text again. Immutable; each change is another draft.
 * Comments at the text's beginning are kept, others are lost when a key is changed.
 */
public final class SpecDraft {
  private static final ObjectMapper YAML =
      new ObjectMapper(
              new YAMLFactory()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR))
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,6})\\]");

  private final ObjectNode root;
  private final String head;

  private SpecDraft(ObjectNode root, String head) {
    this.root = root;
    this.head = head;
  }

  /** A draft of a stage without any key. */
  public static SpecDraft of(String stage) {
    ObjectNode root = YAML.createObjectNode();
    root.putObject(stage);
    return new SpecDraft(root, "");
  }

  /**
   * Reads a text, YAML or JSON, without asking whether its keys are right.
   *
   * @param named the file's name in messages
   * @throws dev.plumbline.data.UserError where the text is no plain YAML
   */
  public static SpecDraft parse(Path named, String text) {
    SpecNode parsed = SpecParser.parse(named, text);
    JsonNode node = tree(parsed);
    String head =
        text.lines()
            .takeWhile(line -> line.startsWith("#") || line.isBlank())
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    ObjectNode root = node instanceof ObjectNode object ? object : YAML.createObjectNode();
    // What people call a run is text, whatever it looks like.
    if (parsed instanceof SpecNode.Fields fields) {
      for (String key : List.of("name", "tags", "notes")) {
        SpecNode.Field field = fields.fields().get(key);
        if (field != null) {
          root.set(key, texts(field.value()));
        }
      }
    }
    return new SpecDraft(root, head);
  }

  private static JsonNode texts(SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar when scalar.kind() != SpecNode.Kind.NOTHING ->
          YAML.getNodeFactory().textNode(scalar.text());
      case SpecNode.Items items -> {
        ArrayNode array = YAML.createArrayNode();
        items.items().forEach(item -> array.add(texts(item)));
        yield array;
      }
      default -> tree(node);
    };
  }

  private static JsonNode tree(SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar -> scalar(scalar);
      case SpecNode.Items items -> {
        ArrayNode array = YAML.createArrayNode();
        items.items().forEach(item -> array.add(tree(item)));
        yield array;
      }
      case SpecNode.Fields fields -> {
        ObjectNode object = YAML.createObjectNode();
        fields.fields().forEach((key, field) -> object.set(key, tree(field.value())));
        yield object;
      }
    };
  }

  private static JsonNode scalar(SpecNode.Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> YAML.getNodeFactory().textNode(scalar.text());
      case NUMBER -> number(scalar.text().replace("_", ""));
      case TRUTH -> YAML.getNodeFactory().booleanNode(Boolean.parseBoolean(scalar.text()));
      case NOTHING -> YAML.nullNode();
    };
  }

  private static JsonNode number(String text) {
    return NUMBER.matcher(text).matches()
        ? DecimalNode.valueOf(new BigDecimal(text))
        : YAML.getNodeFactory().textNode(text);
  }

  // ------------------------------------------------------------------------------------ reading

  /** The stage whose key stands in the text; empty where none does. */
  public String stage() {
    return root.propertyStream()
        .map(Map.Entry::getKey)
        .filter(SpecDefaults.STAGES::containsKey)
        .findFirst()
        .orElse("");
  }

  /** Whether a key is given. */
  public boolean has(String path) {
    JsonNode node = at(path);
    return node != null && !node.isNull();
  }

  /** Whether a key holds a list or a single text where a list of groups may stand. */
  public boolean isPlain(String path) {
    JsonNode node = at(path);
    return node != null
        && (node.isValueNode() || (node.isArray() && !node.isEmpty() && node.get(0).isValueNode()));
  }

  /** The text of a single value; empty where the key is not given or holds no single value. */
  public String text(String path) {
    JsonNode node = at(path);
    if (node == null || !node.isValueNode() || node.isNull()) {
      return "";
    }
    return node.isBigDecimal() ? plain(node.decimalValue()) : node.asText();
  }

  /** The texts of a list; a single value is a list of one. */
  public List<String> texts(String path) {
    JsonNode node = at(path);
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (node.isValueNode()) {
      return List.of(node.asText());
    }
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> texts.add(item.isValueNode() ? item.asText() : item.toString()));
    }
    return List.copyOf(texts);
  }

  /** How many groups a list holds. */
  public int size(String path) {
    JsonNode node = at(path);
    return node != null && node.isArray() ? node.size() : 0;
  }

  /** The keys that stand in a group, in their order. */
  public List<String> keys(String path) {
    JsonNode node = path.isEmpty() ? root : at(path);
    return node == null
        ? List.of()
        : node.propertyStream().map(Map.Entry::getKey).collect(Collectors.toList());
  }

  /** The text, in YAML. */
  public String yaml() {
    try {
      return head + YAML.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return yaml();
  }

  /** As people write it: 0.0003, but 6e-6. */
  private static String plain(BigDecimal number) {
    BigDecimal value = number.stripTrailingZeros();
    if (value.signum() == 0) {
      return "0";
    }
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < 12) {
      return value.toPlainString();
    }
    return value.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  private @Nullable JsonNode at(String path) {
    JsonNode node = root;
    Matcher steps = STEP.matcher(path);
    while (node != null && steps.find()) {
      node =
          steps.group(2) == null
              ? node.get(steps.group(1))
              : node.get(Integer.parseInt(steps.group(2)) - 1);
    }
    return node;
  }

  /** The text of a study over one spec. */
  static String study(String name, String role, Map<String, List<String>> axes, SpecDraft spec) {
    ObjectNode study = YAML.createObjectNode();
    study.put("name", name);
    ObjectNode levels = study.putObject("axes");
    axes.forEach(
        (axis, values) -> {
          ArrayNode list = levels.putArray(axis);
          values.forEach(value -> list.add(level(value)));
        });
    ObjectNode run = study.putArray("runs").addObject();
    run.put("role", role);
    ArrayNode over = run.putArray("over");
    axes.keySet().forEach(over::add);
    run.set("spec", spec.root);
    try {
      return spec.head + YAML.writeValueAsString(study);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode level(String value) {
    return value.equals("true") || value.equals("false")
        ? YAML.getNodeFactory().booleanNode(Boolean.parseBoolean(value))
        : number(value);
  }

  // ----------------------------------------------------------------------------------- changing

  /** The same with a value for a key, of the form's kind; an empty text takes the key out. */
  public SpecDraft with(String path, SpecForm.Kind kind, String text) {
    String value = kind == SpecForm.Kind.TEXT ? text : text.strip();
    if (value.isEmpty()) {
      return without(path);
    }
    return with(
        path,
        switch (kind) {
          case WHOLE, NUMBER -> number(value.replace("_", ""));
          case TRUTH ->
              value.equals("true") || value.equals("false")
                  ? YAML.getNodeFactory().booleanNode(Boolean.parseBoolean(value))
                  : YAML.getNodeFactory().textNode(value);
          default -> YAML.getNodeFactory().textNode(value);
        });
  }

  /** The same with a list of texts for a key; an empty list takes the key out. */
  public SpecDraft with(String path, List<String> texts) {
    if (texts.isEmpty()) {
      return without(path);
    }
    ArrayNode array = YAML.createArrayNode();
    texts.forEach(array::add);
    return with(path, array);
  }

  /** The same with an empty group at a key, so that its own keys can be given. */
  public SpecDraft withGroup(String path) {
    return has(path) ? this : with(path, YAML.createObjectNode());
  }

  /** The same with one more group at the end of a list. */
  public SpecDraft added(String path) {
    JsonNode node = at(path);
    ArrayNode array = node instanceof ArrayNode list ? list.deepCopy() : YAML.createArrayNode();
    array.addObject();
    return with(path, array);
  }

  /** The same without a list's group; its place counts from 1. An empty list goes too. */
  public SpecDraft removed(String path, int place) {
    if (!(at(path) instanceof ArrayNode list) || place < 1 || place > list.size()) {
      return this;
    }
    ArrayNode array = list.deepCopy();
    array.remove(place - 1);
    return array.isEmpty() ? without(path) : with(path, array);
  }

  /** The same with a list's group one place earlier or later. */
  public SpecDraft moved(String path, int place, int by) {
    int other = place + by;
    if (!(at(path) instanceof ArrayNode list)
        || Math.min(place, other) < 1
        || Math.max(place, other) > list.size()) {
      return this;
    }
    ArrayNode array = list.deepCopy();
    JsonNode one = array.remove(place - 1);
    array.insert(other - 1, one);
    return with(path, array);
  }

  /** The same with a list of mere texts written out as the one group that it stands for. */
  public SpecDraft spread(String path, String key) {
    List<String> texts = texts(path);
    ArrayNode array = YAML.createArrayNode();
    ArrayNode list = array.addObject().putArray(key);
    texts.forEach(list::add);
    return with(path, array);
  }

  /** The same for a file elsewhere: relative paths in it mean what they meant before. */
  public SpecDraft rebased(Path from, Path to) {
    String stage = stage();
    Class<?> record = SpecDefaults.STAGES.get(stage);
    if (record == null) {
      return this;
    }
    Path old = from.toAbsolutePath().normalize();
    Path next = to.toAbsolutePath().normalize();
    return rebased(
        stage,
        record,
        text -> {
          try {
            Path path = Path.of(text);
            Path whole = old.resolve(path).normalize();
            boolean stays = text.startsWith(RunReference.PREFIX) || path.isAbsolute();
            return stays ? text : next.relativize(whole).toString().replace('\\', '/');
          } catch (IllegalArgumentException e) {
            return text; // no path, or one of another drive
          }
        });
  }

  private SpecDraft rebased(String group, Class<?> record, UnaryOperator<String> change) {
    SpecDraft draft = this;
    for (SpecForm.Field field : SpecForm.fields(record)) {
      String path = group + "." + field.name();
      if (!has(path)) {
        continue;
      }
      switch (field.kind()) {
        case FILE, MODEL -> draft = draft.with(path, field.kind(), change.apply(text(path)));
        case FILES -> draft = draft.with(path, texts(path).stream().map(change).toList());
        case LIST -> {
          if (isPlain(path)) {
            draft = draft.with(path, texts(path).stream().map(change).toList());
          } else {
            for (int i = 1; i <= size(path); i++) {
              draft = draft.rebased(path + "[" + i + "]", field.record().orElseThrow(), change);
            }
          }
        }
        case GROUP, OPTIONAL_GROUP ->
            draft = draft.rebased(path, field.record().orElseThrow(), change);
        default -> {}
      }
    }
    return draft;
  }

  /** The same without a key. */
  public SpecDraft without(String path) {
    if (at(path) == null) {
      return this;
    }
    ObjectNode copy = root.deepCopy();
    SpecDraft draft = new SpecDraft(copy, head);
    int dot = path.lastIndexOf('.');
    JsonNode owner = dot < 0 ? copy : draft.at(path.substring(0, dot));
    if (owner instanceof ObjectNode object) {
      object.remove(path.substring(dot + 1));
    }
    return draft;
  }

  /** The same with a value that is a tree; groups on the way are made. */
  private SpecDraft with(String path, JsonNode value) {
    ObjectNode copy = root.deepCopy();
    JsonNode node = copy;
    Matcher steps = STEP.matcher(path);
    List<String> names = new ArrayList<>();
    while (steps.find()) {
      names.add(steps.group());
    }
    StringBuilder place = new StringBuilder();
    for (int i = 0; i < names.size() - 1; i++) {
      String name = names.get(i);
      place.append(name.startsWith("[") || i == 0 ? "" : ".").append(name);
      if (name.startsWith("[")) {
        JsonNode item = node.get(Integer.parseInt(name.substring(1, name.length() - 1)) - 1);
        if (item == null) {
          return this;
        }
        node = item;
        continue;
      }
      JsonNode next = node.get(name);
      if (next == null || next.isValueNode()) {
        if (!(node instanceof ObjectNode object)) {
          return this;
        }
        next = YAML.createObjectNode();
        put(object, owner(place.substring(0, place.length() - name.length())), name, next);
        next = object.get(name);
      }
      node = next;
    }
    String last = names.getLast();
    if (node instanceof ObjectNode object && !last.startsWith("[")) {
      put(object, owner(path.substring(0, path.length() - last.length())), last, value);
      return new SpecDraft(copy, head);
    }
    return this;
  }

  /** The names of the keys of the group at a path that ends in a dot, in the grammar's order. */
  private List<String> owner(String dotted) {
    if (dotted.isEmpty()) {
      List<String> names = new ArrayList<>(List.of("name", "seed", "tags", "notes"));
      names.addAll(SpecDefaults.STAGES.keySet());
      return names;
    }
    String path = dotted.substring(0, dotted.length() - 1);
    Class<?> record = SpecDefaults.STAGES.get(path);
    if (record == null) {
      record = SpecForm.at(path).flatMap(SpecForm.Field::record).orElse(null);
    }
    return record == null
        ? List.of()
        : SpecDefaults.keys(record).stream().map(SpecDefaults.Key::name).toList();
  }

  /** Puts a key where it stands in the grammar: before the first one that is later there. */
  private static void put(ObjectNode object, List<String> order, String name, JsonNode value) {
    int rank = order.indexOf(name);
    if (object.has(name) || rank < 0) {
      object.set(name, value);
      return;
    }
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    object.propertyStream().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    object.removeAll();
    boolean[] done = new boolean[1];
    entries.forEach(
        (key, each) -> {
          if (!done[0] && order.indexOf(key) > rank) {
            object.set(name, value);
            done[0] = true;
          }
          object.set(key, each);
        });
    if (!done[0]) {
      object.set(name, value);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpecDraft draft && root.equals(draft.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }
}
