package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.study.HelpfulHarmlessTension;
import org.junit.jupiter.api.Test;

final class RefusalPhrasesTest {
  @Test
  void studies_count_refusals_by_the_worlds_own_phrases() {
    assertThat(HelpfulHarmlessTension.refusalPhrases())
        .containsExactlyInAnyOrderElementsOf(Phrases.REFUSALS);
  }
}
