package dev.plumbline.training;

/**
 * The two clipped losses of PPO at one token, as plain functions: what the model program computes
 * in bulk, in the form in which it is tested (Schulman et al. 2017, equation 7).
 */
public final class PpoObjective {
  private PpoObjective() {}

  /**
   * Clipped policy loss {@code max(-A ratio, -A clip(ratio, 1 - eps, 1 + eps))}.
   *
   * @param ratio pi / pi_rollout of the token
   * @param advantage advantage of the token
   * @param clipRange eps
   */
  public static double policyLoss(double ratio, double advantage, double clipRange) {
    double clipped = Math.clamp(ratio, 1 - clipRange, 1 + clipRange);
    return Math.max(-advantage * ratio, -advantage * clipped);
  }

  /**
   * Clipped value loss {@code max((V - R)^2, (V_old + clip(V - V_old, -eps, eps) - R)^2) / 2}.
   *
   * @param value V now
   * @param oldValue V when the response was drawn
   * @param target R, the return
   * @param clipRange eps, nats
   */
  public static double valueLoss(double value, double oldValue, double target, double clipRange) {
    double clipped = oldValue + Math.clamp(value - oldValue, -clipRange, clipRange);
    double plain = (value - target) * (value - target);
    return Math.max(plain, (clipped - target) * (clipped - target)) / 2;
  }
}
