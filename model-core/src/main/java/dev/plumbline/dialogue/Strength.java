package dev.plumbline.dialogue;

/**
 * How sure a preference is. The collection interface has a row of eight buttons, four for each side
 * (paper section 2.1 and figure 6); only comparisons stronger than the weakest enter a data set
 * (section 2.2), and the strength is not used otherwise.
 */
public enum Strength {
  /** The pair of buttons in the middle: about the same, or unsure. */
  UNSURE(1),
  /** A little better. */
  SLIGHT(2),
  /** Better. */
  CLEAR(3),
  /** The outermost buttons: much better. */
  STRONG(4);

  private final int level;

  Strength(int level) {
    this.level = level;
  }

  /** 1 for the weakest to 4 for the strongest. */
  public int level() {
    return level;
  }

  /**
   * The strength with this level.
   *
   * @throws IllegalArgumentException where {@code level} is not from 1 to 4
   */
  public static Strength ofLevel(int level) {
    for (Strength strength : values()) {
      if (strength.level == level) {
        return strength;
      }
    }
    throw new IllegalArgumentException("a preference's strength is 1 to 4, not " + level);
  }
}
