package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Calibration against NumPy and SciPy (calibration_values.py), by hand, and by its identities. */
class CalibrationTest {
  private static final double[] P = {
    .05, .1, .2, .25, .3, .3, .45, .5, .6, .6, .7, .8, .85, .9, .95, .99
  };
  private static final boolean[] Y = flags(0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1);

  private static boolean[] flags(int... bits) {
    boolean[] flags = new boolean[bits.length];
    for (int i = 0; i < bits.length; i++) {
      flags[i] = bits[i] == 1;
    }
    return flags;
  }

  private static Calibration of(double[] p, boolean[] y, int bins, BinRule rule) {
    return Calibration.of(p, y, new Calibration.Options(bins, rule, 0.95));
  }

  private static void assertErrors(
      BinnedCalibration binned, double ece, double mce, double debiased, long... n) {
    assertThat(binned.ece()).isCloseTo(ece, within(1e-12));
    assertThat(binned.mce()).isCloseTo(mce, within(1e-12));
    assertThat(binned.debiasedL2()).isCloseTo(debiased, within(1e-12));
    assertThat(binned.bins().stream().mapToLong(CalibrationBin::n).toArray()).isEqualTo(n);
  }

  @Test
  void binnedErrorsAgreeWithNumPy() {
    assertErrors(
        of(P, Y, 5, BinRule.WIDTH).binned(), 0.13375, 0.25, -0.053251041666666665, 3, 3, 4, 2, 4);
    assertErrors(
        of(P, Y, 4, BinRule.WIDTH).binned(), 0.09, 0.1125, -0.060918020833333336, 4, 4, 3, 5);
    assertErrors(
        of(P, Y, 5, BinRule.MASS).binned(),
        0.07875,
        0.11666666666666667,
        -0.0706125,
        4,
        3,
        3,
        3,
        3);
    assertErrors(
        of(P, Y, 4, BinRule.MASS).binned(), 0.115, 0.1725, -0.053198958333333324, 4, 4, 4, 4);
    assertThat(of(P, Y, 4, BinRule.MASS).binned().bins().stream().map(CalibrationBin::to))
        .containsExactly(0.2875, 0.55, 0.8125, 0.99);
  }

  @Test
  void scoresAndSlopeAgreeWithSciPy() {
    Calibration found = of(P, Y, 5, BinRule.WIDTH);
    assertThat(found.brier()).isCloseTo(0.1957875, within(1e-13));
    assertThat(found.logLoss()).isCloseTo(0.5610102941368338, within(1e-12));
    assertThat(found.slope().kind()).isEqualTo(CalibrationSlope.Kind.ESTIMATED);
    assertThat(found.slope().value()).isCloseTo(0.7165227134574709, within(1e-12));
    assertThat(found.slope().standardError()).isCloseTo(0.4117966228464226, within(1e-10));
    assertThat(found.slope().interval().high())
        .isCloseTo(0.7165227134574709 + 1.959963984540054 * 0.4117966228464226, within(1e-9));
    Groups pairs = Groups.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    Calibration grouped =
        Calibration.of(P, Y, pairs, new Calibration.Options(5, BinRule.WIDTH, 0.95));
    assertThat(grouped.slope().value()).isEqualTo(found.slope().value());
    assertThat(grouped.slope().standardError()).isCloseTo(0.294024637107426, within(1e-10));
  }

  @Test
  void corpAgreesWithSciPysIsotonicRegression() {
    Corp corp = of(P, Y, 5, BinRule.WIDTH).corp();
    assertThat(corp.mcb()).isCloseTo(0.03745416666666668, within(1e-13));
    assertThat(corp.dsc()).isCloseTo(0.08776041666666667, within(1e-13));
    assertThat(corp.unc()).isCloseTo(0.24609375, within(1e-15));
    assertThat(corp.steps().stream().map(Corp.Step::fitted))
        .containsExactly(0.0, 0.4, 2 / 3.0, 1.0);
  }

