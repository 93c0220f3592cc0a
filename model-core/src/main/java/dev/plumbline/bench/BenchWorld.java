package dev.plumbline.bench;

import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Data and models that stages can run on: dialogues of made-up words, a policy and a preference
 * model of random weights, of the sample study's size.
 */
final class BenchWorld {
  private static final String[] SYLLABLES = {
    "ba", "do", "fe", "gu", "ki", "la", "mo", "ne", "pu", "ri", "sa", "to", "vu", "we", "yo", "zi"
  };
  private static final int DIALOGUES = 400;
  private static final int PROMPT_WORDS = 18;
  private static final int RESPONSE_WORDS = 24;

  private final Path directory;

  private BenchWorld(Path directory) {
    this.directory = directory;
  }

  /** Writes everything below a directory. */
  static BenchWorld write(Path directory, TorchRuntime runtime) throws IOException {
    BenchWorld world = new BenchWorld(directory);
    Files.createDirectories(directory);
    List<String> pairs = new ArrayList<>();
    for (String[] dialogue : dialogues()) {
      pairs.add(
          "{\"chosen\": \"%s%s\", \"rejected\": \"%s%s\"}"
              .formatted(dialogue[0], dialogue[1], dialogue[0], dialogue[2]));
    }
    Files.write(world.comparisons(), pairs);
    try (LanguageModel policy =
            LanguageModel.initialise(runtime, DecoderSize.SMALL.config(), tokenizer(), 5);
        PreferenceModel judge = PreferenceModel.from(policy, 6)) {
      policy.save(world.policy());
      judge.save(world.preferenceModel());
    }
    return world;
  }

  /** A tokenizer of the decoders' vocabulary, trained on the dialogues. */
  static Tokenizer tokenizer() {
    return Shared.TOKENIZER;
  }

  /** Comparisons, whose prompts are prompts too. */
  Path comparisons() {
    return directory.resolve("comparisons.jsonl");
  }

  Path policy() {
    return directory.resolve("policy");
  }

  Path preferenceModel() {
    return directory.resolve("preference-model");
  }

  Path directory() {
    return directory;
  }

  private static List<String[]> dialogues() {
    SplittableRandom random = new SplittableRandom(7);
    List<String[]> dialogues = new ArrayList<>();
    for (int i = 0; i < DIALOGUES; i++) {
      dialogues.add(
          new String[] {
            "\\n\\nHuman:" + words(random, PROMPT_WORDS) + "\\n\\nAssistant:",
            words(random, RESPONSE_WORDS),
            words(random, RESPONSE_WORDS)
          });
    }
    return dialogues;
  }

  private static String words(SplittableRandom random, int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(' ');
      for (int j = random.nextInt(1, 4); j > 0; j--) {
        words.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
    }
    return words.toString();
  }

  /** Trained once a process. */
  private static final class Shared {
    static final Tokenizer TOKENIZER =
        BpeTrainer.train(
            dialogues().stream().map(parts -> String.join("", parts)).toList(),
            DecoderSize.VOCABULARY,
            Tokenizer.SPECIALS);
  }
}
