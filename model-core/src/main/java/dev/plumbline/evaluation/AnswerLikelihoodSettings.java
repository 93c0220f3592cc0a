package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;

/**
 * How likely language models find good and bad answers (paper appendix B.7, figure 37).
 *
 * @param players the models
 * @param reference name of the one that the others are compared with; empty for the first
 * @param data comparison files: the chosen response is the good answer
 * @param format how prompts become tokens
 * @param maxComparisons comparisons that are used, drawn by the seed
 */
public record AnswerLikelihoodSettings(
    List<Player> players,
    String reference,
    List<String> data,
    DialogueFormat format,
    int maxComparisons)
    implements MeasurementSettings {}
