package dev.plumbline.lm;

/**
 * How responses are sampled.
 *
 * @param temperature logits are divided by it; 0 takes the most probable token
 * @param maxNewTokens length limit of a response
 * @param eos token that ends a response
 * @param seed key of the random numbers
 * @param firstStream stream of the first prompt; prompt {@code i} draws from stream {@code
 *     firstStream + i}, whatever else is in the batch
 */
public record SamplingOptions(
    double temperature, int maxNewTokens, int eos, long seed, long firstStream) {

  public SamplingOptions {
    if (!(temperature >= 0) || Double.isInfinite(temperature) || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "temperature " + temperature + ", at most " + maxNewTokens + " tokens");
    }
  }

  /** The most probable token at each place. */
  public static SamplingOptions greedy(int maxNewTokens, int eos) {
    return new SamplingOptions(0, maxNewTokens, eos, 0, 0);
  }
}
