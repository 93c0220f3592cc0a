package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.PaperCard;
import org.junit.jupiter.api.Test;

class OverSeedsTest {
  @Test
  void whatNoSeedHasIsSaidToBeUnmeasured() {
    PaperCard card = new OverSeeds().effect("id", "Fig 1", "claim", "of accuracy gained", 0.01);
    assertThat(card.verdict()).isEqualTo(PaperCard.Verdict.UNDECIDED);
    assertThat(card.measured()).startsWith("not measured").contains("of accuracy gained");
  }

  @Test
  void threeSeedsGiveStudentsInterval() {
    OverSeeds three = new OverSeeds();
    three.add("1", 0.01);
    three.add("2", 0.02);
    three.add("3", 0.03);
    // t(0.975, 2) = 4.302653; 4.302653 * 0.01 / sqrt(3) = 0.024841
    PaperCard card = three.effect("id", "Fig 1", "claim", "of accuracy gained", 0.01);
    assertThat(card.measured())
        .contains("0.0200")
        .contains("-0.0048 to 0.0448")
        .contains("3 seeds");
    assertThat(card.verdict()).isEqualTo(PaperCard.Verdict.UNDECIDED);
  }
}
