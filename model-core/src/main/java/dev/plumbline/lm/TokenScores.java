package dev.plumbline.lm;

/**
 * What a model says of a sequence of n tokens; entry {@code t} of both arrays, of length n - 1, is
 * about token {@code t + 1}.
 *
 * @param logProbabilities ln p(token given those before), nats
 * @param entropies entropy of the distribution that the token is drawn from, nats
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
public record TokenScores(double[] logProbabilities, double[] entropies) {
  /** Mean log-probability, nats per token. */
  public double meanLogProbability() {
    double sum = 0;
    for (double value : logProbabilities) {
      sum += value;
    }
    return sum / logProbabilities.length;
  }
}
