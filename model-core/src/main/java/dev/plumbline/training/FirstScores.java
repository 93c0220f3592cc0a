package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.List;

/**
 * Mean and standard deviation of the scores that the reference policy's responses got in the first
 * batch, by each scorer: what a reward is standardised by, and the zero that several scorers share
 * where their models remember none ({@link ScoreZeros}). Kept in float32, as a checkpoint holds
 * them, so that a resumed run counts with the same numbers.
 */
final class FirstScores implements AutoCloseable {
  private final Tensor values;
  private final int scorers;

  /** Of so many scorers; until {@link #start} the zero is 0 and the deviation 1. */
  FirstScores(TorchRuntime runtime, int scorers) {
    this.scorers = scorers;
    values = runtime.zeros(2, scorers).keep();
    float[] plain = new float[2 * scorers];
    for (int k = 0; k < scorers; k++) {
      plain[scorers + k] = 1;
    }
    values.set(plain);
  }

  /**
   * Takes the first batch's scores.
   *
   * @param scores by scorer, then by response
   */
  void start(List<double[]> scores) {
    float[] found = new float[2 * scorers];
    for (int k = 0; k < scorers; k++) {
      double mean = Means.of(scores.get(k)).mean();
      double squares = 0;
      for (double score : scores.get(k)) {
        squares += (score - mean) * (score - mean);
      }
      found[k] = (float) mean;
      found[scorers + k] = (float) Math.sqrt(squares / Math.max(1, scores.get(k).length - 1));
    }
    values.set(found);
  }

  /** Mean of a scorer's first scores, nats. */
  double mean(int scorer) {
    return values.toDoubles()[scorer];
  }

  /**
   * Mean and deviation of a scorer's first scores.
   *
   * @throws UserError where they were all the same
   */
  RewardTransform.Standard standard(int scorer) {
    double[] found = values.toDoubles();
    double deviation = found[scorers + scorer];
    if (!(deviation > 1e-6)) {
      throw new UserError(
          "all responses of the first batch have the score %s, so it has no spread to be divided by;"
                  .formatted(found[scorer])
              + " leave reward.transform.standardise out, or raise batch_size");
    }
    return new RewardTransform.Standard(found[scorer], deviation);
  }

  /** What a checkpoint keeps. */
  Tensor values() {
    return values;
  }

  @Override
  public void close() {
    values.close();
  }
}
