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

  /** Called when the look changed. */
  default void themed(Theme theme) {}
}
