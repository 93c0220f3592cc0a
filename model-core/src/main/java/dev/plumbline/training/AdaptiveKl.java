package dev.plumbline.training;

/**
 * The weight of the KL penalty that follows a target (Ziegler et al. 2019, section 2.2): {@code
 * lambda (1 + clip(KL / target - 1, +-0.2) n / horizon)}.
 */
final class AdaptiveKl {
  private static final double BOUND = 0.2;

  private AdaptiveKl() {}

  /**
   * The next weight.
   *
   * @param lambda the weight so far
   * @param kl KL divergence of the batch, nats a response
   * @param target the divergence to be held, nats a response
   * @param responses responses of the batch
   * @param horizon responses over which a divergence far above the target multiplies the weight by
   *     1.2
   */
  static double next(double lambda, double kl, double target, int responses, double horizon) {
    double error = Math.clamp(kl / target - 1, -BOUND, BOUND);
    return lambda * (1 + error * responses / horizon);
  }
}
