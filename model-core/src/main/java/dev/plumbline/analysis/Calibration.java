package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * How well predicted probabilities p agree with outcomes y (shared definitions: "Calibration of a
 * preference model"; paper section 3.3).
 *
 * @param n predictions
 * @param rule how bins were cut
 * @param binned the bins of p and the errors over them; equal width cuts [0, 1]
 * @param brier mean of (p - y)^2
 * @param logLoss mean of -ln of the probability of what happened, in nats; see {@code clipped}
 * @param clipped predictions of 0 or 1 (nearer than 2^-52), which were moved to 2^-52 or 1 - 2^-52
 *     for the logarithms of {@code logLoss} and {@code slope}
 * @param slope the logistic fit y ~ sigmoid(s logit p)
 * @param corp the decomposition of the Brier score by isotonic regression
 */
public record Calibration(
    int n,
    BinRule rule,
    BinnedCalibration binned,
    double brier,
    double logLoss,
    int clipped,
    CalibrationSlope slope,
    Corp corp) {
  static final double NEAREST = 0x1p-52;

  /**
   * How to bin.
   *
   * @param bins how many
   * @param rule by which rule
   * @param level coverage of intervals
   */
  public record Options(int bins, BinRule rule, double level) {
    /** 15 bins of equal mass, 95 %. */
    public static final Options DISPLAY = new Options(15, BinRule.MASS, 0.95);
  }

  /**
   * Measures predictions of rows that are independent.
   *
   * @param p predicted probabilities of success, from 0 to 1
   * @param y what happened
   */
  public static Calibration of(double[] p, boolean[] y, Options options) {
    return of(p, y, Groups.single(p.length), options);
  }

  /**
   * Measures predictions of rows that may depend on each other within groups; only the slope's
   * standard error sees the groups here, {@link CalibrationBootstrap} gives the other intervals.
   *
   * @param p predicted probabilities of success, from 0 to 1
   * @param y what happened
   * @param groups rows that depend on each other, such as those of one prompt
   */
  public static Calibration of(double[] p, boolean[] y, Groups groups, Options options) {
    check(p, y);
    groups.requireRows(p.length);
    double brier = 0;
    double logLoss = 0;
    int clipped = 0;
    for (int i = 0; i < p.length; i++) {
      brier += squaredError(p[i], y[i]);
      logLoss += logLoss(p[i], y[i]);
      clipped += p[i] < NEAREST || p[i] > 1 - NEAREST ? 1 : 0;
    }
    return new Calibration(
        p.length,
        options.rule(),
        BinnedCalibration.of(bins(p, options), p, p, y, options.level()),
        brier / p.length,
        logLoss / p.length,
        clipped,
        CalibrationSlope.of(logits(p), y, groups, options.level()),
        Corp.of(p, y));
  }

  static Bins bins(double[] p, Options options) {
    return Bins.of(p, options.rule(), options.bins(), 0, 1);
  }

  static double squaredError(double p, boolean y) {
    double error = p - (y ? 1 : 0);
    return error * error;
  }

  static double logLoss(double p, boolean y) {
    double held = Math.clamp(p, NEAREST, 1 - NEAREST);
    return y ? -Math.log(held) : -Math.log1p(-held);
  }

  private static double[] logits(double[] p) {
    return Arrays.stream(p)
        .map(each -> Math.clamp(each, NEAREST, 1 - NEAREST))
        .map(each -> Math.log(each) - Math.log1p(-each))
        .toArray();
  }

  static void check(double[] p, boolean[] y) {
    if (p.length != y.length || p.length == 0) {
      throw new IllegalArgumentException(p.length + " probabilities and " + y.length + " outcomes");
    }
    for (double each : p) {
      if (!(each >= 0 && each <= 1)) {
        throw new IllegalArgumentException(each + " is not a probability from 0 to 1");
      }
    }
  }
}
