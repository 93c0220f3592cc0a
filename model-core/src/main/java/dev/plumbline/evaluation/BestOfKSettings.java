package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.training.PpoSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Best-of-k sampling, also called rejection sampling (paper section 4.3, appendix B.6, figure 36):
 * many responses to each prompt, and what the best of k of them by a preference model is worth.
 *
 * @param policy directory of the language model that is sampled
 * @param reward what the best is chosen by
 * @param gold name of a known gold reward of the same responses, or null
 * @param prompts files with prompts
 * @param format how prompts become tokens
 * @param maxPrompts prompts that are used, drawn by the seed
 * @param samples responses to each prompt; k goes up to it in powers of two
 * @param maxPromptTokens longer prompts are left out and counted
 * @param maxResponseTokens length limit of a response
 * @param temperature sampling temperature
 */
public record BestOfKSettings(
    String policy,
    PpoSettings.Reward reward,
    @Nullable String gold,
    List<String> prompts,
    DialogueFormat format,
    int maxPrompts,
    int samples,
    int maxPromptTokens,
    int maxResponseTokens,
    double temperature)
    implements MeasurementSettings {}
