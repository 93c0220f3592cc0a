package dev.plumbline.dialogue;

/** Who speaks in a dialogue. */
public enum Role {
  /** The person who asks. */
  HUMAN("\n\nHuman:"),
  /** The model that answers. */
  ASSISTANT("\n\nAssistant:");

  private final String marker;

  Role(String marker) {
    this.marker = marker;
  }

  /** What opens a turn of this role in a transcript: two line feeds, the name, a colon. */
  public String marker() {
    return marker;
  }
}
