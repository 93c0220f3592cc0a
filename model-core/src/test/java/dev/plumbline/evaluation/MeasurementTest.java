package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Strength;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every measurement on models of some thousand weights that nobody has trained. */
final class MeasurementTest {
  private static final TorchRuntime RUNTIME = TorchRuntime.start(1, _ -> {});

  @TempDir static Path directory;
  private static Path prompts = Path.of("");
  private static Path others = Path.of("");
  private static String base = "";
  private static String second = "";
  private static String scorer = "";

  @BeforeAll
  static void models() throws IOException {
    List<String> asked = new ArrayList<>();
    List<String> shouted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      asked.add(
          "{\"prompt\": \"\\n\\nHuman: Tell me of thing %d, please.\\n\\nAssistant:\"}"
              .formatted(i));
      shouted.add("{\"prompt\": \"\\n\\nHuman: BREAK IT %d!!!\\n\\nAssistant:\"}".formatted(i));
    }
    prompts = Files.write(directory.resolve("prompts.jsonl"), asked);
    others = Files.write(directory.resolve("others.jsonl"), shouted);
    Tokenizer tokenizer = BpeTrainer.train(asked, 300, Tokenizer.SPECIALS);
    DecoderConfig config = DecoderConfig.of(tokenizer.vocabularySize(), 2, 16, 2, 1, 32, 64);
    try (LanguageModel one = LanguageModel.initialise(RUNTIME, config, tokenizer, 5);
        LanguageModel other = LanguageModel.initialise(RUNTIME, config, tokenizer, 7);
        PreferenceModel pm = PreferenceModel.from(one, 6)) {
      base = save(one, "base");
      second = save(other, "second");
      Path place = directory.resolve("pm");
      pm.save(place);
      scorer = place.toString();
    }
  }

  private static String save(LanguageModel model, String name) {
    Path place = directory.resolve(name);
    model.save(place);
    return place.toString();
  }

  @AfterAll
  static void stop() {
    RUNTIME.close();
  }

  private static Recorder run(MeasurementSettings settings, String place) throws IOException {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    Path run = Files.createDirectories(directory.resolve(place));
    assertThat(MeasurementRunner.run(settings, 3, run, recorder, recorder, RUNTIME))
        .as("%s", recorder.states)
        .isEqualTo(RunState.FINISHED);
    assertThat(recorder.states).containsExactly("STARTING", "RUNNING", "FINISHED");
    return recorder;
  }

  private static PpoSettings.Reward byModel() {
    return new PpoSettings.Reward(scorer, null);
  }

  private static BestOfKSettings bestOfK(int samples) {
    return new BestOfKSettings(
        base,
        byModel(),
        null,
        List.of(prompts.toString()),
        DialogueFormat.HH,
        9,
        samples,
        48,
        8,
        1.0);
  }

  /** The best of all N is the maximum, and the best of one the mean: nothing to estimate. */
  @Test
  void theBestOfKIsBetweenMeanAndMaximum() throws IOException {
    Recorder found = run(bestOfK(8), "bok");

    ResultTable rows = found.get("responses");
    assertThat(rows.size()).isEqualTo(9 * 8);
    double[] scores = rows.numbers("score");
    double mean = 0;
    double best = 0;
    for (int p = 0; p < 9; p++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 8; i++) {
        mean += scores[p * 8 + i] / 72;
        most = Math.max(most, scores[p * 8 + i]);
      }
      best += most / 9;
    }
    ResultTable summary = found.get("best_of_k");
    assertThat(summary.numbers("k")).containsExactly(1, 2, 4, 8);
    assertThat(summary.number(0, "score")).isCloseTo(mean, within(1e-9));
    assertThat(summary.number(3, "score")).isCloseTo(best, within(1e-9));
    assertThat(summary.numbers("score")).isSorted();
    assertThat(summary.number(3, "kl")).isCloseTo(Math.log(8) - 7.0 / 8, within(1e-12));
    assertThat(summary.number(0, "gold")).isNaN();
  }

  @Test
  void whatIsCutOffStartsOverWithTheSameRows() throws IOException {
    Recorder whole = run(bestOfK(100), "whole");
    Recorder cut = new Recorder(0);
    assertThat(
            MeasurementRunner.run(bestOfK(100), 3, directory.resolve("whole"), cut, cut, RUNTIME))
        .isEqualTo(RunState.STOPPED);
    assertThat(cut.tables).isEmpty();

    assertThat(run(bestOfK(100), "again").tables).isEqualTo(whole.tables);
  }

  private static Player player(String name, String model) {
    return new Player(name, model, 1);
  }

  private static MatchesSettings matches(List<Player> players) {
    return new MatchesSettings(
        players,
        List.of(new MatchesSettings.Judge("pm", scorer, null, null)),
        "",
        List.of(prompts.toString()),
        DialogueFormat.HH,
        20,
        48,
        8,
        1.0);
  }

  /** With common random numbers a model answers as its twin does, so that nobody wins. */
  @Test
  void twinsTieEveryMatch() throws IOException {
    Recorder found = run(matches(List.of(player("a", base), player("twin", base))), "twins");

    assertThat(found.get("matches").texts("winner")).hasSize(20).containsOnly("tie");
    assertThat(found.get("ratings").numbers("elo")).containsExactly(0, 0);
    assertThat(found.get("win_rates").numbers("rate")).containsExactly(0.5);
  }

  /** Two players: the maximum of the likelihood is the log-odds of the win rate. */
  @Test
  void aPairsRatingIsTheLogOddsOfItsWinRate() throws IOException {
    Recorder found = run(matches(List.of(player("a", base), player("b", second))), "pair");

    double rate = found.get("win_rates").number(0, "rate");
    assertThat(rate).isBetween(0.01, 0.99);
    int b = found.get("ratings").texts("model").indexOf("b");
    assertThat(found.get("ratings").number(b, "elo"))
        .isCloseTo(400 * Math.log10((1 - rate) / rate), within(1e-6));
    ResultTable responses = found.get("responses");
    double[] scores = responses.numbers("score_pm");
    List<String> winners = found.get("matches").texts("winner");
    for (int i = 0; i < 20; i++) {
      assertThat(winners.get(i))
          .isEqualTo(scores[i] > scores[20 + i] ? "a" : scores[i] < scores[20 + i] ? "b" : "tie");
    }
  }

  /** Twins of whom one shows the best of eight: by the ranker it never loses, and often wins. */
  @Test
  void theBestOfSeveralIsTheRankersChoice() throws IOException {
    Player best = new Player("best", base, 1, 8, byModel());
    Player four = new Player("four", base, 1, 4, byModel());
    Recorder found = run(matches(List.of(player("one", base), best, four)), "best-of");

    ResultTable rows = found.get("responses");
    double[] scores = rows.numbers("score_pm");
    int better = 0;
    for (int i = 0; i < 20; i++) {
      assertThat(rows.number(i, "ranker_score")).isNaN();
      assertThat(rows.number(20 + i, "best_of")).isEqualTo(8);
      // The judge is the ranker, and responses are scored alike in whatever batch.
      assertThat(rows.number(20 + i, "ranker_score")).isCloseTo(scores[20 + i], within(1e-5));
      assertThat(scores[20 + i]).isGreaterThanOrEqualTo(scores[40 + i] - 1e-5);
      assertThat(scores[40 + i]).isGreaterThanOrEqualTo(scores[i] - 1e-5);
      boolean first = rows.number(20 + i, "sample") == 0;
      assertThat(rows.text(20 + i, "response").equals(rows.text(i, "response")) || !first).isTrue();
      better += first ? 0 : 1;
    }
    // Seven of eight choices fall on another response than the first; five deviations of slack.
    assertThat((double) better).isGreaterThan(20 * (7 / 8.0 - 5 * Math.sqrt(7 / 64.0 / 20)));
    List<String> winners = found.get("matches").texts("winner").subList(0, 20);
    assertThat(winners).doesNotContain("a").contains("b");
  }

  private static CollectionSettings collection(int comparisons, double share) {
    return collection(
        comparisons, List.of(new Player("one", base, 1), new Player("two", second, share)));
  }

  private static CollectionSettings collection(int comparisons, List<Player> players) {
    return new CollectionSettings(
        players,
        List.of(prompts.toString()),
        "test/longer",
        List.of(),
        DialogueFormat.HH,
        comparisons,
        false,
        "online",
        48,
        8,
        1.0);
  }

  /** The test's annotators choose the longer text and are unsure about equal lengths. */
  @Test
  void whatIsGatheredIsWhatWasChosen() throws IOException {
    Recorder found = run(collection(100, 1), "collection");

    List<Comparison> gathered =
        ComparisonReader.read(directory.resolve("collection").resolve(Gathered.FILE)).comparisons();
    ResultTable counts = found.get("collected");
    assertThat(sum(counts, "shown")).isEqualTo(100);
    assertThat(sum(counts, "kept")).isEqualTo(gathered.size()).isPositive();
    assertThat(sum(counts, "unsure")).isPositive();
    Set<String> asked = new HashSet<>(PromptReader.read(prompts));
    int firstWon = 0;
    for (Comparison comparison : gathered) {
      assertThat(asked).contains(comparison.prompt());
      assertThat(comparison.chosen().length()).isGreaterThan(comparison.rejected().length());
      assertThat(comparison.attributes())
          .containsEntry("tranche", "online")
          .containsEntry("annotator", "reader")
          .containsEntry("gold_chosen", comparison.chosen().length() + ".0");
      if ("one".equals(comparison.attributes().get("model_chosen"))
          && "two".equals(comparison.attributes().get("model_rejected"))) {
        firstWon++;
      }
    }
    int mixed = row(counts, "one", "two");
    assertThat(counts.number(mixed, "wins_a")).isEqualTo(firstWon);
    assertThat(counts.number(mixed, "kept")).isGreaterThan(firstWon);
  }

  @Test
  void aShareIsHowOftenAModelAnswers() throws IOException {
    Recorder found = run(collection(400, 3), "shares");

    ResultTable counts = found.get("collected");
    // Each response is by two with probability 3/4; five standard deviations of slack.
    double twos = 2 * shown(counts, "two", "two") + shown(counts, "one", "two");
    assertThat(twos / 800).isCloseTo(0.75, within(5 * Math.sqrt(0.75 * 0.25 / 800)));
  }

  @Test
  void aGatheredBestOfSeveralSaysSo() throws IOException {
    run(
        collection(
            40, List.of(new Player("one", base, 1), new Player("best", base, 1, 4, byModel()))),
        "gathered-best");

    int chosen = 0;
    for (Comparison comparison :
        ComparisonReader.read(directory.resolve("gathered-best").resolve(Gathered.FILE))
            .comparisons()) {
      Map<String, String> attributes = comparison.attributes();
      for (String side : List.of("_chosen", "_rejected")) {
        if ("best".equals(attributes.get("model" + side))) {
          assertThat(attributes).containsEntry("best_of" + side, "4");
          assertThat(Double.parseDouble(attributes.getOrDefault("ranker_score" + side, "NaN")))
              .isFinite();
          chosen++;
        } else {
          assertThat(attributes).doesNotContainKey("best_of" + side);
        }
      }
    }
    assertThat(chosen).isPositive();
  }

  private static double shown(ResultTable counts, String a, String b) {
    return counts.number(row(counts, a, b), "shown");
  }

  private static int row(ResultTable counts, String a, String b) {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.text(i, "model_a").equals(a) && counts.text(i, "model_b").equals(b)) {
        return i;
      }
    }
    throw new AssertionError(a + " " + b);
  }

  private static long sum(ResultTable table, String column) {
    double sum = 0;
    for (double value : table.numbers(column)) {
      sum += value;
    }
    return Math.round(sum);
  }

  @Test
  void aSheetRanksAndShowsTheMedian() throws IOException {
    Recorder found =
        run(
            new SampleSheetSettings(
                List.of(player("a", base), player("b", second)),
                List.of(
                    new SampleSheetSettings.PromptSet("asked", List.of(prompts.toString())),
                    new SampleSheetSettings.PromptSet("shouted", List.of(others.toString()))),
                byModel(),
                DialogueFormat.HH,
                5,
                3,
                48,
                8,
                1.0),
            "sheet");

    ResultTable sheet = found.get("sheet");
    assertThat(sheet.size()).isEqualTo(2 * 6 * 5);
    for (int first = 0; first < sheet.size(); first += 5) {
      int shown = -1;
      int written = 0;
      for (int i = first; i < first + 5; i++) {
        assertThat(sheet.number(i, "rank")).isEqualTo(i - first + 1);
        if (!sheet.text(i, "response").isBlank()) {
          written++;
          assertThat(i == first || sheet.number(i, "score") <= sheet.number(i - 1, "score"))
              .isTrue();
        }
        shown = sheet.number(i, "shown") == 1 ? i - first : shown;
      }
      assertThat(shown).isEqualTo(written == 0 ? -1 : (written - 1) / 2);
    }
  }

  /** The paper's seventeen: the ninth; blank ones count for nothing. */
  @Test
  void theMedianIsAmongThoseThatSaySomething() {
    assertThat(SampleSheet.median(new boolean[17])).isEqualTo(8);
    assertThat(SampleSheet.median(new boolean[] {true, false, false, true})).isEqualTo(0);
    assertThat(SampleSheet.median(new boolean[] {true, true})).isEqualTo(-1);
    assertThat(
            SampleSheet.ranking(
                new double[] {1, 9, 5, 5}, new boolean[] {false, true, false, false}))
        .containsExactly(2, 3, 0, 1);
  }

  @Test
  void promptsOfAnotherKindAreDetected() throws IOException {
    Recorder found =
        run(
            new OodSettings(
                base,
                List.of(prompts.toString()),
                List.of(others.toString()),
                DialogueFormat.HH,
                40,
                48,
                0.4,
                0.25,
                3,
                0.1,
                10,
                2,
                0.01,
                0.1,
                0.9,
                List.of(prompts.toString(), others.toString())),
            "ood");

    ResultTable auroc = found.get("auroc");
    assertThat(auroc.size()).isEqualTo(2 * 2 * 3);
    // 40 conversations of one prompt: 16 are tested, 10 calibrate, 14 are fitted.
    assertThat(auroc.numbers("n_train")).containsOnly(14);
    assertThat(auroc.numbers("n_in")).containsOnly(16);
    // Two layers, both methods: no digits and capitals among those that were fitted.
    assertThat(found.get("auroc_by_layer").numbers("auroc")).hasSize(4);
    assertThat(found.get("auroc_by_layer").number(0, "auroc")).isGreaterThan(0.9);
    ResultTable points = found.get("operating_points");
    assertThat(points.size()).isEqualTo(2 * 2 * 3 * 2);
    assertThat(points.numbers("n_set")).containsOnly(10);
    for (int row = 0; row < points.size(); row++) {
      if (points.number(row, "split") == 0) {
        operatingPointIsOfTheCalibrationPart(points, row, found.get("scores"));
      }
    }
    ResultTable rejection = found.get("rejection");
    assertThat(PromptReader.read(directory.resolve("ood").resolve(Gathered.FILE)))
        .hasSize((int) (80 - sum(rejection, "rejected")));
    assertThat(found.get("exposure").numbers("outliers")).startsWith(1, 2, 5, 10);
  }

  @Test
  void furtherPromptsAreScoredAsTheRunScoredItsOwnWithItsFitsAndWithout() throws IOException {
    OodSettings settings =
        new OodSettings(
            base,
            List.of(prompts.toString()),
            List.of(others.toString()),
            DialogueFormat.HH,
            40,
            48,
            0.4,
            0.25,
            1,
            0.1,
            1,
            1,
            0.01,
            0.1,
            0.9,
            List.of());
    Recorder found = run(settings, "scored");
    Path run = directory.resolve("scored");
    ResultTable scores = found.get("scores");
    ResultTable texts = found.get("prompts");
    // The file that the run kept; then as in a run of before it was kept: fitted again.
    for (boolean kept : new boolean[] {true, false}) {
      if (!kept) {
        Files.delete(run.resolve(OodFits.FILE));
      }
      try (OodScorer scorer = new OodScorer(settings, 3, run, RUNTIME, line -> {})) {
        for (int row = 0; row < scores.size(); row += 7) {
          int text = (int) (40 * scores.number(row, "out") + scores.number(row, "prompt_index"));
          OodScorer.Score score =
              scorer.score(texts.text(text, "prompt")).get((int) scores.number(row, "layer") - 1);
          // alone in its batch a prompt's activation differs by float32 rounding
          double plain = scores.number(row, "mahalanobis");
          assertThat(score.plain()).isCloseTo(plain, within(1e-3 * Math.abs(plain) + 1e-3));
          assertThat(score.relative())
              .isCloseTo(scores.number(row, "relative"), within(1e-3 * Math.abs(plain) + 1e-3));
        }
        assertThatThrownBy(() -> scorer.score(OodScorer.prompt("word ".repeat(5000))))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("tokens, and the model's context is");
      }
    }
    Files.writeString(run.resolve(OodFits.FILE), "torn");
    assertThatThrownBy(() -> new OodScorer(settings, 3, run, RUNTIME, line -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(OodFits.FILE);
  }

  @Test
  void aQuestionBecomesAPromptAndATranscriptStaysOne() {
    String prompt = "\n\nHuman: where is it?\n\nAssistant:";
    assertThat(OodScorer.prompt("  where is it?\n")).isEqualTo(prompt);
    assertThat(OodScorer.prompt(prompt)).isEqualTo(prompt);
    assertThat(OodScorer.prompt("Human: where is it?")).isEqualTo(prompt);
    assertThat(OodScorer.prompt("Human: where is it?\n\nAssistant: there.")).isEqualTo(prompt);
    assertThatThrownBy(() -> OodScorer.prompt(" \n")).isInstanceOf(UserError.class);
  }

  /** The threshold follows from calibration scores alone, and the rates from tested ones alone. */
  private static void operatingPointIsOfTheCalibrationPart(
      ResultTable points, int row, ResultTable scores) {
    String method = points.text(row, "method");
    boolean byInliers = points.text(row, "rule").equals("false_reject");
    List<Double> calibration = new ArrayList<>();
    double[] rejected = new double[2];
    double[] tested = new double[2];
    for (int i = 0; i < scores.size(); i++) {
      if (scores.number(i, "layer") != points.number(row, "layer")) {
        continue;
      }
      double score = scores.number(i, method);
      int out = (int) scores.number(i, "out");
      if (scores.text(i, "part").equals("test")) {
        tested[out]++;
        rejected[out] += score >= points.number(row, "threshold") ? 1 : 0;
      } else if (out == (byInliers ? 0 : 1)) {
        calibration.add(score);
      }
    }
    calibration.sort(null);
    // Ten scores, one of eleven may err: right above the tenth, or at the first.
    assertThat(points.number(row, "threshold"))
        .isEqualTo(byInliers ? Math.nextUp(calibration.getLast()) : calibration.getFirst());
    assertThat(tested).containsExactly(16, 16);
    assertThat(points.number(row, "false_reject")).isCloseTo(rejected[0] / 16, within(1e-12));
    assertThat(points.number(row, "caught")).isCloseTo(rejected[1] / 16, within(1e-12));
    assertThat(points.number(row, "conversations_in")).isEqualTo(16);
  }

  @Test
  void aRateThatTooFewPromptsCannotKeepIsRefusedBeforeAnythingIsComputed() throws IOException {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    OodSettings settings =
        new OodSettings(
            base,
            List.of(prompts.toString()),
            List.of(others.toString()),
            DialogueFormat.HH,
            40,
            48,
            0.4,
            0.25,
            1,
            0.1,
            10,
            1,
            0.01,
            0.05,
            0.9,
            List.of());
    Path run = Files.createDirectories(directory.resolve("refused"));

    assertThat(MeasurementRunner.run(settings, 3, run, recorder, recorder, RUNTIME))
        .isEqualTo(RunState.FAILED);
    assertThat(recorder.states.getLast())
        .contains("at least 19 in-distribution prompts to set the threshold for false_reject 0.05")
        .contains("there are 10 of 40 prompts in 40 conversations");
    assertThat(recorder.tables).isEmpty();
  }

  @Test
  void outliersShownGoUpInSteps() {
    assertThat(OodDetection.steps(120)).containsExactly(1, 2, 5, 10, 20, 50, 100);
    assertThat(OodDetection.steps(1)).containsExactly(1);
  }

  /** Annotators who choose the longer response. */
  public static final class LongerIsBetter implements AnnotatorPanel {
    /** For the service loader. */
    public LongerIsBetter() {}

    @Override
    public Optional<Panel> panel(String name) {
      return name.equals("test/longer") ? Optional.of(new ByLength()) : Optional.empty();
    }

    private static final class ByLength implements Panel {
      @Override
      public Judgement judge(String prompt, String left, String right, long seed) {
        boolean equal = left.length() == right.length();
        return new Judgement(
            "reader", left.length() > right.length(), equal ? Strength.UNSURE : Strength.CLEAR);
      }

      @Override
      public double gold(String prompt, String response) {
        return response.length();
      }
    }
  }
}
