package dev.plumbline.app.shell;

import org.kordamp.ikonli.feather.Feather;

/** The pages of the workbench, in the order of the rail. */
public enum Page {
  HOME(Feather.HOME, "Ctrl+1"),
  RUNS(Feather.LIST, "Ctrl+2"),
  LIVE(Feather.ACTIVITY, "Ctrl+3"),
  SAMPLES(Feather.MESSAGE_SQUARE, "Ctrl+4"),
  EVALUATION(Feather.TARGET, "Ctrl+5"),
  DATA(Feather.DATABASE, "Ctrl+6"),
  LABELS(Feather.CHECK_SQUARE, "Ctrl+7"),
  STUDIES(Feather.GRID, "Ctrl+8"),
  FIGURES(Feather.BAR_CHART_2, "Ctrl+9"),
  /** Reached from other pages; it has no place in the rail. */
  NEW_RUN(Feather.PLUS_SQUARE, "Ctrl+N"),
  DIAGNOSTICS(Feather.TOOL, "Ctrl+Shift+D"),
  SETTINGS(Feather.SETTINGS, "Ctrl+Comma"),
  HELP(Feather.HELP_CIRCLE, "Shift+F1");

  private final Feather icon;
  private final String key;

  Page(Feather icon, String key) {
    this.icon = icon;
    this.key = key;
  }

  /** Whether it has a place in the rail. */
  boolean inRail() {
    return this != NEW_RUN;
  }

  Feather icon() {
    return icon;
  }

  String key() {
    return key;
  }

  /** Its name in the rail and the breadcrumb. */
  public String title() {
    return switch (this) {
      case HOME -> Strings.text("page.home");
      case RUNS -> Strings.text("page.runs");
      case LIVE -> Strings.text("page.live");
      case SAMPLES -> Strings.text("page.samples");
      case EVALUATION -> Strings.text("page.evaluation");
      case DATA -> Strings.text("page.data");
      case LABELS -> Strings.text("page.labels");
      case STUDIES -> Strings.text("page.studies");
      case FIGURES -> Strings.text("page.figures");
      case NEW_RUN -> Strings.text("page.new_run");
      case DIAGNOSTICS -> Strings.text("page.diagnostics");
      case SETTINGS -> Strings.text("page.settings");
      case HELP -> Strings.text("page.help");
    };
  }
}
