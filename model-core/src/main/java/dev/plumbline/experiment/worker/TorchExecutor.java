package dev.plumbline.experiment.worker;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.evaluation.MeasurementRunner;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.StageRunner;
import dev.plumbline.training.StageSettings;
import dev.plumbline.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the tensor library in this process and trains or measures on it. */
final class TorchExecutor implements StageExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(TorchExecutor.class);

  /** Where a run directory keeps the number of threads. */
  static final String KEPT_THREADS = "threads.txt";

  @Override
  public void run(
      StageSettings settings,
      long seed,
      Path runDirectory,
      @Nullable Path resumeFrom,
      RunListener listener,
      Controls controls) {
    long step = resumeFrom == null ? 0 : Long.parseLong(String.valueOf(resumeFrom.getFileName()));
    DeviceChoice device = Machine.look().resolve(DeviceChoice.ofProcess());
    try (TorchRuntime runtime =
        TorchRuntime.start(
            threads(runDirectory),
            device,
            line -> {
              LOG.info(line);
              listener.progress(step, 0, Double.NaN, line);
            })) {
      keep(runDirectory.resolve(KEPT_THREADS), Integer.toString(runtime.threads()));
      keep(new RunDirectory(runDirectory).deviceFile(), runtime.device().toString());
      LOG.info("{} threads on {}", runtime.threads(), runtime.device());
      listener.device(runtime.device().toString(), runtime.threads());
      switch (settings) {
        case TrainingSettings training ->
            StageRunner.run(training, seed, runDirectory, resumeFrom, listener, controls, runtime);
        case MeasurementSettings measurement ->
            MeasurementRunner.run(measurement, seed, runDirectory, listener, controls, runtime);
        default -> throw new IllegalArgumentException("no stage has " + settings.getClass());
      }
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

  private static void keep(Path file, String value) {
    try {
      Files.writeString(file, value + "\n");
    } catch (IOException e) {
      LOG.warn("{} cannot be kept: {}", file.getFileName(), e.getMessage());
    }
  }
}
