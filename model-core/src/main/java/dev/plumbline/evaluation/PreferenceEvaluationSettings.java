package dev.plumbline.evaluation;

import dev.plumbline.training.PreferenceSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A saved preference model on comparisons: the tables that preference training has at its end
 * (paper sections 3.1 to 3.3), of any model and any files.
 *
 * @param model directory of the preference model; it is read in the form that it remembers
 * @param baseline directory of the language model whose mean log-probability stands beside the
 *     accuracy, or null for none
 * @param data comparison files, or parts of them with names
 * @param contextTokens longest sequence in tokens, 0 for the model's context; longer prompts are
 *     cut at the left
 */
public record PreferenceEvaluationSettings(
    String model,
    @Nullable String baseline,
    List<PreferenceSettings.HeldOut> data,
    int contextTokens)
    implements MeasurementSettings {}