  @Test
  void anEdgeBelongsToTheBinBelowAndEmptyBinsStay() {
    // 0 has no bin below and lies in the first; 0.7 is 7/10 to the bit, though 7 * 0.1 is not.
    double[] p = {0, 0.1, 0.3, 0.7, 0.7000000000000001, 1};
    BinnedCalibration binned = of(p, new boolean[6], 10, BinRule.WIDTH).binned();
    assertThat(binned.bins().stream().mapToLong(CalibrationBin::n).toArray())
        .containsExactly(2, 0, 1, 0, 0, 0, 1, 1, 0, 1);
    assertThat(binned.bins().get(1).meanP()).isNaN();
    assertThat(binned.bins().get(1).interval().low()).isNaN();
    assertThat(binned.bins().get(6).to()).isEqualTo(0.7);
    // Nothing happened: every gap is the mean of p.
    assertThat(binned.ece()).isCloseTo(2.8 / 6, within(1e-15));
    assertThat(binned.mce()).isEqualTo(1);
    assertThat(binned.singletons()).isEqualTo(4);
    // Only the first bin has two members: 2/6 * (0.05^2 - 0).
    assertThat(binned.debiasedL2()).isCloseTo(2 * 0.0025 / 6, within(1e-15));
  }

  @Test
  void equalMassNeverPartsEqualPredictions() {
    double[] same = new double[50];
    Arrays.fill(same, 0.6);
    BinnedCalibration one = of(same, new boolean[50], 15, BinRule.MASS).binned();
    assertThat(one.bins()).hasSize(1);
    assertThat(one.ece()).isCloseTo(0.6, within(1e-12));
    // Quantiles 1/3 and 2/3 of these nine both are 0.5: the bins between them fall together.
    double[] tied = {0.1, 0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.8, 0.9};
    BinnedCalibration three = of(tied, new boolean[9], 3, BinRule.MASS).binned();
    assertThat(three.bins().stream().mapToLong(CalibrationBin::n).toArray()).containsExactly(7, 2);
    assertThat(three.bins().getFirst().from()).isEqualTo(0.1);
    assertThat(three.bins().getFirst().to()).isEqualTo(0.5);
    assertThat(three.bins().getLast().from()).isEqualTo(0.5);
    // More bins than predictions: one each, nothing empty, no gap between edges.
    List<CalibrationBin> many =
        of(new double[] {0.2, 0.4}, new boolean[2], 15, BinRule.MASS).binned().bins();
    assertThat(many.stream().mapToLong(CalibrationBin::n).toArray()).containsExactly(1, 1);
    assertThat(many.get(0).to()).isEqualTo(many.get(1).from());
  }

