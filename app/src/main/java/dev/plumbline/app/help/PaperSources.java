package dev.plumbline.app.help;

import java.util.List;

/**
 * Where the paper (Bai et al. 2022, arXiv:2204.05862) speaks of what a metric or a table measures;
 * what it does not have says where else it comes from. Rules of a name's beginning, the longest
 * first.
 */
final class PaperSources {
  private record Rule(String beginning, String source) {}

  private static final String ENGINE = "Not in the paper: a reading of the program itself.";

  private static final List<Rule> METRICS =
      List.of(
          new Rule(
              "eval/length_accuracy", "§1.4 and Fig 34 compare with baselines; this one is ours."),
          new Rule("eval/logprob_accuracy", "App. B.3, Fig 34: mean log-probability as a ranker."),
          new Rule(
              "eval/accuracy", "§3.2, Figs 7 and 8: share of held-out pairs ranked as people did."),
          new Rule(
              "eval/score_mean",
              "App. B.2: scores are compared after a held-out mean is taken off."),
          new Rule("eval/loss", "§2.3: ln(1 + exp(r_bad − r_good)); App. A.1 for distillation."),
          new Rule("eval/n", "§2.3: the test part of the split."),
          new Rule("eval/agreement", "App. A.1, Fig 30: context distillation; the share is ours."),
          new Rule("agreement", "App. A.1, Fig 30: context distillation; the share is ours."),
          new Rule("teacher_remainder", "App. A.1: the 51st category of the top 50 + 1."),
          new Rule("loss", "§2.3 for preference models, App. A.1 for context distillation."),
          new Rule(
              "accuracy", "§2.3, §3.2, Fig 7: one epoch, so a learning curve is a scaling curve."),
          new Rule("margin", "§2.3 and §3.3, Fig 9: difference of two scores in nats."),
          new Rule("pm_score/pool/", "§4.1 and §4.4: prompts of several origins."),
          new Rule("kl_exact/pool/", "§4.1 and §4.4: prompts of several origins."),
          new Rule(
              "gold_reward/pool/", "Not in the paper; the synthetic world knows its true reward."),
          new Rule("pm_score", "§4.1, Eq 4.1: r_PM, the reward before the penalty."),
          new Rule(
              "score/gap/",
              "§4.2, Fig 4: train PM less test PM; their split is over-optimisation."),
          new Rule(
              "score/", "§4.2, App. B.2, Figs 4, 13 and 33: train and test preference models."),
          new Rule("reward_total", "§4.1, Eq 4.1: r_PM − λ_KL · D_KL."),
          new Rule("reward_score", "§4.1, Eq 4.1; other functions of the score are of §7.1."),
          new Rule("kl_penalty", "§4.1, Eq 4.1: λ_KL · D_KL with λ_KL = 0.001."),
          new Rule("gold_reward", "Not in the paper; the synthetic world knows its true reward."),
          new Rule(
              "held_out/gold/", "Not in the paper; the synthetic world knows its true reward."),
          new Rule("held_out/", "§4.2: evaluation on prompts that were not trained on."),
          new Rule("sqrt_kl", "§4.3, Figs 4 and 13: PM score is about linear in √KL."),
          new Rule(
              "approx_kl",
              "App. B.1 uses PPO; this monitor is Schulman's (2020), not the paper's."),
          new Rule("kl_", "§4.3: KL evaluated on the policy's samples; the estimators are ours."),
          new Rule("entropy", "§4.5 and §4.6 argue with it in words; no figure plots it."),
          new Rule("clip_fraction", "App. B.1: PPO with ε = 0.2; the monitor is not the paper's."),
          new Rule("ratio_", "App. B.1: PPO with ε = 0.2; the monitor is not the paper's."),
          new Rule("policy_loss", "App. B.1: PPO (Schulman et al. 2017, Eq 7)."),
          new Rule("value_", "Not in the paper; Schulman et al. 2017 and common practice."),
          new Rule("explained_variance", "Not in the paper; common practice."),
          new Rule("response_tokens", "App. B.1: responses of 32 or 128 tokens at most."),
          new Rule("eos_fraction", "Not in the paper; tells whether responses end by themselves."),
          new Rule("responses", "§4.1: RL samples are counted in responses."),
          new Rule("lambda_kl", "§4.1, Eq 4.1: λ_KL = 0.001."),
          new Rule("temperature", "§4.1: of the policy that is sampled and trained."),
          new Rule("ranker/", "App. B.3, Fig 34: the policy ranks by mean log-probability."),
          new Rule(
              "learning_rate", "App. A.2 and B.1: 1, 0.1, 0.01 of pretraining's; warm-up of 25k."),
          new Rule("", ENGINE));

