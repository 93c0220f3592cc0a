package dev.plumbline.study;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.lm.DecoderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A finished run of a study: its levels, its spec, and what its journal tells. */
public final class StudyRun {
  private final StudyMember member;
  private final RunDirectory directory;
  private final ExperimentSpec spec;

  /** Points by metric and step: a later event takes the place of an earlier one. */
  private final Map<String, TreeMap<Long, Point>> curves = new TreeMap<>();

  /** Tables by name and step. */
  private final Map<String, TreeMap<Long, JournalEvent.Table>> tables = new TreeMap<>();

  private record Point(long samples, long tokens, double value) {}

  /**
   * Reads a run.
   *
   * @throws UserError where its files cannot be read
   */
  StudyRun(StudyMember member, RunDirectory directory) {
    this.member = member;
    this.directory = directory;
    this.spec = directory.spec().spec();
    try {
      for (JournalEntry entry : JournalReader.readAll(directory.journalFile())) {
        take(entry.event());
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot read %s: %s; check its rights".formatted(directory.journalFile(), e.getMessage()),
          e);
    }
  }

  private void take(JournalEvent event) {
    switch (event) {
      case JournalEvent.Metrics metrics ->
          metrics
              .values()
              .forEach(
                  (name, value) -> {
                    TreeMap<Long, Point> curve = curves.computeIfAbsent(name, _ -> new TreeMap<>());
                    // Measured again: what was measured at this step and after it is superseded.
                    curve.tailMap(metrics.step(), true).clear();
                    curve.put(
                        metrics.step(), new Point(metrics.samples(), metrics.tokens(), value));
                  });
      case JournalEvent.Table table ->
          tables.computeIfAbsent(table.name(), _ -> new TreeMap<>()).put(table.step(), table);
      case JournalEvent.Resumed(long fromStep) -> {
        curves.values().forEach(curve -> curve.tailMap(fromStep, false).clear());
        tables.values().forEach(steps -> steps.tailMap(fromStep, false).clear());
      }
      default -> {
        // says nothing about results
      }
    }
  }

  /** The run's id. */
  public String id() {
    return member.run();
  }

  /** The name of its spec. */
  public String name() {
    return member.name();
  }

  /** Its role. */
  public String role() {
    return member.role();
  }

  /** The levels of its role's axes, as texts. */
  public Map<String, String> levels() {
    return member.levels();
  }

  /**
   * Its level on an axis.
   *
   * @throws UserError where its role is not over that axis
   */
  public String level(String axis) {
    String level = member.levels().get(axis);
    if (level == null) {
      throw new UserError(
          "role '%s' is not over '%s', which the analysis needs; add the axis to the study file"
              .formatted(role(), axis));
    }
    return level;
  }

  /**
   * Its level on an axis of numbers.
   *
   * @throws UserError where it is no number
   */
  public double number(String axis) {
    String level = level(axis);
    try {
      return Double.parseDouble(level.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new UserError(
          "axis '%s': the analysis needs numbers as levels, and '%s' is none"
              .formatted(axis, level),
          e);
    }
  }

  /** Its spec, paths resolved. */
  public ExperimentSpec spec() {
    return spec;
  }

  /** Its directory. */
  public RunDirectory directory() {
    return directory;
  }

  /** The names of its curves. */
  public List<String> metrics() {
    return List.copyOf(curves.keySet());
  }

  /** A curve; of size 0 where there is none of that name. */
  public StudySeries series(String metric) {
    TreeMap<Long, Point> curve = curves.getOrDefault(metric, new TreeMap<>());
    return new StudySeries(
        metric,
        curve.keySet().stream().mapToLong(Long::longValue).toArray(),
        curve.values().stream().mapToLong(Point::samples).toArray(),
        curve.values().stream().mapToLong(Point::tokens).toArray(),
        curve.values().stream().mapToDouble(Point::value).toArray());
  }

  /**
   * The last value of a curve.
   *
   * @throws UserError where the run has none of that name
   */
  public double last(String metric) {
    StudySeries series = series(metric);
    if (series.size() == 0) {
      throw new UserError(
          "run %s has no metric '%s', which the analysis needs; check its spec"
              .formatted(id(), metric));
    }
    return series.last();
  }

  /** The steps of a table, ascending. */
  public List<Long> tableSteps(String name) {
    return List.copyOf(tables.getOrDefault(name, new TreeMap<>()).keySet());
  }

  /**
   * A table, of its latest step; empty where the run has none of that name.
   *
   * @throws UserError where its file is gone or damaged
   */
  public Optional<ResultTable> findTable(String name) {
    TreeMap<Long, JournalEvent.Table> steps = tables.getOrDefault(name, new TreeMap<>());
    return steps.isEmpty() ? Optional.empty() : Optional.of(read(steps.lastEntry().getValue()));
  }

  /**
   * A table, of its latest step.
   *
   * @throws UserError where the run has none of that name
   */
  public ResultTable table(String name) {
    return findTable(name)
        .orElseThrow(
            () ->
                new UserError(
                    "run %s has no table '%s', which the analysis needs; it has %s"
                        .formatted(
                            id(), name, tables.isEmpty() ? "none" : List.copyOf(tables.keySet()))));
  }

  /** A table of a step; empty where there is none. */
  public Optional<ResultTable> table(String name, long step) {
    return Optional.ofNullable(tables.getOrDefault(name, new TreeMap<>()).get(step))
        .map(this::read);
  }

  private ResultTable read(JournalEvent.Table table) {
    return TableFile.read(directory.path().resolve(table.file()));
  }

  /**
   * Trained numbers of its last checkpoint's model, embeddings left out: the P of the paper's
   * scaling laws, whose sizes count 12 L d^2 (section 9.1 of Askell et al. 2021).
   *
   * @throws UserError where it has no checkpoint
   */
  public long parametersWithoutEmbeddings() {
    return config().parameterCount(name -> !name.contains("embed") && !name.startsWith("lm_head"));
  }

  /**
   * Trained numbers of its last checkpoint's model, all of them.
   *
   * @throws UserError where it has no checkpoint
   */
  public long parameters() {
    return config().parameterCount();
  }

  private DecoderConfig config() {
    Path checkpoint =
        directory
            .checkpoints()
            .last()
            .orElseThrow(
                () -> new UserError("run " + id() + " has no checkpoint; its model is needed"));
    return DecoderConfig.ofDirectory(checkpoint.resolve("model"));
  }

  @Override
  public String toString() {
    return member.label();
  }
}
