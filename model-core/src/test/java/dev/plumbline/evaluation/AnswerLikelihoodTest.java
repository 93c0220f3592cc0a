package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.LengthRule;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.PolicyRanker;
import dev.plumbline.training.SequenceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Likelihoods of answers by models of some thousand weights that nobody has trained. */
final class AnswerLikelihoodTest {
  private static final TorchRuntime RUNTIME = TorchRuntime.start(1, _ -> {});

  @TempDir static Path directory;
  private static Path data = Path.of("");
  private static String base = "";
  private static String second = "";

  @BeforeAll
  static void models() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String prompt =
          "\\n\\nHuman: Ask %d.%s\\n\\nAssistant:".formatted(i / 3, " And more.".repeat(i % 3));
      lines.add(
          "{\"chosen\": \"%s good %s\", \"rejected\": \"%s %sbad\"}"
              .formatted(prompt, "word ".repeat(i % 5), prompt, "no ".repeat(i % 4)));
    }
    String endless = "so long ".repeat(200);
    lines.add(
        "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: %s\", \"rejected\": \"\\n\\nHuman: a\\n\\nAssistant: b\"}"
            .formatted(endless));
    lines.add(
        "{\"chosen\": \"\\n"
            + "\\n"
            + "Human: a\\n"
            + "\\n"
            + "Assistant: b\", \"rejected\": \"\\n"
            + "\\n"
            + "Human: c\\n"
            + "\\n"
            + "Assistant: b\"}");
    data = Files.write(directory.resolve("data.jsonl"), lines);
    Tokenizer tokenizer = BpeTrainer.train(lines, 300, Tokenizer.SPECIALS);
    DecoderConfig config = DecoderConfig.of(tokenizer.vocabularySize(), 2, 16, 2, 1, 32, 128);
    try (LanguageModel one = LanguageModel.initialise(RUNTIME, config, tokenizer, 5);
        LanguageModel two = LanguageModel.initialise(RUNTIME, config, tokenizer, 7)) {
      one.save(directory.resolve("base"));
      two.save(directory.resolve("second"));
    }
    base = directory.resolve("base").toString();
    second = directory.resolve("second").toString();
  }

  @AfterAll
  static void stop() {
    RUNTIME.close();
  }

  private static Recorder run(String reference, int most, String... models) {
    List<Player> players = new ArrayList<>();
    for (String model : models) {
      players.add(new Player("p" + players.size(), model, 1));
    }
    return Recorder.finished(
        new AnswerLikelihoodSettings(
            players, reference, List.of(data.toString()), DialogueFormat.HH, most),
        directory,
        RUNTIME);
  }

  private static double[] alone(LanguageModel model, String prompt, String answer) {
    int[] before = SequenceFormat.prompt(model.tokenizer(), prompt);
    int[] after = model.tokenizer().encodeAfter(answer);
    int[] all = Arrays.copyOf(before, before.length + after.length + 1);
    System.arraycopy(after, 0, all, before.length, after.length);
    all[all.length - 1] = SequenceFormat.endToken(model);
    double[] found = model.score(List.of(all), 1).getFirst().logProbabilities();
    return Arrays.copyOfRange(found, before.length - 1, found.length);
  }

  @Test
  void answersTogetherScoreAsEachByItself() {
    Recorder found = run("", 1000, base, second);

    ResultTable answers = found.get("answers");
    ResultTable summary = found.get("answer-likelihood");
    List<Comparison> comparisons = ComparisonReader.read(data).comparisons().subList(0, 30);
    assertThat(summary.numbers("n")).containsOnly(30);
    assertThat(summary.numbers("conversations")).containsOnly(30);
    assertThat(summary.numbers("left_out")).containsOnly(1);
    assertThat(found.notices).anyMatch(text -> text.startsWith("1 comparisons have unequal"));
    try (LanguageModel model = LanguageModel.load(RUNTIME, Path.of(second))) {
      double loss = 0;
      double total = 0;
      int tokens = 0;
      double gap = 0;
      for (int i = 0; i < 30; i++) {
        Comparison comparison = comparisons.get(i);
        double[] good = alone(model, comparison.prompt(), comparison.chosen());
        double[] bad = alone(model, comparison.prompt(), comparison.rejected());
        double sum = Arrays.stream(good).sum();
        int row = 30 + i;
        assertThat(answers.number(row, "line")).isEqualTo(i + 1);
        assertThat(answers.number(row, "good")).isCloseTo(sum, within(2e-4));
        assertThat(answers.number(row, "bad_tokens")).isEqualTo(bad.length);
        loss -= sum / good.length / 30;
        total -= sum;
        tokens += good.length;
        gap += (sum / good.length - Arrays.stream(bad).sum() / bad.length) / 30;
      }
      assertThat(summary.number(1, "good_loss")).isCloseTo(loss, within(1e-4));
      assertThat(summary.number(1, "good_loss_pooled")).isCloseTo(total / tokens, within(1e-4));
      assertThat(summary.number(1, "gap")).isCloseTo(gap, within(1e-4));
      assertThat(summary.number(1, "gap"))
          .isBetween(summary.number(1, "gap_low"), summary.number(1, "gap_high"));

      // The same accuracies as a policy has as a judge.
      PolicyRanker.Ranking ranking =
          new PolicyRanker(
                  model, comparisons, prompt -> SequenceFormat.prompt(model.tokenizer(), prompt))
              .rank(model);
      assertThat(summary.number(1, "accuracy"))
          .isCloseTo(ranking.byMean().accuracy(), within(1e-12));
      assertThat(summary.number(1, "sum_accuracy"))
          .isCloseTo(ranking.bySum().accuracy(), within(1e-12));
    }
    assertThat(summary.number(0, "shorter"))
        .isCloseTo(LengthRule.of(comparisons).shorter(), within(1e-12));
  }

  @Test
  void aTwinDiffersByNothing() {
    Recorder found = run("p1", 12, base, base, second);

    ResultTable differences = found.get("answer-likelihood-difference");
    ResultTable summary = found.get("answer-likelihood");
    assertThat(summary.numbers("n")).containsOnly(12);
    assertThat(differences.texts("player").subList(0, 6)).containsOnly("p0");
    for (int row = 0; row < 6; row++) {
      assertThat(differences.number(row, "difference")).isZero();
      String quantity = differences.text(6 + row, "quantity");
      assertThat(differences.number(6 + row, "difference"))
          .isCloseTo(summary.number(2, quantity) - summary.number(1, quantity), within(1e-9));
    }
  }
}
