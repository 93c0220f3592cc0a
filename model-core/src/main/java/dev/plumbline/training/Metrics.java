package dev.plumbline.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every metric that a run may journal; each is defined here and nowhere else.
 *
 * <p>In the definitions {@code t} runs over response tokens, the end token included and prompt and
 * padding left out; {@code ln pi}, {@code ln pi_ref} are log-probabilities at the sampling
 * temperature. "Mean over tokens" weighs every token of the batch alike; "mean over responses"
 * first sums over a response's tokens. What stands at the length limit has no token behind it, and
 * nothing is counted there: every batch is held without padding.
 *
 * <p>The interval of a mean over responses is {@code mean +- 1.96 s / sqrt(n)} with the divisor n -
 * 1 in s. A mean over tokens is a ratio of two sums over responses, since a response's tokens are
 * not independent; its interval is that of the linearised ratio (Cochran 1977, section 2.11).
 */
public final class Metrics {
  /** Which way is good, if any. */
  public enum Better {
    /** Higher is better. */
    HIGHER,
    /** Lower is better. */
    LOWER,
    /** Read with the other curves; no direction is good in itself. */
    NEITHER
  }

  /**
   * One metric.
   *
   * @param name its name in journals, stores and files
   * @param label its name on charts
   * @param unit its unit, empty for a pure number
   * @param definition one line: formula and mask
   * @param better which way is good
   */
  public record Metric(String name, String label, String unit, String definition, Better better) {}

  /**
   * Metrics of one formula for things that a spec names: {@code score/test/halves} is {@link #TEST}
   * for the test preference model that the spec calls halves.
   *
   * @param prefix what their names begin with
   * @param label its name on charts, with NAME for the spec's name
   * @param unit its unit
   * @param definition one line, with NAME for the spec's name
   * @param better which way is good
   */
  public record Family(String prefix, String label, String unit, String definition, Better better) {
    /** The metric's name for one of the spec's names. */
    public String of(String name) {
      return prefix + name;
    }

    private Metric metric(String name) {
      return new Metric(
          prefix + name,
          label.replace("NAME", name),
          unit,
          definition.replace("NAME", name),
          better);
    }

    private Metric bound(String name, boolean low) {
      return new Metric(
          prefix + name + (low ? LOW : HIGH),
          label.replace("NAME", name) + (low ? ", low" : ", high"),
          unit,
          (low ? "Lower" : "Upper")
              + " end of the 95 % interval of "
              + prefix
              + name
              + ", Wilson's of an accuracy.",
          better);
    }
  }

  /** What the lower end of an interval is called behind the name of its estimate. */
  public static final String LOW = "_low";

  /** What the upper end of an interval is called behind the name of its estimate. */
  public static final String HIGH = "_high";

  private static final String PART = "[a-z0-9][a-z0-9-]{0,39}";

  private static final Map<String, Metric> ALL = new LinkedHashMap<>();
  private static final Map<String, Family> FAMILIES = new LinkedHashMap<>();

  /** Loss on the training batch. */
  public static final String LOSS =
      add(
          "loss",
          "Training loss",
          "nats",
          "Loss of this step's batch before its update. Pretraining: mean over predicted tokens of"
              + " -ln p(next token), padding left out. Preference: mean over comparisons of"
              + " ln(1 + exp(r_rejected - r_chosen)), each times its part's loss_weight over the"
              + " mean weight. Context distillation: mean over positions of the divergence of the"
              + " student from the prompted teacher in top_k + 1 categories.",
          Better.LOWER);

  /** Global gradient norm. */
  public static final String GRAD_NORM =
      add(
          "grad_norm",
          "Gradient norm",
          "",
          "Euclidean norm of the gradient over all model parameters before clipping; PPO: mean over"
              + " the iteration's optimiser steps, value head left out.",
          Better.NEITHER);

  /** Learning rate. */
  public static final String LEARNING_RATE =
      add(
          "learning_rate",
          "Learning rate",
          "",
          "Learning rate of AdamW used in this step, after warm-up, decay and steering.",
          Better.NEITHER);

