package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ChoiceItem;
import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.MultipleChoiceSettings.Format;
import dev.plumbline.evaluation.MultipleChoiceSettings.Layout;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Multiple choice on models of some thousand weights that nobody has trained. */
final class MultipleChoiceTest {
  private static final TorchRuntime RUNTIME = TorchRuntime.start(1, _ -> {});
  private static final int QUESTIONS = 24;

  @TempDir static Path directory;
  private static Path questions = Path.of("");
  private static Path turned = Path.of("");
  private static String base = "";
  private static String second = "";

  @BeforeAll
  static void models() throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> other = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      String question = "Which of these is thing %d?".formatted(i);
      List<String> options = new ArrayList<>();
      for (int option = 0; option < 2 + i % 3; option++) {
        options.add("the %s one of %d".formatted("very ".repeat(option), 7 * i + option));
      }
      texts.add(question + " " + String.join(" ", options));
      int answer = i % options.size();
      String right = options.get(answer);
      lines.add(line(question, options, answer, i));
      Collections.reverse(options);
      other.addFirst(line(question, options, options.indexOf(right), i));
    }
    questions = Files.write(directory.resolve("questions.jsonl"), lines);
    turned = Files.write(directory.resolve("turned.jsonl"), other);
    Tokenizer tokenizer = BpeTrainer.train(texts, 300, Tokenizer.SPECIALS);
    DecoderConfig config = DecoderConfig.of(tokenizer.vocabularySize(), 2, 16, 2, 1, 32, 512);
    try (LanguageModel one = LanguageModel.initialise(RUNTIME, config, tokenizer, 5);
        LanguageModel two = LanguageModel.initialise(RUNTIME, config, tokenizer, 7)) {
      one.save(directory.resolve("base"));
      two.save(directory.resolve("second"));
    }
    base = directory.resolve("base").toString();
    second = directory.resolve("second").toString();
  }

  private static String line(String question, List<String> options, int answer, int i) {
    return "{\"question\": \"%s\", \"choices\": [\"%s\"], \"answer\": %d, \"group\": \"%s\", \"cluster\": \"%s\"}"
        .formatted(
            question,
            String.join("\", \"", options),
            answer,
            i % 2 == 0 ? "even" : "odd",
            i < 6 ? "few" : "");
  }

  @AfterAll
  static void stop() {
    RUNTIME.close();
  }

  private static MultipleChoiceSettings settings(Path file, Layout layout, int shots, int seeds) {
    return new MultipleChoiceSettings(
        List.of(new Player("base", base, 1), new Player("second", second, 1)),
        "",
        List.of(new MultipleChoiceSettings.Task("things", List.of(file.toString()), List.of())),
        Format.TEXT,
        layout,
        shots,
        seeds,
        true,
        true,
        1000);
  }

  private static Recorder run(MultipleChoiceSettings settings) {
    return Recorder.finished(settings, directory, RUNTIME);
  }

  /** The sum of ln p of a completion, one whole text at a time. */
  private static double alone(LanguageModel model, String prompt, String completion) {
    int[] before = model.tokenizer().encodeWithBos(prompt);
    int[] after = model.tokenizer().encodeAfter(completion);
    int[] all = Arrays.copyOf(before, before.length + after.length);
    System.arraycopy(after, 0, all, before.length, after.length);
    double[] found = model.score(List.of(all), 1).getFirst().logProbabilities();
    return Arrays.stream(found, before.length - 1, found.length).sum();
  }

  @Test
  void completionsThatShareAPromptScoreAsEachByItself() {
    Recorder found = run(settings(questions, Layout.PLAIN, 0, 1));

    ResultTable options = found.get("options");
    ResultTable items = found.get("items");
    assertThat(items.size()).isEqualTo(QUESTIONS);
    try (LanguageModel model = LanguageModel.load(RUNTIME, Path.of(second))) {
      int seen = 0;
      for (int row = 0; row < options.size(); row++) {
        if (options.text(row, "player").equals("second")) {
          String question = items.text((int) options.number(row, "item"), "question");
          String option = " " + options.text(row, "option");
          double conditional = alone(model, "Question: " + question + "\nAnswer:", option);
          assertThat(options.number(row, "sum")).isCloseTo(conditional, within(2e-4));
          assertThat(options.number(row, "tokens"))
              .isEqualTo(model.tokenizer().encodeAfter(option).length);
          assertThat(options.number(row, "unconditional"))
              .isCloseTo(alone(model, "Answer:", option), within(2e-4));
          seen++;
        }
      }
      assertThat(seen).isEqualTo(8 * (2 + 3 + 4));
    }
  }

  @Test
  void accuraciesAreThoseOfTheRowsOfOptions() {
    Recorder found = run(settings(questions, Layout.LISTED, 2, 1));

    ResultTable options = found.get("options");
    Map<String, Integer> hits = new HashMap<>();
    int row = 0;
    while (row < options.size()) {
      int end = row;
      while (end < options.size()
          && options.number(end, "item") == options.number(row, "item")
          && options.text(end, "player").equals(options.text(row, "player"))) {
        end++;
      }
      double[] best = new double[4];
      Arrays.fill(best, Double.NEGATIVE_INFINITY);
      boolean[] right = new boolean[4];
      for (int i = row; i < end; i++) {
        double sum = options.number(i, "sum");
        double blind = options.number(i, "unconditional");
        double[] values = {sum, sum / options.number(i, "tokens"), sum - blind, blind};
        for (int k = 0; k < 4; k++) {
          if (values[k] > best[k]) {
            best[k] = values[k];
            right[k] = options.number(i, "correct") == 1;
          }
        }
      }
      for (int k = 0; k < 4; k++) {
        hits.merge(options.text(row, "player") + k, right[k] ? 1 : 0, Integer::sum);
      }
      row = end;
    }
    ResultTable accuracy = found.get("accuracy");
    assertThat(accuracy.texts("scoring").subList(0, 4))
        .containsExactly("sum", "per_token", "unconditional", "blind");
    for (int i = 0; i < accuracy.size(); i++) {
      int expected = hits.getOrDefault(accuracy.text(i, "player") + i % 4, -1);
      assertThat(accuracy.number(i, "accuracy")).isCloseTo(expected / 24.0, within(1e-12));
      assertThat(accuracy.number(i, "low"))
          .isCloseTo(Proportion.wilson(expected, 24, 0.95).interval().low(), within(1e-12));
      // Eight questions each of two, three and four options.
      assertThat(accuracy.number(i, "chance"))
          .isCloseTo((1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 3, within(1e-12));
      // Six questions of one cluster, eighteen by themselves.
      assertThat(accuracy.number(i, "clusters")).isEqualTo(19);
    }
    // The longest option is the last one; question i has 2 + i % 3 of them, the right one i % n.
    int longest = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      int n = 2 + i % 3;
      longest += i % n == n - 1 ? 1 : 0;
    }
    assertThat(accuracy.number(0, "longest")).isCloseTo(longest / 24.0, within(1e-12));
    assertThat(found.get("accuracy-by-group").size()).isEqualTo(2 * 2 * 4);
  }

  @Test
  void theOrderOfQuestionsAndOptionsInAFileIsNothing() {
    for (Layout layout : Layout.values()) {
      Recorder one = run(settings(questions, layout, 2, 2));
      Recorder other = run(settings(turned, layout, 2, 2));

      Map<String, Double> sums = sums(one);
      assertThat(sums).hasSize(one.get("options").size());
      sums(other)
          .forEach(
              (key, value) ->
                  assertThat(value).as(key).isCloseTo(sums.getOrDefault(key, 0.0), within(1e-4)));
      double[] expected = one.get("accuracy").numbers("accuracy");
      double[] actual = other.get("accuracy").numbers("accuracy");
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-12));
      }
    }
  }

  private static Map<String, Double> sums(Recorder found) {
    ResultTable options = found.get("options");
    ResultTable items = found.get("items");
    Map<String, Double> sums = new HashMap<>();
    for (int row = 0; row < options.size(); row++) {
      sums.put(
          "%s | %s | %s | %s"
              .formatted(
                  options.text(row, "player"),
                  items.text((int) options.number(row, "item"), "question"),
                  options.number(row, "draw"),
                  options.text(row, "option")),
          options.number(row, "sum"));
    }
    return sums;
  }

  @Test
  void whatIsShownBeforeAQuestionIsNeverItselfNorOfItsCluster() {
    MultipleChoiceSettings settings = settings(questions, Layout.PLAIN, 17, 1);
    ChoiceTask task = ChoiceTask.read(settings.tasks().getFirst(), settings, new Randomness(4));
    boolean differs = false;
    for (ChoiceTask.Question question : task.questions()) {
      ChoiceItem asked = question.item();
      for (int draw = 0; draw < 4; draw++) {
        List<String> shown =
            task.shots(asked, 17, draw).stream().map(shot -> shot.item().question()).toList();
        assertThat(shown).doesNotHaveDuplicates().doesNotContain(asked.question());
        assertThat(task.shots(asked, 17, draw))
            .allMatch(shot -> asked.cluster().isEmpty() || !shot.item().cluster().equals("few"));
        differs |=
            !shown.equals(
                task.shots(asked, 17, 5).stream().map(shot -> shot.item().question()).toList());
      }
    }
    assertThat(differs).isTrue();
    // A question of the cluster of six leaves eighteen, any other twenty-three.
    assertThatThrownBy(() -> task.shots(task.questions().getFirst().item(), 19, 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("task things: 18 questions");

    // The tested questions again as a validation set: still never the one that is asked.
    MultipleChoiceSettings.Task copied =
        new MultipleChoiceSettings.Task(
            "copied", List.of(questions.toString()), List.of(turned.toString()));
    ChoiceTask again = ChoiceTask.read(copied, settings, new Randomness(4));
    for (ChoiceTask.Question question : again.questions()) {
      assertThat(again.shots(question.item(), 3, 0))
          .noneMatch(shot -> shot.item().question().equals(question.item().question()));
    }
  }

  @Test
  void promptsAreAsDocumented() {
    ChoicePrompt.Shown shot =
        new ChoicePrompt.Shown(
            new ChoiceItem(1, "Is it?", List.of("yes", "no"), 1, "", ""), List.of(1, 0));
    ChoicePrompt.Shown asked =
        new ChoicePrompt.Shown(
            new ChoiceItem(2, "Who?", List.of("me", "you", "we"), 0, "", ""), List.of(2, 0, 1));

    ChoicePrompt plain = new ChoicePrompt(Format.TEXT, Layout.PLAIN);
    assertThat(plain.prompt(List.of(shot), asked))
        .isEqualTo("Question: Is it?\nAnswer: no\n\nQuestion: Who?\nAnswer:");
    assertThat(plain.completion(asked, 1)).isEqualTo(" you");
    ChoicePrompt listed = new ChoicePrompt(Format.HH, Layout.LISTED);
    assertThat(listed.prompt(List.of(shot), asked))
        .isEqualTo(
            "\n\nHuman: Is it?\n(A) no\n(B) yes\n\nAssistant: no"
                + "\n\nHuman: Who?\n(A) we\n(B) me\n(C) you\n\nAssistant:");
    ChoicePrompt letters = new ChoicePrompt(Format.CHAT_TEMPLATE, Layout.LETTERS);
    assertThat(letters.prompt(List.of(shot), asked)).contains("\n\nAssistant: (A)\n\nHuman: Who?");
    assertThat(letters.completion(asked, 0)).isEqualTo("(B)");
  }

  @Test
  void theTaxIsTheDifferenceOfAccuraciesInPoints() {
    Recorder found = run(settings(questions, Layout.PLAIN, 0, 1));

    ResultTable accuracy = found.get("accuracy");
    ResultTable tax = found.get("tax");
    for (int k = 0; k < 4; k++) {
      double difference =
          100 * (accuracy.number(4 + k, "accuracy") - accuracy.number(k, "accuracy"));
      assertThat(tax.text(2 * k, "player")).isEqualTo("second");
      assertThat(tax.number(2 * k, "difference")).isCloseTo(difference, within(1e-9));
      assertThat(tax.number(2 * k, "only_player") - tax.number(2 * k, "only_reference"))
          .isCloseTo(difference * QUESTIONS / 100, within(1e-9));
      // One task: its mean is itself.
      assertThat(tax.text(2 * k + 1, "task")).isEqualTo("mean of tasks");
      assertThat(tax.number(2 * k + 1, "difference")).isCloseTo(difference, within(1e-9));
    }
    MultipleChoiceSettings twins =
        new MultipleChoiceSettings(
            List.of(new Player("a", base, 1), new Player("b", base, 1)),
            "b",
            settings(questions, Layout.PLAIN, 0, 1).tasks(),
            Format.HH,
            Layout.LETTERS,
            1,
            1,
            true,
            false,
            10);
    ResultTable none = run(twins).get("tax");
    assertThat(none.texts("player")).containsOnly("a");
    assertThat(none.numbers("difference")).containsOnly(0);
    assertThat(none.number(0, "p")).isEqualTo(1);
    assertThat(none.number(0, "n")).isEqualTo(10);
  }

  @Test
  void whatIsTooLongForOneIsLeftOutForAll() throws IOException {
    Path file =
        Files.write(
            directory.resolve("long.jsonl"),
            List.of(
                line("What?", List.of("this", "that"), 0, 10),
                line("And ".repeat(600) + "what?", List.of("this", "that"), 0, 11)));
    Recorder found = run(settings(file, Layout.PLAIN, 0, 1));

    assertThat(found.get("accuracy").numbers("n")).containsOnly(1);
    assertThat(found.get("accuracy").numbers("left_out")).containsOnly(1);
    assertThat(found.notices).anyMatch(text -> text.startsWith("task things: 1 questions"));
  }

  @Test
  void theBestOptionIsChosenAndATieIsNone() {
    ChoiceItem item = new ChoiceItem(1, "?", List.of("a", "b c", "d"), 1, "", "");
    ChoiceScores scores = new ChoiceScores(List.of(item), 1);
    scores.put(0, 0, 0, -3, 1);
    scores.put(0, 0, 1, -4, 2);
    scores.put(0, 0, 2, -3, 1);
    for (int option = 0; option < 3; option++) {
      scores.putUnconditional(0, 0, option, option == 2 ? -9 : -4);
    }

    assertThat(scores.choice(ChoiceScores.Scoring.SUM, 0, 0)).isEqualTo(-1);
    assertThat(scores.ties(ChoiceScores.Scoring.SUM)).isEqualTo(1);
    assertThat(scores.choice(ChoiceScores.Scoring.PER_TOKEN, 0, 0)).isEqualTo(1);
    assertThat(scores.right(ChoiceScores.Scoring.PER_TOKEN, 0)).containsExactly(true);
    assertThat(scores.choice(ChoiceScores.Scoring.UNCONDITIONAL, 0, 0)).isEqualTo(2);
    assertThat(scores.choice(ChoiceScores.Scoring.BLIND, 0, 0)).isEqualTo(-1);
  }

  /**
   * 1, 1 in one cluster and 0, 0 in the other: residual sums 1 and -1, so sqrt((1 + 1) 2/1) / 4.
   */
  @Test
  void dependentQuestionsHaveALargerStandardError() {
    double[] values = {1, 1, 0, 0};
    assertThat(ChoiceTables.standardError(values, Groups.of(5, 5, 9, 9))).isEqualTo(0.5);
    assertThat(ChoiceTables.standardError(values, Groups.single(4)))
        .isCloseTo(Moments.of(values).standardError(), within(1e-15));
    assertThat(ChoiceTables.standardError(values, Groups.of(1, 1, 1, 1))).isNaN();
  }
}
