package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;

/**
 * Preference modelling (paper sections 2.3 and 3, appendix A.2): a scalar score at the
 * end-of-context token, loss {@code ln(1 + exp(r_rejected - r_chosen))}, one epoch.
 *
 * @param base directory of the language model to start from, or of a preference model that goes on
 * @param data comparison files (JSON Lines, gzip or not)
 * @param heldOut comparison files for evaluation; where empty, {@code heldOutFraction} of the data
 *     is kept, split by conversation
 * @param heldOutFraction share of conversations kept where {@code heldOut} is empty
 * @param format how dialogues become tokens; the model remembers it
 * @param maxComparisons upper bound on training comparisons, 0 for all
 * @param contextTokens longest sequence in tokens; longer prompts are cut at the left
 * @param batchSize comparisons a step
 * @param epochs passes over the data; the paper makes one
 * @param learningRate peak learning rate of AdamW
 * @param warmupSteps steps of linear warm-up; afterwards the trainer's schedule, by default linear
 *     to zero
 * @param weightDecay decoupled weight decay on matrices
 * @param maxGradientNorm bound on the global gradient norm
 * @param evaluateEvery steps between evaluations
 * @param checkpointEvery steps between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record PreferenceSettings(
    String base,
    List<String> data,
    List<String> heldOut,
    double heldOutFraction,
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
    int checkpointEvery,
    TrainerSettings trainer)
    implements TrainingSettings {}
