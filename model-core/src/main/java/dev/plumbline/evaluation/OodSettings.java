package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;

/**
 * Detection of out-of-distribution prompts from a model's activations (paper section 5.4, appendix
 * B.9, figures 22, 23 and 39). Nothing out of distribution is used to fit, but where outliers are
 * shown on purpose.
 *
 * @param model directory of a language model or of a preference model
 * @param inside files with in-distribution prompts
 * @param outside files with out-of-distribution prompts
 * @param format how prompts become tokens
 * @param maxPrompts prompts of each kind that are used, drawn by the seed
 * @param maxPromptTokens longer prompts are left out
 * @param testFraction share of the prompts of each kind that is tested in each split
 * @param calibrationFraction share of the prompts of each kind that thresholds are set on in each
 *     split; what is in neither share is fitted, or shown in the outlier exposure
 * @param splits random splits by conversation; their spread is the error bar
 * @param shrinkage weight a of the covariance's shrinkage towards a multiple of the identity
 * @param maxOutliers most outliers that are shown to the classifier of the few-shot outlier
 *     exposure; fewer are shown too, in steps of 1, 2, 5 and 10
 * @param draws how often those outliers are drawn
 * @param ridge penalty of that classifier's weights
 * @param falseReject share of in-distribution prompts that the operating point may reject; its
 *     threshold is set on in-distribution prompts of the calibration part
 * @param catchFraction share of the outliers that a second operating point is to catch; its
 *     threshold is set on outliers of the calibration part
 * @param filter files with prompts that the first split's operating point for {@code falseReject}
 *     at the middle layer is applied to; those that it accepts become the run's data file
 */
public record OodSettings(
    String model,
    List<String> inside,
    List<String> outside,
    DialogueFormat format,
    int maxPrompts,
    int maxPromptTokens,
    double testFraction,
    double calibrationFraction,
    int splits,
    double shrinkage,
    int maxOutliers,
    int draws,
    double ridge,
    double falseReject,
    double catchFraction,
    List<String> filter)
    implements MeasurementSettings {}
