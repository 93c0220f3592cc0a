package dev.plumbline.labelling;

/**
 * What annotators are told.
 *
 * @param version from 1; each label remembers the one that was shown; 0 where there are none
 * @param markdown the text
 */
public record Guidelines(int version, String markdown) {
  /** No guidelines. */
  public static final Guidelines NONE = new Guidelines(0, "");
}
