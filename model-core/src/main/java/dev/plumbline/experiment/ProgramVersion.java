package dev.plumbline.experiment;

/** The version of the program, as it goes into run records, figures and error reports. */
public final class ProgramVersion {
  /** Major, minor and patch. */
  public static final String TEXT = "0.1.0";

  private ProgramVersion() {}
}
