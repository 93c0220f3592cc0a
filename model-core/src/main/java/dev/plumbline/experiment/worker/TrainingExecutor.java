package dev.plumbline.experiment.worker;

import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.StageRunner;
import dev.plumbline.training.StageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains: starts the tensor library in this process and runs the stage on it. */
final class TrainingExecutor implements StageExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingExecutor.class);

  private static final String KEPT_THREADS = "threads.txt";

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
            threads(runDirectory),
            line -> {
              LOG.info(line);
              listener.progress(step, 0, Double.NaN, line);
            })) {
      keepThreads(runDirectory, runtime.threads());
      LOG.info("{} threads on {}", runtime.threads(), runtime.device());
      listener.device(runtime.device().replace("()", ""), runtime.threads());
      StageRunner.run(settings, seed, runDirectory, resumeFrom, listener, controls, runtime);
    }
  }

  /**
   * The number asked for, else the one that this run had before, else 0: the order of sums depends
   * on the threads, so a run keeps theirs to give the same numbers to the bit after a resume.
   */
  private static int threads(Path runDirectory) {
    Integer asked = Integer.getInteger(WorkerMain.THREADS);
    if (asked != null) {
      return asked;
    }
    try {
      Path kept = runDirectory.resolve(KEPT_THREADS);
      return Files.isRegularFile(kept) ? Integer.parseInt(Files.readString(kept).strip()) : 0;
    } catch (IOException | NumberFormatException e) {
      LOG.warn("the number of threads is chosen anew: {}", e.getMessage());
      return 0;
    }
  }

  private static void keepThreads(Path runDirectory, int threads) {
    try {
      Files.writeString(runDirectory.resolve(KEPT_THREADS), threads + "\n");
    } catch (IOException e) {
      LOG.warn("the number of threads cannot be kept: {}", e.getMessage());
    }
  }
}
