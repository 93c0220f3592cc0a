package dev.plumbline.lm;

/**
 * A sampled continuation.
 *
 * @param tokens the new tokens, with the end token where the response ended by itself
 * @param logProbabilities ln p of each, at the sampling temperature (at 1 where that is 0), nats
 * @param ended whether it ended by itself and not at the length limit
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
public record Generation(int[] tokens, double[] logProbabilities, boolean ended) {}
