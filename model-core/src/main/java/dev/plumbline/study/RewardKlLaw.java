package dev.plumbline.study;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.analysis.LineFit;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ParallelLines;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.analysis.RewardKlFit;
import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The law of reward against sqrt(KL) over policies of several sizes that are trained against one
 * preference model (paper section 4.3, Figs 4 and 13), and what test preference models of several
 * sizes say of them (section 4.2, Fig 33). Needs runs of role {@code ppo} over {@code size} and
 * {@code seed}, of role {@code spread} (best-of-k sampling of the reference policies) over the
 * same, and of role {@code test} over {@code size} and {@code seed}, whose sizes are the names of
 * the test rewards.
 *
 * <p>Lines are fitted for sqrt(KL) up to 1.5. Points along a run are not independent: the intervals
 * of cards are Student's t over seeds, with one number a seed.
 */
public final class RewardKlLaw implements StudyAnalysis {
  /** End of the range that lines are fitted on, sqrt(nat): stated before anything was measured. */
  private static final double TO = 1.5;

  private static final RewardKlFit.Options RANGE = RewardKlFit.Options.WHOLE_RUN.over(0, TO);

  /** Ends are means over the last of so many parts of a run. */
  private static final int LAST = 5;

  /** A line is straight where its slope changes by less than this share over the range. */
  private static final double LARGEST_BEND = 0.5;

  /** The smallest change of the slope per nat that matters, as a share of the whole slope. */
  private static final double SMALLEST_CONCAVITY = 0.2;

  /** Lines are parallel, and theory is met, where slopes differ by less than this share. */
  private static final double LARGEST_DIFFERENCE = 0.25;

  /** Smallest rise of a test score that matters, nats per e-fold of the policy's parameters. */
  private static final double SMALLEST_RISE = 0.02;

  /** An analysis; found as a service. */
  public RewardKlLaw() {}

  @Override
  public String name() {
    return "kl-law";
  }

  /**
   * A policy's run.
   *
   * @param spread standard deviation of the score under the reference policy for a fixed prompt:
   *     the root of the mean variance over prompts, nats
   */
  private record Policy(
      StudyRun run,
      String size,
      String seed,
      long parameters,
      RunCurves curves,
      RewardKlFit fit,
      double spread) {

    double[] distance() {
      return curves.root(Metrics.KL_EXACT);
    }

    double[] reward() {
      return curves.of(Metrics.PM_SCORE);
    }

    double theory() {
      return RewardKlFit.initialSlope(spread);
    }

    /** How much the slope changes over the range, as a share of the line's slope. */
    double bend() {
      double[] x = distance();
      int[] in = inRange();
      return LineFit.bend(
              Arrays.stream(in).mapToDouble(i -> x[i]).toArray(),
              Arrays.stream(in).mapToDouble(i -> reward()[i]).toArray())
          / fit.slope();
    }

    /**
     * How much the rise of the reward for a nat of KL falls over the run, by a parabola, as a share
     * of its mean rise; above 0 where the reward is concave in the KL, 0 for a line.
     */
    double concavity() {
      double[] kl = curves.of(Metrics.KL_EXACT);
      return -LineFit.bend(kl, reward()) / LineFit.of(kl, reward()).slope();
    }

    /** Points in the range of the lines. */
    int[] inRange() {
      double[] x = distance();
      return IntStream.range(0, x.length).filter(i -> x[i] <= TO).toArray();
    }
  }

