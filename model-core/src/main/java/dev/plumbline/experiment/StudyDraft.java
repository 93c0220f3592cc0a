package dev.plumbline.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A grid over one spec that is being written: keys of the spec that get several values each. Its
 * text is a study file as {@link StudyPlan} reads it.
 *
 * @param base the spec
 * @param axes the keys and their levels
 */
public record StudyDraft(SpecDraft base, List<Axis> axes) {
  public StudyDraft {
    axes = List.copyOf(axes);
  }

  /**
   * A key with several values.
   *
   * @param path of a single value in the spec: {@code rlhf.lambda_kl}, or {@code seed}
   * @param levels its values, as they are written
   */
  public record Axis(String path, List<String> levels) {
    public Axis {
      levels = List.copyOf(levels);
    }

    /** Levels from a line: with commas between, and {@code 1..5} for whole numbers in a row. */
    public static Axis of(String path, String line) {
      List<String> levels = new ArrayList<>();
      for (String part : List.of(line.split(",", -1))) {
        String level = part.strip();
        int dots = level.indexOf("..");
        if (dots > 0 && level.matches("\\d{1,6}\\.\\.\\d{1,6}")) {
          int to = Integer.parseInt(level.substring(dots + 2));
          for (int i = Integer.parseInt(level.substring(0, dots)); i <= to; i++) {
            if (levels.size() < 1000) {
              levels.add(Integer.toString(i));
            }
          }
        } else if (!level.isEmpty()) {
          levels.add(level);
        }
      }
      return new Axis(path, levels);
    }
  }

  /** How many runs it comes to. */
  public long runs() {
    return axes.stream()
        .mapToLong(axis -> axis.levels().size())
        .reduce(1, (a, b) -> Math.min(1_000_000_000L, a * b));
  }

  /** The text of the study file. */
  public String yaml() {
    SpecDraft spec = base.without("name");
    Map<String, List<String>> named = new LinkedHashMap<>();
    Set<String> used = new HashSet<>();
    for (Axis axis : axes) {
      String name = name(axis.path(), used);
      named.put(name, axis.levels());
      spec = spec.with(axis.path(), SpecForm.Kind.TEXT, "${" + name + "}");
    }
    String name = base.text("name").isBlank() ? "study" : base.text("name");
    return SpecDraft.study(name, role(), named, spec);
  }

  /** What the runs are called before their levels: a word, because references are made of it. */
  private String role() {
    String role =
        base.text("name")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return role.isEmpty() || role.length() > 40 ? "run" : role;
  }

  /** The last part of a path; more of it where two axes end alike. */
  private static String name(String path, Set<String> used) {
    List<String> parts = List.of(path.replaceAll("[^A-Za-z0-9_.]+", "_").split("\\.", -1));
    for (int from = parts.size() - 1; from >= 0; from--) {
      String name = String.join("_", parts.subList(from, parts.size()));
      if (used.add(name)) {
        return name;
      }
    }
    String name = "axis" + used.size();
    used.add(name);
    return name;
  }
}
