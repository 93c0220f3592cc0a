package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Preference modelling (paper sections 2.3, 3 and 5.1, appendix A.2): a scalar score at the
 * end-of-context token, loss {@code ln(1 + exp(r_rejected - r_chosen))}, one epoch.
 *
 * @param base directory of the language model to start from, or of a preference model that goes on
 * @param baseline directory of the language model whose mean log-probability stands beside the
 *     accuracy; null for {@code base}, where that is a language model
 * @param data comparison files (JSON Lines, gzip or not), or parts of a mixture
 * @param heldOut comparison files for evaluation, or parts of them; where empty, {@code
 *     heldOutFraction} of the data is kept, split by conversation
 * @param heldOutFraction share of comparisons, by conversation, kept where {@code heldOut} is empty
 * @param split which conversations fall on which side
 * @param onLeakage what is done where held-out conversations open like conversations of training
 * @param format how dialogues become tokens; the model remembers it
 * @param maxComparisons upper bound on training comparisons, 0 for all; the total that the parts'
 *     fractions are fractions of
 * @param contextTokens longest sequence in tokens; longer prompts are cut at the left
 * @param batchSize comparisons a step
 * @param epochs passes over the data; the paper makes one
 * @param learningRate peak learning rate of AdamW
 * @param warmupSteps steps of linear warm-up; afterwards the trainer's schedule, by default linear
 *     to zero
 * @param weightDecay decoupled weight decay on matrices
 * @param maxGradientNorm bound on the global gradient norm
 * @param evaluateEvery steps between evaluations
 * @param evaluateAt how evaluations are spaced
 * @param checkpointEvery steps between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record PreferenceSettings(
    String base,
    @Nullable String baseline,
    List<Part> data,
    List<HeldOut> heldOut,
    double heldOutFraction,
    Split split,
    OnLeakage onLeakage,
    DialogueFormat format,
    int maxComparisons,
    int contextTokens,
    int batchSize,
    int epochs,
    double learningRate,
    int warmupSteps,
    double weightDecay,
    double maxGradientNorm,
    int evaluateEvery,
    Spacing evaluateAt,
    int checkpointEvery,
    TrainerSettings trainer)
    implements TrainingSettings {

  /** The name of a part that has none of its own. */
  public static final String WHOLE = "all";

  /**
   * A part of the training data.
   *
   * @param name small letters, digits and hyphens; metrics of the part carry it
   * @param files comparison files
   * @param tranche the tranche of these comparisons, or null for all: of a file whose comparisons
   *     say their tranche this one is read, one whose comparisons do not is read whole and called
   *     so
   * @param fraction share of {@code maxComparisons}, or null; the shares of all parts add up to 1
   * @param comparisons how many are drawn, or null
   * @param lossWeight weight of each comparison's loss (the lambda of paper section 5.1.2)
   * @param objective what is learned from a comparison
   */
  public record Part(
      String name,
      List<String> files,
      @Nullable String tranche,
      @Nullable Double fraction,
      @Nullable Integer comparisons,
      double lossWeight,
      PreferenceObjective objective) {
    /** All comparisons of some files, ranked, with weight 1. */
    public static Part of(List<String> files) {
      return new Part(WHOLE, files, null, null, null, 1, PreferenceObjective.RANKED);
    }
  }

  /**
   * A part of the held-out comparisons.
   *
   * @param name as a training part's; they need not be the same
   * @param files comparison files
   * @param tranche as a training part's
   * @param objective how a comparison is judged
   */
  public record HeldOut(
      String name, List<String> files, @Nullable String tranche, PreferenceObjective objective) {}

  /**
   * Which conversations fall on which side (paper section 2.3: 95/5, 65/35, and 50/50 for two
   * preference models that know nothing of each other's data).
   *
   * @param seed decides the sides, whatever the run's seed; null for the run's seed
   * @param half which half of the conversations is used at all, before anything is held out of it
   */
  public record Split(@Nullable Long seed, Half half) {}

  /** A half of the conversations. */
  public enum Half {
    /** Both halves. */
    NONE,
    /** The first half. */
    A,
    /** The other one. */
    B
  }

  /** What is done where held-out conversations open like conversations of training. */
  public enum OnLeakage {
    /** It is said in the journal, with the counts. */
    WARN,
    /** Training leaves out the conversations that open like a held-out one. */
    REMOVE,
    /** The run does not begin. */
    STOP
  }

  /** How evaluations are spaced. */
  public enum Spacing {
    /** Every so many steps, and at the end. */
    EVERY,
    /**
     * Before the first step, after round(2^(k/2)) steps for k = 0, 1, 2, ..., and at the end:
     * evenly on a logarithmic axis of comparisons seen, which in one pass is a curve of data
     * scaling.
     */
    LOG
  }
}
