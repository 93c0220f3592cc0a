package dev.plumbline.study;

import dev.plumbline.analysis.Diversity;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The policies' snapshots as players of matches: their ratings and their diversity (Figs 15, 16).
 */
final class OnlineSnapshots {
  private static final String ANNOTATORS = "annotators";
  private static final String GOLD = "gold";
  private static final Pattern SNAPSHOT = Pattern.compile("(.+)-([0-9]+)");

  private OnlineSnapshots() {}

  /** A player of the matches; the model that all start from has step 0 and an arm of its own. */
  record Player(String name, String arm, long step) {
    boolean initial() {
      return step == 0;
    }
  }

  /** A curve's values by arm and step, and by seed. */
  static final class Curves {
    private final Map<Player, OverSeeds> points = new LinkedHashMap<>();

    void put(Player player, String seed, double value) {
      points.computeIfAbsent(player, _ -> new OverSeeds()).add(seed, value);
    }

    /** What the model that all start from has. */
    OverSeeds initial() {
      OverSeeds initial = new OverSeeds();
      points.forEach(
          (player, bySeed) -> {
            if (player.initial()) {
              bySeed.seeds().forEach(seed -> initial.add(seed, bySeed.of(seed)));
            }
          });
      return initial;
    }

    void forEach(BiConsumer<Player, OverSeeds> consumer) {
      points.forEach(consumer);
    }

    OverSeeds last(String arm) {
      OverSeeds last = new OverSeeds();
      long step = -1;
      for (Map.Entry<Player, OverSeeds> point : points.entrySet()) {
        if (point.getKey().arm().equals(arm) && point.getKey().step() > step) {
          step = point.getKey().step();
          last = point.getValue();
        }
      }
      return last;
    }
  }

  /** The players of a matches run in its own order. */
  static List<Player> players(StudyData data, StudyRun run) {
    List<String> arms = data.levels("policy", "arm");
    List<Player> players = new ArrayList<>();
    for (String name : run.table("responses").texts("model").stream().distinct().toList()) {
      if (players.isEmpty()) {
        players.add(new Player(name, "", 0));
        continue;
      }
      Matcher parts = SNAPSHOT.matcher(name);
      if (!parts.matches() || !arms.contains(parts.group(1))) {
        throw new UserError(
            "run %s: player '%s' is called neither ARM-STEP with an arm among %s nor does it come"
                    .formatted(run.id(), name, arms)
                + " first; rename it in the study file");
      }
      players.add(new Player(name, parts.group(1), Long.parseLong(parts.group(2))));
    }
    return players;
  }

  /** Responses that a snapshot had been trained on. */
  static double samples(StudyData data, Player player, String seed) {
    if (player.initial()) {
      return 0;
    }
    for (StudyRun policy : data.role("policy")) {
      if (policy.level("arm").equals(player.arm()) && policy.level("seed").equals(seed)) {
        StudySeries series = policy.series(Metrics.PM_SCORE);
        int at = Arrays.binarySearch(series.step(), player.step());
        return at < 0 ? Double.NaN : series.samples()[at];
      }
    }
    return Double.NaN;
  }

  /** The same, mean over seeds. */
  static double samples(StudyData data, Player player, List<String> seeds) {
    Moments samples = new Moments();
    seeds.forEach(seed -> samples.add(samples(data, player, seed)));
    return samples.mean();
  }

