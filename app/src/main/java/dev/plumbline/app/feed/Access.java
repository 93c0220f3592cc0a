package dev.plumbline.app.feed;

import dev.plumbline.app.shell.Strings;

/**
 * What can be done with a workspace.
 *
 * @param kind whether it is open, and how
 * @param obstacle why nothing can be changed in it, in a few words; empty where it can
 * @param meaning the same with what it means, for a banner
 */
public record Access(Kind kind, String obstacle, String meaning) {
  /** How a workspace is open. */
  public enum Kind {
    /** It is being opened. */
    OPENING,
    /** It is read and written. */
    WRITING,
    /** It is read alone. */
    READING,
    /** It could not be opened; nothing of it is shown. */
    FAILED
  }

  /** A workspace that is being opened. */
  public static final Access OPENING = new Access(Kind.OPENING, "", "");

  /** A workspace that is read and written. */
  public static final Access WRITING = new Access(Kind.WRITING, "", "");

  /** A workspace that another process has open. */
  static Access held() {
    return new Access(
        Kind.READING, Strings.text("access.held"), Strings.text("access.held.meaning"));
  }

  /** A workspace whose files may not be written. */
  static Access unwritable() {
    return new Access(
        Kind.READING, Strings.text("access.unwritable"), Strings.text("access.unwritable.meaning"));
  }

  /**
   * A workspace that cannot be opened.
   *
   * @param line why, in one line
   */
  static Access failed(String line) {
    return new Access(Kind.FAILED, Strings.text("access.failed"), line);
  }
}
