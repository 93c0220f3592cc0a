package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut off and resumed gives the numbers of one that was not, to the bit. */
class StageResumeTest {
  @TempDir Path directory;
  private TinyWorld world;

  @BeforeEach
  void writeWorld() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      world = new TinyWorld(directory, runtime);
    }
  }

  @Test
  void pretraining() throws IOException {
    resumes(world.pretraining());
  }

  @Test
  void preferenceTraining() throws IOException {
    resumes(world.preference());
  }

  @Test
  void aMixtureWithTheBinaryObjective() throws IOException {
    PreferenceSettings s = world.preference();
    List<String> files = s.data().getFirst().files();
    List<PreferenceSettings.Part> parts =
        List.of(
            new PreferenceSettings.Part(
                "binary", files, null, 0.5, null, 1, PreferenceObjective.BINARY),
            new PreferenceSettings.Part(
                "ranked", files, null, 0.5, null, 3, PreferenceObjective.RANKED));
    resumes(
        new PreferenceSettings(
            s.base(),
            s.baseline(),
            parts,
            s.heldOut(),
            s.heldOutFraction(),
            s.split(),
            s.onLeakage(),
            s.format(),
            s.maxComparisons(),
            s.contextTokens(),
            s.batchSize(),
            s.epochs(),
            s.learningRate(),
            s.warmupSteps(),
            s.weightDecay(),
            s.maxGradientNorm(),
            s.evaluateEvery(),
            PreferenceSettings.Spacing.LOG,
            s.checkpointEvery(),
            // Parts of two comparisons hold three or two pairs each, and add up to the batch.
            new TrainerSettings(
                s.trainer().precision(),
                2,
                s.trainer().activationCheckpointing(),
                0,
                null,
                1000,
                null,
                s.trainer().freeze(),
                s.trainer().watchdog())));
  }

  @Test
  void contextDistillation() throws IOException {
    resumes(world.distillation());
  }

  @Test
  void ppo() throws IOException {
    resumes(world.ppo());
  }

  /** With everything that keeps something in a checkpoint or counts from the first batch. */
  @Test
  void ppoWithAValueModelTestScoresPoolsAndHeldOutPrompts() throws IOException {
    TinyWorld.Knobs knobs = new TinyWorld.Knobs();
    knobs.value = PpoSettings.Value.PREFERENCE_MODEL;
    knobs.transform = new RewardTransform(true, RewardTransform.Shape.TANH, -1, 1, 2, 1);
    knobs.whitenRewards = true;
    knobs.missingEos = 0;
    knobs.missingEosScore = -1.0;
    knobs.klTarget = 0.1;
    knobs.sum =
        List.of(
            new PpoSettings.Part("one", world.preferenceModel.toString(), 1),
            new PpoSettings.Part("half", world.preferenceModel.toString(), 0.5));
    knobs.tests = List.of(new PpoSettings.TestReward("same", world.preferenceModel.toString()));
    knobs.pools =
        List.of(
            new PpoSettings.PromptPool("asked", List.of(world.prompts.toString()), 2, null),
            new PpoSettings.PromptPool("judged", List.of(world.comparisons.toString()), 1, null));
    knobs.heldOut =
        List.of(new PpoSettings.HeldOutPrompts("few", List.of(world.prompts.toString()), 3, null));
    knobs.ranker = new PpoSettings.Ranker(List.of(world.comparisons.toString()), 2, 5);
    resumes(world.ppo(knobs));
  }

  @Test
  void inAChatTemplate() throws IOException {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      Path chat = Files.createDirectories(directory.resolve("chat"));
      world = new TinyWorld(chat, runtime, DialogueFormat.CHAT_TEMPLATE);
    }
    directory = Files.createDirectories(directory.resolve("preference"));
    resumes(world.preference());
    directory = Files.createDirectories(directory.resolveSibling("policy"));
    resumes(world.ppo());
  }

  private void resumes(TrainingSettings settings) throws IOException {
    RecordingListener whole = new RecordingListener();
    assertThat(run(settings, "whole", whole, false)).isEqualTo(RunState.FINISHED);
    assertThat(whole.names).allMatch(name -> Metrics.of(name).isPresent());
    assertThat(whole.metrics).containsKeys(1L, 2L, 3L, 4L, 5L, 6L);

    // Cut off in the fourth step, after the checkpoint of the third: all memory of it is lost.
    RecordingListener cut = cutAfter(3);
    assertThat(run(settings, "cut", cut, false)).isEqualTo(RunState.FAILED);
    assertThat(run(settings, "cut", cut.resumed(), true)).isEqualTo(RunState.FINISHED);
    assertSame(cut, "cut", whole);

    // Cut off before the first checkpoint it starts over, in the directory as it was left.
    RecordingListener early = cutAfter(1);
    assertThat(run(settings, "early", early, false)).isEqualTo(RunState.FAILED);
    assertThat(new Checkpoints(directory.resolve("early")).last()).isEmpty();
    assertThat(run(settings, "early", early.resumed(), false)).isEqualTo(RunState.FINISHED);
    assertSame(early, "early", whole);
  }

  private static RecordingListener cutAfter(long last) {
    return new RecordingListener() {
      @Override
      public void metrics(
          long step, long samples, long tokens, double seconds, Map<String, Double> values) {
        if (step > last) {
          throw new IllegalStateException("cut off");
        }
        super.metrics(step, samples, tokens, seconds, values);
      }
    };
  }

  private void assertSame(RecordingListener found, String name, RecordingListener whole)
      throws IOException {
    assertThat(found.metrics).isEqualTo(whole.metrics);
    for (String file : new String[] {"model/model.safetensors", "state.safetensors"}) {
      assertThat(Files.readAllBytes(directory.resolve(name + "/checkpoints/6").resolve(file)))
          .as(name + ": " + file)
          .isEqualTo(Files.readAllBytes(directory.resolve("whole/checkpoints/6").resolve(file)));
    }
  }

  private RunState run(
      TrainingSettings settings, String name, RecordingListener listener, boolean resume) {
    Path runDirectory = directory.resolve(name);
    Path from = resume ? new Checkpoints(runDirectory).last().orElseThrow() : null;
    // A runtime of its own, as in a new process.
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      return StageRunner.run(
          settings, 11, runDirectory, from, listener, new ScriptedControls(), runtime);
    }
  }
}
