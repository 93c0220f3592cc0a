package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * The scaling law of a preference model's accuracy, acc = a + b ln P + c ln D with P parameters and
 * D comparisons, natural logarithms, by ordinary least squares (paper, App. A.3).
 *
 * <p>A predictor that does not vary cannot be told from a: it is left out, its coefficient is NaN
 * and {@code problem} says so. Where ln P and ln D lie on one line, neither can be told from the
 * other and no coefficient is given.
 *
 * @param problem what keeps coefficients from being estimated
 * @param n points
 * @param a accuracy that the line has at P = 1 and D = 1 (that of a predictor that was left out
 *     included): far from any point, so quote {@link #at} instead
 * @param b accuracy per e-fold of parameters
 * @param c accuracy per e-fold of comparisons
 * @param rSquared share of the variance that the fit explains; NaN for constant accuracy
 * @param residualDeviation standard deviation of the residuals with n less the number of
 *     coefficients below; NaN without degrees of freedom
 */
public record ScalingFit(
    Problem problem,
    int n,
    Coefficient a,
    Coefficient b,
    Coefficient c,
    double rSquared,
    double residualDeviation,
    Shape shape) {

  /** What can keep coefficients from being estimated. */
  public enum Problem {
    /** Nothing. */
    NONE,
    /** All points have the same P: b is left out. */
    ONE_SIZE,
    /** All points have the same D: c is left out. */
    ONE_DATA_AMOUNT,
    /** Neither P nor D varies: nothing but a mean. */
    ONE_PLACE,
    /** ln P and ln D lie on one line: their effects cannot be told apart. */
    COLLINEAR,
    /** Fewer points than coefficients. */
    TOO_FEW
  }

  /**
   * Where the points lie, for intervals of the fitted line.
   *
   * @param meanLnP mean of ln P
   * @param meanLnD mean of ln D
   * @param meanAccuracy mean accuracy
   * @param inverse11 an element of the inverse of the centred predictors' products
   * @param inverse12 another
   * @param inverse22 another
   * @param degreesOfFreedom n less the number of coefficients
   */
  public record Shape(
      double meanLnP,
      double meanLnD,
      double meanAccuracy,
      double inverse11,
      double inverse12,
      double inverse22,
      int degreesOfFreedom) {}

  /** The paper's fit for helpfulness alone (Eq A.1): its accuracy at P = 1e11, D = 8e4. */
  private static final double PAPER_ACCURACY = 0.72;

  private static final double PAPER_PER_PARAMETERS = 0.007;
  private static final double PAPER_PER_COMPARISONS = 0.015;

  /**
   * The paper's Eq A.1: 0.72 + 0.007 ln(P / 1e11) + 0.015 ln(D / 8e4), helpfulness only.
   *
   * @param parameters P
   * @param comparisons D
   */
  public static double paper(double parameters, double comparisons) {
    return PAPER_ACCURACY
        + PAPER_PER_PARAMETERS * Math.log(parameters / 1e11)
        + PAPER_PER_COMPARISONS * Math.log(comparisons / 8e4);
  }

  /**
   * Fits points.
   *
   * @param parameters P of each, above 0
   * @param comparisons D of each, above 0
   * @param accuracy of each
   */
  public static ScalingFit of(
      double[] parameters, double[] comparisons, double[] accuracy, double level) {
    int n = accuracy.length;
    if (parameters.length != n || comparisons.length != n || n == 0) {
      throw new IllegalArgumentException(
          parameters.length + " sizes, " + comparisons.length + " amounts, " + n + " accuracies");
    }
    double[] x = logs(parameters, "parameters");
    double[] z = logs(comparisons, "comparisons");
    Centred sums = new Centred(x, z, accuracy);
    boolean sizes = sums.xx > spread(x, sums.meanX);
    boolean amounts = sums.zz > spread(z, sums.meanZ);
    boolean onOneLine =
        sizes && amounts && sums.xx * sums.zz - sums.xz * sums.xz < 1e-9 * sums.xx * sums.zz;
    int coefficients = 1 + (sizes ? 1 : 0) + (amounts ? 1 : 0);
    Problem problem = problem(n, coefficients, sizes, amounts, onOneLine);
    if (problem == Problem.COLLINEAR || problem == Problem.TOO_FEW) {
      Coefficient none = Coefficient.of(Double.NaN, Double.NaN, 0, level);
      return new ScalingFit(
          problem,
          n,
          none,
          none,
          none,
          Double.NaN,
          Double.NaN,
          new Shape(sums.meanX, sums.meanZ, sums.meanY, Double.NaN, Double.NaN, Double.NaN, 0));
    }
    double determinant = sizes && amounts ? sums.xx * sums.zz - sums.xz * sums.xz : Double.NaN;
    double inverse11 = !sizes ? 0 : amounts ? sums.zz / determinant : 1 / sums.xx;
    double inverse22 = !amounts ? 0 : sizes ? sums.xx / determinant : 1 / sums.zz;
    double inverse12 = sizes && amounts ? -sums.xz / determinant : 0;
    double b = inverse11 * sums.xy + inverse12 * sums.zy;
    double c = inverse12 * sums.xy + inverse22 * sums.zy;
    double residuals = 0;
    for (int i = 0; i < n; i++) {
      double residual =
          accuracy[i] - sums.meanY - b * (x[i] - sums.meanX) - c * (z[i] - sums.meanZ);
      residuals += residual * residual;
    }
    int freedom = n - coefficients;
    double deviation = freedom > 0 ? Math.sqrt(residuals / freedom) : Double.NaN;
    Shape shape =
        new Shape(sums.meanX, sums.meanZ, sums.meanY, inverse11, inverse12, inverse22, freedom);
    return new ScalingFit(
        problem,
        n,
        Coefficient.of(
            sums.meanY - b * sums.meanX - c * sums.meanZ,
            deviation * leverage(shape, n, 0, 0),
            freedom,
            level),
        Coefficient.of(
            sizes ? b : Double.NaN,
            sizes ? deviation * Math.sqrt(inverse11) : Double.NaN,
            freedom,
            level),
        Coefficient.of(
            amounts ? c : Double.NaN,
            amounts ? deviation * Math.sqrt(inverse22) : Double.NaN,
            freedom,
            level),
        sums.yy > 0 ? 1 - residuals / sums.yy : Double.NaN,
        deviation,
        shape);
  }

  /**
   * The fitted accuracy of some size and amount of data, with the t interval of the line itself.
   * NaN where there is no fit.
   */
  public Coefficient at(double parameters, double comparisons) {
    double x = Math.log(parameters);
    double z = Math.log(comparisons);
    double slopeX = Double.isNaN(b.value()) ? 0 : b.value();
    double slopeZ = Double.isNaN(c.value()) ? 0 : c.value();
    double value =
        Double.isNaN(a.value())
            ? Double.NaN
            : shape.meanAccuracy()
                + slopeX * (x - shape.meanLnP())
                + slopeZ * (z - shape.meanLnD());
    return Coefficient.of(
        value,
        residualDeviation * leverage(shape, n, x, z),
        shape.degreesOfFreedom(),
        a.interval().level());
  }

  private static double leverage(Shape shape, int n, double x, double z) {
    double u = x - shape.meanLnP();
    double v = z - shape.meanLnD();
    return Math.sqrt(
        1.0 / n
            + shape.inverse11() * u * u
            + 2 * shape.inverse12() * u * v
            + shape.inverse22() * v * v);
  }

  private static Problem problem(
      int n, int coefficients, boolean sizes, boolean amounts, boolean onOneLine) {
    if (!sizes && !amounts) {
      return Problem.ONE_PLACE;
    }
    if (onOneLine) {
      return Problem.COLLINEAR;
    }
    if (n < coefficients) {
      return Problem.TOO_FEW;
    }
    if (!sizes) {
      return Problem.ONE_SIZE;
    }
    return amounts ? Problem.NONE : Problem.ONE_DATA_AMOUNT;
  }

  private static double[] logs(double[] values, String what) {
    List<Double> logs = new ArrayList<>();
    for (double value : values) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(what + " must be above 0, not " + value);
      }
      logs.add(Math.log(value));
    }
    return logs.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** What rounding alone can make of a sum of squares about a mean. */
  private static double spread(double[] values, double mean) {
    return values.length * 1e-24 * (1 + mean * mean);
  }

  /** Means, and sums of products about them. */
  private static final class Centred {
    final double meanX;
    final double meanZ;
    final double meanY;
    double xx;
    double zz;
    double xz;
    double xy;
    double zy;
    double yy;

    Centred(double[] x, double[] z, double[] y) {
      meanX = Moments.of(x).mean();
      meanZ = Moments.of(z).mean();
      meanY = Moments.of(y).mean();
      for (int i = 0; i < y.length; i++) {
        double u = x[i] - meanX;
        double v = z[i] - meanZ;
        double w = y[i] - meanY;
        xx += u * u;
        zz += v * v;
        xz += u * v;
        xy += u * w;
        zy += v * w;
        yy += w * w;
      }
    }
  }
}
