package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;

/** Mahalanobis scores by hand and against matrices that are inverted another way. */
class MahalanobisTest {

  /** Rows whose columns have unequal scales and depend on each other. */
  private static float[] rows(int n, int width, long seed) {
    Random random = new Random(seed);
    float[] rows = new float[n * width];
    for (int row = 0; row < n; row++) {
      double shared = random.nextGaussian();
      for (int i = 0; i < width; i++) {
        rows[row * width + i] = (float) (10 + i + (1 + i % 5) * random.nextGaussian() + 2 * shared);
      }
    }
    return rows;
  }

  private static void assertAgainstMatrices(int n, int width, double shrinkage) {
    float[] rows = rows(n, width, 3);
    float[] fresh = rows(70, width, 4);
    RealMatrix covariance = MatrixUtils.createRealMatrix(width, width);
    double[] mean = new double[width];
    for (int k = 0; k < rows.length; k++) {
      mean[k % width] += rows[k] / (double) n;
    }
    for (int row = 0; row < n; row++) {
      RealVector x = centred(rows, row, mean);
      covariance = covariance.add(x.outerProduct(x).scalarMultiply(1.0 / n));
    }
    double trace = covariance.getTrace();
    covariance =
        covariance
            .scalarMultiply(1 - shrinkage)
            .add(
                MatrixUtils.createRealIdentityMatrix(width)
                    .scalarMultiply(shrinkage * trace / width));
    DecompositionSolver solver = new LUDecomposition(covariance).getSolver();
    Mahalanobis fit = Mahalanobis.fit(rows, width, shrinkage);
    double[] plain = fit.plain(fresh);
    double[] relative = fit.relative(fresh);
    for (int row = 0; row < 70; row++) {
      RealVector x = centred(fresh, row, mean);
      double expected = x.dotProduct(solver.solve(x));
      double diagonal = 0;
      for (int i = 0; i < width; i++) {
        diagonal += x.getEntry(i) * x.getEntry(i) / covariance.getEntry(i, i);
      }
      assertThat(plain[row]).isCloseTo(expected, within(1e-8 * Math.abs(expected)));
      assertThat(relative[row])
          .isCloseTo(expected - diagonal, within(1e-8 * (expected + diagonal)));
    }
    double[] values = new EigenDecompositionSymmetric(covariance).getEigenvalues();
    double condition =
        Arrays.stream(values).max().orElseThrow() / Arrays.stream(values).min().orElseThrow();
    assertThat(fit.conditionNumber()).isCloseTo(condition, within(1e-7 * condition));
    assertThat(fit.n()).isEqualTo(n);
    assertThat(fit.width()).isEqualTo(width);
    assertThat(fit.shrinkage()).isEqualTo(shrinkage);
  }

  private static RealVector centred(float[] rows, int row, double[] mean) {
    double[] x = new double[mean.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = rows[row * x.length + i] - mean[i];
    }
    return MatrixUtils.createRealVector(x);
  }

  @Test
  void scoresAgreeWithAnInvertedMatrix() {
    assertAgainstMatrices(50, 3, 0);
    assertAgainstMatrices(301, 7, 0.1);
    assertAgainstMatrices(600, 70, 0.01);
    // Fewer rows than columns.
    assertAgainstMatrices(20, 37, 0.05);
    assertAgainstMatrices(9, 5, 1);
  }

  @Test
  void aCrossByHand() {
    // Rows (2,0), (-2,0), (0,1), (0,-1): mean 0, covariance diag(2, 1/2), condition 4.
    float[] cross = {2, 0, -2, 0, 0, 1, 0, -1};
    Mahalanobis fit = Mahalanobis.fit(cross, 2, 0);
    assertThat(fit.conditionNumber()).isCloseTo(4, within(1e-12));
    double[] plain = fit.plain(new float[] {2, 1, 4, 0});
    assertThat(plain[0]).isCloseTo(4, within(1e-12));
    assertThat(plain[1]).isCloseTo(8, within(1e-12));
    // Without correlation the two terms are the same.
    for (double each : fit.relative(new float[] {2, 1, 4, 0})) {
      assertThat(each).isCloseTo(0, within(1e-12));
    }
    // Half shrunk towards tr/d = 1.25: diag(1.625, 0.875).
    Mahalanobis half = Mahalanobis.fit(cross, 2, 0.5);
    assertThat(half.plain(new float[] {2, 1})[0]).isCloseTo(4 / 1.625 + 1 / 0.875, within(1e-12));
  }

  @Test
  void aSingularCovarianceIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> Mahalanobis.fit(rows(10, 10, 1), 10, 0))
        .hasMessageContaining("10 rows of width 10 with shrinkage 0.0 is singular")
        .hasMessageContaining("larger shrinkage");
    // Enough rows, and one column twice.
    float[] twice = new float[300];
    Random random = new Random(1);
    for (int row = 0; row < 100; row++) {
      twice[3 * row] = (float) random.nextGaussian();
      twice[3 * row + 1] = twice[3 * row];
      twice[3 * row + 2] = (float) random.nextGaussian();
    }
    assertThatThrownBy(() -> Mahalanobis.fit(twice, 3, 0)).hasMessageContaining("singular");
    assertThat(Mahalanobis.fit(twice, 3, 0.01).conditionNumber()).isBetween(100.0, 400.0);
    assertThatThrownBy(() -> Mahalanobis.fit(new float[12], 3, 0.5))
        .hasMessageContaining("all 4 rows are alike");
    assertThatThrownBy(() -> Mahalanobis.fit(new float[] {1, 2, Float.NaN, 3}, 2, 0.5))
        .hasMessageContaining("not a finite number");
    assertThatThrownBy(() -> Mahalanobis.fit(new float[7], 3, 0.5))
        .hasMessageContaining("7 numbers in rows of width 3");
    assertThatThrownBy(() -> Mahalanobis.fit(new float[6], 3, 1.5))
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void theNumberOfCoresDoesNotShow() throws ExecutionException, InterruptedException {
    float[] rows = rows(700, 40, 9);
    double[] here = Mahalanobis.fit(rows, 40, 0.01).relative(rows);
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      assertThat(one.submit(() -> Mahalanobis.fit(rows, 40, 0.01).relative(rows)).get())
          .isEqualTo(here);
    }
    // The squared distances of the rows that were fitted average to the width without shrinkage.
    assertThat(Moments.of(Mahalanobis.fit(rows, 40, 0).plain(rows)).mean())
        .isCloseTo(40, within(1e-7));
  }

  @Test
  void bothEndsOfASpectrum() {
    Random random = new Random(8);
    for (int n : new int[] {1, 2, 3, 10, 61}) {
      double[][] a = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          a[i][j] = random.nextGaussian();
          a[j][i] = a[i][j];
        }
      }
      double[] values =
          new EigenDecompositionSymmetric(new Array2DRowRealMatrix(a)).getEigenvalues();
      SymmetricSpectrum found = SymmetricSpectrum.of(a);
      assertThat(found.smallest())
          .isCloseTo(Arrays.stream(values).min().orElseThrow(), within(1e-12 * n));
      assertThat(found.largest())
          .isCloseTo(Arrays.stream(values).max().orElseThrow(), within(1e-12 * n));
    }
  }
}
