package dev.plumbline.app.shell;

/**
 * Something that goes on, for the status bar.
 *
 * @param name what
 * @param fraction done, 0 to 1; negative while unknown
 * @param secondsLeft estimate for the rest, NaN while unknown
 * @param detail what is being done just now, or empty
 */
public record Job(String name, double fraction, double secondsLeft, String detail) {
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
