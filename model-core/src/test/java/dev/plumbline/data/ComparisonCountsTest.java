package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.dialogue.Comparison;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonCountsTest {
  private static final String PROMPT = "\n\nHuman: hi\n\nAssistant:";

  private static Comparison with(Map<String, String> attributes) {
    return new Comparison(PROMPT, " a", " b", attributes);
  }

  @Test
  void tranchesAreCountedTheMostFrequentFirstAndTheAbsentApart() {
    ComparisonCounts counts =
        ComparisonCounts.of(
            List.of(
                with(Map.of("tranche", "base")),
                with(Map.of("tranche", "rs")),
                with(Map.of("tranche", "rs")),
                with(Map.of())),
            "tranche");
    assertThat(counts.ofResponses()).isFalse();
    assertThat(counts.comparisons()).isEqualTo(4);
    assertThat(counts.without()).isEqualTo(1);
    assertThat(counts.values())
        .containsExactly(
            new ComparisonCounts.Value("rs", 2, 0, 0), new ComparisonCounts.Value("base", 1, 0, 0));
  }

  /** a against b twice, a won once; b against itself once. */
  @Test
  void anAttributeOfResponsesCountsBothSidesAndAComparisonOnce() {
    ComparisonCounts counts =
        ComparisonCounts.of(
            List.of(
                with(Map.of("model_chosen", "a", "model_rejected", "b")),
                with(Map.of("model_chosen", "b", "model_rejected", "a")),
                with(Map.of("model_chosen", "b", "model_rejected", "b"))),
            "model");
    assertThat(counts.ofResponses()).isTrue();
    assertThat(counts.values())
        .containsExactly(
            new ComparisonCounts.Value("b", 3, 2, 2), new ComparisonCounts.Value("a", 2, 1, 1));
  }

  @Test
  void anAttributeThatNoneHasIsAnErrorThatNamesThoseThereAre() {
    assertThatThrownBy(
            () ->
                ComparisonCounts.of(
                    List.of(with(Map.of("model_chosen", "a", "model_rejected", "b"))), "tranche"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'tranche'")
        .hasMessageContaining("model, model_chosen, model_rejected");
  }

  /** The table of section 2.3: 44k and 42k, 52k and 2k, 22k and none. */
  @Test
  void thePapersNumbersGoByTheTranchesName() {
    assertThat(ComparisonCounts.Paper.ofTranche("base"))
        .contains(new ComparisonCounts.Paper(44_000, 42_000));
    assertThat(ComparisonCounts.Paper.ofTranche("Rejection Sampled"))
        .isEqualTo(ComparisonCounts.Paper.ofTranche("rs"))
        .contains(new ComparisonCounts.Paper(52_000, 2_000));
    assertThat(ComparisonCounts.Paper.ofTranche("online"))
        .contains(new ComparisonCounts.Paper(22_000, 0));
    assertThat(ComparisonCounts.Paper.ofTranche("mine")).isEmpty();
  }
}
