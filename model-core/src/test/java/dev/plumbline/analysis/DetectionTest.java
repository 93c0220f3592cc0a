package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Detection against NumPy and SciPy (calibration_values.py), by definition, and by hand. */
class DetectionTest {
  private static final double[] IN = {.1, .2, .2, .35, .4, .5, .5, .6};
  private static final double[] OUT = {.2, .45, .5, .7, .8, .9};

  @Test
  void aurocAndDeLongAgreeWithNumPy() {
    Auroc found = Auroc.of(IN, OUT, 0.95);
    assertThat(found.kind()).isEqualTo(Auroc.Kind.DELONG);
    assertThat(found.nIn()).isEqualTo(8);
    assertThat(found.nOut()).isEqualTo(6);
    assertThat(found.value()).isEqualTo(0.7708333333333334);
    assertThat(found.standardError()).isCloseTo(0.13935437867947623, within(1e-14));
    assertThat(found.interval().low()).isCloseTo(0.4174754236075995, within(1e-9));
    assertThat(found.interval().high()).isCloseTo(0.9404303278751496, within(1e-9));
  }

  @Test
  void thePairedTestAgreesWithNumPy() {
    double[] in = {.3, .1, .4, .2, .6, .1, .5, .7};
    double[] out = {.5, .4, .9, .3, .8, .6};
    AurocComparison found = AurocComparison.of(IN, OUT, in, out, 0.95);
    assertThat(found.first()).isCloseTo(0.7708333333333334, within(1e-15));
    assertThat(found.second()).isCloseTo(0.75, within(1e-15));
    assertThat(found.difference()).isCloseTo(0.02083333333333337, within(1e-14));
    assertThat(found.standardError()).isCloseTo(0.16763113795682, within(1e-13));
    assertThat(found.pValue()).isCloseTo(0.9010929421863882, within(1e-9));
    AurocComparison same = AurocComparison.of(IN, OUT, IN, OUT, 0.95);
    assertThat(same.standardError()).isZero();
    assertThat(same.pValue()).isEqualTo(1);
    assertThat(same.z()).isNaN();
  }

  @Test
  void averagePrecisionAndFprAreThoseOfTheSteps() {
    Detection detection = Detection.of(IN, OUT);
    assertThat(detection.averagePrecision()).isCloseTo(0.7763278388278388, within(1e-14));
    // Six outliers: 95 % is all of them, first at 0.2, where seven of the eight others are.
    assertThat(detection.falsePositiveRateAt95()).isEqualTo(7 / 8.0);
    assertThat(detection.atLeastCaught(0.95, 0.95).threshold()).isEqualTo(0.2);
    assertThat(detection.atLeastCaught(0.5, 0.95).threshold()).isEqualTo(0.7);
    assertThat(detection.atLeastCaught(0.5, 0.95).falseReject().value()).isZero();
    // With in-distribution as the positive class (scores turned) the number is another one: all
    // eight are below 0.7, and three of the outliers with them.
    double[] turnedIn = Arrays.stream(IN).map(each -> -each).toArray();
    double[] turnedOut = Arrays.stream(OUT).map(each -> -each).toArray();
    assertThat(Detection.of(turnedOut, turnedIn).falsePositiveRateAt95()).isEqualTo(0.5);
  }

  @Test
  void nineteenOfTwentyAreNinetyFivePercent() {
    double[] out = new double[20];
    Arrays.setAll(out, i -> i);
    Detection.OperatingPoint point =
        Detection.of(new double[] {0.5, 1}, out).atLeastCaught(0.95, 0.9);
    assertThat(point.threshold()).isEqualTo(1);
    assertThat(point.caught().successes()).isEqualTo(19);
    assertThat(point.falseReject().successes()).isEqualTo(1);
  }

