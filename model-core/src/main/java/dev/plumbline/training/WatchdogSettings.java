package dev.plumbline.training;

/**
 * What is done where the numbers of a run go wrong; see {@link Watchdog}.
 *
 * @param onDivergence what is done about a loss or gradient that is not a finite number, and about
 *     a loss that has left its course
 * @param onCollapse what is done about an entropy or a KL divergence beyond its bound; studies of
 *     over-optimisation want to go there, so by default it is only said
 * @param lossFactor a loss above so many times the median of the steps before, and half a nat above
 *     it, five steps long, has left its course; 0 for no bound
 * @param entropyFloor an entropy below this share of the policy's at its start, three iterations
 *     long, has collapsed; 0 for no bound
 * @param klLimit a KL divergence above so many nats a response, three iterations long, has
 *     exploded; 0 for no bound
 * @param rateFactor what the learning rate is multiplied by after a return to a checkpoint: the
 *     same steps with the same rate would go wrong again
 * @param maxRollBacks returns before the run is given up
 */
public record WatchdogSettings(
    Action onDivergence,
    Action onCollapse,
    double lossFactor,
    double entropyFloor,
    double klLimit,
    double rateFactor,
    int maxRollBacks) {
  /** What a spec that says nothing gets. */
  public static final WatchdogSettings DEFAULT =
      new WatchdogSettings(Action.ROLL_BACK, Action.WARN, 3, 0.05, 100, 0.5, 3);

  /** What is done. */
  public enum Action {
    /** The run says so and goes on; where a number is not finite it stops, because it cannot. */
    WARN,
    /** The run goes back to its last checkpoint and on from there with a lower learning rate. */
    ROLL_BACK,
    /** The run fails and says why. */
    STOP
  }
}
