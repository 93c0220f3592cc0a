package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calibration and accuracy from pairs of scores, worked by hand. */
class ScorePairsTest {
  private static final double[] PREFERRED = {2, 0, 1, 3, -1, 5, 0.5};
  private static final double[] OTHER = {1, 1, 1, 1, -1.5, 2, 3.5};

  private static ScorePairs pairs() {
    return ScorePairs.of(PREFERRED, OTHER);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void tiesAreDroppedAndCounted() {
    assertThat(pairs().n()).isEqualTo(6);
    assertThat(pairs().ties()).isEqualTo(1);
    assertThat(pairs().rows()).containsExactly(0, 1, 3, 4, 5, 6);
    assertThatThrownBy(() -> ScorePairs.of(new double[] {Double.NaN}, new double[1]))
        .hasMessageContaining("not finite");
    assertThatThrownBy(
            () ->
                MarginCalibration.of(
                    ScorePairs.of(new double[1], new double[1]), Calibration.Options.DISPLAY))
        .hasMessageContaining("no pair");
  }

  @Test
  void thePapersViewByHand() {
    // Differences 1, -1, 2, 0.5, 3, -3; two bins of the margin over [0, 3]: (0, 1.5] holds 1, 1,
    // 0.5 with two of three right; (1.5, 3] holds 2, 3, 3, likewise.
    MarginCalibration found =
        MarginCalibration.of(pairs(), new Calibration.Options(2, BinRule.WIDTH, 0.95));
    assertThat(found.ties()).isEqualTo(1);
    assertThat(found.accuracy().successes()).isEqualTo(4);
    CalibrationBin low = found.binned().bins().get(0);
    CalibrationBin high = found.binned().bins().get(1);
    assertThat(low.n()).isEqualTo(3);
    assertThat(low.meanX()).isCloseTo(2.5 / 3, within(1e-15));
    assertThat(low.meanY()).isCloseTo(2 / 3.0, within(1e-15));
    double idealLow = (2 * sigmoid(1) + sigmoid(0.5)) / 3;
    double idealHigh = (2 * sigmoid(3) + sigmoid(2)) / 3;
    assertThat(low.meanP()).isCloseTo(idealLow, within(1e-15));
    assertThat(high.meanP()).isCloseTo(idealHigh, within(1e-15));
    assertThat(found.binned().ece())
        .isCloseTo(
            (Math.abs(2 / 3.0 - idealLow) + Math.abs(2 / 3.0 - idealHigh)) / 2, within(1e-14));
    assertThat(high.interval()).isEqualTo(Proportion.wilson(2, 3, 0.95).interval());
  }

  @Test
  void theSideIsDrawnAndDoesNotChangeTheSlope() {
    Random random = new Random(1);
    double[] a = random.doubles(5000, -2, 2).toArray();
    double[] b = random.doubles(5000, -2, 2).toArray();
    double[] preferred = new double[a.length];
    double[] other = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      boolean first = random.nextDouble() < sigmoid(a[i] - b[i]);
      preferred[i] = first ? a[i] : b[i];
      other[i] = first ? b[i] : a[i];
    }
    ScorePairs pairs = ScorePairs.of(preferred, other);
    boolean[] y = pairs.sides(9);
    double[] p = pairs.probabilities(y);
    Calibration found = Calibration.of(p, y, Calibration.Options.DISPLAY);
    MarginCalibration margin = MarginCalibration.of(pairs, Calibration.Options.DISPLAY);
    assertThat(found.slope().value()).isCloseTo(margin.slope().value(), within(1e-9));
    assertThat(margin.slope().interval().contains(1)).isTrue();
    // Both sides occur, about evenly (5 standard deviations of a fair coin).
    long firsts = 0;
    for (boolean each : y) {
      firsts += each ? 1 : 0;
    }
    assertThat(firsts).isBetween(2500L - 177, 2500L + 177);
    assertThat(pairs.sides(9)).isEqualTo(y);
    assertThat(pairs.sides(10)).isNotEqualTo(y);
    // Fewer pairs, and a tie among them, leave the other sides as they were.
    double[] shorter = Arrays.copyOf(other, 100);
    shorter[5] = preferred[5];
    boolean[] fewer = ScorePairs.of(Arrays.copyOf(preferred, 100), shorter).sides(9);
    assertThat(fewer[4]).isEqualTo(y[4]);
    assertThat(fewer[98]).isEqualTo(y[99]);
  }

  @Test
  void groupsFollowThePairsThatAreLeft() {
    Groups groups = Groups.of(7, 7, 3, 9, 9, 9, 7).only(pairs().rows());
    assertThat(groups.count()).isEqualTo(2);
    assertThat(groups.rows()).isEqualTo(6);
  }

  @Test
  void accuracyAgainstThresholdAndMarginByHand() {
    // Lower scores of the six pairs: 1, 0, 1, -1.5, 2, 0.5; less a mean of 0.5: 0.5, -0.5, 0.5, -2,
    // 1.5, 0. Right: yes, no, yes, yes, yes, no.
    AccuracyCurve curve =
        AccuracyCurve.aboveThreshold(pairs(), 0.5, new double[] {-9, -0.5, 0.4, 0.5, 2}, 0.95);
    assertThat(curve.ties()).isEqualTo(1);
    assertThat(curve.offset()).isEqualTo(0.5);
    assertThat(curve.points().stream().map(AccuracyCurve.Point::n))
        .containsExactly(6L, 4L, 3L, 1L, 0L);
    assertThat(curve.points().get(0).accuracy()).isEqualTo(4 / 6.0);
    assertThat(curve.points().get(1).accuracy()).isEqualTo(3 / 4.0);
    assertThat(curve.points().get(2).accuracy()).isEqualTo(1);
    assertThat(curve.points().get(1).interval())
        .isEqualTo(Proportion.wilson(3, 4, 0.95).interval());
    assertThat(curve.points().get(4).accuracy()).isNaN();
    AccuracyCurve margins = AccuracyCurve.aboveMargin(pairs(), new double[] {0, 0.5, 1, 2.5}, 0.95);
    assertThat(margins.points().stream().map(AccuracyCurve.Point::n))
        .containsExactly(6L, 5L, 3L, 2L);
    assertThat(margins.points().get(3).accuracy()).isEqualTo(0.5);
  }
}
