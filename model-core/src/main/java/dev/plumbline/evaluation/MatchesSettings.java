package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matches between models (paper sections 2.4 and 6.4, appendix B.5): each answers the same prompts
 * once, and judges decide every pair.
 *
 * @param players the models
 * @param judges who decides; each gives a rating of its own
 * @param reference name of the player at 0 Elo; the first where it is empty
 * @param prompts files with prompts
 * @param format how prompts become tokens
 * @param maxPrompts prompts that are used, drawn by the seed
 * @param maxPromptTokens longer prompts are left out
 * @param maxResponseTokens length limit of a response
 * @param temperature sampling temperature
 */
public record MatchesSettings(
    List<Player> players,
    List<Judge> judges,
    String reference,
    List<String> prompts,
    DialogueFormat format,
    int maxPrompts,
    int maxPromptTokens,
    int maxResponseTokens,
    double temperature)
    implements MeasurementSettings {

  /**
   * Who decides a match; exactly one of the three is set.
   *
   * @param name what tables call it
   * @param preferenceModel directory of a preference model, or a reference to a run: the higher
   *     score wins
   * @param gold name of a gold reward: the higher reward wins
   * @param annotators name of simulated annotators: one of them chooses; who is unsure is left out,
   *     as in the paper
   */
  public record Judge(
      String name,
      @Nullable String preferenceModel,
      @Nullable String gold,
      @Nullable String annotators) {}
}
