package dev.plumbline.lm;

/**
 * Floating-point operations that a decoder's matrix products need; a multiply and an add are two.
 *
 * <ul>
 *   <li>Blocks, forward: {@code 2 N} a token, where N is the number of elements of the blocks'
 *       matrices: no embedding, no norms (Kaplan et al. 2020, section 2.1).
 *   <li>Attention, forward: {@code 4 w} for each pair of a token and one that it sees, itself
 *       included, where w is the width of all heads together: {@code w} products for the score and
 *       {@code w} for the sum of values. Only what causality leaves is counted, {@code T (T + 1) /
 *       2} pairs a sequence and block.
 *   <li>Logits, forward: {@code 2 V d} for each predicted token.
 *   <li>A training step: three times the forward pass, because each product's backward pass is two
 *       products of its size. So {@code 6 N} a token, and logits and attention beside it.
 * </ul>
 *
 * <p>Norms, activations, softmax, rotations and the optimiser are work but not counted. Nothing is
 * counted twice for being computed twice.
 *
 * @param blockElements N
 * @param blocks number of blocks
 * @param attentionWidth w
 * @param outputElements V d
 */
public record Arithmetic(long blockElements, int blocks, long attentionWidth, long outputElements) {

  /** The counts of a shape. */
  public static Arithmetic of(DecoderConfig config) {
    long d = config.dModel();
    long queries = (long) config.heads() * config.headWidth();
    long keys = (long) config.kvHeads() * config.headWidth();
    long feedForward = (config.options().activation().gated() ? 3L : 2L) * d * config.feedForward();
    long block = 2 * d * queries + 2 * d * keys + feedForward;
    return new Arithmetic(
        config.layers() * block, config.layers(), queries, d * config.vocabularySize());
  }

  /**
   * Operations of a forward pass.
   *
   * @param sequences number of sequences
   * @param length tokens of each
   * @param predicted tokens of each whose logits are wanted
   */
  public double forward(long sequences, long length, long predicted) {
    double pairs = length * (length + 1) / 2.0;
    return sequences
        * (2.0 * blockElements * length
            + 4.0 * attentionWidth * blocks * pairs
            + 2.0 * outputElements * predicted);
  }

  /** Operations of a training step: a forward and a backward pass. */
  public double training(long sequences, long length, long predicted) {
    return 3 * forward(sequences, length, predicted);
  }

  /**
   * Operations of sampling with a key-value cache: the prompt's last logits, and each further token
   * but the last goes through the blocks once.
   *
   * @param prompt tokens of each prompt
   * @param sampled tokens of each response
   */
  public double sampling(long sequences, long prompt, long sampled) {
    return forward(sequences, prompt + sampled - 1, sampled);
  }
}
