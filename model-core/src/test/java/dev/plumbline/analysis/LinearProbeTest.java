package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;

/** The probe against Newton's method written out in the test, and by its invariances. */
class LinearProbeTest {
  private static final int WIDTH = 4;

  private static float[] rows(int n, double shift, long seed) {
    Random random = new Random(seed);
    float[] rows = new float[n * WIDTH];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = (float) ((1 + k % WIDTH) * random.nextGaussian() + shift * (k % 2) + 5);
    }
    return rows;
  }

  private static float[] both() {
    float[] rows = Arrays.copyOf(rows(60, 0, 1), 100 * WIDTH);
    System.arraycopy(rows(40, 1.5, 2), 0, rows, 60 * WIDTH, 40 * WIDTH);
    return rows;
  }

  private static boolean[] classes() {
    boolean[] positive = new boolean[100];
    Arrays.fill(positive, 60, 100, true);
    return positive;
  }

  /** Newton on the objective of the Javadoc; log-odds of the rows. */
  private static double[] newton(float[] rows, boolean[] positive, double[] weights, double ridge) {
    int n = positive.length;
    double total = Arrays.stream(weights).sum();
    double[] mean = new double[WIDTH];
    double[] deviation = new double[WIDTH];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < WIDTH; j++) {
        mean[j] += weights[i] * rows[i * WIDTH + j] / total;
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < WIDTH; j++) {
        deviation[j] += weights[i] * Math.pow(rows[i * WIDTH + j] - mean[j], 2) / total;
      }
    }
    RealMatrix x = MatrixUtils.createRealMatrix(n, WIDTH + 1);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < WIDTH; j++) {
        x.setEntry(i, j, (rows[i * WIDTH + j] - mean[j]) / Math.sqrt(deviation[j]));
      }
      x.setEntry(i, WIDTH, 1);
    }
    RealVector beta = MatrixUtils.createRealVector(new double[WIDTH + 1]);
    for (int round = 0; round < 40; round++) {
      RealVector gradient = MatrixUtils.createRealVector(new double[WIDTH + 1]);
      RealMatrix hessian = MatrixUtils.createRealMatrix(WIDTH + 1, WIDTH + 1);
      for (int i = 0; i < n; i++) {
        RealVector row = x.getRowVector(i);
        double p = 1 / (1 + Math.exp(-row.dotProduct(beta)));
        gradient = gradient.add(row.mapMultiply(weights[i] * (p - (positive[i] ? 1 : 0)) / total));
        hessian =
            hessian.add(row.outerProduct(row).scalarMultiply(weights[i] * p * (1 - p) / total));
      }
      for (int j = 0; j < WIDTH; j++) {
        gradient.addToEntry(j, ridge * beta.getEntry(j));
        hessian.addToEntry(j, j, ridge);
      }
      beta = beta.subtract(new LUDecomposition(hessian).getSolver().solve(gradient));
    }
    return x.operate(beta).toArray();
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static void assertClose(double[] found, double[] expected, double within) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(within));
    }
  }

  @Test
  void agreesWithNewtonsMethod() {
    double[] weights = ones(100);
    weights[3] = 0;
    weights[70] = 6.5;
    for (double ridge : new double[] {1, 1e-2, 1e-6}) {
      LinearProbe probe = LinearProbe.fit(both(), WIDTH, classes(), weights, ridge);
      assertClose(probe.logOdds(both()), newton(both(), classes(), weights, ridge), 1e-6);
      assertThat(probe.gradientNorm()).isLessThan(1e-8);
      assertThat(probe.ridge()).isEqualTo(ridge);
    }
  }

  @Test
  void aWeightIsACopyAndExposureIsThePapers() {
    float[] in = rows(60, 0, 1);
    float[] few = rows(7, 3, 5);
    // 60 / 7 rounded down: eight copies of each outlier.
    float[] copies = Arrays.copyOf(in, (60 + 56) * WIDTH);
    for (int copy = 0; copy < 8; copy++) {
      System.arraycopy(few, 0, copies, (60 + 7 * copy) * WIDTH, 7 * WIDTH);
    }
    boolean[] positive = new boolean[116];
    Arrays.fill(positive, 60, 116, true);
    LinearProbe copied = LinearProbe.fit(copies, WIDTH, positive, ones(116), 0.01);
    LinearProbe exposed = LinearProbe.outlierExposure(in, few, WIDTH, 0.01);
    assertClose(exposed.logOdds(in), copied.logOdds(in), 1e-7);
    // More outliers than rows: each counts once.
    assertThat(LinearProbe.outlierExposure(few, in, WIDTH, 0.01).logOdds(in)).hasSize(60);
  }

  @Test
  void unitsOfAColumnDoNotMatterAndAConstantColumnIsLeftOut() {
    float[] rows = both();
    float[] scaled = rows.clone();
    for (int i = 0; i < 100; i++) {
      scaled[i * WIDTH + 1] = rows[i * WIDTH + 1] * 1024;
    }
    LinearProbe plain = LinearProbe.fit(rows, WIDTH, classes(), ones(100), 0.1);
    LinearProbe other = LinearProbe.fit(scaled, WIDTH, classes(), ones(100), 0.1);
    assertClose(other.logOdds(scaled), plain.logOdds(rows), 1e-7);
    float[] constant = rows.clone();
    for (int i = 0; i < 100; i++) {
      constant[i * WIDTH + 2] = 0.1f;
    }
    assertThat(LinearProbe.fit(constant, WIDTH, classes(), ones(100), 0.1).coefficients()[2])
        .isZero();
  }

  @Test
  void classesThatAreApartHaveAFiniteProbe() {
    float[] rows = {-1, -2, 1, 3};
    LinearProbe probe =
        LinearProbe.fit(rows, 1, new boolean[] {false, false, true, true}, ones(4), 1e-3);
    assertThat(probe.coefficients()[0]).isFinite().isPositive();
    double[] odds = probe.logOdds(rows);
    assertThat(odds[1]).isLessThan(odds[0]);
    assertThat(odds[0]).isLessThan(odds[2]);
  }

  @Test
  void whatCannotBeFittedIsNamed() {
    assertThatThrownBy(() -> LinearProbe.fit(new float[4], 2, new boolean[2], ones(2), 1))
        .hasMessageContaining("one class only");
    assertThatThrownBy(
            () -> LinearProbe.fit(new float[4], 2, new boolean[] {true, false}, ones(2), 0))
        .hasMessageContaining("ridge");
    assertThatThrownBy(
            () ->
                LinearProbe.fit(
                    new float[] {1, Float.NaN}, 1, new boolean[] {true, false}, ones(2), 1))
        .hasMessageContaining("not a finite number");
    assertThatThrownBy(() -> LinearProbe.outlierExposure(new float[4], new float[0], 2, 1))
        .hasMessageContaining("both classes");
  }
}
