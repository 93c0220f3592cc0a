package dev.plumbline.bench;

import dev.plumbline.lm.Arithmetic;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sampling with a key-value cache: tokens a second, and how its time compares with a forward pass
 * over the same tokens. The weights are random, and no response ends early.
 */
final class SamplingBench {
  static final int PROMPT = 16;
  static final int SAMPLED = 64;

  private static final String PART = "sampling";
  private static final int[] BATCHES = {1, 16, 64, 256};
  private static final int GOAL_BATCH = 64;
  private static final Goal OVER_FORWARD = Goal.atLeast(0.5);

  private SamplingBench() {}

  static List<Measurement> run(
      TorchRuntime runtime, BenchSettings settings, MatrixProduct product, Progress progress) {
    List<Measurement> found = new ArrayList<>();
    for (DecoderSize size : settings.sizes()) {
      try (LanguageModel model =
          LanguageModel.initialise(runtime, size.config(), BenchWorld.tokenizer(), 1)) {
        for (int batch : BATCHES) {
          progress.say("sampling: " + size.describe() + ", batch " + batch);
          found.addAll(batch(runtime, model, size, batch, settings.rounds(), product, progress));
        }
      }
    }
    return found;
  }

  private static List<Measurement> batch(
      TorchRuntime runtime,
      LanguageModel model,
      DecoderSize size,
      int batch,
      int rounds,
      MatrixProduct product,
      Progress progress) {
    List<int[]> prompts = prompts(batch);
    List<int[]> sequences = new ArrayList<>();
    for (Generation generation : model.generate(prompts, options())) {
      int[] prompt = prompts.get(sequences.size());
      int[] sequence = Arrays.copyOf(prompt, PROMPT + SAMPLED);
      System.arraycopy(generation.tokens(), 0, sequence, PROMPT, SAMPLED);
      sequences.add(sequence);
    }
    forward(runtime, model, sequences);
    List<Double> over = new ArrayList<>();
    Rounds sampled = new Rounds(progress, product, 2);
    double before = Rounds.seconds(() -> forward(runtime, model, sequences));
    List<Double> forwards = new ArrayList<>();
    sampled.run(
        rounds,
        () -> {
          model.generate(prompts, options());
        });
    // Rounds of their own for the comparison: forward, sampling, forward, nothing between them.
    for (int i = 0; i < rounds; i++) {
      progress.check();
      double sampling = Rounds.seconds(() -> model.generate(prompts, options()));
      double after = Rounds.seconds(() -> forward(runtime, model, sequences));
      forwards.add((before + after) / 2);
      over.add(forwards.getLast() / sampling);
      before = after;
    }
    String subject = size.describe() + ", batch " + batch;
    String shape = "prompts of " + PROMPT + ", responses of " + SAMPLED + " tokens";
    Measurement ratio =
        Measurement.of(
            PART,
            subject,
            "forward pass of the same tokens over sampling, in time",
            "1",
            Spread.of(over),
            shape + "; the forward pass gives each token's loss, without autograd");
    return List.of(
        Measurement.of(
            PART,
            subject,
            "throughput",
            "tokens/s",
            sampled.perSecond((double) batch * SAMPLED),
            shape),
        Measurement.of(
            PART,
            subject,
            "arithmetic rate over product rate",
            "1",
            sampled.overPeak(Arithmetic.of(size.config()).sampling(batch, PROMPT, SAMPLED)),
            shape),
        batch == GOAL_BATCH ? ratio.against(OVER_FORWARD) : ratio);
  }

  static List<int[]> prompts(int batch) {
    SplittableRandom random = new SplittableRandom(3);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      prompts.add(random.ints(PROMPT, 4, DecoderSize.VOCABULARY).toArray());
    }
    return prompts;
  }

  /** Every response runs to its length limit: the end token is none of the vocabulary. */
  static SamplingOptions options() {
    return new SamplingOptions(1, SAMPLED, DecoderSize.VOCABULARY, 1, 0);
  }

  private static void forward(TorchRuntime runtime, LanguageModel model, List<int[]> sequences) {
    try (Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.of(runtime, sequences);
      model
          .program()
          .call("token_losses", model.parameters(), batch.x(), batch.at(), batch.wanted());
    }
  }
}
