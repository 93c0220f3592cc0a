package dev.plumbline.app.runs;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The filter language on one page; each example can be taken. */
final class FilterHelp extends VBox {
  private final List<Hyperlink> examples = new ArrayList<>();

  FilterHelp(Consumer<String> take) {
    super(12);
    GridPane grid = new GridPane(18, 2);
    add(grid, "helpful ppo", Strings.text("runs.help.words"), take);
    add(grid, "state:finished", Strings.text("runs.help.equal"), take);
    add(grid, "tag:demo -tag:old", Strings.text("runs.help.tag"), take);
    add(grid, "state in (paused, lost, failed)", Strings.text("runs.help.in"), take);
    add(grid, "rlhf.lambda_kl<0.01", Strings.text("runs.help.setting"), take);
    add(grid, "pm_score>1 sqrt_kl<4", Strings.text("runs.help.last"), take);
    add(grid, "eval/accuracy.best>=70%", Strings.text("runs.help.statistic"), take);
    add(grid, "name~\"^hh-.*seed\"", Strings.text("runs.help.matches"), take);
    add(grid, "(stage:rlhf or stage:preference) time>10min", Strings.text("runs.help.or"), take);
    add(grid, "age<7d created>=2026-11", Strings.text("runs.help.time"), take);
    add(grid, "is:starred has:gold_reward", Strings.text("runs.help.is"), take);
    Label rest = Ui.label(Strings.text("runs.help.rest"), "muted", "small-text");
    rest.setWrapText(true);
    rest.setMinHeight(USE_PREF_SIZE);
    getChildren().setAll(grid, rest);
  }

  /** What gets the focus first. */
  Node first() {
    return examples.getFirst();
  }

  private void add(GridPane grid, String example, String meaning, Consumer<String> take) {
    Hyperlink link = new Hyperlink(example);
    link.getStyleClass().add("filter-example");
    link.setMinWidth(USE_PREF_SIZE);
    link.setOnAction(_ -> take.accept(example));
    examples.add(link);
    Label words = Ui.label(meaning, "muted", "small-text");
    words.setWrapText(true);
    GridPane.setHgrow(words, Priority.ALWAYS);
    grid.addRow(examples.size(), link, words);
  }
}
