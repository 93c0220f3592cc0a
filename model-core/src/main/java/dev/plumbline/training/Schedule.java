package dev.plumbline.training;

/**
 * Learning rate over the steps of a run, as a share of its peak: linear warm-up, then one of four
 * courses.
 *
 * @param course what happens after the warm-up
 * @param warmupSteps steps until the peak; the first step has {@code 1 / warmupSteps} of it
 * @param totalSteps steps of the run
 * @param halveEvery steps between halvings, where the course halves
 */
public record Schedule(Course course, long warmupSteps, long totalSteps, long halveEvery) {
  /** The course after the warm-up. */
  public enum Course {
    /** Stays at the peak. */
    CONSTANT,
    /** Falls linearly; it would reach zero one step after the last. */
    LINEAR,
    /** Falls along half a cosine and reaches a tenth at the last step. */
    COSINE,
    /**
     * Halves after every so many steps from the warm-up's end (paper appendix A.1 and B.1: after
     * every 100,000 samples).
     */
    HALVING
  }

  /**
   * Share of the peak rate at a step, in (0, 1].
   *
   * @param step steps done before, from 0
   */
  public double share(long step) {
    if (step < warmupSteps) {
      return (step + 1.0) / warmupSteps;
    }
    long decaySteps = totalSteps - warmupSteps;
    double done = step - warmupSteps;
    return switch (course) {
      case CONSTANT -> 1;
      case LINEAR -> decaySteps <= 0 ? 1 : Math.max(0, 1 - done / decaySteps);
      case HALVING -> Math.pow(0.5, Math.floor(done / halveEvery));
      case COSINE -> {
        double way = decaySteps <= 1 ? 0 : Math.min(1, done / (decaySteps - 1));
        yield 0.1 + 0.9 * (1 + Math.cos(Math.PI * way)) / 2;
      }
    };
  }
}
