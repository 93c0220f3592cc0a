package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * References of one run of a study to others. {@code run:ROLE} is the run of that role that has the
 * same level on every axis that both are over; {@code run:ROLE[axis=level, ...]} names levels
 * itself, and {@code *} for a level means all of them, in a list only. {@code @STEP} may follow.
 */
final class StudyReferences {
  private static final Pattern FORM =
      Pattern.compile("run:([^@/\\\\\\[\\]]+?)\\s*(?:\\[([^\\]]*)])?(@\\d{1,18})?");

  private final Path file;
  private final Map<String, String> levels;
  private final Function<String, Optional<Target>> roles;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> matching = new HashSet<>();

  /**
   * A role that is referred to.
   *
   * @param axes the axes that it is over, with their levels
   * @param names the names of its runs by their levels
   */
  record Target(Map<String, List<String>> axes, Map<Map<String, String>, String> names) {}

  /**
   * References of one run.
   *
   * @param file where it stands, for errors
   * @param levels the run's own levels
   * @param roles the study's roles; others are runs outside of it
   */
  StudyReferences(Path file, Map<String, String> levels, Function<String, Optional<Target>> roles) {
    this.file = file;
    this.levels = levels;
    this.roles = roles;
  }

  /** Names of the study's runs that were referred to. */
  Set<String> names() {
    return names;
  }

  /** The run's axes whose level has decided which run was meant. */
  Set<String> matching() {
    return matching;
  }

  /** The same tree with references to roles replaced by {@code run:NAME}. */
  SpecNode resolve(SpecNode node) {
    return switch (node) {
      case SpecNode.Scalar scalar -> one(scalar);
      case SpecNode.Items items -> {
        List<SpecNode> all = new ArrayList<>();
        for (SpecNode item : items.items()) {
          if (item instanceof SpecNode.Scalar scalar) {
            all.addAll(found(scalar));
          } else {
            all.add(resolve(item));
          }
        }
        yield new SpecNode.Items(items.line(), List.copyOf(all));
      }
      case SpecNode.Fields fields -> {
        Map<String, SpecNode.Field> resolved = new LinkedHashMap<>();
        fields
            .fields()
            .forEach(
                (key, field) ->
                    resolved.put(key, new SpecNode.Field(field.line(), resolve(field.value()))));
        yield new SpecNode.Fields(fields.line(), resolved);
      }
    };
  }

  private SpecNode one(SpecNode.Scalar scalar) {
    List<SpecNode.Scalar> found = found(scalar);
    if (found.size() != 1) {
      throw error(
          scalar,
          "'%s' means %d runs, and one is needed here".formatted(scalar.text(), found.size()));
    }
    return found.getFirst();
  }

  private List<SpecNode.Scalar> found(SpecNode.Scalar scalar) {
    String text = scalar.text().strip();
    if (!text.startsWith(RunReference.PREFIX)) {
      return List.of(scalar);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      if (text.contains("[")) {
        throw error(
            scalar, "'" + text + "' is not of the form run:ROLE[axis=level] or run:ROLE[...]@STEP");
      }
      return List.of(scalar);
    }
    String role = form.group(1);
    Optional<Target> target = roles.apply(role);
    if (target.isEmpty()) {
      if (form.group(2) != null) {
        throw error(scalar, "'" + text + "': the study has no role '" + role + "'");
      }
      return List.of(scalar); // a run outside the study
    }
    Map<String, String> given = given(scalar, text, form.group(2), target.get());
    boolean all = given.containsValue("*");
    Map<String, String> wanted = new HashMap<>();
    for (String axis : target.get().axes().keySet()) {
      String level = given.containsKey(axis) ? given.get(axis) : levels.get(axis);
      if (!given.containsKey(axis) && level != null) {
        matching.add(axis);
      }
      if (level != null && !level.equals("*")) {
        wanted.put(axis, level);
      }
    }
    List<String> found =
        target.get().names().entrySet().stream()
            .filter(run -> run.getKey().entrySet().containsAll(wanted.entrySet()))
            .map(Map.Entry::getValue)
            .toList();
    String described =
        wanted.entrySet().stream()
            .map(level -> level.getKey() + "=" + level.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
    if (found.isEmpty()) {
      throw error(scalar, "'%s': no run of role '%s' has %s".formatted(text, role, described));
    }
    if (found.size() > 1 && !all) {
      String open =
          target.get().axes().keySet().stream()
              .filter(axis -> !wanted.containsKey(axis))
              .findFirst()
              .orElseThrow();
      throw error(
          scalar,
          "'%s' could be any of %d runs, because '%s' is over '%s' too; say which: run:%s[%s=%s]"
              .formatted(
                  text,
                  found.size(),
                  role,
                  open,
                  role,
                  open,
                  target.get().axes().getOrDefault(open, List.of("")).getFirst()));
    }
    String step = form.group(3) == null ? "" : form.group(3);
    names.addAll(found);
    return found.stream()
        .map(
            name ->
                new SpecNode.Scalar(
                    scalar.line(), SpecNode.Kind.TEXT, RunReference.PREFIX + name + step))
        .toList();
  }

  /** The levels between the brackets. */
  private Map<String, String> given(
      SpecNode.Scalar scalar, String text, @Nullable String brackets, Target target) {
    Map<String, String> given = new HashMap<>();
    if (brackets == null) {
      return given;
    }
    for (String part : List.of(brackets.split(",", -1))) {
      int equals = part.indexOf('=');
      String axis = part.substring(0, Math.max(0, equals)).strip();
      String level = part.substring(equals + 1).strip();
      if (equals < 0 || !target.axes().containsKey(axis)) {
        throw error(
            scalar,
            "'%s': '%s' names no axis of that role; %s"
                .formatted(
                    text,
                    part.strip(),
                    target.axes().isEmpty()
                        ? "it is over none"
                        : "write axis=level with " + String.join(", ", target.axes().keySet())));
      }
      List<String> known = target.axes().getOrDefault(axis, List.of());
      if (!level.equals("*") && !known.contains(level)) {
        throw error(
            scalar,
            "'%s': axis '%s' has no level '%s'; it has %s"
                .formatted(text, axis, level, String.join(", ", known)));
      }
      given.put(axis, level);
    }
    return given;
  }

  private UserError error(SpecNode.Scalar scalar, String message) {
    return new UserError(file + ":" + scalar.line() + ": " + message);
  }
}
