package dev.plumbline.training;

import java.util.Arrays;

/**
 * Advantages of PPO: generalised advantage estimation, whitening and explained variance, as plain
 * functions over arrays.
 */
public final class Advantages {
  /**
   * Added to the variance when values are whitened, so that a constant batch gives zeros and no
   * infinities.
   */
  public static final double WHITENING_EPSILON = 1e-8;

  /** Whether whitening also moves the mean to zero. */
  public enum Mean {
    /** The mean becomes zero (advantages). */
    REMOVE,
    /** Only the spread is changed (rewards). */
    KEEP
  }

  /** The divisor of the variance. */
  public enum Variance {
    /** Divided by n. */
    BIASED,
    /** Divided by n - 1. */
    UNBIASED
  }

  private Advantages() {}

  /**
   * Generalised advantage estimation (Schulman et al. 2016, equation 16) over one response:
   *
   * <pre>
   * delta_t = r_t + gamma V_{t+1} - V_t,   A_t = delta_t + gamma lambda A_{t+1}
   * </pre>
   *
   * with value and advantage zero after the last token, since the response is complete there.
   *
   * @param rewards reward at each token, nats
   * @param values value before each token, nats
   * @param gamma discount
   * @param lambda weight of longer returns
   * @return advantage of each token; return of a token is advantage plus value
   */
  public static double[] gae(double[] rewards, double[] values, double gamma, double lambda) {
    boolean[] mask = new boolean[rewards.length];
    Arrays.fill(mask, true);
    return gae(rewards, values, mask, gamma, lambda);
  }

  /**
   * The same where some positions are no tokens of the response: these get advantage zero, and the
   * recursion passes over them as if they were not there.
   *
   * @param mask true at tokens of the response
   */
  public static double[] gae(
      double[] rewards, double[] values, boolean[] mask, double gamma, double lambda) {
    if (rewards.length != values.length || rewards.length != mask.length) {
      throw new IllegalArgumentException(
          "rewards, values and mask differ in length: %d, %d, %d"
              .formatted(rewards.length, values.length, mask.length));
    }
    double[] advantages = new double[rewards.length];
    double nextValue = 0;
    double nextAdvantage = 0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      if (mask[t]) {
        double delta = rewards[t] + gamma * nextValue - values[t];
        advantages[t] = delta + gamma * lambda * nextAdvantage;
        nextValue = values[t];
        nextAdvantage = advantages[t];
      }
    }
    return advantages;
  }

  /**
   * Values divided by their standard deviation.
   *
   * @param mask true where a value counts and is changed; the others stay as they are
   */
  public static double[] whiten(double[] values, boolean[] mask, Mean shift, Variance variance) {
    if (values.length != mask.length) {
      throw new IllegalArgumentException(
          "values and mask differ in length: %d, %d".formatted(values.length, mask.length));
    }
    int n = 0;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      if (mask[i]) {
        n++;
        sum += values[i];
      }
    }
    double[] white = values.clone();
    if (n == 0) {
      return white;
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      if (mask[i]) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
    }
    int divisor = variance == Variance.BIASED ? n : Math.max(1, n - 1);
    double scale = 1 / Math.sqrt(squares / divisor + WHITENING_EPSILON);
    for (int i = 0; i < values.length; i++) {
      if (mask[i]) {
        white[i] = (values[i] - mean) * scale + (shift == Mean.KEEP ? mean : 0);
      }
    }
    return white;
  }

  /** The same with every value counted. */
  public static double[] whiten(double[] values, Mean shift, Variance variance) {
    boolean[] mask = new boolean[values.length];
    Arrays.fill(mask, true);
    return whiten(values, mask, shift, variance);
  }

  /**
   * Share of the variance of the returns that the values explain: {@code 1 - Var(R - V) / Var(R)};
   * NaN where the returns do not vary.
   */
  public static double explainedVariance(double[] values, double[] returns) {
    if (values.length != returns.length) {
      throw new IllegalArgumentException(
          "values and returns differ in length: %d, %d".formatted(values.length, returns.length));
    }
    double[] rest = new double[values.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = returns[i] - values[i];
    }
    double total = variance(returns);
    return total > 0 ? 1 - variance(rest) / total : Double.NaN;
  }

  private static double variance(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length == 0 ? 0 : squares / values.length;
  }
}
