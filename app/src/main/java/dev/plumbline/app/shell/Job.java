package dev.plumbline.app.shell;

/**
 * Something that goes on, for the status bar and the list of jobs.
 *
 * @param id stable name
 * @param kind a run, a study that goes through several, or work of the workbench
 * @param name what
 * @param fraction done, 0 to 1; negative while unknown
 * @param secondsLeft estimate for the rest, NaN while unknown
 * @param detail what is being done just now, or empty
 * @param device what it computes on, or empty
 * @param stopText what its stop button says; empty where it has none of its own
 * @param canStop whether it can be stopped now
 * @param obstacle why nothing can be stopped as things are, or empty
 * @param open shows it, on the JavaFX thread
 * @param stop stops it, on the JavaFX thread
 */
public record Job(
    String id,
    Kind kind,
    String name,
    double fraction,
    double secondsLeft,
    String detail,
    String device,
    String stopText,
    boolean canStop,
    String obstacle,
    Runnable open,
    Runnable stop) {

  /** What goes on. */
  public enum Kind {
    RUN,
    STUDY,
    /** Work of the workbench itself. */
    TASK
  }

  /** The rest in words: {@code 62 % · 1 min 48 s left}. */
  public String rest() {
    StringBuilder text = new StringBuilder();
    if (fraction >= 0) {
      text.append(Math.round(fraction * 100)).append("\u202F%");
    }
    if (Double.isFinite(secondsLeft)) {
      text.append(text.isEmpty() ? "" : " · ")
          .append(Strings.text("status.left", Numbers.duration(secondsLeft)));
    }
    return text.isEmpty() ? detail : text.toString();
  }
}