  @Override
  public StudyResult analyse(StudyData data) {
    List<String> tests = data.levels("test", "size");
    List<Policy> policies = new ArrayList<>();
    for (StudyRun run : data.role("ppo")) {
      policies.add(policy(data, run, tests));
    }
    policies.sort(Comparator.comparingLong(Policy::parameters));
    Map<String, List<Policy>> bySize = new LinkedHashMap<>();
    policies.forEach(
        policy -> bySize.computeIfAbsent(policy.size(), _ -> new ArrayList<>()).add(policy));
    if (bySize.size() < 2) {
      throw new UserError("lines are compared between sizes: 'size' needs two or more levels");
    }
    Map<String, List<Policy>> bySeed = new LinkedHashMap<>();
    policies.forEach(
        policy -> bySeed.computeIfAbsent(policy.seed(), _ -> new ArrayList<>()).add(policy));
    List<PaperCard> cards = new ArrayList<>();
    cards.add(linear(policies));
    cards.add(concave(policies));
    cards.add(parallel(bySeed, bySize));
    cards.add(theory(bySize));
    cards.addAll(testScores(data, bySeed, tests));
    return new StudyResult(
        List.of(
            points(policies, tests),
            fits(policies, bySize),
            parallelTest(bySeed),
            predictions(bySeed),
            testTable(data, bySize, tests),
            gaps(bySize, tests)),
        cards,
        List.of(
            "lines are fitted for sqrt(KL) up to %s, KL exact and per response".formatted(TO),
            "one base model of each size: intervals hold for these, over preference models,"
                + " prompts and responses",
            "the F test of the table 'parallel_test' takes points as independent and finds"
                + " differences too easily; the card is over seeds"));
  }

  private static Policy policy(StudyData data, StudyRun run, List<String> tests) {
    List<String> metrics = new ArrayList<>(List.of(Metrics.KL_EXACT, Metrics.PM_SCORE));
    metrics.add(Metrics.TRAIN_SCORE);
    tests.forEach(test -> metrics.add(Metrics.TEST.of(test)));
    RunCurves curves = RunCurves.of(run, metrics.toArray(String[]::new));
    Optional<RewardKlFit> fit =
        RewardKlFit.of(
            curves.steps(), curves.of(Metrics.KL_EXACT), curves.of(Metrics.PM_SCORE), RANGE);
    StudyRun sampled =
        data.alike(run, "spread").stream()
            .findFirst()
            .orElseThrow(() -> new UserError("run " + run.id() + " has no 'spread' beside it"));
    return new Policy(
        run,
        run.level("size"),
        run.level("seed"),
        run.parametersWithoutEmbeddings(),
        curves,
        fit.orElseThrow(
            () ->
                new UserError(
                    ("run %s has fewer than 3 points with sqrt(KL) up to %s; give it a lower"
                            + " learning rate")
                        .formatted(run.id(), TO))),
        spread(sampled.table("responses")));
  }

  private static double spread(ResultTable responses) {
    Map<Double, Moments> prompts = new LinkedHashMap<>();
    for (int i = 0; i < responses.size(); i++) {
      prompts
          .computeIfAbsent(responses.number(i, "prompt_index"), _ -> new Moments())
          .add(responses.number(i, "score"));
    }
    return Math.sqrt(
        prompts.values().stream().mapToDouble(Moments::variance).average().orElse(Double.NaN));
  }

  private static ResultTable points(List<Policy> policies, List<String> tests) {
    ResultTable.Builder table =
        ResultTable.named("reward_kl")
            .text("run", "the run")
            .text("size", "size of the policy")
            .text("seed", "level of the axis")
            .number("step", "iteration", "updates of the policy")
            .number("kl", "nat", "exact KL to the reference policy, per response")
            .number("sqrt_kl", "sqrt(nat)", "square root of the KL")
            .number("reward", "nat", "mean score that is trained on")
            .number("gain", "nat", "the same less that of step 0");
    for (String test : tests) {
      table.number("test_" + test, "nat", "gain of the score of the test model " + test);
    }
    for (Policy policy : policies) {
      double[] gain = policy.curves().gain(Metrics.PM_SCORE);
      for (int i = 0; i < policy.curves().size(); i++) {
        List<Object> row =
            new ArrayList<>(
                List.of(
                    policy.run().name(),
                    policy.size(),
                    policy.seed(),
                    policy.curves().step(i),
                    policy.curves().of(Metrics.KL_EXACT)[i],
                    policy.distance()[i],
                    policy.reward()[i],
                    gain[i]));
        for (String test : tests) {
          row.add(policy.curves().gain(Metrics.TEST.of(test))[i]);
        }
        table.row(row);
      }
    }
    return table.build();
  }