  /** Throughput. */
  public static final String TOKENS_PER_SECOND =
      add(
          "tokens_per_second",
          "Tokens per second",
          "1/s",
          "Tokens of this step, padding left out, over its seconds. PPO: prompt and response tokens"
              + " of the batch over the whole iteration.",
          Better.HIGHER);

  /** Memory of the worker. */
  public static final String MEMORY_MB =
      add(
          "memory_mb",
          "Memory",
          "MB",
          "Resident memory of the worker process at the end of the step, in 10^6 bytes.",
          Better.LOWER);

  /** Memory of the GPU. */
  public static final String DEVICE_MEMORY_MB =
      add(
          "device_memory_mb",
          "GPU memory",
          "MB",
          "Memory in use on the run's GPU by all processes, as its driver says, every few seconds,"
              + " in 10^6 bytes; not there on the CPU.",
          Better.NEITHER);

  /** Memory of the worker on the GPU. */
  public static final String DEVICE_OWN_MEMORY_MB =
      add(
          "device_own_memory_mb",
          "GPU memory, own",
          "MB",
          "The worker process's part of device_memory_mb, the library's reserve included; not there"
              + " where the driver does not tell it by process, as in most containers.",
          Better.LOWER);

  /** Utilisation of the GPU. */
  public static final String DEVICE_UTILISATION =
      add(
          "device_utilisation",
          "GPU utilisation",
          "%",
          "Share of the driver's last sample period (up to a second) in which the run's GPU"
              + " computed anything; not there on the CPU.",
          Better.HIGHER);

  /** Time of a step. */
  public static final String STEP_SECONDS =
      add(
          "step_seconds",
          "Seconds per step",
          "s",
          "Wall-clock seconds of this step, evaluations and checkpoints left out.",
          Better.LOWER);

  /** Loss on held-out data. */
  public static final String EVAL_LOSS =
      add(
          "eval/loss",
          "Held-out loss",
          "nats",
          "The training loss's formula on held-out data. Pretraining: mean over predicted tokens;"
              + " preference: mean over comparisons, unweighted; context distillation: mean over"
              + " positions.",
          Better.LOWER);

  /** Lower end of the interval of the held-out loss. */
  public static final String EVAL_LOSS_LOW =
      add(
          "eval/loss_low",
          "Held-out loss, low",
          "nats",
          "Lower end of the 95 % normal interval of eval/loss, dialogues (pretraining,"
              + " context distillation) or comparisons (preference) taken as independent.",
          Better.LOWER);

  /** Upper end of the interval of the held-out loss. */
  public static final String EVAL_LOSS_HIGH =
      add(
          "eval/loss_high",
          "Held-out loss, high",
          "nats",
          "Upper end of the 95 % normal interval of eval/loss, dialogues (pretraining,"
              + " context distillation) or comparisons (preference) taken as independent.",
          Better.LOWER);

  /** Size of the held-out set. */
  public static final String EVAL_N =
      add(
          "eval/n",
          "Held-out items",
          "",
          "Number of held-out comparisons (preference) or dialogues (pretraining, context"
              + " distillation) evaluated.",
          Better.NEITHER);

  /** Accuracy on the training batch. */
  public static final String ACCURACY =
      add(
          "accuracy",
          "Training accuracy",
          "",
          "Share of this step's pairs with r_chosen > r_rejected, before the update; a tie counts"
              + " one half. A ranked comparison is one pair, a binary one two.",
          Better.HIGHER);

  /** Score margin on the training batch. */
  public static final String MARGIN =
      add(
          "margin",
          "Margin",
          "nats",
          "Mean over this step's pairs of r_chosen - r_rejected, before the update.",
          Better.HIGHER);

  /** Accuracy on held-out comparisons. */
  public static final String EVAL_ACCURACY =
      add(
          "eval/accuracy",
          "PM accuracy",
          "",
          "Share of held-out comparisons with r_chosen > r_rejected; a tie counts one half. Under"
              + " the binary objective r is a response's log-odds of GOOD, r(GOOD:A) - r(BAD:A).",
          Better.HIGHER);

