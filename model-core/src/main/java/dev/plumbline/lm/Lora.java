package dev.plumbline.lm;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Low-rank adapters (Hu et al. 2021): beside a frozen matrix W [out, in] stand A [rank, in] and B
 * [out, rank], and the map is {@code W x + (alpha / rank) B A x}. A starts uniform within 1 /
 * sqrt(in), B at zero, so that a new adapter changes nothing.
 *
 * @param rank rank of the change
 * @param alpha scale of the change, times rank
 * @param targets the matrices that get one, in every block
 */
public record Lora(int rank, double alpha, Set<Target> targets) {

  /** A matrix of a block. */
  public enum Target {
    Q_PROJ("self_attn.q_proj"),
    K_PROJ("self_attn.k_proj"),
    V_PROJ("self_attn.v_proj"),
    O_PROJ("self_attn.o_proj"),
    GATE_PROJ("mlp.gate_proj"),
    UP_PROJ("mlp.up_proj"),
    DOWN_PROJ("mlp.down_proj");

    private final String module;

    Target(String module) {
      this.module = module;
    }

    /** Its name within a block. */
    String module() {
      return module;
    }
  }

  public Lora {
    if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
      throw new IllegalArgumentException("rank " + rank + ", alpha " + alpha + ", " + targets);
    }
    targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
  }

  /** What B A is multiplied by. */
  double scale() {
    return alpha / rank;
  }

  /** Whether a matrix of a block has an adapter. */
  boolean on(String module) {
    return targets.stream().anyMatch(target -> target.module.equals(module));
  }

  /**
   * The targets that a decoder has: a feed-forward layer may have no gate.
   *
   * @throws UserError where it has none of them
   */
  Lora within(DecoderConfig config) {
    Set<Target> present = EnumSet.copyOf(targets);
    if (!config.options().activation().gated()) {
      present.remove(Target.GATE_PROJ);
    }
    if (present.isEmpty()) {
      throw new UserError(
          "the model's feed-forward layers have no gate_proj, so there is nothing to adapt; name"
              + " other targets under trainer.lora");
    }
    return new Lora(rank, alpha, present);
  }

  /**
   * Names and shapes of the adapters' tensors, block by block, each A before its B. The names are
   * those of the decoder's matrices with {@code .lora_a.weight} or {@code .lora_b.weight}.
   */
  List<Weight> weights(DecoderConfig config) {
    List<Weight> weights = new ArrayList<>();
    for (Weight weight : config.weights()) {
      String name = weight.name().replaceFirst("\\.weight$", "");
      if (weight.shape().length == 2
          && name.startsWith("model.layers.")
          && on(name.replaceFirst("^model\\.layers\\.\\d+\\.", ""))) {
        weights.add(new Weight(name + ".lora_a.weight", rank, weight.shape()[1]));
        weights.add(new Weight(name + ".lora_b.weight", weight.shape()[0], rank));
      }
    }
    return weights;
  }

  /** Number of trained numbers in the adapters of a decoder. */
  public long parameterCount(DecoderConfig config) {
    return within(config).weights(config).stream().mapToLong(Weight::size).sum();
  }

  /** A fresh tensor's values. */
  static float[] start(Weight weight, long seed, int stream) {
    float[] values = new float[(int) weight.size()];
    if (weight.name().endsWith(".lora_a.weight")) {
      double bound = 1 / Math.sqrt((double) weight.shape()[1]);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (bound * (2 * Randomness.uniform(seed, stream, i) - 1));
      }
    }
    return values;
  }

  /** The names of all targets, as specs have them. */
  public static List<String> names() {
    return Arrays.stream(Target.values()).map(t -> t.name().toLowerCase(Locale.ROOT)).toList();
  }
}
