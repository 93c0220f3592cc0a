package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.LengthRule;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Strength;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnotatorTest {
  @Test
  void choicesFollowBradleyTerryWithBiasAndLapses() {
    Annotator annotator = new Annotator("a", 0.8, 0.3, 0.1, 1);
    Dice dice = Dice.of(5, "test", 0);
    int n = 200_000;
    for (double gap : new double[] {-1.5, 0, 0.4, 2}) {
      int left = 0;
      int weakest = 0;
      for (int i = 0; i < n; i++) {
        Annotator.Choice choice = annotator.choose(gap, 0, dice);
        left += choice.left() ? 1 : 0;
        weakest += choice.strength() == Strength.UNSURE ? 1 : 0;
      }
      double expected = 0.9 / (1 + Math.exp(-gap / 0.8 - 0.3)) + 0.05;
      // Four standard errors of a share over n draws are below 0.0045.
      assertThat((double) left / n).isCloseTo(expected, within(0.0045));
      assertThat(annotator.probabilityOfLeft(gap, 0, 0)).isCloseTo(expected, within(1e-12));
      double kept =
          annotator.probabilityOfLeft(gap, 0, 0.5) + annotator.probabilityOfRight(gap, 0, 0.5);
      assertThat((double) weakest / n).isCloseTo(1 - kept, within(0.0045));
    }
  }

  @Test
  void sharesSumToOne() {
    assertThat(Annotator.ALL.stream().mapToDouble(Annotator::share).sum())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void agreementIsAHalfAtNoDifferenceAndSymmetric() {
    assertThat(Annotator.agreement(0, 0)).isCloseTo(0.5, within(1e-12));
    assertThat(Annotator.agreement(0, 0.5)).isCloseTo(0.5, within(1e-12));
    assertThat(Annotator.agreement(1.3, 0.5) + Annotator.agreement(-1.3, 0.5))
        .isCloseTo(1, within(1e-12));
    assertThat(Annotator.agreement(1, 0.5)).isGreaterThan(Annotator.agreement(1, 0)).isLessThan(1);
  }

  @Test
  void ceilingIsTheMeanOfTheBetterSide() {
    String prompt = "\n\nHuman: what is 3 plus 4?\n\nAssistant:";
    List<Comparison> pairs =
        List.of(
            new Comparison(prompt, " 7.", " 8."),
            new Comparison(prompt, " 8.", " 7."),
            new Comparison(prompt, " 7.", " 3 plus 4 is 7."));
    Ceiling ceiling = Ceiling.of(pairs, SampleWorld.Kind.HELPFUL, SampleWorld.Weakest.DROPPED);
    double p = Annotator.agreement(2.1, 0.5);
    assertThat(ceiling.n()).isEqualTo(3);
    assertThat(ceiling.bayes()).isCloseTo((p + p + 0.5) / 3, within(1e-12));
    assertThat(ceiling.gold()).isEqualTo(0.5);
  }

  @Test
  void theTwoCeilingsAgreeAndTheLengthRuleIsFarBelow() {
    for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
      List<Comparison> data =
          SampleWorld.comparisons(11, kind, SampleWorld.Side.TRAIN, SampleWorld.Weakest.DROPPED)
              .limit(4000)
              .toList();
      Ceiling ceiling = Ceiling.of(data, kind, SampleWorld.Weakest.DROPPED);
      assertThat(ceiling.bayes()).isBetween(0.80, 0.85);
      assertThat(ceiling.gold()).isCloseTo(ceiling.bayes(), within(0.025));
      assertThat(LengthRule.of(data).best()).isBetween(0.50, 0.59);
    }
  }
}
