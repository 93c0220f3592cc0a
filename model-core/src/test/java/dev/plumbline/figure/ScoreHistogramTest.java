package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScoreHistogramTest {
  @Test
  void everyScoreIsInItsBinAndFarOnesInTheOuterBins() {
    Random random = new Random(2);
    double[] in = random.doubles(500, 0, 10).toArray();
    double[] out = random.doubles(300, 5, 15).toArray();
    in[0] = -1e6;
    out[0] = 1e6;
    ScoreHistogram histogram = ScoreHistogram.of(in, out, 20);
    assertThat(sum(histogram.in())).isEqualTo(500);
    assertThat(sum(histogram.out())).isEqualTo(300);
    assertThat(histogram.bin(-1e6)).isZero();
    assertThat(histogram.bin(1e6)).isEqualTo(19);
    // 0.5 % at either end of 800 scores: four, one of each far off
    assertThat(histogram.beyond()).isEqualTo(8);
    assertThat(histogram.edges().last()).isLessThan(15.001);
    for (double each : in) {
      int bin = histogram.bin(each);
      assertThat(bin == 0 || each >= histogram.edges().get(bin)).isTrue();
      assertThat(bin == 19 || each < histogram.edges().get(bin + 1)).isTrue();
    }
  }

  @Test
  void scoresThatAreAllAlikeHaveABin() {
    ScoreHistogram histogram = ScoreHistogram.of(new double[] {3, 3}, new double[] {3}, 4);
    assertThat(histogram.edges().get(0)).isEqualTo(2.5);
    assertThat(sum(histogram.in())).isEqualTo(2);
  }

  private static double sum(Column column) {
    double sum = 0;
    for (double each : column.toArray()) {
      sum += each;
    }
    return sum;
  }
}
