package dev.plumbline.app.shell;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The workbench's texts. */
public final class Strings {
  private static final ResourceBundle BUNDLE =
      ResourceBundle.getBundle("dev.plumbline.ui.strings", Locale.ROOT);

  private Strings() {}

  /** The text of a key as it stands. */
  public static String text(String key) {
    return BUNDLE.getString(key);
  }

  /** The text of a key with its places filled; apostrophes are doubled in such texts. */
  public static String text(String key, Object... arguments) {
    return new MessageFormat(BUNDLE.getString(key), Locale.ROOT).format(arguments);
  }
}
