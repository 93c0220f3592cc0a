package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Over-optimisation, parallel lines, gaps and diversity: by hand and against NumPy and SciPy. */
class RewardLawsTest {
  private static final double[] KL = {0, 0.25, 1, 2.25, 4, 6.25, 9, 12.25};
  private static final double[] GOLD = {0.01, 0.55, 0.93, 1.25, 1.31, 1.40, 1.33, 1.22};

  @Test
  void overoptimisationAgreesWithNumPy() {
    Overoptimisation rl = Overoptimisation.of(Overoptimisation.Form.RL, KL, GOLD, 0.95);
    assertCoefficient(rl.alpha(), 0.9845612803153183, 0.03804116113427697, 0.8914779123045402);
    assertCoefficient(rl.beta(), 0.4931396626787435, 0.03663074859934664, 0.4035074498146899);
    assertThat(rl.residualDeviation()).isCloseTo(0.07135602352769489, within(1e-10));
    assertThat(rl.rSquared()).isCloseTo(0.981633946998852, within(1e-10));
    Overoptimisation.Peak peak = rl.peak().orElseThrow();
    assertThat(peak.distance()).isCloseTo(2.7088281071373186, within(1e-9));
    assertThat(peak.distanceInterval().low()).isCloseTo(2.232575090741925, within(1e-6));
    assertThat(peak.distanceInterval().high()).isCloseTo(3.286675437903718, within(1e-6));
    assertThat(peak.reward()).isCloseTo(1.3358305790083962, within(1e-9));
    assertThat(peak.rewardInterval().low()).isCloseTo(1.258183235869145, within(1e-6));
    assertThat(peak.rewardInterval().high()).isCloseTo(1.418269839353904, within(1e-6));
    assertThat(peak.extrapolated()).isFalse();
    assertThat(peak.betaCertain()).isTrue();
    Overoptimisation bon = Overoptimisation.of(Overoptimisation.Form.BON, KL, GOLD, 0.95);
    assertCoefficient(bon.alpha(), 1.1424649859943978, 0.028253737603375448, 1.073330580613558);
    assertCoefficient(bon.beta(), 0.22985994397759102, 0.009777609081393563, 0.20593499644046634);
    assertThat(bon.peak().orElseThrow().distance()).isCloseTo(2.4851328296368513, within(1e-9));
    assertThat(bon.peak().orElseThrow().distanceInterval().low())
        .isCloseTo(2.3690288891855222, within(1e-6));
    assertThat(bon.peak().orElseThrow().reward()).isCloseTo(1.4195886217026419, within(1e-9));
    assertThat(bon.peak().orElseThrow().rewardInterval().high())
        .isCloseTo(1.466759854243401, within(1e-6));
  }

  private static void assertCoefficient(Coefficient found, double value, double error, double low) {
    assertThat(found.value()).isCloseTo(value, within(1e-10));
    assertThat(found.standardError()).isCloseTo(error, within(1e-10));
    assertThat(found.interval().low()).isCloseTo(low, within(1e-8));
  }

  @Test
  void anExactLawIsFoundWithItsPeak() {
    double[] kl = {0, 0.01, 0.09, 0.25, -0.001, 0.49};
    double[] bon = new double[kl.length];
    double[] rl = new double[kl.length];
    for (int i = 0; i < kl.length; i++) {
      double d = Math.sqrt(Math.max(0, kl[i]));
      bon[i] = d * (2 - 0.5 * d);
      rl[i] = d == 0 ? 0 : d * (2 - 0.5 * Math.log(d));
    }
    Overoptimisation a = Overoptimisation.of(Overoptimisation.Form.BON, kl, bon, 0.95);
    // d* = alpha / (2 beta) = 2, R* = alpha^2 / (4 beta) = 2.
    assertThat(a.peak().orElseThrow().distance()).isCloseTo(2, within(1e-9));
    assertThat(a.peak().orElseThrow().kl()).isCloseTo(4, within(1e-9));
    assertThat(a.peak().orElseThrow().reward()).isCloseTo(2, within(1e-9));
    assertThat(a.peak().orElseThrow().extrapolated()).isTrue();
    assertThat(a.clipped()).isEqualTo(1);
    assertThat(a.at(2)).isCloseTo(2, within(1e-9));
    Overoptimisation b = Overoptimisation.of(Overoptimisation.Form.RL, kl, rl, 0.95);
    // d* = exp(alpha / beta - 1) = e^3, R* = beta d*.
    assertThat(b.peak().orElseThrow().distance()).isCloseTo(Math.exp(3), within(1e-7));
    assertThat(b.peak().orElseThrow().reward()).isCloseTo(0.5 * Math.exp(3), within(1e-7));
    assertThat(b.at(0)).isZero();
  }

