package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Precision;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.TrainerSettings.Freeze;
import dev.plumbline.training.TrainerSettings.LoraSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every stage under every way of training, through the one way in. */
class TrainerSettingsTest {
  @TempDir Path directory;
  private TinyWorld world;

  /** The stages, with settings of some steps. */
  enum Stage {
    PRETRAINING,
    PREFERENCE,
    RLHF
  }

  private TrainingSettings settings(Stage stage) {
    return switch (stage) {
      case PRETRAINING -> world.pretraining();
      case PREFERENCE -> world.preference();
      case RLHF -> world.ppo();
    };
  }

  @BeforeEach
  void writeWorld() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      world = new TinyWorld(directory, runtime);
    }
  }

  private static TrainerSettings trainer(
      Precision precision, int micro, boolean checkpointing, double dropout) {
    return trainer(precision, micro, checkpointing, dropout, null, new Freeze(false, 0));
  }

  private static TrainerSettings trainer(
      Precision precision,
      int micro,
      boolean checkpointing,
      double dropout,
      @Nullable LoraSettings lora,
      Freeze freeze) {
    return new TrainerSettings(
        precision,
        micro,
        checkpointing,
        dropout,
        null,
        1000,
        lora,
        freeze,
        WatchdogSettings.DEFAULT);
  }

  private RecordingListener run(Stage stage, TrainerSettings trainer, String name) {
    world.trainer = trainer;
    RecordingListener listener = new RecordingListener();
    assertThat(run(settings(stage), name, listener, null))
        .as(listener.detail)
        .isEqualTo(RunState.FINISHED);
    return listener;
  }

  private RunState run(
      TrainingSettings settings, String name, RecordingListener listener, @Nullable Path from) {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      return StageRunner.run(
          settings, 11, directory.resolve(name), from, listener, new ScriptedControls(), runtime);
    }
  }

  private Map<String, SafeTensors.Entry> weights(String name) {
    return SafeTensors.read(directory.resolve(name + "/checkpoints/6/model/model.safetensors"))
        .tensors();
  }

  /** Largest difference between the weights at the end of two runs. */
  private double difference(String one, String other) {
    Map<String, SafeTensors.Entry> second = weights(other);
    double largest = 0;
    for (Map.Entry<String, SafeTensors.Entry> tensor : weights(one).entrySet()) {
      float[] a = tensor.getValue().values();
      float[] b = Objects.requireNonNull(second.get(tensor.getKey())).values();
      for (int i = 0; i < a.length; i++) {
        largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
      }
    }
    return largest;
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void partsOfABatchTrainAsTheWholeDoes(Stage stage) {
    RecordingListener whole = run(stage, TrainerSettings.DEFAULT, "whole");
    RecordingListener parts = run(stage, trainer(Precision.FLOAT32, 3, false, 0), "parts");
    RecordingListener single = run(stage, trainer(Precision.FLOAT32, 1, true, 0), "single");
    assertThat(whole.events).contains("checkpoint@6");
    // Adam divides by the gradient's own size, so rounding is not quite so small in the weights.
    assertThat(difference("whole", "parts")).isLessThan(2e-4);
    assertThat(difference("whole", "single")).isLessThan(2e-4);
    for (long step = 1; step <= 5; step++) {
      double expected = norm(whole, step);
      assertThat(norm(parts, step)).isCloseTo(expected, within(1e-3 * expected));
      assertThat(norm(single, step)).isCloseTo(expected, within(1e-3 * expected));
    }
  }

  private static double norm(RecordingListener listener, long step) {
    return Objects.requireNonNull(
        listener.metrics.getOrDefault(step, Map.of()).get(Metrics.GRAD_NORM));
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void mixedPrecisionTrainsNearSinglePrecision(Stage stage) {
    RecordingListener single = run(stage, TrainerSettings.DEFAULT, "single");
    RecordingListener mixed = run(stage, trainer(Precision.BFLOAT16, 0, false, 0), "mixed");
    for (long step = 1; step <= 3; step++) {
      double expected = norm(single, step);
      assertThat(norm(mixed, step)).isCloseTo(expected, within(0.1 * expected));
    }
    assertThat(difference("single", "mixed")).isGreaterThan(1e-7);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"PREFERENCE", "RLHF"})
  void adaptersTrainAloneAndResumeToTheBit(Stage stage) throws IOException {
    LoraSettings lora = new LoraSettings(2, 4, List.of("q_proj", "v_proj", "down_proj"));
    TrainerSettings adapted = trainer(Precision.FLOAT32, 0, false, 0, lora, new Freeze(false, 0));
    RecordingListener whole = run(stage, adapted, "whole");
    Map<String, SafeTensors.Entry> base =
        SafeTensors.read(world.base.resolve("model.safetensors")).tensors();
    weights("whole")
        .forEach(
            (name, entry) -> {
              SafeTensors.Entry before = base.get(name);
              if (before != null) {
                boolean target = name.matches(".*(q_proj|v_proj|down_proj).*");
                assertThat(java.util.Arrays.equals(entry.values(), before.values()))
                    .as(name)
                    .isEqualTo(!target);
              }
            });
    Path checkpoint = directory.resolve("whole/checkpoints/3");
    assertThat(checkpoint.resolve("adapter/adapter_config.json"))
        .content()
        .contains("\"r\" : 2", "\"lora_alpha\" : 4.0", "\"q_proj\"");
    Map<String, SafeTensors.Entry> peft =
        SafeTensors.read(checkpoint.resolve("adapter/adapter_model.safetensors")).tensors();
    assertThat(peft)
        .containsKey("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight")
        .containsKey("base_model.model.model.layers.0.mlp.down_proj.lora_B.weight");
    assertThat(peft.containsKey("base_model.model.score.weight"))
        .isEqualTo(stage == Stage.PREFERENCE);

    RecordingListener second = new RecordingListener();
    assertThat(run(settings(stage), "whole-again", second, checkpoint))
        .as(second.detail)
        .isEqualTo(RunState.FINISHED);
    assertThat(second.metrics.get(5L)).isEqualTo(whole.metrics.get(5L));
    for (String file : new String[] {"model/model.safetensors", "state.safetensors"}) {
      assertThat(Files.readAllBytes(directory.resolve("whole-again/checkpoints/6/" + file)))
          .isEqualTo(Files.readAllBytes(directory.resolve("whole/checkpoints/6/" + file)));
    }
  }

  @Test
  void frozenPartsStayAsTheyWere() {
    run(
        Stage.PREFERENCE,
        trainer(Precision.FLOAT32, 0, true, 0, null, new Freeze(true, 1)),
        "frozen");
    Map<String, SafeTensors.Entry> base =
        SafeTensors.read(world.base.resolve("model.safetensors")).tensors();
    weights("frozen")
        .forEach(
            (name, entry) -> {
              SafeTensors.Entry before = base.get(name);
              if (before != null) {
                assertThat(java.util.Arrays.equals(entry.values(), before.values()))
                    .as(name)
                    .isEqualTo(!name.equals("model.norm.weight"));
              }
            });
  }

  @Test
  void dropoutChangesTheCourseAndNothingElseThatIsRandom() {
    RecordingListener without = run(Stage.PREFERENCE, TrainerSettings.DEFAULT, "without");
    RecordingListener with =
        run(Stage.PREFERENCE, trainer(Precision.FLOAT32, 0, false, 0.3), "with");
    RecordingListener again =
        run(Stage.PREFERENCE, trainer(Precision.FLOAT32, 0, false, 0.3), "again");
    assertThat(with.metrics).isEqualTo(again.metrics);
    // Before the first update the models are the same, and measuring drops nothing.
    assertThat(with.metrics.get(0L)).isEqualTo(without.metrics.get(0L));
    assertThat(with.metrics.get(1L)).isNotEqualTo(without.metrics.get(1L));
    // The same comparisons in the same order.
    for (long step = 1; step <= 6; step++) {
      assertThat(with.metrics.getOrDefault(step, Map.of()).get("tokens seen"))
          .isEqualTo(without.metrics.getOrDefault(step, Map.of()).get("tokens seen"));
    }
  }

  @Test
  void whatCannotBeTrainedIsNamed() {
    world.trainer = trainer(Precision.FLOAT32, 0, false, 0, null, new Freeze(false, 9));
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      assertThatThrownBy(() -> StageRunner.stage(world.preference(), 1, runtime))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the model has 1 layers");
    }
  }

  /** Ziegler et al. 2019 by hand: 0.2 (1 + 0.2 * 256 / 10,000). */
  @Test
  void theKlWeightFollowsItsTarget() {
    assertThat(AdaptiveKl.next(0.2, 12, 6, 256, 10_000)).isCloseTo(0.201024, within(1e-12));
    assertThat(AdaptiveKl.next(0.2, 6, 6, 256, 10_000)).isEqualTo(0.2);
    assertThat(AdaptiveKl.next(0.2, 5.4, 6, 256, 10_000))
        .isCloseTo(0.2 * (1 - 0.1 * 0.0256), within(1e-12));
    assertThat(AdaptiveKl.next(0.2, 0, 6, 256, 10_000)).isCloseTo(0.198976, within(1e-12));
    TinyWorld.Knobs knobs = new TinyWorld.Knobs();
    knobs.klTarget = 1e-9;
    RecordingListener listener = new RecordingListener();
    assertThat(run(world.ppo(knobs), "adaptive", listener, null)).isEqualTo(RunState.FINISHED);
    // At step 0 the KL is 0, below the target; afterwards far above it. 8 responses, horizon 100.
    double expected = 0.05;
    for (long step = 0; step <= 5; step++) {
      assertThat(listener.metrics.getOrDefault(step, Map.of()).get(Metrics.LAMBDA_KL))
          .isCloseTo(expected, within(1e-9));
      expected *= 1 + (step == 0 ? -0.2 : 0.2) * 0.08;
    }
  }

  @Test
  void aPolicyWhoseLogProbabilitiesAreNoNumbersIsAnAnomalyAndNoFaultOfTheSampler() {
    TinyWorld.Knobs knobs = new TinyWorld.Knobs();
    knobs.learningRate = 1e10;
    knobs.epochs = 1;
    knobs.minibatchSize = knobs.batchSize;
    RecordingListener listener = new RecordingListener();
    assertThat(run(world.ppo(knobs), "far", listener, null)).isEqualTo(RunState.FAILED);
    assertThat(listener.detail)
        .startsWith("log-probabilities not finite at step 1 of PPO")
        .contains("lower learning_rate");
  }
}
