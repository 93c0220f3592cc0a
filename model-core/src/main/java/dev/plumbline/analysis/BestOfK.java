package dev.plumbline.analysis;

/** Best-of-k sampling, and the slope that theory gives the law of reward against sqrt(KL). */
public final class BestOfK {
  private BestOfK() {}

  /**
   * KL divergence of the best of k samples to the sampled policy, in nats, when no two samples tie:
   * ln k - (k - 1) / k. The paper's App. B.6 uses ln k.
   */
  public static double kl(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("the best of " + k + " samples");
    }
    return Math.log(k) - (k - 1.0) / k;
  }

  /**
   * The initial slope of reward against sqrt(KL), in nats per sqrt(nat): sqrt(2) times the standard
   * deviation of the reward under the initial policy for a fixed prompt (paper section 4.3).
   */
  public static double initialSlope(double rewardStandardDeviation) {
    return Math.sqrt(2) * rewardStandardDeviation;
  }
}
