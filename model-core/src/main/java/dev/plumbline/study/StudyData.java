package dev.plumbline.study;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.training.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** A study's finished runs, read from their journals alone. */
public final class StudyData {
  private final Study study;
  private final List<StudyRun> runs;
  private final List<String> missing;

  private StudyData(Study study, List<StudyRun> runs, List<String> missing) {
    this.study = study;
    this.runs = List.copyOf(runs);
    this.missing = List.copyOf(missing);
  }

  /**
   * Reads a study's finished runs.
   *
   * @throws UserError where one cannot be read
   */
  public static StudyData of(Study study) {
    List<StudyRun> runs = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (StudyMember member : study.plannedRuns()) {
      RunDirectory directory = study.run(member);
      if (directory.exists() && directory.state() == RunState.FINISHED) {
        runs.add(new StudyRun(member, directory));
      } else {
        missing.add(member.name());
      }
    }
    return new StudyData(study, runs, missing);
  }

  /** The study. */
  public Study study() {
    return study;
  }

  /** The finished runs, in the study's order. */
  public List<StudyRun> runs() {
    return runs;
  }

  /** Names of runs that are not finished. */
  public List<String> missing() {
    return missing;
  }

  /**
   * The finished runs of a role, in the study's order.
   *
   * @throws UserError where there is none
   */
  public List<StudyRun> role(String role) {
    List<StudyRun> found = runs.stream().filter(run -> run.role().equals(role)).toList();
    if (found.isEmpty()) {
      throw new UserError(
          "study %s has no finished run of role '%s', which its analysis needs"
              .formatted(study.name(), role));
    }
    return found;
  }

  /** Whether the study has a finished run of a role. */
  public boolean hasRole(String role) {
    return runs.stream().anyMatch(run -> run.role().equals(role));
  }

  /** The levels that the finished runs of a role have on an axis, in the study's order. */
  public List<String> levels(String role, String axis) {
    LinkedHashSet<String> levels = new LinkedHashSet<>();
    role(role).forEach(run -> levels.add(run.level(axis)));
    return List.copyOf(levels);
  }

  /**
   * The runs of a role that have the same level as another run on every axis that both have.
   *
   * @param run a run of any role
   */
  public List<StudyRun> alike(StudyRun run, String role) {
    return role(role).stream()
        .filter(
            other ->
                other.levels().entrySet().stream()
                    .allMatch(
                        level ->
                            level
                                .getValue()
                                .equals(
                                    run.levels().getOrDefault(level.getKey(), level.getValue()))))
        .toList();
  }

  /**
   * The runs of a role in groups that have the same levels on some axes, in the study's order.
   *
   * @param axes axes whose levels are the key, in this order
   */
  public Map<List<String>, List<StudyRun>> groups(String role, String... axes) {
    Map<List<String>, List<StudyRun>> groups = new LinkedHashMap<>();
    for (StudyRun run : role(role)) {
      List<String> key = new ArrayList<>();
      for (String axis : axes) {
        key.add(run.level(axis));
      }
      groups.computeIfAbsent(List.copyOf(key), _ -> new ArrayList<>()).add(run);
    }
    return groups;
  }
}
