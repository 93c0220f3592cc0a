package dev.plumbline.app.shell;

import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.TraversalDirection;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Something to fill in over the page: Escape and a click beside it put it away. */
public final class Overlay extends StackPane {
  private final StackPane over;
  private @Nullable Node before;

  /**
   * @param over the page
   */
  public Overlay(StackPane over) {
    this.over = over;
    getStyleClass().add("runs-veil");
    setAlignment(Pos.TOP_CENTER);
    setOnMousePressed(
        event -> {
          if (event.getTarget() == this) {
            close();
          }
        });
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            event.consume();
            close();
          }
        });
  }

  /** Whether something is open. */
  public boolean isOpen() {
    return over.getChildren().contains(this);
  }

  /**
   * Opens.
   *
   * @param first gets the focus
   */
  public void open(String id, String title, Node content, double width, Node first) {
    close();
    before = over.getScene() == null ? null : over.getScene().getFocusOwner();
    Button close = Ui.iconButton(Strings.text("runs.overlay.close"), Feather.X, this::close);
    close.setId("overlay-close");
    VBox box = new VBox(12, Ui.row(10, Ui.label(title, "card-title"), Ui.spring(), close), content);
    box.setId(id);
    box.getStyleClass().add("runs-overlay");
    box.setMaxSize(width, USE_PREF_SIZE);
    box.setPrefWidth(width);
    getChildren().setAll(box);
    over.getChildren().add(this);
    first.requestFocus();
  }

  /** Puts it away and gives the focus back. */
  public void close() {
    if (isOpen()) {
      over.getChildren().remove(this);
      getChildren().clear();
      if (before != null) {
        before.requestFocus();
        before = null;
      }
    }
  }

  /** Tab leads on from a text of several lines, as from any other field. */
  public static void tabLeadsOn(TextArea text) {
    text.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.TAB && !event.isControlDown()) {
            event.consume();
            text.requestFocusTraversal(
                event.isShiftDown() ? TraversalDirection.PREVIOUS : TraversalDirection.NEXT);
          }
        });
  }

  /** Asks for a line of text. */
  public void ask(String id, String title, String text, String act, Consumer<String> sink) {
    TextField field = new TextField(text);
    field.setId(id + "-field");
    field.setAccessibleText(title);
    Runnable done =
        () -> {
          String typed = field.getText().strip();
          if (!typed.isEmpty()) {
            close();
            sink.accept(typed);
          }
        };
    field.setOnAction(_ -> done.run());
    Button ok = new Button(act);
    ok.getStyleClass().add("accent");
    ok.disableProperty().bind(field.textProperty().map(typed -> typed.isBlank()));
    ok.setOnAction(_ -> done.run());
    open(id, title, new VBox(12, field, Ui.row(8, Ui.spring(), ok)), 420, field);
    field.selectAll();
  }
}
