package dev.plumbline.app.shell;

import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Short messages that come at the lower right, can be put away, and go by themselves. */
public final class Notices extends VBox {
  /** How a message is meant. */
  public enum Kind {
    DONE,
    INFO,
    PROBLEM
  }

  private static final int AT_ONCE = 4;

  Notices() {
    getStyleClass().add("notices");
    setPickOnBounds(false);
    setAlignment(Pos.BOTTOM_RIGHT);
    setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
  }

  /** Shows a message. */
  public void show(Kind kind, String text) {
    show(kind, text, null, () -> {});
  }

  /** Shows a message with something to do about it. */
  public void show(Kind kind, String text, @Nullable String act, Runnable task) {
    Label label = new Label(text);
    label.setWrapText(true);
    HBox notice =
        new HBox(
            10,
            Ui.icon(
                switch (kind) {
                  case DONE -> Feather.CHECK_CIRCLE;
                  case INFO -> Feather.INFO;
                  case PROBLEM -> Feather.ALERT_TRIANGLE;
                }),
            label);
    HBox.setHgrow(label, javafx.scene.layout.Priority.ALWAYS);
    label.setMaxWidth(Double.MAX_VALUE);
    notice.setAccessibleRole(AccessibleRole.TEXT);
    notice.setAccessibleText(text);
    notice
        .getStyleClass()
        .addAll(
            "notice",
            switch (kind) {
              case DONE -> "notice-done";
              case INFO -> "notice-info";
              case PROBLEM -> "notice-problem";
            });
    notice.setAlignment(Pos.CENTER_LEFT);
    if (act != null) {
      Button button = new Button(act);
      button.getStyleClass().addAll("flat", "small");
      button.setMinWidth(USE_PREF_SIZE);
      button.setOnAction(
          event -> {
            getChildren().remove(notice);
            task.run();
          });
      notice.getChildren().add(button);
    }
    notice
        .getChildren()
        .add(
            Ui.iconButton(
                Strings.text("notice.close"), Feather.X, () -> getChildren().remove(notice)));
    getChildren().add(notice);
    if (getChildren().size() > AT_ONCE) {
      getChildren().removeFirst();
    }
    PauseTransition wait = new PauseTransition(Duration.seconds(kind == Kind.PROBLEM ? 15 : 5));
    wait.setOnFinished(event -> getChildren().remove(notice));
    wait.play();
  }
}
