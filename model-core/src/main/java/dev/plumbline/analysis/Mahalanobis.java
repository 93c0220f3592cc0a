package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Out-of-distribution scores of activations (paper section 5.4): with mu and Sigma the mean and the
 * covariance (divisor N) of in-distribution activations,
 *
 * <ul>
 *   <li>plain Mahalanobis distance (x - mu)^T C^-1 (x - mu), and
 *   <li>the simplified relative one, the plain one less (x - mu)^T diag(C)^-1 (x - mu).
 * </ul>
 *
 * <p>C = (1 - a) Sigma + a tr(Sigma)/d I is the covariance with a stated shrinkage a; the diagonal
 * term is of the same C. The paper names no regulariser, and Sigma is singular for N no larger than
 * the width. High scores mean out of distribution. Scores are squared distances, without unit.
 */
public final class Mahalanobis {
  private static final int CHUNK = 256;
  private static final int TILE = 32;
  private static final int LANES = 64;

  private final int n;
  private final double shrinkage;
  private final double conditionNumber;
  private final double[] mean;
  private final double[] diagonal;
  private final double[][] factor;

  private Mahalanobis(
      int n,
      double shrinkage,
      double conditionNumber,
      double[] mean,
      double[] diagonal,
      double[][] factor) {
    this.n = n;
    this.shrinkage = shrinkage;
    this.conditionNumber = conditionNumber;
    this.mean = mean;
    this.diagonal = diagonal;
    this.factor = factor;
  }

