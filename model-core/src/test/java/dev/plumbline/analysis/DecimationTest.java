package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Thinning loses no extreme, no end and no gap. */
class DecimationTest {
  @Property(tries = 200)
  void everyColumnKeepsItsExtremesAndEveryGapStays(
      @ForAll @IntRange(min = 1, max = 3000) int n,
      @ForAll @IntRange(min = 1, max = 200) int columns,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
      y[i] = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
    }
    int[] kept = Decimation.minMax(x, y, 0, n, columns);

    assertThat(IntStream.range(1, kept.length).allMatch(i -> kept[i] > kept[i - 1])).isTrue();
    assertThat(kept[0]).isZero();
    assertThat(kept[kept.length - 1]).isEqualTo(Double.isNaN(y[n - 1]) ? lastGapStart(y) : n - 1);
    Map<Integer, double[]> all = extremes(IntStream.range(0, n).toArray(), x, y, n, columns);
    Map<Integer, double[]> thin = extremes(kept, x, y, n, columns);
    assertThat(thin.keySet()).isEqualTo(all.keySet());
    all.forEach((column, range) -> assertThat(thin.get(column)).containsExactly(range));
    assertThat(gaps(IntStream.range(0, n).toArray(), y)).isEqualTo(gaps(kept, y));
  }

  private static int lastGapStart(double[] y) {
    int at = y.length - 1;
    while (at > 0 && Double.isNaN(y[at - 1])) {
      at--;
    }
    return at;
  }

  private static Map<Integer, double[]> extremes(
      int[] rows, double[] x, double[] y, int n, int columns) {
    Map<Integer, double[]> found = new HashMap<>();
    for (int row : rows) {
      if (!Double.isNaN(y[row])) {
        double[] range =
            found.computeIfAbsent(
                (int) Math.floor(x[row] * (columns / (double) n)),
                column -> new double[] {y[row], y[row]});
        range[0] = Math.min(range[0], y[row]);
        range[1] = Math.max(range[1], y[row]);
      }
    }
    return found;
  }

  private static long gaps(int[] rows, double[] y) {
    return IntStream.range(0, rows.length)
        .filter(i -> Double.isNaN(y[rows[i]]) && (i == 0 || !Double.isNaN(y[rows[i - 1]])))
        .count();
  }

  @Test
  void aMillionPointsBecomeAtMostFourAColumn() {
    int n = 1_000_000;
    double[] x = IntStream.range(0, n).asDoubleStream().toArray();
    double[] y = Arrays.stream(x).map(value -> Math.sin(value / 1e4)).toArray();
    y[777_777] = 50;
    int[] kept = Decimation.minMax(x, y, 0, n, 800);
    assertThat(kept.length).isLessThanOrEqualTo(3200);
    assertThat(Arrays.stream(kept).anyMatch(row -> row == 777_777)).isTrue();
  }
}
