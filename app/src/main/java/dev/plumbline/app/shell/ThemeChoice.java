package dev.plumbline.app.shell;

/** Which look a person wants. */
public enum ThemeChoice {
  /** Light or dark, as the system is. */
  SYSTEM,
  LIGHT,
  DARK,
  HIGH_CONTRAST;

  /** The choice of one look. */
  static ThemeChoice of(Theme theme) {
    return switch (theme) {
      case LIGHT -> LIGHT;
      case DARK -> DARK;
      case HIGH_CONTRAST -> HIGH_CONTRAST;
    };
  }

  /**
   * The look itself.
   *
   * @param systemIsDark whether the system is dark now
   */
  Theme theme(boolean systemIsDark) {
    return switch (this) {
      case SYSTEM -> systemIsDark ? Theme.DARK : Theme.LIGHT;
      case LIGHT -> Theme.LIGHT;
      case DARK -> Theme.DARK;
      case HIGH_CONTRAST -> Theme.HIGH_CONTRAST;
    };
  }
}
