package dev.plumbline.labelling;

import java.util.List;

/**
 * How a batch is shown and asked. Fixed when the batch is made, because labels under other
 * questions are other labels.
 *
 * @param name what people call it
 * @param mode what is asked
 * @param levels strengths on each side, 1 to 9; the paper's row has four (figure 6)
 * @param questions texts of further questions beside the mode's own, each answered on the same
 *     scale
 * @param ratings texts of closing ratings from 1 to 5, as the red-team task has (figure 41)
 * @param seed of order and sides
 * @param repeats share of items that are shown a second time, later and unsaid, 0 to 0.5
 * @param blind whether model names are hidden until the batch is closed
 * @param goal labels that a session aims at; 0 for the whole batch
 */
public record BatchSettings(
    String name,
    LabelMode mode,
    int levels,
    List<String> questions,
    List<String> ratings,
    long seed,
    double repeats,
    boolean blind,
    int goal) {

  /** Strengths on each side of the paper's row of buttons. */
  public static final int PAPER_LEVELS = 4;

  /** Checks the ranges. */
  public BatchSettings {
    questions = List.copyOf(questions);
    ratings = List.copyOf(ratings);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a batch has a name");
    }
    if (levels < 1 || levels > 9) {
      throw new IllegalArgumentException("strengths on each side are 1 to 9, not " + levels);
    }
    if (!(repeats >= 0 && repeats <= 0.5)) {
      throw new IllegalArgumentException("the share of repeats is 0 to 0.5, not " + repeats);
    }
    if (goal < 0) {
      throw new IllegalArgumentException("a goal is 0 or more labels, not " + goal);
    }
  }

  /** The paper's own: four strengths a side, blind, and for red teaming its three ratings. */
  public static BatchSettings paper(String name, LabelMode mode, long seed) {
    return new BatchSettings(
        name,
        mode,
        PAPER_LEVELS,
        List.of(),
        mode == LabelMode.RED_TEAM
            ? List.of("attack success", "harmfulness", "actionability")
            : List.of(),
        seed,
        0.05,
        true,
        0);
  }

  /** The same with another share of hidden repeats. */
  public BatchSettings withRepeats(double share) {
    return new BatchSettings(name, mode, levels, questions, ratings, seed, share, blind, goal);
  }

  /** The same with another number of strengths on each side. */
  public BatchSettings withLevels(int each) {
    return new BatchSettings(name, mode, each, questions, ratings, seed, repeats, blind, goal);
  }
}
