package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.evaluation.MeasurementRunner;
import dev.plumbline.evaluation.PreferenceEvaluation;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceTrainingTest {
  @TempDir Path directory;
  private TorchRuntime runtime;
  private TinyWorld world;
  private Path model;
  private final RecordingListener listener = new RecordingListener();

  @BeforeEach
  void train() throws IOException {
    runtime = TorchRuntime.start(1);
    world = new TinyWorld(directory, runtime);
    PreferenceSettings once = world.preference();
    PreferenceSettings longer =
        new PreferenceSettings(
            once.base(),
            once.baseline(),
            once.data(),
            once.heldOut(),
            once.heldOutFraction(),
            once.split(),
            once.onLeakage(),
            once.format(),
            once.maxComparisons(),
            once.contextTokens(),
            once.batchSize(),
            6,
            once.learningRate(),
            once.warmupSteps(),
            once.weightDecay(),
            once.maxGradientNorm(),
            6,
            once.evaluateAt(),
            0,
            TrainerSettings.DEFAULT);
    RunState state =
        StageRunner.run(
            longer, 2, directory.resolve("run"), null, listener, new ScriptedControls(), runtime);
    assertThat(state).as(listener.detail).isEqualTo(RunState.FINISHED);
    model = new Checkpoints(directory.resolve("run")).last().orElseThrow().resolve("model");
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void learnsWhatIsPreferredAndSwappingTheSidesMirrorsItsAccuracy() {
    Map<String, Double> end = listener.metrics.getOrDefault(36L, Map.of());
    assertThat(end.get(Metrics.EVAL_ACCURACY)).isGreaterThan(0.9);
    assertThat(end.get(Metrics.EVAL_LOSS)).isLessThan(0.3);
    // Every response that is preferred in this world is the longer one.
    assertThat(end.get(Metrics.EVAL_LENGTH_ACCURACY)).isEqualTo(0);

    List<Comparison> comparisons = ComparisonReader.read(world.comparisons).comparisons();
    List<Comparison> swapped = comparisons.stream().map(PreferenceTrainingTest::swapped).toList();
    try (PreferenceModel trained = ScoreFixture.load(runtime, model)) {
      PreferenceEvaluation plain = PreferenceEvaluation.of(trained, comparisons, 0);
      PreferenceEvaluation mirrored = PreferenceEvaluation.of(trained, swapped, 0);
      assertThat(plain.n()).isEqualTo(30);
      assertThat(mirrored.accuracy()).isEqualTo(1 - plain.accuracy(), within(1e-12));
      assertThat(plain.lengthBaseline())
          .isEqualTo(LengthRule.of(comparisons).shorter())
          .isNotEqualTo(plain.longerBaseline());
      assertThat(plain.longerBaseline()).isEqualTo(1 - plain.lengthBaseline());
      assertThat(mirrored.lengthBaseline()).isEqualTo(plain.longerBaseline(), within(1e-12));
    }
    assertThat(PreferenceEvaluation.of(runtime, model, world.comparisons).n()).isEqualTo(30);
  }

  @Test
  void theEndHasTablesBaselinesAndAMeanThatIsRemembered() {
    ResultTable rows = Objects.requireNonNull(listener.tables.get("held-out-comparisons"));
    ResultTable groups = Objects.requireNonNull(listener.tables.get("held-out-accuracy"));
    Map<String, Double> end = listener.metrics.getOrDefault(36L, Map.of());
    assertThat(groups.number(0, "accuracy")).isEqualTo(end.get(Metrics.EVAL_ACCURACY));
    assertThat(groups.number(0, "logprob")).isEqualTo(end.get(Metrics.EVAL_LOGPROB_ACCURACY));
    assertThat((double) rows.size()).isEqualTo(end.get(Metrics.EVAL_N));
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      sum += rows.number(i, "r_chosen") + rows.number(i, "r_rejected");
    }
    HeldOutMean mean = ScoreFixture.mean(model).orElseThrow();
    assertThat(mean.n()).isEqualTo(2L * rows.size());
    assertThat(mean.mean()).isCloseTo(sum / mean.n(), within(1e-9));
    assertThat(end.get(Metrics.EVAL_SCORE_MEAN)).isEqualTo(mean.mean());
    // An untrained language model finds all tokens about equally likely: ln p is near -ln V.
    for (double likelihood : rows.numbers("logp_chosen")) {
      assertThat(likelihood).isBetween(-6.5, -5.0);
    }
  }

  /** A saved model that is measured on the same comparisons has the rows of its training's end. */
  @Test
  void aMeasurementOfTheSavedModelHasTheRowsOfTheEnd() throws IOException {
    ResultTable rows = Objects.requireNonNull(listener.tables.get("held-out-comparisons"));
    List<String> lines = Files.readAllLines(world.comparisons);
    List<Comparison> all = ComparisonReader.read(world.comparisons).comparisons();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String both = all.get(i).chosenTranscript() + "\n\n\n" + all.get(i).rejectedTranscript();
      String id = Sha256.of(both.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
      if (rows.texts("id").contains(id)) {
        kept.add(lines.get(i));
      }
    }
    Path file = Files.write(directory.resolve("kept.jsonl"), kept);
    RecordingListener measured = new RecordingListener();

    RunState state =
        MeasurementRunner.run(
            new PreferenceEvaluationSettings(
                model.toString(),
                world.base.toString(),
                List.of(
                    new PreferenceSettings.HeldOut(
                        PreferenceSettings.WHOLE,
                        List.of(file.toString()),
                        null,
                        PreferenceObjective.RANKED)),
                0),
            9,
            directory.resolve("measured"),
            measured,
            new ScriptedControls(),
            runtime);

    assertThat(state).as(measured.detail).isEqualTo(RunState.FINISHED);
    assertThat(measured.tables).isEqualTo(listener.tables);
  }

  @Test
  void aPreferenceModelIsNoBaseline() {
    RecordingListener measured = new RecordingListener();
    RunState state =
        MeasurementRunner.run(
            new PreferenceEvaluationSettings(model.toString(), model.toString(), List.of(), 0),
            9,
            directory,
            measured,
            new ScriptedControls(),
            runtime);
    assertThat(state).isEqualTo(RunState.FAILED);
    assertThat(measured.detail).contains("is a preference model").contains("name a language model");
  }

  private static Comparison swapped(Comparison c) {
    String better = c.chosen();
    String worse = c.rejected();
    return new Comparison(c.prompt(), /* chosen= */ worse, /* rejected= */ better);
  }

  @Test
  void aModelWhoseHeadWasLostIsRefused() {
    Path file = model.resolve("model.safetensors");
    SafeTensors.Contents contents = SafeTensors.read(file);
    Objects.requireNonNull(contents.tensors().get("score.weight")).values()[0] += 1;
    SafeTensors.write(file, contents.tensors(), contents.metadata());
    PpoSettings.Reward reward = new PpoSettings.Reward(model.toString(), null);
    // Wherever one is loaded: to be measured, to reward a policy, to be trained on.
    for (ThrowingCallable loading :
        List.<ThrowingCallable>of(
            () -> ScoreFixture.load(runtime, model),
            () -> PreferenceEvaluation.of(runtime, model, world.comparisons),
            () -> ResponseScorer.of(reward, runtime),
            () -> ScoreFixture.start(runtime, model, 1))) {
      assertThatThrownBy(loading)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("score_fixture.json")
          .hasMessageContaining("as when the model was saved")
          .satisfies(e -> assertThat(e).hasMessageNotContaining("\n"));
    }
  }

  @Test
  void aMalformedLineIsNamed() throws IOException {
    Files.writeString(
        world.comparisons, Files.readString(world.comparisons) + "{\"chosen\": oops\n");
    assertThatThrownBy(() -> new PreferenceTraining(world.preference(), 1, runtime))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("comparisons.jsonl:31");
  }
}
