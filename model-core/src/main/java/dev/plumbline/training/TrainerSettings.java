package dev.plumbline.training;

import dev.plumbline.lm.ComputeOptions;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.Lora;
import dev.plumbline.lm.Precision;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How any stage trains, as opposed to what: numbers, memory, what is trained, and who watches.
 *
 * @param precision numbers of the matrix products; weights and moments are float32 in either case.
 *     Bfloat16 is for devices that have it: most processors emulate it and are slower
 * @param microBatchSize sequences, comparisons or responses in one forward and backward pass; the
 *     gradients of a batch's parts add up to those of the whole; 0 for the whole batch at once
 * @param activationCheckpointing whether the backward pass computes each block again instead of
 *     keeping its activations: less memory, about a third more arithmetic
 * @param dropout share of activations dropped in training; PPO allows none, because its ratio must
 *     be 1 before the first update
 * @param schedule course of the learning rate after the warm-up; by default a cosine in
 *     pretraining, linear in context distillation and preference modelling, constant in PPO
 * @param halveEvery steps after which the rate is halved where the schedule is {@code halving}
 * @param lora low-rank adapters that are trained instead of the model's own matrices, or null for
 *     full fine-tuning
 * @param freeze parts of the model that stay as they are
 * @param watchdog what is done where the numbers go wrong
 */
public record TrainerSettings(
    Precision precision,
    int microBatchSize,
    boolean activationCheckpointing,
    double dropout,
    Schedule.@Nullable Course schedule,
    int halveEvery,
    @Nullable LoraSettings lora,
    Freeze freeze,
    WatchdogSettings watchdog) {

  /** What a spec that says nothing gets. */
  public static final TrainerSettings DEFAULT =
      new TrainerSettings(
          Precision.FLOAT32,
          0,
          false,
          0,
          null,
          1000,
          null,
          new Freeze(false, 0),
          WatchdogSettings.DEFAULT);

  /**
   * Low-rank adapters (Hu et al. 2021).
   *
   * @param rank rank of the change to each matrix
   * @param alpha scale: the change is (alpha / rank) B A
   * @param targets matrices of each block, among q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj
   *     and down_proj, whatever the family's files call them
   */
  public record LoraSettings(int rank, double alpha, List<String> targets) {
    Lora lora() {
      Set<Lora.Target> set = EnumSet.noneOf(Lora.Target.class);
      targets.forEach(name -> set.add(Lora.Target.valueOf(name.toUpperCase(Locale.ROOT))));
      return new Lora(rank, alpha, set);
    }
  }

  /**
   * Parts that are not trained.
   *
   * @param embeddings token and position embeddings (and with them a tied output matrix)
   * @param layers so many blocks from the bottom
   */
  public record Freeze(boolean embeddings, int layers) {}

  /** How many of a decoder's numbers are trained, adapters included and heads left out. */
  public long trainedParameters(DecoderConfig config) {
    if (lora != null) {
      return lora.lora().parameterCount(config);
    }
    return config.parameterCount(new TrainedPart(this)::trains);
  }

  /** How the model is computed. */
  ComputeOptions compute() {
    return new ComputeOptions(precision, activationCheckpointing, dropout);
  }

  /** The course of the learning rate, where the spec leaves it to the stage. */
  Schedule.Course courseOr(Schedule.Course stages) {
    return schedule == null ? stages : schedule;
  }
}
