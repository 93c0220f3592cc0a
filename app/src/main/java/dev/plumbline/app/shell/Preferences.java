package dev.plumbline.app.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered between starts.
 *
 * @param theme look of the workbench
 * @param workspace the workspace that was open last, or null
 * @param recent workspaces that were open, the newest first
 * @param width window width in pixels
 * @param height window height in pixels
 * @param maximised whether the window filled the screen
 * @param chartAxis what metric charts are drawn against: {@code step}, {@code samples}, {@code
 *     time}
 * @param venue column width of exported figures, by name
 * @param device what workers compute on: {@code auto}, {@code cpu}, {@code cuda:N} or {@code mps}
 * @param writtenBy version of the workbench that wrote the file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Preferences(
    @Nullable Theme theme,
    @Nullable String workspace,
    @Nullable List<String> recent,
    double width,
    double height,
    boolean maximised,
    @Nullable String chartAxis,
    @Nullable String venue,
    @Nullable String device,
    @Nullable String writtenBy) {
  private static final int RECENT = 8;

  /** What a first start finds. */
  public static Preferences defaults() {
    return new Preferences(
        Theme.DARK, null, List.of(), 1440, 900, false, "step", "icml-column", "auto", null);
  }

  public Theme themeOrDefault() {
    return theme == null ? Theme.DARK : theme;
  }

  public Preferences withTheme(Theme value) {
    return new Preferences(
        value, workspace, recent, width, height, maximised, chartAxis, venue, device, writtenBy);
  }

  /** Workspaces that were open, the newest first. */
  public List<String> recentOrNone() {
    return recent == null ? List.of() : List.copyOf(recent);
  }

  /** The same with a workspace that was opened: it is the last one and leads the recent ones. */
  public Preferences withWorkspace(String value) {
    List<String> next = new ArrayList<>(recentOrNone());
    next.remove(value);
    next.addFirst(value);
    return withRecent(value, next.subList(0, Math.min(RECENT, next.size())));
  }

  /** The same without a workspace that is no more. */
  public Preferences withoutRecent(String value) {
    List<String> next = new ArrayList<>(recentOrNone());
    next.remove(value);
    return withRecent(workspace, next);
  }

  private Preferences withRecent(@Nullable String last, List<String> next) {
    return new Preferences(
        theme,
        last,
        List.copyOf(next),
        width,
        height,
        maximised,
        chartAxis,
        venue,
        device,
        writtenBy);
  }

  public Preferences withWindow(double newWidth, double newHeight, boolean newMaximised) {
    return new Preferences(
        theme,
        workspace,
        recent,
        newWidth,
        newHeight,
        newMaximised,
        chartAxis,
        venue,
        device,
        writtenBy);
  }

  public Preferences withChartAxis(String value) {
    return new Preferences(
        theme, workspace, recent, width, height, maximised, value, venue, device, writtenBy);
  }

  public Preferences withVenue(String value) {
    return new Preferences(
        theme, workspace, recent, width, height, maximised, chartAxis, value, device, writtenBy);
  }

  /** What workers compute on. */
  public String deviceOrAuto() {
    return device == null ? "auto" : device;
  }

  public Preferences withDevice(String value) {
    return new Preferences(
        theme, workspace, recent, width, height, maximised, chartAxis, venue, value, writtenBy);
  }
}
