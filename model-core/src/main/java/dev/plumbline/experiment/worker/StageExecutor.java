package dev.plumbline.experiment.worker;

import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.StageSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Does the work of a stage; the worker around it knows only files. */
@FunctionalInterface
public interface StageExecutor {
  /**
   * Runs a stage to its end or until it is stopped, and tells the listener all of it.
   *
   * @param resumeFrom a checkpoint directory to go on from, or null to begin
   */
  void run(
      StageSettings settings,
      long seed,
      Path runDirectory,
      @Nullable Path resumeFrom,
      RunListener listener,
      Controls controls)
      throws Exception;
}
