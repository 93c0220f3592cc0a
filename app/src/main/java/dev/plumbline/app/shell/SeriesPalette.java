package dev.plumbline.app.shell;

import java.util.List;

/**
 * Colours of the series of charts, safe for the common kinds of colour blindness. Each has a set
 * for light grounds and one for dark grounds of the same hues, so that a line keeps a contrast of 3
 * to 1 on either.
 */
public enum SeriesPalette {
  /** Okabe and Ito's, as the themes have it. */
  OKABE_ITO,

  /** Tol's bright scheme (SRON/EPS/TN/09-002), darkened for light grounds where it is too pale. */
  TOL_BRIGHT,

  /** Tol's vibrant scheme, changed likewise. */
  TOL_VIBRANT,

  /** One hue from dark to light, for runs that stand in an order such as a size or a step. */
  ORDERED;

  /** Its colours as #rrggbb, in order; none where the theme's own stand. */
  public List<String> colours(boolean onDark) {
    return switch (this) {
      case OKABE_ITO -> List.of();
      case TOL_BRIGHT ->
          onDark
              ? List.of("#77a8dd", "#f58a99", "#5cc06f", "#ddd06a", "#85d9f3", "#e07ab4", "#cccccc")
              : List.of(
                  "#4477aa", "#d3415a", "#1c7c31", "#8f7f1c", "#2388ad", "#aa3377", "#6b6b6b");
      case TOL_VIBRANT ->
          onDark
              ? List.of("#5aabea", "#ff9450", "#33c2b2", "#ff72a8", "#66ccff", "#ff7a66", "#cccccc")
              : List.of(
                  "#0077bb", "#cc4a10", "#008375", "#d02a6e", "#1e84b5", "#b3261e", "#6b6b6b");
      case ORDERED ->
          onDark
              ? List.of("#5c86c9", "#7299d6", "#89ace0", "#a1c0e9", "#bad3f1", "#d5e6f8", "#b8bec9")
              : List.of(
                  "#08306b", "#0f4c92", "#1f68ad", "#3782be", "#4f8fc0", "#5e93b9", "#6b6b6b");
    };
  }
}