  /** Lower end of the interval of the accuracy. */
  public static final String EVAL_ACCURACY_LOW =
      add(
          "eval/accuracy_low",
          "PM accuracy, low",
          "",
          "Lower end of the 95 % Wilson interval of eval/accuracy with n = eval/n.",
          Better.HIGHER);

  /** Upper end of the interval of the accuracy. */
  public static final String EVAL_ACCURACY_HIGH =
      add(
          "eval/accuracy_high",
          "PM accuracy, high",
          "",
          "Upper end of the 95 % Wilson interval of eval/accuracy with n = eval/n.",
          Better.HIGHER);

  /** Accuracy of the length rule, which picks the shorter response. */
  public static final String EVAL_LENGTH_ACCURACY =
      add(
          "eval/length_accuracy",
          "Length rule (shorter)",
          "",
          "Accuracy on held-out comparisons of always picking the response with fewer words; a tie"
              + " counts one half. Always picking the longer one has 1 minus it; the larger of the"
              + " two is what a model has to beat.",
          Better.NEITHER);

  /** Accuracy of a language model's likelihood. */
  public static final String EVAL_LOGPROB_ACCURACY =
      add(
          "eval/logprob_accuracy",
          "Language model's choice",
          "",
          "Accuracy on held-out comparisons of picking the response with the higher mean ln p per"
              + " token, its end token included, under the language model before preference"
              + " modelling; a tie counts one half.",
          Better.NEITHER);

  /** Mean score of held-out responses. */
  public static final String EVAL_SCORE_MEAN =
      add(
          "eval/score_mean",
          "Mean held-out score",
          "nats",
          "Mean score of the chosen and rejected responses of the ranked held-out comparisons; only"
              + " differences of scores mean anything, and this is what is taken from them.",
          Better.NEITHER);

  /** Agreement with a teacher. */
  public static final String AGREEMENT =
      add(
          "agreement",
          "Agreement with the teacher",
          "",
          "Share of this step's positions at which the student's likeliest next token is the"
              + " prompted teacher's, before the update.",
          Better.HIGHER);

  /** Agreement with a teacher on held-out text. */
  public static final String EVAL_AGREEMENT =
      add(
          "eval/agreement",
          "Held-out agreement",
          "",
          "Share of held-out positions at which the student's likeliest next token is the prompted"
              + " teacher's.",
          Better.HIGHER);

  /** What a teacher's likeliest tokens leave. */
  public static final String TEACHER_REMAINDER =
      add(
          "teacher_remainder",
          "Teacher's remainder",
          "",
          "Mean over this step's positions of the probability that the prompted teacher gives to"
              + " all tokens but its top_k.",
          Better.NEITHER);

  /** Mean score of the policy's responses. */
  public static final String PM_SCORE =
      add(
          "pm_score",
          "PM score",
          "nats",
          "Mean over responses of the score that is trained on: the preference model's, or the"
              + " lexical reward.",
          Better.HIGHER);

  /** Lower end of the interval of the score. */
  public static final String PM_SCORE_LOW =
      add(
          "pm_score_low",
          "PM score, low",
          "nats",
          "Lower end of the 95 % normal interval of pm_score over the step's responses.",
          Better.HIGHER);

  /** Upper end of the interval of the score. */
  public static final String PM_SCORE_HIGH =
      add(
          "pm_score_high",
          "PM score, high",
          "nats",
          "Upper end of the 95 % normal interval of pm_score over the step's responses.",
          Better.HIGHER);

  /** The score that is trained on, on the axis of the test preference models. */
  public static final String TRAIN_SCORE =
      add(
          "score/train",
          "Train PM, centred",
          "nats",
          "Mean over responses of the score that is trained on, less score/train_centre.",
          Better.HIGHER);

  /** Lower end of the interval of the centred score. */
  public static final String TRAIN_SCORE_LOW = low("score/train", "Train PM, centred", "nats");

  /** Upper end of the interval of the centred score. */
  public static final String TRAIN_SCORE_HIGH = high("score/train", "Train PM, centred", "nats");

  /** The zero of the centred score. */
  public static final String TRAIN_CENTRE =
      add(
          "score/train_centre",
          "Train PM, zero",
          "nats",
          "The zero of score/train: the model's mean score over its held-out comparisons, where it"
              + " and all test preference models remember that of the same ones; else, for all of"
              + " them, the mean score of the reference policy's responses in the batch of step 0.",
          Better.NEITHER);

