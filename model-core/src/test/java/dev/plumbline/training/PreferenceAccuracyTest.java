package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PreferenceAccuracyTest {
  @Test
  void lossByHandAndWithoutOverflow() {
    assertThat(PreferenceAccuracy.loss(.8)).isEqualTo(.371101, within(5e-7));
    assertThat(PreferenceAccuracy.loss(0)).isEqualTo(Math.log(2), within(1e-15));
    assertThat(PreferenceAccuracy.loss(-1000)).isEqualTo(1000);
    assertThat(PreferenceAccuracy.loss(1000)).isZero();
  }

  @Test
  void wilsonIntervalByHand() {
    double[] chosen = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
    double[] rejected = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
    PreferenceAccuracy accuracy = PreferenceAccuracy.of(chosen, rejected);
    assertThat(accuracy.accuracy()).isEqualTo(.8);
    assertThat(accuracy.low()).isEqualTo(.4902, within(5e-5));
    assertThat(accuracy.high()).isEqualTo(.9433, within(5e-5));
  }

  @Property
  void onlyDifferencesCountAndSwappingMirrors(
      @ForAll long seed, @ForAll @DoubleRange(min = -5, max = 5) double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    // Multiples of a quarter, so that ties come and sums are exact.
    double[] chosen = random.ints(40, -8, 8).mapToDouble(i -> i / 4.0).toArray();
    double[] rejected = random.ints(40, -8, 8).mapToDouble(i -> i / 4.0).toArray();
    double whole = Math.rint(shift);
    PreferenceAccuracy plain = PreferenceAccuracy.of(chosen, rejected);
    PreferenceAccuracy moved =
        PreferenceAccuracy.of(
            Arrays.stream(chosen).map(r -> r + whole).toArray(),
            Arrays.stream(rejected).map(r -> r + whole).toArray());
    PreferenceAccuracy swapped = PreferenceAccuracy.of(rejected, chosen);
    assertThat(moved).isEqualTo(plain);
    assertThat(swapped.accuracy()).isEqualTo(1 - plain.accuracy(), within(1e-12));
    assertThat(swapped.ties()).isEqualTo(plain.ties());
    assertThat(swapped.low()).isEqualTo(1 - plain.high(), within(1e-12));
  }
}
