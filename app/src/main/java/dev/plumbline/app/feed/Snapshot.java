package dev.plumbline.app.feed;

import dev.plumbline.workspace.AlertSheet;
import dev.plumbline.workspace.QueueSheet;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StudyRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The workspace at one moment.
 *
 * @param directory the workspace
 * @param runs all runs, newest first
 * @param changed ids of runs whose rows, curves, samples or marks changed since the last snapshot
 * @param studies all studies, the newest last
 * @param results the studies as the workspace has them, with whether they have results, newest
 *     first
 * @param problems a line for each file that cannot be read
 * @param queue what waits for its turn
 * @param alerts the rules, and where they came true
 */
public record Snapshot(
    Path directory,
    List<RunRow> runs,
    Set<String> changed,
    List<StudyProgress> studies,
    List<StudyRow> results,
    List<String> problems,
    QueueSheet queue,
    AlertSheet alerts) {

  /** Copies the collections. */
  public Snapshot {
    runs = List.copyOf(runs);
    changed = Set.copyOf(changed);
    studies = List.copyOf(studies);
    results = List.copyOf(results);
    problems = List.copyOf(problems);
  }

  /** A workspace with an empty queue and no alerts. */
  public Snapshot(
      Path directory,
      List<RunRow> runs,
      Set<String> changed,
      List<StudyProgress> studies,
      List<StudyRow> results,
      List<String> problems) {
    this(directory, runs, changed, studies, results, problems, QueueSheet.EMPTY, AlertSheet.EMPTY);
  }

  /** A workspace in which nothing has been done. */
  public static Snapshot empty(Path directory) {
    return new Snapshot(directory, List.of(), Set.of(), List.of(), List.of(), List.of());
  }

  /** The run with this id, if it is there. */
  public Optional<RunRow> run(String id) {
    return runs.stream().filter(run -> run.id().equals(id)).findFirst();
  }

  /** The newest study, if there is one. */
  public Optional<StudyProgress> study() {
    return studies.isEmpty() ? Optional.empty() : Optional.of(studies.getLast());
  }

  /** Runs whose worker is at work. */
  public List<RunRow> active() {
    return runs.stream().filter(run -> run.state().isActive()).toList();
  }
}
