package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The law's fit against NumPy and SciPy (reference_values.py), and against made-up truths. */
class RewardKlFitTest {
  private static final double[] KL = {0.0, 0.09, 0.25, 0.36, 0.81, 1.0, 1.44, 1.96, 2.25, 2.89};
  private static final double[] REWARD = {
    0.02, 0.21, 0.47, 0.44, 0.78, 0.86, 0.93, 1.22, 1.18, 1.41
  };
  private static final RewardKlFit.Options WHOLE = RewardKlFit.Options.WHOLE_RUN;

  private static long[] steps(int n) {
    return LongStream.range(0, n).toArray();
  }

  @Test
  void leastSquaresAgreeWithSciPy() {
    RewardKlFit fit = RewardKlFit.of(steps(10), KL, REWARD, WHOLE).orElseThrow();
    assertThat(fit.n()).isEqualTo(10);
    assertThat(fit.slope()).isCloseTo(0.8204405922715782, within(1e-12));
    assertThat(fit.intercept()).isCloseTo(0.005399061032863917, within(1e-12));
    assertThat(fit.slopeStandardError()).isCloseTo(0.031430231423549435, within(1e-12));
    assertThat(fit.naive().low()).isCloseTo(0.7479623486384492, within(1e-9));
    assertThat(fit.naive().high()).isCloseTo(0.8929188359047071, within(1e-9));
    assertThat(fit.rSquared()).isCloseTo(0.988395626974043, within(1e-12));
    assertThat(fit.durbinWatson()).isCloseTo(3.54907510757385, within(1e-10));
    assertThat(fit.residualDeviation()).isCloseTo(0.052300887274295715, within(1e-12));
    assertThat(fit.predictionBand(2).low()).isCloseTo(1.497144040656469, within(1e-9));
    assertThat(fit.predictionBand(2).high()).isCloseTo(1.7954164504955716, within(1e-9));
    assertThat(fit.departure()).isEmpty();
    assertThat(fit.nearLinear()).isTrue();
  }

