package dev.plumbline.analysis;

/** The smallest and the largest eigenvalue of a symmetric matrix. */
final class SymmetricSpectrum {
  private final double smallest;
  private final double largest;

  private SymmetricSpectrum(double smallest, double largest) {
    this.smallest = smallest;
    this.largest = largest;
  }

  double smallest() {
    return smallest;
  }

  double largest() {
    return largest;
  }

  /**
   * Brings the matrix to tridiagonal form by Householder reflections and finds both ends of its
   * spectrum by bisection on Sturm's counts: no vectors, so a small part of a full decomposition.
   *
   * @param matrix symmetric, both triangles filled; left as it is
   */
  static SymmetricSpectrum of(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
    }
    double[] off = new double[n];
    double[] v = new double[n];
    double[] w = new double[n];
    for (int k = 0; k < n - 2; k++) {
      off[k + 1] = reflect(a, k, v, w);
    }
    if (n > 1) {
      off[n - 1] = a[n - 1][n - 2];
    }
    double[] diagonal = new double[n];
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
      double radius = Math.abs(off[i]) + (i + 1 < n ? Math.abs(off[i + 1]) : 0);
      low = Math.min(low, diagonal[i] - radius);
      high = Math.max(high, diagonal[i] + radius);
    }
    return new SymmetricSpectrum(
        find(diagonal, off, low, high, 1), find(diagonal, off, low, high, n));
  }

  /** Clears column k below the first off-diagonal element, which is returned. */
  private static double reflect(double[][] a, int k, double[] v, double[] w) {
    int n = a.length;
    double squares = 0;
    double below = 0;
    for (int i = k + 1; i < n; i++) {
      v[i] = a[i][k];
      squares += v[i] * v[i];
      below += i > k + 1 ? v[i] * v[i] : 0;
    }
    if (below == 0) {
      return v[k + 1];
    }
    double length = v[k + 1] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    v[k + 1] -= length;
    double beta = 2 / (below + v[k + 1] * v[k + 1]);
    java.util.Arrays.fill(w, k + 1, n, 0);
    for (int i = k + 1; i < n; i++) {
      addScaled(w, a[i], v[i] * beta, k + 1);
    }
    double product = 0;
    for (int i = k + 1; i < n; i++) {
      product += v[i] * w[i];
    }
    double half = beta / 2 * product;
    for (int i = k + 1; i < n; i++) {
      w[i] -= half * v[i];
    }
    for (int i = k + 1; i < n; i++) {
      subtractOuter(a[i], v, w, v[i], w[i], k + 1);
    }
    return length;
  }

  private static void addScaled(double[] to, double[] from, double factor, int begin) {
    for (int j = begin; j < to.length; j++) {
      to[j] += factor * from[j];
    }
  }

  private static void subtractOuter(
      double[] row, double[] v, double[] w, double vi, double wi, int begin) {
    for (int j = begin; j < row.length; j++) {
      row[j] -= vi * w[j] + wi * v[j];
    }
  }

  /** The least number below which lie that many eigenvalues. */
  private static double find(double[] diagonal, double[] off, double low, double high, int rank) {
    double from = low;
    double to = high;
    for (int i = 0; i < 2000; i++) {
      double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) {
        break;
      }
      if (below(diagonal, off, middle) >= rank) {
        to = middle;
      } else {
        from = middle;
      }
    }
    return from + (to - from) / 2;
  }

  private static int below(double[] diagonal, double[] off, double bound) {
    int count = 0;
    double pivot = 1;
    for (int i = 0; i < diagonal.length; i++) {
      double before = pivot == 0 ? 0x1p-1000 : pivot;
      pivot = diagonal[i] - bound - (i == 0 ? 0 : off[i] * off[i] / before);
      count += pivot < 0 ? 1 : 0;
    }
    return count;
  }
}
