package dev.plumbline.training;

import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import dev.plumbline.torch.TorchRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one stage from its settings: the one way in for the worker, the command line and tests. */
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

  private StageRunner() {}

  /**
   * Runs a stage to its end, or until someone stops it. Every state of the run is told to the
   * listener, a failure with its one-line cause; nothing is thrown for a failure.
   *
   * @param settings the stage, with paths that can be opened as they are
   * @param seed decides every random choice
   * @param runDirectory where {@code checkpoints/} is written
   * @param resumeFrom a checkpoint directory of the same settings and seed, or null
   * @return {@link RunState#FINISHED}, {@link RunState#STOPPED} or {@link RunState#FAILED}
   */
  public static RunState run(
      TrainingSettings settings,
      long seed,
      Path runDirectory,
      @Nullable Path resumeFrom,
      RunListener listener,
      Controls controls,
      TorchRuntime runtime) {
    listener.state(RunState.STARTING, 0, "");
    long step = 0;
    try (TrainingStage stage = stage(settings, seed, runtime)) {
      TrainingLoop loop =
          new TrainingLoop(
              stage,
              runDirectory,
              seed,
              hash(settings, seed),
              settings.checkpointEvery(),
              settings.trainer().watchdog(),
              listener,
              controls);
      loop.report(DeviceMetrics.of(runtime.device()));
      try {
        return loop.run(resumeFrom);
      } finally {
        step = loop.done();
      }
    } catch (UserError e) {
      LOG.error("the run failed at step {}", step, e);
      listener.state(RunState.FAILED, step, oneLine(e));
      return RunState.FAILED;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("the run failed at step {}", step, e);
      listener.state(RunState.FAILED, step, oneLine(e) + "; the stack is in the run's log.txt");
      return RunState.FAILED;
    }
  }

  /** Makes the stage: reads its data and models. */
  public static TrainingStage stage(TrainingSettings settings, long seed, TorchRuntime runtime) {
    return switch (settings) {
      case PretrainingSettings pretraining -> new Pretraining(pretraining, seed, runtime);
      case PreferenceSettings preference -> new PreferenceTraining(preference, seed, runtime);
      case PpoSettings ppo -> new Ppo(ppo, seed, runtime);
      case DistillationSettings distillation -> new Distillation(distillation, seed, runtime);
    };
  }

  /** What a checkpoint remembers of the settings and seed that it belongs to. */
  static String hash(TrainingSettings settings, long seed) {
    return Sha256.of((settings + " seed " + seed).getBytes(StandardCharsets.UTF_8));
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
