package dev.plumbline.lm;

import java.util.Set;

/**
 * What distinguishes one family of decoders from another. The program's text is written for the
 * options, so that one which is not used costs nothing.
 *
 * @param norm kind of the norms
 * @param normEpsilon epsilon of the norms
 * @param positions how positions enter
 * @param activation the feed-forward layer's
 * @param residual how a block's two sublayers are added
 * @param biases which linear maps have a bias
 * @param headNorm whether each head's queries and keys are normed (root mean square) before the
 *     rotary embedding
 * @param slidingWindow how many tokens a token sees, itself included; 0 for all before it
 * @param embeddingScale what embeddings are multiplied by
 */
public record DecoderOptions(
    Norm norm,
    double normEpsilon,
    Positions positions,
    Activation activation,
    Residual residual,
    Set<Bias> biases,
    boolean headNorm,
    int slidingWindow,
    double embeddingScale) {

  public DecoderOptions {
    biases = Set.copyOf(biases);
  }

  /** A Llama's options, with unscaled rotary embedding. */
  public static DecoderOptions llama(double normEpsilon, double ropeTheta) {
    return new DecoderOptions(
        Norm.RMS,
        normEpsilon,
        Positions.Rotary.of(ropeTheta),
        Activation.SILU_GATED,
        Residual.SEQUENTIAL,
        Set.of(),
        false,
        0,
        1);
  }

  boolean has(Bias bias) {
    return biases.contains(bias);
  }

  /** Norms. */
  public enum Norm {
    /** x / sqrt(mean(x^2) + epsilon) * weight (Zhang and Sennrich 2019). */
    RMS,
    /** The same with (1 + weight), so that a weight of zero changes nothing (Gemma). */
    RMS_FROM_ONE,
    /** (x - mean) / sqrt(variance + epsilon) * weight + bias (Ba et al. 2016). */
    LAYER;

    /** What a fresh weight is. */
    float start() {
      return this == RMS_FROM_ONE ? 0 : 1;
    }
  }

  /**
   * Activations of the feed-forward layer: down(f(up(x))), or, gated, down(f(gate(x)) * up(x))
   * (Shazeer 2020).
   */
  public enum Activation {
    /** x * sigmoid(x), gated. */
    SILU_GATED("torch.silu(%s)", true),
    /** The Gaussian error unit by its tanh formula, gated. */
    GELU_TANH_GATED("torch.gelu(%s, approximate=\"tanh\")", true),
    /** The Gaussian error unit x * Phi(x) (Hendrycks and Gimpel 2016). */
    GELU("torch.gelu(%s)", false),
    /** The Gaussian error unit by its tanh formula. */
    GELU_TANH("torch.gelu(%s, approximate=\"tanh\")", false);

    private final String text;
    private final boolean gated;

    Activation(String text, boolean gated) {
      this.text = text;
      this.gated = gated;
    }

    /** TorchScript that applies the function to an expression. */
    String of(String expression) {
      return text.formatted(expression);
    }

    /** Whether a gate is multiplied with the up projection: three matrices instead of two. */
    public boolean gated() {
      return gated;
    }
  }

  /** How attention and the feed-forward layer are added to the residual stream. */
  public enum Residual {
    /** h = x + attention(norm1(x)), then h + feedForward(norm2(h)). */
    SEQUENTIAL,
    /** x + attention(norm1(x)) + feedForward(norm2(x)) (Wang and Komatsuzaki 2021). */
    PARALLEL,
    /** x + attention(n) + feedForward(n) with n = norm1(x); there is no second norm. */
    PARALLEL_ONE_NORM
  }

  /** Linear maps that may have a bias. */
  public enum Bias {
    QUERY_KEY_VALUE,
    ATTENTION_OUTPUT,
    FEED_FORWARD,
    LOGITS
  }
}
