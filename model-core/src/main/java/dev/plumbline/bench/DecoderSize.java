package dev.plumbline.bench;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decoders that are measured: Llamas with {@value #VOCABULARY} tokens and tied embeddings, named by
 * the elements of their blocks. A training batch is what such a model would be trained with here.
 */
public enum DecoderSize {
  /** The sample study's size. */
  SMALL("0.8M", 4, 128, 4, 352, 64, 96),
  /** Twice as wide. */
  MIDDLE("3M", 4, 256, 4, 688, 32, 128),
  /** The width from which on the higher goal holds. */
  LARGE("13M", 4, 512, 8, 1376, 16, 128),
  /** The largest. */
  LARGEST("42M", 6, 768, 12, 2048, 8, 128);

  /** Tokens of the vocabulary. */
  public static final int VOCABULARY = 2048;

  private static final int CONTEXT = 512;

  private final String label;
  private final int layers;
  private final int width;
  private final int heads;
  private final int feedForward;
  private final int batch;
  private final int length;

  DecoderSize(
      String label, int layers, int width, int heads, int feedForward, int batch, int length) {
    this.label = label;
    this.layers = layers;
    this.width = width;
    this.heads = heads;
    this.feedForward = feedForward;
    this.batch = batch;
    this.length = length;
  }

  /** Elements of the blocks' matrices, rounded, as people write it. */
  public String label() {
    return label;
  }

  /** Sequences of a training batch. */
  public int batch() {
    return batch;
  }

  /** Tokens of a training sequence. */
  public int length() {
    return length;
  }

  /** The shape. */
  public DecoderConfig config() {
    return DecoderConfig.of(VOCABULARY, layers, width, heads, heads, feedForward, CONTEXT);
  }

  /** Size and shape in a few words. */
  public String describe() {
    return label + " (L" + layers + " d" + width + ")";
  }

  /**
   * Sizes by their labels.
   *
   * @throws UserError naming a label that there is not
   */
  public static List<DecoderSize> parse(List<String> labels) {
    return labels.stream()
        .map(
            text ->
                Arrays.stream(values())
                    .filter(size -> size.label.equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new UserError(
                                "no decoder size '%s'; there are %s"
                                    .formatted(
                                        text,
                                        Arrays.stream(values())
                                            .map(DecoderSize::label)
                                            .collect(Collectors.joining(", "))))))
        .toList();
  }
}
