package dev.plumbline.lm;

import java.util.List;

/**
 * How responses are sampled.
 *
 * @param temperature logits are divided by it; 0 takes the most probable token
 * @param maxNewTokens length limit of a response
 * @param eos token that ends a response; negative for none
 * @param seed key of the random numbers
 * @param firstStream stream of the first prompt; prompt {@code i} draws from stream {@code
 *     firstStream + i}, whatever else is in the batch
 * @param cut which tokens may be drawn
 * @param stop texts that end a response when it holds one of them; the response keeps the token
 *     that completed it
 */
public record SamplingOptions(
    double temperature,
    int maxNewTokens,
    int eos,
    long seed,
    long firstStream,
    Cut cut,
    List<String> stop) {

  /**
   * Bounds on the tokens that may be drawn. A response drawn under bounds is not a draw from the
   * policy, so PPO cannot learn from it.
   *
   * @param topK only so many of the most probable tokens; 0 for all
   * @param topP then only the smallest set of the most probable that holds this share of the
   *     probability that is left (Holtzman et al. 2020); 1 for all
   * @param minNewTokens no end token before so many tokens
   */
  public record Cut(int topK, double topP, int minNewTokens) {
    /** No bounds. */
    public static final Cut NONE = new Cut(0, 1, 0);

    public Cut {
      if (topK < 0 || !(topP > 0 && topP <= 1) || minNewTokens < 0) {
        throw new IllegalArgumentException(
            "top-k " + topK + ", top-p " + topP + ", at least " + minNewTokens + " tokens");
      }
    }
  }

  public SamplingOptions {
    if (!(temperature >= 0) || Double.isInfinite(temperature) || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "temperature " + temperature + ", at most " + maxNewTokens + " tokens");
    }
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("an empty stop text");
    }
  }

  /** Sampling from the whole distribution, without stop texts. */
  public SamplingOptions(
      double temperature, int maxNewTokens, int eos, long seed, long firstStream) {
    this(temperature, maxNewTokens, eos, seed, firstStream, Cut.NONE, List.of());
  }

  /** The most probable token at each place. */
  public static SamplingOptions greedy(int maxNewTokens, int eos) {
    return new SamplingOptions(0, maxNewTokens, eos, 0, 0);
  }

  /** The same with another end token. */
  public SamplingOptions endingAt(int token) {
    return new SamplingOptions(temperature, maxNewTokens, token, seed, firstStream, cut, stop);
  }

  /** The same with bounds. */
  public SamplingOptions with(Cut bounds) {
    return new SamplingOptions(temperature, maxNewTokens, eos, seed, firstStream, bounds, stop);
  }

  /** The same with stop texts. */
  public SamplingOptions stoppingAt(List<String> texts) {
    return new SamplingOptions(temperature, maxNewTokens, eos, seed, firstStream, cut, texts);
  }

  /** Whether what is drawn is a draw from the model's distribution at the temperature. */
  public boolean unbounded() {
    return temperature > 0 && cut.equals(Cut.NONE) && stop.isEmpty();
  }
}
