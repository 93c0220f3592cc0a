package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BestOfKTest {
  @Test
  void klByHand() {
    assertThat(BestOfK.kl(1)).isZero();
    assertThat(BestOfK.kl(2)).isCloseTo(.193147, within(5e-7));
    assertThat(BestOfK.kl(4)).isCloseTo(.636294, within(5e-7));
    assertThat(BestOfK.kl(16)).isCloseTo(1.835089, within(5e-7));
    assertThat(BestOfK.kl(64)).isCloseTo(3.174508, within(5e-7));
  }

  /** All choices of k samples, one after the other. */
  private static double byEnumeration(double[] scores, double[] values, int k) {
    double sum = 0;
    int choices = 0;
    for (int mask = 0; mask < 1 << scores.length; mask++) {
      if (Integer.bitCount(mask) != k) {
        continue;
      }
      double best = Double.NEGATIVE_INFINITY;
      double value = 0;
      int ties = 0;
      for (int i = 0; i < scores.length; i++) {
        if ((mask >> i & 1) == 0 || scores[i] < best) {
          continue;
        }
        ties = scores[i] > best ? 1 : ties + 1;
        value = scores[i] > best ? values[i] : value + values[i];
        best = scores[i];
      }
      sum += value / ties;
      choices++;
    }
    return sum / choices;
  }

  @Test
  void theEstimateIsTheMeanOverAllChoices() {
    Random random = new Random(4);
    for (int k = 1; k <= 9; k++) {
      double[] scores = random.doubles(9).toArray();
      double[] values = random.doubles(9).toArray();
      assertThat(BestOfK.expected(scores, values, k))
          .isCloseTo(byEnumeration(scores, values, k), within(1e-12));
      double[] own = {.5, .1, .9};
      assertThat(BestOfK.expected(own, own, 3)).isCloseTo(.9, within(1e-12));
    }
  }

  @Test
  void equalScoresShareTheirChoices() {
    // All pairs of {1, 2, 2}: (1, 2), (1, 2) and (2, 2): the values 5, 7 and their mean.
    double[] scores = {1, 2, 2};
    double[] values = {0, 5, 7};
    assertThat(BestOfK.expected(scores, values, 2)).isCloseTo(6, within(1e-12));
    assertThat(BestOfK.expected(scores, values, 1)).isCloseTo(4, within(1e-12));
    assertThatThrownBy(() -> BestOfK.expected(scores, values, 4)).hasMessageContaining("best of 4");
  }
}
