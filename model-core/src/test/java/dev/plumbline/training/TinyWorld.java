package dev.plumbline.training;

import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Models of some thousand parameters and a page of data, so that every stage runs in a second. */
final class TinyWorld {
  static final PretrainingSettings.ModelSize SIZE =
      new PretrainingSettings.ModelSize(1, 16, 2, 1, 32);
  private static final String[] THINGS = {"a cat", "two red dogs", "the sun", "my old grey boat"};

  /** How the stages train. */
  TrainerSettings trainer = TrainerSettings.DEFAULT;

  /** The form that the stages are asked for. */
  DialogueFormat format;

  final Path directory;
  final Path comparisons;
  final Path prompts;

  /** What a teacher reads first. */
  final Path prompt;

  final Path base;
  final Path preferenceModel;

  /** Writes data and untrained models under a directory. */
  TinyWorld(Path directory, TorchRuntime runtime) throws IOException {
    this(directory, runtime, DialogueFormat.HH);
  }

  /** The same; models of the chat form have a chat template, and none of our own tokens. */
  TinyWorld(Path directory, TorchRuntime runtime, DialogueFormat format) throws IOException {
    this.directory = directory;
    this.format = format;
    comparisons = directory.resolve("comparisons.jsonl");
    prompts = directory.resolve("prompts.jsonl");
    prompt = directory.resolve("prompt.txt");
    base = directory.resolve("base");
    preferenceModel = directory.resolve("pm");
    List<String> pairs = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String prompt =
          "\\n\\nHuman: Tell me of %s, number %d.\\n\\nAssistant:"
              .formatted(THINGS[i % THINGS.length], i);
      String chosen = " Gladly: it is number %d and it is good.".formatted(i);
      String rejected = i % 3 == 0 ? " No." : " No, go away and ask someone else.";
      pairs.add(
          "{\"chosen\": \"%s\", \"rejected\": \"%s\"}"
              .formatted(prompt + chosen, prompt + rejected));
      asked.add("{\"prompt\": \"%s\"}".formatted(prompt));
      texts.add((prompt + chosen).replace("\\n", "\n"));
    }
    Files.write(comparisons, pairs);
    Files.writeString(prompt, "\n\nHuman: Say it.\n\nAssistant: Gladly.\n");
    Files.write(prompts, asked);
    Tokenizer tokenizer =
        format == DialogueFormat.HH
            ? BpeTrainer.train(texts, 300, Tokenizer.SPECIALS)
            : chatMl(texts, Files.createDirectories(directory.resolve("tokenizer")));
    DecoderConfig config = DecoderConfig.of(tokenizer.vocabularySize(), 1, 16, 2, 1, 32, 64);
    try (LanguageModel model = LanguageModel.initialise(runtime, config, tokenizer, 5);
        PreferenceModel scorer = PreferenceModel.from(model, 6)) {
      model.save(base);
      scorer.reading(format).save(preferenceModel);
    }
  }

  /** A tokenizer with the files beside it that a chat model has. */
  private static Tokenizer chatMl(List<String> texts, Path folder) throws IOException {
    BpeTrainer.train(texts, 300, List.of("<|im_start|>", "<|im_end|>", "<pad>"))
        .save(folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": null, \"eos_token\": \"<|im_end|>\", \"pad_token\": \"<pad>\"}");
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1]}");
    try (InputStream template = TinyWorld.class.getResourceAsStream("/templates/chatml.jinja")) {
      Files.write(
          folder.resolve("chat_template.jinja"), Objects.requireNonNull(template).readAllBytes());
    }
    return Tokenizer.ofDirectory(folder);
  }

  PretrainingSettings pretraining() {
    return new PretrainingSettings(
        List.of(comparisons.toString()), SIZE, 300, 64, 4, 6, 1e-2, 2, 0.1, 1, 0.2, 2, 3, trainer);
  }

  PreferenceSettings preference() {
    return new PreferenceSettings(
        base.toString(),
        null,
        List.of(PreferenceSettings.Part.of(List.of(comparisons.toString()))),
        List.of(),
        0.2,
        new PreferenceSettings.Split(null, PreferenceSettings.Half.NONE),
        PreferenceSettings.OnLeakage.WARN,
        format,
        24,
        64,
        4,
        1,
        1e-2,
        2,
        0.1,
        1,
        2,
        PreferenceSettings.Spacing.EVERY,
        3,
        trainer);
  }

  /** Of the base model into itself. */
  DistillationSettings distillation() {
    return new DistillationSettings(
        base.toString(),
        base.toString(),
        prompt.toString(),
        List.of(comparisons.toString()),
        8,
        40,
        4,
        6,
        1e-2,
        0,
        0,
        1,
        0.2,
        2,
        3,
        trainer);
  }

  PpoSettings ppo() {
    return ppo(new Knobs());
  }

  /** What the PPO tests vary. */
  static final class Knobs {
    PpoSettings.Reward reward = new PpoSettings.Reward(null, null);
    RewardTransform transform = RewardTransform.IDENTITY;
    List<PpoSettings.Part> sum = List.of();
    List<PpoSettings.PromptPool> pools = List.of();
    PpoSettings.Value value = PpoSettings.Value.HEAD;
    boolean whitenRewards = false;
    @Nullable Double missingEosScore = null;
    List<PpoSettings.TestReward> tests = List.of();
    int testEvery = 1;
    List<PpoSettings.HeldOutPrompts> heldOut = List.of();
    PpoSettings.@Nullable Ranker ranker = null;
    @Nullable String gold = null;
    int iterations = 6;
    int batchSize = 8;
    int minibatchSize = 4;
    int epochs = 2;
    int responseTokens = 6;
    double temperature = 0.9;
    double lambdaKl = 0.05;
    double klTarget = 0;
    PpoSettings.KlPlacement placement = PpoSettings.KlPlacement.PER_TOKEN;
    boolean whiten = true;
    double missingEos = 0.5;
    double learningRate = 1e-3;
    int sheet = 2;
  }

  PpoSettings ppo(Knobs knobs) {
    PpoSettings.Reward reward =
        knobs.reward.lexical() == null
            ? new PpoSettings.Reward(
                knobs.sum.isEmpty() ? preferenceModel.toString() : null,
                knobs.sum,
                null,
                knobs.transform)
            : knobs.reward;
    return new PpoSettings(
        base.toString(),
        reward,
        knobs.gold,
        knobs.pools.isEmpty() ? List.of(prompts.toString()) : List.of(),
        knobs.pools,
        format,
        knobs.iterations,
        knobs.batchSize,
        knobs.minibatchSize,
        knobs.epochs,
        48,
        knobs.responseTokens,
        knobs.temperature,
        knobs.lambdaKl,
        knobs.klTarget,
        100,
        knobs.placement,
        0.2,
        0.2,
        0.1,
        1,
        0.95,
        knobs.value,
        knobs.whitenRewards,
        knobs.whiten,
        knobs.missingEos,
        knobs.missingEosScore,
        knobs.learningRate,
        0,
        1,
        knobs.tests,
        knobs.testEvery,
        knobs.heldOut,
        2,
        knobs.ranker,
        knobs.sheet,
        3,
        trainer);
  }
}