  private static ResultTable fits(List<Policy> policies, Map<String, List<Policy>> bySize) {
    ResultTable.Builder table =
        ResultTable.named("lines")
            .text("size", "size of the policy")
            .text("seed", "level of the axis, or mean over seeds")
            .number("parameters", "", "numbers of the policy without embeddings")
            .number("slope", "nat/sqrt(nat)", "of reward against sqrt(KL) on the range")
            .number("low", "nat/sqrt(nat)", "lower end of its 95 % interval")
            .number("high", "nat/sqrt(nat)", "upper end of its 95 % interval")
            .text("interval", "block bootstrap of the run's residuals, or t over seeds")
            .number("intercept", "nat", "value of the line at 0")
            .number("r_squared", "fraction", "share of the variance that the line explains")
            .number("durbin_watson", "", "near 2 where residuals are not correlated")
            .number("departure", "iteration", "step where the run leaves the line for good")
            .number("bend", "fraction", "change of the slope over the range, over the slope")
            .number("spread", "nat", "s: deviation of the score for a fixed prompt at the start")
            .number("theory", "nat/sqrt(nat)", "sqrt(2) s")
            .number("n", "", "points in the range, or runs");
    for (Policy policy : policies) {
      RewardKlFit fit = policy.fit();
      table.row(
          policy.size(),
          policy.seed(),
          policy.parameters(),
          fit.slope(),
          fit.bootstrap().low(),
          fit.bootstrap().high(),
          "block bootstrap",
          fit.intercept(),
          fit.rSquared(),
          fit.durbinWatson(),
          fit.departure().isPresent() ? (double) fit.departure().getAsLong() : Double.NaN,
          policy.bend(),
          policy.spread(),
          policy.theory(),
          fit.n());
    }
    bySize.forEach(
        (size, runs) -> {
          RewardKlFit.Slope slope =
              RewardKlFit.acrossRuns(runs.stream().map(Policy::fit).toList(), OverSeeds.LEVEL);
          Moments theory = new Moments();
          Moments spread = new Moments();
          runs.forEach(run -> theory.add(run.theory()));
          runs.forEach(run -> spread.add(run.spread()));
          table.row(
              size,
              "mean over seeds",
              runs.getFirst().parameters(),
              slope.mean(),
              slope.interval().low(),
              slope.interval().high(),
              "t over seeds",
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              spread.mean(),
              theory.mean(),
              slope.runs());
        });
    return table.build();
  }

  /** The F test within each seed, whose runs share a preference model. */
  private static ResultTable parallelTest(Map<String, List<Policy>> bySeed) {
    ResultTable.Builder table =
        ResultTable.named("parallel_test")
            .text("seed", "level of the axis")
            .number("common_slope", "nat/sqrt(nat)", "one slope for all sizes")
            .number("f", "", "F of slopes of their own against one slope")
            .number("numerator", "", "degrees of freedom above")
            .number("denominator", "", "degrees of freedom below")
            .number("probability", "", "of a larger F where lines are parallel; naive");
    bySeed.forEach(
        (seed, runs) -> {
          List<ParallelLines.Group> groups = new ArrayList<>();
          for (Policy run : runs) {
            double[] x = run.distance();
            double[] y = run.reward();
            int[] in = run.inRange();
            groups.add(
                new ParallelLines.Group(
                    run.size(),
                    Arrays.stream(in).mapToDouble(i -> x[i]).toArray(),
                    Arrays.stream(in).mapToDouble(i -> y[i]).toArray()));
          }
          if (groups.size() > 1) {
            ParallelLines lines = ParallelLines.of(groups, OverSeeds.LEVEL);
            table.row(
                seed,
                lines.common().value(),
                lines.f(),
                lines.numerator(),
                lines.denominator(),
                lines.probability().orElse(Double.NaN));
          }
        });
    return table.build();
  }

  /**
   * The paper's use of parallel lines: the largest policy's reward at the end of the range from its
   * reward at the start and the smaller policies' mean slope.
   */
  private static ResultTable predictions(Map<String, List<Policy>> bySeed) {
    ResultTable.Builder table =
        ResultTable.named("predictions")
            .text("seed", "level of the axis")
            .text("size", "the largest policy")
            .number("sqrt_kl", "sqrt(nat)", "mean over the last fifth of its run")
            .number("predicted", "nat", "its reward at step 0 + smaller policies' slope * sqrt(KL)")
            .number("measured", "nat", "its mean reward there")
            .number("start", "nat", "its reward at step 0");
    bySeed.forEach(
        (seed, runs) -> {
          Policy largest = runs.getLast();
          double slope =
              runs.subList(0, runs.size() - 1).stream()
                  .mapToDouble(run -> run.fit().slope())
                  .average()
                  .orElse(Double.NaN);
          int from = largest.curves().lastPart(LAST);
          double at = RunCurves.meanFrom(largest.distance(), from);
          table.row(
              seed,
              largest.size(),
              at,
              largest.reward()[0] + slope * at,
              RunCurves.meanFrom(largest.reward(), from),
              largest.reward()[0]);
        });
    return table.build();
  }

