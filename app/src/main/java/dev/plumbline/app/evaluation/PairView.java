package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** A comparison whole: the dialogue, both responses, and what is known of each. */
final class PairView extends VBox {
  private static final double HEIGHT = 420;

  private final ScrollPane scroll = new ScrollPane();

  PairView(HeldOutPair pair) {
    super(10);
    setId("calibration-pair-text");
    List<String> facts = new ArrayList<>();
    facts.add(
        Strings.text(
            "calibration.pair.p",
            pair.preferredIsA() ? Numbers.fixed(pair.p(), 3) : Numbers.fixed(1 - pair.p(), 3),
            pair.right()
                ? Strings.text("calibration.pair.right")
                : Strings.text("calibration.pair.wrong")));
    facts.add(Strings.text("calibration.pair.margin", Numbers.signed(pair.margin(), 3)));
    facts.add(pair.part());
    if (!pair.tranche().isEmpty()) {
      facts.add(pair.tranche());
    }
    facts.add(Strings.text("calibration.pair.turn", pair.turn()));
    facts.add(pair.id());
    Label head = Ui.label(String.join("  ·  ", facts), "muted", "small-text");
    head.setWrapText(true);

    VBox body = new VBox(12);
    body.getStyleClass().add("scrolled");
    pair.text()
        .ifPresentOrElse(
            text -> body.getChildren().addAll(dialogue(text), responses(pair, text)),
            () -> body.getChildren().add(Ui.label(Strings.text("calibration.text.none"), "muted")));
    scroll.setContent(body);
    scroll.setFitToWidth(true);
    scroll.setPrefViewportHeight(HEIGHT);
    scroll.getStyleClass().add("card-scroll");
    getChildren().addAll(head, scroll);
  }

  /** What takes the keys: the text scrolls by arrows and pages. */
  Node first() {
    return scroll;
  }

  private static Node dialogue(Comparison text) {
    VBox turns = new VBox(8);
    String prompt = text.prompt();
    List<Turn> said = Dialogue.parse(prompt).turns();
    // the open turn of the assistant at the end has no words yet
    for (Turn turn : said) {
      if (!turn.text().isBlank()) {
        turns.getChildren().add(turn(turn));
      }
    }
    return turns;
  }

  private static Node turn(Turn turn) {
    Label who =
        Ui.label(
            turn.role() == Role.HUMAN
                ? Strings.text("calibration.human")
                : Strings.text("calibration.assistant"),
            "subtle",
            "small-text");
    return new VBox(2, who, wrapped(turn.text().strip()));
  }

  private static Label wrapped(String text) {
    Label label = Ui.label(text);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  private static Node responses(HeldOutPair pair, Comparison text) {
    Node chosen =
        response(
            Strings.text("calibration.chosen"),
            text.chosen(),
            pair.scoreChosen(),
            pair.goldChosen(),
            "good");
    Node rejected =
        response(
            Strings.text("calibration.rejected"),
            text.rejected(),
            pair.scoreRejected(),
            pair.goldRejected(),
            "muted");
    return new HBox(12, chosen, rejected);
  }

  private static Node response(String title, String text, double score, double gold, String style) {
    String numbers =
        Double.isNaN(gold)
            ? Strings.text("calibration.pair.score", Numbers.fixed(score, 3))
            : Strings.text(
                "calibration.pair.gold", Numbers.fixed(score, 3), Numbers.fixed(gold, 3));
    VBox card =
        Ui.card(
            Ui.row(8, Ui.label(title, "strong", "small-text", style)),
            wrapped(text.strip()),
            Ui.label(numbers, "muted", "small-text"));
    HBox.setHgrow(card, Priority.ALWAYS);
    card.setPrefWidth(100);
    card.setMinWidth(0);
    return card;
  }
}
