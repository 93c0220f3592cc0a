package dev.plumbline.lm;

import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import java.util.List;

/** Models of a few thousand parameters, with weights large enough to matter. */
final class TinyModels {
  private TinyModels() {}

  static LanguageModel untied(TorchRuntime runtime, long seed) {
    return model(runtime, seed, false);
  }

  static LanguageModel tied(TorchRuntime runtime, long seed) {
    return model(runtime, seed, true);
  }

  private static LanguageModel model(TorchRuntime runtime, long seed, boolean tied) {
    Tokenizer tokenizer = BpeTrainer.train(List.of("a b c"), 260, Tokenizer.SPECIALS);
    DecoderConfig shape = DecoderConfig.of(260, 2, 16, 4, 2, 24, 64);
    DecoderConfig config = tied ? shape : shape.untied();
    LanguageModel model = LanguageModel.initialise(runtime, config, tokenizer, seed);
    for (int i = 0; i < model.parameters().size(); i++) {
      float[] values = model.parameters().get(i).toFloats();
      for (int j = 0; j < values.length; j++) {
        values[j] += (float) (0.3 * Randomness.gaussian(seed + 1, i, j));
      }
      model.parameters().get(i).set(values);
    }
    return model;
  }

  /** Sequences of ordinary tokens that begin with the begin token. */
  static List<int[]> sequences(long seed, int... lengths) {
    return java.util.stream.IntStream.range(0, lengths.length)
        .mapToObj(
            b -> {
              int[] ids = new int[lengths[b]];
              ids[0] = 1;
              for (int t = 1; t < ids.length; t++) {
                ids[t] = 4 + (int) (256 * Randomness.uniform(seed, b, t));
              }
              return ids;
            })
        .toList();
  }
}
