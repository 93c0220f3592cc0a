package dev.plumbline.analysis;

/**
 * The logistic fit y ~ sigmoid(s x) without intercept by maximum likelihood, where x is the logit
 * of a predicted probability or a difference of scores in nats: s = 1 is calibrated, s above 1
 * under-confident, s below 1 over-confident. Which side of a pair is called the first does not
 * matter to it.
 *
 * @param kind whether there is an estimate
 * @param value s; infinite or NaN as {@code kind} says
 * @param standardError from the observed information; where rows are grouped, the sandwich over
 *     groups with the factor G / (G - 1). NaN without an estimate, and for rows of one group alone
 * @param interval s plus and minus normal quantiles of the standard error; NaN ends without one
 */
public record CalibrationSlope(Kind kind, double value, double standardError, Interval interval) {
  /** Whether the likelihood has a maximum. */
  public enum Kind {
    /** It has. */
    ESTIMATED,
    /** No prediction is on the wrong side, so the likelihood grows with s: s is infinite. */
    SEPARATED,
    /** No prediction is on the right side: s is minus infinity. */
    REVERSED,
    /** Every x is 0, so every s fits alike. */
    CONSTANT
  }

  /**
   * Fits rows that are independent.
   *
   * @param x logits or differences of scores, finite
   * @param y outcomes
   */
  public static CalibrationSlope of(double[] x, boolean[] y, double level) {
    return of(x, y, Groups.single(x.length), level);
  }

  /** Fits rows that may depend on each other within groups. */
  public static CalibrationSlope of(double[] x, boolean[] y, Groups groups, double level) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " places and " + y.length + " outcomes");
    }
    groups.requireRows(x.length);
    // Only the signed place matters: positive where the prediction is on the right side.
    double[] signed = new double[x.length];
    boolean right = false;
    boolean wrong = false;
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      signed[i] = y[i] ? x[i] : -x[i];
      right |= signed[i] > 0;
      wrong |= signed[i] < 0;
      largest = Math.max(largest, Math.abs(x[i]));
    }
    if (!right && !wrong) {
      return without(Kind.CONSTANT, Double.NaN, level);
    }
    if (!wrong) {
      return without(Kind.SEPARATED, Double.POSITIVE_INFINITY, level);
    }
    if (!right) {
      return without(Kind.REVERSED, Double.NEGATIVE_INFINITY, level);
    }
    double slope = solve(signed, largest);
    double error = Math.sqrt(variance(signed, slope, groups));
    double half = Quantiles.normalTwoSided(level) * error;
    return new CalibrationSlope(Kind.ESTIMATED, slope, error, Interval.around(slope, half, level));
  }

  private static CalibrationSlope without(Kind kind, double value, double level) {
    return new CalibrationSlope(kind, value, Double.NaN, Interval.none(level));
  }

  /**
   * The root of the score, which falls in s, by Newton's steps held within a bracket. The score at
   * 0 says on which side the root lies.
   */
  private static double solve(double[] signed, double largest) {
    double unit = 1 / largest;
    double sign = score(signed, 0) >= 0 ? 1 : -1;
    double low = 0;
    double high = sign * unit;
    while (sign * score(signed, high) > 0) {
      low = high;
      high *= 2;
    }
    double at = (low + high) / 2;
    for (int round = 0; round < 200; round++) {
      double score = 0;
      double information = 0;
      for (double each : signed) {
        double share = sigmoid(-at * each);
        score += each * share;
        information += each * each * share * (1 - share);
      }
      if (sign * score > 0) {
        low = at;
      } else {
        high = at;
      }
      double next = at + score / information;
      if (!(next > Math.min(low, high) && next < Math.max(low, high))) {
        next = (low + high) / 2;
      }
      if (Math.abs(next - at) <= 1e-15 * Math.abs(at) + 1e-300) {
        return next;
      }
      at = next;
    }
    return at;
  }

  private static double score(double[] signed, double slope) {
    double sum = 0;
    for (double each : signed) {
      sum += each * sigmoid(-slope * each);
    }
    return sum;
  }

  private static double variance(double[] signed, double slope, Groups groups) {
    double information = 0;
    double squares = 0;
    for (int group = 0; group < groups.count(); group++) {
      double sum = 0;
      for (int i = groups.from(group); i < groups.from(group + 1); i++) {
        double each = signed[groups.order(i)];
        double share = sigmoid(-slope * each);
        sum += each * share;
        information += each * each * share * (1 - share);
      }
      squares += sum * sum;
    }
    if (groups.count() == groups.rows()) {
      return 1 / information;
    }
    if (groups.count() == 1) {
      return Double.NaN; // nothing tells how groups differ
    }
    double factor = groups.count() / (groups.count() - 1.0);
    return factor * squares / (information * information);
  }

  /** 1 / (1 + e^-x) without overflow. */
  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double power = Math.exp(x);
    return power / (1 + power);
  }
}
