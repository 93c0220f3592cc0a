package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class KlEstimatorsTest {
  @Test
  void estimatorsByHand() {
    assertThat(KlEstimators.k1(-1, -1.5)).isEqualTo(.5);
    assertThat(KlEstimators.k1(-2, -1)).isEqualTo(-1);
    assertThat(KlEstimators.k2(-1, -1.5)).isEqualTo(.125);
    assertThat(KlEstimators.k2(-2, -1)).isEqualTo(.5);
    assertThat(KlEstimators.k3(-1, -1.5)).isEqualTo(.1065, within(5e-5));
    assertThat(KlEstimators.k3(-2, -1)).isEqualTo(.7183, within(5e-5));
  }

  @Test
  void perTokenKlByHand() {
    double[][] policy = {{.5, .2, .1}, {.6, .2, .1}};
    double[][] reference = {{.4, .3, 0}, {.7, .1, .3}};
    double[][] k1 = {{.1, -.1, .1}, {-.1, .1, -.2}};
    double[][] k2 = {{.005, .005, .005}, {.005, .005, .02}};
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(KlEstimators.k1(policy[i][j], reference[i][j]))
            .isEqualTo(k1[i][j], within(1e-12));
        assertThat(KlEstimators.k2(policy[i][j], reference[i][j]))
            .isEqualTo(k2[i][j], within(1e-12));
      }
    }
  }

  @Test
  void exactByHand() {
    assertThat(KlEstimators.exact(new double[] {.98, .01, .01}, new double[] {.01, .01, .98}))
        .isEqualTo(4.4474, within(5e-5));
    assertThat(KlEstimators.exact(new double[] {.49, .02, .49}, new double[] {.01, .98, .01}))
        .isEqualTo(3.7361, within(5e-5));
    assertThat(KlEstimators.exact(new double[] {.2, .8}, new double[] {.2, .8})).isZero();
  }

  @Property
  void k1AndK3AreUnbiased(
      @ForAll @DoubleRange(min = .01, max = .99) double p,
      @ForAll @DoubleRange(min = .01, max = .99) double q) {
    double exact = KlEstimators.exact(new double[] {p, 1 - p}, new double[] {q, 1 - q});
    double k1 =
        p * KlEstimators.k1(Math.log(p), Math.log(q))
            + (1 - p) * KlEstimators.k1(Math.log(1 - p), Math.log(1 - q));
    double k3 =
        p * KlEstimators.k3(Math.log(p), Math.log(q))
            + (1 - p) * KlEstimators.k3(Math.log(1 - p), Math.log(1 - q));
    assertThat(k1).isEqualTo(exact, within(1e-9));
    assertThat(k3).isEqualTo(exact, within(1e-9));
  }

  @Property
  void k3IsNeverNegative(
      @ForAll @DoubleRange(min = -20, max = 0) double policy,
      @ForAll @DoubleRange(min = -20, max = 0) double reference) {
    assertThat(KlEstimators.k3(policy, reference)).isNotNegative();
    assertThat(KlEstimators.k3(policy, policy)).isZero();
  }
}
