package dev.plumbline.training;

/**
 * Estimates of D_KL(pi || pi_ref) at one token drawn from pi, in nats. Their sums over a response
 * estimate the KL divergence of whole responses, which the paper calls D_KL (section 4.3).
 */
public final class KlEstimators {
  private KlEstimators() {}

  /** {@code ln pi - ln pi_ref}: unbiased, may be negative. */
  public static double k1(double logProbability, double reference) {
    return logProbability - reference;
  }

  /** {@code (ln pi - ln pi_ref)^2 / 2}: biased, low variance, never negative. */
  public static double k2(double logProbability, double reference) {
    double difference = logProbability - reference;
    return difference * difference / 2;
  }

  /** {@code exp(d) - 1 - d} with {@code d = ln pi_ref - ln pi}: unbiased, never negative. */
  public static double k3(double logProbability, double reference) {
    double difference = reference - logProbability;
    return Math.max(0, Math.expm1(difference) - difference);
  }

  /**
   * The divergence itself over the whole vocabulary.
   *
   * @param probabilities pi over the vocabulary, sums to 1
   * @param reference pi_ref over the vocabulary, sums to 1
   */
  public static double exact(double[] probabilities, double[] reference) {
    if (probabilities.length != reference.length) {
      throw new IllegalArgumentException(
          "distributions over %d and %d tokens".formatted(probabilities.length, reference.length));
    }
    double sum = 0;
    for (int v = 0; v < probabilities.length; v++) {
      if (probabilities[v] > 0) {
        sum += probabilities[v] * (Math.log(probabilities[v]) - Math.log(reference[v]));
      }
    }
    return sum;
  }
}
