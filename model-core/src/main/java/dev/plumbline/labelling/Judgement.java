package dev.plumbline.labelling;

/**
 * The answer to one question about a pair.
 *
 * @param outcome which candidate, or why none
 * @param level strength of the preference from 1, the weakest pair of buttons in the middle of the
 *     scale (about the same, unsure), to the batch's number of levels; 0 where no candidate was
 *     chosen
 */
public record Judgement(Outcome outcome, int level) {
  /** Refuses a preference without a strength, and a strength without a preference. */
  public Judgement {
    if (outcome.decided() != level > 0) {
      throw new IllegalArgumentException(outcome + " with strength " + level);
    }
  }

  /** A preference for the first candidate or the second. */
  public static Judgement prefer(boolean first, int level) {
    return new Judgement(first ? Outcome.FIRST : Outcome.SECOND, level);
  }

  /** An outcome without a preference. */
  public static Judgement of(Outcome outcome) {
    return new Judgement(outcome, 0);
  }

  /**
   * The place on the scale: positive for the first candidate, negative for the second, 0 for a tie;
   * NaN where nothing was judged or both are bad.
   */
  public double signed() {
    return switch (outcome) {
      case FIRST -> level;
      case SECOND -> -level;
      case TIE -> 0;
      case BOTH_BAD, CANNOT_JUDGE, SKIPPED -> Double.NaN;
    };
  }

  /**
   * Whether it enters a data set: one candidate was chosen, and more strongly than the weakest
   * strength there is (paper section 2.2).
   */
  public boolean counts() {
    return level > 1;
  }
}
