package dev.plumbline.study;

import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.Diversity;
import dev.plumbline.analysis.EloDiagnosis;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Iterated online training (paper section 4.5, appendices B.3 and B.4; Figs 15, 16, 34, 35).
 *
 * <p>Roles, all over {@code seed}: {@code collect-base} and {@code collect-online} gather
 * comparisons; {@code pm} and {@code policy}, over {@code arm} too, are trained on them; {@code
 * matches} and {@code held-out} let the policies' snapshots answer, the first people's prompts with
 * judges, the second prompts that are held out of reinforcement learning. Levels of {@code arm} are
 * {@code base} and {@code mix}, the two sides of the controlled test, and {@code all}, the loop's
 * next iteration, which may be left out. In matches a snapshot is called {@code ARM-STEP}, the
 * first player is the model that all policies start from, and judges are called {@code annotators},
 * {@code gold} and {@code pm-ARM}. Preference models have the held-out parts {@code base}, {@code
 * online} and, for the policy as a ranker, {@code conversations}.
 *
 * <p>A seed is a replication from the first gathered comparison on: seeds share the language model
 * alone. All intervals of means are Student's t over seeds.
 */
public final class OnlineTraining implements StudyAnalysis {
  private static final String BASE = "base";
  private static final String MIX = "mix";
  private static final String ONLINE = "online";
  private static final String CONVERSATIONS = "conversations";
  private static final String ANNOTATORS = "annotators";
  private static final String GOLD = "gold";
  private static final Pattern SNAPSHOT = Pattern.compile("(.+)-([0-9]+)");

  /** Draws behind the interval of one seed's curve. */
  private static final int RESAMPLES = 300;

  private static final int BINS = 30;

  /** A third of the about 65 Elo between the curves of Fig 16 at their ends. */
  private static final double SMALLEST_ELO = 20;

  /** About a third of what accuracy falls from base to online comparisons, 0.74 to 0.67. */
  private static final double SMALLEST_ACCURACY = 0.02;

  /** A third of the about 1 nat between the modes of Fig 15 left. */
  private static final double SMALLEST_SCORE = 1.0 / 3;

  /** A third of what helpful accuracy gains in Fig 34, 0.55 to 0.64. */
  private static final double SMALLEST_RANKING = 0.03;

  /** Nats of unigram entropy: a tenth fewer tokens to choose from. */
  private static final double SMALLEST_ENTROPY = -Math.log(0.9);

  /** An analysis; found as a service. */
  public OnlineTraining() {}

  @Override
  public String name() {
    return "online-training";
  }

  /** A player of the matches; the model that all start from has step 0 and an arm of its own. */
  private record Player(String name, String arm, long step) {
    boolean initial() {
      return step == 0;
    }
  }

  /** A curve's values by arm and step, and by seed. */
  private static final class Curves {
    private final Map<Player, OverSeeds> points = new LinkedHashMap<>();

