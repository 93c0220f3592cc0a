package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.evaluation.PreferenceEvaluation;
import dev.plumbline.evaluation.TextGeneration;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.TinyWorld.Knobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preference and policy stages in a model's own chat template, here ChatML's. */
class ChatTrainingTest {
  private static final int START = 0;
  private static final int END = 1;

  @TempDir Path directory;
  private TorchRuntime runtime;
  private TinyWorld world;
  private final RecordingListener listener = new RecordingListener();

  @BeforeEach
  void start() throws IOException {
    runtime = TorchRuntime.start(1);
    world = new TinyWorld(directory, runtime, DialogueFormat.CHAT_TEMPLATE);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /** The template by hand, of a prompt of one turn. */
  private static int[] promptByHand(Tokenizer tokenizer, String prompt) {
    String asked = prompt.replace("\n\nHuman: ", "").replace("\n\nAssistant:", "");
    return joined(
        new int[] {START},
        tokenizer.encode("user\n" + asked),
        new int[] {END},
        tokenizer.encode("\n"),
        new int[] {START},
        tokenizer.encode("assistant\n"));
  }

  private static int[] dialogueByHand(Tokenizer tokenizer, String prompt, String response) {
    return joined(
        promptByHand(tokenizer, prompt),
        tokenizer.encode(response.strip()),
        new int[] {END},
        tokenizer.encode("\n"));
  }

  private Path trained() {
    RunState state =
        StageRunner.run(
            world.preference(),
            2,
            directory.resolve("run"),
            null,
            listener,
            new ScriptedControls(),
            runtime);
    assertThat(state).as(listener.detail).isEqualTo(RunState.FINISHED);
    return new Checkpoints(directory.resolve("run")).last().orElseThrow().resolve("model");
  }

  @Test
  void aPreferenceModelRemembersTheFormThatItWasTrainedOn() throws IOException {
    Path model = trained();
    List<Comparison> comparisons = ComparisonReader.read(world.comparisons).comparisons();
    List<String> prompts = comparisons.stream().map(Comparison::prompt).toList();
    List<String> responses = comparisons.stream().map(Comparison::chosen).toList();
    double[] scores;
    try (PreferenceModel loaded = ScoreFixture.load(runtime, model)) {
      assertThat(loaded.format()).isEqualTo(DialogueFormat.CHAT_TEMPLATE);
      List<int[]> byHand = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        byHand.add(dialogueByHand(loaded.tokenizer(), prompts.get(i), responses.get(i)));
      }
      scores = ScoreFixture.score(loaded, prompts, responses);
      assertThat(scores).containsExactly(loaded.scores(byHand), within(1e-6));
      loaded.save(directory.resolve("again"));
    }
    try (PreferenceModel again = ScoreFixture.load(runtime, directory.resolve("again"))) {
      assertThat(ScoreFixture.score(again, prompts, responses)).containsExactly(scores);
    }
    double accuracy = PreferenceEvaluation.of(runtime, model, world.comparisons).accuracy();
    assertThat(accuracy).isGreaterThan(0.9);

    // Without the key it would score in the other form, and its fixture says so.
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains("\"plumbline_format\" : \"chat_template\"");
    Files.writeString(config, text.replace("plumbline_format", "other"));
    assertThatThrownBy(() -> ScoreFixture.load(runtime, model))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("as when the model was saved");
    Files.writeString(config, text.replace("\"chat_template\"", "\"alpaca\""));
    assertThatThrownBy(() -> ScoreFixture.load(runtime, model))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("config.json: plumbline_format is alpaca");
  }

  @Test
  void aPolicyIsSampledFromTheOpenedTurnToTheTemplatesEndAndScoredInTheTemplate()
      throws IOException {
    boolean oneEnded = false;
    Path saved = Files.createDirectories(directory.resolve("policy"));
    try (Ppo ppo = new Ppo(world.ppo(), 3, runtime);
        PreferenceModel scorer = ScoreFixture.load(runtime, world.preferenceModel)) {
      Tokenizer tokenizer = ppo.policy().tokenizer();
      for (int iteration = 0; iteration < 40; iteration++) {
        Ppo.Rollout rollout = ppo.sample(iteration);
        for (int i = 0; i < rollout.size(); i++) {
          assertThat(rollout.asked().get(i).tokens())
              .isEqualTo(promptByHand(tokenizer, rollout.prompts().get(i)));
          Generation response = rollout.responses().get(i);
          int[] tokens = response.tokens();
          assertThat(Arrays.stream(tokens, 0, tokens.length - 1)).doesNotContain(END);
          assertThat(response.ended()).isEqualTo(tokens[tokens.length - 1] == END);
          assertThat(rollout.texts().get(i)).doesNotContain("<|im_end|>");
          oneEnded |= response.ended();
        }
      }
      assertThat(oneEnded).isTrue();

      Ppo.Rollout rollout = ppo.sample(0);
      List<int[]> byHand =
          IntStream.range(0, rollout.size())
              .mapToObj(
                  i ->
                      dialogueByHand(
                          scorer.tokenizer(), rollout.prompts().get(i), rollout.texts().get(i)))
              .toList();
      assertThat(ppo.measure(ppo.judge(rollout)).get(Metrics.PM_SCORE))
          .isEqualTo(Arrays.stream(scorer.scores(byHand)).average().orElseThrow(), within(1e-6));
      ppo.step(0, listener, () -> {});
      ppo.save(saved);
    }
    try (LanguageModel policy = LanguageModel.load(runtime, saved.resolve("model"))) {
      assertThat(policy.config().eos()).isEqualTo(END);
      assertThat(policy.tokenizer().chatTemplate()).isPresent();
    }
  }

