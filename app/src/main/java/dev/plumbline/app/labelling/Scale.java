package dev.plumbline.app.labelling;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.labelling.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/**
 * The paper's row of buttons from "A is better" to "B is better" (figure 6), the weakest pair in
 * the middle. It knows sides only; which candidate stands where is its owner's business.
 */
final class Scale {
  private static final double HEIGHT = 72;

  private final int levels;
  private final List<ToggleButton> buttons = new ArrayList<>();
  private final HBox row = new HBox(6);
  private final Consumer<Integer> onChosen;

  /**
   * @param levels strengths on each side
   * @param keys whether the digits are printed on the buttons
   * @param onChosen takes the place that was chosen, from 0 on the left
   */
  Scale(String question, int levels, boolean keys, Consumer<Integer> onChosen) {
    this.levels = levels;
    this.onChosen = onChosen;
    row.setAccessibleRole(AccessibleRole.PARENT);
    row.setAccessibleText(question);
    row.getStyleClass().add("label-scale");
    for (int place = 0; place < 2 * levels; place++) {
      String words = words(place);
      Label said = Ui.label(words);
      said.setWrapText(true);
      said.setTextAlignment(TextAlignment.CENTER);
      said.setAlignment(Pos.CENTER);
      VBox face = new VBox(3, said);
      face.setAlignment(Pos.CENTER);
      if (keys && place < 9) {
        face.getChildren().add(key(Integer.toString(place + 1)));
      }
      ToggleButton button = new ToggleButton();
      button.setGraphic(face);
      button.setAccessibleText(words + ", " + question);
      button.setId("scale-" + (place + 1));
      button.getStyleClass().add("label-choice");
      if (level(place) == 1) {
        button.getStyleClass().add("label-weakest");
      }
      button.setMaxWidth(Double.MAX_VALUE);
      // Room for two lines and the key: a height by the words would be one by their least width.
      button.setMinHeight(HEIGHT);
      button.setPrefHeight(HEIGHT);
      button.setMinWidth(40);
      HBox.setHgrow(button, Priority.ALWAYS);
      button.setPrefWidth(10); // all alike, whatever their words
      int chosen = place;
      button.setOnAction(event -> choose(chosen));
      buttons.add(button);
      row.getChildren().add(button);
    }
  }

  static Label key(String text) {
    Label key = Ui.label(text, "key");
    key.setMinWidth(Label.USE_PREF_SIZE);
    return key;
  }

  HBox node() {
    return row;
  }

  int places() {
    return 2 * levels;
  }

  void choose(int place) {
    select(place);
    onChosen.accept(place);
  }

  private void select(int place) {
    for (int i = 0; i < buttons.size(); i++) {
      buttons.get(i).setSelected(i == place);
    }
  }

  /** Strength of a place: the outermost are the strongest. */
  private int level(int place) {
    return place < levels ? levels - place : place - levels + 1;
  }

  /** What a place says of the item's candidates. */
  Judgement judgement(int place, boolean firstLeft) {
    boolean left = place < levels;
    return Judgement.prefer(left == firstLeft, level(place));
  }

  /** Shows what was said before; null for nothing. */
  void show(@Nullable Judgement judgement, boolean firstLeft) {
    if (judgement == null || !judgement.outcome().decided()) {
      select(-1);
      return;
    }
    for (int place = 0; place < places(); place++) {
      if (judgement(place, firstLeft).equals(judgement)) {
        select(place);
        return;
      }
    }
    select(-1);
  }

  private String words(int place) {
    String side = place < levels ? "A" : "B";
    // The paper's four strengths have words; other numbers of them have the number.
    return levels == 4
        ? LabelWords.strength(level(place), side)
        : levels == 1
            ? Strings.text("labels.scale.only", side)
            : Strings.text("labels.scale.other", side, level(place), levels);
  }
}
