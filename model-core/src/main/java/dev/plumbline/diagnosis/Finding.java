package dev.plumbline.diagnosis;

/**
 * One thing that was looked at.
 *
 * @param label what
 * @param value how it is
 * @param mark whether that is well
 * @param advice what to do where it is not; empty where nothing is to be done
 */
public record Finding(String label, String value, Mark mark, String advice) {
  /** Whether something is well. */
  public enum Mark {
    /** Looked at and well. */
    PASS,
    /** Told for information; it can be neither well nor ill. */
    INFO,
    /** Something is slower or smaller than it could be, or a part is not there. */
    WARN,
    /** Something that a user needs is broken. */
    FAIL
  }

  static Finding info(String label, String value) {
    return new Finding(label, value, Mark.INFO, "");
  }

  static Finding pass(String label, String value) {
    return new Finding(label, value, Mark.PASS, "");
  }

  static Finding warn(String label, String value, String advice) {
    return new Finding(label, value, Mark.WARN, advice);
  }

  static Finding fail(String label, String value, String advice) {
    return new Finding(label, value, Mark.FAIL, advice);
  }
}