  /** Scores of a preference model that is not trained on. */
  public static final Family TEST =
      family(
          "score/test/",
          "Test PM NAME, centred",
          "nats",
          "Mean over the same responses of the score of the test preference model NAME, less"
              + " score/test_centre/NAME.",
          Better.HIGHER);

  /** The zero of a test preference model. */
  public static final Family TEST_CENTRE =
      family(
          "score/test_centre/",
          "Test PM NAME, zero",
          "nats",
          "The zero of score/test/NAME: the test preference model's mean score over its held-out"
              + " comparisons, where all models of the run remember that of the same ones; else the"
              + " mean score of the reference policy's responses in the batch of step 0.",
          Better.NEITHER);

  /** How far the score that is trained on has left a test preference model's. */
  public static final Family GAP =
      family(
          "score/gap/",
          "Train PM less test PM NAME",
          "nats",
          "Mean over responses of the difference of the two centred scores, score/train -"
              + " score/test/NAME, response by response; the two zeros are taken as given.",
          Better.LOWER);

  /** Scores of one preference model of a sum. */
  public static final Family SUMMAND =
      family(
          "score/part/",
          "PM NAME",
          "nats",
          "Mean over responses of the score of the preference model NAME of the reward's sum,"
              + " before its weight.",
          Better.HIGHER);

  /** Scores by kind of prompt. */
  public static final Family POOL_SCORE =
      family(
          "pm_score/pool/",
          "PM score on NAME",
          "nats",
          "Mean over responses to prompts of the pool NAME of the score that is trained on.",
          Better.HIGHER);

  /** KL by kind of prompt. */
  public static final Family POOL_KL =
      family(
          "kl_exact/pool/",
          "KL (exact) on NAME",
          "nats",
          "Mean over responses to prompts of the pool NAME of the exact KL of a response.",
          Better.NEITHER);

  /** Gold reward by kind of prompt. */
  public static final Family POOL_GOLD =
      family(
          "gold_reward/pool/",
          "Gold reward on NAME",
          "nats",
          "Mean over responses to prompts of the pool NAME of that pool's gold reward; never"
              + " trained on.",
          Better.HIGHER);

  /** Scores on prompts that are never trained on. */
  public static final Family HELD_OUT_SCORE =
      family(
          "held_out/score/",
          "PM score on held-out NAME",
          "nats",
          "Mean over responses to the held-out prompts NAME, drawn with the same random numbers at"
              + " every step, of the score that is trained on.",
          Better.HIGHER);

  /** Gold reward on prompts that are never trained on. */
  public static final Family HELD_OUT_GOLD =
      family(
          "held_out/gold/",
          "Gold reward on held-out NAME",
          "nats",
          "Mean over responses to the held-out prompts NAME, drawn with the same random numbers at"
              + " every step, of the gold reward.",
          Better.HIGHER);

  /** The policy as a judge of comparisons. */
  public static final String RANKER_ACCURACY =
      add(
          "ranker/accuracy",
          "Policy as ranker",
          "",
          "Share of the ranker's comparisons in which the chosen response has the higher mean over"
              + " its tokens, the end token included, of ln pi at temperature 1; a tie counts one"
              + " half.",
          Better.HIGHER);

  /** Lower end of its interval. */
  public static final String RANKER_ACCURACY_LOW =
      add(
          "ranker/accuracy_low",
          "Policy as ranker, low",
          "",
          "Lower end of the 95 % Wilson interval of ranker/accuracy with n = ranker/n.",
          Better.HIGHER);

  /** Upper end of its interval. */
  public static final String RANKER_ACCURACY_HIGH =
      add(
          "ranker/accuracy_high",
          "Policy as ranker, high",
          "",
          "Upper end of the 95 % Wilson interval of ranker/accuracy with n = ranker/n.",
          Better.HIGHER);

