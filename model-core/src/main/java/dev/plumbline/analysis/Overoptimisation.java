package dev.plumbline.analysis;

import java.util.Optional;

/**
 * The laws of over-optimisation of Gao, Schulman and Hilton (2022): with d = sqrt(KL), the gold
 * reward gained by best-of-n is d (alpha - beta d), by reinforcement learning d (alpha - beta ln
 * d). Both are linear in alpha and beta and are fitted by least squares without an intercept: the
 * gain at d = 0 is 0 by definition, so rewards must be given relative to the initial policy. A
 * point at d = 0 says nothing of alpha and beta but counts as a residual.
 *
 * <p>Errors take points as independent; points along one run are not, and the intervals are then
 * too narrow.
 *
 * @param form which law
 * @param n points
 * @param clipped points whose mean KL was negative and was taken as 0
 * @param largest largest d of the points, sqrt(nat)
 * @param alpha the gain per sqrt(nat) to begin with
 * @param beta how fast it is lost
 * @param residualDeviation standard deviation of the residuals with n - 2 below, nats
 * @param rSquared 1 - squared residuals over squares about the mean; NaN for a constant reward
 * @param peak where the gain is largest; empty where the law has no peak
 * @param noPeak why it has none; empty where it has
 */
public record Overoptimisation(
    Form form,
    int n,
    int clipped,
    double largest,
    Coefficient alpha,
    Coefficient beta,
    double residualDeviation,
    double rSquared,
    Optional<Peak> peak,
    String noPeak) {

  /** The two laws. */
  public enum Form {
    /** Best-of-n: d (alpha - beta d). */
    BON,
    /** Reinforcement learning: d (alpha - beta ln d). */
    RL;

    /** What beta is multiplied with, negated; 0 at d = 0. */
    double loss(double d) {
      return this == BON ? d * d : d > 0 ? d * Math.log(d) : 0;
    }
  }

  /**
   * Where the gain is largest. Intervals are by the delta method on the logarithms, so that their
   * ends are positive.
   *
   * @param distance d there, sqrt(nat)
   * @param distanceInterval its interval
   * @param kl the KL there, nats
   * @param reward the gain there, nats
   * @param rewardInterval its interval
   * @param extrapolated whether it lies beyond the largest d of the points
   * @param betaCertain whether beta's interval excludes 0; where it does not, the points do not
   *     show that there is a peak
   */
  public record Peak(
      double distance,
      Interval distanceInterval,
      double kl,
      double reward,
      Interval rewardInterval,
      boolean extrapolated,
      boolean betaCertain) {}

  /** The gain at a distance. */
  public double at(double d) {
    return alpha.value() * d - beta.value() * form.loss(d);
  }

  /** Why points cannot be fitted; empty where they can. */
  public static Optional<String> problem(double[] kl, double[] reward) {
    int usable = 0;
    double one = Double.NaN;
    boolean two = false;
    for (int i = 0; i < kl.length; i++) {
      if (Double.isFinite(kl[i]) && Double.isFinite(reward[i])) {
        usable++;
        if (kl[i] > 0) {
          two |= kl[i] != one && !Double.isNaN(one);
          one = kl[i];
        }
      }
    }
    if (usable < 3) {
      return Optional.of("%d points; two coefficients with errors need 3".formatted(usable));
    }
    return two
        ? Optional.empty()
        : Optional.of("the points have fewer than two different KLs above 0");
  }

  /**
   * Fits a law.
   *
   * @param kl KL of each point to the initial policy, nats a response; negative means are taken as
   *     0 and counted
   * @param reward gold reward of each point less that of the initial policy; rows with NaN are left
   *     out
   * @param level coverage of intervals
   * @throws IllegalArgumentException with {@link #problem} where there is one
   */
  public static Overoptimisation of(Form form, double[] kl, double[] reward, double level) {
    if (kl.length != reward.length) {
      throw new IllegalArgumentException(kl.length + " KLs and " + reward.length + " rewards");
    }
    problem(kl, reward)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    int n = 0;
    int clipped = 0;
    double largest = 0;
    double dd = 0;
    double dl = 0;
    double ll = 0;
    double dr = 0;
    double lr = 0;
    Moments rewards = new Moments();
    for (int i = 0; i < kl.length; i++) {
      if (Double.isFinite(kl[i]) && Double.isFinite(reward[i])) {
        n++;
        clipped += kl[i] < 0 ? 1 : 0;
        double d = Math.sqrt(Math.max(0, kl[i]));
        double loss = form.loss(d);
        largest = Math.max(largest, d);
        dd += d * d;
        dl -= d * loss;
        ll += loss * loss;
        dr += d * reward[i];
        lr -= loss * reward[i];
        rewards.add(reward[i]);
      }
    }
    double determinant = dd * ll - dl * dl;
    double alpha = (ll * dr - dl * lr) / determinant;
    double beta = (dd * lr - dl * dr) / determinant;
    double squares = 0;
    for (int i = 0; i < kl.length; i++) {
      if (Double.isFinite(kl[i]) && Double.isFinite(reward[i])) {
        double d = Math.sqrt(Math.max(0, kl[i]));
        double residual = reward[i] - alpha * d + beta * form.loss(d);
        squares += residual * residual;
      }
    }
    double variance = squares / (n - 2);
    double varAlpha = variance * ll / determinant;
    double varBeta = variance * dd / determinant;
    double covariance = -variance * dl / determinant;
    Coefficient a = Coefficient.of(alpha, Math.sqrt(varAlpha), n - 2, level);
    Coefficient b = Coefficient.of(beta, Math.sqrt(varBeta), n - 2, level);
    String noPeak = noPeak(form, alpha, beta);
    double total = rewards.variance() * (n - 1);
    return new Overoptimisation(
        form,
        n,
        clipped,
        largest,
        a,
        b,
        Math.sqrt(variance),
        total > 0 ? 1 - squares / total : Double.NaN,
        noPeak.isEmpty()
            ? Optional.of(peak(form, a, b, covariance, n - 2.0, largest, level))
            : Optional.empty(),
        noPeak);
  }

  private static String noPeak(Form form, double alpha, double beta) {
    if (beta <= 0) {
      return "no peak: beta is not above 0, so the law rises for ever";
    }
    return form == Form.BON && alpha <= 0
        ? "no peak: alpha is not above 0, so the law falls from the start"
        : "";
  }

  private static Peak peak(
      Form form,
      Coefficient a,
      Coefficient b,
      double covariance,
      double degrees,
      double largest,
      double level) {
    double alpha = a.value();
    double beta = b.value();
    boolean bon = form == Form.BON;
    double distance = bon ? alpha / (2 * beta) : Math.exp(alpha / beta - 1);
    double reward = bon ? alpha * alpha / (4 * beta) : beta * distance;
    // Derivatives of ln d* and of ln R* by alpha and by beta.
    double[] byDistance = bon ? new double[] {1 / alpha, -1 / beta} : slopes(alpha, beta, 0);
    double[] byReward = bon ? new double[] {2 / alpha, -1 / beta} : slopes(alpha, beta, 1 / beta);
    double t = Quantiles.tTwoSided(level, degrees);
    return new Peak(
        distance,
        around(distance, t * error(byDistance, a, b, covariance), level),
        distance * distance,
        reward,
        around(reward, t * error(byReward, a, b, covariance), level),
        distance > largest,
        b.interval().low() > 0);
  }

  /** Of alpha / beta, and something more by beta. */
  private static double[] slopes(double alpha, double beta, double more) {
    return new double[] {1 / beta, -alpha / (beta * beta) + more};
  }

  private static double error(double[] slope, Coefficient a, Coefficient b, double covariance) {
    double ea = slope[0] * a.standardError();
    double eb = slope[1] * b.standardError();
    return Math.sqrt(Math.max(0, ea * ea + eb * eb + 2 * slope[0] * slope[1] * covariance));
  }

  private static Interval around(double value, double half, double level) {
    return new Interval(value * Math.exp(-half), value * Math.exp(half), level);
  }
}
