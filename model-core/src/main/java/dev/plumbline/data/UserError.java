package dev.plumbline.data;

/**
 * Something that the user gave, or the machine the program runs on, is not as it must be. The
 * message is one line: what is wrong, where (file and line), and what to do about it. It is shown
 * to the user as it is; a stack trace would tell them nothing.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error whose message says all. */
  public UserError(String message) {
    super(message);
  }

  /** An error with the failure behind it, for the log. */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
