package dev.plumbline.training;

import java.util.List;

/**
 * Context distillation (paper appendix A.1): a student learns to say without a prompt what a
 * teacher says behind it. Per token the loss is the divergence of the student from the prompted
 * teacher in k + 1 categories: the teacher's k likeliest tokens, and all others together.
 *
 * @param teacher directory of the language model that reads the prompt
 * @param student directory of the language model that is trained, of any size, with the teacher's
 *     tokenizer
 * @param prompt a text file that is put before every text the teacher reads; an empty one makes
 *     this the distillation of a model into another
 * @param data transcript or comparison files (JSON Lines, gzip or not; of a comparison the chosen
 *     transcript is read); a text that is no dialogue is put behind a human marker
 * @param topK tokens of the teacher that count by themselves; the paper's 50
 * @param contextTokens longest text in tokens, without the prompt; longer ones are cut at the right
 * @param batchSize texts a step; the paper's 32
 * @param steps optimiser steps
 * @param learningRate peak learning rate of AdamW; the paper's is 0.05 of the pretraining's
 * @param warmupSteps steps of linear warm-up; afterwards the trainer's schedule, by default linear
 *     to zero
 * @param weightDecay decoupled weight decay on matrices
 * @param maxGradientNorm bound on the global gradient norm
 * @param heldOutFraction share of texts, by dialogue, kept for evaluation
 * @param evaluateEvery steps between evaluations
 * @param checkpointEvery steps between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record DistillationSettings(
    String teacher,
    String student,
    String prompt,
    List<String> data,
    int topK,
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
    implements TrainingSettings {}
