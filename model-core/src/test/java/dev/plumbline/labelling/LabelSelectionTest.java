package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.labelling.LabelSelection.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelSelectionTest {
  /** Pairs whose margins under two models are i/10 and -i/10 nats. */
  private static List<LabelItem> scored(int count) {
    List<LabelItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          LabelItem.of(
              "\n\nHuman: " + i + "\n\nAssistant:",
              new Candidate(" a", "old", Map.of("score_x", "" + i / 10.0, "score_y", "0")),
              new Candidate(" b", "new", Map.of("score_x", "0", "score_y", "" + i / 10.0)),
              Map.of("ood", "" + i, "stratum", i < count / 4 ? "few" : "many")));
    }
    return items;
  }

  private static long atRandom(List<LabelItem> chosen) {
    return chosen.stream()
        .filter(item -> "random".equals(item.attributes().get(LabelItem.SELECTED_BY)))
        .count();
  }

  @Test
  void theRandomShareIsKeptWhateverTheRestIsChosenBy() {
    List<LabelItem> pool = scored(200);
    LabelSelection selection = new LabelSelection(50, 0.2, Rule.uncertainty("score_x"), 3);
    List<LabelItem> chosen = selection.choose(pool);
    assertThat(chosen).hasSize(50).doesNotHaveDuplicates();
    assertThat(atRandom(chosen)).isEqualTo(10);
    // The rest is the least margins that the draw left over: all within the 50 least.
    assertThat(chosen.stream().skip(10))
        .allMatch(item -> Double.parseDouble(item.attributes().get("ood")) < 50);
    assertThat(selection.choose(pool)).isEqualTo(chosen);
  }

  @Test
  void anEnsembleDisagreesMostWhereItsChancesLieFarthestApart() {
    List<LabelItem> chosen =
        new LabelSelection(5, 0, Rule.disagreement(List.of("score_x", "score_y")), 3)
            .choose(scored(40));
    // chances sigmoid(i/10) and sigmoid(-i/10): farther apart with i
    assertThat(chosen)
        .extracting(item -> item.attributes().get("ood"))
        .containsExactly("39", "38", "37", "36", "35");
    // two chances p and 1 - p have the standard deviation |2p - 1| / sqrt(2)
    double p = 1 / (1 + Math.exp(-3.9));
    assertThat(
            Rule.disagreement(List.of("score_x", "score_y"))
                .priority()
                .applyAsDouble(chosen.getFirst()))
        .isCloseTo((2 * p - 1) / Math.sqrt(2), within(1e-12));
  }

  @Test
  void theRandomShareIsUnbiasedForThePool() {
    // The mean over many seeds of the random share's mean is the pool's, 99.5.
    double sum = 0;
    for (int seed = 0; seed < 400; seed++) {
      sum +=
          new LabelSelection(20, 0.5, Rule.attribute("ood"), seed)
              .choose(scored(200)).stream()
                  .filter(item -> "random".equals(item.attributes().get(LabelItem.SELECTED_BY)))
                  .mapToDouble(item -> Double.parseDouble(item.attributes().get("ood")))
                  .average()
                  .orElseThrow();
    }
    // sd of one mean of ten is 57.7/sqrt(10) = 18.3, of the mean over 400 seeds 0.91
    assertThat(sum / 400).isCloseTo(99.5, within(4.0));
  }

  @Test
  void strataHaveTheirShare() {
    List<LabelItem> chosen =
        new LabelSelection(30, 1, Rule.RANDOM, 3).stratified(scored(200), "stratum");
    assertThat(chosen).hasSize(30);
    // a quarter of 30 is 7.5: largest remainders, a tie of one half each, give 7 or 8
    assertThat(
            chosen.stream().filter(item -> "few".equals(item.attributes().get("stratum"))).count())
        .isBetween(7L, 8L);
  }

  @Test
  void aPoolThatIsTooSmallIsTakenWholeOnce() {
    List<LabelItem> pool = new ArrayList<>(scored(5));
    pool.addAll(scored(5));
    List<LabelItem> chosen = new LabelSelection(50, 0.2, Rule.RANDOM, 3).choose(pool);
    assertThat(new HashSet<>(chosen)).hasSize(5);
    assertThat(chosen).hasSize(5);
  }

  @Test
  void responsesToOnePromptArePairedWithTheReference() {
    ResultTable.Builder table =
        ResultTable.named("responses")
            .number("prompt_index", "", "number")
            .text("model", "who")
            .text("prompt", "dialogue")
            .text("response", "text")
            .number("score_pm", "nat", "score");
    String prompt = "\n\nHuman: hi\n\nAssistant:";
    table.row(0, "base", prompt, " hello", 0.5);
    table.row(0, "old", prompt, " hello", 0.5); // equal to base's: nothing to compare
    table.row(0, "new", prompt, " good day", 1.5);
    List<LabelItem> all = PairSources.responses(table.build(), "run-1", "");
    assertThat(all).hasSize(2);
    List<LabelItem> against = PairSources.responses(table.build(), "run-1", "old");
    assertThat(against).hasSize(1);
    assertThat(against.getFirst().first().model()).isEqualTo("old");
    assertThat(against.getFirst().second().attributes()).containsEntry("score_pm", "1.5");
    assertThat(against.getFirst().attributes()).containsEntry("source", "run-1");
  }

  @Test
  void anOldLabelLeavesNothingInThePair(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("old.jsonl");
    Files.writeString(
        file,
        """
        {"chosen":"\\n\\nHuman: hi\\n\\nAssistant: zebra","rejected":"\\n\\nHuman: hi\\n\\nAssistant: ant",\
        "tranche":"rs","annotator":"ann-05","strength":"2","shown_left":"rejected","gold_chosen":"1.8"}
        """);
    LabelItem item = PairSources.comparisons(file).getFirst();
    assertThat(item.first().text()).isEqualTo(" ant"); // by its text and not by who was preferred
    assertThat(item.attributes()).containsExactly(Map.entry("tranche", "rs"));
  }
}
