package dev.plumbline.app.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered between starts.
 *
 * @param theme look of the workbench
 * @param workspace the workspace that was open last, or null
 * @param width window width in pixels
 * @param height window height in pixels
 * @param maximised whether the window filled the screen
 * @param chartAxis what metric charts are drawn against: {@code step}, {@code samples}, {@code
 *     time}
 * @param venue column width of exported figures, by name
 * @param writtenBy version of the workbench that wrote the file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Preferences(
    @Nullable Theme theme,
    @Nullable String workspace,
    double width,
    double height,
    boolean maximised,
    @Nullable String chartAxis,
    @Nullable String venue,
    @Nullable String writtenBy) {

  /** What a first start finds. */
  public static Preferences defaults() {
    return new Preferences(Theme.DARK, null, 1440, 900, false, "step", "icml-column", null);
  }

  public Theme themeOrDefault() {
    return theme == null ? Theme.DARK : theme;
  }

  public Preferences withTheme(Theme value) {
    return new Preferences(value, workspace, width, height, maximised, chartAxis, venue, writtenBy);
  }

  public Preferences withWorkspace(String value) {
    return new Preferences(theme, value, width, height, maximised, chartAxis, venue, writtenBy);
  }

  public Preferences withWindow(double newWidth, double newHeight, boolean newMaximised) {
    return new Preferences(
        theme, workspace, newWidth, newHeight, newMaximised, chartAxis, venue, writtenBy);
  }

  public Preferences withChartAxis(String value) {
    return new Preferences(theme, workspace, width, height, maximised, value, venue, writtenBy);
  }

  public Preferences withVenue(String value) {
    return new Preferences(theme, workspace, width, height, maximised, chartAxis, value, writtenBy);
  }
}
