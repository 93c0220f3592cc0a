package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TrainingSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The finished runs of a workspace by what they did, so that nothing is trained twice. */
final class FinishedRuns {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedRuns.class);

  /** No runs. */
  static final FinishedRuns NONE = new FinishedRuns(Map.of());

  private final Map<String, RunDirectory> byHash;

  private FinishedRuns(Map<String, RunDirectory> byHash) {
    this.byHash = Map.copyOf(byHash);
  }

  /** Those of a workspace; of several that did the same, the newest. */
  static FinishedRuns of(Runs runs) {
    Map<String, RunDirectory> byHash = new HashMap<>();
    for (RunDirectory run : runs.list()) {
      try {
        RunSpec spec = run.spec();
        if (spec.resolved() && !spec.hash().isEmpty() && isWhole(run, spec)) {
          byHash.put(spec.hash(), run);
        }
      } catch (UserError e) {
        LOG.debug("passed over {}: {}", run.id(), e.getMessage());
      }
    }
    return new FinishedRuns(byHash);
  }

  private static boolean isWhole(RunDirectory run, RunSpec spec) {
    return spec.program().equals(ProgramVersion.TEXT)
        && run.state() == RunState.FINISHED
        && (!(spec.spec().settings() instanceof TrainingSettings)
            || run.checkpoints().last().isPresent());
  }

  /**
   * The run that has done already what a spec asks for.
   *
   * @return empty where there is none, or where the spec waits for runs that are to come
   */
  Optional<RunDirectory> like(RunSpec spec) {
    return spec.resolved() ? Optional.ofNullable(byHash.get(spec.hash())) : Optional.empty();
  }
}