  static ResultTable ratings(StudyData data, Curves elo) {
    ResultTable.Builder table =
        ResultTable.named("elo")
            .text("seed", "level of the axis")
            .text("judge", "who decided the matches")
            .text(
                "arm", "comparisons that the policy's preference model has seen; empty: the start")
            .number("step", "iteration", "of the snapshot")
            .number("samples", "response", "responses that the snapshot had been trained on")
            .number("elo", "Elo", "Bradley-Terry rating above the model that all start from")
            .number("low", "Elo", "lower end of its 95 % bootstrap interval over prompts")
            .number("high", "Elo", "upper end of its 95 % bootstrap interval over prompts")
            .number("matches", "", "matches that count");
    for (StudyRun run : data.role("matches")) {
      String seed = run.level("seed");
      Map<String, Player> players = new LinkedHashMap<>();
      players(data, run).forEach(player -> players.put(player.name(), player));
      ResultTable ratings = run.table("ratings");
      for (int i = 0; i < ratings.size(); i++) {
        Player player = players.get(ratings.text(i, "model"));
        if (player == null) {
          continue; // answered nothing
        }
        String judge = ratings.text(i, "judge");
        double value = ratings.number(i, "elo");
        if (judge.equals(ANNOTATORS)) {
          elo.put(player, seed, value);
        }
        table.row(
            seed,
            judge,
            player.arm(),
            player.step(),
            samples(data, player, seed),
            value,
            ratings.number(i, "low"),
            ratings.number(i, "high"),
            ratings.number(i, "matches"));
      }
    }
    return table.build();
  }

  static ResultTable eloBySamples(StudyData data, Curves elo) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("elo_by_samples")
                .text("arm", "comparisons that the policy's preference model has seen")
                .number("step", "iteration", "of the snapshot")
                .number("samples", "response", "responses that it had been trained on"),
            "elo",
            "Elo",
            "by annotators, mean over seeds");
    elo.forEach(
        (player, bySeed) -> {
          double samples = samples(data, player, bySeed.seeds());
          OverSeeds.row(table, bySeed.moments(), player.arm(), player.step(), samples);
        });
    return table.build();
  }

  /** Scores by one judge, prompt by prompt, of one player's responses. */
  static double[] scores(ResultTable responses, Player player, String judge) {
    double[] scores = responses.numbers("score_" + judge);
    List<String> models = responses.texts("model");
    int[] rows =
        IntStream.range(0, scores.length)
            .filter(i -> models.get(i).equals(player.name()))
            .toArray();
    double[] own = new double[rows.length];
    for (int row : rows) {
      own[(int) responses.number(row, "prompt_index")] = scores[row];
    }
    return own;
  }

  static ResultTable diversity(StudyData data, String arm, Curves entropy) {
    ResultTable.Builder table =
        ResultTable.named("diversity")
            .text("seed", "level of the axis")
            .text(
                "arm", "comparisons that the policy's preference model has seen; empty: the start")
            .number("step", "iteration", "of the snapshot")
            .number("responses", "", "responses to the same prompts, one each")
            .number("words", "word", "words of all of them")
            .number("distinct_1", "fraction", "share of words that are different from each other")
            .number("distinct_2", "fraction", "share of pairs of words that are different")
            .number("distinct_3", "fraction", "share of triples of words that are different")
            .number("unique", "fraction", "share of responses that are different")
            .number("entropy", "nat", "of the distribution of words, plug-in estimate")
            .number("score_variance", "nat^2", "of the scores by the preference model of " + arm)
            .number("gold_variance", "nat^2", "of the gold rewards");
    for (StudyRun run : data.role("matches")) {
      String seed = run.level("seed");
      ResultTable responses = run.table("responses");
      for (Player player : players(data, run)) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
          if (responses.text(i, "model").equals(player.name())) {
            texts.add(responses.text(i, "response"));
          }
        }
        Diversity found = Diversity.ofWords(texts, new double[0], 3);
        entropy.put(player, seed, found.unigramEntropy());
        table.row(
            seed,
            player.arm(),
            player.step(),
            found.responses(),
            found.tokens(),
            found.distinct().get(0),
            found.distinct().get(1),
            found.distinct().get(2),
            found.uniqueShare(),
            found.unigramEntropy(),
            variance(responses, player, "pm-" + arm),
            variance(responses, player, GOLD));
      }
    }
    return table.build();
  }

  private static double variance(ResultTable responses, Player player, String judge) {
    return responses.has("score_" + judge)
        ? Moments.of(scores(responses, player, judge)).variance()
        : Double.NaN;
  }
}
