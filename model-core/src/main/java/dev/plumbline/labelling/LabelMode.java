package dev.plumbline.labelling;

import java.util.Locale;

/** What annotators are asked (paper section 2.1, figures 6 and 41). */
public enum LabelMode {
  /** The more helpful and honest response; the chosen one is the better. */
  HELPFUL,
  /**
   * The more harmful response, as in red teaming; the chosen one is the worse, and files that train
   * a preference model have it as the rejected one.
   */
  RED_TEAM;

  /** The word in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static LabelMode ofWord(String word) {
    for (LabelMode mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no mode is called '" + word + "'; helpful, red-team");
  }
}