  /** The same by the probability of whole responses. */
  public static final String RANKER_SUM_ACCURACY =
      add(
          "ranker/sum_accuracy",
          "Policy as ranker, by sums",
          "",
          "Share of the ranker's comparisons in which the chosen response has the higher sum over"
              + " its tokens, the end token included, of ln pi at temperature 1; a tie counts one"
              + " half. Sums favour short responses.",
          Better.HIGHER);

  /** Comparisons behind it. */
  public static final String RANKER_N =
      add(
          "ranker/n",
          "Ranked comparisons",
          "",
          "Number of comparisons that the policy ranked.",
          Better.NEITHER);

  /** Total reward. */
  public static final String REWARD_TOTAL =
      add(
          "reward_total",
          "Total reward",
          "nats",
          "Mean over responses of reward_score - lambda_kl * sum_t (ln pi - ln pi_ref), before any"
              + " whitening.",
          Better.HIGHER);

  /** Lower end of the interval of the total reward. */
  public static final String REWARD_TOTAL_LOW = low("reward_total", "Total reward", "nats");

  /** Upper end of the interval of the total reward. */
  public static final String REWARD_TOTAL_HIGH = high("reward_total", "Total reward", "nats");

  /** The score as a reward. */
  public static final String REWARD_SCORE =
      add(
          "reward_score",
          "Reward for the score",
          "nats",
          "Mean over responses of the transformed score; where the response did not end, less the"
              + " missing-end penalty, or the missing-end score in its place.",
          Better.HIGHER);

  /** KL penalty. */
  public static final String KL_PENALTY =
      add(
          "kl_penalty",
          "KL penalty",
          "nats",
          "lambda_kl * kl_k1: what the KL term takes from the reward of a response, on average.",
          Better.LOWER);

  /** Gold reward. */
  public static final String GOLD_REWARD =
      add(
          "gold_reward",
          "Gold reward",
          "nats",
          "Mean over responses of the known gold reward of the sample world; never trained on.",
          Better.HIGHER);

  /** Lower end of the interval of the gold reward. */
  public static final String GOLD_REWARD_LOW =
      add(
          "gold_reward_low",
          "Gold reward, low",
          "nats",
          "Lower end of the 95 % normal interval of gold_reward over the step's responses.",
          Better.NEITHER);

  /** Upper end of the interval of the gold reward. */
  public static final String GOLD_REWARD_HIGH =
      add(
          "gold_reward_high",
          "Gold reward, high",
          "nats",
          "Upper end of the 95 % normal interval of gold_reward over the step's responses.",
          Better.NEITHER);

  /** KL by k1. */
  public static final String KL_K1 =
      add(
          "kl_k1",
          "KL (k1)",
          "nats",
          "Mean over responses of sum_t (ln pi - ln pi_ref); unbiased, may be negative.",
          Better.NEITHER);

  /** Lower end of the interval of the KL by k1. */
  public static final String KL_K1_LOW = low("kl_k1", "KL (k1)", "nats");

  /** Upper end of the interval of the KL by k1. */
  public static final String KL_K1_HIGH = high("kl_k1", "KL (k1)", "nats");

  /** KL by k1 a token. */
  public static final String KL_K1_TOKEN =
      add(
          "kl_k1_per_token",
          "KL a token (k1)",
          "nats/token",
          "Mean over tokens of ln pi - ln pi_ref; unbiased, may be negative.",
          Better.NEITHER);

  /** Lower end of the interval of KL by k1 a token. */
  public static final String KL_K1_TOKEN_LOW =
      low("kl_k1_per_token", "KL a token (k1)", "nats/token");

  /** Upper end of the interval of KL by k1 a token. */
  public static final String KL_K1_TOKEN_HIGH =
      high("kl_k1_per_token", "KL a token (k1)", "nats/token");

  /** KL by k3. */
  public static final String KL_K3 =
      add(
          "kl_k3",
          "KL (k3)",
          "nats",
          "Mean over responses of sum_t (exp(d) - 1 - d), d = ln pi_ref - ln pi; unbiased, never"
              + " negative.",
          Better.NEITHER);

  /** Lower end of the interval of the KL by k3. */
  public static final String KL_K3_LOW = low("kl_k3", "KL (k3)", "nats");

  /** Upper end of the interval of the KL by k3. */
  public static final String KL_K3_HIGH = high("kl_k3", "KL (k3)", "nats");

