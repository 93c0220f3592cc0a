package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PpoObjectiveTest {
  @Test
  void policyClipByHand() {
    double[] advantages = {1, -1, 1, -1};
    double[] ratios = {1.5, 1.5, .5, .5};
    double[] losses = {-1.2, 1.5, -.5, .8};
    for (int i = 0; i < losses.length; i++) {
      assertThat(PpoObjective.policyLoss(ratios[i], advantages[i], .2))
          .isEqualTo(losses[i], within(1e-12));
    }
  }

  @Test
  void valueClipByHand() {
    double first = PpoObjective.valueLoss(1, .5, 1.2, .2);
    double second = PpoObjective.valueLoss(.1, .5, .3, .2);
    assertThat(2 * first).isEqualTo(.25, within(1e-12));
    assertThat(2 * second).isEqualTo(.04, within(1e-12));
    assertThat((first + second) / 2).isEqualTo(.0725, within(1e-12));
  }
}