  /** A test model's score of a policy's last responses, less the model's held-out mean. */
  private static double testScore(StudyData data, Policy policy, String test) {
    StudyRun model =
        data.role("test").stream()
            .filter(run -> run.level("size").equals(test))
            .filter(run -> run.level("seed").equals(policy.seed()))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserError(
                        "no test preference model of size %s and seed %s is finished"
                            .formatted(test, policy.seed())));
    double[] centred = policy.curves().of(Metrics.TEST.of(test));
    return RunCurves.meanFrom(centred, policy.curves().lastPart(LAST))
        + policy.run().last(Metrics.TEST_CENTRE.of(test))
        - model.last(Metrics.EVAL_SCORE_MEAN);
  }

  private static ResultTable testTable(
      StudyData data, Map<String, List<Policy>> bySize, List<String> tests) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("test_scores")
                .text("policy", "size of the policy")
                .number("parameters", "", "numbers of the policy without embeddings")
                .text("test", "size of the test preference model"),
            "score",
            "nat",
            "last fifth of the run, less the model's held-out mean");
    bySize.forEach(
        (size, runs) ->
            tests.forEach(
                test -> {
                  Moments moments = new Moments();
                  runs.forEach(run -> moments.add(testScore(data, run, test)));
                  OverSeeds.row(table, moments, size, runs.getFirst().parameters(), test);
                }));
    return table.build();
  }

  private static ResultTable gaps(Map<String, List<Policy>> bySize, List<String> tests) {
    ResultTable.Builder table =
        GapRows.columns(
            ResultTable.named("gap_by_size")
                .text("policy", "size of the policy")
                .text("test", "size of the test preference model"),
            "gain of the score trained on less that of the test model");
    bySize.forEach(
        (size, runs) ->
            tests.forEach(
                test -> {
                  GapOnset onset =
                      RunCurves.gapOnset(
                          runs.stream().map(Policy::curves).toList(),
                          Metrics.TRAIN_SCORE,
                          Metrics.TEST.of(test));
                  GapRows.add(table, onset, size, test);
                }));
    return table.build();
  }

  /** Straight or not: the bend, whose size does not depend on the noise as R^2 does. */
  private static PaperCard linear(List<Policy> policies) {
    OverSeeds bend = new OverSeeds();
    policies.forEach(policy -> bend.add(policy.seed(), policy.bend()));
    long left = policies.stream().filter(policy -> policy.fit().departure().isPresent()).count();
    return bend.equalityTold(
        "reward-linear-in-sqrt-kl",
        "Figs 4, 13; section 4.3",
        "the reward is roughly linear in sqrt(KL) for much of training",
        LARGEST_BEND,
        String.format(
            Locale.ROOT,
            "up to sqrt(KL) %.1f the slope changes by a share of %s (straight: within %.2f); R^2"
                + " %.3f on average; %d of %d runs leave the line before their end",
            TO,
            bend.said(""),
            LARGEST_BEND,
            mean(policies, policy -> policy.fit().rSquared()),
            left,
            policies.size()));
  }

  /** In the KL itself. */
  private static PaperCard concave(List<Policy> policies) {
    OverSeeds difference = new OverSeeds();
    policies.forEach(policy -> difference.add(policy.seed(), policy.concavity()));
    return difference.effect(
        "reward-concave-in-kl",
        "Figs 4, 13; section 4.3",
        "the reward rises concavely in the KL itself: ever less for each further nat",
        "of the mean rise per nat of KL: how much that rise falls from the least KL of a run to the"
            + " largest, by a parabola, mean over sizes",
        SMALLEST_CONCAVITY);
  }

  private static double mean(List<Policy> runs, ToDoubleFunction<Policy> quantity) {
    return runs.stream().mapToDouble(quantity).average().orElse(Double.NaN);
  }

  /** The largest size against the smallest, by seed. */
  private static PaperCard parallel(
      Map<String, List<Policy>> bySeed, Map<String, List<Policy>> bySize) {
    OverSeeds difference = new OverSeeds();
    for (List<Policy> runs : bySeed.values()) {
      double slope = mean(runs, run -> run.fit().slope());
      difference.add(
          runs.getFirst().seed(),
          (runs.getLast().fit().slope() - runs.getFirst().fit().slope()) / slope);
    }
    return difference.equalityTold(
        "lines-parallel",
        "Fig 13; section 4.3",
        "lines of policies of different sizes are roughly parallel where they share a preference"
            + " model",
        LARGEST_DIFFERENCE,
        "largest less smallest size, as a share of the mean slope: "
            + difference.said("")
            + String.format(Locale.ROOT, " (parallel: within %.2f)", LARGEST_DIFFERENCE)
            + slopes(bySize));
  }

  private static String slopes(Map<String, List<Policy>> bySize) {
    StringBuilder text = new StringBuilder();
    bySize.forEach(
        (size, runs) ->
            text.append(
                String.format(
                    Locale.ROOT, "; %s: %.3f", size, mean(runs, run -> run.fit().slope()))));
    return text + " nats per sqrt(nat)";
  }

  private static PaperCard theory(Map<String, List<Policy>> bySize) {
    OverSeeds ratio = new OverSeeds();
    bySize
        .values()
        .forEach(
            runs ->
                runs.forEach(run -> ratio.add(run.seed(), run.fit().slope() / run.theory() - 1)));
    StringBuilder each = new StringBuilder();
    bySize.forEach(
        (size, runs) ->
            each.append(
                String.format(
                    Locale.ROOT,
                    "; %s: %.2f",
                    size,
                    mean(runs, run -> run.fit().slope() / run.theory()))));
    return ratio.equalityTold(
        "slope-sqrt2-s",
        "derived from section 4.3",
        "in the small-change regime the reward gained is sqrt(2) s sqrt(KL), s the reward's"
            + " deviation at the start",
        LARGEST_DIFFERENCE,
        "slope over sqrt(2) s, less 1: "
            + ratio.said("")
            + String.format(Locale.ROOT, " (met: within %.2f)", LARGEST_DIFFERENCE)
            + each
            + " of the theory's slope, which is the most that a gain can be for a normal reward");
  }

  /** Rise of the test score with the logarithm of the policy's parameters, by seed. */
  private static List<PaperCard> testScores(
      StudyData data, Map<String, List<Policy>> bySeed, List<String> tests) {
    OverSeeds rise = new OverSeeds(); // by the largest test model
    OverSeeds steeper = new OverSeeds();
    String last = tests.getLast();
    for (List<Policy> runs : bySeed.values()) {
      String seed = runs.getFirst().seed();
      double largest = rise(runs, run -> testScore(data, run, last));
      rise.add(seed, largest);
      steeper.add(seed, largest - rise(runs, run -> testScore(data, run, tests.getFirst())));
    }
    List<PaperCard> cards = new ArrayList<>();
    cards.add(
        rise.effectTold(
            "test-score-with-policy-size",
            "Fig 33",
            "larger policies reach a higher test score with the same samples",
            SMALLEST_RISE,
            "%s, test model %s"
                .formatted(rise.said("nats per e-fold of the policy's parameters"), last)));
    if (tests.size() > 1) {
      cards.add(
          steeper.effectTold(
              "steeper-for-larger-test-models",
              "Fig 33",
              "larger test models see more of what larger policies gain",
              SMALLEST_RISE,
              "rise by test model %s less rise by %s: %s"
                  .formatted(
                      last,
                      tests.getFirst(),
                      steeper.said("nats per e-fold of the policy's parameters"))));
    }
    return cards;
  }

  private static double rise(List<Policy> runs, ToDoubleFunction<Policy> quantity) {
    return LineFit.of(
            runs.stream().mapToDouble(run -> Math.log((double) run.parameters())).toArray(),
            runs.stream().mapToDouble(quantity).toArray())
        .slope();
  }
}
