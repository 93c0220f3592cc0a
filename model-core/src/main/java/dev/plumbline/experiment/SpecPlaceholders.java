package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private final Map<String, String> values;
  private final Set<String> asked = new TreeSet<>();

  private SpecPlaceholders(Path file, Map<String, String> values) {
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
    SpecPlaceholders placeholders = new SpecPlaceholders(file, values);
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

  private SpecNode fill(SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar -> scalar(scalar);
      case SpecNode.Items items ->
          new SpecNode.Items(items.line(), items.items().stream().map(this::fill).toList());
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

  private SpecNode.Scalar scalar(SpecNode.Scalar scalar) {
    Matcher matcher = PLACEHOLDER.matcher(scalar.text());
    if (scalar.kind() != SpecNode.Kind.TEXT || !matcher.find()) {
      return scalar;
    }
    matcher.reset();
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      asked.add(name);
      String value = values.get(name);
      if (value == null) {
        value = matcher.group(2);
      }
      if (value == null) {
        throw new UserError(
            "%s:%d: ${%s} has no value; give one with --set %s=VALUE"
                .formatted(file, scalar.line(), name, name));
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(text);
    boolean number = NUMBER.matcher(text).matches();
    return new SpecNode.Scalar(
        scalar.line(), number ? SpecNode.Kind.NUMBER : SpecNode.Kind.TEXT, text.toString());
  }
}
