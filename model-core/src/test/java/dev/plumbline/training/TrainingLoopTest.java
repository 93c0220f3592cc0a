package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    return loop(new Counting(), directory, "hash", WatchdogSettings.DEFAULT, listener, controls);
  }

  private static TrainingLoop loop(
      TrainingStage stage,
      Path directory,
      String hash,
      WatchdogSettings watchdog,
      RunListener listener,
      Controls controls) {
    return new TrainingLoop(stage, directory, 1, hash, 2, watchdog, listener, controls);
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
    loop(
            new Counting(),
            directory.resolve("whole"),
            "hash",
            WatchdogSettings.DEFAULT,
            whole,
            steered)
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
        loop(
            new Counting(),
            directory,
            "other",
            WatchdogSettings.DEFAULT,
            listener,
            new ScriptedControls());
    assertThatThrownBy(() -> other.run(checkpoint))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("other settings");
  }

  /** Breaks at the fifth step where the rate is too high: the loss is then not a number. */
  private static final class Fragile implements TrainingStage {
    private final Counting counting = new Counting();

    @Override
    public String phase() {
      return counting.phase();
    }

    @Override
    public long totalSteps() {
      return counting.totalSteps();
    }

    @Override
    public Steering steering() {
      return counting.steering();
    }

    @Override
    public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
      return Optional.empty();
    }

    @Override
    public Report step(long done, RunListener listener, Interruption interruption) {
      if (done == 4 && steering().value(Steering.LEARNING_RATE) > 0.3) {
        Anomaly.requireFinite("counting", done, Double.NaN, 1);
      }
      return counting.step(done, listener, interruption);
    }

    @Override
    public void save(Path target) throws IOException {
      counting.save(target);
    }

    @Override
    public void restore(Path source) throws IOException {
      counting.restore(source);
    }

    @Override
    public void close() {
      counting.close();
    }
  }

  private static WatchdogSettings watchdog(
      WatchdogSettings.Action action, double rateFactor, int rollBacks) {
    WatchdogSettings usual = WatchdogSettings.DEFAULT;
    return new WatchdogSettings(
        action,
        action,
        usual.lossFactor(),
        usual.entropyFloor(),
        usual.klLimit(),
        rateFactor,
        rollBacks);
  }

  @Test
  void aRunWhoseNumbersBreakGoesBackAndOnWithALowerRate() {
    WatchdogSettings watchdog = watchdog(WatchdogSettings.Action.ROLL_BACK, 0.5, 3);
    RunState end =
        loop(new Fragile(), directory, "hash", watchdog, listener, new ScriptedControls())
            .run(null);
    assertThat(end).isEqualTo(RunState.FINISHED);
    assertThat(listener.events)
        .containsSubsequence(
            "checkpoint@4",
            "back@4 loss or gradient not finite at step 4 of counting: loss NaN, gradient norm 1.0;"
                + " back at step 4 with a lower learning rate",
            "steered@4 learning_rate 1.0->0.5",
            "checkpoint@4",
            "steered@4 learning_rate 0.5->0.25",
            "checkpoint@4",
            "metrics@5",
            "FINISHED@6");
    // Four steps at 1, which stand, and two at a quarter.
    assertThat(listener.metrics.get(6L)).containsEntry(Metrics.LOSS, 4.5);
    // What is left behind does not break there again.
    Path fourth = directory.resolve("checkpoints/4");
    assertThat(Checkpoints.read(fourth).steered()).containsEntry(Steering.LEARNING_RATE, 0.25);
  }

  @Test
  void aRunThatCannotGetPastTheBreakIsGivenUpWithTheReason() {
    WatchdogSettings watchdog = watchdog(WatchdogSettings.Action.ROLL_BACK, 0.9, 2);
    TrainingLoop loop =
        loop(new Fragile(), directory, "hash", watchdog, listener, new ScriptedControls());
    assertThatThrownBy(() -> loop.run(null))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("loss NaN")
        .hasMessageContaining("went back 2 times");
  }

  @Test
  void aRunStopsAtABreakWhereTheSpecSaysSoOrNothingIsThereToGoBackTo() {
    TrainingLoop stopping =
        loop(
            new Fragile(),
            directory,
            "hash",
            watchdog(WatchdogSettings.Action.STOP, 0.5, 3),
            listener,
            new ScriptedControls());
    assertThatThrownBy(() -> stopping.run(null)).hasMessageContaining("loss NaN");
    assertThat(listener.events).noneMatch(event -> event.startsWith("back"));
    TrainingLoop without =
        new TrainingLoop(
            new Fragile(),
            directory.resolve("other"),
            1,
            "hash",
            0,
            watchdog(WatchdogSettings.Action.ROLL_BACK, 0.5, 3),
            listener,
            new ScriptedControls());
    assertThatThrownBy(() -> without.run(null)).hasMessageContaining("no checkpoint to go back to");
  }

  /** Says the same at every step, and measures in between as its spec asks. */
  private static final class Scripted implements TrainingStage {
    private final Steering steering =
        new Steering(Map.of(Steering.LEARNING_RATE, 1.0, Steering.TEMPERATURE, 1.0));
    private final String metric;
    private final double[] values;
    private final int measuredEvery;

    Scripted(String metric, int measuredEvery, double... values) {
      this.metric = metric;
      this.measuredEvery = measuredEvery;
      this.values = values;
    }

    @Override
    public String phase() {
      return "reading";
    }

    @Override
    public long totalSteps() {
      return values.length;
    }

    @Override
    public Steering steering() {
      return steering;
    }

    @Override
    public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
      if (measuredEvery == 0 || done % measuredEvery != 0) {
        return Optional.empty();
      }
      interruption.check();
      return Optional.of(new Report(done, 0, 0, Map.of(Metrics.EVAL_LOSS, 1.0)));
    }

    @Override
    public Report step(long done, RunListener listener, Interruption interruption) {
      return new Report(done + 1, 1, 1, Map.of(metric, values[(int) done]));
    }

    @Override
    public void save(Path target) throws IOException {
      Files.createDirectories(target.resolve("model"));
    }

    @Override
    public void restore(Path source) {
      // What it says depends on the step alone.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static double[] lossesThatRiseAfter(int calm, int high) {
    double[] losses = new double[calm + high];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = i < calm ? 1 : 9;
    }
    return losses;
  }

  @Test
  void anAnomalyIsSeenAlsoWhereTheSameStepIsMeasured() {
    WatchdogSettings watchdog = watchdog(WatchdogSettings.Action.WARN, 0.5, 3);
    // The fifth loss above the course is that of step 25.
    Scripted stage = new Scripted(Metrics.LOSS, 25, lossesThatRiseAfter(20, 10));
    loop(stage, directory, "hash", watchdog, listener, new ScriptedControls()).run(null);
    assertThat(listener.events)
        .filteredOn(event -> event.startsWith("notice"))
        .singleElement()
        .asString()
        .startsWith("notice@25 divergence at step 25");
  }

  @Test
  void whatIsOnlySaidKeepsNoCheckpointAway() {
    double[] far = new double[12];
    Arrays.fill(far, 500);
    loop(
            new Scripted(Metrics.KL_EXACT, 0, far),
            directory,
            "hash",
            WatchdogSettings.DEFAULT,
            listener,
            new ScriptedControls())
        .run(null);
    assertThat(listener.events)
        .contains(
            "notice@3 KL explosion at step 3: 500.0 nats a response, above the limit of 100.0");
    assertThat(listener.events).contains("checkpoint@4", "checkpoint@6", "checkpoint@12");
  }

  @Test
  void aCheckpointFromWithinTheTroubleIsNoneToGoBackTo() {
    // Two losses above the course, and a person asks for a checkpoint: step 22 of 20 calm ones.
    ScriptedControls controls = new ScriptedControls();
    for (int i = 0; i < 22; i++) {
      controls.then();
    }
    controls.then(new Command.Checkpoint());
    TrainingLoop loop =
        loop(
            new Scripted(Metrics.LOSS, 0, lossesThatRiseAfter(20, 10)),
            directory,
            "hash",
            watchdog(WatchdogSettings.Action.ROLL_BACK, 0.5, 1),
            listener,
            controls);
    assertThatThrownBy(() -> loop.run(null)).hasMessageContaining("went back 1 times");
    assertThat(listener.events)
        .containsSubsequence("checkpoint@20", "checkpoint@22", "metrics@25", "checkpoint@20")
        .anyMatch(event -> event.startsWith("back@20 divergence at step 25"));
    assertThat(new Checkpoints(directory).steps()).endsWith(18L, 20L);
  }

  @Test
  void aStopWhileMeasuringLosesNoAnomaly() {
    // A look at commands when measuring at 0 and before each of 25 steps; the fifth loss above the
    // course is that of step 25.
    ScriptedControls controls = new ScriptedControls();
    for (int i = 0; i < 26; i++) {
      controls.then();
    }
    controls.then(new Command.Stop());
    Scripted stage = new Scripted(Metrics.LOSS, 25, lossesThatRiseAfter(20, 10));
    WatchdogSettings watchdog = watchdog(WatchdogSettings.Action.WARN, 0.5, 3);
    TrainingLoop loop = loop(stage, directory, "hash", watchdog, listener, controls);
    assertThat(loop.run(null)).isEqualTo(RunState.STOPPED);
    assertThat(listener.events).contains("STOPPED@25");
    assertThat(listener.events).anyMatch(event -> event.startsWith("notice@25 divergence"));
  }

  @Test
  void aReturnUndoesNothingThatAPersonSet() {
    // A person lowers the rate between the checkpoint of step 20 and the fifth high loss.
    ScriptedControls controls = new ScriptedControls();
    for (int i = 0; i < 22; i++) {
      controls.then();
    }
    controls.then(
        new Command.Steer(Steering.LEARNING_RATE, 0.01),
        new Command.Steer(Steering.TEMPERATURE, 2));
    Scripted stage = new Scripted(Metrics.LOSS, 0, lossesThatRiseAfter(20, 10));
    TrainingLoop loop =
        loop(
            stage,
            directory,
            "hash",
            watchdog(WatchdogSettings.Action.ROLL_BACK, 0.5, 2),
            listener,
            controls);
    assertThatThrownBy(() -> loop.run(null)).hasMessageContaining("went back 2 times");
    assertThat(listener.events)
        .containsSubsequence(
            "steered@22 learning_rate 1.0->0.01",
            "steered@22 temperature 1.0->2.0",
            "steered@20 temperature 1.0->2.0",
            "steered@20 learning_rate 1.0->0.005",
            "checkpoint@20",
            "steered@20 learning_rate 0.005->0.0025",
            "checkpoint@20");
    assertThat(stage.steering().values()).containsEntry(Steering.TEMPERATURE, 2.0);
  }
}
