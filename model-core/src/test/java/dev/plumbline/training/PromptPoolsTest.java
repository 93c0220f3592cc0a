package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptPoolsTest {
  @TempDir Path directory;

  private PpoSettings.PromptPool pool(String name, int prompts, double share) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      lines.add("{\"prompt\": \"%s %d\"}".formatted(name, i));
    }
    Path file = Files.write(directory.resolve(name + ".jsonl"), lines);
    return new PpoSettings.PromptPool(name, List.of(file.toString()), share, null);
  }

  private static PromptPools pools(
      List<PpoSettings.PromptPool> settings, Set<String> excluded, int batch, int sheet) {
    return new PromptPools(
        settings, text -> new int[text.length()], 20, excluded, batch, sheet, new Randomness(4));
  }

  /** Points at 0.05, 0.15, ... 0.95: the first 0.73 of the line holds 7 of them, for start 0.5. */
  @Test
  void countsAreTheNumbersNextToTheShares() {
    assertThat(PromptPools.counts(new double[] {0.73, 0.27}, 10, 0.5)).containsExactly(7, 3);
    assertThat(PromptPools.counts(new double[] {0.73, 0.27}, 10, 0)).containsExactly(8, 2);
    assertThat(PromptPools.counts(new double[] {0.73, 0.27}, 10, 0.29)).containsExactly(8, 2);
    assertThat(PromptPools.counts(new double[] {0.73, 0.27}, 10, 0.31)).containsExactly(7, 3);
    assertThat(PromptPools.counts(new double[] {2, 1, 1}, 8, 0.9)).containsExactly(4, 2, 2);
    assertThat(PromptPools.counts(new double[] {5}, 3, 0.9)).containsExactly(3);
  }

  @Test
  void overManyBatchesEachPoolHasItsShareAndGoesThroughItsPromptsEvenly() throws IOException {
    PromptPools pools = pools(List.of(pool("a", 7, 3), pool("b", 5, 1)), Set.of(), 6, 0);
    Map<String, Integer> seen = new HashMap<>();
    int ofA = 0;
    for (int i = 0; i < 400; i++) {
      List<PromptPools.Prompt> batch = pools.batch(i);
      assertThat(batch).hasSize(6);
      int a = (int) batch.stream().filter(prompt -> prompt.pool() == 0).count();
      assertThat(a).isBetween(4, 5);
      ofA += a;
      batch.forEach(prompt -> seen.merge(prompt.text(), 1, Integer::sum));
    }
    // The share is 3/4 of 2400; the standard deviation of 400 counts of 4 or 5 is 10.
    assertThat(ofA).isBetween(1800 - 40, 1800 + 40);
    int total = ofA;
    seen.forEach(
        (text, count) -> {
          double each = text.startsWith("a") ? total / 7.0 : (2400 - total) / 5.0;
          assertThat(count.doubleValue()).isBetween(each - 1, each + 1);
        });
  }

  @Test
  void aBatchDependsOnTheIterationAlone() throws IOException {
    List<PpoSettings.PromptPool> settings = List.of(pool("a", 9, 1), pool("b", 8, 2));
    PromptPools through = pools(settings, Set.of(), 5, 2);
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(through.batch(i).stream().map(PromptPools.Prompt::text).toList());
    }
    PromptPools resumed = pools(settings, Set.of(), 5, 2);
    for (int i = 11; i >= 0; i--) {
      assertThat(resumed.batch(i).stream().map(PromptPools.Prompt::text)).isEqualTo(all.get(i));
    }
  }

  @Test
  void theSheetAndWhatIsHeldOutStayOutOfTraining() throws IOException {
    List<PpoSettings.PromptPool> settings = List.of(pool("a", 12, 1), pool("b", 12, 1));
    PromptPools pools = pools(settings, Set.of("a 3", "b 4"), 6, 4);
    List<String> sheet = pools.sheet().stream().map(PromptPools.Prompt::text).toList();
    assertThat(sheet).hasSize(4).doesNotContain("a 3", "b 4");
    assertThat(sheet.stream().filter(text -> text.startsWith("a"))).hasSize(2);
    for (int i = 0; i < 20; i++) {
      assertThat(pools.batch(i).stream().map(PromptPools.Prompt::text))
          .doesNotContainAnyElementsOf(sheet)
          .doesNotContain("a 3", "b 4");
    }
    assertThatThrownBy(() -> pools(List.of(pool("c", 1, 1)), Set.of("c 0"), 1, 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("pool c is held out");
  }
}
