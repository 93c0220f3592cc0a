package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.Ui;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** A dialogue to be read, turn by turn. */
public final class DialogueBox {
  private DialogueBox() {}

  /** The turns of a transcript; a text that is none stands as it is. */
  public static VBox of(String transcript) {
    VBox box = new VBox(8);
    for (Turn turn : turns(transcript)) {
      if (!turn.text().isBlank()) {
        box.getChildren().add(turn(turn.role() == Role.HUMAN ? "Human" : "Assistant", turn.text()));
      }
    }
    if (box.getChildren().isEmpty()) {
      box.getChildren().add(wrapped(transcript.strip()));
    }
    return box;
  }

  /** A turn under a heading of its own. */
  public static VBox turn(String heading, String text) {
    return new VBox(2, Ui.label(heading, "subtle", "small-text"), wrapped(text.strip()));
  }

  /** What the person said last, in one line: how a dialogue is recognised in a list. */
  public static String gist(String transcript) {
    List<Turn> turns = turns(transcript);
    for (int i = turns.size() - 1; i >= 0; i--) {
      if (turns.get(i).role() == Role.HUMAN) {
        return turns.get(i).text().strip().replaceAll("\\s+", " ");
      }
    }
    return transcript.strip().replaceAll("\\s+", " ");
  }

  private static List<Turn> turns(String transcript) {
    try {
      return Dialogue.parse(transcript).turns();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Label wrapped(String text) {
    Label label = Ui.label(text);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }
}
