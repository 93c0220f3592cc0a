package dev.plumbline.app.shell;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The style sheet that a person's settings add to those of a theme. */
final class Appearance {
  /** A rule on one line that names one of our font's weights as a family. */
  private static final Pattern WEIGHT =
      Pattern.compile("([^{}]+)\\{[^{}]*-fx-font-family: \"Inter (Medium|Semi Bold)\"[^{}]*}");

  private static final double TEXT = 13;
  private static final double ICON = 15;

  private Appearance() {}

  /** Where a scene finds it: the sheet itself, as an address. */
  static String address(Settings settings, Theme theme, String workbench) {
    return "data:text/css;charset=UTF-8;base64,"
        + Base64.getEncoder()
            .encodeToString(css(settings, theme, workbench).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The sheet.
   *
   * @param workbench the workbench's own sheet, whose weights another font must get too
   */
  static String css(Settings settings, Theme theme, String workbench) {
    StringBuilder css = new StringBuilder();
    css.append(".root {");
    String font = settings.fontOrDefault();
    if (!font.equals(Settings.INTER)) {
      css.append(" -fx-font-family: \"").append(font.replace("\"", "")).append("\";");
    }
    List<String> colours = settings.paletteOrDefault().colours(theme.isDark());
    for (int i = 0; i < colours.size(); i++) {
      css.append(" -color-series-").append(i).append(": ").append(colours.get(i)).append(';');
    }
    css.append(" }\n");
    if (!font.equals(Settings.INTER)) {
      Matcher rule = WEIGHT.matcher(workbench);
      while (rule.find()) {
        css.append(rule.group(1).replaceAll("/\\*.*?\\*/", "").strip())
            .append(" { -fx-font-family: \"")
            .append(font.replace("\"", ""))
            .append("\"; -fx-font-weight: ")
            .append(rule.group(2).equals("Medium") ? "normal" : "bold")
            .append("; }\n");
      }
    }
    css.append(".reading { -fx-font-size: %s; }%n".formatted(pixels(settings.readingSize())));
    if (settings.scale() != 100) {
      // Popups are windows of their own, which the frame's scale does not reach.
      double factor = settings.scale() / 100.0;
      css.append(
          ".tooltip, .context-menu, .context-menu .label, .combo-box-popup .list-cell"
              + " { -fx-font-size: %s; }%n".formatted(pixels(TEXT * factor)));
      css.append(
          ".context-menu .ikonli-font-icon { -fx-icon-size: %s; }%n"
              .formatted(pixels(ICON * factor)));
    }
    return css.toString();
  }

  private static String pixels(double size) {
    return String.format(Locale.ROOT, "%.2fpx", size);
  }
}
