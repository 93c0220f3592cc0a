package dev.plumbline.app.shell;

import java.io.Serial;
import javafx.event.Event;
import javafx.event.EventType;

/**
 * Asks what a number is; it rises from any part of a page to the frame, which opens the glossary.
 */
public final class AskEvent extends Event {
  public static final EventType<AskEvent> ASK = new EventType<>(Event.ANY, "PLUMBLINE_ASK");

  @Serial private static final long serialVersionUID = 1;

  private final String name;

  /**
   * @param name a metric's name or label as it stands on the screen
   */
  public AskEvent(String name) {
    super(ASK);
    this.name = name;
  }

  /** The name that is asked about. */
  public String name() {
    return name;
  }
}
