package dev.plumbline.training;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * What is known of each token of a response, to be read beside it. So that a journal stays small, a
 * trace holds the first {@value #LONGEST} tokens of a response at most and {@value #DIGITS}
 * significant digits of each number.
 *
 * @param tokens the response's tokens in order, the end token included; empty where nothing was
 *     kept
 */
public record TokenTrace(List<Token> tokens) {
  /** Tokens of a response that are kept. */
  public static final int LONGEST = 256;

  /** Significant digits that are kept. */
  public static final int DIGITS = 4;

  /** Nothing was kept, as in runs before there were traces. */
  public static final TokenTrace NONE = new TokenTrace(List.of());

  private static final MathContext SHORT = new MathContext(DIGITS);

  /**
   * A token.
   *
   * @param end where its text ends in the response, in chars from the response's begin; the text
   *     begins where that of the token before ends. A token without text of its own, such as the
   *     end token or the first bytes of a character, ends where the one before does
   * @param logProbability ln pi of the token at the sampling temperature, nats
   * @param referenceLogProbability the same under the reference policy
   * @param kl KL(pi, pi_ref) of the next-token distributions before the token, over the whole
   *     vocabulary, nats
   * @param entropy entropy of pi before the token, nats
   * @param value value function before the token, nats
   * @param advantage generalised advantage of the token from rewards that were not whitened, nats,
   *     not whitened itself
   */
  public record Token(
      int end,
      double logProbability,
      double referenceLogProbability,
      double kl,
      double entropy,
      double value,
      double advantage) {}

  /** Copies the list. */
  public TokenTrace {
    tokens = List.copyOf(tokens);
  }

  /** Whether nothing was kept. */
  public boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** A number as short as a trace keeps it; what is not finite stays. */
  public static double rounded(double value) {
    // Adding zero turns minus zero into zero.
    return Double.isFinite(value) ? new BigDecimal(value).round(SHORT).doubleValue() + 0.0 : value;
  }
}
