package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads study files. A file is either a list of spec files, which go one after the other, or a
 * grid: axes with levels, and runs over some of the axes.
 */
final class StudyReader {
  private static final List<String> HEAD =
      List.of(
          "name", "title", "figures", "minutes", "settings", "axes", "runs", "analysis", "specs");
  private static final List<String> RUN = List.of("role", "over", "spec", "where");
  private static final String WORD = "[A-Za-z_][A-Za-z0-9_]*";

  /** More are a mistake: a grid grows by multiplication. */
  private static final int MOST_RUNS = 5000;

  private final Path file;

  StudyReader(Path file) {
    this.file = file;
  }

  /**
   * A level of an axis.
   *
   * @param name what it is known by
   * @param sets the placeholders that it sets
   */
  private record Level(String name, Map<String, SpecNode> sets) {}

  /**
   * An axis.
   *
   * @param named whether its levels have names of their own; else a value is its own name
   */
  private record Axis(String name, int line, boolean named, List<Level> levels) {
    Level level(String level) {
      return levels.stream().filter(each -> each.name().equals(level)).findFirst().orElseThrow();
    }

    List<String> names() {
      return levels.stream().map(Level::name).toList();
    }

    Set<String> placeholders() {
      return levels.stream()
          .flatMap(level -> level.sets().keySet().stream())
          .collect(Collectors.toSet());
    }
  }

  /** An entry of {@code runs}. */
  private record Entry(
      int line,
      String role,
      List<Axis> over,
      SpecNode.Field spec,
      List<Map<String, String>> combinations) {}

  // -------------------------------------------------------------------------------------- head

  StudyPlan.About about() {
    return about(SpecParser.parse(file));
  }

