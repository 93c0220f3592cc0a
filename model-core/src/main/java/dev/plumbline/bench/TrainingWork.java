package dev.plumbline.bench;

import dev.plumbline.lm.Arithmetic;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A decoder of random weights with the work that is measured on it: the very calls of a pretraining
 * step, a forward pass, sampling.
 */
final class TrainingWork implements AutoCloseable {
  private static final double MAX_NORM = 1;
  private static final double LEARNING_RATE = 1e-4;
  private static final double WEIGHT_DECAY = 0.1;

  private final TorchRuntime runtime;
  private final DecoderSize size;
  private final int batch;
  private final int length;
  private final LanguageModel model;
  private final Program program;
  private final AdamW optimiser;
  private final List<int[]> ids = new ArrayList<>();
  private final List<int[]> wanted = new ArrayList<>();

  /** A decoder with the batch of its size. */
  TrainingWork(TorchRuntime runtime, DecoderSize size) {
    this(runtime, size, size.batch(), size.length());
  }

  /**
   * A decoder with a batch.
   *
   * @param batch sequences
   * @param length tokens of each
   */
  TrainingWork(TorchRuntime runtime, DecoderSize size, int batch, int length) {
    this.runtime = runtime;
    this.size = size;
    this.batch = batch;
    this.length = length;
    model = LanguageModel.initialise(runtime, size.config(), BenchWorld.tokenizer(), 1);
    program = model.program();
    optimiser =
        new AdamW(
            runtime,
            model.parameters(),
            model.parameterNames(),
            AdamW.Settings.withDecay(WEIGHT_DECAY));
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < batch; i++) {
      int[] tokens = random.ints(length + 1L, 4, DecoderSize.VOCABULARY).toArray();
      ids.add(Arrays.copyOf(tokens, length));
      wanted.add(Arrays.copyOfRange(tokens, 1, tokens.length));
    }
  }

  LanguageModel model() {
    return model;
  }

  /** Tokens of a training batch; each is predicted from those before it. */
  List<int[]> ids() {
    return ids;
  }

  /** What is predicted after each token. */
  List<int[]> wanted() {
    return wanted;
  }

  /** Tokens of a step. */
  double tokens() {
    return (double) batch * length;
  }

  /** Operations of a step, by {@link Arithmetic}. */
  double operations() {
    DecoderConfig config = size.config();
    return Arithmetic.of(config).training(batch, length, length);
  }

  /** One training step; returns the loss, nats a token. */
  double step() {
    try (Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.predicting(runtime, ids, wanted);
      double loss =
          program
              .gradients(
                  "lm_loss",
                  model.parameters(),
                  optimiser.gradients(),
                  batch.x(),
                  batch.at(),
                  batch.wanted())
              .loss();
      optimiser.clip(MAX_NORM);
      optimiser.step(LEARNING_RATE);
      return loss;
    }
  }

  /** The loss without a step, nats a token. */
  double loss() {
    try (Scope _ = runtime.scope()) {
      TokenBatch batch = TokenBatch.predicting(runtime, ids, wanted);
      double[] losses =
          program
              .call("token_losses", model.parameters(), batch.x(), batch.at(), batch.wanted())
              .getFirst()
              .toDoubles();
      return Arrays.stream(losses).average().orElseThrow();
    }
  }

  /** Writes the weights in Hugging Face form. */
  void save(Path directory) {
    model.save(directory);
  }

  @Override
  public void close() {
    optimiser.close();
    model.close();
  }
}
