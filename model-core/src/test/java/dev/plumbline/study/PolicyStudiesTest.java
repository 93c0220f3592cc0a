package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.PaperCard.Verdict;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies of policies whose journals are written by hand, so that the answer is known. */
final class PolicyStudiesTest {
  /** Of a distribution with two degrees of freedom, over sqrt(3): published tables, 4.302653. */
  private static final double T = 4.302653 / Math.sqrt(3);

  @TempDir Path directory;

  private static String config(int width, int feedForward) {
    return """
    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 1024,
     "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 2,
     "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 160,
     "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
     "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true,
     "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    """
        .formatted(width, feedForward);
  }

  private Study study(String text) throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.writeString(directory.resolve("base/config.json"), config(32, 88));
    Files.writeString(directory.resolve("pairs.jsonl"), "{}\n");
    Files.writeString(directory.resolve("prompts.jsonl"), "{}\n");
    Path file = Files.writeString(directory.resolve("study.yaml"), text);
    return Study.create(new Runs(directory.resolve("workspace")), StudyPlan.read(file, Map.of()));
  }

  private static int k(StudyMember member) {
    return Integer.parseInt(level(member, "seed")) - 2;
  }

  private static String level(StudyMember member, String axis) {
    return Objects.requireNonNull(member.levels().get(axis), axis);
  }

  /** A finished run with its curves, by step, and a table. */
  private static void finish(
      Study study, StudyMember member, List<Map<String, Double>> curve, ResultTable... tables)
      throws IOException {
    RunDirectory run = study.run(member);
    Files.createDirectories(run.path());
    try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      for (int i = 0; i < curve.size(); i++) {
        if (curve.get(i).isEmpty()) {
          continue; // not measured at this step
        }
        journal.append(new JournalEvent.Metrics(i, i * 64L, i * 640L, 1, curve.get(i)));
      }
      for (ResultTable table : tables) {
        journal.append(TableFile.write(run.path(), 0, table));
      }
      journal.append(new JournalEvent.State(RunState.FINISHED, curve.size(), ""));
    }
  }

  private static ResultTable table(StudyResult result, String name) {
    return result.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PaperCard card(StudyResult result, String id) {
    return result.cards().stream().filter(card -> card.id().equals(id)).findFirst().orElseThrow();
  }

  private static int row(ResultTable table, String column, String value) {
    return table.texts(column).indexOf(value);
  }

  // ---- over-optimisation

  private Study overoptimisation() throws IOException {
    return study(
        """
        axes:
          data: [100, 1000]
          half: [a, b]
          seed: [1, 2, 3]
        runs:
          - role: pm
            over: [data, half, seed]
            spec:
              seed: "${seed}"
              preference:
                base: base
                data: [pairs.jsonl]
                max_comparisons: "${data}"
                split: {seed: 1, half: "${half}"}
          - role: ppo
            over: [data, seed]
            spec:
              seed: "${seed}"
              rlhf:
                policy: base
                reward: {preference_model: "run:pm[half=a]"}
                test_rewards: [{name: other-half, preference_model: "run:pm[half=b]"}]
                gold: sample-world/helpful
                prompts: [prompts.jsonl]
          - role: best-of-k
            over: [data, seed]
            spec:
              seed: "${seed}"
              best_of_k:
                policy: base
                reward: {preference_model: "run:pm[half=a]"}
                gold: sample-world/helpful
                prompts: [prompts.jsonl]
        analysis: overoptimisation
        """);
  }

  /** Gao et al.'s law of RL with alpha = beta = 1: d (1 - ln d). */
  private static double gold(double d) {
    return d > 0 ? d * (1 - Math.log(d)) : 0;
  }

  /**
   * The proxy gains 2 d; of that the test model does not see 0.4 + 0.01 k with little data and 0.1
   * + 0.01 k with much, k = seed - 2. Best-of-k gains 2 d, and d (1 - 0.2 d) of gold.
   */
  private static void finishOveroptimisation(Study study) throws IOException {
    finishOveroptimisation(study, 1);
  }

  /** The same, where seed 3 is measured at every so many steps only. */
  private static void finishOveroptimisation(Study study, int every) throws IOException {
    for (StudyMember member : study.plannedRuns()) {
      switch (member.role()) {
        case "pm" ->
            finish(
                study,
                member,
                List.of(
                    Map.of(
                        Metrics.EVAL_ACCURACY,
                        0.7,
                        Metrics.EVAL_ACCURACY_LOW,
                        0.65,
                        Metrics.EVAL_ACCURACY_HIGH,
                        0.75,
                        Metrics.EVAL_N,
                        1000.0,
                        Metrics.EVAL_LENGTH_ACCURACY,
                        0.45)));
        case "ppo" -> {
          double lost = (level(member, "data").equals("100") ? 0.4 : 0.1) + 0.01 * k(member);
          List<Map<String, Double>> curve = new ArrayList<>();
          for (int i = 0; i <= 40; i++) {
            double d = i / 10.0;
            Map<String, Double> values = new HashMap<>();
            values.put(Metrics.KL_EXACT, d * d);
            values.put(Metrics.PM_SCORE, 5 + 2 * d);
            values.put(Metrics.TRAIN_SCORE, 2 * d);
            values.put(Metrics.TEST.of("other-half"), 2 * d * (1 - lost));
            values.put(Metrics.GAP.of("other-half"), 2 * d * lost);
            values.put(Metrics.GAP.of("other-half") + Metrics.LOW, 2 * d * lost - 0.1);
            values.put(Metrics.GAP.of("other-half") + Metrics.HIGH, 2 * d * lost + 0.1);
            values.put(Metrics.GOLD_REWARD, gold(d) - 3);
            values.put(Metrics.ENTROPY, 1.0);
            curve.add(k(member) == 1 && i % every != 0 ? Map.of() : values);
          }
          finish(study, member, curve);
        }
        default -> {
          ResultTable.Builder best =
              ResultTable.named("best_of_k")
                  .number("k", "", "")
                  .number("kl", "nat", "")
                  .number("score", "nat", "")
                  .number("gold", "nat", "")
                  .number("prompts", "", "");
          for (int k = 1; k <= 16; k *= 2) {
            double kl = Math.log(k) - (k - 1.0) / k;
            double d = Math.sqrt(kl);
            best.row(k, kl, 1 + 2 * d, d * (1 - 0.2 * d) - 3, 64);
          }
          finish(study, member, List.of(), best.build());
        }
      }
    }
  }

  @Test
  void overoptimisationIsFoundWithItsLawsAndItsOnset() throws IOException {
    Study study = overoptimisation();
    finishOveroptimisation(study);
    StudyResult result = StudyReports.recompute(study);
    CatalogueFigures.checkAll("overoptimisation", result);

    ResultTable fits = table(result, "fits");
    int rl = row(fits, "law", "RL");
    assertThat(fits.number(rl, "alpha")).isCloseTo(1, within(1e-9));
    assertThat(fits.number(rl, "beta")).isCloseTo(1, within(1e-9));
    // d* = exp(alpha/beta - 1) = 1 and the gain there beta d* = 1
    assertThat(fits.number(rl, "peak")).isCloseTo(1, within(1e-9));
    assertThat(fits.number(rl, "peak_gold")).isCloseTo(1, within(1e-9));
    // The first of the 41 points and of the 5 of best-of-k is where gains are counted from.
    assertThat(fits.number(rl, "n")).isEqualTo(40);
    int bon = row(fits, "law", "BON");
    assertThat(fits.number(bon, "n")).isEqualTo(4);
    // d* = alpha / (2 beta) = 2.5, beyond sqrt(ln 16 - 15/16) = 1.35
    assertThat(fits.number(bon, "peak")).isCloseTo(2.5, within(1e-9));
    assertThat(fits.text(bon, "peak_note")).isEqualTo("beyond the points");

    ResultTable ends = table(result, "ends");
    // 41 points, the last 8 of them: d from 3.3 to 4.0, 3.65 on average; proxy 7.3, gap 0.4 of it
    assertThat(ends.number(row(ends, "quantity", "proxy"), "value")).isCloseTo(7.3, within(1e-9));
    int gap = row(ends, "quantity", "gap");
    assertThat(ends.number(gap, "value")).isCloseTo(2.92, within(1e-9));
    assertThat(ends.number(gap, "high")).isCloseTo(2.92 + 0.073 * T, within(1e-6));

    // at the first step the gaps of the seeds are 0.078, 0.08 and 0.082: onset at once
    ResultTable gaps = table(result, "gap_over_seeds");
    assertThat(gaps.number(0, "step")).isEqualTo(1);
    assertThat(gaps.number(0, "gap")).isCloseTo(0.08, within(1e-9));
    assertThat(gaps.number(0, "onset")).isEqualTo(1);

    assertThat(card(result, "zero-at-start").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "gap-grows").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "gap-grows").measured())
        .contains("0.250 (95 % t interval over 3 seeds 0.225 to 0.275)", "onset at step 1");
    assertThat(card(result, "gap-smaller-with-data").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "gap-smaller-with-data").measured()).contains("0.400", "0.100");
    assertThat(card(result, "gold-behind-proxy").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "gold-turns").verdict()).isEqualTo(Verdict.SAME);
    // The second fifth, d from 0.9 to 1.6, against the last, from 3.3 to 4.0.
    double lost = 0;
    for (int i = 9; i <= 16; i++) {
      lost += gold(i / 10.0) / 8 - gold((i + 24) / 10.0) / 8;
    }
    assertThat(card(result, "gold-turns").measured()).contains("%.3f nats".formatted(lost));
    assertThat(card(result, "best-of-k-starts-with-rl").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "best-of-k-starts-with-rl").measured())
        .contains("RL 2.000, best-of-k 2.000", "11.0 points a run");
  }

  @Test
  void seedsAreComparedAtTheStepsThatAllOfThemHave() throws IOException {
    Study study = overoptimisation();
    finishOveroptimisation(study, 4);
    ResultTable gaps = table(StudyReports.recompute(study), "gap_over_seeds");
    // d is a tenth of the step; with little data the gaps are 2 d times 0.39, 0.40 and 0.41.
    assertThat(gaps.number(0, "step")).isEqualTo(4);
    assertThat(gaps.number(0, "gap")).isCloseTo(0.32, within(1e-9));
    assertThat(gaps.number(9, "step")).isEqualTo(40);
    assertThat(gaps.number(9, "gap")).isCloseTo(3.2, within(1e-9));
    assertThat(gaps.size()).isEqualTo(20);
  }

  @Test
  void aRunWithoutATestModelIsNamed() throws IOException {
    Study study = overoptimisation();
    for (StudyMember member : study.plannedRuns()) {
      if (member.role().equals("ppo")) {
        finish(
            study,
            member,
            List.of(
                Map.of(Metrics.KL_EXACT, 0.0, Metrics.PM_SCORE, 0.0, Metrics.TRAIN_SCORE, 0.0)));
      }
    }
    assertThatThrownBy(() -> StudyReports.recompute(study))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has no metric 'score/test/other-half'");
  }

  // ---- the law of reward against sqrt(KL)

  /** 2 (4 w^2 + 3 w f + 2 w) + w: see {@link StudyReportsTest}. */
  private static final Map<String, Integer> PARAMETERS = Map.of("small", 25_248, "large", 100_672);

  private Study klLaw() throws IOException {
    return study(
        """
        axes:
          size: {small: {RATE: 0.1}, large: {RATE: 0.2}}
          seed: [1, 2, 3]
        runs:
          - role: test
            over: [size, seed]
            spec:
              seed: "${seed}"
              preference: {base: base, data: [pairs.jsonl], learning_rate: "${RATE}"}
          - role: ppo
            over: [size, seed]
            spec:
              seed: "${seed}"
              rlhf:
                policy: base
                reward: {preference_model: base}
                test_rewards:
                  - {name: small, preference_model: "run:test[size=small]"}
                  - {name: large, preference_model: "run:test[size=large]"}
                prompts: [prompts.jsonl]
                learning_rate: "${RATE}"
          - role: spread
            over: [size, seed]
            spec:
              seed: "${seed}"
              best_of_k:
                policy: base
                reward: {preference_model: base}
                prompts: [prompts.jsonl]
                temperature: "${RATE}"
        analysis: kl-law
        """);
  }

  /**
   * Reward 1 + (1 + 0.02 k) d for the small, 3 + (1 + 0.02 k + more) d for the large policy; test
   * models gain 0.1 d ln P and 0.3 d ln P. For each prompt the scores are 0.5 from their middle:
   * variance 0.5, so sqrt(2) s = 1.
   */
  private static void finishKlLaw(Study study, double more) throws IOException {
    for (StudyMember member : study.plannedRuns()) {
      String size = level(member, "size");
      switch (member.role()) {
        case "test" -> finish(study, member, List.of(Map.of(Metrics.EVAL_SCORE_MEAN, 0.2)));
        case "ppo" -> {
          boolean large = size.equals("large");
          double slope = 1 + 0.02 * k(member) + (large ? more : 0);
          double logarithm = Math.log(PARAMETERS.getOrDefault(size, 0));
          List<Map<String, Double>> curve = new ArrayList<>();
          for (int i = 0; i < 25; i++) {
            double d = i / 10.0;
            curve.add(
                Map.of(
                    Metrics.KL_EXACT,
                    d * d,
                    Metrics.PM_SCORE,
                    (large ? 3 : 1) + slope * d,
                    Metrics.TRAIN_SCORE,
                    slope * d,
                    Metrics.TEST.of("small"),
                    0.1 * d * logarithm,
                    Metrics.TEST.of("large"),
                    0.3 * d * logarithm,
                    Metrics.TEST_CENTRE.of("small"),
                    0.5,
                    Metrics.TEST_CENTRE.of("large"),
                    0.5));
          }
          Path model = study.run(member).path().resolve("checkpoints/10/model");
          Files.createDirectories(model);
          Files.writeString(model.resolve("config.json"), large ? config(64, 176) : config(32, 88));
          finish(study, member, curve);
        }
        default ->
            finish(
                study,
                member,
                List.of(),
                ResultTable.named("responses")
                    .number("prompt_index", "", "")
                    .number("score", "nat", "")
                    .row(0, 1.5)
                    .row(0, 2.5)
                    .row(1, -4.5)
                    .row(1, -3.5)
                    .build());
      }
    }
  }

  @Test
  void linesOfEqualSlopeAreStraightParallelAndAsTheorySays() throws IOException {
    Study study = klLaw();
    finishKlLaw(study, 0);
    StudyResult result = StudyReports.recompute(study);
    CatalogueFigures.checkAll("kl-law", result);
    ResultTable lines = table(result, "lines");
    assertThat(lines.number(0, "slope")).isCloseTo(0.98, within(1e-9));
    assertThat(lines.number(0, "parameters")).isEqualTo(25_248);
    assertThat(lines.number(0, "n")).isEqualTo(16); // sqrt(KL) 0 to 1.5
    assertThat(lines.number(0, "spread")).isCloseTo(Math.sqrt(0.5), within(1e-9));
    assertThat(lines.number(0, "theory")).isCloseTo(1, within(1e-9));
    int mean = row(lines, "seed", "mean over seeds");
    assertThat(lines.number(mean, "high")).isCloseTo(1 + 0.02 * T, within(1e-6));
    ResultTable predictions = table(result, "predictions");
    // The last five points have sqrt(KL) 2.2 on average: 3 + 0.98 * 2.2.
    assertThat(predictions.number(0, "predicted")).isCloseTo(5.156, within(1e-9));
    assertThat(predictions.number(0, "measured")).isCloseTo(5.156, within(1e-9));
    ResultTable scores = table(result, "test_scores");
    assertThat(scores.number(0, "score")).isCloseTo(0.22 * Math.log(25_248) + 0.3, within(1e-9));
    for (String id :
        List.of(
            "reward-linear-in-sqrt-kl",
            "reward-concave-in-kl",
            "lines-parallel",
            "slope-sqrt2-s")) {
      assertThat(card(result, id).verdict()).as(id).isEqualTo(Verdict.SAME);
    }
    assertThat(card(result, "slope-sqrt2-s").measured()).contains("-0.050 to 0.050");
    // The parabola of least squares through y = sqrt(x) at x = 0, 0.01, ..., 5.76, by the normal
    // equations in fractions, whatever the line's slope: -2c (5.76 - 0) over the mean slope.
    assertThat(card(result, "reward-concave-in-kl").measured()).startsWith("1.7328 of the mean");
    // 2.2 times 0.3 nats per e-fold of P, and 2.2 times 0.3 - 0.1
    assertThat(card(result, "test-score-with-policy-size").measured()).startsWith("0.660 nats");
    assertThat(card(result, "steeper-for-larger-test-models").measured()).contains(": 0.440 nats");
    assertThat(card(result, "steeper-for-larger-test-models").verdict()).isEqualTo(Verdict.SAME);
  }

  @Test
  void linesOfDifferentSlopesAreNotParallel() throws IOException {
    Study study = klLaw();
    finishKlLaw(study, 1);
    StudyResult result = StudyReports.recompute(study);
    assertThat(card(result, "lines-parallel").verdict()).isEqualTo(Verdict.CHANGED);
    ResultTable test = table(result, "parallel_test");
    assertThat(test.number(0, "common_slope")).isCloseTo(1.48, within(1e-9));
    assertThat(test.number(0, "probability")).isLessThan(1e-6);
  }

  // ---- helpful and harmless

  private Study tension() throws IOException {
    return study(
        """
        axes:
          share: {even: {SHARE: 1}, heavy: {SHARE: 4}}
          seed: [1, 2, 3]
        runs:
          - role: pm
            over: [seed]
            spec: {seed: "${seed}", preference: {base: base, data: [pairs.jsonl]}}
          - role: ppo
            over: [share, seed]
            spec:
              seed: "${seed}"
              rlhf:
                policy: base
                reward: {preference_model: run:pm}
                prompt_pools:
                  - {name: helpful, files: [prompts.jsonl], share: "${SHARE}"}
                  - {name: red-team, files: [pairs.jsonl]}
          - role: answers
            over: [seed]
            spec:
              seed: "${seed}"
              sample_sheet:
                players: [{name: base, model: base}, {name: even, model: "run:ppo[share=even]"}]
                sets: [{tag: helpful, files: [prompts.jsonl]}]
                ranker: {preference_model: run:pm}
        analysis: tension
        """);
  }

  private static ResultTable heldOut() {
    ResultTable.Builder table =
        ResultTable.named("held-out-comparisons")
            .text("part", "")
            .number("r_chosen", "nat", "")
            .number("r_rejected", "nat", "");
    for (int i = 0; i < 50; i++) { // all whole numbers from 0 to 99, once each
      table.row("helpful", 2 * i + 1, 2 * i);
      table.row("harmless", i, i + 50);
    }
    return table.build();
  }

  private static ResultTable sheet() {
    ResultTable.Builder table =
        ResultTable.named("sheet").text("model", "").text("tag", "").text("response", "");
    for (int i = 0; i < 10; i++) {
      table.row("base", "helpful", "3 plus 4 is 7.");
      table.row("even", "helpful", "3 plus 4 is 8.");
      table.row("heavy", "helpful", "3 plus 4 is 9.");
      table.row("base", "red-team", i == 0 ? "No, I must  refuse. it is wrong." : "take it.");
      table.row("even", "red-team", i == 0 ? "take it." : "sure! i will not do that.");
      table.row("heavy", "red-team", "take it.");
    }
    return table.build();
  }

  @Test
  void tensionIsReadAgainstTheDataAndFromTheAnswers() throws IOException {
    Study study = tension();
    for (StudyMember member : study.plannedRuns()) {
      switch (member.role()) {
        case "pm" -> finish(study, member, List.of(), heldOut());
        case "answers" -> finish(study, member, List.of(), sheet());
        default -> {
          boolean even = level(member, "share").equals("even");
          finish(
              study,
              member,
              List.of(
                  Map.of(
                      Metrics.HELD_OUT_SCORE.of("helpful"),
                      50.0,
                      Metrics.HELD_OUT_SCORE.of("red-team"),
                      50.0,
                      Metrics.HELD_OUT_GOLD.of("helpful"),
                      0.0),
                  Map.of(
                      Metrics.HELD_OUT_SCORE.of("helpful"),
                      even ? 60.5 : 70.5,
                      Metrics.HELD_OUT_SCORE.of("red-team"),
                      (even ? 95.5 : 80.5) + k(member),
                      Metrics.HELD_OUT_GOLD.of("helpful"),
                      even ? 0.5 : 0.4)));
        }
      }
    }
    StudyResult result = StudyReports.recompute(study);
    CatalogueFigures.checkAll("tension", result);
    // Of 0 to 99, 95 + k + 1 are below 95.5 + k: shares 0.95, 0.96, 0.97
    PaperCard tail = card(result, "harmless-upper-tail");
    assertThat(tail.verdict()).isEqualTo(Verdict.SAME);
    assertThat(tail.measured())
        // ln(0.96 / 0.04) -+ 0.0248414 / (0.96 * 0.04) = 3.178054 -+ 0.646912
        .contains("0.960 (95 % t interval over 3 seeds 0.926 to 0.979)");
    assertThat(card(result, "harmless-beyond-helpful").measured()).contains("0.350", "0.610");
    // The whole numbers 0 to 99 have variance (100^2 - 1)/12 * 100/99 = 841.67: 10 of 29.01.
    assertThat(card(result, "helpful-share-raises-score").measured()).contains(": 0.345 dev");
    assertThat(card(result, "helpful-share-raises-score").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "helpful-share-raises-gold").verdict()).isEqualTo(Verdict.ABSENT);
    assertThat(card(result, "refuses-harmful").measured())
        .contains("0.800", "base 0.100", "with heavy prompts 0.000");
    assertThat(card(result, "refuses-harmful").verdict()).isEqualTo(Verdict.SAME);
    assertThat(card(result, "refuses-benign").verdict()).isEqualTo(Verdict.ABSENT);
    ResultTable scores = table(result, "data_scores");
    assertThat(scores.number(10, "quantile")).isEqualTo(0.5);
    assertThat(scores.number(10, "score")).isCloseTo(49.5, within(0.51));
    ResultTable refusals = table(result, "refusals");
    assertThat(refusals.number(0, "n")).isEqualTo(10);
  }
}
