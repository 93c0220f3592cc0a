package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fills {@code ${NAME}} in the texts of a spec, so that one spec serves data that lies elsewhere on
 * each machine. {@code ${NAME:-VALUE}} has a value of its own where none is given.
 */
final class SpecPlaceholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private final Path file;
  private final Map<String, SpecNode> values;
  private final Set<String> asked = new TreeSet<>();

  /**
   * Placeholders of a spec in a file.
   *
   * @param values what stands for each; one that is no scalar stands for a whole value only
   */
  SpecPlaceholders(Path file, Map<String, SpecNode> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * The same tree with its placeholders filled.
   *
   * @throws UserError naming file and line of a placeholder without a value, or a value that no
   *     placeholder asks for
   */
  static SpecNode fill(Path file, SpecNode root, Map<String, String> values) {
    Map<String, SpecNode> nodes = new LinkedHashMap<>();
    values.forEach((name, value) -> nodes.put(name, given(name, value)));
    SpecPlaceholders placeholders = new SpecPlaceholders(file, nodes);
    SpecNode filled = placeholders.fill(root);
    for (String name : values.keySet()) {
      if (!placeholders.asked.contains(name)) {
        throw new UserError(
            "%s asks for no value of '%s'%s"
                .formatted(
                    file,
                    name,
                    placeholders.asked.isEmpty()
                        ? "; it has no ${NAME} at all"
                        : "; it asks for " + String.join(", ", placeholders.asked)));
      }
    }
    return filled;
  }

  /** The names that were asked for, with a value of their own or without. */
  Set<String> asked() {
    return asked;
  }

  /** Whether a value that was given from outside is a list or a group in YAML's flow style. */
  static boolean isStructure(String text) {
    return text.startsWith("[") || text.startsWith("{");
  }

  /**
   * A value that was given from outside: a list or a group, or the text of a scalar.
   *
   * @throws UserError where a list or group does not end
   */
  static SpecNode given(String name, String text) {
    String value = text.strip();
    return isStructure(value)
        ? at(1, SpecParser.flow(Path.of("--set " + name), value))
        : scalar(1, text);
  }

  /** A value that was given as text. */
  static SpecNode.Scalar scalar(int line, String text) {
    SpecNode.Kind kind =
        NUMBER.matcher(text).matches()
            ? SpecNode.Kind.NUMBER
            : text.equals("true") || text.equals("false")
                ? SpecNode.Kind.TRUTH
                : SpecNode.Kind.TEXT;
    return new SpecNode.Scalar(line, kind, text);
  }

  /** The same tree with its placeholders filled. */
  SpecNode fill(SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar -> scalar(scalar);
      case SpecNode.Items items ->
          new SpecNode.Items(items.line(), items.items().stream().flatMap(this::items).toList());
      case SpecNode.Fields fields -> {
        Map<String, SpecNode.Field> filled = new LinkedHashMap<>();
        fields
            .fields()
            .forEach(
                (key, field) ->
                    filled.put(key, new SpecNode.Field(field.line(), fill(field.value()))));
        yield new SpecNode.Fields(fields.line(), filled);
      }
    };
  }

  /** An item of a list; one that is a placeholder of a list becomes all items of that list. */
  private Stream<SpecNode> items(SpecNode item) {
    SpecNode filled = fill(item);
    return item instanceof SpecNode.Scalar && filled instanceof SpecNode.Items list
        ? list.items().stream()
        : Stream.of(filled);
  }

  private SpecNode scalar(SpecNode.Scalar scalar) {
    Matcher matcher = PLACEHOLDER.matcher(scalar.text());
    if (scalar.kind() != SpecNode.Kind.TEXT || !matcher.find()) {
      return scalar;
    }
    if (matcher.start() == 0 && matcher.end() == scalar.text().length()) {
      SpecNode whole = values.get(matcher.group(1));
      if (whole != null && !(whole instanceof SpecNode.Scalar)) {
        asked.add(matcher.group(1));
        return at(scalar.line(), whole);
      }
    }
    matcher.reset();
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      asked.add(name);
      SpecNode given = values.get(name);
      String value = matcher.group(2);
      if (given instanceof SpecNode.Scalar one) {
        value = one.text();
      } else if (given != null) {
        throw new UserError(
            "%s:%d: ${%s} is %s and cannot stand inside a text; let it be the whole value"
                .formatted(file, scalar.line(), name, given.describe()));
      }
      if (value == null) {
        throw new UserError(
            "%s:%d: ${%s} has no value; give one with --set %s=VALUE"
                .formatted(file, scalar.line(), name, name));
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(text);
    return scalar(scalar.line(), text.toString());
  }

  /** The same value as if it stood on one line, so that errors name the place that asks for it. */
  private static SpecNode at(int line, SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar -> new SpecNode.Scalar(line, scalar.kind(), scalar.text());
      case SpecNode.Items items ->
          new SpecNode.Items(line, items.items().stream().map(item -> at(line, item)).toList());
      case SpecNode.Fields fields -> {
        Map<String, SpecNode.Field> moved = new LinkedHashMap<>();
        fields
            .fields()
            .forEach(
                (key, field) -> moved.put(key, new SpecNode.Field(line, at(line, field.value()))));
        yield new SpecNode.Fields(line, moved);
      }
    };
  }
}
