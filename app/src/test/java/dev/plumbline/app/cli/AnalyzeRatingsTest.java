package dev.plumbline.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The analyses of matches, labels and rewards as scripts see them. */
final class AnalyzeRatingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private record Outcome(int code, String out, String err) {}

  private static Outcome analyze(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of("analyze"),
                    Arrays.stream(arguments).map(Object::toString))
                .toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    return JSON.readTree(outcome.out());
  }

  private static void assertOneLine(Outcome outcome, int code, String... parts) {
    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(parts);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String match(String a, String b, String winner) {
    return "{\"model_a\": \"%s\", \"model_b\": \"%s\", \"winner\": \"%s\"}\n"
        .formatted(a, b, winner);
  }

  @Test
  void elo_of_two_models_is_a_logit_whatever_words_the_file_has() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      String lines =
          match("new", "old", "a").repeat(20)
              + match("old", "new", "model_b").repeat(10)
              + match("old", "new", "A").repeat(10)
              + match("new", "old", "tie (bothbad)").repeat(3)
              + match("new", "old", "tie")
              + match("new", "new", "tie");
      gzip.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(directory.resolve("matches.jsonl.gz"), bytes.toByteArray());
    JsonNode half =
        json(analyze("elo", "--matches", file, "--reference", "old", "--ties", "half", "--json"));
    JsonNode best = half.path("ratings").path(0);
    assertThat(best.path("model").asText()).isEqualTo("new");
    // 30 wins and 4 ties of 44: 32 to 12.
    double elo = 400 * Math.log10(32.0 / 12);
    double se = 400 / Math.log(10) * Math.sqrt(44.0 / 32 / 12);
    assertThat(best.path("elo").asDouble()).isCloseTo(elo, within(1e-6));
    assertThat(best.path("se").asDouble()).isCloseTo(se, within(1e-6));
    assertThat(best.path("low").asDouble()).isCloseTo(elo - 1.9599639845 * se, within(1e-6));
    assertThat(best.path("high").asDouble()).isCloseTo(elo + 1.9599639845 * se, within(1e-6));
    assertThat(best.path("matches").asInt()).isEqualTo(44);
    assertThat(half.path("ratings").path(1).path("elo").asDouble()).isZero();
    assertThat(half.path("self_matches").asInt()).isEqualTo(1);
    assertThat(half.path("connected").asBoolean()).isTrue();
    assertThat(half.path("regularised").asBoolean()).isFalse();
    JsonNode drop =
        json(analyze("elo", "--matches", file, "--reference", "old", "--ties", "drop", "--json"));
    assertThat(drop.path("ratings").path(0).path("elo").asDouble())
        .isCloseTo(400 * Math.log10(3), within(1e-6));
    assertThat(drop.path("ratings").path(0).path("matches").asInt()).isEqualTo(40);
    Outcome table = analyze("elo", "--matches", file, "--pairs", "--resamples", 0);
    assertThat(table.code()).isZero();
    assertThat(table.out()).contains("4 ties as halves", "1 of a model with itself", "72.7 %");
  }

  @Test
  void elo_shows_what_ratings_do_not_explain_and_the_triples_that_go_round() throws IOException {
    // Each beats the next in 8 of 12: all ratings are 0 and every residual is 8/12 - 1/2.
    Path file =
        file(
            "round.jsonl",
            match("a", "b", "a").repeat(8)
                + match("a", "b", "b").repeat(4)
                + match("b", "c", "a").repeat(8)
                + match("b", "c", "b").repeat(4)
                + match("c", "a", "a").repeat(8)
                + match("c", "a", "b").repeat(4));
    JsonNode report = json(analyze("elo", "--matches", file, "--reference", "a", "--json"));
    JsonNode pair = report.path("pairs").path(0);
    assertThat(pair.path("observed").asDouble()).isCloseTo(8.0 / 12, within(1e-12));
    assertThat(pair.path("predicted").asDouble()).isCloseTo(0.5, within(1e-9));
    assertThat(pair.path("residual").asDouble()).isCloseTo(1.0 / 6, within(1e-9));
    // Over sqrt(0.25 / 12).
    assertThat(pair.path("standardised").asDouble()).isCloseTo(Math.sqrt(12) / 3, within(1e-8));
    JsonNode cycles = report.path("cycles");
    assertThat(cycles.path("triples").asInt()).isEqualTo(1);
    assertThat(cycles.path("cyclic").asInt()).isEqualTo(1);
    // A majority of 12 fair matches has probability (1 - C(12, 6) / 2^12) / 2, twice three of them.
    double majority = (1 - 924.0 / 4096) / 2;
    assertThat(cycles.path("expected").asDouble())
        .isCloseTo(2 * Math.pow(majority, 3), within(1e-9));
    assertThat(cycles.path("simulations").asInt()).isEqualTo(2000);
    assertThat(cycles.path("p").asDouble()).isCloseTo(2 * Math.pow(majority, 3), within(0.03));
    Outcome table = analyze("elo", "--matches", file, "--pairs");
    assertThat(table.out())
        .contains(
            "cyclic triples: 1 of 1", "largest residuals", "a against b: +0.1667 = 0.6667 - ");
  }

  @Test
  void elo_rates_human_writers_as_a_band_of_two_pairings() throws IOException {
    // The paper's shares: HH beats the writers in 56 %, helpful in 51 %.
    Path file =
        file(
            "writers.jsonl",
            match("hh", "initial", "a").repeat(75)
                + match("hh", "initial", "b").repeat(25)
                + match("helpful", "initial", "a").repeat(75)
                + match("helpful", "initial", "b").repeat(25)
                + match("hh", "writers", "a").repeat(56)
                + match("hh", "writers", "b").repeat(44)
                + match("helpful", "writers", "a").repeat(51)
                + match("helpful", "writers", "b").repeat(49));
    JsonNode band =
        json(analyze(
                "elo",
                "--matches",
                file,
                "--reference",
                "initial",
                "--band",
                "writers=hh,helpful",
                "--json"))
            .path("bands")
            .path(0);
    double models = 400 * Math.log10(3);
    assertThat(band.path("low").asDouble()).isCloseTo(models - 41.89414, within(1e-4));
    assertThat(band.path("high").asDouble()).isCloseTo(models - 6.949638, within(1e-4));
    double se = 400 / Math.log(10) * Math.sqrt(1 / 18.75 + 1 / 24.64);
    JsonNode edge = band.path("edges").path(0);
    assertThat(edge.path("opponent").asText()).isEqualTo("hh");
    assertThat(edge.path("se").asDouble()).isCloseTo(se, within(1e-6));
    assertThat(band.path("outer_low").asDouble())
        .isCloseTo(models - 41.89414 - 1.9599639845 * se, within(1e-4));
    assertThat(
            analyze("elo", "--matches", file, "--reference", "hh", "--band", "writers=hh,helpful")
                .out())
        .contains("band of writers: -41.9 to ", "if both pairings agreed");
    assertOneLine(
        analyze("elo", "--matches", file, "--band", "writers=hh,helpful"), 1, "--reference");
    assertOneLine(
        analyze("elo", "--matches", file, "--reference", "hh", "--band", "writers"),
        1,
        "MODEL=OPPONENT,OPPONENT");
    assertOneLine(
        analyze("elo", "--matches", file, "--reference", "hh", "--band", "writers=hh,initial"),
        1,
        "writers.jsonl",
        "no matches of writers and initial");
  }

  @Test
  void workers_are_a_ledger_with_shares_and_agreement() throws IOException {
    String rows = "ann,1\nann,1\nann,1\nann,0\nann,\nbo,1\nbo,1\nbo,0\ncy,\ndi,0\n";
    Path direct = file("direct.csv", "worker,agreement\n" + rows);
    JsonNode report = json(analyze("workers", "--csv", direct, "--top", 2, "--json"));
    assertThat(report.path("comparisons").asInt()).isEqualTo(10);
    assertThat(report.path("top_share").asDouble()).isCloseTo(0.8, within(1e-12));
    assertThat(report.path("workers_for_share").asInt()).isEqualTo(2);
    assertThat(report.path("gini").asDouble()).isCloseTo(0.35, within(1e-12));
    assertThat(report.path("audited").asInt()).isEqualTo(8);
    assertThat(report.path("agreement").asDouble()).isCloseTo(0.625, within(1e-12));
    // Wilson (1927) for 5 of 8.
    assertThat(report.path("low").asDouble()).isCloseTo(0.305742, within(1e-6));
    assertThat(report.path("high").asDouble()).isCloseTo(0.863156, within(1e-6));
    assertThat(report.path("ledger").path(1).path("cumulative_share").asDouble())
        .isCloseTo(0.8, within(1e-12));
    assertThat(report.path("ledger").path(2).path("agreement").isNull()).isTrue();
    Path labels =
        file(
            "labels.csv",
            "worker,label,auditor,note\n"
                + rows.lines()
                    .map(
                        row ->
                            row.replace(",1", ",left,left,x")
                                .replace(",0", ",left,right,x")
                                .replaceFirst(",$", ",left,,x"))
                    .collect(java.util.stream.Collectors.joining("\n")));
    assertThat(json(analyze("workers", "--csv", labels, "--top", 2, "--json"))).isEqualTo(report);
    Outcome table = analyze("workers", "--csv", direct);
    assertThat(table.out()).contains("Gini 0.3500", "2 gave 80 %", "over 3 workers");
    Path plain = file("plain.csv", "worker\nann\n");
    assertThat(analyze("workers", "--csv", plain).out()).contains("none of the comparisons was");
    assertOneLine(
        analyze("workers", "--csv", file("wrong.csv", "worker,agreement\nann,2\n")),
        1,
        "wrong.csv:2",
        "0 or 1");
    assertOneLine(
        analyze("workers", "--csv", file("lone.csv", "worker,auditor\nann,a\n")), 1, "label");
  }

  @Test
  void elo_without_a_common_scale_or_a_finite_maximum_says_so() throws IOException {
    Path parts =
        file(
            "parts.jsonl",
            match("a", "b", "a") + match("a", "b", "b") + match("c", "d", "a").repeat(3));
    assertOneLine(
        analyze("elo", "--matches", parts, "--json"), 1, "{a, b} and {c, d}", "--by-part");
    Outcome byPart = analyze("elo", "--matches", parts, "--by-part", "--json");
    assertThat(byPart.code()).isZero();
    assertThat(byPart.err()).contains("regularised: c never lost to anyone; d never won");
    JsonNode report = JSON.readTree(byPart.out());
    assertThat(report.path("connected").asBoolean()).isFalse();
    assertThat(report.path("parts").path(1).path("reason").asText()).contains("c never lost");
    assertThat(report.path("parts").path(1).path("prior").asDouble()).isEqualTo(0.5);
    assertThat(report.path("parts").path(0).path("regularised").asBoolean()).isFalse();
    assertOneLine(
        analyze("elo", "--matches", parts, "--reference", "z"), 1, "reference 'z'", "a, b, c, d");
  }

  @Test
  void elo_names_the_line_that_is_wrong() throws IOException {
    Path wrong = file("wrong.jsonl", match("a", "b", "a") + "\n" + match("a", "b", "left"));
    assertOneLine(analyze("elo", "--matches", wrong), 1, "wrong.jsonl:3", "'left'", "a, b or tie");
    Path lacks = file("lacks.jsonl", "{\"model_a\": \"x\", \"winner\": \"a\"}\n");
    assertOneLine(analyze("elo", "--matches", lacks), 1, "lacks.jsonl:1", "model_b");
    Path empty = file("empty.jsonl", "\n");
    assertOneLine(analyze("elo", "--matches", empty), 1, "empty.jsonl", "no matches");
    Path ungrouped = file("ungrouped.jsonl", match("a", "b", "a"));
    assertOneLine(
        analyze("elo", "--matches", ungrouped, "--group", "chat"), 1, "ungrouped.jsonl:1", "chat");
  }

  @Test
  void elo_of_real_matches_is_that_of_a_plain_iteration() throws IOException {
    String root = System.getProperty("plumbline.shared");
    Path file = Path.of(root == null ? "shared" : root, "data", "alpaca-eval/matches.jsonl.gz");
    assumeTrue(Files.exists(file), "skipped: the public data is not at " + file);
    JsonNode report =
        json(
            analyze(
                "elo",
                "--matches",
                file,
                "--reference",
                "text_davinci_003",
                "--group",
                "prompt_id",
                "--resamples",
                200,
                "--json"));
    Map<String, Double> expected = byIteration(file, "text_davinci_003");
    assertThat(report.path("ratings")).hasSize(expected.size());
    for (JsonNode rating : report.path("ratings")) {
      double elo = rating.path("elo").asDouble();
      assertThat(elo)
          .as(rating.path("model").asText())
          .isCloseTo(
              expected.getOrDefault(rating.path("model").asText(), Double.NaN), within(1e-6));
      assertThat(elo).isBetween(rating.path("low").asDouble(), rating.path("high").asDouble());
      assertThat(elo)
          .isBetween(
              rating.path("bootstrap_low").asDouble(), rating.path("bootstrap_high").asDouble());
    }
    assertThat(report.path("matches").asInt()).isEqualTo(8048);
    assertThat(report.path("units").asInt()).isEqualTo(805);
  }

  /** Zermelo's iteration on worths, ties as halves, until nothing changes. */
  private static Map<String, Double> byIteration(Path file, String reference) throws IOException {
    Map<String, Map<String, Double>> score = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode match = JSON.readTree(line);
        String a = match.path("model_a").asText();
        String b = match.path("model_b").asText();
        String winner = match.path("winner").asText();
        double won = winner.equals("a") ? 1 : winner.equals("b") ? 0 : 0.5;
        score.computeIfAbsent(a, _ -> new TreeMap<>()).merge(b, won, Double::sum);
        score.computeIfAbsent(b, _ -> new TreeMap<>()).merge(a, 1 - won, Double::sum);
      }
    }
    Map<String, Double> worth = new TreeMap<>();
    score.keySet().forEach(model -> worth.put(model, 1.0));
    double change = 1;
    for (int sweep = 0; sweep < 200_000 && change > 1e-15; sweep++) {
      change = 0;
      for (String model : score.keySet()) {
        double wins = 0;
        double sum = 0;
        Map<String, Double> row = score.getOrDefault(model, Map.of());
        for (String other : row.keySet()) {
          double won = row.getOrDefault(other, 0.0);
          double lost = score.getOrDefault(other, Map.of()).getOrDefault(model, 0.0);
          wins += won;
          sum += (won + lost) / (worth.getOrDefault(model, 1.0) + worth.getOrDefault(other, 1.0));
        }
        double before = worth.getOrDefault(model, 1.0);
        worth.put(model, wins / sum);
        change = Math.max(change, Math.abs(wins / sum / before - 1));
      }
    }
    double origin = worth.getOrDefault(reference, Double.NaN);
    Map<String, Double> elo = new TreeMap<>();
    worth.forEach((model, each) -> elo.put(model, 400 * Math.log10(each / origin)));
    return elo;
  }

  @Test
  void agreement_of_krippendorffs_data_with_missing_labels() throws IOException {
    String[] raters = {
      "1 2 3 3 2 1 4 1 2 * * *",
      "1 2 3 3 2 2 4 1 2 5 * 3",
      "* 3 3 3 2 3 4 2 2 5 1 *",
      "1 2 3 3 2 4 4 1 2 5 1 *"
    };
    StringBuilder text = new StringBuilder("rater,item,label,comment\n");
    for (int r = 0; r < raters.length; r++) {
      String[] labels = raters[r].split(" ", -1);
      for (int item = 0; item < labels.length; item++) {
        text.append("r%d,u%d,%s,x\n".formatted(r, item, labels[item].replace("*", "")));
      }
    }
    Path file = file("labels.csv", text.toString());
    assertThat(alpha(file, "nominal")).isCloseTo(0.743, within(5e-4));
    assertThat(alpha(file, "ordinal")).isCloseTo(0.815, within(5e-4));
    assertThat(alpha(file, "interval")).isCloseTo(0.849, within(5e-4));
    assertThat(alpha(file, "ratio")).isCloseTo(0.797, within(5e-4));
    JsonNode report = json(analyze("agreement", "--csv", file, "--level", "nominal", "--json"));
    assertThat(report.path("missing").asInt()).isEqualTo(7);
    assertThat(report.path("kappa").isNull()).isTrue();
    assertThat(report.path("low").asDouble()).isLessThan(0.743);
    assertThat(report.path("high").asDouble()).isGreaterThan(0.743);
  }

  private static double alpha(Path file, String level) throws IOException {
    return json(analyze("agreement", "--csv", file, "--level", level, "--json"))
        .path("alpha")
        .asDouble();
  }

  @Test
  void agreement_without_variation_is_undefined_in_words() throws IOException {
    Path file = file("same.csv", "item,rater,label\n1,a,3\n1,b,3\n2,a,3\n2,b,3\n");
    JsonNode report = json(analyze("agreement", "--csv", file, "--level", "ordinal", "--json"));
    assertThat(report.path("alpha").isNull()).isTrue();
    assertThat(report.path("undefined").asText()).isEqualTo("undefined: no variation");
    assertThat(report.path("kappa").isNull()).isTrue();
    assertThat(report.path("raw").asDouble()).isEqualTo(1);
    Outcome table = analyze("agreement", "--csv", file, "--level", "ordinal");
    assertThat(table.out()).contains("alpha (ordinal)", "undefined: no variation");
    assertThat(table.out()).doesNotContain("NaN");
  }

  @Test
  void agreement_takes_words_and_names_what_is_wrong() throws IOException {
    Path words =
        file(
            "words.csv",
            "item,rater,label\n1,a,low\n1,b,mid\n2,a,high\n2,b,high\n3,a,low\n3,b,low\n");
    JsonNode nominal = json(analyze("agreement", "--csv", words, "--level", "nominal", "--json"));
    // Observed 2/3; chance (2 * 1 + 0 * 1 + 1 * 1) / 9 = 1/3: kappa 1/2.
    assertThat(nominal.path("kappa").asDouble()).isCloseTo(0.5, within(1e-12));
    assertThat(nominal.path("kappa_kind").asText()).isEqualTo("cohen");
    assertOneLine(
        analyze("agreement", "--csv", words, "--level", "ordinal"), 1, "words.csv:2", "--order");
    JsonNode ordinal =
        json(
            analyze(
                "agreement",
                "--csv",
                words,
                "--level",
                "ordinal",
                "--order",
                "low,mid,high",
                "--json"));
    assertThat(ordinal.path("kappas")).hasSize(4);
    Path twice = file("twice.csv", "item,rater,label\n1,a,1\n1,a,2\n");
    assertOneLine(
        analyze("agreement", "--csv", twice, "--level", "interval"), 1, "twice.csv:3", "rater");
  }

  @Test
  void reward_kl_fits_the_line_and_names_too_few_points() throws IOException {
    // x = 0, 1, 2, 3 after clipping; the expected values are SciPy's linregress on them.
    Path file = file("points.csv", "reward,kl\n0.1,-0.02\n0.9,1\n2.2,4\n2.9,9\n");
    JsonNode fit = json(analyze("reward-kl", "--csv", file, "--json"));
    // Sxy = 4.85 and Sxx = 5; means 1.5 and 1.525.
    assertThat(fit.path("slope").asDouble()).isCloseTo(0.97, within(1e-12));
    assertThat(fit.path("intercept").asDouble()).isCloseTo(0.07, within(1e-12));
    // Residuals 0.03, -0.14, 0.19, -0.08: squares 0.063; t(0.975, 2) = 4.302652730.
    double se = Math.sqrt(0.063 / 2 / 5);
    assertThat(fit.path("se").asDouble()).isCloseTo(se, within(1e-12));
    assertThat(fit.path("low").asDouble()).isCloseTo(0.97 - 4.30265272991 * se, within(1e-8));
    // Squares about the mean: 1.425^2 + 0.625^2 + 0.675^2 + 1.375^2 = 4.7675.
    assertThat(fit.path("r2").asDouble()).isCloseTo(1 - 0.063 / 4.7675, within(1e-12));
    // Steps of residuals -0.17, 0.33, -0.27.
    assertThat(fit.path("durbin_watson").asDouble())
        .isCloseTo((0.17 * 0.17 + 0.33 * 0.33 + 0.27 * 0.27) / 0.063, within(1e-10));
    assertThat(fit.path("clipped").asInt()).isEqualTo(1);
    assertThat(fit.path("interval").asText()).isEqualTo("naive");
    Path two = file("two.csv", "kl,reward\n0,0\n1,1\n");
    assertOneLine(analyze("reward-kl", "--csv", two), 1, "two.csv", "2 points", "needs 3");
    Path same = file("same.csv", "kl,reward\n1,0\n1,1\n1,3\n");
    assertOneLine(analyze("reward-kl", "--csv", same), 1, "same.csv", "same KL");
    Path constant = file("constant.csv", "kl,reward\n0,2\n1,2\n4,2\n");
    JsonNode flat = json(analyze("reward-kl", "--csv", constant, "--json"));
    assertThat(flat.path("r2").isNull()).isTrue();
    assertThat(flat.path("durbin_watson").isNull()).isTrue();
  }

  @Test
  void reward_kl_over_runs_has_an_interval_across_them_and_tests_parallels() throws IOException {
    Path file =
        file("runs.csv", "kl,reward,seed\n0,0,1\n1,1,1\n4,2.1,1\n0,0.5,2\n1,1.7,2\n4,2.7,2\n");
    JsonNode across =
        json(analyze("reward-kl", "--csv", file, "--runs", "seed", "--json")).path("across_runs");
    // Slopes 1.05 and 1.1: mean 1.075, standard error 0.025, t(0.975, 1) = 12.7062.
    assertThat(across.path("slope").asDouble()).isCloseTo(1.075, within(1e-12));
    assertThat(across.path("low").asDouble()).isCloseTo(1.075 - 0.025 * 12.7062047, within(1e-6));
    // Equal places: the common slope is the mean; the shared residuals gain 2 * 2 * 0.025^2.
    JsonNode parallel = across.path("parallel");
    assertThat(parallel.path("common_slope").asDouble()).isCloseTo(1.075, within(1e-12));
    // Residuals of three points at 0, 1, 2 are c, -2c, c: c = 1/60 and -1/30.
    double separate = 6.0 / 3600 + 6.0 / 900;
    assertThat(parallel.path("f").asDouble())
        .isCloseTo(4 * 0.025 * 0.025 / (separate / 2), within(1e-9));
    assertThat(analyze("reward-kl", "--csv", file, "--runs", "seed").out())
        .contains("across runs", "parallel lines");
  }

  @Test
  void gao_finds_the_law_and_says_where_it_peaks_or_that_it_does_not() throws IOException {
    StringBuilder text = new StringBuilder("kl,reward\n");
    StringBuilder rising = new StringBuilder("kl,reward\n");
    for (int i = 0; i <= 6; i++) {
      double d = 0.5 * i;
      text.append(d * d).append(',').append(d * (2 - 0.4 * d)).append('\n');
      rising.append(d * d).append(',').append(d * (1 + 0.1 * d)).append('\n');
    }
    Path file = file("gold.csv", text.toString());
    JsonNode bon = json(analyze("gao", "--csv", file, "--form", "bon", "--json"));
    assertThat(bon.path("alpha").asDouble()).isCloseTo(2, within(1e-9));
    assertThat(bon.path("beta").asDouble()).isCloseTo(0.4, within(1e-9));
    assertThat(bon.path("peak").path("d").asDouble()).isCloseTo(2.5, within(1e-9));
    assertThat(bon.path("peak").path("reward").asDouble()).isCloseTo(2.5, within(1e-9));
    assertThat(bon.path("peak").path("extrapolated").asBoolean()).isFalse();
    JsonNode none =
        json(
            analyze(
                "gao", "--csv", file("rising.csv", rising.toString()), "--form", "bon", "--json"));
    assertThat(none.path("peak").isNull()).isTrue();
    assertThat(none.path("no_peak").asText()).contains("no peak");
    assertThat(analyze("gao", "--csv", file, "--form", "rl").out()).contains("alpha", "peak");
    assertOneLine(
        analyze("gao", "--csv", file("few.csv", "kl,reward\n0,0\n1,1\n"), "--form", "rl"),
        1,
        "few.csv",
        "2 points");
  }
}
