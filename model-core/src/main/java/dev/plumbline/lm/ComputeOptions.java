package dev.plumbline.lm;

/**
 * How a decoder is computed, as opposed to what it is.
 *
 * @param precision numbers of the matrix products
 * @param activationCheckpointing whether a backward pass keeps only the residual stream between
 *     blocks and computes each block again (Chen et al. 2016): the same gradients for about a third
 *     more arithmetic and, of L blocks, the activations of one
 * @param dropout share of the numbers that are set to zero, the others being scaled up, at the
 *     embedding and where attention and feed-forward layers are added to the residual stream
 *     (Srivastava et al. 2014); only batches with a {@link TokenBatch#dropping key} are affected
 */
public record ComputeOptions(Precision precision, boolean activationCheckpointing, double dropout) {
  /** Single precision, nothing computed twice, nothing dropped. */
  public static final ComputeOptions PLAIN = new ComputeOptions(Precision.FLOAT32, false, 0);

  public ComputeOptions {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout " + dropout);
    }
  }

  /** What sampling needs of them. */
  ComputeOptions forward() {
    return new ComputeOptions(precision, false, 0);
  }
}
