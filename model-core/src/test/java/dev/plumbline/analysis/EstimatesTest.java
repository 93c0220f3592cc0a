package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Intervals and moments against SciPy's values (reference_values.py) and known properties. */
class EstimatesTest {
  @Test
  void wilsonAgreesWithSciPy() {
    assertWilson(0, 10, 0.0, 0.27753279986288926);
    assertWilson(81, 263, 0.2552885198782742, 0.36620957698280004);
    assertWilson(15, 148, 0.06238639953073629, 0.16048724172330803);
    assertWilson(29, 29, 0.8830302015002592, 1.0);
    assertWilson(1, 2310, 7.642164398797158e-05, 0.0024481501232027536);
    assertThatThrownBy(() -> Proportion.wilson(3, 2, 0.95)).hasMessageContaining("3 successes");
  }

  private static void assertWilson(long successes, long n, double low, double high) {
    Interval interval = Proportion.wilson(successes, n, 0.95).interval();
    assertThat(interval.low()).isCloseTo(low, within(1e-9));
    assertThat(interval.high()).isCloseTo(high, within(1e-9));
  }

  @Property
  void wilsonIsTheMirrorOfItsComplement(
      @ForAll @IntRange(min = 0, max = 500) int successes,
      @ForAll @IntRange(min = 0, max = 500) int failures) {
    if (successes + failures == 0) {
      return;
    }
    Interval a = Proportion.wilson(successes, successes + failures, 0.9).interval();
    Interval b = Proportion.wilson(failures, successes + failures, 0.9).interval();
    assertThat(a.low()).isCloseTo(1 - b.high(), within(1e-12));
    assertThat(a.low()).isBetween(0.0, a.high());
    assertThat(a.high()).isLessThanOrEqualTo(1);
  }

  @Test
  void tIntervalAndQuantilesAgreeWithSciPy() {
    Interval interval = Moments.of(0.79, 0.81, 0.74).tInterval(0.95);
    assertThat(interval.low()).isCloseTo(0.6904331410497039, within(1e-9));
    assertThat(interval.high()).isCloseTo(0.869566858950296, within(1e-9));
    assertThat(Quantiles.tTwoSided(0.95, 1)).isCloseTo(12.706204736174694, within(1e-8));
    assertThat(Quantiles.normalTwoSided(0.95)).isCloseTo(1.959963984540054, within(1e-9));
    assertThat(Quantiles.of(new double[] {3, 1, 4, 1.5, 9}, 0.3)).isCloseTo(1.8, within(1e-12));
    assertThat(Moments.of(5.0).tInterval(0.95).low()).isNaN();
  }

  @Test
  void momentsKeepASmallSpreadBesideALargeMean() {
    Moments moments = Moments.of(1e9 + 4, 1e9 + 7, 1e9 + 13, Double.NaN, 1e9 + 16);
    assertThat(moments.n()).isEqualTo(4);
    assertThat(moments.mean()).isEqualTo(1e9 + 10);
    assertThat(moments.variance()).isEqualTo(30);
  }

  @Test
  void smoothingFollowsTheDebiasedAverageByHand() {
    // weight 0.5: averages 1, 2.5, 4.25 over 1/2, 3/4, 7/8 of the weight; the gap is passed on.
    double[] smooth = Smoothing.exponential(new double[] {2, 4, Double.NaN, 6}, 0.5);
    assertThat(smooth[0]).isEqualTo(2);
    assertThat(smooth[1]).isCloseTo(2.5 / 0.75, within(1e-12));
    assertThat(smooth[2]).isNaN();
    assertThat(smooth[3]).isCloseTo(4.25 / 0.875, within(1e-12));
    double constant = 0.1;
    assertThat(Smoothing.exponential(new double[] {constant, constant, constant}, 0.99))
        .containsExactly(constant, constant, constant);
    assertThat(Smoothing.exponential(new double[] {1, 7, 3}, 0)).containsExactly(1, 7, 3);
  }

  @Property
  void smoothingStaysWithinTheData(
      @ForAll @Size(min = 1, max = 60) double[] values,
      @ForAll @DoubleRange(min = 0, max = 0.99) double weight) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double[] smooth = Smoothing.exponential(values, weight);
    for (int i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
      double rounding = 1e-12 * Math.max(Math.abs(low), Math.abs(high));
      assertThat(smooth[i]).isBetween(low - rounding, high + rounding);
    }
  }

  @Test
  void bootstrapOfAMeanComesNearTheTInterval() {
    Random random = new Random(7);
    double[] values = random.doubles(400).toArray();
    Interval bootstrap = Bootstrap.mean(values, 4000, 0.95, 3);
    Interval t = Moments.of(values).tInterval(0.95);
    assertThat(bootstrap.low()).isCloseTo(t.low(), within(0.004));
    assertThat(bootstrap.high()).isCloseTo(t.high(), within(0.004));
    assertThat(Bootstrap.mean(values, 100, 0.95, 3))
        .isEqualTo(Bootstrap.mean(values, 100, 0.95, 3));
  }

  @Test
  void blockLengthGrowsWithDependence() {
    double[] noise = new double[200];
    for (int i = 1; i < noise.length; i++) {
      noise[i] = 0.6 * noise[i - 1] + Math.sin(12.9898 * i) * 0.5;
    }
    assertThat(Bootstrap.blockLength(noise)).isEqualTo(33);
    assertThat(Bootstrap.blockLength(new double[] {1, -1, 1, -1, 1, 1, -1, -1, 1, -1, 1, 1}))
        .isLessThanOrEqualTo(4);
    assertThat(Bootstrap.blockLength(new double[100])).isEqualTo(1);
  }

  @Test
  void aBlockBootstrapIsWiderForADependentSeries() {
    Random random = new Random(11);
    double[] series = new double[300];
    for (int i = 1; i < series.length; i++) {
      series[i] = 0.85 * series[i - 1] + random.nextGaussian();
    }
    Interval rows = Bootstrap.percentile(300, 1, 1500, 0.95, 5, each -> meanOf(series, each));
    Interval blocks = Bootstrap.percentile(300, 25, 1500, 0.95, 5, each -> meanOf(series, each));
    assertThat(blocks.high() - blocks.low()).isGreaterThan(2 * (rows.high() - rows.low()));
  }

  private static double meanOf(double[] series, int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += series[row];
    }
    return sum / rows.length;
  }

  @Test
  void aClaimThatNamesASizeNeedsTheWholeIntervalBeyondIt() {
    // A tail begins 0.25 beyond the median; 0.06 to 0.26 is above the median, and no more is shown.
    assertThat(PaperCard.ofSize(new Interval(0.06, 0.26, 0.95), 0.25))
        .isEqualTo(PaperCard.Verdict.UNDECIDED);
    assertThat(PaperCard.ofSize(new Interval(0.26, 0.46, 0.95), 0.25))
        .isEqualTo(PaperCard.Verdict.SAME);
    assertThat(PaperCard.ofSize(new Interval(0.06, 0.2, 0.95), 0.25))
        .isEqualTo(PaperCard.Verdict.ABSENT);
    assertThat(PaperCard.ofSize(new Interval(-0.4, -0.1, 0.95), 0.25))
        .isEqualTo(PaperCard.Verdict.CHANGED);
    assertThat(PaperCard.ofSize(Interval.none(0.95), 0.25)).isEqualTo(PaperCard.Verdict.UNDECIDED);
  }
}
