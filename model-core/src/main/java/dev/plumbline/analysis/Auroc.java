package dev.plumbline.analysis;

/**
 * The area under the ROC curve of a detector: the chance that an out-of-distribution score lies
 * above an in-distribution one, equal scores counted half (Mann and Whitney, with mid-ranks).
 *
 * @param kind which interval there is
 * @param nIn in-distribution scores, the negative class
 * @param nOut out-of-distribution scores, the positive class
 * @param value the area; NaN when a class has no score
 * @param standardError DeLong's; NaN where a class has fewer than two scores
 * @param interval see {@code kind}; the ends are NaN when there is none
 */
public record Auroc(
    Kind kind, int nIn, int nOut, double value, double standardError, Interval interval) {

  /** How the interval came about. */
  public enum Kind {
    /** DeLong, DeLong and Clarke-Pearson (1988) on the logit scale, which stays within 0 and 1. */
    DELONG,
    /**
     * The classes are perfectly apart (the area is 0 or 1) and DeLong's variance is 0, which is no
     * certainty. The interval is Newcombe's score interval (2006, method 5), as it is for a class
     * of one score.
     */
    SEPARATED,
    /**
     * All scores of both classes are equal, so the area is 1/2 and DeLong's variance 0: no
     * certainty either. Newcombe's score interval.
     */
    TIED,
    /** A class has one score, so DeLong's variance does not exist; Newcombe's score interval. */
    ONE_SCORE,
    /** Only one class is there: no area. */
    ONE_CLASS
  }

  /**
   * Measures a detector.
   *
   * @param in scores of in-distribution inputs
   * @param out scores of out-of-distribution inputs; high means out
   */
  public static Auroc of(double[] in, double[] out, double level) {
    return ofSorted(
        Ranks.sorted(in, "in-distribution score"),
        Ranks.sorted(out, "out-of-distribution score"),
        level);
  }

  static Auroc ofSorted(double[] in, double[] out, double level) {
    Interval none = Interval.none(level);
    if (in.length == 0 || out.length == 0) {
      return new Auroc(Kind.ONE_CLASS, in.length, out.length, Double.NaN, Double.NaN, none);
    }
    double[] outAbove = Ranks.placements(out, in);
    double[] inAbove = Ranks.placements(in, out);
    double sum = 0;
    for (double each : outAbove) {
      sum += each;
    }
    // Multiples of one half below 2^52: the sum is exact.
    double area = sum / ((double) in.length * out.length);
    double variance =
        placementVariance(outAbove, in.length) / out.length
            + placementVariance(inAbove, out.length) / in.length;
    double error = Math.sqrt(variance);
    Kind kind = kind(in, out, area);
    if (kind != Kind.DELONG) {
      return new Auroc(kind, in.length, out.length, area, error, score(area, in, out, level));
    }
    double half = Quantiles.normalTwoSided(level) * error / (area * (1 - area));
    double logit = Math.log(area / (1 - area));
    Interval interval =
        new Interval(
            CalibrationSlope.sigmoid(logit - half), CalibrationSlope.sigmoid(logit + half), level);
    return new Auroc(Kind.DELONG, in.length, out.length, area, error, interval);
  }

  /** Which interval there is; both classes have a score. */
  private static Kind kind(double[] in, double[] out, double area) {
    if (in.length < 2 || out.length < 2) {
      return Kind.ONE_SCORE;
    }
    if (area == 0 || area == 1) {
      return Kind.SEPARATED;
    }
    boolean tied = Math.min(in[0], out[0]) == Math.max(in[in.length - 1], out[out.length - 1]);
    return tied ? Kind.TIED : Kind.DELONG;
  }

  /** Sample variance of the placements as shares of the other class. */
  private static double placementVariance(double[] placements, int others) {
    return Moments.of(placements).variance() / ((double) others * others);
  }

  private static Interval score(double area, double[] in, double[] out, double level) {
    double z = Quantiles.normalTwoSided(level);
    return new Interval(
        end(area, 0, in.length, out.length, z), end(area, 1, in.length, out.length, z), level);
  }

  /**
   * The area between the estimate and an end of the scale at which the estimate is just z standard
   * errors away: (A - t)^2 = z^2 V(t) with Hanley and McNeil's V, both sizes in it set to their
   * mean.
   */
  private static double end(double area, double end, int m, int n, double z) {
    if (area == end) {
      return end;
    }
    double near = area;
    double far = end;
    for (int i = 0; i < 200 && near != far; i++) {
      double middle = (near + far) / 2;
      double distance = area - middle;
      if (distance * distance > z * z * scoreVariance(middle, m, n)) {
        far = middle;
      } else {
        near = middle;
      }
    }
    return (near + far) / 2;
  }

  private static double scoreVariance(double area, int m, int n) {
    double others = (m + n) / 2.0 - 1;
    return area
        * (1 - area)
        * (1 + others * (1 - area) / (2 - area) + others * area / (1 + area))
        / ((double) m * n);
  }
}
