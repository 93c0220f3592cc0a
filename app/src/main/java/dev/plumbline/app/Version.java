package dev.plumbline.app;

/** The version of the program, as it goes into figures, error reports and run records. */
public final class Version {
  /** Major, minor and patch. */
  public static final String TEXT = "0.1.0";

  private Version() {}
}