  @Test
  void anOperatingPointCountsWhatLiesAtOrAbove() {
    Detection.OperatingPoint point = Detection.of(IN, OUT).at(0.5, 0.95);
    assertThat(point.falseReject().successes()).isEqualTo(3);
    assertThat(point.caught().successes()).isEqualTo(4);
    assertThat(point.caught().interval()).isEqualTo(Proportion.wilson(4, 6, 0.95).interval());
    assertThat(Detection.of(IN, OUT).at(99, 0.95).caught().value()).isZero();
  }

  @Test
  void perfectSeparationIsNamedAndHasAnHonestInterval() {
    double[] low = new double[10];
    double[] high = new double[20];
    Arrays.fill(high, 1);
    Auroc apart = Auroc.of(low, high, 0.95);
    assertThat(apart.kind()).isEqualTo(Auroc.Kind.SEPARATED);
    assertThat(apart.value()).isEqualTo(1);
    assertThat(apart.standardError()).isZero();
    // Root of (1 - t)^2 = z^2 V(t) by SciPy's brentq.
    assertThat(apart.interval().low()).isCloseTo(0.8489213534739999, within(1e-9));
    assertThat(apart.interval().high()).isEqualTo(1);
    Auroc turned = Auroc.of(high, low, 0.95);
    assertThat(turned.value()).isZero();
    assertThat(turned.interval().low()).isZero();
    assertThat(turned.interval().high()).isCloseTo(1 - 0.8489213534739999, within(1e-9));
  }

  @Test
  void oneClassAndOneScoreAreNamed() {
    Auroc none = Auroc.of(IN, new double[0], 0.95);
    assertThat(none.kind()).isEqualTo(Auroc.Kind.ONE_CLASS);
    assertThat(none.value()).isNaN();
    assertThatThrownBy(() -> Detection.of(new double[0], OUT)).hasMessageContaining("one class");
    Auroc single = Auroc.of(IN, new double[] {0.45}, 0.95);
    assertThat(single.kind()).isEqualTo(Auroc.Kind.ONE_SCORE);
    assertThat(single.value()).isEqualTo(5 / 8.0);
    assertThat(single.standardError()).isNaN();
    assertThat(single.interval().contains(5 / 8.0)).isTrue();
    assertThat(single.interval().low()).isGreaterThan(0);
    assertThatThrownBy(() -> Auroc.of(IN, new double[] {Double.NaN}, 0.95))
        .hasMessageContaining("NaN");
  }

  @Test
  void scoresThatAreAllEqualAreNoCertainHalf() {
    Auroc tied = Auroc.of(new double[5], new double[7], 0.95);
    assertThat(tied.kind()).isEqualTo(Auroc.Kind.TIED);
    assertThat(tied.value()).isEqualTo(0.5);
    assertThat(tied.standardError()).isZero();
    // The ends are where (1/2 - t)^2 = z^2 V(t), with N* = (5 + 7)/2 - 1 = 5 in Newcombe's V.
    for (double t : new double[] {tied.interval().low(), tied.interval().high()}) {
      double v = t * (1 - t) * (1 + 5 * (1 - t) / (2 - t) + 5 * t / (1 + t)) / 35;
      assertThat((0.5 - t) * (0.5 - t)).isCloseTo(1.959964 * 1.959964 * v, within(1e-6));
    }
    assertThat(tied.interval().low()).isLessThan(0.3);
    assertThat(tied.interval().high()).isGreaterThan(0.7);
  }