  private static final List<Rule> TABLES =
      List.of(
          new Rule("accuracy_by_size_and_data", "§3.2, App. A.3, Figs 7, 31 and 32."),
          new Rule(
              "accuracy_above_threshold",
              "§3.3, Fig 25: pairs whose scores are both above a threshold."),
          new Rule("accuracy_by_margin", "§3.3, Fig 9: accuracy against the difference of scores."),
          new Rule(
              "accuracy_by_pretraining",
              "App. A.2: with and without preference-model pretraining."),
          new Rule("accuracy_by_tranche", "§4.5: 74 %, 70 % and 67 % on base, RS and online data."),
          new Rule("scaling_fit", "App. A.3, Eq A.1."),
          new Rule("calibration", "§3.3, Fig 9."),
          new Rule("mixture", "§5.1, Figs 19 and 26."),
          new Rule("skill", "§5.2, Fig 20."),
          new Rule("distillation", "App. A.1, Fig 30."),
          new Rule("auroc_by_outliers", "§5.4, Fig 23: outlier exposure."),
          new Rule("auroc", "§5.4, App. B.9, Figs 22 and 39."),
          new Rule("exposure", "§5.4, Fig 23: outlier exposure."),
          new Rule("operating_points", "§5.4, Fig 22 right: thresholds; their choice is ours."),
          new Rule("rejection", "§5.4: what a detector keeps out."),
          new Rule("best_of_k", "App. B.6, Fig 36; KL = ln k − (k − 1)/k."),
          new Rule("elo_diagnosis", "App. B.4, Fig 35: four estimates of one Elo."),
          new Rule("elo", "§2.4, App. B.5: Δ Elo = 400/ln 10 · Δ PM score, about 174."),
          new Rule("win_rates", "§2.4, App. B.5."),
          new Rule("matches", "§2.4, App. B.5."),
          new Rule("ratings", "§2.4, App. B.5."),
          new Rule("reward_kl", "§4.3, Figs 4 and 13."),
          new Rule("reward_curves", "§4.2, Fig 4."),
          new Rule("parallel_test", "§4.3: lines of several sizes are about parallel."),
          new Rule("predictions", "§4.3: a larger model's reward from a smaller one's line."),
          new Rule("gap_", "§4.2, Fig 4."),
          new Rule("test_scores", "§4.2, Fig 33."),
          new Rule("ends", "§4.2, Fig 33."),
          new Rule("ranker", "App. B.3, Fig 34."),
          new Rule("score_densities", "§4.5, Figs 14 and 15."),
          new Rule("data_scores", "§4.4, Fig 14."),
          new Rule("refusals", "§4.4: over-refusal in words; the rate is ours."),
          new Rule("diversity", "§4.5 argues with it in words; the measures are ours."),
          new Rule("ledger", "§4.5: which snapshots were deployed when."),
          new Rule("collect", "§2.3 and §4.5: deployed snapshots, compared by people."),
          new Rule("sheet", "§6, App. C: the median of 17 samples."),
          new Rule("tax", "§4.6.1, Figs 3, 28 and 29."),
          new Rule("mean-of-tasks", "§4.6.1, Figs 3, 28 and 29."),
          new Rule("options", "App. E: options by log-probability; Fig 5."),
          new Rule("answer", "App. B.7, Fig 37."),
          new Rule("text-scores", "§3.4.2, Fig 12; §6.1, Fig 24."),
          new Rule("label-auroc", "§3.4.2, Fig 12 left."),
          new Rule("pair-gap", "§3.4.2, Fig 12 right; App. B.10, Fig 40."),
          new Rule("held", "§3.2, Fig 7."),
          new Rule("accuracy", "§3.2, Figs 7 and 8."),
          new Rule("", "Rows behind a measurement; see the run's stage."));

  private PaperSources() {}

  /** Where a metric comes from. */
  static String ofMetric(String name) {
    return first(METRICS, name);
  }

  /** Where a table of results comes from. */
  static String ofTable(String name) {
    return first(TABLES, name);
  }

  private static String first(List<Rule> rules, String name) {
    return rules.stream()
        .filter(rule -> name.startsWith(rule.beginning()))
        .findFirst()
        .map(Rule::source)
        .orElse(ENGINE);
  }
}
