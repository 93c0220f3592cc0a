package dev.plumbline.app.newrun;

import dev.plumbline.experiment.SpecDraft;
import dev.plumbline.experiment.SpecProblem;
import dev.plumbline.experiment.SpecWarning;
import dev.plumbline.experiment.StudyDraft;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the page of a new run shows at one moment.
 *
 * @param draft the spec; of a study its base
 * @param sections the lines of the form
 * @param study whether it is to be a study over the spec
 * @param axes the keys that get several values, as they are typed
 * @param text the spec or the study as text
 * @param problems mistakes, by their lines
 * @param look warnings and the estimate, of the text before as long as {@code checking}
 * @param checking whether the text is being looked at
 * @param starting whether the run is being made
 */
record NewRunState(
    SpecDraft draft,
    List<FormSection> sections,
    boolean advanced,
    boolean study,
    List<AxisLine> axes,
    String text,
    List<SpecProblem> problems,
    SpecCheck.Look look,
    boolean checking,
    boolean starting) {
  NewRunState {
    sections = List.copyOf(sections);
    axes = List.copyOf(axes);
    problems = List.copyOf(problems);
  }

  /**
   * An axis as it is typed.
   *
   * @param path of its key
   * @param levels with commas between
   */
  record AxisLine(String path, String levels) {
    StudyDraft.Axis axis() {
      return StudyDraft.Axis.of(path, levels);
    }
  }

  /** Whether it can be started as it stands. */
  boolean canStart() {
    return problems.isEmpty() && !checking && !starting;
  }

  /** How many runs it comes to. */
  long runs() {
    return study ? new StudyDraft(draft, axes.stream().map(AxisLine::axis).toList()).runs() : 1;
  }

  /** The mistake at a key, or inside a key that has no line of its own. */
  Optional<String> problem(String path) {
    return problems.stream()
        .filter(each -> each.path().equals(path))
        .map(SpecProblem::message)
        .findFirst();
  }

  /** The warning at a key. */
  Optional<String> warning(String path) {
    return look.warnings().stream()
        .filter(each -> each.path().equals(path))
        .map(SpecWarning::message)
        .findFirst();
  }

  /** The keys about which something is to be said. */
  Stream<String> told() {
    return Stream.concat(
        problems.stream().map(SpecProblem::path), look.warnings().stream().map(SpecWarning::path));
  }
}
