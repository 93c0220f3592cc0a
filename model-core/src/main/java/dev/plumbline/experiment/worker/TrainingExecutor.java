package dev.plumbline.experiment.worker;

import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.StageRunner;
import dev.plumbline.training.StageSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains: starts the tensor library in this process and runs the stage on it. */
final class TrainingExecutor implements StageExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingExecutor.class);

  @Override
  public void run(
      StageSettings settings,
      long seed,
      Path runDirectory,
      @Nullable Path resumeFrom,
      RunListener listener,
      Controls controls) {
    long step = resumeFrom == null ? 0 : Long.parseLong(String.valueOf(resumeFrom.getFileName()));
    try (TorchRuntime runtime =
        TorchRuntime.start(
            Integer.getInteger(WorkerMain.THREADS, 0),
            line -> {
              LOG.info(line);
              listener.progress(step, 0, Double.NaN, line);
            })) {
      StageRunner.run(settings, seed, runDirectory, resumeFrom, listener, controls, runtime);
    }
  }
}