  StudyPlan.About about(SpecNode root) {
    String stem = String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
    if (!(root instanceof SpecNode.Fields fields)) {
      return new StudyPlan.About(stem, "", "", Double.NaN, "");
    }
    for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
      if (!HEAD.contains(entry.getKey())) {
        throw error(
            entry.getValue().line(),
            "unknown key '%s' in a study%s"
                .formatted(entry.getKey(), SpecReader.suggestion(entry.getKey(), HEAD)));
      }
    }
    String name = text(fields, "name", stem);
    if (name.isBlank()) {
      throw error(line(fields, "name"), "name: a study needs a name; give one, or leave name out");
    }
    return new StudyPlan.About(
        name.strip(),
        text(fields, "title", ""),
        text(fields, "figures", ""),
        minutes(fields),
        text(fields, "analysis", ""));
  }

  private String text(SpecNode.Fields fields, String key, String fallback) {
    SpecNode.Field field = fields.fields().get(key);
    if (field == null) {
      return fallback;
    }
    if (field.value() instanceof SpecNode.Scalar scalar) {
      return scalar.text();
    }
    throw error(field.line(), key + ": text is needed, and here is " + field.value().describe());
  }

  private double minutes(SpecNode.Fields fields) {
    SpecNode.Field field = fields.fields().get("minutes");
    if (field == null) {
      return Double.NaN;
    }
    try {
      if (field.value() instanceof SpecNode.Scalar scalar) {
        return Double.parseDouble(scalar.text());
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw error(
        field.line(), "minutes: a number is needed, and here is " + field.value().describe());
  }

  StudyPlan read(Map<String, String> values) {
    return read(SpecParser.parse(file), values);
  }

  StudyPlan read(SpecNode root, Map<String, String> values) {
    StudyPlan.About about = about(root);
    if (!(root instanceof SpecNode.Fields fields)) {
      return new StudyPlan(about, list(root, about, values));
    }
    SpecNode.Field specs = fields.fields().get("specs");
    SpecNode.Field runs = fields.fields().get("runs");
    if (specs != null && runs != null) {
      throw error(specs.line(), "'specs' beside 'runs'; a study has a list or a grid, keep one");
    }
    if (specs != null) {
      for (String key : List.of("axes", "settings")) {
        if (fields.fields().containsKey(key)) {
          throw error(line(fields, key), "'" + key + "' is for a grid; a list of specs has none");
        }
      }
      return new StudyPlan(about, list(specs.value(), about, values));
    }
    if (runs == null) {
      throw error(1, "a study needs 'runs', or 'specs' with a list of spec files; add one");
    }
    return new StudyPlan(about, grid(fields, runs, about, values));
  }

  // -------------------------------------------------------------------------------------- list

  /** A list of spec files; each waits for the one before it. */
  private List<StudyPlan.Member> list(
      SpecNode list, StudyPlan.About about, Map<String, String> values) {
    if (!(list instanceof SpecNode.Items items) || items.items().isEmpty()) {
      throw error(
          list.line(),
          "a list of spec files is needed, and here is "
              + (list instanceof SpecNode.Items ? "an empty one" : list.describe()));
    }
    Map<String, SpecNode> given = new LinkedHashMap<>();
    values.forEach((name, value) -> given.put(name, SpecPlaceholders.given(name, value)));
    Set<String> asked = new TreeSet<>();
    List<StudyPlan.Member> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    String before = "";
    for (SpecNode item : items.items()) {
      if (!(item instanceof SpecNode.Scalar scalar)) {
        throw error(
            item.line(), "the path of a spec file is needed, and here is " + item.describe());
      }
      Path path = file.toAbsolutePath().resolveSibling(scalar.text()).normalize();
      SpecPlaceholders placeholders = new SpecPlaceholders(path, given);
      ExperimentSpec spec = SpecReader.read(path, placeholders.fill(SpecParser.parse(path)));
      asked.addAll(placeholders.asked());
      if (!names.add(spec.name())) {
        throw error(item.line(), "a second spec is named '%s'; rename one".formatted(spec.name()));
      }
      members.add(
          new StudyPlan.Member(
              tagged(spec, about),
              spec.name(),
              Map.of(),
              before.isEmpty() ? List.of() : List.of(before)));
      before = spec.name();
    }
    requireAsked(values.keySet(), asked);
    return members;
  }

  /** The study's name becomes a tag of each run, so that they can be found together. */
  private static ExperimentSpec tagged(ExperimentSpec spec, StudyPlan.About about) {
    List<String> tags =
        Stream.concat(spec.tags().stream(), Stream.of(about.name())).distinct().toList();
    return new ExperimentSpec(spec.name(), spec.seed(), tags, spec.notes(), spec.settings());
  }

  private void requireAsked(Collection<String> given, Set<String> asked) {
    for (String name : given) {
      if (!asked.contains(name)) {
        throw new UserError(
            "%s asks for no value of '%s'%s"
                .formatted(
                    file,
                    name,
                    asked.isEmpty()
                        ? "; it has no ${NAME} at all"
                        : "; it asks for " + String.join(", ", asked)));
      }
    }
  }

  // -------------------------------------------------------------------------------------- grid

  private List<StudyPlan.Member> grid(
      SpecNode.Fields root,
      SpecNode.Field runs,
      StudyPlan.About about,
      Map<String, String> values) {
    Map<String, SpecNode> settings = settings(root);
    Map<String, String> ofAxes = new LinkedHashMap<>();
    SpecNode.Fields axisFields = group(root, "axes");
    values.forEach(
        (name, value) -> {
          if (axisFields.fields().containsKey(name)) {
            ofAxes.put(name, value);
          } else {
            settings.put(name, SpecPlaceholders.given(name, value));
          }
        });
    SpecPlaceholders inAxes = new SpecPlaceholders(file, settings);
    Map<String, Axis> axes = new LinkedHashMap<>();
    axisFields
        .fields()
        .forEach(
            (name, field) -> {
              String text = ofAxes.get(name);
              boolean whole = text != null && SpecPlaceholders.isStructure(text.strip());
              SpecNode levels =
                  text != null && whole ? SpecPlaceholders.given(name, text) : field.value();
              axes.put(
                  name, chosen(axis(name, field.line(), inAxes.fill(levels)), whole ? null : text));
            });
    List<Entry> entries = entries(runs, axes);
    Set<String> used = new HashSet<>();
    entries.forEach(entry -> entry.over().forEach(axis -> used.add(axis.name())));
    for (Axis axis : axes.values()) {
      if (!used.contains(axis.name())) {
        throw error(
            axis.line(),
            "axis '" + axis.name() + "': no run is over it; remove it or add it to an over");
      }
    }
    Members members = new Members();
    entries.forEach(members::add);
    Set<String> asked = new TreeSet<>(inAxes.asked());
    List<StudyPlan.Member> planned = new ArrayList<>();
    for (Entry entry : entries) {
      planned.addAll(planned(entry, settings, members, about, asked));
    }
    Set<String> ofOutside = new LinkedHashSet<>(values.keySet());
    ofOutside.removeAll(axes.keySet());
    requireAsked(ofOutside, asked);
    group(root, "settings")
        .fields()
        .forEach(
            (name, field) -> {
              if (!asked.contains(name)) {
                throw error(
                    field.line(),
                    "settings: no run asks for ${%s}%s"
                        .formatted(name, SpecReader.suggestion(name, asked)));
              }
            });
    return sorted(planned, runs.line());
  }

  private SpecNode.Fields group(SpecNode.Fields root, String key) {
    SpecNode.Field field = root.fields().get(key);
    if (field == null) {
      return new SpecNode.Fields(1, Map.of());
    }
    if (field.value() instanceof SpecNode.Fields fields) {
      return fields;
    }
    throw error(
        field.line(), key + ": a group of keys is needed, and here is " + field.value().describe());
  }

  private Map<String, SpecNode> settings(SpecNode.Fields root) {
    Map<String, SpecNode> settings = new LinkedHashMap<>();
    group(root, "settings")
        .fields()
        .forEach(
            (name, field) -> {
              requireWord("settings", name, field.line());
              settings.put(name, field.value());
            });
    return settings;
  }

  private void requireWord(String where, String name, int line) {
    if (!name.matches(WORD)) {
      throw error(
          line,
          "%s: '%s' cannot be asked for as ${...}; use letters, digits and _"
              .formatted(where, name));
    }
  }

  private Axis axis(String name, int line, SpecNode value) {
    requireWord("axes", name, line);
    List<Level> levels = new ArrayList<>();
    boolean named = value instanceof SpecNode.Fields;
    switch (value) {
      case SpecNode.Fields fields ->
          fields.fields().forEach((level, field) -> levels.add(level(name, level, field)));
      case SpecNode.Items items -> {
        for (SpecNode item : items.items()) {
          if (!(item instanceof SpecNode.Scalar scalar) || scalar.text().isBlank()) {
            throw error(
                item.line(),
                "axis '%s': each level is one value, and here is %s; give levels names for more"
                    .formatted(name, item.describe()));
          }
          levels.add(new Level(scalar.text().strip(), Map.of(name, scalar)));
        }
      }
      case SpecNode.Scalar scalar ->
          throw error(
              line,
              "axis '%s': a list of levels is needed, and here is %s"
                  .formatted(name, scalar.describe()));
    }
    Set<String> names = new HashSet<>();
    for (Level level : levels) {
      if (!names.add(level.name())) {
        throw error(line, "axis '%s': level %s stands twice".formatted(name, level.name()));
      }
      if (level.name().matches(".*[,\\[\\]=*].*")) {
        throw error(
            line,
            "axis '%s': level '%s' holds one of , [ ] = *; give it a name without"
                .formatted(name, level.name()));
      }
    }
    if (levels.isEmpty()) {
      throw error(line, "axis '" + name + "' has no levels; add one");
    }
    return new Axis(name, line, named, List.copyOf(levels));
  }

  /** A level with a name: a group of placeholders, or one value for the axis's own. */
  private Level level(String axis, String name, SpecNode.Field field) {
    Map<String, SpecNode> sets = new LinkedHashMap<>();
    if (field.value() instanceof SpecNode.Fields group) {
      sets.put(axis, new SpecNode.Scalar(field.line(), SpecNode.Kind.TEXT, name));
      group
          .fields()
          .forEach(
              (placeholder, value) -> {
                requireWord("axis '" + axis + "', level " + name, placeholder, value.line());
                sets.put(placeholder, value.value());
              });
    } else {
      sets.put(axis, field.value());
    }
    return new Level(name, Map.copyOf(sets));
  }

  /** The axis with the levels that were asked for from outside. */
  private static Axis chosen(Axis axis, @Nullable String asked) {
    if (asked == null) {
      return axis;
    }
    List<Level> levels = new ArrayList<>();
    for (String part : List.of(asked.split(",", -1))) {
      String name = part.strip();
      if (!axis.named() && !name.isEmpty()) {
        levels.add(new Level(name, Map.of(axis.name(), SpecPlaceholders.scalar(1, name))));
      } else if (axis.names().contains(name)) {
        levels.add(axis.level(name));
      } else {
        throw new UserError(
            "--set %s=%s: '%s' is no level; they are %s"
                .formatted(axis.name(), asked, name, String.join(", ", axis.names())));
      }
    }
    return new Axis(axis.name(), axis.line(), axis.named(), levels.stream().distinct().toList());
  }

  private List<Entry> entries(SpecNode.Field runs, Map<String, Axis> axes) {
    if (!(runs.value() instanceof SpecNode.Items items) || items.items().isEmpty()) {
      throw error(
          runs.line(),
          "runs: a list is needed, and here is "
              + (runs.value() instanceof SpecNode.Items
                  ? "an empty one"
                  : runs.value().describe()));
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> roles = new HashSet<>();
    for (SpecNode item : items.items()) {
      if (!(item instanceof SpecNode.Fields fields)) {
        throw error(
            item.line(),
            "runs: each is a group of role, over and spec, and here is " + item.describe());
      }
      fields
          .fields()
          .forEach(
              (key, field) -> {
                if (!RUN.contains(key)) {
                  throw error(
                      field.line(),
                      "unknown key '%s' in runs%s".formatted(key, SpecReader.suggestion(key, RUN)));
                }
              });
      SpecNode.Field role = fields.fields().get("role");
      SpecNode.Field spec = fields.fields().get("spec");
      if (role == null || spec == null) {
        throw error(
            item.line(),
            "key '%s' is missing in runs; add it".formatted(role == null ? "role" : "spec"));
      }
      String name = role.value() instanceof SpecNode.Scalar scalar ? scalar.text() : "";
      if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,39}")) {
        throw error(
            role.line(), "role: '" + name + "' will not do; use 1 to 40 letters, digits and . _ -");
      }
      if (!roles.add(name)) {
        throw error(role.line(), "a second role '" + name + "'; rename one");
      }
      List<Axis> over = over(fields, axes);
      entries.add(
          new Entry(item.line(), name, over, spec, combinations(over, where(fields, over))));
    }
    return entries;
  }

  private List<Axis> over(SpecNode.Fields fields, Map<String, Axis> axes) {
    SpecNode.Field field = fields.fields().get("over");
    if (field == null) {
      return List.of();
    }
    List<Axis> over = new ArrayList<>();
    for (SpecNode item : each(field.value())) {
      String name = item instanceof SpecNode.Scalar scalar ? scalar.text() : item.describe();
      Axis axis = axes.get(name);
      if (axis == null) {
        throw error(
            field.line(),
            "over: no axis '%s'; %s"
                .formatted(
                    name,
                    axes.isEmpty()
                        ? "the study has no axes"
                        : "the axes are " + String.join(", ", axes.keySet())));
      }
      for (Axis other : over) {
        for (String placeholder : axis.placeholders()) {
          if (other.placeholders().contains(placeholder)) {
            throw error(
                field.line(),
                "over: axes '%s' and '%s' both set %s; a run can be over one of them"
                    .formatted(other.name(), name, placeholder));
          }
        }
      }
      over.add(axis);
    }
    return List.copyOf(over);
  }

  private Map<String, Set<String>> where(SpecNode.Fields fields, List<Axis> over) {
    SpecNode.Field field = fields.fields().get("where");
    if (field == null) {
      return Map.of();
    }
    if (!(field.value() instanceof SpecNode.Fields limits)) {
      throw error(
          field.line(),
          "where: axes with levels are needed, and here is " + field.value().describe());
    }
    Map<String, Set<String>> where = new HashMap<>();
    limits
        .fields()
        .forEach(
            (name, limit) -> {
              Axis axis =
                  over.stream()
                      .filter(each -> each.name().equals(name))
                      .findFirst()
                      .orElseThrow(
                          () ->
                              error(
                                  limit.line(), "where: the run is not over '%s'".formatted(name)));
              Set<String> levels = new LinkedHashSet<>();
              for (SpecNode item : each(limit.value())) {
                String level = item instanceof SpecNode.Scalar scalar ? scalar.text() : "";
                if (!axis.names().contains(level)) {
                  throw error(limit.line(), "where: " + noLevel(axis, level));
                }
                levels.add(level);
              }
              where.put(name, levels);
            });
    return where;
  }

  private static String noLevel(Axis axis, String level) {
    return "axis '%s' has no level '%s'; it has %s"
        .formatted(axis.name(), level, String.join(", ", axis.names()));
  }

  private static List<SpecNode> each(SpecNode node) {
    return node instanceof SpecNode.Items items ? items.items() : List.of(node);
  }

  /** The product of the levels, the first axis the slowest. */
  private List<Map<String, String>> combinations(List<Axis> over, Map<String, Set<String>> where) {
    List<Map<String, String>> all = List.of(Map.of());
    for (Axis axis : over) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> one : all) {
        for (Level level : axis.levels()) {
          if (where.getOrDefault(axis.name(), Set.copyOf(axis.names())).contains(level.name())) {
            Map<String, String> more = new LinkedHashMap<>(one);
            more.put(axis.name(), level.name());
            longer.add(more);
          }
        }
      }
      if (longer.size() > MOST_RUNS) {
        throw error(
            axis.line(), "more than " + MOST_RUNS + " runs of one role; make the grid smaller");
      }
      all = longer;
    }
    return all;
  }

  // ------------------------------------------------------------------------------------- specs

  /** The members of a study by role and levels. */
  private final class Members {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();

    void add(Entry entry) {
      entries.put(entry.role(), entry);
      for (Map<String, String> levels : entry.combinations()) {
        String name = name(entry, levels);
        if (name.length() > 80) {
          throw error(
              entry.line(),
              "the run's name '" + name + "' is over 80 letters; give levels shorter names");
        }
        if (!names.add(name)) {
          throw error(entry.line(), "two runs are named '" + name + "'; rename a role or a level");
        }
      }
    }

    String name(Entry entry, Map<String, String> levels) {
      StringBuilder name = new StringBuilder(entry.role());
      for (Axis axis : entry.over()) {
        name.append('-').append(axis.named() ? "" : axis.name()).append(levels.get(axis.name()));
      }
      return name.toString().replaceAll("[^\\p{L}\\p{N} ._+-]+", "-");
    }
  }

  private List<StudyPlan.Member> planned(
      Entry entry,
      Map<String, SpecNode> settings,
      Members members,
      StudyPlan.About about,
      Set<String> asked) {
    Path path = file;
    SpecNode tree = entry.spec().value();
    if (tree instanceof SpecNode.Scalar scalar) {
      path = file.toAbsolutePath().resolveSibling(scalar.text()).normalize();
      tree = SpecParser.parse(path);
    }
    if (!(tree instanceof SpecNode.Fields)) {
      throw error(
          entry.spec().line(),
          "spec: a spec or the path of one is needed, and here is " + tree.describe());
    }
    if (path.equals(file)
        && tree instanceof SpecNode.Fields fields
        && fields.fields().containsKey("name")) {
      throw error(
          line(fields, "name"), "name: runs of a grid are named by role and levels; leave it out");
    }
    List<StudyPlan.Member> planned = new ArrayList<>();
    Set<String> matters = new HashSet<>();
    for (Map<String, String> levels : entry.combinations()) {
      Map<String, SpecNode> values = new LinkedHashMap<>(settings);
      for (Axis axis : entry.over()) {
        values.putAll(axis.level(String.valueOf(levels.get(axis.name()))).sets());
      }
      SpecPlaceholders placeholders = new SpecPlaceholders(path, values);
      StudyReferences references = new StudyReferences(path, levels, role -> target(members, role));
      SpecNode.Fields filled = (SpecNode.Fields) references.resolve(placeholders.fill(tree));
      asked.addAll(placeholders.asked());
      for (Axis axis : entry.over()) {
        if (axis.placeholders().stream().anyMatch(placeholders.asked()::contains)
            || references.matching().contains(axis.name())) {
          matters.add(axis.name());
        }
      }
      ExperimentSpec spec = SpecReader.read(path, named(filled, members.name(entry, levels)));
      planned.add(
          new StudyPlan.Member(
              tagged(spec, about), entry.role(), levels, List.copyOf(references.names())));
    }
    for (Axis axis : entry.over()) {
      if (axis.levels().size() > 1 && !planned.isEmpty() && !matters.contains(axis.name())) {
        throw error(
            entry.line(),
            ("role '%s' is over '%s', but its spec asks for nothing that the axis sets and names no"
                    + " run that is over it; its runs would all be the same")
                .formatted(entry.role(), axis.name()));
      }
    }
    return planned;
  }

  private static SpecNode.Fields named(SpecNode.Fields spec, String name) {
    Map<String, SpecNode.Field> fields = new LinkedHashMap<>(spec.fields());
    fields.put(
        "name",
        new SpecNode.Field(
            spec.line(), new SpecNode.Scalar(spec.line(), SpecNode.Kind.TEXT, name)));
    return new SpecNode.Fields(spec.line(), fields);
  }

  /** What a reference can mean by a role; empty where there is no such role. */
  private Optional<StudyReferences.Target> target(Members members, String role) {
    Entry entry = members.entries.get(role);
    if (entry == null) {
      return Optional.empty();
    }
    Map<String, List<String>> axes = new LinkedHashMap<>();
    entry.over().forEach(axis -> axes.put(axis.name(), axis.names()));
    Map<Map<String, String>, String> names = new LinkedHashMap<>();
    entry.combinations().forEach(levels -> names.put(levels, members.name(entry, levels)));
    return Optional.of(new StudyReferences.Target(axes, names));
  }

  /** The members so that each stands behind those that it waits for, else in the file's order. */
  private List<StudyPlan.Member> sorted(List<StudyPlan.Member> members, int line) {
    List<StudyPlan.Member> left = new ArrayList<>(members);
    List<StudyPlan.Member> sorted = new ArrayList<>();
    Set<String> done = new HashSet<>();
    while (!left.isEmpty()) {
      List<StudyPlan.Member> ready =
          left.stream().filter(member -> done.containsAll(member.after())).toList();
      if (ready.isEmpty()) {
        throw error(
            line,
            "these runs wait for each other: "
                + left.stream()
                    .limit(4)
                    .map(
                        member ->
                            member.spec().name() + " for " + String.join(" and ", member.after()))
                    .collect(Collectors.joining(", "))
                + "; take one reference out");
      }
      sorted.addAll(ready);
      ready.forEach(member -> done.add(member.spec().name()));
      left.removeAll(ready);
    }
    return sorted;
  }

  private static int line(SpecNode.Fields fields, String key) {
    SpecNode.Field field = fields.fields().get(key);
    return field == null ? fields.line() : field.line();
  }

  private UserError error(int line, String message) {
    return new UserError(file + ":" + line + ": " + message);
  }
}