  @Test
  void aLawThatRisesForEverHasNoPeakAndTooFewPointsAreNamed() {
    double[] rising = new double[KL.length];
    for (int i = 0; i < KL.length; i++) {
      rising[i] = 0.5 * Math.sqrt(KL[i]) + 0.1 * KL[i];
    }
    Overoptimisation fit = Overoptimisation.of(Overoptimisation.Form.BON, KL, rising, 0.95);
    assertThat(fit.peak()).isEmpty();
    assertThat(fit.noPeak()).contains("beta is not above 0");
    double[] two = {0, 1};
    assertThatThrownBy(() -> Overoptimisation.of(Overoptimisation.Form.RL, two, two, 0.95))
        .hasMessageContaining("2 points");
    double[] same = {1, 1, 1, 0};
    assertThatThrownBy(() -> Overoptimisation.of(Overoptimisation.Form.RL, same, same, 0.95))
        .hasMessageContaining("fewer than two different KLs");
  }

  @Test
  void parallelLinesAgreeWithSciPy() {
    ParallelLines.Group a =
        new ParallelLines.Group(
            "a", new double[] {0, .3, .6, 1.0, 1.4}, new double[] {.02, .25, .5, .83, 1.1});
    ParallelLines.Group b =
        new ParallelLines.Group(
            "b", new double[] {.1, .4, .9, 1.3}, new double[] {-.1, .2, .55, .99});
    ParallelLines.Group c =
        new ParallelLines.Group(
            "c", new double[] {0, .5, 1, 1.5, 2, 2.5}, new double[] {.5, .8, 1.33, 1.6, 2.1, 2.3});
    ParallelLines test = ParallelLines.of(List.of(a, b, c), 0.95);
    assertThat(test.f()).isCloseTo(1.4862829899150898, within(1e-9));
    assertThat(test.probability().orElseThrow()).isCloseTo(0.2768526702230113, within(1e-9));
    assertThat(test.numerator()).isEqualTo(2);
    assertThat(test.denominator()).isEqualTo(9);
    assertThat(test.common().value()).isCloseTo(0.7747308079634357, within(1e-12));
    assertThat(test.common().standardError()).isCloseTo(0.025465318130988356, within(1e-12));
    assertThat(test.lines().get(1).slope().value()).isCloseTo(0.8790560471976401, within(1e-12));
    assertThat(test.lines().get(1).slope().standardError())
        .isCloseTo(0.05593530205850808, within(1e-12));
    assertThat(test.lines().get(1).intercept()).isCloseTo(-0.18336283185840707, within(1e-12));
    assertThatThrownBy(() -> ParallelLines.of(List.of(a), 0.95)).hasMessageContaining("two groups");
  }

  @Test
  void exactLinesAreParallelOrNot() {
    double[] x = {0, 1, 2};
    ParallelLines.Group one = new ParallelLines.Group("one", x, new double[] {1, 2, 3});
    ParallelLines.Group shifted = new ParallelLines.Group("two", x, new double[] {5, 6, 7});
    ParallelLines.Group steep = new ParallelLines.Group("three", x, new double[] {0, 2, 4});
    assertThat(ParallelLines.of(List.of(one, shifted), 0.95).probability()).isEmpty();
    assertThat(ParallelLines.of(List.of(one, steep), 0.95).probability()).hasValue(0);
  }

