package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import dev.plumbline.training.StageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Steps that train nothing: metrics, checkpoints and obedience, quickly. */
public final class FakeExecutor implements StageExecutor {
  @Override
  public void run(
      StageSettings settings,
      long seed,
      Path runDirectory,
      @Nullable Path resumeFrom,
      RunListener listener,
      Controls controls)
      throws IOException, InterruptedException {
    if (seed == 13) {
      throw new UserError("batch 3 does not fit;\nmake it smaller");
    }
    PretrainingSettings pretraining = (PretrainingSettings) settings;
    long total = pretraining.steps();
    long step = resumeFrom == null ? 0 : Long.parseLong(resumeFrom.getFileName().toString());
    double rate = pretraining.learningRate();
    boolean paused = false;
    listener.state(RunState.RUNNING, step, "");
    while (step < total) {
      List<Command> commands = paused ? controls.await(Duration.ofMillis(500)) : controls.poll();
      for (Command command : commands) {
        switch (command) {
          case Command.Pause() -> {
            paused = true;
            listener.state(RunState.PAUSED, step, "");
          }
          case Command.Resume() -> {
            paused = false;
            listener.state(RunState.RUNNING, step, "");
          }
          case Command.Stop() -> {
            checkpoint(runDirectory, step, listener);
            listener.state(RunState.STOPPED, step, "");
            return;
          }
          case Command.Steer(String parameter, double value) -> {
            listener.steered(step, parameter, rate, value);
            rate = value;
          }
          case Command.StepOnce(), Command.Checkpoint() -> checkpoint(runDirectory, step, listener);
        }
      }
      if (paused) {
        continue;
      }
      step++;
      listener.metrics(step, step * 4, step * 40, step * 0.01, Map.of("loss", 1.0 / step));
      listener.progress(step, total, (total - step) * 0.01, "training");
      if (step % pretraining.checkpointEvery() == 0 || step == total) {
        checkpoint(runDirectory, step, listener);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // leaves the core to the test
    }
    listener.state(RunState.FINISHED, step, "");
  }

  private static void checkpoint(Path runDirectory, long step, RunListener listener)
      throws IOException {
    Path place = runDirectory.resolve("checkpoints").resolve(Long.toString(step));
    if (Files.isDirectory(place)) {
      return;
    }
    Path temporary = place.resolveSibling(step + ".tmp");
    Files.createDirectories(temporary.resolve("model"));
    Files.writeString(temporary.resolve("model/config.json"), "{\"step\":" + step + "}");
    Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
    listener.checkpoint(step, place);
  }
}
