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
 * first sums over a response's tokens.
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

  private static final Map<String, Metric> ALL = new LinkedHashMap<>();

  /** Loss on the training batch. */
  public static final String LOSS =
      add(
          "loss",
          "Training loss",
          "nats",
          "Loss of this step's batch before its update. Pretraining: mean over predicted tokens of"
              + " -ln p(next token), padding left out. Preference: mean over comparisons of"
              + " ln(1 + exp(r_rejected - r_chosen)).",
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
              + " preference: mean over comparisons.",
          Better.LOWER);

  /** Lower end of the interval of the held-out loss. */
  public static final String EVAL_LOSS_LOW =
      add(
          "eval/loss_low",
          "Held-out loss, low",
          "nats",
          "Lower end of the 95 % normal interval of eval/loss, dialogues (pretraining) or"
              + " comparisons (preference) taken as independent.",
          Better.LOWER);

  /** Upper end of the interval of the held-out loss. */
  public static final String EVAL_LOSS_HIGH =
      add(
          "eval/loss_high",
          "Held-out loss, high",
          "nats",
          "Upper end of the 95 % normal interval of eval/loss, dialogues (pretraining) or"
              + " comparisons (preference) taken as independent.",
          Better.LOWER);

  /** Size of the held-out set. */
  public static final String EVAL_N =
      add(
          "eval/n",
          "Held-out items",
          "",
          "Number of held-out comparisons (preference) or dialogues (pretraining) evaluated.",
          Better.NEITHER);

  /** Accuracy on the training batch. */
  public static final String ACCURACY =
      add(
          "accuracy",
          "Training accuracy",
          "",
          "Share of this step's comparisons with r_chosen > r_rejected, before the update; a tie"
              + " counts one half.",
          Better.HIGHER);

  /** Score margin on the training batch. */
  public static final String MARGIN =
      add(
          "margin",
          "Margin",
          "nats",
          "Mean over this step's comparisons of r_chosen - r_rejected, before the update.",
          Better.HIGHER);

  /** Accuracy on held-out comparisons. */
  public static final String EVAL_ACCURACY =
      add(
          "eval/accuracy",
          "PM accuracy",
          "",
          "Share of held-out comparisons with r_chosen > r_rejected; a tie counts one half.",
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

  /** Total reward. */
  public static final String REWARD_TOTAL =
      add(
          "reward_total",
          "Total reward",
          "nats",
          "Mean over responses of the sum of all rewards: score - lambda_kl * (ln pi - ln pi_ref)"
              + " - missing-end penalty where the response did not end.",
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

  /** KL by k3. */
  public static final String KL_K3 =
      add(
          "kl_k3",
          "KL (k3)",
          "nats",
          "Mean over responses of sum_t (exp(d) - 1 - d), d = ln pi_ref - ln pi; unbiased, never"
              + " negative.",
          Better.NEITHER);

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

  /** Approximate KL of the update. */
  public static final String APPROX_KL =
      add(
          "approx_kl",
          "Update KL (k2)",
          "nats",
          "Mean over the tokens of all minibatches and epochs of (ln pi_now - ln pi_rollout)^2 / 2,"
              + " each before its own update.",
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

  /** Share of responses that end. */
  public static final String EOS_FRACTION =
      add(
          "eos_fraction",
          "Ended responses",
          "",
          "Share of responses that gave the end token before the length limit.",
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

  private Metrics() {}

  /** All metrics, in the order in which they are best read. */
  public static List<Metric> all() {
    return List.copyOf(ALL.values());
  }

  /** The metric of this name, if it is one of ours. */
  public static Optional<Metric> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  private static String add(
      String name, String label, String unit, String definition, Better better) {
    ALL.put(name, new Metric(name, label, unit, definition, better));
    return name;
  }
}
