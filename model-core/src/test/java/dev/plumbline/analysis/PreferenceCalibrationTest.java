package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A preference model's calibration against its parts, worked here from the scores alone. */
final class PreferenceCalibrationTest {
  private static final PreferenceCalibration.Options FEW_DRAWS =
      new PreferenceCalibration.Options(new Calibration.Options(6, BinRule.MASS, 0.95), 60, 9);

  private final double[] chosen = new double[200];
  private final double[] rejected = new double[200];
  private final int[] conversation = new int[200];

  private PreferenceCalibrationTest() {
    Random random = new Random(2);
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = 0.6 + random.nextGaussian();
      rejected[i] = i % 50 == 7 ? chosen[i] : random.nextGaussian();
      conversation[i] = i / 4;
    }
  }

  private PreferenceCalibration measured() {
    return PreferenceCalibration.of(chosen, rejected, Groups.of(conversation), FEW_DRAWS);
  }

  @Test
  void eachPairIsUsedOnceAndTiesAreDropped() {
    PreferenceCalibration found = measured();
    assertThat(found.ties()).isEqualTo(4);
    assertThat(found.n()).isEqualTo(196);
    assertThat(found.groups()).isEqualTo(50);
    int[] inBin = new int[6];
    int right = 0;
    for (int pair = 0; pair < found.n(); pair++) {
      int row = found.row(pair);
      double difference = chosen[row] - rejected[row];
      assertThat(difference).isNotZero();
      double p = 1 / (1 + Math.exp(found.preferredIsFirst(pair) ? -difference : difference));
      assertThat(found.p(pair)).isCloseTo(p, within(1e-15));
      assertThat(found.right(pair)).isEqualTo(difference > 0);
      right += difference > 0 ? 1 : 0;
      CalibrationBin bin = found.measured().binned().bins().get(found.bin(pair));
      assertThat(p).isBetween(bin.from() - 1e-12, bin.to() + 1e-12);
      inBin[found.bin(pair)]++;
    }
    assertThat(found.margin().accuracy().value()).isEqualTo(right / 196.0);
    for (int bin = 0; bin < inBin.length; bin++) {
      assertThat(found.measured().binned().bins().get(bin).n()).isEqualTo(inBin[bin]);
    }
  }

  /** The sides' draw changes bins and not what a pair says: Brier's terms are alike on both. */
  @Test
  void theSeedOfTheSidesDoesNotChangeProperScores() {
    PreferenceCalibration other =
        PreferenceCalibration.of(
            chosen,
            rejected,
            Groups.of(conversation),
            new PreferenceCalibration.Options(FEW_DRAWS.calibration(), 60, 10));
    assertThat(IntStream.range(0, 196).anyMatch(i -> measured().p(i) != other.p(i))).isTrue();
    assertThat(other.measured().brier()).isCloseTo(measured().measured().brier(), within(1e-12));
    assertThat(other.measured().logLoss())
        .isCloseTo(measured().measured().logLoss(), within(1e-12));
    assertThat(other.measured().slope().value())
        .isCloseTo(measured().measured().slope().value(), within(1e-9));
  }

  @Test
  void curvesBeginWithAllPairsAndCountFromTheMean() {
    PreferenceCalibration found = measured();
    double mean = IntStream.range(0, 200).mapToDouble(i -> chosen[i] + rejected[i]).sum() / 400;
    assertThat(found.aboveThreshold().offset()).isCloseTo(mean, within(1e-12));
    for (AccuracyCurve.Point point : found.aboveThreshold().points()) {
      long n =
          IntStream.range(0, 200)
              .filter(i -> chosen[i] != rejected[i])
              .filter(i -> Math.min(chosen[i], rejected[i]) - mean > point.bound())
              .count();
      assertThat(point.n()).isEqualTo(n);
    }
    AccuracyCurve.Point whole = found.aboveMargin().points().getFirst();
    assertThat(whole.bound()).isZero();
    assertThat(whole.n()).isEqualTo(196);
    assertThat(whole.accuracy()).isEqualTo(found.margin().accuracy().value());
    assertThat(found.aboveMargin().points().getLast().n()).isPositive();
  }

  @Test
  void tiesAloneAreRefused() {
    double[] same = new double[3];
    Arrays.fill(same, 1.5);
    assertThatThrownBy(() -> PreferenceCalibration.of(same, same, Groups.single(3), FEW_DRAWS))
        .hasMessageContaining("no pair has two different scores");
  }
}
