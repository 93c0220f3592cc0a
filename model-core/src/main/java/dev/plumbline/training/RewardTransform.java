package dev.plumbline.training;

/**
 * What PPO makes of a score before it is a reward. The paper trains on the score as it is and finds
 * no good reason for that (section 4.1); it names a reward that punishes bad responses more than it
 * praises good ones as a next step (section 7.1). A preference model's scores have no natural zero,
 * so where a shape bends at zero, {@code standardise} gives it a meaning: the mean of the reference
 * policy.
 *
 * @param standardise whether the score is first moved and divided so that the responses of the
 *     reference policy in the first batch have mean 0 and standard deviation 1 (divisor n - 1)
 * @param shape what is then done
 * @param low least value of a clipped score
 * @param high greatest value of a clipped score
 * @param scale size of the scores at which {@code tanh} and {@code sigmoid} bend, nats
 * @param slope what scores below zero are multiplied by in {@code punish}
 */
public record RewardTransform(
    boolean standardise, Shape shape, double low, double high, double scale, double slope) {
  /** The score as it is. */
  public static final RewardTransform IDENTITY =
      new RewardTransform(false, Shape.IDENTITY, -10, 10, 1, 2);

  /** A function of the score z. */
  public enum Shape {
    /** {@code z}. */
    IDENTITY,
    /** {@code min(max(z, low), high)}. */
    CLIP,
    /** {@code scale tanh(z / scale)}: z near zero, within +-scale. */
    TANH,
    /**
     * {@code scale / (1 + exp(-z / scale))}: at scale 1 the probability of being preferred to a
     * response of score zero.
     */
    SIGMOID,
    /** {@code z} from zero on, {@code slope z} below. */
    PUNISH
  }

  /**
   * The first batch's scores, in which {@code standardise} counts.
   *
   * @param mean nats
   * @param deviation nats
   */
  public record Standard(double mean, double deviation) {
    /** Leaves scores as they are. */
    public static final Standard NONE = new Standard(0, 1);
  }

  /** The reward of a score. */
  public double of(double score, Standard standard) {
    double z = standardise ? (score - standard.mean()) / standard.deviation() : score;
    return switch (shape) {
      case IDENTITY -> z;
      case CLIP -> Math.clamp(z, low, high);
      case TANH -> scale * Math.tanh(z / scale);
      case SIGMOID -> scale / (1 + Math.exp(-z / scale));
      case PUNISH -> z < 0 ? slope * z : z;
    };
  }
}
