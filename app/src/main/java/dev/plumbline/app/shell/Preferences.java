package dev.plumbline.app.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered between starts.
 *
 * @param settings what a person set
 * @param workspace the workspace that was open last, or null
 * @param recent workspaces that were open, the newest first
 * @param width window width in pixels
 * @param height window height in pixels
 * @param maximised whether the window filled the screen
 * @param chartAxis what metric charts are drawn against: {@code step}, {@code samples}, {@code
 *     time}
 * @param venue column width of exported figures, by name
 * @param newsSeen the version whose news were put away, or null
 * @param writtenBy version of the workbench that wrote the file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Preferences(
    @Nullable Settings settings,
    @Nullable String workspace,
    @Nullable List<String> recent,
    double width,
    double height,
    boolean maximised,
    @Nullable String chartAxis,
    @Nullable String venue,
    @Nullable String newsSeen,
    @Nullable String writtenBy) {
  private static final int RECENT = 8;

  /** What a first start finds. */
  public static Preferences defaults() {
    return new Preferences(
        Settings.defaults(), null, List.of(), 1440, 900, false, "step", "icml-column", null, null);
  }

  /** What a person set. */
  public Settings settingsOrDefaults() {
    return settings == null ? Settings.defaults() : settings;
  }

  public Preferences withSettings(Settings value) {
    return new Preferences(
        value, workspace, recent, width, height, maximised, chartAxis, venue, newsSeen, writtenBy);
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
        settings,
        last,
        List.copyOf(next),
        width,
        height,
        maximised,
        chartAxis,
        venue,
        newsSeen,
        writtenBy);
  }

  public Preferences withWindow(double newWidth, double newHeight, boolean newMaximised) {
    return new Preferences(
        settings,
        workspace,
        recent,
        newWidth,
        newHeight,
        newMaximised,
        chartAxis,
        venue,
        newsSeen,
        writtenBy);
  }

  public Preferences withChartAxis(String value) {
    return new Preferences(
        settings, workspace, recent, width, height, maximised, value, venue, newsSeen, writtenBy);
  }

  public Preferences withVenue(String value) {
    return new Preferences(
        settings, workspace, recent, width, height, maximised, chartAxis, value, newsSeen,
        writtenBy);
  }

  public Preferences withNewsSeen(String version) {
    return new Preferences(
        settings, workspace, recent, width, height, maximised, chartAxis, venue, version,
        writtenBy);
  }

  Preferences withWrittenBy(String version) {
    return new Preferences(
        settings, workspace, recent, width, height, maximised, chartAxis, venue, newsSeen, version);
  }
}
