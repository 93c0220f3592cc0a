package dev.plumbline.study;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Overoptimisation;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * Over-optimisation of a preference model (paper section 4.2, Fig 4; the laws are those of Gao,
 * Schulman and Hilton 2022). Needs runs of role {@code ppo} over {@code data} and {@code seed} with
 * a test preference model called {@code other-half} and a gold reward, of role {@code best-of-k}
 * over the same, and of role {@code pm}.
 *
 * <p>Proxy, test and gold are gains: the proxy's and the test's first batch is their zero (paper
 * appendix B.2), and the gold reward's likewise. KL is exact and per response. All intervals are
 * Student's t over seeds; points along a run are never taken as independent for a card.
 */
public final class RewardOveroptimisation implements StudyAnalysis {
  /** What study files call the preference model of the other half of the conversations. */
  private static final String OTHER = "other-half";

  private static final String TEST = Metrics.TEST.of(OTHER);
  private static final String GAP = Metrics.GAP.of(OTHER);

  /** Ends are means over so many parts of a run. */
  private static final int LAST = 5;

  /** Of the proxy's gain: the smallest share lost by the test model that matters. */
  private static final double SMALLEST_SHARE = 0.05;

  /** Smallest change of the gold reward that matters, nats: a tenth of its spread among writers. */
  private static final double SMALLEST_GOLD = 0.15;

  /** Best-of-k and RL start together where their slopes differ by less than this share. */
  private static final double LARGEST_SLOPE_DIFFERENCE = 0.25;

  /** The start of the sqrt(KL) axis: about the best of 8. */
  private static final double START = 1.1;

  /** What rounding may leave of a KL of 0, nats a response. */
  private static final double ROUNDING = 1e-3;

  /** An analysis; found as a service. */
  public RewardOveroptimisation() {}

  @Override
  public String name() {
    return "overoptimisation";
  }

  /** A policy's run and the numbers that cards rest on. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data; a run is equal to itself alone
  private record Policy(
      StudyRun run,
      String seed,
      RunCurves curves,
      double[] distance,
      double[] proxy,
      double[] test,
      double[] gap,
      double[] gold) {

    static Policy of(StudyRun run) {
      RunCurves curves =
          RunCurves.of(
              run,
              Metrics.KL_EXACT,
              Metrics.PM_SCORE,
              Metrics.TRAIN_SCORE,
              TEST,
              GAP,
              GAP + Metrics.LOW,
              GAP + Metrics.HIGH,
              Metrics.GOLD_REWARD,
              Metrics.ENTROPY);
      return new Policy(
          run,
          run.level("seed"),
          curves,
          curves.root(Metrics.KL_EXACT),
          curves.gain(Metrics.TRAIN_SCORE),
          curves.gain(TEST),
          curves.gain(GAP),
          curves.gain(Metrics.GOLD_REWARD));
    }

    double end(double[] values) {
      return RunCurves.meanFrom(values, curves.lastPart(LAST));
    }

    double farthest() {
      return Arrays.stream(distance).max().orElse(0);
    }

    /** Gap over proxy gain, of the points about a distance. */
    double shareLost(double at) {
      return RunCurves.mean(gap, i -> near(i, at)) / RunCurves.mean(proxy, i -> near(i, at));
    }

    private boolean near(int i, double at) {
      return distance[i] >= 0.8 * at && distance[i] <= at;
    }

