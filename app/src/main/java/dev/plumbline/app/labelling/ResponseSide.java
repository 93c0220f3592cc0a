package dev.plumbline.app.labelling;

import dev.plumbline.app.samples.WordDiff;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/** One response of a pair under its letter. */
final class ResponseSide {
  private final Label name;
  private final TextFlow flow = new TextFlow();
  private final VBox body = new VBox(9);
  private final ScrollPane scroll = new ScrollPane(body);
  private final VBox card;

  ResponseSide(String letter) {
    name = Ui.whole("", "muted", "small-text");
    flow.getStyleClass().add("label-response");
    body.getStyleClass().add("label-body");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    scroll.setAccessibleText(Strings.text("labels.response", letter));
    VBox.setVgrow(scroll, Priority.ALWAYS);
    card = Ui.card(Ui.row(10, Ui.label(letter, "label-letter"), Ui.spring(), name), scroll);
    HBox.setHgrow(card, Priority.ALWAYS);
    card.setPrefWidth(10); // both alike, whatever their texts
    card.setMinWidth(0);
  }

  Node node() {
    return card;
  }

  /** Long texts scroll together, each by the same share of what does not fit. */
  void scrollWith(ResponseSide other) {
    scroll.vvalueProperty().bindBidirectional(other.scroll.vvalueProperty());
  }

  void top() {
    scroll.setVvalue(0);
  }

  void name(String model) {
    name.setText(model);
  }

  /**
   * Shows a text.
   *
   * @param markdown whether its Markdown is drawn; where it has none it stands as it is
   */
  void text(String text, boolean markdown) {
    body.setAccessibleText(text);
    if (markdown && !MarkdownText.isPlain(text)) {
      body.getChildren().setAll(MarkdownText.nodes(text));
      return;
    }
    Text node = new Text(text);
    node.getStyleClass().add("label-text");
    flow.getChildren().setAll(node);
    flow.setAccessibleText(text);
    body.getChildren().setAll(flow);
  }

  /** What stands in this text, the words that the other lacks marked. */
  void parts(List<WordDiff.Part> parts, WordDiff.Change own) {
    flow.getChildren().clear();
    for (WordDiff.Part part : parts) {
      if (part.change() == WordDiff.Change.SAME || part.change() == own) {
        Text node = new Text(part.text());
        node.getStyleClass().add("label-text");
        if (part.change() == own) {
          node.getStyleClass().add("label-differs");
        }
        flow.getChildren().add(node);
      }
    }
    body.getChildren().setAll(flow);
  }
}