  @Test
  void anExactLineIsFoundExactlyAndItsRangeIsHeld() {
    double[] kl = {0, 0.25, 1, 2.25, 4, 6.25, 9};
    double[] reward = {1, 1.25, 1.5, 1.75, 2, 7, 8};
    RewardKlFit fit = RewardKlFit.of(steps(7), kl, reward, WHOLE.over(0, 2)).orElseThrow();
    assertThat(fit.n()).isEqualTo(5);
    assertThat(fit.slope()).isCloseTo(0.5, within(1e-12));
    assertThat(fit.intercept()).isCloseTo(1, within(1e-12));
    assertThat(fit.from()).isZero();
    assertThat(fit.to()).isEqualTo(2);
    assertThat(fit.bootstrap().low()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void negativeMeansAreClippedAndCountedAndGapsLeftOut() {
    double[] kl = {-0.02, 0.01, -0.001, 0.25, Double.NaN, 1};
    double[] reward = {0, 0.1, 0.02, 0.5, 0.7, 1.1};
    RewardKlFit fit = RewardKlFit.of(steps(6), kl, reward, WHOLE).orElseThrow();
    assertThat(fit.clipped()).isEqualTo(2);
    assertThat(fit.n()).isEqualTo(5);
  }

  @Test
  void tooLittleGivesNoFit() {
    assertThat(RewardKlFit.of(steps(2), new double[] {0, 1}, new double[] {0, 1}, WHOLE)).isEmpty();
    assertThat(RewardKlFit.of(steps(3), new double[] {1, 1, 1}, new double[] {0, 1, 2}, WHOLE))
        .isEmpty();
  }

  @Test
  void theDepartureIsTheFirstStepThatLeavesAndStays() {
    Random random = new Random(2);
    int n = 120;
    long[] step = LongStream.range(0, n).map(i -> 10 * i).toArray();
    double[] kl = new double[n];
    double[] reward = new double[n];
    for (int i = 0; i < n; i++) {
      double x = 0.02 * i;
      kl[i] = x * x;
      // A wild point at 40 comes back; from 80 on the reward falls away.
      double bend = i >= 80 ? -0.5 - 0.1 * (i - 80) : 0;
      reward[i] = 0.8 * x + 0.03 * random.nextGaussian() + bend + (i == 40 ? -1 : 0);
    }
    RewardKlFit fit = RewardKlFit.of(step, kl, reward, WHOLE.over(0, 1.5)).orElseThrow();
    assertThat(fit.departure()).hasValue(800);
    assertThat(fit.nearLinear()).isFalse();
  }

  @Test
  void theBootstrapCoversTheTrueSlopeWhereTheNaiveIntervalDoesNot() {
    int covered = 0;
    int naive = 0;
    int runs = 200;
    for (int run = 0; run < runs; run++) {
      Random random = new Random(1000 + run);
      int n = 150;
      double[] kl = new double[n];
      double[] reward = new double[n];
      double error = 0;
      for (int i = 0; i < n; i++) {
        double x = 2.0 * i / n;
        error = 0.7 * error + 0.05 * random.nextGaussian();
        kl[i] = x * x;
        reward[i] = 0.8 * x + error;
      }
      RewardKlFit.Options options =
          new RewardKlFit.Options(0, Double.POSITIVE_INFINITY, 0.95, 200, run);
      RewardKlFit fit = RewardKlFit.of(steps(n), kl, reward, options).orElseThrow();
      covered += fit.bootstrap().contains(0.8) ? 1 : 0;
      naive += fit.naive().contains(0.8) ? 1 : 0;
    }
    assertThat(naive).isLessThan((int) (0.75 * runs));
    assertThat(covered).isGreaterThan((int) (0.84 * runs));
  }

  @Test
  void slopesOfSeedsGiveAnIntervalAcrossRuns() {
    RewardKlFit a = RewardKlFit.of(steps(10), KL, REWARD, WHOLE).orElseThrow();
    double[] steeper = REWARD.clone();
    for (int i = 0; i < steeper.length; i++) {
      steeper[i] += 0.1 * Math.sqrt(KL[i]);
    }
    RewardKlFit b = RewardKlFit.of(steps(10), KL, steeper, WHOLE).orElseThrow();
    RewardKlFit.Slope across = RewardKlFit.acrossRuns(List.of(a, b), 0.95);
    assertThat(across.mean()).isCloseTo(a.slope() + 0.05, within(1e-12));
    // Two slopes 0.1 apart: standard error 0.05, t with one degree of freedom 12.7062.
    assertThat(across.interval().high() - across.mean()).isCloseTo(0.05 * 12.7062047, within(1e-6));
  }

  @Test
  void theInitialSlopeIsThatOfASlightlyTiltedPolicy() {
    // Rewards -1, 0, 2 with chances .2, .5, .3: mean .4, variance .2 + 1.2 - .16 = 1.24. The policy
    // that is best for a reward and a KL penalty is tilted by exp(beta r); its gain over sqrt(KL).
    double[] reward = {-1, 0, 2};
    double[] chance = {.2, .5, .3};
    double beta = 1e-4;
    double total = 0;
    for (int i = 0; i < 3; i++) {
      total += chance[i] * Math.exp(beta * reward[i]);
    }
    double gain = -.4;
    double kl = 0;
    for (int i = 0; i < 3; i++) {
      double tilted = chance[i] * Math.exp(beta * reward[i]) / total;
      gain += tilted * reward[i];
      kl += tilted * Math.log(tilted / chance[i]);
    }
    assertThat(RewardKlFit.initialSlope(Math.sqrt(1.24)))
        .isCloseTo(gain / Math.sqrt(kl), within(1e-3));
  }

  @Test
  void klOfDifferentKindsIsRefusedWithAReason() {
    KlKind k1 =
        new KlKind(KlKind.Unit.PER_TOKEN, KlKind.Estimator.K1, KlKind.Reference.INITIAL_POLICY);
    assertThat(KlKind.EXACT_PER_RESPONSE.whyNotWith(KlKind.EXACT_PER_RESPONSE)).isEmpty();
    assertThat(KlKind.EXACT_PER_RESPONSE.whyNotWith(k1))
        .hasValueSatisfying(
            why -> assertThat(why).contains("k1 estimate per token").contains("exact KL"));
  }
}