    void put(Player player, String seed, double value) {
      points.computeIfAbsent(player, _ -> new OverSeeds()).add(seed, value);
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

  /** The diagnosis at one snapshot, by seed. */
  private record Gaps(Curves overestimate, Curves shift, Curves ranking, Curves robustness) {}

  @Override
  public StudyResult analyse(StudyData data) {
    List<String> arms = data.levels("policy", "arm");
    if (!arms.contains(BASE) || !arms.contains(MIX)) {
      throw new UserError(
          "study %s: the analysis needs the levels 'base' and 'mix' of axis 'arm'; it has %s"
              .formatted(data.study().name(), arms));
    }
    // What has seen base and online comparisons, the most of them, stands for the paper's online.
    String online = arms.getLast().equals(BASE) ? MIX : arms.getLast();
    List<ResultTable> tables = new ArrayList<>();
    Curves elo = new Curves();
    ResultTable ratings = ratings(data, elo);
    Gaps gaps = new Gaps(new Curves(), new Curves(), new Curves(), new Curves());
    Curves entropy = new Curves();
    tables.add(collections(data));
    tables.add(ledger(data, elo));
    tables.add(trancheAccuracy(data));
    tables.add(densities(data, online));
    tables.add(ratings);
    tables.add(eloBySamples(data, elo));
    tables.add(diagnosis(data, gaps));
    tables.add(gapMeans(data, gaps));
    tables.add(diversity(data, online, entropy));
    List<PaperCard> cards = new ArrayList<>();
    cards.add(
        elo.last(MIX)
            .less(elo.last(BASE))
            .effect(
                "mix-beats-base",
                "Fig 16; section 4.5",
                "as many comparisons, an even mix of base, rejection sampling and online ones, give"
                    + " a better policy than base ones alone",
                "Elo by annotators, mix less base after the last snapshot",
                SMALLEST_ELO));
    cards.add(
        gaps.overestimate()
            .last(online)
            .effect(
                "elo-overestimated",
                "Figs 15 right, 35; appendix B.4",
                "the preference model's score predicts more Elo than annotators give",
                "Elo, curve (a) less curve (d) of " + online,
                SMALLEST_ELO));
    OverSeeds largest = new OverSeeds();
    OverSeeds ranking = gaps.ranking().last(online);
    OverSeeds robustness = gaps.robustness().last(online);
    ranking
        .seeds()
        .forEach(seed -> largest.add(seed, Math.max(ranking.of(seed), robustness.of(seed))));
    cards.add(
        gaps.shift()
            .last(online)
            .less(largest)
            .effect(
                "shift-largest",
                "Fig 35; appendix B.4",
                "the shift from held-out prompts to people's conversations, (a) - (b), is the"
                    + " largest part of it",
                "Elo, (a) - (b) less the larger of (b) - (c) and (c) - (d), " + online,
                SMALLEST_ELO));
    cards.add(
        ranking.equality(
            "score-against-rank",
            "Fig 35; appendix B.4",
            "whether scores or the votes that they make are counted matters little",
            "Elo, (b) - (c) of " + online,
            SMALLEST_ELO));
    OverSeeds falls =
        ofPart(data, online, BASE, OnlineTraining::accuracy)
            .less(ofPart(data, online, ONLINE, OnlineTraining::accuracy));
    cards.add(
        falls.effect(
            "accuracy-falls",
            "section 4.5",
            "the better the samples, the harder they are to tell apart: accuracy 0.74 on base"
                + " comparisons, 0.67 on online ones",
            "accuracy on base less on online comparisons, preference model of " + online,
            SMALLEST_ACCURACY));
    OverSeeds rises =
        ofPart(data, online, ONLINE, rows -> scores(rows).mean())
            .less(ofPart(data, online, BASE, rows -> scores(rows).mean()));
    cards.add(
        rises.effect(
            "scores-rise",
            "Fig 15 left",
            "online responses fill the range of high scores",
            "nats, mean score of online less base responses, preference model of " + online,
            SMALLEST_SCORE));
    OverSeeds initial = new OverSeeds();
    entropy.points.forEach(
        (player, bySeed) -> {
          if (player.initial()) {
            bySeed.seeds().forEach(seed -> initial.add(seed, bySeed.of(seed)));
          }
        });
    cards.add(
        initial
            .less(entropy.last(BASE))
            .effect(
                "diversity-falls",
                "section 4.5",
                "reinforcement learning makes the responses of one snapshot less diverse",
                "nats, unigram entropy of the initial model's responses less that of base's last",
                SMALLEST_ENTROPY));
    ranker(data, online, tables, cards);
    return new StudyResult(tables, cards, notes(data, online));
  }

  private static List<String> notes(StudyData data, String online) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "the arm '%s' stands for the paper's online models; seeds share their language model alone"
            .formatted(online));
    notes.add(
        "the mixture here is of base and online comparisons; the paper's has rejection sampling"
            + " ones too");
    notes.add(
        "here people's conversations differ from the held-out prompts in how many turns they have"
            + " and in who answered before, and in nothing else: the shift can be no larger than"
            + " that");
    Moments unsure = new Moments();
    for (StudyRun run : data.role("matches")) {
      ResultTable matches = run.table("matches");
      List<String> judges = matches.texts("judge");
      List<String> winners = matches.texts("winner");
      for (int i = 0; i < judges.size(); i++) {
        if (judges.get(i).equals(ANNOTATORS)) {
          unsure.add(winners.get(i).equals("unsure") ? 1 : 0);
        }
      }
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "annotators were unsure in %.1f %% of %d matches, which count for no curve of the"
                + " diagnosis",
            100 * unsure.mean(),
            unsure.n()));
    return notes;
  }

  // gathering

  private static ResultTable collections(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("collections")
            .text("collection", "role of the run that gathered")
            .text("seed", "level of the axis")
            .text("model_a", "one deployed snapshot")
            .text("model_b", "the other; the same for two responses of one snapshot")
            .number("shown", "comparison", "shown to annotators")
            .number("identical", "comparison", "left out because both responses were equal")
            .number("unsure", "comparison", "left out because the choice had the weakest strength")
            .number("kept", "comparison", "in the data file")
            .number(
                "wins_a", "comparison", "kept ones in which the response of model_a was chosen");
    for (StudyRun run : data.runs()) {
      Optional<ResultTable> collected = run.findTable("collected");
      if (collected.isEmpty()) {
        continue;
      }
      ResultTable own = collected.get();
      for (int i = 0; i < own.size(); i++) {
        table.row(
            run.role(),
            run.level("seed"),
            own.text(i, "model_a"),
            own.text(i, "model_b"),
            own.number(i, "shown"),
            own.number(i, "identical"),
            own.number(i, "unsure"),
            own.number(i, "kept"),
            own.number(i, "wins_a"));
      }
    }
    return table.build();
  }

  private static ResultTable ledger(StudyData data, Curves elo) {
    ResultTable.Builder table =
        ResultTable.named("ledger")
            .text("seed", "level of the axis")
            .text("arm", "what the preference model was trained on, and the policy against it")
            .text("pm", "run of the preference model, trained from scratch")
            .text("policy", "run of the policy, trained from scratch")
            .number("comparisons", "comparison", "that the preference model was trained on")
            .number("accuracy_base", "fraction", "its accuracy on held-out base comparisons")
            .number("accuracy_online", "fraction", "its accuracy on held-out online comparisons")
            .number("samples", "response", "responses that the policy was trained on")
            .number("pm_score_gain", "nat", "training score at the end less that at the start")
            .number("gold_gain", "nat", "gold reward at the end less that at the start")
            .number("kl", "nat", "exact KL of a response at the end")
            .number("elo", "Elo", "its last snapshot in the matches, by annotators");
    for (StudyRun policy : data.role("policy")) {
      String arm = policy.level("arm");
      String seed = policy.level("seed");
      StudyRun pm = data.alike(policy, "pm").getFirst();
      StudySeries evaluated = pm.series(Metrics.EVAL_ACCURACY);
      StudySeries score = policy.series(Metrics.PM_SCORE);
      table.row(
          seed,
          arm,
          pm.id(),
          policy.id(),
          evaluated.size() == 0 ? Double.NaN : evaluated.samples()[evaluated.size() - 1],
          accuracy(part(pm, BASE)),
          accuracy(part(pm, ONLINE)),
          score.size() == 0 ? Double.NaN : score.samples()[score.size() - 1],
          gain(score),
          gain(policy.series(Metrics.GOLD_REWARD)),
          policy.series(Metrics.KL_EXACT).last(),
          elo.last(arm).of(seed));
    }
    return table.build();
  }

  /** Mean of the last tenth of a curve less that of the first tenth. */
  private static double gain(StudySeries series) {
    int part = Math.max(1, series.size() / 10);
    Moments first = new Moments();
    Moments last = new Moments();
    for (int i = 0; i < Math.min(part, series.size()); i++) {
      first.add(series.value()[i]);
      last.add(series.value()[series.size() - 1 - i]);
    }
    return last.mean() - first.mean();
  }

  // tranches under one preference model

  /** Scores of one part's held-out comparisons, chosen and rejected. */
  private static List<double[]> part(StudyRun pm, String part) {
    ResultTable table = pm.table("held-out-comparisons");
    double[] chosen = table.numbers("r_chosen");
    double[] rejected = table.numbers("r_rejected");
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      if (table.text(i, "part").equals(part)) {
        rows.add(new double[] {chosen[i], rejected[i]});
      }
    }
    return rows;
  }

  private static double accuracy(List<double[]> rows) {
    Moments hits = new Moments();
    rows.forEach(row -> hits.add(row[0] > row[1] ? 1 : row[0] < row[1] ? 0 : 0.5));
    return hits.mean();
  }

  private static Moments scores(List<double[]> rows) {
    Moments scores = new Moments();
    for (double[] row : rows) {
      scores.add(row[0]);
      scores.add(row[1]);
    }
    return scores;
  }

  private static OverSeeds ofPart(
      StudyData data, String arm, String part, ToDoubleFunction<List<double[]>> statistic) {
    OverSeeds values = new OverSeeds();
    for (StudyRun pm : data.role("pm")) {
      if (pm.level("arm").equals(arm)) {
        values.add(pm.level("seed"), statistic.applyAsDouble(part(pm, part)));
      }
    }
    return values;
  }

  private static ResultTable trancheAccuracy(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("accuracy_by_tranche")
            .text("arm", "what the preference model was trained on")
            .text("seed", "level of the axis, or the mean over seeds")
            .text("tranche", "held-out comparisons that are judged")
            .number("n", "comparison", "how many; of a mean: seeds")
            .number("accuracy", "fraction", "share with r_chosen > r_rejected, a tie as a half")
            .number("low", "fraction", "of a mean: lower end of its 95 % t interval over seeds")
            .number("high", "fraction", "of a mean: upper end of its 95 % t interval over seeds")
            .number("score", "nat", "mean score of all responses")
            .number("deviation", "nat", "standard deviation of these scores")
            .number("margin", "nat", "mean of r_chosen - r_rejected");
    for (String arm : data.levels("pm", "arm")) {
      for (String part : List.of(BASE, ONLINE, CONVERSATIONS)) {
        Moments accuracy = new Moments();
        Moments mean = new Moments();
        Moments deviation = new Moments();
        Moments margin = new Moments();
        for (StudyRun pm : data.role("pm")) {
          List<double[]> rows = part(pm, part);
          if (!pm.level("arm").equals(arm) || rows.isEmpty()) {
            continue;
          }
          Moments scores = scores(rows);
          Moments margins = new Moments();
          rows.forEach(row -> margins.add(row[0] - row[1]));
          table.row(
              arm,
              pm.level("seed"),
              part,
              rows.size(),
              accuracy(rows),
              Double.NaN,
              Double.NaN,
              scores.mean(),
              scores.standardDeviation(),
              margins.mean());
          accuracy.add(accuracy(rows));
          mean.add(scores.mean());
          deviation.add(scores.standardDeviation());
          margin.add(margins.mean());
        }
        if (accuracy.n() > 0) {
          Interval interval = accuracy.tInterval(OverSeeds.LEVEL);
          table.row(
              arm,
              "mean over seeds",
              part,
              accuracy.n(),
              accuracy.mean(),
              interval.low(),
              interval.high(),
              mean.mean(),
              deviation.mean(),
              margin.mean());
        }
      }
    }
    return table.build();
  }

  /** Fig 15 left: each tranche normalised by itself, on one axis. */
  private static ResultTable densities(StudyData data, String arm) {
    ResultTable.Builder table =
        ResultTable.named("score_densities")
            .text("tranche", "held-out comparisons")
            .number(
                "score",
                "nat",
                "middle of the bin; the preference model's score less its mean on base responses of"
                    + " the same seed")
            .number(
                "density", "per nat", "share of the tranche's responses in the bin over its width")
            .number("responses", "", "responses in the bin")
            .number("n", "", "responses of the tranche, of all seeds");
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (StudyRun pm : data.role("pm")) {
      if (pm.level("arm").equals(arm)) {
        // Scores have no zero of their own: each preference model's is put at its base responses.
        double zero = scores(part(pm, BASE)).mean();
        for (String part : List.of(BASE, ONLINE, CONVERSATIONS)) {
          for (double[] row : part(pm, part)) {
            List<Double> own = all.computeIfAbsent(part, _ -> new ArrayList<>());
            own.add(row[0] - zero);
            own.add(row[1] - zero);
          }
        }
      }
    }
    double[] together =
        all.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    if (together.length == 0) {
      return table.build();
    }
    double low = Quantiles.of(together, 0);
    double width = (Quantiles.of(together, 1) - low) / BINS;
    if (!(width > 0)) {
      return table.build();
    }
    all.forEach(
        (part, values) -> {
          int[] counts = new int[BINS];
          values.forEach(value -> counts[(int) Math.clamp((value - low) / width, 0, BINS - 1.0)]++);
          for (int bin = 0; bin < BINS; bin++) {
            table.row(
                part,
                low + (bin + 0.5) * width,
                counts[bin] / (values.size() * width),
                counts[bin],
                values.size());
          }
        });
    return table.build();
  }

  // matches

  /** The players of a matches run in its own order. */
  private static List<Player> players(StudyData data, StudyRun run) {
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
  private static double samples(StudyData data, Player player, String seed) {
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
  private static double samples(StudyData data, Player player, List<String> seeds) {
    Moments samples = new Moments();
    seeds.forEach(seed -> samples.add(samples(data, player, seed)));
    return samples.mean();
  }

  private static ResultTable ratings(StudyData data, Curves elo) {
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

  private static ResultTable eloBySamples(StudyData data, Curves elo) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("elo_by_samples")
                .text("arm", "comparisons that the policy's preference model has seen")
                .number("step", "iteration", "of the snapshot")
                .number("samples", "response", "responses that it had been trained on"),
            "elo",
            "Elo",
            "by annotators, mean over seeds");
    elo.points.forEach(
        (player, bySeed) -> {
          double samples = samples(data, player, bySeed.seeds());
          OverSeeds.row(table, bySeed.moments(), player.arm(), player.step(), samples);
        });
    return table.build();
  }

  /** Scores by one judge, prompt by prompt, of one player's responses. */
  private static double[] scores(ResultTable responses, Player player, String judge) {
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

  private static ResultTable diagnosis(StudyData data, Gaps gaps) {
    ResultTable.Builder table =
        ResultTable.named("elo_diagnosis")
            .text("seed", "level of the axis")
            .text("arm", "whose policy and preference model")
            .number("step", "iteration", "of the snapshot")
            .number("samples", "response", "responses that it had been trained on")
            .number("a", "Elo", "(a) gain in mean score on held-out prompts, times 400/ln 10")
            .number("b", "Elo", "(b) gain in mean score of the responses in the matches")
            .number("c", "Elo", "(c) rating by the preference model's votes on the matches")
            .number("d", "Elo", "(d) rating by the annotators' votes");
    for (String gap : List.of("shift", "score_rank", "robustness")) {
      String words =
          switch (gap) {
            case "shift" -> "(a) - (b)";
            case "score_rank" -> "(b) - (c)";
            default -> "(c) - (d)";
          };
      table
          .number(gap, "Elo", words)
          .number(gap + "_low", "Elo", "lower end of its 95 % bootstrap interval over prompts")
          .number(gap + "_high", "Elo", "upper end of its 95 % bootstrap interval over prompts");
    }
    for (StudyRun run : data.role("matches")) {
      String seed = run.level("seed");
      List<Player> players = players(data, run);
      StudyRun heldOut = data.alike(run, "held-out").getFirst();
      for (String arm : data.levels("policy", "arm")) {
        List<Player> own =
            players.stream()
                .filter(player -> player.initial() || player.arm().equals(arm))
                .toList();
        String judge = "pm-" + arm;
        if (own.size() < 2 || !run.table("responses").has("score_" + judge)) {
          continue;
        }
        List<EloDiagnosis.Snapshot> snapshots =
            own.stream()
                .map(
                    player ->
                        new EloDiagnosis.Snapshot(
                            player.name(),
                            player.step(),
                            scores(heldOut.table("responses"), player, judge)))
                .toList();
        EloDiagnosis found =
            EloDiagnosis.of(
                snapshots,
                judged(run, own, judge),
                BradleyTerry.Options.STANDARD.against(own.getFirst().name()).resampled(RESAMPLES));
        for (int i = 0; i < own.size(); i++) {
          Player player = own.get(i);
          EloDiagnosis.Point point = found.points().get(i);
          List<Object> row =
              new ArrayList<>(
                  List.of(
                      seed,
                      arm,
                      player.step(),
                      samples(data, player, seed),
                      point.heldOut().elo(),
                      point.inMatches().elo(),
                      point.modelVotes().elo(),
                      point.votes().elo()));
          for (EloDiagnosis.Value gap :
              List.of(point.shift(), point.scoreAgainstRank(), point.robustness())) {
            row.add(gap.elo());
            row.add(gap.interval().low());
            row.add(gap.interval().high());
          }
          table.row(row);
          if (!player.initial()) {
            gaps.overestimate().put(player, seed, point.heldOut().elo() - point.votes().elo());
            gaps.shift().put(player, seed, point.shift().elo());
            gaps.ranking().put(player, seed, point.scoreAgainstRank().elo());
            gaps.robustness().put(player, seed, point.robustness().elo());
          }
        }
      }
    }
    return table.build();
  }

  /** The matches among some players that annotators decided, with a preference model's scores. */
  private static List<EloDiagnosis.Judged> judged(StudyRun run, List<Player> own, String judge) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    own.forEach(player -> scores.put(player.name(), scores(run.table("responses"), player, judge)));
    ResultTable matches = run.table("matches");
    List<EloDiagnosis.Judged> judged = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      String first = matches.text(i, "model_a");
      String second = matches.text(i, "model_b");
      double[] firstScores = scores.get(first);
      double[] secondScores = scores.get(second);
      String winner = matches.text(i, "winner");
      if (!matches.text(i, "judge").equals(ANNOTATORS)
          || firstScores == null
          || secondScores == null
          || winner.equals("unsure")) {
        continue;
      }
      int prompt = (int) matches.number(i, "prompt_index");
      judged.add(
          new EloDiagnosis.Judged(
              first,
              second,
              firstScores[prompt],
              secondScores[prompt],
              switch (winner) {
                case "a" -> Matches.Outcome.FIRST;
                case "b" -> Matches.Outcome.SECOND;
                default -> Matches.Outcome.TIE;
              },
              Integer.toString(prompt)));
    }
    return judged;
  }

  private static ResultTable gapMeans(StudyData data, Gaps gaps) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("elo_gaps")
                .text("arm", "whose policy and preference model")
                .number("step", "iteration", "of the snapshot")
                .number(
                    "samples", "response", "responses that it had been trained on, mean over seeds")
                .text("gap", "which: (a) - (d) and its three parts"),
            "elo",
            "Elo",
            "mean over seeds");
    Map<String, Curves> all = new LinkedHashMap<>();
    all.put("overestimate (a) - (d)", gaps.overestimate());
    all.put("shift (a) - (b)", gaps.shift());
    all.put("score against rank (b) - (c)", gaps.ranking());
    all.put("robustness (c) - (d)", gaps.robustness());
    all.forEach(
        (name, curves) ->
            curves.points.forEach(
                (player, bySeed) -> {
                  double samples = samples(data, player, bySeed.seeds());
                  OverSeeds.row(
                      table, bySeed.moments(), player.arm(), player.step(), samples, name);
                }));
    return table.build();
  }

  private static ResultTable diversity(StudyData data, String arm, Curves entropy) {
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

  // the policy as a ranker

  private static void ranker(
      StudyData data, String online, List<ResultTable> tables, List<PaperCard> cards) {
    ResultTable.Builder table =
        ResultTable.named("ranker")
            .text("arm", "comparisons that the policy's preference model has seen")
            .text("seed", "level of the axis")
            .number("step", "iteration", "of the policy")
            .number("samples", "response", "responses that it had been trained on")
            .number("accuracy", "fraction", "comparisons of people that the policy ranks right")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("ceiling", "fraction", "accuracy of its preference model on these comparisons");
    OverSeeds gain = new OverSeeds();
    OverSeeds below = new OverSeeds();
    for (StudyRun policy : data.role("policy")) {
      StudySeries accuracy = policy.series(Metrics.RANKER_ACCURACY);
      double ceiling = accuracy(part(data.alike(policy, "pm").getFirst(), CONVERSATIONS));
      for (int i = 0; i < accuracy.size(); i++) {
        table.row(
            policy.level("arm"),
            policy.level("seed"),
            accuracy.step()[i],
            accuracy.samples()[i],
            accuracy.value()[i],
            at(policy.series(Metrics.RANKER_ACCURACY_LOW), accuracy.step()[i]),
            at(policy.series(Metrics.RANKER_ACCURACY_HIGH), accuracy.step()[i]),
            ceiling);
      }
      if (accuracy.size() > 0 && policy.level("arm").equals(online)) {
        gain.add(policy.level("seed"), accuracy.last() - accuracy.value()[0]);
        below.add(policy.level("seed"), ceiling - accuracy.last());
      }
    }
    ResultTable found = table.build();
    if (found.size() == 0) {
      return;
    }
    tables.add(found);
    cards.add(
        gain.effect(
            "policy-ranks-better",
            "Fig 34; appendix B.3",
            "in training the policy's own probabilities come to rank people's comparisons better",
            "accuracy of the policy of " + online + ", last less first",
            SMALLEST_RANKING));
    cards.add(
        below.effect(
            "ranker-below-pm",
            "Fig 34; appendix B.3",
            "the policy stays below its preference model as a ranker",
            "accuracy of the preference model less the policy's last, " + online,
            SMALLEST_RANKING));
  }

  private static double at(StudySeries series, long step) {
    int found = Arrays.binarySearch(series.step(), step);
    return found < 0 ? Double.NaN : series.value()[found];
  }
}
