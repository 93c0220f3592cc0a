package dev.plumbline.training;

import dev.plumbline.lm.DecoderConfig;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sizes of models by name: the five smallest rows of the paper's ladder (section 9.1, after Askell
 * et al. 2021: the width is 128 times the depth, a block has 12 d^2 parameters), and two below them
 * for a laptop.
 *
 * <p>The decoder's feed-forward layer is gated, with three matrices where the paper's has two; its
 * width is 8/3 d, to the nearest multiple of eight, so that a block keeps its 12 d^2.
 */
public enum ModelLadder {
  /** 0.8 million, the default of specs. */
  M0_8("0.8M", 4, 128, 4, 352),
  /** 3 million. */
  M3("3M", 4, 256, 4, 688),
  /** 13 million. */
  M13("13M", 4, 512, 8, 1368),
  /** 42 million. */
  M42("42M", 6, 768, 12, 2048),
  /** 197 million. */
  M197("197M", 10, 1280, 20, 3416),
  /** 810 million. */
  M810("810M", 16, 2048, 16, 5464),
  /** 2.7 billion. */
  B2_7("2.7B", 24, 3072, 24, 8192);

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final PretrainingSettings.ModelSize size;

  ModelLadder(String label, int layers, int dModel, int heads, int feedForward) {
    this.label = label;
    this.size = new PretrainingSettings.ModelSize(layers, dModel, heads, heads, feedForward);
  }

  /** The name in specs: {@code 13M}. */
  public String label() {
    return label;
  }

  /** The shape. */
  public PretrainingSettings.ModelSize size() {
    return size;
  }

  /** The size of a name. */
  public static Optional<ModelLadder> of(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
  }

  /**
   * Trained numbers of a shape, all of them: embedding, blocks and norms.
   *
   * @param vocabularySize tokens of the vocabulary
   */
  public static long parameters(PretrainingSettings.ModelSize size, int vocabularySize) {
    return DecoderConfig.of(
            vocabularySize,
            size.layers(),
            size.dModel(),
            size.heads(),
            size.kvHeads(),
            size.feedForward(),
            2)
        .parameterCount();
  }
}
