package dev.plumbline.training;

import java.util.List;

/**
 * Language-model pretraining: next-token cross-entropy over transcripts.
 *
 * @param data transcript or comparison files (JSON Lines, gzip or not; of a comparison the chosen
 *     transcript is read)
 * @param model the size of the decoder to be trained from scratch
 * @param vocabularySize size of the byte-level BPE that is trained on the data first, in tokens
 * @param contextTokens longest sequence, in tokens; longer ones are cut at the left
 * @param batchSize sequences a step
 * @param steps optimiser steps
 * @param learningRate peak learning rate of AdamW
 * @param warmupSteps steps of linear warm-up; afterwards the trainer's schedule, by default a
 *     cosine to a tenth
 * @param weightDecay decoupled weight decay on matrices
 * @param maxGradientNorm bound on the global gradient norm
 * @param heldOutFraction share of dialogues, by dialogue, kept for evaluation
 * @param evaluateEvery steps between evaluations
 * @param checkpointEvery steps between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record PretrainingSettings(
    List<String> data,
    ModelSize model,
    int vocabularySize,
    int contextTokens,
    int batchSize,
    int steps,
    double learningRate,
    int warmupSteps,
    double weightDecay,
    double maxGradientNorm,
    double heldOutFraction,
    int evaluateEvery,
    int checkpointEvery,
    TrainerSettings trainer)
    implements TrainingSettings {

  /**
   * The shape of a decoder.
   *
   * @param layers number of blocks
   * @param dModel width of the residual stream
   * @param heads attention heads
   * @param kvHeads key and value heads; divides {@code heads}
   * @param feedForward width of the gated feed-forward layer
   */
  public record ModelSize(int layers, int dModel, int heads, int kvHeads, int feedForward) {}
}
