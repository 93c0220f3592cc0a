package dev.plumbline.analysis;

/** What a tie counts for where matches become ratings. */
public enum TieRule {
  /** Half a win for each side. */
  HALF,
  /** Nothing: the match is left out. */
  DROP
}
