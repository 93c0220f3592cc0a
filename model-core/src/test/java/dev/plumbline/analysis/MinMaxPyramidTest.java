package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MinMaxPyramidTest {
  /** Walks with gaps, plateaus and points at the same place, and spikes of one row among them. */
  private static double[] series(Random random, int n) {
    double[] y = new double[n];
    double level = 0;
    for (int i = 0; i < n; i++) {
      level += random.nextGaussian();
      y[i] = random.nextInt(50) == 0 ? level + 1000 * random.nextGaussian() : level;
      if (random.nextInt(40) == 0) {
        int gap = Math.min(n - i, 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 3));
        Arrays.fill(y, i, i + gap, random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY);
        i += gap - 1;
      }
    }
    return y;
  }

  private static double[] places(Random random, int n) {
    double[] x = new double[n];
    double at = random.nextGaussian();
    for (int i = 0; i < n; i++) {
      at += random.nextInt(3) == 0 ? 0 : random.nextDouble() * (random.nextInt(99) == 0 ? 500 : 1);
      x[i] = at;
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 511, 512, 513, 5000})
  void theExtremesOfAnyStretchAreThoseOfAllItsRows(int n) {
    Random random = new Random(n);
    double[] y = series(random, n);
    MinMaxPyramid pyramid = MinMaxPyramid.of(y);
    for (int trial = 0; trial < 300; trial++) {
      int from = n == 0 ? 0 : random.nextInt(n);
      int to = from + (n == from ? 0 : random.nextInt(n - from + 1));
      double[] finite = Arrays.stream(y, from, to).filter(Double::isFinite).toArray();
      int low = pyramid.lowest(from, to);
      int high = pyramid.highest(from, to);
      if (finite.length == 0) {
        assertThat(low).isEqualTo(-1);
        assertThat(high).isEqualTo(-1);
        assertThat(pyramid.first(from, to)).isEqualTo(-1);
        assertThat(pyramid.last(from, to)).isEqualTo(-1);
      } else {
        assertThat(y[low]).isEqualTo(Arrays.stream(finite).min().orElseThrow());
        assertThat(y[high]).isEqualTo(Arrays.stream(finite).max().orElseThrow());
        assertThat(low).isBetween(from, to - 1);
        assertThat(high).isBetween(from, to - 1);
        assertThat(y[pyramid.first(from, to)]).isEqualTo(finite[0]);
        assertThat(y[pyramid.last(from, to)]).isEqualTo(finite[finite.length - 1]);
      }
    }
  }

  /**
   * Whatever the window: in each column the rows that are kept reach as low and as high as all of
   * its rows do, so no spike of a single row can be lost.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everySpikeInAnyWindowSurvives(long seed) {
    Random random = new Random(seed);
    int n = 20_000 + random.nextInt(20_000);
    double[] x = places(random, n);
    double[] y = series(random, n);
    MinMaxPyramid pyramid = MinMaxPyramid.of(y);
    for (int trial = 0; trial < 40; trial++) {
      double a = x[random.nextInt(n)] + random.nextGaussian();
      double b = x[random.nextInt(n)] + random.nextGaussian();
      double low = Math.min(a, b);
      double high = Math.max(a, b) + 1e-3;
      int columns = 1 + random.nextInt(900);
      int[] rows = pyramid.rows(x, low, high, columns);
      assertThat(rows).isSorted().doesNotHaveDuplicates();
      double width = (high - low) / columns;
      double[] least = new double[columns];
      double[] most = new double[columns];
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      Arrays.fill(most, Double.NEGATIVE_INFINITY);
      for (int row : rows) {
        if (x[row] >= low && x[row] <= high && Double.isFinite(y[row])) {
          int column = Math.min(columns - 1, (int) ((x[row] - low) / width));
          least[column] = Math.min(least[column], y[row]);
          most[column] = Math.max(most[column], y[row]);
        }
      }
      for (int row = 0; row < n; row++) {
        if (x[row] >= low && x[row] <= high && Double.isFinite(y[row])) {
          int column = Math.min(columns - 1, (int) ((x[row] - low) / width));
          // A place on the edge of two columns may be rounded into either.
          double under = Math.min(least[column], least[Math.max(0, column - 1)]);
          double over = Math.max(most[column], most[Math.max(0, column - 1)]);
          assertThat(y[row]).as("row %s", row).isBetween(under, over);
        }
      }
    }
  }

  @Test
  void theRowsBeyondTheEdgesAreKeptAndNoOthers() {
    double[] x = new double[10_000];
    double[] y = new double[10_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
      y[i] = i % 7;
    }
    int[] rows = MinMaxPyramid.of(y).rows(x, 1000.5, 8000.5, 10);
    assertThat(rows[0]).isEqualTo(1000);
    assertThat(rows[rows.length - 1]).isEqualTo(8001);
    assertThat(rows.length).isLessThanOrEqualTo(10 * 6 + 2);
  }

  @Test
  void aGapOverAnEdgeOfAColumnIsKept() {
    double[] x = new double[10_000];
    double[] y = new double[10_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
      y[i] = i >= 4900 && i < 5100 ? Double.NaN : 1;
    }
    int[] rows = MinMaxPyramid.of(y).rows(x, 0, 10_000, 10); // columns of 1,000 rows
    assertThat(Arrays.stream(rows).filter(row -> Double.isNaN(y[row])).toArray())
        .as("the last row of column 4 and the first of column 5")
        .containsExactly(4999, 5000);
  }

  @Test
  void aFewRowsAreAllKept() {
    double[] x = {0, 1, 2, 3, 4, 5};
    double[] y = {1, 2, Double.NaN, 3, 2, 1};
    assertThat(MinMaxPyramid.of(y).rows(x, 1.5, 3.5, 100)).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> MinMaxPyramid.of(y).rows(x, 1, 1, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
