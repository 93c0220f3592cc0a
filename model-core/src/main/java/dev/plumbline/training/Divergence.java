package dev.plumbline.training;

import dev.plumbline.data.UserError;

/** Stops a run whose numbers are no longer numbers, before they reach the weights. */
final class Divergence {
  private Divergence() {}

  /**
   * Requires finite values.
   *
   * @throws UserError naming what is not, where, and what to do
   */
  static void check(String stage, long step, double loss, double gradientNorm) {
    if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
      throw new UserError(
          ("%s diverged at step %d: loss %s, gradient norm %s; resume from the last checkpoint with"
                  + " a lower learning_rate")
              .formatted(stage, step, loss, gradientNorm));
    }
  }
}
