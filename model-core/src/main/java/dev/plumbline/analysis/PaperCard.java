package dev.plumbline.analysis;

/**
 * What the paper says beside what was measured here. The verdict is computed from numbers, so that
 * a result which contradicts the paper is shown as readily as one that agrees.
 *
 * @param id short name, once in a study, such as {@code accuracy-with-data}
 * @param figure where it stands in the paper, such as {@code Fig 7} or {@code section 5.1}
 * @param claim the paper's claim, one line
 * @param verdict what came of it here
 * @param measured what was measured here, one line with n and interval
 */
public record PaperCard(String id, String figure, String claim, Verdict verdict, String measured) {

  /** What came of a claim. */
  public enum Verdict {
    /** The effect is there, in the paper's direction. */
    SAME,
    /** The effect is there, in the other direction or of another form. */
    CHANGED,
    /** The effect, if any, is smaller than what would matter. */
    ABSENT,
    /** The interval is too wide to tell. */
    UNDECIDED
  }

  /** Checks that all fields have something to say. */
  public PaperCard {
    if (id.isBlank() || claim.isBlank() || measured.isBlank()) {
      throw new IllegalArgumentException("a card says what it is about, what is claimed and found");
    }
  }

  /**
   * The verdict on an effect that the paper has as positive: ABSENT where the whole interval lies
   * within plus and minus the smallest effect that would matter; else SAME where it is above 0,
   * CHANGED where it is below, UNDECIDED otherwise. An interval of NaN decides nothing.
   *
   * @param effect interval of the effect, in the paper's direction
   * @param smallest the smallest effect that would matter, above 0
   */
  public static Verdict ofEffect(Interval effect, double smallest) {
    requirePositive(smallest);
    if (Math.abs(effect.low()) < smallest && Math.abs(effect.high()) < smallest) {
      return Verdict.ABSENT; // even where it leaves 0 out: many runs find the smallest effects
    }
    if (effect.low() > 0) {
      return Verdict.SAME;
    }
    return effect.high() < 0 ? Verdict.CHANGED : Verdict.UNDECIDED;
  }

  /**
   * The verdict on two things that the paper has as equal: SAME where the whole interval of their
   * difference lies within plus and minus the largest difference that would not matter, CHANGED
   * where it leaves 0 out and is not that small, UNDECIDED otherwise.
   *
   * @param difference interval of the difference
   * @param largest the largest difference that would not matter, above 0
   */
  public static Verdict ofEquality(Interval difference, double largest) {
    requirePositive(largest);
    if (Math.abs(difference.low()) <= largest && Math.abs(difference.high()) <= largest) {
      return Verdict.SAME;
    }
    return difference.low() > 0 || difference.high() < 0 ? Verdict.CHANGED : Verdict.UNDECIDED;
  }

  /**
   * The verdict on an effect whose size the claim itself names, such as a tail: SAME where the
   * whole interval is at least that large, ABSENT where it lies within plus and minus that size,
   * CHANGED where it is below 0 and not that small, UNDECIDED otherwise.
   *
   * @param effect interval of the effect, in the paper's direction
   * @param least the size that the claim names, above 0
   */
  public static Verdict ofSize(Interval effect, double least) {
    requirePositive(least);
    if (effect.low() >= least) {
      return Verdict.SAME;
    }
    Verdict verdict = ofEffect(effect, least);
    return verdict == Verdict.SAME ? Verdict.UNDECIDED : verdict;
  }

  /**
   * The verdict on something that by the paper costs nothing: SAME where the interval of the cost
   * ends at or below the largest cost that would not matter, so also where something is gained;
   * CHANGED where it reaches beyond that and is above 0, UNDECIDED otherwise.
   *
   * @param cost interval of the cost, above 0 where something is lost
   * @param largest the largest cost that would not matter, above 0
   */
  public static Verdict ofNoCost(Interval cost, double largest) {
    requirePositive(largest);
    if (cost.high() <= largest) {
      return Verdict.SAME;
    }
    return cost.low() > 0 ? Verdict.CHANGED : Verdict.UNDECIDED;
  }

  private static void requirePositive(double bound) {
    if (!(bound > 0)) {
      throw new IllegalArgumentException("what matters must be above 0, not " + bound);
    }
  }
}
