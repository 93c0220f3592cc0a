package dev.plumbline.lm;

/**
 * A policy beside a reference on one response of n tokens; each array has n entries, in nats.
 *
 * @param logProbabilities ln pi of each token
 * @param referenceLogProbabilities ln pi_0 of each token
 * @param entropies entropy of pi at each token
 * @param kl exact KL(pi, pi_0) of the next-token distributions at each token, summed over the whole
 *     vocabulary
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
public record PolicyComparison(
    double[] logProbabilities,
    double[] referenceLogProbabilities,
    double[] entropies,
    double[] kl) {}
