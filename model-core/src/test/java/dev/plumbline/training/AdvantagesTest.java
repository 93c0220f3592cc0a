package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.training.Advantages.Mean;
import dev.plumbline.training.Advantages.Variance;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AdvantagesTest {
  private static final double[] REWARDS = {0, 0, 1};
  private static final double[] VALUES = {.5, .6, .7};

  @Test
  void gaeOfAnEpisodeByHand() {
    assertThat(Advantages.gae(REWARDS, VALUES, 1, .95))
        .containsExactly(new double[] {.46575, .385, .3}, within(1e-12));
    assertThat(Advantages.gae(REWARDS, VALUES, .9, .8))
        .containsExactly(new double[] {.21712, .246, .3}, within(1e-12));
  }

  @Test
  void gaeWithLambdaOneIsTheRewardToGoLessTheValue() {
    double[] rewards = {.1, -.2, .3, .4};
    double[] values = {1, -1, .5, 0};
    assertThat(Advantages.gae(rewards, values, 1, 1))
        .containsExactly(new double[] {.6 - 1, .5 + 1, .7 - .5, .4}, within(1e-12));
  }

  @Property
  void gaePassesOverMaskedPositions(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 12;
    boolean[] mask = new boolean[n];
    double[] rewards = random.doubles(n, -1, 1).toArray();
    double[] values = random.doubles(n, -1, 1).toArray();
    double[] shortRewards = new double[n];
    double[] shortValues = new double[n];
    int kept = 0;
    for (int i = 0; i < n; i++) {
      mask[i] = random.nextBoolean();
      if (mask[i]) {
        shortRewards[kept] = rewards[i];
        shortValues[kept++] = values[i];
      }
    }
    double[] whole = Advantages.gae(rewards, values, mask, .97, .9);
    double[] only =
        Advantages.gae(
            Arrays.copyOf(shortRewards, kept), Arrays.copyOf(shortValues, kept), .97, .9);
    int j = 0;
    for (int i = 0; i < n; i++) {
      assertThat(whole[i]).isEqualTo(mask[i] ? only[j++] : 0);
    }
  }

  @Test
  void whitenKeepsTheMeanWhenAskedTo() {
    double[] x = {1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0};
    assertThat(Advantages.whiten(x, Mean.KEEP, Variance.BIASED))
        .containsExactly(
            new double[] {.0508, .4381, .8254, 1.2127, 1.6, 1.9873, 2.3746, 2.7619, 3.1492},
            within(5e-5));
    assertThat(Advantages.whiten(x, Mean.KEEP, Variance.UNBIASED))
        .containsExactly(
            new double[] {.1394, .5046, .8697, 1.2349, 1.6, 1.9651, 2.3303, 2.6954, 3.0606},
            within(5e-5));
  }

  @Test
  void whitenLooksOnlyAtTheMask() {
    double[] white =
        Advantages.whiten(
            new double[] {1, 2, 3, 4},
            new boolean[] {false, true, true, false},
            Mean.REMOVE,
            Variance.BIASED);
    assertThat(white).containsExactly(new double[] {1, -1, 1, 4}, within(1e-6));
  }

  @Test
  void whitenOfAConstantIsZeroAndOfNothingIsNothing() {
    assertThat(Advantages.whiten(new double[] {3, 3, 3}, Mean.REMOVE, Variance.BIASED))
        .containsExactly(0, 0, 0);
    assertThat(Advantages.whiten(new double[0], Mean.REMOVE, Variance.UNBIASED)).isEmpty();
  }

  @Test
  void explainedVarianceByHand() {
    double[] returns = {1, 2, 3, 4};
    assertThat(Advantages.explainedVariance(returns, returns)).isEqualTo(1);
    assertThat(Advantages.explainedVariance(new double[] {7, 7, 7, 7}, returns)).isEqualTo(0);
    assertThat(Advantages.explainedVariance(new double[] {1, 2, 3, 3}, returns))
        .isEqualTo(1 - .1875 / 1.25, within(1e-12));
    assertThat(Advantages.explainedVariance(new double[] {1, 2}, new double[] {5, 5})).isNaN();
  }
}
