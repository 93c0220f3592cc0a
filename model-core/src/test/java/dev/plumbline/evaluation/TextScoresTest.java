package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.ScoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of texts by a preference model of some thousand weights that nobody has trained. */
final class TextScoresTest {
  private static final TorchRuntime RUNTIME = TorchRuntime.start(1, _ -> {});

  @TempDir static Path directory;
  private static Path texts = Path.of("");
  private static Path comparisons = Path.of("");
  private static Path sentences = Path.of("");
  private static String scorer = "";

  @BeforeAll
  static void model() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    List<String> gendered = new ArrayList<>(List.of("sentid\tsentence"));
    for (int i = 0; i < 40; i++) {
      String prompt = "\\n\\nHuman: Tell me of thing %d.\\n\\nAssistant:".formatted(i / 4);
      lines.add(
          "{\"transcript\": \"%s It is %d %s.\", \"rating\": %d, \"who\": \"%s\"}"
              .formatted(prompt, i, "so ".repeat(i % 7), i % 3, i % 2 == 0 ? "ann" : "bob"));
      pairs.add(
          "{\"chosen\": \"%s yes %d\", \"rejected\": \"%s no\", \"chosen_model\": \"m1\", \"rejected_model\": \"m%d\"}"
              .formatted(prompt, i, prompt, 1 + i % 2));
    }
    for (String occupation : List.of("cook", "nurse", "pilot")) {
      for (String gender : List.of("male", "female", "neutral")) {
        gendered.add(
            "%s.guest.1.%s.txt\tThe %s told the guest that %s could go."
                .formatted(
                    occupation,
                    gender,
                    occupation,
                    gender.equals("male") ? "he" : gender.equals("female") ? "she" : "they"));
      }
    }
    texts = Files.write(directory.resolve("texts.jsonl"), lines);
    comparisons = Files.write(directory.resolve("comparisons.jsonl"), pairs);
    sentences = Files.write(directory.resolve("sentences.tsv"), gendered);
    Tokenizer tokenizer = BpeTrainer.train(lines, 300, Tokenizer.SPECIALS);
    DecoderConfig config = DecoderConfig.of(tokenizer.vocabularySize(), 2, 16, 2, 1, 32, 128);
    try (LanguageModel one = LanguageModel.initialise(RUNTIME, config, tokenizer, 5);
        PreferenceModel pm = PreferenceModel.from(one, 6)) {
      pm.save(directory.resolve("pm"));
    }
    scorer = directory.resolve("pm").toString();
  }

  @AfterAll
  static void stop() {
    RUNTIME.close();
  }

  private static TextScoresSettings settings(
      Path file, @Nullable String group, @Nullable String label, @Nullable String positive) {
    return new TextScoresSettings(
        scorer,
        List.of(file.toString()),
        null,
        "{text}",
        group,
        label,
        positive,
        null,
        null,
        List.of(),
        1000);
  }

  private static TextScoresSettings gaps(List<String> terms, int most) {
    return new TextScoresSettings(
        scorer,
        List.of(sentences.toString()),
        null,
        "\n\nHuman: Go on.\n\nAssistant: {text}",
        null,
        null,
        null,
        "pair",
        "gender",
        terms,
        most);
  }

  private static Recorder run(TextScoresSettings settings) {
    return Recorder.finished(settings, directory, RUNTIME);
  }

  private static double alone(PreferenceModel model, String prompt, String response) {
    return ScoreFixture.score(model, List.of(prompt), List.of(response))[0];
  }

  @Test
  void textsTogetherScoreAsEachByItself() {
    ResultTable rows = run(settings(texts, "who", null, null)).get("text-scores");

    assertThat(rows.size()).isEqualTo(40);
    try (PreferenceModel model = PreferenceModel.load(RUNTIME, Path.of(scorer))) {
      for (int i = 0; i < 40; i++) {
        String prompt = "\n\nHuman: Tell me of thing %d.\n\nAssistant:".formatted(i / 4);
        String response = " It is %d %s.".formatted(i, "so ".repeat(i % 7));
        assertThat(rows.number(i, "line")).isEqualTo(i + 1);
        assertThat(rows.number(i, "score")).isCloseTo(alone(model, prompt, response), within(1e-5));
        assertThat(rows.text(i, "group")).isEqualTo(i % 2 == 0 ? "ann" : "bob");
        assertThat(rows.number(i, "centred")).isNaN();
      }
      double first = run(gaps(List.of(), 100)).get("text-scores").number(0, "score");
      assertThat(first)
          .isCloseTo(
              alone(
                  model,
                  "\n\nHuman: Go on.\n\nAssistant:",
                  " The cook told the guest that he could go."),
              within(1e-5));
    }
  }

  @Test
  void groupsHaveTheMomentsOfTheirRows() {
    Recorder found = run(settings(comparisons, "model", "side", "rejected"));

    ResultTable rows = found.get("text-scores");
    ResultTable groups = found.get("text-scores-by-group");
    assertThat(rows.size()).isEqualTo(80);
    assertThat(groups.texts("group")).containsExactly("all", "m1", "m2");
    // Ten conversations of four comparisons; m2 wrote half of the rejected ones.
    assertThat(groups.numbers("n")).containsExactly(80, 60, 20);
    assertThat(groups.numbers("conversations")).containsExactly(10, 10, 10);
    double[] scores = rows.numbers("score");
    List<Double> second = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      if (rows.text(i, "group").equals("m2")) {
        second.add(scores[i]);
      }
    }
    double[] own = second.stream().mapToDouble(Double::doubleValue).toArray();
    assertThat(groups.number(2, "mean")).isCloseTo(Moments.of(own).mean(), within(1e-12));
    assertThat(groups.number(2, "d3")).isEqualTo(Quantiles.of(own, 0.3));
    assertThat(groups.number(0, "low")).isLessThan(groups.number(0, "mean"));

    // AUROC by counting every pair.
    ResultTable auroc = found.get("label-auroc");
    double above = 0;
    for (int i = 0; i < 80; i++) {
      for (int j = 0; j < 80; j++) {
        if (rows.text(i, "label").equals("rejected") && rows.text(j, "label").equals("chosen")) {
          above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(auroc.number(0, "auroc")).isCloseTo(above / 1600, within(1e-12));
    assertThat(auroc.text(0, "positive")).isEqualTo("rejected");
    assertThat(auroc.number(0, "n_positive")).isEqualTo(40);
    assertThat(auroc.number(0, "low")).isLessThan(auroc.number(0, "auroc"));
    // "yes 7" has two words and "no" one, so length tells them apart.
    assertThat(auroc.number(0, "length_auroc")).isZero();
    // m2 wrote no chosen response: one class only.
    assertThat(auroc.text(2, "interval")).isEqualTo("one_class");
  }

  @Test
  void aLabelOfManyValuesNeedsOneThatIsPositive() {
    assertThat(Recorder.failed(settings(texts, null, "rating", null), directory, RUNTIME))
        .contains("the label 'rating' has 3 values (0, 1, 2)")
        .contains("name one under positive");
    assertThat(Recorder.failed(settings(texts, null, "rating", "9"), directory, RUNTIME))
        .contains("no text has rating '9'");
    assertThat(Recorder.failed(settings(texts, "nobody", null, null), directory, RUNTIME))
        .contains("no text of the files says anything under 'nobody'");
    ResultTable auroc = run(settings(texts, null, "rating", "2")).get("label-auroc");
    assertThat(auroc.number(0, "n_positive")).isEqualTo(13);
    assertThat(auroc.number(0, "n_negative")).isEqualTo(27);
  }

  @Test
  void gapsAreDifferencesWithinPairs() {
    Recorder found = run(gaps(List.of("male", "female"), 1000));

    ResultTable rows = found.get("text-scores");
    Map<String, Double> scores = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      scores.put(rows.text(i, "pair") + rows.text(i, "term"), rows.number(i, "score"));
    }
    ResultTable gaps = found.get("pair-gaps");
    assertThat(gaps.size()).isEqualTo(3);
    double sum = 0;
    int above = 0;
    for (int i = 0; i < 3; i++) {
      String pair = gaps.text(i, "pair");
      double gap =
          scores.getOrDefault(pair + "male", 0.0) - scores.getOrDefault(pair + "female", 0.0);
      assertThat(gaps.number(i, "gap")).isCloseTo(gap, within(1e-12));
      sum += gap;
      above += gap > 0 ? 1 : 0;
    }
    ResultTable summary = found.get("pair-gap-summary");
    assertThat(summary.number(0, "mean")).isCloseTo(sum / 3, within(1e-12));
    assertThat(summary.number(0, "above_zero")).isCloseTo(above / 3.0, within(1e-12));
    assertThat(summary.text(0, "share_interval")).isEqualTo("wilson");

    // All three terms against each other.
    assertThat(run(gaps(List.of(), 1000)).get("pair-gap-summary").texts("first"))
        .containsExactly("female", "female", "male");
  }

  @Test
  void whatIsDrawnKeepsPairsWhole() {
    Recorder found = run(gaps(List.of(), 7));

    // Two pairs of three; a third does not fit into seven.
    assertThat(found.get("text-scores").size()).isEqualTo(6);
    assertThat(found.get("pair-gap-summary").numbers("pairs")).containsOnly(2);
  }
}
