package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.dialogue.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Accuracies by group and the baselines beside them, on scores that are given. */
class HeldOutScoresTest {
  private final List<PreferenceData.Item> items = new ArrayList<>();

  private void add(String part, String tranche, String prompt, String chosen, String rejected) {
    items.add(
        new PreferenceData.Item(
            new Comparison(prompt, chosen, rejected, Map.of("domain", "d", "gold_chosen", "1.5")),
            part,
            tranche,
            PreferenceObjective.RANKED,
            1));
  }

  private static final String ONE = "\n\nHuman: q\n\nAssistant:";
  private static final String TWO =
      "\n\nHuman: q\n\nAssistant: a\n\nHuman: and then?\n\nAssistant:";

  private HeldOutScores scores() {
    add("help", "base", ONE, " a b", " a b c");
    add("help", "rs", ONE, " a b", " a b c d");
    add("help", "base", TWO, " a b c", " a");
    add("harm", "base", TWO, " a b", " c d");
    double[] chosen = {1, 2, -1, 0.5};
    double[] rejected = {0, 3, -2, 0.5};
    double[] losses = new double[4];
    Arrays.setAll(losses, i -> PreferenceAccuracy.loss(chosen[i] - rejected[i]));
    return new HeldOutScores(
        items,
        chosen,
        rejected,
        losses,
        new double[] {-1, -2, -3, -1},
        new double[] {-2, -1, -1, -2});
  }

  @Test
  void accuraciesByPartTurnAndTrancheAreThoseByHand() {
    ResultTable table = scores().accuracies();
    // Right, wrong, right, a tie: all 2.5 of 4; help 2 of 3, harm 0.5 of 1; first turn 1 of 2,
    // second 1.5 of 2; base 2.5 of 3, rs 0 of 1. There is one domain, which is no group.
    assertThat(table.texts("value")).containsExactly("all", "harm", "help", "1", "2", "base", "rs");
    assertThat(table.numbers("accuracy"))
        .containsExactly(
            new double[] {2.5 / 4, 0.5, 2 / 3.0, 0.5, 0.75, 2.5 / 3, 0}, within(1e-12));
    assertThat(table.numbers("n")).containsExactly(4, 1, 3, 2, 2, 3, 1);
    assertThat(table.numbers("ties")).containsExactly(1, 1, 0, 0, 1, 1, 0);
    // Fewer words: right, right, wrong, a tie. Likelier: right, wrong, wrong, right.
    assertThat(table.numbers("shorter"))
        .containsExactly(new double[] {2.5 / 4, 0.5, 2 / 3.0, 1, 0.25, 0.5, 1}, within(1e-12));
    assertThat(table.numbers("logprob"))
        .containsExactly(new double[] {0.5, 1, 1 / 3.0, 0.5, 0.5, 2 / 3.0, 0}, within(1e-12));
    // Wilson, p = 2/3, n = 3, z = 1.959964: centre (2/3 + z^2/6)/(1 + z^2/3) = 0.573084, half
    // z/(1 + z^2/3) sqrt(2/27 + z^2/36) = 0.365424.
    assertThat(table.number(2, "low")).isEqualTo(0.207660, within(1e-6));
    assertThat(table.number(2, "high")).isEqualTo(0.938508, within(1e-6));
  }

  @Test
  void metricsOfPartsCarryTheirNamesAndAreDefined() {
    Map<String, Double> metrics = scores().metrics();
    assertThat(metrics)
        .containsEntry("eval/accuracy", 2.5 / 4)
        .containsEntry("eval/accuracy/harm", 0.5)
        .containsEntry("eval/n/help", 3.0)
        .containsEntry("eval/logprob_accuracy/harm", 1.0)
        .containsEntry("eval/length_accuracy/harm", 0.5);
    assertThat(metrics.keySet()).allMatch(name -> Metrics.of(name).isPresent());
    Metrics.Metric metric = Metrics.of("eval/accuracy/harm").orElseThrow();
    assertThat(metric.label()).isEqualTo("PM accuracy, harm");
    assertThat(metric.definition()).isEqualTo("eval/accuracy over the held-out part harm alone.");
    assertThat(Metrics.of("eval/accuracy/")).isEmpty();
    assertThat(Metrics.of("loss/harm")).isEmpty();
  }

  @Test
  void theMeanIsOfBothResponsesOfTheRankedComparisons() {
    HeldOutMean mean = scores().mean().orElseThrow();
    // (1 + 0 + 2 + 3 - 1 - 2 + 0.5 + 0.5) / 8
    assertThat(mean.mean()).isEqualTo(0.5, within(1e-12));
    assertThat(mean.n()).isEqualTo(8);
    assertThat(mean.name()).isEqualTo("help+harm");
    assertThat(mean.set()).matches("[0-9a-f]{16}");
  }

  @Test
  void eachComparisonHasARow() {
    ResultTable table = scores().comparisons();
    assertThat(table.size()).isEqualTo(4);
    assertThat(table.numbers("turn")).containsExactly(1, 1, 2, 2);
    assertThat(table.numbers("words_rejected")).containsExactly(3, 4, 1, 2);
    assertThat(table.numbers("gold_chosen")).containsExactly(1.5, 1.5, 1.5, 1.5);
    assertThat(table.numbers("gold_rejected")).containsOnly(Double.NaN);
    assertThat(table.texts("id")).doesNotHaveDuplicates();
  }
}