  @Property(tries = 200)
  void everyPredictionLiesInItsBinAndMassesAreEvenWithoutTies(
      @ForAll @IntRange(min = 1, max = 120) int n,
      @ForAll @IntRange(min = 1, max = 20) int bins,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] p = random.doubles(n).toArray();
    BinnedCalibration binned = of(p, new boolean[n], bins, BinRule.MASS).binned();
    for (int b = 0; b < binned.bins().size(); b++) {
      CalibrationBin bin = binned.bins().get(b);
      boolean first = b == 0;
      assertThat(
              Arrays.stream(p)
                  .filter(each -> each <= bin.to() && (first || each > bin.from()))
                  .count())
          .isEqualTo(bin.n());
      assertThat(bin.n()).isBetween((long) Math.floor((double) n / bins) - 1, n / bins + 1L);
    }
  }

  @Property(tries = 200)
  void brierIsMcbLessDscPlusUnc(
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 1, max = 50) int levels,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] p =
        random.doubles(n).map(each -> Math.round(each * levels) / (double) levels).toArray();
    boolean[] y = new boolean[n];
    for (int i = 0; i < n; i++) {
      y[i] = random.nextDouble() < p[i] * p[i];
    }
    Calibration found = of(p, y, 10, BinRule.WIDTH);
    Corp corp = found.corp();
    assertThat(corp.mcb() - corp.dsc() + corp.unc()).isCloseTo(found.brier(), within(1e-12));
    assertThat(corp.mcb()).isGreaterThan(-1e-12);
    assertThat(corp.dsc()).isGreaterThanOrEqualTo(0);
    for (int i = 1; i < corp.steps().size(); i++) {
      assertThat(corp.steps().get(i).fitted()).isGreaterThan(corp.steps().get(i - 1).fitted());
      assertThat(corp.steps().get(i).from()).isGreaterThan(corp.steps().get(i - 1).to());
    }
    // The recalibrated predictions are calibrated.
    double[] again = new double[n];
    for (Corp.Step step : corp.steps()) {
      for (int i = 0; i < n; i++) {
        again[i] = p[i] >= step.from() && p[i] <= step.to() ? step.fitted() : again[i];
      }
    }
    assertThat(Corp.of(again, y).mcb()).isCloseTo(0, within(1e-12));
  }

  @Test
  void aSlopeThatDoesNotExistIsNamed() {
    double[] x = {1, 2, -1};
    assertThat(CalibrationSlope.of(x, flags(1, 1, 0), 0.95).kind())
        .isEqualTo(CalibrationSlope.Kind.SEPARATED);
    assertThat(CalibrationSlope.of(x, flags(1, 1, 0), 0.95).value())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(CalibrationSlope.of(x, flags(0, 0, 1), 0.95).kind())
        .isEqualTo(CalibrationSlope.Kind.REVERSED);
    CalibrationSlope constant = CalibrationSlope.of(new double[3], flags(1, 1, 0), 0.95);
    assertThat(constant.kind()).isEqualTo(CalibrationSlope.Kind.CONSTANT);
    assertThat(constant.value()).isNaN();
    // One class only is no obstacle as long as predictions lie on both sides.
    assertThat(CalibrationSlope.of(new double[] {2, -1}, flags(1, 1), 0.95).kind())
        .isEqualTo(CalibrationSlope.Kind.ESTIMATED);
  }

  @Test
  void theSlopeFindsWhatTheScoresWereMultipliedBy() {
    Random random = new Random(5);
    double[] x = random.doubles(40_000).map(u -> 6 * u - 3).toArray();
    boolean[] y = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = random.nextDouble() < 1 / (1 + Math.exp(-1.5 * x[i]));
    }
    CalibrationSlope found = CalibrationSlope.of(x, y, 0.99);
    assertThat(found.interval().contains(1.5)).isTrue();
    // Scores in other units: the slope is in the inverse units, far from 1 as well.
    double[] small = Arrays.stream(x).map(each -> each * 1e-6).toArray();
    assertThat(CalibrationSlope.of(small, y, 0.99).value() * 1e-6)
        .isCloseTo(found.value(), within(1e-9));
    double[] turned = Arrays.stream(x).map(each -> -each).toArray();
    assertThat(CalibrationSlope.of(turned, y, 0.99).value())
        .isCloseTo(-found.value(), within(1e-12));
  }

  @Test
  void chanceIsWhatTheBinomialSays() {
    // Two predictions of 1/2 in one bin: ECE = |k - 1| / 2 with k ~ B(2, 1/2), so 0 or 1/2 evenly.
    CalibrationChance two =
        CalibrationChance.of(
            new double[] {0.5, 0.5},
            flags(1, 1),
            new Calibration.Options(1, BinRule.WIDTH, 0.95),
            20_000,
            3);
    assertThat(two.ece()).isCloseTo(0.25, within(0.01));
    assertThat(two.pValue()).isCloseTo(0.5, within(0.02));
    assertThat(two.band().getFirst()).isEqualTo(new Interval(0, 1, 0.95));
    // 400 of 0.3: the share's quantiles are those of B(400, 0.3) / 400: 102 and 138 (SciPy).
    double[] p = new double[400];
    Arrays.fill(p, 0.3);
    CalibrationChance many =
        CalibrationChance.of(
            p, new boolean[400], new Calibration.Options(1, BinRule.WIDTH, 0.95), 20_000, 3);
    assertThat(many.band().getFirst().low()).isCloseTo(102 / 400.0, within(1.01 / 400));
    assertThat(many.band().getFirst().high()).isCloseTo(138 / 400.0, within(1.01 / 400));
    // No success among 400 cannot be chance.
    assertThat(many.pValue()).isEqualTo(1 / 20_001.0);
  }

  @Test
  void anEmptyBinHasNoBand() {
    CalibrationChance found =
        CalibrationChance.of(
            new double[] {0.9}, flags(1), new Calibration.Options(2, BinRule.WIDTH, 0.9), 10, 1);
    assertThat(found.band().getFirst().low()).isNaN();
    assertThat(found.band().getLast().high()).isEqualTo(1);
  }

  @Test
  void theSeedDecidesWhateverTheThreads() throws ExecutionException, InterruptedException {
    Calibration.Options options = new Calibration.Options(5, BinRule.MASS, 0.95);
    Groups groups = Groups.of(IntStream.range(0, P.length).map(i -> i / 3).toArray());
    CalibrationBootstrap here = CalibrationBootstrap.of(P, Y, groups, options, 100, 7);
    CalibrationChance chance = CalibrationChance.of(P, Y, options, 100, 7);
    try (ForkJoinPool one = new ForkJoinPool(1);
        ForkJoinPool four = new ForkJoinPool(4)) {
      for (ForkJoinPool pool : List.of(one, four)) {
        assertThat(pool.submit(() -> CalibrationBootstrap.of(P, Y, groups, options, 100, 7)).get())
            .isEqualTo(here);
        assertThat(pool.submit(() -> CalibrationChance.of(P, Y, options, 100, 7)).get())
            .isEqualTo(chance);
      }
    }
    assertThat(CalibrationBootstrap.of(P, Y, groups, options, 100, 8)).isNotEqualTo(here);
  }

  @Test
  void theBootstrapOfAShareIsTheBinomial() {
    boolean[] y = new boolean[400];
    Arrays.fill(y, 0, 120, true);
    double[] p = new double[400];
    Arrays.fill(p, 0.3);
    CalibrationBootstrap found =
        CalibrationBootstrap.of(
            p, y, Groups.single(400), new Calibration.Options(1, BinRule.WIDTH, 0.95), 20_000, 11);
    // B(400, 0.3) again.
    assertThat(found.share().low()).isCloseTo(102 / 400.0, within(1.01 / 400));
    assertThat(found.share().high()).isCloseTo(138 / 400.0, within(1.01 / 400));
    // With one bin the ECE is |share - 0.3|, at most 21/400 with 97.6 % (SciPy), and the Brier
    // score
    // is 0.09 + 0.4 share.
    assertThat(found.ece().high()).isCloseTo(21 / 400.0, within(1.01 / 400));
    assertThat(found.brier().low()).isCloseTo(0.09 + 0.4 * found.share().low(), within(1e-12));
  }

  @Test
  void rowsThatRepeatWithinAGroupAddNoCertainty() {
    CalibrationBootstrap twice = repeated(2);
    CalibrationBootstrap thrice = repeated(3);
    assertThat(twice.groups()).isEqualTo(P.length);
    assertThat(thrice.share()).isEqualTo(twice.share());
    assertThat(thrice.ece().high()).isCloseTo(twice.ece().high(), within(1e-12));
    assertThat(thrice.logLoss().low()).isCloseTo(twice.logLoss().low(), within(1e-12));
    // Single rows are drawn another way, from the same distribution.
    CalibrationBootstrap once = repeated(1);
    assertThat(once.ece().high()).isCloseTo(twice.ece().high(), within(0.01));
    assertThat(once.mce().low()).isCloseTo(twice.mce().low(), within(0.02));
    assertThat(once.brier().low()).isCloseTo(twice.brier().low(), within(0.005));
    assertThat(once.logLoss().low()).isCloseTo(twice.logLoss().low(), within(0.01));
    assertThat(once.logLoss().high()).isCloseTo(twice.logLoss().high(), within(0.02));
  }

  /** Every row some times over, its copies in one group. */
  private static CalibrationBootstrap repeated(int times) {
    double[] p = new double[times * P.length];
    boolean[] y = new boolean[p.length];
    int[] group = new int[p.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = P[i / times];
      y[i] = Y[i / times];
      group[i] = i / times;
    }
    Calibration.Options options = new Calibration.Options(4, BinRule.WIDTH, 0.95);
    return CalibrationBootstrap.of(p, y, Groups.of(group), options, 20_000, 2);
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    assertThatThrownBy(() -> of(new double[] {1.5}, flags(1), 5, BinRule.WIDTH))
        .hasMessageContaining("1.5 is not a probability");
    assertThatThrownBy(() -> of(new double[] {Double.NaN}, flags(1), 5, BinRule.WIDTH))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> of(new double[0], flags(), 5, BinRule.WIDTH))
        .hasMessageContaining("0 probabilities");
    assertThatThrownBy(() -> of(P, Y, 0, BinRule.WIDTH)).hasMessageContaining("0 bins");
  }

  @Test
  void certainPredictionsAreCountedAndStayFinite() {
    Calibration found = of(new double[] {0, 1, 1}, flags(0, 1, 0), 5, BinRule.WIDTH);
    assertThat(found.clipped()).isEqualTo(3);
    // One wrong: 52 ln 2 of three.
    assertThat(found.logLoss()).isCloseTo(52 * Math.log(2) / 3, within(1e-12));
    assertThat(found.slope().value()).isFinite();
  }

  @Test
  void rowsOfOneGroupHaveASlopeWithoutAnError() {
    double[] x = {1, 2, -1, 0.5};
    boolean[] y = {true, true, true, false};
    CalibrationSlope slope = CalibrationSlope.of(x, y, Groups.of(3, 3, 3, 3), 0.95);
    assertThat(slope.value()).isEqualTo(CalibrationSlope.of(x, y, 0.95).value());
    assertThat(slope.standardError()).isNaN();
    assertThat(slope.interval().low()).isNaN();
  }
}
