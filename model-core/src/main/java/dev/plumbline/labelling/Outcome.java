package dev.plumbline.labelling;

import java.util.Locale;

/** What an annotator found of a pair; first and second are the item's candidates, never sides. */
public enum Outcome {
  /** The item's first candidate is the one asked for. */
  FIRST,
  /** The item's second candidate is. */
  SECOND,
  /** Both are as good. */
  TIE,
  /** Neither will do. */
  BOTH_BAD,
  /** The annotator lacks what it takes to decide. */
  CANNOT_JUDGE,
  /** Passed over; the pair may come again. */
  SKIPPED;

  /** Whether one candidate was chosen. */
  public boolean decided() {
    return this == FIRST || this == SECOND;
  }

  /** The word in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Outcome ofWord(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word().equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no outcome is called '" + word + "'");
  }
}
