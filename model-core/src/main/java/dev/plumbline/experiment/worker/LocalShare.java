package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a study shares this machine among its runs. It is decided by the machine and the study alone
 * and not by the load of the moment, so that the same study on the same machine gives the same
 * numbers: the order of sums depends on the threads.
 *
 * @param workers runs at a time
 * @param threads threads of each, 0 where a run has the machine for itself and chooses
 */
record LocalShare(int workers, int threads) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalShare.class);

  /** Part of the machine's memory that all workers together may be expected to need. */
  static final double MEMORY_SHARE = 0.7;

  /** What a worker is taken to need at least, in bytes. */
  static final double LEAST_BYTES = 1e9;

  /** Members whose need is estimated; those of a grid are like each other. */
  private static final int ESTIMATED = 6;

  /**
   * The share for a study.
   *
   * @param asked workers that a person asked for, 0 for as many as the machine carries: one for
   *     each core, because small models gain little from a second thread, as far as the memory
   *     goes; one on a GPU
   */
  static LocalShare of(Study study, Runs runs, int asked) {
    int cores = Runtime.getRuntime().availableProcessors();
    int width = width(study.plannedRuns());
    int workers = asked > 0 ? asked : Math.min(cores, width);
    if (asked <= 0 && workers > 1) {
      DeviceChoice device = Machine.look().resolve(runs.choice());
      workers =
          device.kind() == DeviceChoice.Kind.CPU
              ? Math.min(workers, fitting(study, RunEstimate.machineBytes()))
              : 1;
    }
    return of(workers, width, cores);
  }

  static LocalShare of(int workers, int width, int cores) {
    int together = Math.min(workers, width);
    return new LocalShare(workers, together > 1 ? Math.max(1, cores / together) : 0);
  }

  private static int fitting(Study study, double bytes) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, MEMORY_SHARE * bytes / bytes(study)));
  }

  /** What a run of a study is expected to need, in bytes. */
  static double bytes(Study study) {
    double each = LEAST_BYTES;
    List<StudyMember> members = study.plannedRuns();
    int stride = Math.max(1, members.size() / ESTIMATED);
    for (int i = 0; i < members.size(); i += stride) {
      try {
        RunSpec spec = study.run(members.get(i)).spec();
        if (spec.resolved()) {
          each = Math.max(each, RunEstimate.of(spec.spec().settings()).totalBytes());
        }
      } catch (UserError e) {
        LOG.debug("no estimate of {}: {}", members.get(i).run(), e.getMessage());
      }
    }
    return each;
  }

  /** The most runs that stand at one depth behind the runs that they wait for. */
  static int width(List<StudyMember> members) {
    Map<String, Integer> depths = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (StudyMember member : members) {
      int depth =
          member.after().stream().mapToInt(run -> depths.getOrDefault(run, 0) + 1).max().orElse(0);
      depths.put(member.run(), depth);
      counts.merge(depth, 1, Integer::sum);
    }
    return counts.values().stream().mapToInt(Integer::intValue).max().orElse(1);
  }
}