  @Property(tries = 150)
  void ranksAndVarianceAreThoseOfAllPairs(
      @ForAll @IntRange(min = 2, max = 40) int m,
      @ForAll @IntRange(min = 2, max = 40) int n,
      @ForAll @IntRange(min = 2, max = 30) int levels,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] in = random.doubles(m).map(each -> Math.floor(each * levels) - 3).toArray();
    double[] out = random.doubles(n).map(each -> Math.floor(each * levels) - 2).toArray();
    double[] outAbove = new double[n];
    double[] inBelow = new double[m];
    for (int o = 0; o < n; o++) {
      for (int i = 0; i < m; i++) {
        double wins = out[o] > in[i] ? 1 : out[o] == in[i] ? 0.5 : 0;
        outAbove[o] += wins / m;
        inBelow[i] += wins / n;
      }
    }
    Auroc found = Auroc.of(in, out, 0.95);
    assertThat(found.value()).isCloseTo(Moments.of(outAbove).mean(), within(1e-12));
    assertThat(found.standardError())
        .isCloseTo(
            Math.sqrt(Moments.of(outAbove).variance() / n + Moments.of(inBelow).variance() / m),
            within(1e-9));
    assertThat(found.interval().low()).isBetween(0.0, found.value());
    assertThat(found.interval().high()).isBetween(found.value(), 1.0);
    // The paired test against a detector that knows nothing is the area's own distance from 1/2.
    AurocComparison against = AurocComparison.of(in, out, new double[m], new double[n], 0.95);
    assertThat(against.difference()).isCloseTo(found.value() - 0.5, within(1e-12));
    assertThat(against.standardError()).isCloseTo(found.standardError(), within(1e-9));
    // Only the order counts.
    double[] stretchedIn = Arrays.stream(in).map(Math::exp).toArray();
    double[] stretchedOut = Arrays.stream(out).map(Math::exp).toArray();
    assertThat(Auroc.of(stretchedIn, stretchedOut, 0.95)).isEqualTo(found);
    // The curve has the same area, and ends in the corners.
    List<Detection.RocPoint> roc = Detection.of(in, out).roc();
    double area = 0;
    for (int i = 1; i < roc.size(); i++) {
      Detection.RocPoint a = roc.get(i - 1);
      Detection.RocPoint b = roc.get(i);
      area +=
          (b.falsePositiveRate() - a.falsePositiveRate())
              * (a.truePositiveRate() + b.truePositiveRate())
              / 2;
    }
    assertThat(area).isCloseTo(found.value(), within(1e-12));
    assertThat(roc.getFirst().falsePositiveRate()).isZero();
    assertThat(roc.getLast().falsePositiveRate()).isEqualTo(1);
    assertThat(roc.getLast().truePositiveRate()).isEqualTo(1);
  }

  @Test
  void theRocCurveKeepsItsCornersOnly() {
    // Descending: out, out, out, in, in: up and then right.
    List<Detection.RocPoint> roc = Detection.of(new double[] {1, 2}, new double[] {3, 4, 5}).roc();
    assertThat(roc)
        .containsExactly(
            new Detection.RocPoint(Double.POSITIVE_INFINITY, 0, 0),
            new Detection.RocPoint(3, 0, 1),
            new Detection.RocPoint(1, 1, 1));
  }

  @Test
  void theBootstrapAgreesWithDeLong() {
    Random random = new Random(4);
    double[] in = random.doubles(400).map(u -> Math.round(u * 50)).toArray();
    double[] out = random.doubles(300).map(u -> Math.round(u * 50 + 12)).toArray();
    Detection detection = Detection.of(in, out);
    Auroc auroc = detection.auroc(0.95);
    Detection.Intervals found = detection.bootstrap(4000, 0.95, 1);
    double width = 2 * 1.96 * auroc.standardError();
    assertThat(found.auroc().high() - found.auroc().low()).isCloseTo(width, within(0.1 * width));
    assertThat(found.auroc().contains(auroc.value())).isTrue();
    assertThat(found.averagePrecision().contains(detection.averagePrecision())).isTrue();
    assertThat(found.falsePositiveRateAt95().contains(detection.falsePositiveRateAt95())).isTrue();
    assertThat(detection.bootstrap(4000, 0.95, 1)).isEqualTo(found);
    // Each class one score again and again: nothing varies.
    Detection.Intervals fixed =
        Detection.of(new double[] {1, 1}, new double[] {0, 0, 0}).bootstrap(50, 0.95, 1);
    assertThat(fixed.auroc()).isEqualTo(new Interval(0, 0, 0.95));
    assertThat(fixed.falsePositiveRateAt95()).isEqualTo(new Interval(1, 1, 0.95));
    assertThat(fixed.averagePrecision().low()).isCloseTo(0.6, within(1e-12));
  }
}
