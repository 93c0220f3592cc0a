package dev.plumbline.experiment;

import dev.plumbline.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a study file says, read and checked: each run that it comes to, with its placeholders filled
 * and its references to other runs of the study turned into their names.
 *
 * @param about name, title and the rest that is for people
 * @param members the runs; each stands behind those that it builds on
 */
public record StudyPlan(About about, List<Member> members) {
  public StudyPlan {
    members = List.copyOf(members);
  }

  /**
   * What a study is about.
   *
   * @param name short name
   * @param title one line, or empty
   * @param figures figures of the paper that it stands beside, such as {@code 7, 31, 32}; another
   *     place of it, such as {@code appendix A.2}; or empty
   * @param minutes how long it takes on two cores, as was measured; NaN where nobody has
   * @param analysis name of the analysis at its end, or empty
   */
  public record About(String name, String title, String figures, double minutes, String analysis) {
    /** Where in the paper that is: "figure 14", "figures 7, 31, 32", or as it stands. */
    public String place() {
      return place(figures);
    }

    /** The same of what a study file says under {@code figures}. */
    public static String place(String figures) {
      if (figures.isEmpty() || !Character.isDigit(figures.charAt(0))) {
        return figures;
      }
      return (figures.chars().allMatch(Character::isDigit) ? "figure " : "figures ") + figures;
    }
  }

  /**
   * A run to be made.
   *
   * @param spec complete, but for references to other runs
   * @param role as in {@link StudyMember}
   * @param levels as in {@link StudyMember}
   * @param after names of the specs that must be finished before it
   */
  public record Member(
      ExperimentSpec spec, String role, Map<String, String> levels, List<String> after) {
    public Member {
      levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
      after = List.copyOf(after);
    }
  }

  /**
   * Reads a study file, YAML or JSON; {@code docs/studies.md} has the grammar.
   *
   * @param values what is set from outside: a placeholder's value, or an axis and its levels with
   *     commas between
   * @throws dev.plumbline.data.UserError one line naming file, line and the mend
   */
  public static StudyPlan read(Path file, Map<String, String> values) {
    return new StudyReader(file).read(values);
  }

  /**
   * Reads a study from a text that stands in no file yet.
   *
   * @param named the file's name in messages; relative paths in the text are relative to it
   * @throws dev.plumbline.data.UserError one line naming file, line and the mend
   */
  public static StudyPlan parse(Path named, String text) {
    return new StudyReader(named).read(SpecParser.parse(named, text), Map.of());
  }

  /**
   * Whether a file is a study's, as against a single run's spec: it has a list of runs.
   *
   * @throws dev.plumbline.data.UserError where it cannot be read
   */
  public static boolean isStudy(Path file) {
    return SpecParser.parse(file) instanceof SpecNode.Fields fields
        && fields.fields().containsKey("runs");
  }

  /**
   * Reads what a study file says of itself; its runs are not looked at.
   *
   * @throws dev.plumbline.data.UserError where the file cannot be read
   */
  public static About about(Path file) {
    return new StudyReader(file).about();
  }

  /**
   * The same of a text.
   *
   * @param file its name in messages
   */
  public static About about(Path file, String text) {
    return new StudyReader(file).about(SpecParser.parse(file, text));
  }

  /** A hash over everything that the runs of the study are to do. */
  public String hash() {
    StringBuilder text = new StringBuilder(about.analysis()).append('\n');
    for (Member member : members) {
      text.append(member.role()).append(member.levels()).append(member.after());
      text.append(SpecJson.spec(member.spec())).append('\n');
    }
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
