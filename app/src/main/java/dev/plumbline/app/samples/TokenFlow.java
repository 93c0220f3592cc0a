package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/**
 * A response token by token, each in the colour of its value. The pointer, or the arrow keys while
 * the flow has the focus, choose a token, whose numbers are told to a reader.
 */
final class TokenFlow extends FlowPane {
  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");

  private final Consumer<TokenText.Shown> reader;
  private final List<TokenText.Shown> tokens = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private int chosen = -1;

  /**
   * @param reader takes the token that was chosen
   */
  TokenFlow(Consumer<TokenText.Shown> reader) {
    this.reader = reader;
    getStyleClass().add("tokens");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TEXT);
    setAccessibleHelp(Strings.text("samples.token.help"));
    setMinHeight(Region.USE_PREF_SIZE);
    setPrefWrapLength(0);
    addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    focusedProperty()
        .subscribe(
            focused -> {
              if (focused) {
                choose(Math.max(0, chosen));
              }
            });
  }

  /** Shows tokens. */
  void show(List<TokenText.Word> words, String rest, HeatScale heat) {
    getChildren().clear();
    tokens.clear();
    labels.clear();
    chosen = -1;
    StringBuilder said = new StringBuilder();
    for (TokenText.Word word : words) {
      HBox box = new HBox();
      for (TokenText.Shown shown : word.tokens()) {
        box.getChildren().add(label(shown, heat));
        said.append(shown.text());
      }
      getChildren().add(box);
      if (word.breaks()) {
        Region line = new Region(); // as wide as the flow, so that the next word begins a line
        line.prefWidthProperty().bind(widthProperty());
        getChildren().add(line);
      }
    }
    if (!rest.isEmpty()) {
      Label plain = Ui.label(rest);
      plain.setWrapText(true);
      plain.getStyleClass().add("reading");
      getChildren().add(plain);
    }
    setAccessibleText(said.append(rest).toString());
  }

  private Label label(TokenText.Shown shown, HeatScale heat) {
    Label label = new Label(shown.visible());
    label.getStyleClass().add("token");
    String style = heat.style(heat.quantity().of(shown.token()));
    if (!style.isEmpty()) {
      label.getStyleClass().add(style);
    }
    if (shown.text().isEmpty()) {
      label.getStyleClass().add("token-sign");
    }
    int index = labels.size();
    label.setOnMouseEntered(event -> choose(index));
    label.setOnMouseClicked(event -> requestFocus());
    labels.add(label);
    tokens.add(shown);
    return label;
  }

  private void pressed(KeyEvent event) {
    int next =
        switch (event.getCode()) {
          case RIGHT -> chosen + 1;
          case LEFT -> chosen - 1;
          case HOME -> 0;
          case END -> tokens.size() - 1;
          default -> -1;
        };
    if (next >= 0 && next < tokens.size()) {
      choose(next);
      event.consume();
    }
  }

  /** Chooses a token by its number. */
  void choose(int index) {
    if (index < 0 || index >= tokens.size()) {
      return;
    }
    if (chosen >= 0 && chosen < labels.size()) {
      labels.get(chosen).pseudoClassStateChanged(CHOSEN, false);
    }
    chosen = index;
    labels.get(index).pseudoClassStateChanged(CHOSEN, true);
    TokenText.Shown shown = tokens.get(index);
    setAccessibleText(TokenText.facts(shown));
    notifyAccessibleAttributeChanged(AccessibleAttribute.TEXT);
    reader.accept(shown);
  }
}
