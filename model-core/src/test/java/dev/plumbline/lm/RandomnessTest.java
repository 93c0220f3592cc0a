package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RandomnessTest {
  @Test
  void theMixerIsSplitMix64() {
    // The first number of SplitMix64 with this seed, as published with its reference code.
    assertThat(new Randomness(1234567).key("")).isEqualTo(6457827717110365317L);
  }

  @Test
  void numbersOfASeedStayWhatTheyAre() {
    // The first one was computed apart, in Python's integers; a change changes every run of a seed.
    assertThat(Randomness.uniform(7, 3, 5)).isEqualTo(0.5195051952935686);
    assertThat(Randomness.gaussian(7, 3, 5)).isEqualTo(-0.5895968352465919);
    assertThat(new Randomness(7).key("order", 3)).isEqualTo(-6328665419833183676L);
    assertThat(new Randomness(7).permutation(8, "order", 3))
        .containsExactly(6, 5, 2, 0, 3, 7, 1, 4);
  }

  @Test
  void purposePlaceAndSeedEachChangeAKey() {
    Randomness randomness = new Randomness(1);
    assertThat(
            LongStream.of(
                    randomness.key("a"),
                    randomness.key("b"),
                    randomness.key("a", 0),
                    randomness.key("a", 1),
                    randomness.key("a", 0, 0),
                    new Randomness(2).key("a"))
                .distinct()
                .count())
        .isEqualTo(6);
    assertThat(randomness.key("a", 4)).isEqualTo(new Randomness(1).key("a", 4));
  }

  @Test
  void aPermutationHasEachNumberOnce() {
    int[] order = new Randomness(3).permutation(1000, "order");
    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    Arrays.sort(order);
    assertThat(order).isEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void streamsAreUniformAndNormal() {
    int n = 100_000;
    double[] uniform = new double[n];
    double[] normal = new double[n];
    for (int i = 0; i < n; i++) {
      uniform[i] = Randomness.uniform(11, 2, i);
      normal[i] = Randomness.gaussian(11, 2, i);
    }
    assertThat(Arrays.stream(uniform).allMatch(u -> u >= 0 && u < 1)).isTrue();
    // five standard errors of each moment
    double five = 5 / Math.sqrt(n);
    assertThat(moment(uniform, 1)).isEqualTo(0.5, within(five * 0.289));
    assertThat(moment(uniform, 2)).isEqualTo(1.0 / 3, within(five * 0.298));
    assertThat(moment(normal, 1)).isEqualTo(0, within(five));
    assertThat(moment(normal, 2)).isEqualTo(1, within(five * Math.sqrt(2)));
    assertThat(moment(normal, 4)).isEqualTo(3, within(five * Math.sqrt(96)));
  }

  private static double moment(double[] values, int power) {
    return Arrays.stream(values).map(value -> Math.pow(value, power)).average().orElseThrow();
  }
}
