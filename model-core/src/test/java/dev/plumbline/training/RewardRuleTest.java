package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.training.PpoSettings.KlPlacement;
import dev.plumbline.training.RewardTransform.Shape;
import dev.plumbline.training.RewardTransform.Standard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RewardRuleTest {
  private static final double[] POLICY = {-1, -2};
  private static final double[] REFERENCE = {-1.5, -1};

  private static RewardTransform shape(Shape shape) {
    return new RewardTransform(false, shape, -1, 2, 3, 4);
  }

  private static RewardRule rule(KlPlacement placement, double penalty, @Nullable Double instead) {
    return new RewardRule(RewardTransform.IDENTITY, placement, penalty, instead);
  }

  /** k1 is 0.5 and -1 (rlhf.md's vector): with lambda 0.1 the penalties are 0.05 and -0.1. */
  @Test
  void theScoreStandsAtTheLastTokenAndThePenaltyWhereItIsPlaced() {
    assertThat(rule(KlPlacement.PER_TOKEN, 0, null).rewards(2, POLICY, REFERENCE, 0.1))
        .containsExactly(new double[] {-0.05, 2.1}, within(1e-12));
    assertThat(rule(KlPlacement.PER_RESPONSE, 0, null).rewards(2, POLICY, REFERENCE, 0.1))
        .containsExactly(new double[] {0, 2.05}, within(1e-12));
  }

  @Test
  void aMissingEndCostsAPenaltyOrTheScore() {
    RewardRule penalty = rule(KlPlacement.PER_TOKEN, 0.5, null);
    assertThat(penalty.credited(2, true, Standard.NONE)).isEqualTo(2);
    assertThat(penalty.credited(2, false, Standard.NONE)).isEqualTo(1.5);
    RewardRule instead = rule(KlPlacement.PER_TOKEN, 0, -1.0);
    assertThat(instead.credited(2, true, Standard.NONE)).isEqualTo(2);
    assertThat(instead.credited(2, false, Standard.NONE)).isEqualTo(-1);
  }

  /** tanh(1) = 0.7615941560, sigmoid(1) = 0.7310585786, sigmoid(-1) = 0.2689414214. */
  @Test
  void shapesByHand() {
    assertThat(shape(Shape.IDENTITY).of(-7, Standard.NONE)).isEqualTo(-7);
    assertThat(shape(Shape.CLIP).of(-7, Standard.NONE)).isEqualTo(-1);
    assertThat(shape(Shape.CLIP).of(1.5, Standard.NONE)).isEqualTo(1.5);
    assertThat(shape(Shape.CLIP).of(7, Standard.NONE)).isEqualTo(2);
    assertThat(shape(Shape.TANH).of(3, Standard.NONE)).isEqualTo(2.284782468, within(1e-9));
    assertThat(shape(Shape.SIGMOID).of(3, Standard.NONE)).isEqualTo(2.1931757358, within(1e-9));
    assertThat(shape(Shape.SIGMOID).of(-3, Standard.NONE)).isEqualTo(0.8068242642, within(1e-9));
    assertThat(shape(Shape.PUNISH).of(-0.5, Standard.NONE)).isEqualTo(-2);
    assertThat(shape(Shape.PUNISH).of(0.5, Standard.NONE)).isEqualTo(0.5);
  }

  @Test
  void standardScoresAreShapedAroundTheReferencesMean() {
    RewardTransform punish = new RewardTransform(true, Shape.PUNISH, -1, 1, 1, 2);
    Standard standard = new Standard(3, 2);
    assertThat(punish.of(5, standard)).isEqualTo(1);
    assertThat(punish.of(1, standard)).isEqualTo(-2);
    assertThat(shape(Shape.IDENTITY).of(5, standard)).isEqualTo(5);
  }

  /**
   * The vector of rlhf.md 6.1 (unbiased variance, mean kept), as three responses of unequal lengths
   * whose tokens are the nine numbers.
   */
  @Test
  void whiteningKeepsTheMeanAndCountsEachTokenOnce() {
    double[][] white =
        RewardRule.whitened(new double[][] {{1.2}, {1.3, 1.4, 1.5, 1.6}, {1.7, 1.8, 1.9, 2.0}});
    assertThat(white[0]).containsExactly(new double[] {0.1394}, within(5e-5));
    assertThat(white[1]).containsExactly(new double[] {0.5046, 0.8697, 1.2349, 1.6}, within(5e-5));
    assertThat(white[2])
        .containsExactly(new double[] {1.9651, 2.3303, 2.6954, 3.0606}, within(5e-5));
  }
}
