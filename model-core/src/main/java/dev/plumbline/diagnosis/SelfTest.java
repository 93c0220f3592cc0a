package dev.plumbline.diagnosis;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Advantages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Computations on one device whose results are known: logits and gradients of a tiny decoder, found
 * by an independent float64 program (the family tests' golden files); one step of AdamW, as PyTorch
 * takes it; advantages worked out by hand; seeded sampling, which must give the same tokens on
 * every machine.
 */
final class SelfTest {
  /** Sequences of the golden files. */
  static final List<int[]> SEQUENCES =
      List.of(
          new int[] {1, 103, 222, 19, 227, 160, 222, 141, 152},
          new int[] {1, 79, 26, 75, 166},
          new int[] {1, 228, 122, 44, 217, 222, 30, 255, 215, 20, 257, 234, 234, 194});

  /** What {@link #SAMPLING} gives after the first sequence. */
  static final int[] SAMPLED = {152, 225, 201, 180, 129, 94, 211, 180};

  static final SamplingOptions SAMPLING = new SamplingOptions(0.8, 8, -1, 99, 0);

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "expected.safetensors");
  private static final String TEXT = "An honest answer, naïve or not: 1 + 1 = 2.";

  // Sums of float32 in another order; a wrong kernel errs by far more.
  private static final double LOGITS = 2e-4;
  private static final double GRADIENTS = 1e-3; // of the largest element of a tensor

  private final TorchRuntime runtime;
  private final Consumer<KnownAnswer> found;

  SelfTest(TorchRuntime runtime, Consumer<KnownAnswer> found) {
    this.runtime = runtime;
    this.found = found;
  }

  /** The tokenizer's own native library: what is encoded is decoded to the same text. */
  static KnownAnswer tokenizer() {
    Tokenizer tokenizer = BpeTrainer.train(List.of("a b c"), 260, Tokenizer.SPECIALS);
    String back = tokenizer.decode(tokenizer.encode(TEXT));
    return new KnownAnswer("Tokenizer round trip", TEXT, back, back.equals(TEXT) ? 0 : 1, 0);
  }

  /** Answers everything, in a folder that may be written. */
  void run(Path folder) {
    try {
      for (String file : FILES) {
        try (InputStream in =
            Objects.requireNonNull(SelfTest.class.getResourceAsStream("known/" + file), file)) {
          Files.copy(in, folder.resolve(file));
        }
      }
      BpeTrainer.train(List.of("a b c"), 260, Tokenizer.SPECIALS)
          .save(folder.resolve("tokenizer.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, SafeTensors.Entry> known =
        SafeTensors.read(folder.resolve("expected.safetensors")).tensors();
    try (LanguageModel model = LanguageModel.load(runtime, folder)) {
      found.accept(logits(model, known));
      found.accept(gradients(model, known));
      found.accept(sampling(model));
    }
    found.accept(adamW());
    found.accept(advantages());
  }

  private static float[] get(Map<String, SafeTensors.Entry> known, String name) {
    SafeTensors.Entry entry = known.get(name);
    if (entry == null) {
      throw new UserError("the known answers lack " + name + "; install Plumbline again");
    }
    return entry.values();
  }

  private static KnownAnswer logits(LanguageModel model, Map<String, SafeTensors.Entry> known) {
    List<float[]> last = model.nextLogits(SEQUENCES);
    int width = model.config().vocabularySize();
    double error = 0;
    for (int b = 0; b < SEQUENCES.size(); b++) {
      float[] all = get(known, "logits." + b);
      error =
          worse(
              error,
              difference(last.get(b), Arrays.copyOfRange(all, all.length - width, all.length)));
    }
    float[] first = get(known, "logits.0");
    return new KnownAnswer(
        "Decoder logits",
        number(first[first.length - width]),
        number(last.getFirst()[0]),
        error,
        LOGITS);
  }

  private KnownAnswer gradients(LanguageModel model, Map<String, SafeTensors.Entry> known) {
    try (Scope _ = runtime.scope()) {
      List<Tensor> into =
          model.parameters().stream().map(tensor -> runtime.zeros(tensor.shape())).toList();
      TokenBatch batch = TokenBatch.of(runtime, SEQUENCES);
      model
          .program()
          .gradients("lm_loss", model.parameters(), into, batch.x(), batch.at(), batch.wanted());
      double error = 0;
      for (int i = 0; i < into.size(); i++) {
        float[] wanted = get(known, "gradient." + model.parameterNames().get(i));
        double largest = 1e-3; // a key's bias has no gradient but rounding
        for (float value : wanted) {
          largest = Math.max(largest, Math.abs(value));
        }
        error = worse(error, difference(into.get(i).toFloats(), wanted) / largest);
      }
      float[] first = get(known, "gradient." + model.parameterNames().getFirst());
      return new KnownAnswer(
          "Decoder gradients",
          number(first[first.length - 1]),
          number(into.getFirst().toFloats()[first.length - 1]),
          error,
          GRADIENTS);
    }
  }

  private static KnownAnswer sampling(LanguageModel model) {
    Generation drawn = model.generate(List.of(SEQUENCES.getFirst()), SAMPLING).getFirst();
    int wrong = Math.abs(drawn.tokens().length - SAMPLED.length);
    for (int i = 0; i < Math.min(SAMPLED.length, drawn.tokens().length); i++) {
      wrong += drawn.tokens()[i] == SAMPLED[i] ? 0 : 1;
    }
    return new KnownAnswer("Seeded sampling", words(SAMPLED), words(drawn.tokens()), wrong, 0);
  }

  /** p = 1, g = 1e-5, lr = 0.1, eps = 1e-5: half of the learning rate, since |g| is epsilon. */
  private KnownAnswer adamW() {
    Tensor p = runtime.floats(new float[] {1}, 1).keep();
    try (p;
        AdamW optimiser =
            new AdamW(runtime, List.of(p), List.of("p"), new AdamW.Settings(0.9, 0.999, 1e-5, 0))) {
      optimiser.gradients().getFirst().set(new float[] {1e-5f});
      optimiser.step(0.1);
      double value = p.item();
      return new KnownAnswer(
          "AdamW step", number(0.95), number(value), Math.abs(value - 0.95), 1e-6);
    }
  }

  /** Equation 16 of Schulman et al. 2016 over three tokens, worked out by hand. */
  private static KnownAnswer advantages() {
    double[] wanted = {0.43675, 0.565, 0.7};
    double[] values = Advantages.gae(new double[] {0, 0, 1}, new double[] {0.5, 0.4, 0.3}, 1, 0.95);
    double error = 0;
    for (int i = 0; i < wanted.length; i++) {
      error = worse(error, Math.abs(values[i] - wanted[i]));
    }
    return new KnownAnswer("Advantages (GAE)", number(wanted[0]), number(values[0]), error, 1e-12);
  }

  private static double difference(float[] values, float[] wanted) {
    if (values.length != wanted.length) {
      return Double.NaN;
    }
    double greatest = 0;
    for (int i = 0; i < values.length; i++) {
      greatest = worse(greatest, Math.abs((double) values[i] - wanted[i]));
    }
    return greatest;
  }

  /** The greater of two errors; NaN is the greatest. */
  private static double worse(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }

  private static String words(int[] tokens) {
    return Arrays.toString(tokens).replaceAll("[\\[\\],]", "");
  }
}