  /** KL by k3 a token. */
  public static final String KL_K3_TOKEN =
      add(
          "kl_k3_per_token",
          "KL a token (k3)",
          "nats/token",
          "Mean over tokens of exp(d) - 1 - d, d = ln pi_ref - ln pi.",
          Better.NEITHER);

  /** Lower end of the interval of KL by k3 a token. */
  public static final String KL_K3_TOKEN_LOW =
      low("kl_k3_per_token", "KL a token (k3)", "nats/token");

  /** Upper end of the interval of KL by k3 a token. */
  public static final String KL_K3_TOKEN_HIGH =
      high("kl_k3_per_token", "KL a token (k3)", "nats/token");

  /** KL by full distributions. */
  public static final String KL_EXACT =
      add(
          "kl_exact",
          "KL (exact)",
          "nats",
          "Mean over responses of sum_t sum_v pi(v) (ln pi(v) - ln pi_ref(v)) over the whole"
              + " vocabulary at each visited position; unbiased, lowest variance.",
          Better.NEITHER);

  /** Lower end of the interval of the exact KL. */
  public static final String KL_EXACT_LOW =
      add(
          "kl_exact_low",
          "KL (exact), low",
          "nats",
          "Lower end of the 95 % normal interval of kl_exact over the step's responses.",
          Better.NEITHER);

  /** Upper end of the interval of the exact KL. */
  public static final String KL_EXACT_HIGH =
      add(
          "kl_exact_high",
          "KL (exact), high",
          "nats",
          "Upper end of the 95 % normal interval of kl_exact over the step's responses.",
          Better.NEITHER);

  /** Exact KL a token. */
  public static final String KL_EXACT_TOKEN =
      add(
          "kl_exact_per_token",
          "KL a token (exact)",
          "nats/token",
          "Mean over tokens of sum_v pi(v) (ln pi(v) - ln pi_ref(v)) over the whole vocabulary.",
          Better.NEITHER);

  /** Lower end of the interval of Exact KL a token. */
  public static final String KL_EXACT_TOKEN_LOW =
      low("kl_exact_per_token", "KL a token (exact)", "nats/token");

  /** Upper end of the interval of Exact KL a token. */
  public static final String KL_EXACT_TOKEN_HIGH =
      high("kl_exact_per_token", "KL a token (exact)", "nats/token");

  /** Square root of the KL. */
  public static final String SQRT_KL =
      add(
          "sqrt_kl",
          "√KL",
          "√nats",
          "sqrt(max(0, kl_exact)): the abscissa of the paper's reward law (section 4.3).",
          Better.NEITHER);

  /** Entropy. */
  public static final String ENTROPY =
      add(
          "entropy",
          "Entropy",
          "nats",
          "Mean over tokens of -sum_v pi(v) ln pi(v) over the whole vocabulary.",
          Better.NEITHER);

  /** Lower end of the interval of the entropy. */
  public static final String ENTROPY_LOW = low("entropy", "Entropy", "nats");

  /** Upper end of the interval of the entropy. */
  public static final String ENTROPY_HIGH = high("entropy", "Entropy", "nats");

  /** Approximate KL of the update. */
  public static final String APPROX_KL =
      add(
          "approx_kl",
          "Update KL (k2)",
          "nats",
          "Mean over the tokens of all minibatches and epochs of (ln pi_now - ln pi_rollout)^2 / 2,"
              + " each before its own update.",
          Better.LOWER);

  /** The same by k3. */
  public static final String APPROX_KL_K3 =
      add(
          "approx_kl_k3",
          "Update KL (k3)",
          "nats",
          "Mean over the tokens of all minibatches and epochs of ratio - 1 - ln ratio, ratio ="
              + " pi_now / pi_rollout, each before its own update; estimates"
              + " KL(pi_rollout || pi_now).",
          Better.LOWER);

  /** Clipped share. */
  public static final String CLIP_FRACTION =
      add(
          "clip_fraction",
          "Clipped tokens",
          "",
          "Share of tokens, over all minibatches and epochs, with |ratio - 1| > clip_range.",
          Better.NEITHER);

