package dev.plumbline.evaluation;

import dev.plumbline.training.PpoSettings;
import org.jspecify.annotations.Nullable;

/**
 * A model under a name: one of several that are compared or deployed together. It answers with one
 * response, or with the best of several by a ranker (paper section 4.3, appendix B.6).
 *
 * @param name what tables call it
 * @param model directory of the language model, or a reference to a run's checkpoint
 * @param share how often it is drawn, against the others' shares; where all answer alike it is not
 *     looked at
 * @param bestOf responses that its answer is chosen from, 1 for the one that it gives
 * @param ranker what they are chosen by, or null where there is no choice
 */
public record Player(
    String name, String model, double share, int bestOf, PpoSettings.@Nullable Reward ranker) {
  /** A player that answers with the one response that it gives. */
  public Player(String name, String model, double share) {
    this(name, model, share, 1, null);
  }
}
