package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLoopTest {
  @TempDir Path directory;
  private final RecordingListener listener = new RecordingListener();

  /** Counts: its state is the sum of the learning rates that it has seen. */
  private static final class Counting implements TrainingStage {
    private final Steering steering = new Steering(Map.of(Steering.LEARNING_RATE, 1.0));
    private double sum;

    @Override
    public String phase() {
      return "counting";
    }

    @Override
    public long totalSteps() {
      return 6;
    }

    @Override
    public Steering steering() {
      return steering;
    }

    @Override
    public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
      return done % 3 == 0
          ? Optional.of(new Report(done, 0, 0, Map.of(Metrics.EVAL_LOSS, sum)))
          : Optional.empty();
    }

    @Override
    public Report step(long done, RunListener listener, Interruption interruption) {
      interruption.check();
      sum += steering.value(Steering.LEARNING_RATE);
      return new Report(done + 1, 2, 10, Map.of(Metrics.LOSS, sum));
    }

    @Override
    public void save(Path target) throws IOException {
      Files.createDirectories(target.resolve("model"));
      Files.writeString(target.resolve("state.safetensors"), Double.toString(sum));
    }

    @Override
    public void restore(Path source) throws IOException {
      sum = Double.parseDouble(Files.readString(source.resolve("state.safetensors")));
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private TrainingLoop loop(Controls controls) {
    return new TrainingLoop(new Counting(), directory, 1, "hash", 2, listener, controls);
  }

  @Test
  void measuresThenChecksPointsThenSteps() {
    assertThat(loop(new ScriptedControls()).run(null)).isEqualTo(RunState.FINISHED);
    assertThat(listener.events)
        .containsExactly(
            "RUNNING@0",
            "progress@0/6",
            "metrics@0",
            "metrics@1",
            "progress@1/6",
            "metrics@2",
            "progress@2/6",
            "checkpoint@2",
            "metrics@3",
            "progress@3/6",
            "metrics@3",
            "metrics@4",
            "progress@4/6",
            "checkpoint@4",
            "metrics@5",
            "progress@5/6",
            "metrics@6",
            "progress@6/6",
            "metrics@6",
            "checkpoint@6",
            "progress@6/6",
            "FINISHED@6");
    assertThat(listener.metrics.get(6L))
        .containsEntry("samples seen", 12.0)
        .containsEntry("tokens seen", 60.0)
        .containsEntry(Metrics.EVAL_LOSS, 6.0);
  }

  @Test
  void pausesStepsOnceSteersAndGoesOn() {
    Controls controls =
        new ScriptedControls()
            .then()
            .then()
            .then(new Command.Pause())
            .then(new Command.Steer(Steering.LEARNING_RATE, 10))
            .then(new Command.StepOnce())
            .then(new Command.Checkpoint(), new Command.Resume());
    assertThat(loop(controls).run(null)).isEqualTo(RunState.FINISHED);
    assertThat(listener.events)
        .containsSubsequence(
            "metrics@1",
            "PAUSED@1",
            "steered@1 learning_rate 1.0->10.0",
            "metrics@2",
            "checkpoint@2",
            "RUNNING@2",
            "metrics@3",
            "FINISHED@6");
    assertThat(listener.metrics.get(6L)).containsEntry(Metrics.LOSS, 51.0);
  }

  @Test
  void stopWritesACheckpointAndResumeGoesOnAsIfNothingWere() {
    RecordingListener whole = new RecordingListener();
    Controls steered = new ScriptedControls().then(new Command.Steer(Steering.LEARNING_RATE, 0.5));
    new TrainingLoop(new Counting(), directory.resolve("whole"), 1, "hash", 2, whole, steered)
        .run(null);

    Controls stopped =
        new ScriptedControls()
            .then(new Command.Steer(Steering.LEARNING_RATE, 0.5))
            .then()
            .then()
            .then()
            .then()
            .then()
            .then(new Command.Stop());
    assertThat(loop(stopped).run(null)).isEqualTo(RunState.STOPPED);
    assertThat(listener.events).endsWith("checkpoint@3", "STOPPED@3");
    Path last = new Checkpoints(directory).last().orElseThrow();
    assertThat(last).hasFileName("3");
    assertThat(loop(new ScriptedControls()).run(last)).isEqualTo(RunState.FINISHED);
    assertThat(listener.metrics).isEqualTo(whole.metrics);
  }

  @Test
  void aStopInTheMiddleOfAStepGivesItUpAndLosesNoCommand() {
    Controls controls =
        new ScriptedControls()
            .then()
            .then(new Command.Steer(Steering.LEARNING_RATE, 0.5))
            .then()
            .then(new Command.Stop());
    assertThat(loop(controls).run(null)).isEqualTo(RunState.STOPPED);
    assertThat(listener.events)
        .endsWith(
            "metrics@1",
            "progress@1/6",
            "steered@1 learning_rate 1.0->0.5",
            "checkpoint@1",
            "STOPPED@1");
    RunState end =
        loop(new ScriptedControls()).run(new Checkpoints(directory).last().orElseThrow());
    assertThat(end).isEqualTo(RunState.FINISHED);
    assertThat(listener.metrics.get(6L)).containsEntry(Metrics.LOSS, 1 + 5 * 0.5);
  }

  @Test
  void aValueThatCannotBeSetDoesNotEndTheRun() {
    Controls controls =
        new ScriptedControls()
            .then(
                new Command.Steer(Steering.TEMPERATURE, 1),
                new Command.Steer(Steering.LEARNING_RATE, Double.NaN));
    assertThat(loop(controls).run(null)).isEqualTo(RunState.FINISHED);
    assertThat(listener.events).noneMatch(event -> event.startsWith("steered"));
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefused() {
    loop(new ScriptedControls()).run(null);
    Path checkpoint = new Checkpoints(directory).last().orElseThrow();
    TrainingLoop other =
        new TrainingLoop(
            new Counting(), directory, 1, "other", 2, listener, new ScriptedControls());
    assertThatThrownBy(() -> other.run(checkpoint))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("other settings");
  }
}
