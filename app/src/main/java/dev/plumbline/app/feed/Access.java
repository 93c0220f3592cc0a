package dev.plumbline.app.feed;

/**
 * What can be done with a workspace.
 *
 * @param kind whether it is open, and how
 * @param reason one line: why it cannot be written, or not be opened; empty otherwise
 */
public record Access(Kind kind, String reason) {
  /** How a workspace is open. */
  public enum Kind {
    /** It is being opened. */
    OPENING,
    /** It is read and written. */
    WRITING,
    /** It could not be opened; nothing of it is shown. */
    FAILED
  }

  /** A workspace that is being opened. */
  public static final Access OPENING = new Access(Kind.OPENING, "");

  /** A workspace that is read and written. */
  public static final Access WRITING = new Access(Kind.WRITING, "");
}
