package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.ResultTable;
import org.junit.jupiter.api.Test;

class LabelQueueTest {
  /** Of four layers the middle one is the second, as in the measurement: (L - 1)/2 from 0. */
  @Test
  void outOfDistributionScoresAreThoseOfTheMiddleLayer() {
    ResultTable.Builder prompts =
        ResultTable.named("prompts")
            .number("out", "", "")
            .number("prompt_index", "", "")
            .text("prompt", "");
    ResultTable.Builder scores =
        ResultTable.named("scores")
            .number("layer", "", "")
            .number("out", "", "")
            .number("prompt_index", "", "")
            .number("relative", "", "");
    for (int out = 0; out <= 1; out++) {
      for (int index = 0; index < 3; index++) {
        prompts.row(out, index, "prompt " + out + index);
        for (int layer = 1; layer <= 4; layer++) {
          if (index < 2) { // the third was used for the fit and has no score
            scores.row(layer, out, index, 100.0 * layer + 10 * out + index);
          }
        }
      }
    }
    assertThat(LabelQueue.oodScores(prompts.build(), scores.build()))
        .containsOnlyKeys("prompt 00", "prompt 01", "prompt 10", "prompt 11")
        .containsEntry("prompt 00", 200.0)
        .containsEntry("prompt 11", 211.0);
  }
}