  /** Mean ratio. */
  public static final String RATIO_MEAN =
      add(
          "ratio_mean",
          "Mean ratio",
          "",
          "Mean over the tokens of all minibatches and epochs of pi_now / pi_rollout; near 1.",
          Better.NEITHER);

  /** Largest ratio. */
  public static final String RATIO_MAX =
      add(
          "ratio_max",
          "Largest ratio",
          "",
          "Largest pi_now / pi_rollout over the tokens of all minibatches and epochs.",
          Better.LOWER);

  /** Policy loss. */
  public static final String POLICY_LOSS =
      add(
          "policy_loss",
          "Policy loss",
          "",
          "Mean over the tokens of all minibatches and epochs of max(-A ratio, -A clip(ratio, 1 -"
              + " eps, 1 + eps)).",
          Better.NEITHER);

  /** Value loss. */
  public static final String VALUE_LOSS =
      add(
          "value_loss",
          "Value loss",
          "nats²",
          "Mean over the tokens of all minibatches and epochs of max((V - R)^2, (V_clipped -"
              + " R)^2) / 2.",
          Better.LOWER);

  /** Clipped share of the values. */
  public static final String VALUE_CLIP_FRACTION =
      add(
          "value_clip_fraction",
          "Clipped values",
          "",
          "Share of tokens, over all minibatches and epochs, whose clipped value has the greater"
              + " loss.",
          Better.NEITHER);

  /** Explained variance. */
  public static final String EXPLAINED_VARIANCE =
      add(
          "explained_variance",
          "Explained variance",
          "",
          "1 - Var(R - V) / Var(R) over the batch's tokens, V from before the update; 1 is perfect,"
              + " 0 as good as a constant.",
          Better.HIGHER);

  /** Response length. */
  public static final String RESPONSE_TOKENS =
      add(
          "response_tokens",
          "Response length",
          "tokens",
          "Mean over responses of their tokens, the end token included.",
          Better.NEITHER);

  /** Lower end of the interval of the response length. */
  public static final String RESPONSE_TOKENS_LOW =
      low("response_tokens", "Response length", "tokens");

  /** Upper end of the interval of the response length. */
  public static final String RESPONSE_TOKENS_HIGH =
      high("response_tokens", "Response length", "tokens");

  /** Share of responses that end. */
  public static final String EOS_FRACTION =
      add(
          "eos_fraction",
          "Ended responses",
          "",
          "Share of responses that gave the end token before the length limit.",
          Better.HIGHER);

  /** Lower end of the interval of the share of ended responses. */
  public static final String EOS_FRACTION_LOW =
      add(
          "eos_fraction_low",
          "Ended responses, low",
          "",
          "Lower end of the 95 % Wilson interval of eos_fraction over the step's responses.",
          Better.HIGHER);

  /** Upper end of the interval of the share of ended responses. */
  public static final String EOS_FRACTION_HIGH =
      add(
          "eos_fraction_high",
          "Ended responses, high",
          "",
          "Upper end of the 95 % Wilson interval of eos_fraction over the step's responses.",
          Better.HIGHER);

  /** Number of responses. */
  public static final String RESPONSES =
      add(
          "responses",
          "Responses",
          "",
          "Number of responses behind this step's means; the sample sheet is not among them.",
          Better.NEITHER);

  /** KL coefficient. */
  public static final String LAMBDA_KL =
      add(
          "lambda_kl",
          "KL coefficient",
          "",
          "Weight of the KL penalty in this step's rewards (paper equation 4.1).",
          Better.NEITHER);

  /** Sampling temperature. */
  public static final String TEMPERATURE =
      add(
          "temperature",
          "Temperature",
          "",
          "Divisor of the logits in this step, in sampling and in every log-probability.",
          Better.NEITHER);

  /** Sampler against trainer. */
  public static final String SAMPLER_GAP =
      add(
          "sampler_gap",
          "Sampler gap",
          "nats",
          "Largest |ln pi of the sampler - ln pi of the training pass| over the batch's tokens;"
              + " rounding only, so near 0.",
          Better.LOWER);

