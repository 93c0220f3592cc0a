package dev.plumbline.experiment;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run named in a spec or on the command line: {@code run:NAME} is its last checkpoint, {@code
 * run:NAME@STEP} the one of a step.
 */
public record RunReference(String name, OptionalLong step) {
  /** What references begin with in specs. */
  public static final String PREFIX = "run:";

  private static final Pattern FORM = Pattern.compile("(?:run:)?([^@/\\\\]+)(?:@(\\d{1,18}))?");

  /** A reference, its prefix left out or not; empty where the text has another form. */
  public static Optional<RunReference> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String step = matcher.group(2);
    return Optional.of(
        new RunReference(
            matcher.group(1).strip(),
            step == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(step))));
  }

  @Override
  public String toString() {
    return PREFIX + name + (step.isPresent() ? "@" + step.getAsLong() : "");
  }
}