    /**
     * The gold reward that the early exchange rate of proxy for gold promises for the run's end,
     * less what there is. Early: the points before the proxy first gains half of what it ends with.
     */
    double shortfall() {
      int half = 0;
      while (half < proxy.length && proxy[half] < end(proxy) / 2) {
        half++;
      }
      int until = half;
      double rate = RunCurves.slopeThroughOrigin(proxy, gold, i -> i <= until);
      return rate * end(proxy) - end(gold);
    }
  }

  @Override
  public StudyResult analyse(StudyData data) {
    Map<String, List<Policy>> byData = new LinkedHashMap<>();
    data.groups("ppo", "data").entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> entry.getValue().getFirst().number("data")))
        .forEach(
            entry ->
                byData.put(
                    entry.getKey().getFirst(), entry.getValue().stream().map(Policy::of).toList()));
    if (byData.size() < 2) {
      throw new UserError(
          "over-optimisation is compared between amounts of data: 'data' needs two or more levels");
    }
    List<Policy> policies = byData.values().stream().flatMap(List::stream).toList();
    Map<String, GapOnset> onsets = new LinkedHashMap<>();
    byData.forEach(
        (level, runs) ->
            onsets.put(
                level,
                RunCurves.gapOnset(
                    runs.stream().map(Policy::curves).toList(), Metrics.TRAIN_SCORE, TEST)));
    Map<Policy, ResultTable> best = new LinkedHashMap<>();
    policies.forEach(policy -> best.put(policy, bestOfK(data, policy)));

    List<PaperCard> cards = new ArrayList<>();
    cards.add(zero(policies));
    cards.add(gapGrows(byData, onsets));
    cards.add(betterFed(byData));
    cards.add(behind(byData));
    cards.add(turns(byData));
    cards.add(together(best));
    return new StudyResult(
        List.of(
            preferenceModels(data),
            curves(policies),
            gaps(onsets),
            bestOfKTable(best),
            fits(best),
            ends(byData)),
        cards,
        List.of(
            "the intervals of the laws in the table 'fits' take points as independent; those of"
                + " cards are over seeds",
            "scores of two preference models have no common unit: gaps are in nats of each, and"
                + " the amounts of data are compared by the share of the proxy's gain",
            "the gold reward's zero is the first batch of its own run"));
  }

  private static ResultTable bestOfK(StudyData data, Policy policy) {
    return data.alike(policy.run(), "best-of-k").stream()
        .findFirst()
        .orElseThrow(
            () -> new UserError("run " + policy.run().id() + " has no best-of-k run beside it"))
        .table("best_of_k");
  }

  private static ResultTable preferenceModels(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("preference_models")
            .text("run", "the run")
            .number("data", "comparison", "level of the axis: comparisons asked for")
            .text("half", "half of the conversations")
            .text("seed", "level of the axis")
            .number("accuracy", "fraction", "held-out comparisons with r_chosen > r_rejected")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("n", "comparison", "held-out comparisons")
            .number("length_rule", "fraction", "the better of shorter and longer, same ones");
    for (StudyRun run : data.role("pm")) {
      double shorter = run.last(Metrics.EVAL_LENGTH_ACCURACY);
      table.row(
          run.name(),
          run.number("data"),
          run.level("half"),
          run.level("seed"),
          run.last(Metrics.EVAL_ACCURACY),
          run.last(Metrics.EVAL_ACCURACY_LOW),
          run.last(Metrics.EVAL_ACCURACY_HIGH),
          run.last(Metrics.EVAL_N),
          Math.max(shorter, 1 - shorter));
    }
    return table.build();
  }

  private static ResultTable curves(List<Policy> policies) {
    ResultTable.Builder table =
        ResultTable.named("reward_curves")
            .text("run", "the run")
            .number("data", "comparison", "comparisons behind the preference models")
            .text("seed", "level of the axis")
            .number("step", "iteration", "updates of the policy")
            .number("kl", "nat", "exact KL to the reference policy, per response")
            .number("sqrt_kl", "sqrt(nat)", "square root of the KL")
            .number("proxy", "nat", "gain of the score that is trained on")
            .number("test", "nat", "gain of the score of the other half's preference model")
            .number("gap", "nat", "proxy less test, the same responses, less that of step 0")
            .number(
                "gap_low",
                "nat",
                "lower end of its 95 % normal interval over responses, step 0 taken as given")
            .number(
                "gap_high",
                "nat",
                "upper end of its 95 % normal interval over responses, step 0 taken as given")
            .number("gold", "nat", "gain of the gold reward")
            .number("entropy", "nat", "mean over tokens");
    for (Policy policy : policies) {
      RunCurves curves = policy.curves();
      double start = curves.of(GAP)[0];
      for (int i = 0; i < curves.size(); i++) {
        table.row(
            policy.run().name(),
            policy.run().number("data"),
            policy.seed(),
            curves.step(i),
            curves.of(Metrics.KL_EXACT)[i],
            policy.distance()[i],
            policy.proxy()[i],
            policy.test()[i],
            policy.gap()[i],
            curves.of(GAP + Metrics.LOW)[i] - start,
            curves.of(GAP + Metrics.HIGH)[i] - start,
            policy.gold()[i],
            curves.of(Metrics.ENTROPY)[i]);
      }
    }
    return table.build();
  }

  private static ResultTable gaps(Map<String, GapOnset> onsets) {
    ResultTable.Builder table =
        GapRows.columns(
            ResultTable.named("gap_over_seeds")
                .text("data", "comparisons behind the preference models"),
            "proxy less test, mean over seeds");
    onsets.forEach((level, gap) -> GapRows.add(table, gap, level));
    return table.build();
  }

  private static ResultTable bestOfKTable(Map<Policy, ResultTable> best) {
    ResultTable.Builder table =
        ResultTable.named("best_of_k_gains")
            .number("data", "comparison", "comparisons behind the preference model")
            .text("seed", "level of the axis")
            .number("k", "", "responses to choose from")
            .number("sqrt_kl", "sqrt(nat)", "square root of ln k - (k - 1)/k")
            .number("proxy", "nat", "expected score of the best of k less that of one")
            .number("gold", "nat", "its expected gold reward less that of one")
            .number("prompts", "", "prompts that it was measured on");
    best.forEach(
        (policy, found) -> {
          for (int i = 0; i < found.size(); i++) {
            table.row(
                policy.run().number("data"),
                policy.seed(),
                found.number(i, "k"),
                Math.sqrt(found.number(i, "kl")),
                found.number(i, "score") - found.number(0, "score"),
                found.number(i, "gold") - found.number(0, "gold"),
                found.number(i, "prompts"));
          }
        });
    return table.build();
  }

  /** The laws of Gao et al., fitted to each run and to its best-of-k. */
  private static ResultTable fits(Map<Policy, ResultTable> best) {
    ResultTable.Builder table =
        ResultTable.named("fits")
            .number("data", "comparison", "comparisons behind the preference model")
            .text("seed", "level of the axis")
            .text("law", "RL: d (alpha - beta ln d); BON: d (alpha - beta d); d = sqrt(KL)")
            .number("alpha", "nat/sqrt(nat)", "the gold gain per sqrt(nat) to begin with")
            .number("alpha_low", "nat/sqrt(nat)", "lower end of its 95 % interval over points")
            .number("alpha_high", "nat/sqrt(nat)", "upper end of its 95 % interval over points")
            .number("beta", "", "how fast it is lost")
            .number("beta_low", "", "lower end of its 95 % interval over points")
            .number("beta_high", "", "upper end of its 95 % interval over points")
            .number("r_squared", "fraction", "share of the variance that the law explains")
            .number("peak", "sqrt(nat)", "predicted distance of the largest gold gain")
            .number("peak_low", "sqrt(nat)", "lower end of its 95 % interval over points")
            .number("peak_high", "sqrt(nat)", "upper end of its 95 % interval over points")
            .number("peak_gold", "nat", "predicted gold gain there")
            .number("largest", "sqrt(nat)", "largest distance of the points")
            .number("n", "", "points")
            .text("peak_note", "why there is no peak, or what to know of it");
    best.forEach(
        (policy, found) -> {
          fit(
              table,
              policy,
              Overoptimisation.Form.RL,
              policy.curves().of(Metrics.KL_EXACT),
              policy.gold());
          double[] gold = found.numbers("gold");
          fit(
              table,
              policy,
              Overoptimisation.Form.BON,
              found.numbers("kl"),
              Arrays.stream(gold).map(value -> value - gold[0]).toArray());
        });
    return table.build();
  }

  /**
   * Fits the points behind the first, whose gain is 0 by definition: as a point it would be an
   * exact one, which takes errors for smaller than they are.
   */
  private static void fit(
      ResultTable.Builder table,
      Policy policy,
      Overoptimisation.Form form,
      double[] allKl,
      double[] allGold) {
    double[] kl = Arrays.copyOfRange(allKl, 1, allKl.length);
    double[] gold = Arrays.copyOfRange(allGold, 1, allGold.length);
    if (Overoptimisation.problem(kl, gold).isPresent()) {
      return;
    }
    Overoptimisation law = Overoptimisation.of(form, kl, gold, OverSeeds.LEVEL);
    List<Object> row =
        new ArrayList<>(
            List.of(
                policy.run().number("data"),
                policy.seed(),
                form.name(),
                law.alpha().value(),
                law.alpha().interval().low(),
                law.alpha().interval().high(),
                law.beta().value(),
                law.beta().interval().low(),
                law.beta().interval().high(),
                law.rSquared()));
    law.peak()
        .ifPresentOrElse(
            peak ->
                row.addAll(
                    List.of(
                        peak.distance(),
                        peak.distanceInterval().low(),
                        peak.distanceInterval().high(),
                        peak.reward())),
            () -> row.addAll(List.of(Double.NaN, Double.NaN, Double.NaN, Double.NaN)));
    row.add(law.largest());
    row.add(law.n());
    row.add(
        law.peak()
            .map(
                peak ->
                    !peak.betaCertain()
                        ? "not shown by the points: beta's interval holds 0"
                        : peak.extrapolated() ? "beyond the points" : "within the points")
            .orElse(law.noPeak()));
    table.row(row);
  }

  private static ResultTable ends(Map<String, List<Policy>> byData) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("ends")
                .text("data", "comparisons behind the preference models")
                .text("quantity", "mean of the last fifth of each run's points"),
            "value",
            "",
            "mean over seeds; nats, sqrt_kl in sqrt(nat)");
    byData.forEach(
        (level, runs) -> {
          Map<String, Moments> found = new LinkedHashMap<>();
          for (Policy run : runs) {
            Map<String, double[]> quantities = new LinkedHashMap<>();
            quantities.put("sqrt_kl", run.distance());
            quantities.put("proxy", run.proxy());
            quantities.put("test", run.test());
            quantities.put("gap", run.gap());
            quantities.put("gold", run.gold());
            quantities.forEach(
                (name, values) ->
                    found.computeIfAbsent(name, _ -> new Moments()).add(run.end(values)));
          }
          found.forEach((name, moments) -> OverSeeds.row(table, moments, level, name));
        });
    return table.build();
  }

  private static PaperCard zero(List<Policy> policies) {
    double largest =
        policies.stream()
            .mapToDouble(p -> Math.abs(p.curves().of(Metrics.KL_EXACT)[0]))
            .max()
            .orElse(0);
    boolean begins = policies.stream().allMatch(policy -> policy.curves().step(0) == 0);
    return new PaperCard(
        "zero-at-start",
        "section 4.3",
        "before the first update KL and reward gain are 0",
        begins
            ? PaperCard.ofEquality(new Interval(0, largest, OverSeeds.LEVEL), ROUNDING)
            : PaperCard.Verdict.UNDECIDED,
        begins
            ? String.format(
                Locale.ROOT,
                "largest |KL| at step 0 over %d runs %.2g nats (rounding: %.0e); the gain is 0 by"
                    + " its definition",
                policies.size(),
                largest,
                ROUNDING)
            : "the runs were not measured at step 0");
  }

  /** One number a seed: the mean over the amounts of data. */
  private static OverSeeds meanOverData(
      Map<String, List<Policy>> byData, ToDoubleFunction<Policy> quantity) {
    return over(byData.values().stream().flatMap(List::stream).toList(), quantity);
  }

  private static OverSeeds over(List<Policy> runs, ToDoubleFunction<Policy> quantity) {
    OverSeeds over = new OverSeeds();
    runs.forEach(run -> over.add(run.seed(), quantity.applyAsDouble(run)));
    return over;
  }

  private static PaperCard gapGrows(
      Map<String, List<Policy>> byData, Map<String, GapOnset> onsets) {
    OverSeeds share = meanOverData(byData, run -> run.end(run.gap()) / run.end(run.proxy()));
    StringBuilder each = new StringBuilder();
    byData.forEach(
        (level, runs) -> {
          GapOnset found = onsets.get(level);
          OptionalLong onset = found == null ? OptionalLong.empty() : found.onset();
          each.append(
              "; %s comparisons: gap %s, onset %s"
                  .formatted(
                      level,
                      over(runs, run -> run.end(run.gap())).said("nats"),
                      onset.isPresent() ? "at step " + onset.getAsLong() : "none"));
        });
    return share.effectTold(
        "gap-grows",
        "Fig 4; section 4.2",
        "the trained-on score leaves the test preference model's behind as training goes on",
        SMALLEST_SHARE,
        "share of the proxy's gain that the test model does not see at the end, both amounts of"
            + " data: "
            + share.said("")
            + each);
  }

  /** Paired by seed, at the largest distance that both runs of a seed reach. */
  private static PaperCard betterFed(Map<String, List<Policy>> byData) {
    List<String> levels = List.copyOf(byData.keySet());
    OverSeeds difference = new OverSeeds();
    Moments few = new Moments();
    Moments many = new Moments();
    for (Policy least : byData.getOrDefault(levels.getFirst(), List.of())) {
      for (Policy most : byData.getOrDefault(levels.getLast(), List.of())) {
        if (most.seed().equals(least.seed())) {
          double at = Math.min(least.farthest(), most.farthest());
          few.add(least.shareLost(at));
          many.add(most.shareLost(at));
          difference.add(least.seed(), least.shareLost(at) - most.shareLost(at));
        }
      }
    }
    return difference.effectTold(
        "gap-smaller-with-data",
        "Fig 4; section 4.2",
        "better preference models are more robust: less of the gain is lost on the test model",
        SMALLEST_SHARE,
        String.format(
            Locale.ROOT,
            "at the same sqrt(KL) the test model does not see %.3f of the proxy's gain with %s"
                + " comparisons and %.3f with %s; difference %s",
            few.mean(),
            levels.getFirst(),
            many.mean(),
            levels.getLast(),
            difference.said("")));
  }

  private static PaperCard behind(Map<String, List<Policy>> byData) {
    OverSeeds shortfall = meanOverData(byData, Policy::shortfall);
    StringBuilder each = new StringBuilder();
    byData.forEach(
        (level, runs) ->
            each.append(
                String.format(
                    Locale.ROOT,
                    "; %s comparisons: %.3f",
                    level,
                    over(runs, Policy::shortfall).mean())));
    return shortfall.effectTold(
        "gold-behind-proxy",
        "section 4.2; Gao et al. 2022",
        "the true reward falls behind the proxy",
        SMALLEST_GOLD,
        "gold that the early exchange rate promises for the end less what there is: "
            + shortfall.said("nats")
            + each);
  }

  /**
   * Whether the gold reward turns. The part of the run where it stands highest is chosen by the
   * other seeds, so that noise cannot make a peak.
   */
  private static PaperCard turns(Map<String, List<Policy>> byData) {
    List<Policy> runs = byData.values().iterator().next();
    OverSeeds lost = new OverSeeds();
    for (Policy own : runs) {
      double highest = Double.NEGATIVE_INFINITY;
      int place = LAST - 1;
      for (int part = 0; part < LAST; part++) {
        int at = part;
        double others =
            runs.stream()
                .filter(other -> !other.seed().equals(own.seed()))
                .mapToDouble(other -> part(other, at))
                .average()
                .orElse(Double.NaN);
        if (others > highest) {
          highest = others;
          place = part;
        }
      }
      lost.add(own.seed(), runs.size() < 2 ? Double.NaN : part(own, place) - part(own, LAST - 1));
    }
    return lost.effectTold(
        "gold-turns",
        "section 4.2; Gao et al. 2022",
        "pushed far enough, the true reward falls again",
        SMALLEST_GOLD,
        ("gold lost from the fifth of the run where the other seeds are best to the last fifth, %s"
                + " comparisons: %s; gold gain at the end %s")
            .formatted(
                byData.keySet().iterator().next(),
                lost.said("nats"),
                over(runs, run -> run.end(run.gold())).said("nats")));
  }

  private static double part(Policy policy, int part) {
    int n = policy.gold().length;
    return RunCurves.mean(policy.gold(), i -> (long) i * LAST / n == part);
  }

  /** Slopes through the origin over the start of the axis, by seed, both amounts of data. */
  private static PaperCard together(Map<Policy, ResultTable> best) {
    OverSeeds difference = new OverSeeds();
    Moments points = new Moments();
    Moments rl = new Moments();
    Moments bon = new Moments();
    best.forEach(
        (policy, found) -> {
          double[] distance = Arrays.stream(found.numbers("kl")).map(Math::sqrt).toArray();
          double[] score = found.numbers("score");
          double[] gain = Arrays.stream(score).map(value -> value - score[0]).toArray();
          double sampling = RunCurves.slopeThroughOrigin(distance, gain, i -> distance[i] <= START);
          double learning =
              RunCurves.slopeThroughOrigin(
                  policy.distance(), policy.proxy(), i -> policy.distance()[i] <= START);
          points.add(
              (double) Arrays.stream(policy.distance()).filter(d -> d > 0 && d <= START).count());
          rl.add(learning);
          bon.add(sampling);
          difference.add(policy.seed(), (learning - sampling) / sampling);
        });
    return difference.equalityTold(
        "best-of-k-starts-with-rl",
        "section 4.3; Gao et al. 2022",
        "best-of-k and RL gain the same score per sqrt(KL) to begin with",
        LARGEST_SLOPE_DIFFERENCE,
        String.format(
            Locale.ROOT,
            "slope up to sqrt(KL) %.1f: RL %.3f, best-of-k %.3f nats per sqrt(nat); RL differs by a"
                + " share of %s (equal: within %.2f); %.1f points a run",
            START,
            rl.mean(),
            bon.mean(),
            difference.said(""),
            LARGEST_SLOPE_DIFFERENCE,
            points.mean()));
  }
}
