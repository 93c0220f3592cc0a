package dev.plumbline.app.runs;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import java.util.List;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** A new run from a checkpoint: its spec as text, checked while one types. */
final class BranchPanel extends VBox {
  private final RunsViewModel model;
  private final String runId;
  private final Consumer<String> onStarted;
  private final TextArea text = new TextArea();
  private final Label verdict = Ui.label("", "small-text");
  private final Button start;
  private boolean valid;
  private boolean starting;

  /**
   * @param steps of the checkpoints, ascending and at least one
   * @param onStarted takes the id of the run that was started
   * @param clipboard takes the text
   * @param form takes the text to a form
   */
  BranchPanel(
      RunsViewModel model,
      String runId,
      List<Long> steps,
      Consumer<String> onStarted,
      Consumer<String> clipboard,
      Consumer<String> form) {
    super(10);
    this.model = model;
    this.runId = runId;
    this.onStarted = onStarted;
    List<Long> newestFirst = steps.reversed();
    ComboBox<Long> step = new ComboBox<>(FXCollections.observableArrayList(newestFirst));
    step.setId("branch-step");
    step.setAccessibleText(Strings.text("runs.branch.step"));
    step.setConverter(
        Words.of(
            () -> newestFirst,
            value -> value == null ? "" : Strings.text("runs.branch.at", Numbers.whole(value))));
    text.setId("branch-spec");
    text.setAccessibleText(Strings.text("runs.branch.spec"));
    text.getStyleClass().add("spec-text");
    text.setPrefRowCount(18);
    Overlay.tabLeadsOn(text); // YAML allows no tabs
    VBox.setVgrow(text, Priority.ALWAYS);
    verdict.setId("branch-verdict");
    verdict.setWrapText(true);
    verdict.setMinHeight(34);
    start = Ui.button(Strings.text("runs.branch.start"), Feather.PLAY, this::start);
    start.setId("branch-start");
    start.getStyleClass().add("accent");
    start.setDisable(true);
    Button copy =
        Ui.button(
            Strings.text("runs.branch.copy"), Feather.COPY, () -> clipboard.accept(text.getText()));
    Button toForm =
        Ui.button(
            Strings.text("runs.branch.form"), Feather.SLIDERS, () -> form.accept(text.getText()));
    toForm.setId("branch-form");
    Label meaning = Ui.label(Strings.text("runs.branch.meaning"), "muted", "small-text");
    meaning.setWrapText(true);
    meaning.setMinHeight(USE_PREF_SIZE);
    getChildren()
        .setAll(
            Ui.row(10, Ui.whole(Strings.text("runs.branch.step"), "muted"), step),
            meaning,
            text,
            verdict,
            Ui.row(8, copy, toForm, Ui.spring(), start));
    text.textProperty().subscribe((_, _) -> check());
    text.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ENTER && event.isShortcutDown()) {
            event.consume();
            start();
          }
        });
    step.valueProperty().subscribe(this::take);
    step.setValue(newestFirst.getFirst());
  }

  /** What gets the focus first. */
  TextArea text() {
    return text;
  }

  private void take(Long at) {
    if (at != null) {
      model.branch(runId, at, text::setText, line -> tell(line, false));
    }
  }

  private void check() {
    String now = text.getText();
    model.check(
        now,
        line -> {
          if (now.equals(text.getText())) {
            tell(line, line.isEmpty());
          }
        });
  }

  private void tell(String line, boolean fine) {
    valid = fine;
    verdict.setText(fine ? Strings.text("runs.branch.valid") : line);
    verdict.getStyleClass().setAll("label", "small-text", fine ? "good" : "bad");
    start.setDisable(!valid || starting);
  }

  private void start() {
    if (!valid || starting) {
      return;
    }
    starting = true;
    start.setDisable(true);
    verdict.setText(Strings.text("runs.branch.starting"));
    verdict.getStyleClass().setAll("label", "small-text", "muted");
    model.start(
        text.getText(),
        onStarted,
        line -> {
          starting = false;
          tell(line, false);
          valid = true; // the text is fine; what it names may be there the next time
          start.setDisable(false);
        });
  }
}
