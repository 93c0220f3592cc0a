package dev.plumbline.app.shell;

import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;

/** One page of the workbench. Made when it is first shown. */
public interface View {
  /** The page. */
  Node node();

  /** What the breadcrumb says after the page's name. */
  ObservableStringValue subject();

  /** Called each time the page comes into sight. */
  default void shown() {}

  /** Called each time the page goes out of sight. */
  default void hidden() {}

  /**
   * Explains what the person is at, where the page can do that better than the glossary.
   *
   * @return whether it did
   */
  default boolean explainsItself() {
    return false;
  }

  /** Called when the look changed. */
  default void themed(Theme theme) {}
}
