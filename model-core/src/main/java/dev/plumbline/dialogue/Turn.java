package dev.plumbline.dialogue;

import java.util.Objects;

/**
 * One turn of a dialogue.
 *
 * @param role who speaks
 * @param text everything between the colon of this turn's marker and the next marker, as it stands
 *     in the transcript, so with the leading space; never holds a marker
 */
public record Turn(Role role, String text) {
  /** Refuses text that would read as more than one turn. */
  public Turn {
    Objects.requireNonNull(role);
    for (Role other : Role.values()) {
      if (text.contains(other.marker())) {
        throw new IllegalArgumentException(
            "a turn's text holds the marker \"" + other.marker().strip() + "\" of another turn");
      }
    }
  }

  /** A turn that says {@code content}, with the single space that follows the colon. */
  public static Turn of(Role role, String content) {
    return new Turn(role, " " + content);
  }

  /** What is said, without the white space around it. */
  public String content() {
    return text.strip();
  }
}
