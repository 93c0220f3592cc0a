package dev.plumbline.training;

/** Something is wrong with a run's numbers: what, where, and by how much. */
final class Anomaly extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of anomalies. */
  enum Kind {
    /** A loss or a gradient is not a finite number; the weights have not seen it. */
    NOT_FINITE,
    /** The loss has left its course. */
    DIVERGENCE,
    /** The policy has become nearly deterministic. */
    ENTROPY_COLLAPSE,
    /** The policy has gone far from its reference. */
    KL_EXPLOSION
  }

  private final Kind kind;

  Anomaly(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /**
   * Requires finite values, before they reach the weights.
   *
   * @throws Anomaly naming what is not
   */
  static void requireFinite(String stage, long step, double loss, double gradientNorm) {
    if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
      throw new Anomaly(
          Kind.NOT_FINITE,
          "loss or gradient not finite at step %d of %s: loss %s, gradient norm %s"
              .formatted(step, stage, loss, gradientNorm));
    }
  }
}