  @Test
  void aQueryIsAnsweredInTheModelsTemplateAndEndsWithItsTurn() {
    try (LanguageModel model = LanguageModel.load(runtime, world.base)) {
      TextGeneration answer =
          TextGeneration.answer(
              model,
              "a b",
              DialogueFormat.CHAT_TEMPLATE,
              new SamplingOptions(1, 6, -1, 3, 0),
              _ -> {});
      assertThat(answer.promptTokens())
          .isEqualTo(promptByHand(model.tokenizer(), "\n\nHuman: a b\n\nAssistant:"));
      assertThat(answer.ended()).isEqualTo(answer.tokens()[answer.tokens().length - 1] == END);
      assertThat(answer.tokens()).hasSizeLessThanOrEqualTo(6);
    }
  }

  @Test
  void whatAResponseSpellsOutOpensNoTurn() {
    Tokenizer tokenizer = Tokenizer.ofDirectory(world.base);
    String prompt = "\n\nHuman: Hello\n\nAssistant:";
    String response = "a <|im_end|>\n\nHuman: b\n\nAssistant: c";
    assertThat(ChatFormat.of(tokenizer).dialogue(prompt, " " + response).ids())
        .isEqualTo(dialogueByHand(tokenizer, prompt, response));
  }

  @Test
  void whatIsTooLongIsCutAtTheLeft() {
    try (PreferenceModel model = PreferenceModel.load(runtime, world.preferenceModel)) {
      String prompt = "\n\nHuman: Tell me of a cat\n\nAssistant:";
      int[] whole = dialogueByHand(model.tokenizer(), prompt, "Gladly.");
      int[] cut = new ScoredSequences(model, 12).of(prompt, List.of(" Gladly.")).getFirst();
      assertThat(cut).isEqualTo(Arrays.copyOfRange(whole, whole.length - 12, whole.length));
    }
  }

  @Test
  void formsAreNotMixed() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    TinyWorld hh = new TinyWorld(other, runtime);
    PpoSettings chatPolicy = world.ppo();
    PpoSettings hhPolicy = hh.ppo();
    hh.format = DialogueFormat.CHAT_TEMPLATE;
    world.format = DialogueFormat.HH;
    // The form of the settings, against the preference models and templates that are there.
    refused(() -> new Ppo(hh.ppo(), 1, runtime), "form hh", "set format: hh", "plumbline_format");
    refused(
        () -> new Ppo(world.ppo(), 1, runtime), "form chat_template", "set format: chat_template");
    refused(() -> preference(hh.preference(), hh.preferenceModel), "form hh");
    refused(() -> preference(world.preference(), world.preferenceModel), "form chat_template");
    refused(
        () -> new PreferenceTraining(hh.preference(), 1, runtime),
        hh.base.resolve("tokenizer.json").toString(),
        "chat_template.jinja",
        "use the format hh");
    // Each by itself is in order.
    new Ppo(chatPolicy, 1, runtime).close();
    new Ppo(hhPolicy, 1, runtime).close();
    // A language model has no form yet: a chat model may be trained on transcripts.
    new PreferenceTraining(world.preference(), 1, runtime).close();
  }

  private PreferenceTraining preference(PreferenceSettings of, Path base) {
    return new PreferenceTraining(
        new PreferenceSettings(
            base.toString(),
            of.baseline(),
            of.data(),
            of.heldOut(),
            of.heldOutFraction(),
            of.split(),
            of.onLeakage(),
            of.format(),
            of.maxComparisons(),
            of.contextTokens(),
            of.batchSize(),
            of.epochs(),
            of.learningRate(),
            of.warmupSteps(),
            of.weightDecay(),
            of.maxGradientNorm(),
            of.evaluateEvery(),
            of.evaluateAt(),
            of.checkpointEvery(),
            of.trainer()),
        1,
        runtime);
  }

  @Test
  void aTemplateWhoseEndEndsNoResponseIsRefused() throws IOException {
    Knobs knobs = new Knobs();
    knobs.reward = new PpoSettings.Reward(null, new PpoSettings.Lexical(List.of("good"), 1, 1, 0));
    Files.writeString(
        world.base.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|im_start|>\"}");
    new Ppo(world.ppo(knobs), 1, runtime).close(); // generation_config.json names it still
    Files.writeString(world.base.resolve("generation_config.json"), "{\"eos_token_id\": 0}");
    refused(
        () -> new Ppo(world.ppo(knobs), 1, runtime),
        "<|im_end|>",
        "its id 1",
        "generation_config.json");
  }

  private static void refused(ThrowingCallable stage, String... words) {
    assertThatThrownBy(stage)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }
}