  /**
   * Fits in-distribution activations, on all cores; the result does not depend on how many.
   *
   * @param rows N rows side by side, each of {@code width} finite numbers
   * @param width numbers a row, d
   * @param shrinkage a, from 0 (the covariance as it is) to 1 (a multiple of the identity)
   * @throws IllegalArgumentException where the covariance is singular after shrinkage, as it always
   *     is for a = 0 and N no larger than d: choose a larger a; or where all rows are alike
   */
  public static Mahalanobis fit(float[] rows, int width, double shrinkage) {
    int n = rows(rows, width);
    if (!(shrinkage >= 0 && shrinkage <= 1)) {
      throw new IllegalArgumentException("a shrinkage lies between 0 and 1, not " + shrinkage);
    }
    if (n < 2) {
      throw new IllegalArgumentException("a covariance needs at least two rows");
    }
    double[] mean = mean(rows, width, n);
    double[][] covariance = covariance(rows, width, n, mean);
    double trace = 0;
    for (int i = 0; i < width; i++) {
      trace += covariance[i][i];
    }
    if (!Double.isFinite(trace)) {
      throw new IllegalArgumentException("an activation is not a finite number");
    }
    if (trace == 0) {
      throw new IllegalArgumentException("all " + n + " rows are alike; there is no covariance");
    }
    SymmetricSpectrum spectrum = SymmetricSpectrum.of(covariance);
    double ridge = shrinkage * trace / width;
    // N centred rows span at most N - 1 directions; rounding may show a little more.
    double least = n <= width ? 0 : Math.max(0, spectrum.smallest());
    double smallest = (1 - shrinkage) * least + ridge;
    double largest = (1 - shrinkage) * spectrum.largest() + ridge;
    if (smallest <= largest * width * 0x1p-52) {
      throw new IllegalArgumentException(
          "the covariance of "
              + n
              + " rows of width "
              + width
              + " with shrinkage "
              + shrinkage
              + " is singular; choose a larger shrinkage or give more rows");
    }
    double[] diagonal = new double[width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        covariance[i][j] *= 1 - shrinkage;
      }
      covariance[i][i] += ridge;
      diagonal[i] = covariance[i][i];
    }
    cholesky(covariance);
    return new Mahalanobis(n, shrinkage, largest / smallest, mean, diagonal, covariance);
  }

  /**
   * A fit as {@link #mean}, {@link #factor} and the numbers beside them say.
   *
   * @param n rows that were fitted
   * @param mean d numbers
   * @param factor lower triangle of the Cholesky factor of C, row by row, d (d + 1) / 2 numbers
   * @throws IllegalArgumentException where the sizes do not fit, or the factor is none
   */
  public static Mahalanobis of(
      int n, double shrinkage, double conditionNumber, double[] mean, double[] factor) {
    int width = mean.length;
    if (width == 0 || factor.length != width * (width + 1) / 2) {
      throw new IllegalArgumentException(
          "a factor of %d numbers for width %d".formatted(factor.length, width));
    }
    double[][] rows = new double[width][width];
    double[] diagonal = new double[width];
    int at = 0;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        double value = factor[at++];
        rows[i][j] = value;
        diagonal[i] += value * value;
      }
      if (!(rows[i][i] > 0) || !Double.isFinite(diagonal[i])) {
        throw new IllegalArgumentException("row " + i + " is none of a Cholesky factor");
      }
    }
    return new Mahalanobis(n, shrinkage, conditionNumber, mean.clone(), diagonal, rows);
  }

  /** The mean, d numbers. */
  public double[] mean() {
    return mean.clone();
  }

  /** Lower triangle of the Cholesky factor L of C = L L^T, row by row, d (d + 1) / 2 numbers. */
  public double[] factor() {
    int width = width();
    double[] packed = new double[width * (width + 1) / 2];
    int at = 0;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        packed[at++] = factor[i][j];
      }
    }
    return packed;
  }

  /** Rows that were fitted. */
  public int n() {
    return n;
  }

  /** Numbers a row. */
  public int width() {
    return mean.length;
  }

  /** The shrinkage a. */
  public double shrinkage() {
    return shrinkage;
  }

  /** Largest over smallest eigenvalue of C. */
  public double conditionNumber() {
    return conditionNumber;
  }

  /** Plain Mahalanobis distances (squared) of rows side by side. */
  public double[] plain(float[] rows) {
    return score(rows, false);
  }

  /** Simplified relative Mahalanobis scores of rows side by side; may be negative. */
  public double[] relative(float[] rows) {
    return score(rows, true);
  }

  private double[] score(float[] rows, boolean relative) {
    int count = rows(rows, width());
    double[] scores = new double[count];
    IntStream.range(0, Math.ceilDiv(count, LANES))
        .parallel()
        .forEach(panel -> scorePanel(rows, panel * LANES, count, relative, scores));
    return scores;
  }

  /**
   * Solves L z = x - mu for some rows at once, one row a lane, so that the inner loops run over
   * lanes.
   */
  private void scorePanel(float[] rows, int first, int count, boolean relative, double[] scores) {
    int width = width();
    int lanes = Math.min(LANES, count - first);
    double[] z = new double[width * LANES];
    double[] sum = new double[LANES];
    for (int lane = 0; lane < lanes; lane++) {
      int at = (first + lane) * width;
      for (int i = 0; i < width; i++) {
        z[i * LANES + lane] = rows[at + i] - mean[i];
      }
    }
    double[] own = new double[LANES];
    for (int i = 0; i < width; i++) {
      System.arraycopy(z, i * LANES, own, 0, LANES);
      if (relative) {
        subtractSquares(sum, own, diagonal[i]);
      }
      double[] row = factor[i];
      int k = 0;
      for (; k + 3 < i; k += 4) {
        eliminate(own, z, k * LANES, row[k], row[k + 1], row[k + 2], row[k + 3]);
      }
      for (; k < i; k++) {
        eliminate(own, z, k * LANES, row[k]);
      }
      divideAndAddSquares(own, row[i], sum);
      System.arraycopy(own, 0, z, i * LANES, LANES);
    }
    System.arraycopy(sum, 0, scores, first, lanes);
  }

  private static void subtractSquares(double[] sum, double[] own, double variance) {
    for (int lane = 0; lane < LANES; lane++) {
      sum[lane] -= own[lane] * own[lane] / variance;
    }
  }

  private static void eliminate(
      double[] own, double[] z, int at, double a, double b, double c, double d) {
    for (int lane = 0; lane < LANES; lane++) {
      own[lane] -=
          a * z[at + lane]
              + b * z[at + LANES + lane]
              + c * z[at + 2 * LANES + lane]
              + d * z[at + 3 * LANES + lane];
    }
  }

  private static void eliminate(double[] own, double[] z, int at, double a) {
    for (int lane = 0; lane < LANES; lane++) {
      own[lane] -= a * z[at + lane];
    }
  }

  private static void divideAndAddSquares(double[] own, double pivot, double[] sum) {
    for (int lane = 0; lane < LANES; lane++) {
      own[lane] /= pivot;
      sum[lane] += own[lane] * own[lane];
    }
  }

  private static int rows(float[] rows, int width) {
    if (width < 1 || rows.length % width != 0) {
      throw new IllegalArgumentException(rows.length + " numbers in rows of width " + width);
    }
    return rows.length / width;
  }

  private static double[] mean(float[] rows, int width, int n) {
    double[] mean = new double[width];
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < width; i++) {
        mean[i] += rows[row * width + i];
      }
    }
    for (int i = 0; i < width; i++) {
      mean[i] /= n;
    }
    return mean;
  }

  /** Sum over rows of outer products of centred rows, over N; both triangles. */
  private static double[][] covariance(float[] rows, int width, int n, double[] mean) {
    double[][] covariance = new double[width][width];
    double[][] centred = new double[CHUNK][width];
    for (int first = 0; first < n; first += CHUNK) {
      int from = first;
      int count = Math.min(CHUNK, n - first);
      for (int row = 0; row < CHUNK; row++) {
        if (row >= count) {
          Arrays.fill(centred[row], 0);
          continue;
        }
        for (int i = 0; i < width; i++) {
          centred[row][i] = rows[(from + row) * width + i] - mean[i];
        }
      }
      // Each tile of the result belongs to one thread and takes the rows in order.
      IntStream.range(0, Math.ceilDiv(width, TILE))
          .parallel()
          .forEach(
              tile -> {
                int end = Math.min(width, (tile + 1) * TILE);
                for (int row = 0; row < count; row += 4) {
                  for (int i = tile * TILE; i < end; i++) {
                    addProducts(covariance[i], i, centred, row);
                  }
                }
              });
    }
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] /= n;
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  private static void addProducts(double[] to, int i, double[][] centred, int row) {
    double[] p = centred[row];
    double[] q = centred[row + 1];
    double[] r = centred[row + 2];
    double[] s = centred[row + 3];
    double a = p[i];
    double b = q[i];
    double c = r[i];
    double d = s[i];
    for (int j = 0; j <= i; j++) {
      to[j] += a * p[j] + b * q[j] + c * r[j] + d * s[j];
    }
  }

  /** Leaves the lower factor in the lower triangle. */
  private static void cholesky(double[][] matrix) {
    int n = matrix.length;
    for (int i = 0; i < n; i++) {
      double[] row = matrix[i];
      for (int j = 0; j <= i; j++) {
        double[] other = matrix[j];
        double sum = row[j];
        for (int k = 0; k < j; k++) {
          sum -= row[k] * other[k];
        }
        if (i == j) {
          if (!(sum > 0)) {
            throw new IllegalArgumentException(
                "the covariance is not positive definite; choose a larger shrinkage");
          }
          row[i] = Math.sqrt(sum);
        } else {
          row[j] = sum / other[j];
        }
      }
    }
  }
}
