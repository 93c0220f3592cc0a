package dev.plumbline.app.newrun;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.SpecProblem;
import dev.plumbline.experiment.SpecWarning;
import dev.plumbline.experiment.SpecWarnings;
import dev.plumbline.experiment.StudyPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is to be said of a spec or a study before it starts. Used on one background thread.
 *
 * <p>Times stand on the workspace's own finished runs: the rate of each is its arithmetic over the
 * seconds that it took, and the median of a few is taken. Where nothing has been run yet a rate is
 * assumed, and said so.
 */
final class SpecCheck {
  /** Members of a study that are looked at; more are alike but for a value. */
  private static final int SAMPLED = 12;

  private static final int REFERENCES = 3;

  /** Operations a second and core, where nothing has been measured: a laptop's float32. */
  private static final double ASSUMED = 15e9;

  private final Path workspace;
  private final Map<String, Double> rates = new HashMap<>();
  private final Map<ExperimentSpec, RunEstimate> estimates = new HashMap<>();

  SpecCheck(Path workspace) {
    this.workspace = workspace;
  }

  /**
   * A finished run that times can be taken from.
   *
   * @param seconds of work
   */
  record Finished(String id, Path directory, double seconds) {}

  /**
   * What a run or a study will need.
   *
   * @param bytes memory of one run, of the largest
   * @param machine memory of this machine in bytes
   * @param seconds of work of all runs one after the other; NaN while it cannot be told
   * @param measured whether the time stands on finished runs of this workspace
   * @param parameters of the model
   * @param memory what the memory is for, a line each
   */
  record Estimate(
      double bytes,
      double machine,
      double seconds,
      boolean measured,
      long parameters,
      List<RunEstimate.Item> memory) {
    Estimate {
      memory = List.copyOf(memory);
    }

    boolean fits() {
      return bytes <= machine;
    }
  }

  /**
   * What is known after a look at models and data.
   *
   * @param warnings risky combinations
   * @param estimate empty where it cannot be made
   * @param obstacle why it cannot, in one line
   */
  record Look(List<SpecWarning> warnings, Optional<Estimate> estimate, String obstacle) {
    static final Look NONE = new Look(List.of(), Optional.empty(), "");

    Look {
      warnings = List.copyOf(warnings);
    }
  }

  /** The file's name that stands for a text without one; its relative paths are the workspace's. */
  Path file() {
    return workspace.resolve("new.yaml");
  }

  /** Mistakes of a spec. */
  List<SpecProblem> problems(String text) {
    return ExperimentSpec.problems(file(), text);
  }

  /** The mistake of a study, if there is one. */
  List<SpecProblem> studyProblems(String text) {
    try {
      return StudyPlan.parse(file(), text).members().isEmpty()
          ? List.of(new SpecProblem("", 1, "the study has no run"))
          : List.of();
    } catch (UserError e) {
      String line = String.valueOf(e.getMessage()).replace(file() + ":", "");
      return List.of(new SpecProblem("", 1, line.replaceFirst("^\\d+: ", "")));
    }
  }

  /** Looks at what a right spec or study names. */
  Look look(String text, boolean study, List<Finished> finished) {
    try {
      if (!study) {
        ExperimentSpec spec = ExperimentSpec.parse(file(), text);
        return look(List.of(spec), 1, finished);
      }
      List<ExperimentSpec> members =
          StudyPlan.parse(file(), text).members().stream().map(StudyPlan.Member::spec).toList();
      int n = Math.min(SAMPLED, members.size());
      List<ExperimentSpec> some =
          IntStream.range(0, n)
              .mapToObj(i -> members.get((int) ((long) i * members.size() / n)))
              .toList();
      return look(some, (double) members.size() / n, finished);
    } catch (UserError e) {
      return new Look(List.of(), Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Look look(List<ExperimentSpec> specs, double times, List<Finished> finished) {
    Set<SpecWarning> warnings = new LinkedHashSet<>();
    specs.forEach(spec -> warnings.addAll(SpecWarnings.of(spec, workspace)));
    double[] measured =
        finished.stream()
            .limit(REFERENCES)
            .mapToDouble(run -> rates.computeIfAbsent(run.id(), _ -> rate(run)))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    double rate =
        measured.length == 0
            ? ASSUMED * Runtime.getRuntime().availableProcessors()
            : measured[measured.length / 2];
    try {
      List<RunEstimate> all = new ArrayList<>();
      for (ExperimentSpec spec : specs) {
        // Name, tags and notes change nothing.
        ExperimentSpec key = new ExperimentSpec("", 0, List.of(), "", spec.settings());
        RunEstimate estimate = estimates.get(key);
        if (estimate == null) {
          estimate = RunEstimate.of(spec, workspace);
          if (estimates.size() > 100) {
            estimates.clear();
          }
          estimates.put(key, estimate);
        }
        all.add(estimate);
      }
      RunEstimate largest =
          all.stream().max((a, b) -> Double.compare(a.totalBytes(), b.totalBytes())).orElseThrow();
      double seconds = times * all.stream().mapToDouble(one -> one.seconds(rate)).sum();
      return new Look(
          List.copyOf(warnings),
          Optional.of(
              new Estimate(
                  largest.totalBytes(),
                  RunEstimate.machineBytes(),
                  seconds,
                  measured.length > 0,
                  largest.parameters(),
                  largest.memory())),
          "");
    } catch (UserError e) {
      return new Look(List.copyOf(warnings), Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** Operations a second that a finished run came to; NaN where that cannot be told. */
  private static double rate(Finished run) {
    try {
      RunEstimate estimate =
          RunEstimate.of(new RunDirectory(run.directory()).spec().spec().settings());
      double rate = estimate.seconds(1) / run.seconds();
      return run.seconds() > 5 ? rate : Double.NaN;
    } catch (UserError e) {
      return Double.NaN;
    }
  }
}
