package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Comparisons of models against SciPy (calibration_values.py) and by hand. */
class ComparisonsTest {
  private static boolean[] flags(int yes, int no) {
    boolean[] flags = new boolean[yes + no];
    Arrays.fill(flags, 0, yes, true);
    return flags;
  }

  @Test
  void mcNemarAgreesWithSciPysBinomialTest() {
    // Ten items that only the first gets right, three only the second, two both, one neither.
    boolean[] first = new boolean[16];
    boolean[] second = new boolean[16];
    Arrays.fill(first, 0, 10, true);
    Arrays.fill(second, 10, 13, true);
    Arrays.fill(first, 13, 15, true);
    Arrays.fill(second, 13, 15, true);
    PairedComparison.McNemar found = PairedComparison.McNemar.of(first, second);
    assertThat(found.onlyFirst()).isEqualTo(10);
    assertThat(found.onlySecond()).isEqualTo(3);
    assertThat(found.both()).isEqualTo(2);
    assertThat(found.neither()).isEqualTo(1);
    assertThat(found.pValue()).isCloseTo(0.09228515625, within(1e-12));
    assertThat(found.midP()).isCloseTo(0.09228515625 - 0.0349121093750, within(1e-12));
    assertThat(PairedComparison.McNemar.of(second, first).pValue()).isEqualTo(found.pValue());
    assertThat(PairedComparison.McNemar.of(first, first).pValue()).isEqualTo(1);
    assertThat(PairedComparison.McNemar.of(first, first).midP()).isEqualTo(1);
    // Equal counts: 1, and mid-p less half of C(2,1)/4.
    PairedComparison.McNemar even =
        PairedComparison.McNemar.of(flags(1, 1), new boolean[] {false, true});
    assertThat(even.pValue()).isEqualTo(1);
    assertThat(even.midP()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void bcaAgreesWithSciPy() {
    // scipy.stats.bootstrap, BCa, 200,000 resamples: (0.7, 2.7).
    double[] values = {0, 1, 1, 0, 2, 5, 1, 3, 0, 1};
    GroupBootstrap.Estimate found = GroupBootstrap.bca(values, Groups.single(10), 50_000, 0.95, 6);
    assertThat(found.rule()).isEqualTo(GroupBootstrap.Rule.BCA);
    assertThat(found.value()).isCloseTo(1.4, within(1e-15));
    assertThat(found.interval().low()).isCloseTo(0.7, within(0.0001));
    assertThat(found.interval().high()).isCloseTo(2.7, within(0.1001));
    assertThat(found.interval().high())
        .isGreaterThan(
            GroupBootstrap.percentile(values, Groups.single(10), 50_000, 0.95, 6)
                .interval()
                .high());
    GroupBootstrap.Estimate constant =
        GroupBootstrap.bca(new double[] {2, 2, 2}, Groups.single(3), 100, 0.95, 6);
    assertThat(constant.rule()).isEqualTo(GroupBootstrap.Rule.PERCENTILE);
    assertThat(constant.interval()).isEqualTo(new Interval(2, 2, 0.95));
  }

  @Test
  void aGroupedMeanIsThatOfAllRowsDrawn() {
    // Two groups, of one row 0 and of three rows 1: a draw has means 0, 3/4 or 1.
    GroupBootstrap.Estimate found =
        GroupBootstrap.percentile(new double[] {1, 0, 1, 1}, Groups.of(5, 8, 5, 5), 10_000, 0.4, 1);
    assertThat(found.value()).isEqualTo(0.75);
    assertThat(found.groups()).isEqualTo(2);
    assertThat(found.interval()).isEqualTo(new Interval(0.75, 0.75, 0.4));
    assertThat(
            GroupBootstrap.percentile(
                    new double[] {1, 0, 1, 1}, Groups.of(5, 8, 5, 5), 10_000, 0.9, 1)
                .interval())
        .isEqualTo(new Interval(0, 1, 0.9));
  }

  @Test
  void pairsKeepWhatBothModelsShare() {
    Random random = new Random(2);
    double[] hard = random.doubles(300, -5, 5).toArray();
    double[] first = new double[300];
    double[] second = new double[300];
    for (int i = 0; i < 300; i++) {
      first[i] = hard[i] + 0.2 + random.nextDouble();
      second[i] = hard[i] + random.nextDouble();
    }
    PairedComparison found = PairedComparison.of(first, second, Groups.single(300), 2000, 0.95, 3);
    assertThat(found.difference().value()).isCloseTo(found.first() - found.second(), within(1e-12));
    assertThat(found.difference().interval().contains(0.2)).isTrue();
    // sqrt(2/12) / sqrt(300) for the difference; the items' own spread would give ten times that.
    double width = found.difference().interval().high() - found.difference().interval().low();
    assertThat(width).isCloseTo(2 * 1.96 * Math.sqrt(1 / 6.0 / 300), within(0.02));
  }

  @Test
  void theInterquartileMeanFloorsItsCut() {
    // scipy.stats.trim_mean(x, 0.25): ten scores lose two at each end, seven lose one.
    double[][] ten = {{1, 5, 2, 8}, {3, 9, 4, 7, 6, 30}};
    InterquartileMean found = InterquartileMean.of(ten, 500, 0.95, 1);
    assertThat(found.value()).isCloseTo(5.5, within(1e-12));
    assertThat(found.used()).isEqualTo(6);
    assertThat(found.interval().contains(found.value())).isTrue();
    assertThat(InterquartileMean.of(new double[][] {{0, 1, 4, 9, 16, 25, 36}}, 10, 0.95, 1).value())
        .isCloseTo(11, within(1e-12));
    // Runs are drawn within tasks: tasks of equal runs leave nothing to chance.
    assertThat(
            InterquartileMean.of(new double[][] {{1, 1}, {2, 2}, {9, 9}}, 200, 0.95, 1).interval())
        .isEqualTo(new Interval(3.5, 3.5, 0.95));
  }

  @Test
  void aPlanHasTheTextbooksNumbers() {
    assertThat(LabellingPlan.of(0.55, 0.05, 0.8).needed()).isEqualTo(783);
    assertThat(LabellingPlan.of(0.6, 0.05, 0.8).needed()).isEqualTo(194);
    assertThat(LabellingPlan.of(0.4, 0.05, 0.8).needed()).isEqualTo(194);
    assertThat(LabellingPlan.of(0.52, 0.05, 0.8).needed()).isEqualTo(4904);
    assertThat(LabellingPlan.of(0.6, 0.05, 0.8).stillNeeded(150)).isEqualTo(44);
    assertThat(LabellingPlan.of(0.6, 0.05, 0.8).stillNeeded(500)).isZero();
    // SciPy's binomial distribution.
    assertThat(LabellingPlan.exactPower(199, 0.6, 0.05))
        .isCloseTo(0.8037145994208201, within(1e-9));
    // Five comparisons: even 5 to 0 has p = 1/16.
    assertThat(LabellingPlan.exactPower(5, 0.9, 0.05)).isZero();
    // Six: 6 to 0 has p = 1/32; the power is 0.9^6 + 0.1^6.
    assertThat(LabellingPlan.exactPower(6, 0.9, 0.05))
        .isCloseTo(Math.pow(0.9, 6) + 1e-6, within(1e-12));
    assertThatThrownBy(() -> LabellingPlan.of(0.5, 0.05, 0.8)).hasMessageContaining("not 0.5");
  }
}