  @Test
  void theLineOfRewardSaysWhatIsMissingAndHowSureItsInterceptIs() {
    RewardKlFit.Options whole = RewardKlFit.Options.WHOLE_RUN;
    assertThat(RewardKlFit.problem(new double[] {0, 1}, new double[] {0, 1}, whole))
        .hasValueSatisfying(why -> assertThat(why).contains("2 points"));
    assertThat(RewardKlFit.problem(new double[] {1, 1, 1}, new double[] {0, 1, 2}, whole))
        .hasValueSatisfying(why -> assertThat(why).contains("same KL"));
    assertThat(RewardKlFit.problem(KL, GOLD, whole)).isEmpty();
    // x = 0, 1, 2 and y = 0, 1, 3: residuals 1/6, -1/3, 1/6; s^2 = 1/6; 1/n + 1/2 = 5/6.
    RewardKlFit fit =
        RewardKlFit.of(new long[] {1, 2, 3}, new double[] {0, 1, 4}, new double[] {0, 1, 3}, whole)
            .orElseThrow();
    assertThat(fit.interceptStandardError()).isCloseTo(Math.sqrt(5.0 / 36), within(1e-12));
  }

  @Test
  void theGapBeginsWhereItStays() {
    // Differences with mean m and standard deviation 1 over 16: excluded 0 above 0.533.
    List<GapOnset.Step> steps =
        List.of(
            step(30, 0.8), step(0, 0), step(10, 0.9), step(20, 0.1), step(40, 0.7), step(50, 1));
    GapOnset gap = GapOnset.of(steps, 0, 0.95);
    assertThat(gap.onset()).hasValue(30);
    assertThat(gap.points())
        .extracting(GapOnset.Point::step)
        .containsExactly(0L, 10L, 20L, 30L, 40L, 50L);
    assertThat(gap.points().get(3).gap()).isCloseTo(0.8, within(1e-12));
    // t with 15 degrees of freedom: 2.13145; the standard error is 1/4.
    assertThat(gap.points().get(3).interval().low()).isCloseTo(0.8 - 2.131449546 / 4, within(1e-8));
    // Held-out means that differ by 0.5 leave too little at 40.
    assertThat(GapOnset.of(steps, 0.45, 0.95).onset()).hasValue(50);
    assertThat(GapOnset.of(steps, 1, 0.95).onset()).isEmpty();
    assertThatThrownBy(() -> GapOnset.of(List.of(step(1, 0), step(1, 0)), 0, 0.95))
        .hasMessageContaining("step 1 comes twice");
  }

  @Test
  void aGapThatChangesItsSideBeginsAfterTheChange() {
    GapOnset gap = GapOnset.of(List.of(step(0, -2), step(1, -2), step(2, 2), step(3, 2)), 0, 0.95);
    assertThat(gap.onset()).hasValue(2);
  }

  /** Sixteen responses whose differences have this mean and standard deviation 1. */
  private static GapOnset.Step step(long step, double mean) {
    Random random = new Random(step);
    double[] train = new double[16];
    double[] test = new double[16];
    double spread = Math.sqrt(15.0 / 16);
    for (int i = 0; i < 16; i++) {
      test[i] = 5 * random.nextGaussian();
      train[i] = test[i] + mean + (i % 2 == 0 ? spread : -spread);
    }
    return new GapOnset.Step(step, train, test);
  }

  @Test
  void diversityByHand() {
    // Tokens a b a | a b | a b: 7 tokens of 2 kinds; bigrams ab ba | ab | ab: 2 of 4 differ.
    Diversity diversity =
        Diversity.ofWords(List.of("a b a", "a  b", " a b"), new double[] {1, 2, 6}, 3);
    assertThat(diversity.tokens()).isEqualTo(7);
    assertThat(diversity.distinct().get(0)).isCloseTo(2.0 / 7, within(1e-12));
    assertThat(diversity.distinct().get(1)).isCloseTo(0.5, within(1e-12));
    assertThat(diversity.distinct().get(2)).isEqualTo(1);
    assertThat(diversity.uniqueShare()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(diversity.unigramEntropy())
        .isCloseTo(-4.0 / 7 * Math.log(4.0 / 7) - 3.0 / 7 * Math.log(3.0 / 7), within(1e-12));
    assertThat(diversity.scoreMean()).isEqualTo(3);
    assertThat(diversity.scoreVariance()).isEqualTo(7);
    assertThat(Diversity.ofWords(List.of("a"), new double[0], 2).distinct().get(1)).isNaN();
  }
}
