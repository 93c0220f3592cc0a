package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logistic regression on activations, for few-shot outlier exposure (paper, App. B.9).
 *
 * <p>Minimises the weighted mean of the log-loss plus ridge / 2 times the squared length of the
 * coefficients of the standardised activations: each column less its weighted mean, over its
 * weighted standard deviation, so that one ridge means the same at every layer. The intercept is
 * free; a column without spread gets no coefficient. With a ridge above 0 the minimum exists and is
 * unique, for separable classes too.
 */
public final class LinearProbe {
  private static final int CHUNKS = 64;
  private static final double TOLERANCE = 1e-10;

  private final double[] coefficients;
  private final double intercept;
  private final double ridge;
  private final double gradientNorm;
  private final int iterations;

  private LinearProbe(
      double[] coefficients, double intercept, double ridge, double gradientNorm, int iterations) {
    this.coefficients = coefficients;
    this.intercept = intercept;
    this.ridge = ridge;
    this.gradientNorm = gradientNorm;
    this.iterations = iterations;
  }

  /**
   * Fits, on all cores; the result does not depend on how many.
   *
   * @param rows N rows side by side, each of {@code width} finite numbers
   * @param width numbers a row
   * @param positive class of each row
   * @param weights weight of each row, not negative; a weight of 3 is three copies
   * @param ridge above 0
   * @throws IllegalArgumentException where only one class has weight
   */
  public static LinearProbe fit(
      float[] rows, int width, boolean[] positive, double[] weights, double ridge) {
    int n = positive.length;
    if (width < 1 || rows.length != (long) n * width || weights.length != n) {
      throw new IllegalArgumentException(
          rows.length + " numbers, " + n + " classes and " + weights.length + " weights");
    }
    if (!(ridge > 0) || Double.isInfinite(ridge)) {
      throw new IllegalArgumentException("a ridge is a number above 0, not " + ridge);
    }
    double total = 0;
    double ofPositive = 0;
    for (int i = 0; i < n; i++) {
      if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
        throw new IllegalArgumentException("weight " + weights[i] + " of row " + i);
      }
      total += weights[i];
      ofPositive += positive[i] ? weights[i] : 0;
    }
    if (!(ofPositive > 0 && ofPositive < total)) {
      throw new IllegalArgumentException("one class only: a probe needs rows of both classes");
    }
    Problem problem = new Problem(rows, width, positive, weights, total, ridge);
    double[] start = new double[width + 1];
    start[width] = Math.log(ofPositive / (total - ofPositive));
    LimitedMemoryBfgs found = LimitedMemoryBfgs.minimise(problem::at, start, TOLERANCE, 2000);
    double[] raw = problem.raw(found.point());
    return new LinearProbe(
        Arrays.copyOf(raw, width), raw[width], ridge, found.gradientNorm(), found.iterations());
  }

  /**
   * The paper's few-shot outlier exposure: all in-distribution rows as class 0, and of each of M
   * outliers as many copies as make the classes about equal, N / M rounded down (at least one), as
   * class 1.
   *
   * @param in N in-distribution rows side by side
   * @param outliers M outliers side by side, which must not be among those that are evaluated
   */
  public static LinearProbe outlierExposure(float[] in, float[] outliers, int width, double ridge) {
    if (width < 1 || in.length < width || outliers.length < width) {
      throw new IllegalArgumentException("outlier exposure needs rows of both classes");
    }
    int n = in.length / width;
    int m = outliers.length / width;
    float[] rows = Arrays.copyOf(in, in.length + outliers.length);
    System.arraycopy(outliers, 0, rows, in.length, outliers.length);
    boolean[] positive = new boolean[n + m];
    double[] weights = new double[n + m];
    Arrays.fill(positive, n, n + m, true);
    Arrays.fill(weights, 0, n, 1);
    Arrays.fill(weights, n, n + m, Math.max(1, Math.floorDiv(n, m)));
    return fit(rows, width, positive, weights, ridge);
  }

  /**
   * Log-odds of class 1 for rows side by side. They rank as the paper's class-1 output does, and do
   * not run into ties at 0 and 1.
   */
  public double[] logOdds(float[] rows) {
    int width = coefficients.length;
    if (rows.length % width != 0) {
      throw new IllegalArgumentException(rows.length + " numbers in rows of width " + width);
    }
    double[] scores = new double[rows.length / width];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = intercept + dot(coefficients, rows, row * width);
    }
    return scores;
  }

  /** Coefficients of the activations as they are, not standardised. */
  public double[] coefficients() {
    return coefficients.clone();
  }

  /** The intercept beside {@link #coefficients}. */
  public double intercept() {
    return intercept;
  }

  /** The ridge. */
  public double ridge() {
    return ridge;
  }

  /** Largest element of the objective's gradient where the descent ended; 0 at the minimum. */
  public double gradientNorm() {
    return gradientNorm;
  }

  /** Steps of the descent. */
  public int iterations() {
    return iterations;
  }

  /** Four sums, because one would wait for itself. */
  private static double dot(double[] coefficients, float[] rows, int at) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j + 3 < coefficients.length; j += 4) {
      a += coefficients[j] * rows[at + j];
      b += coefficients[j + 1] * rows[at + j + 1];
      c += coefficients[j + 2] * rows[at + j + 2];
      d += coefficients[j + 3] * rows[at + j + 3];
    }
    for (; j < coefficients.length; j++) {
      a += coefficients[j] * rows[at + j];
    }
    return a + b + c + d;
  }

  /** The objective over standardised coefficients and, last, the intercept. */
  private static final class Problem {
    private final float[] rows;
    private final int width;
    private final boolean[] positive;
    private final double[] weights;
    private final double total;
    private final double ridge;
    private final double[] mean;
    private final double[] scale;

    Problem(
        float[] rows, int width, boolean[] positive, double[] weights, double total, double ridge) {
      this.rows = rows;
      this.width = width;
      this.positive = positive;
      this.weights = weights;
      this.total = total;
      this.ridge = ridge;
      this.mean = new double[width];
      this.scale = new double[width];
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < width; j++) {
          mean[j] += weights[i] * rows[i * width + j];
        }
      }
      for (int j = 0; j < width; j++) {
        mean[j] /= total;
      }
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < width; j++) {
          double centred = rows[i * width + j] - mean[j];
          scale[j] += weights[i] * centred * centred;
        }
      }
      for (int j = 0; j < width; j++) {
        double deviation = Math.sqrt(scale[j] / total);
        if (!Double.isFinite(deviation)) {
          throw new IllegalArgumentException("an activation is not a finite number");
        }
        // A column without spread says nothing; its rounding must not be blown up.
        scale[j] = deviation <= 1e-12 * Math.abs(mean[j]) ? 0 : 1 / deviation;
      }
    }

    /** Coefficients and intercept for the rows as they are. */
    double[] raw(double[] point) {
      double[] raw = new double[width + 1];
      double shift = 0;
      for (int j = 0; j < width; j++) {
        raw[j] = point[j] * scale[j];
        shift += raw[j] * mean[j];
      }
      raw[width] = point[width] - shift;
      return raw;
    }

    double at(double[] point, double[] gradient) {
      double[] raw = raw(point);
      double[] coefficients = Arrays.copyOf(raw, width);
      double[][] parts = new double[CHUNKS][];
      IntStream.range(0, CHUNKS)
          .parallel()
          .forEach(chunk -> parts[chunk] = part(chunk, coefficients, raw[width]));
      // The chunks are added in order, so that the sum is the same on any number of cores.
      double[] sum = new double[width + 2];
      for (double[] part : parts) {
        for (int j = 0; j < sum.length; j++) {
          sum[j] += part[j];
        }
      }
      double value = sum[width + 1] / total;
      for (int j = 0; j < width; j++) {
        value += ridge / 2 * point[j] * point[j];
        gradient[j] = (sum[j] - mean[j] * sum[width]) * scale[j] / total + ridge * point[j];
      }
      gradient[width] = sum[width] / total;
      return value;
    }

    /** Weighted sums of residual times row, of residuals, and of losses. */
    private double[] part(int chunk, double[] coefficients, double intercept) {
      double[] sum = new double[width + 2];
      int n = weights.length;
      int end = (int) ((chunk + 1L) * n / CHUNKS);
      for (int i = (int) ((long) chunk * n / CHUNKS); i < end; i++) {
        double logOdds = intercept + dot(coefficients, rows, i * width);
        double signed = positive[i] ? logOdds : -logOdds;
        double power = Math.exp(-Math.abs(signed));
        double loss = Math.max(0, -signed) + Math.log1p(power);
        double wrong = (signed >= 0 ? power : 1) / (1 + power);
        double residual = weights[i] * (positive[i] ? -wrong : wrong);
        addScaled(sum, rows, i * width, residual, width);
        sum[width] += residual;
        sum[width + 1] += weights[i] * loss;
      }
      return sum;
    }

    private static void addScaled(double[] to, float[] rows, int at, double factor, int width) {
      for (int j = 0; j < width; j++) {
        to[j] += factor * rows[at + j];
      }
    }
  }
}
