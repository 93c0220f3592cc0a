package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.training.PpoSettings;
import java.util.List;

/**
 * The paper's sampling protocol (section 6, appendix C): several responses of each model to each
 * prompt, ranked by a preference model, of which the median one that is not empty is shown. So
 * nobody picks.
 *
 * @param players the models
 * @param sets the prompts, by tag
 * @param ranker what ranks the responses
 * @param format how prompts become tokens
 * @param samples responses to each prompt; the paper takes 17
 * @param maxPrompts prompts of each set that are used, in the order of the file
 * @param maxPromptTokens longer prompts are left out
 * @param maxResponseTokens length limit of a response
 * @param temperature sampling temperature
 */
public record SampleSheetSettings(
    List<Player> players,
    List<PromptSet> sets,
    PpoSettings.Reward ranker,
    DialogueFormat format,
    int samples,
    int maxPrompts,
    int maxPromptTokens,
    int maxResponseTokens,
    double temperature)
    implements MeasurementSettings {

  /**
   * Prompts of one kind.
   *
   * @param tag what the sheet calls them
   * @param files with prompts
   */
  public record PromptSet(String tag, List<String> files) {}
}
