package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Strength;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Simulated annotators, who know the gold reward of a synthetic world and err as people do.
 * Providers are found by {@link ServiceLoader}.
 */
public interface AnnotatorPanel {
  /** The panel of a name in a spec, such as {@code sample-world/helpful}. */
  Optional<Panel> panel(String name);

  /**
   * A judgement.
   *
   * @param annotator who judged
   * @param left whether the response on the left was chosen
   * @param strength how strongly
   */
  record Judgement(String annotator, boolean left, Strength strength) {}

  /** Judges pairs. */
  interface Panel {
    /**
     * One annotator's judgement of a pair.
     *
     * @param prompt the dialogue so far
     * @param left the response on the left
     * @param right the response on the right
     * @param seed decides who judges, and how they err
     */
    Judgement judge(String prompt, String left, String right, long seed);

    /** The gold reward of a response, nats. */
    double gold(String prompt, String response);
  }

  /**
   * The panel of a name, from any provider.
   *
   * @throws UserError where no provider knows it
   */
  static Panel named(String name) {
    return ServiceLoader.load(AnnotatorPanel.class).stream()
        .flatMap(provider -> provider.get().panel(name).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "annotators '%s' are not known; name some such as sample-world/helpful"
                        .formatted(name)));
  }
}
