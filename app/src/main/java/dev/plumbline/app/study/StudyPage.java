package dev.plumbline.app.study;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.View;
import dev.plumbline.workspace.QueueSheet;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The studies page: what studies found, or the queue; a selector above says which. */
public final class StudyPage implements View {
  private final View results;
  private final View queue;
  private final ToggleButton showResults = new ToggleButton(Strings.text("studies.results"));
  private final ToggleButton showQueue = new ToggleButton();
  private final StackPane content = new StackPane();
  private final VBox root;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private View chosen;
  private boolean shown;

  public StudyPage(QueueViewModel model, View results, View queue) {
    this.results = results;
    this.queue = queue;
    chosen = results;
    HBox selector = new HBox(4, showResults, showQueue);
    button(showResults, "studies-results", () -> model.show(QueueViewModel.Part.RESULTS));
    button(showQueue, "studies-queue", () -> model.show(QueueViewModel.Part.QUEUE));
    selector.getStyleClass().add("row");
    selector.setAccessibleRole(AccessibleRole.TOOL_BAR);
    selector.setAccessibleText(Strings.text("studies.parts"));
    content.setMinSize(0, 0);
    VBox.setVgrow(content, Priority.ALWAYS);
    root = new VBox(10, selector, content);
    model.sheet().subscribe(this::name);
    model.part().subscribe(part -> choose(part == QueueViewModel.Part.QUEUE ? queue : results));
  }

  private void button(ToggleButton button, String id, Runnable show) {
    button.setId(id);
    button.getStyleClass().setAll("toggle-button", "scope");
    button.setMinWidth(ToggleButton.USE_PREF_SIZE);
    // No toggle group: it would let a second press take the choice away.
    button.setOnAction(
        event -> {
          button.setSelected(true);
          show.run();
        });
  }

  private void name(QueueSheet sheet) {
    showQueue.setText(
        sheet.open() == 0
            ? Strings.text("queue.title")
            : Strings.text("queue.title.count", sheet.open()));
  }

  private void choose(View next) {
    showResults.setSelected(next.equals(results));
    showQueue.setSelected(next.equals(queue));
    if (shown && !next.equals(chosen)) {
      chosen.hidden();
      next.shown();
    }
    chosen = next;
    content.getChildren().setAll(next.node());
    subject.unbind();
    subject.bind(next.subject());
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    shown = true;
    chosen.shown();
  }

  @Override
  public void hidden() {
    shown = false;
    chosen.hidden();
  }

  @Override
  public void themed(Theme theme) {
    results.themed(theme);
    queue.themed(theme);
  }
}
