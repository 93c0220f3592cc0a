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

  @Test
  void sharesStayWithinTheirBounds() {
    OverSeeds three = new OverSeeds();
    three.add("1", 0.90);
    three.add("2", 0.95);
    three.add("3", 1.00);
    // Plain: 0.95 -+ 4.302653 * 0.05 / sqrt(3) = 0.8258 to 1.0742. On the logit scale: ln(0.95 /
    // 0.05)
    // = 2.944439, half = 0.124207 / (0.95 * 0.05) = 2.614884; 1 / (1 + e^-0.329555), 1 / (1 +
    // e^-5.559323).
    assertThat(three.interval().high()).isGreaterThan(1);
    assertThat(three.saidAsShare())
        .isEqualTo("0.950 (95 % t interval over 3 seeds 0.582 to 0.996)");
    OverSeeds sure = new OverSeeds();
    sure.add("1", 1);
    sure.add("2", 1);
    assertThat(sure.saidAsShare()).endsWith("1.000 to 1.000)");
  }
}