  /** Time spent on sampling. */
  public static final String GENERATE_SECONDS =
      add(
          "generate_seconds",
          "Sampling time",
          "s",
          "Seconds of this iteration spent on sampling responses.",
          Better.LOWER);

  /** Time spent on scoring. */
  public static final String SCORE_SECONDS =
      add(
          "score_seconds",
          "Scoring time",
          "s",
          "Seconds of this iteration spent on scores, log-probabilities and values.",
          Better.LOWER);

  /** Time spent on updates. */
  public static final String TRAIN_SECONDS =
      add(
          "train_seconds",
          "Update time",
          "s",
          "Seconds of this iteration spent on the updates.",
          Better.LOWER);

  /** Accuracy on a part of the held-out comparisons. */
  public static final Family EVAL_PART_ACCURACY =
      family(
          "eval/accuracy/",
          "PM accuracy, NAME",
          "",
          "eval/accuracy over the held-out part NAME alone.",
          Better.HIGHER);

  /** Loss on a part of the held-out comparisons. */
  public static final Family EVAL_PART_LOSS =
      family(
          "eval/loss/",
          "Held-out loss, NAME",
          "nats",
          "eval/loss over the held-out part NAME alone.",
          Better.LOWER);

  /** Size of a part of the held-out comparisons. */
  public static final Family EVAL_PART_N =
      family(
          "eval/n/",
          "Held-out items, NAME",
          "",
          "Number of comparisons of the held-out part NAME.",
          Better.NEITHER);

  /** Accuracy of the length rule on a part of the held-out comparisons. */
  public static final Family EVAL_PART_LENGTH_ACCURACY =
      family(
          "eval/length_accuracy/",
          "Length rule (shorter), NAME",
          "",
          "eval/length_accuracy over the held-out part NAME alone.",
          Better.NEITHER);

  /** Accuracy of a language model's likelihood on a part of the held-out comparisons. */
  public static final Family EVAL_PART_LOGPROB_ACCURACY =
      family(
          "eval/logprob_accuracy/",
          "Language model's choice, NAME",
          "",
          "eval/logprob_accuracy over the held-out part NAME alone.",
          Better.NEITHER);

  private Metrics() {}

  /** All metrics, in the order in which they are best read. */
  public static List<Metric> all() {
    return List.copyOf(ALL.values());
  }

  /** The metrics of which there is one for each name that a spec gives. */
  public static List<Family> families() {
    return List.copyOf(FAMILIES.values());
  }

  /** The metric of this name, if it is one of ours. */
  public static Optional<Metric> of(String name) {
    Metric metric = ALL.get(name);
    if (metric != null) {
      return Optional.of(metric);
    }
    int end = name.lastIndexOf('/') + 1;
    Family family = FAMILIES.get(name.substring(0, end));
    if (family == null) {
      return Optional.empty();
    }
    String rest = name.substring(end);
    for (String bound : List.of(LOW, HIGH)) {
      if (rest.endsWith(bound)) {
        String part = rest.substring(0, rest.length() - bound.length());
        return isPart(part) ? Optional.of(family.bound(part, bound.equals(LOW))) : Optional.empty();
      }
    }
    return isPart(rest) ? Optional.of(family.metric(rest)) : Optional.empty();
  }

  /** Whether a spec may use a name that becomes part of a metric's: it cannot be misread. */
  public static boolean isPart(String name) {
    return name.matches(PART);
  }

  private static String add(
      String name, String label, String unit, String definition, Better better) {
    ALL.put(name, new Metric(name, label, unit, definition, better));
    return name;
  }

  private static String low(String name, String label, String unit) {
    return add(
        name + LOW,
        label + ", low",
        unit,
        "Lower end of the 95 % interval of " + name + " over the step's responses.",
        Better.NEITHER);
  }

  private static String high(String name, String label, String unit) {
    return add(
        name + HIGH,
        label + ", high",
        unit,
        "Upper end of the 95 % interval of " + name + " over the step's responses.",
        Better.NEITHER);
  }

  private static Family family(
      String prefix, String label, String unit, String definition, Better better) {
    Family family = new Family(prefix, label, unit, definition, better);
    FAMILIES.put(prefix, family);
    return family;
  }
}
