package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The evaluation page: a selector of parts above the chosen one. Parts are made when chosen. */
public final class EvaluationView implements View {
  private final List<EvaluationPart> parts;
  private final Map<EvaluationPart, View> views = new HashMap<>();
  private final Map<EvaluationPart, ToggleButton> buttons = new HashMap<>();
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final HBox selector = Ui.row(4);
  private final StackPane content = new StackPane();
  private final VBox root = new VBox(10, selector, content);
  private EvaluationPart chosen;
  private Theme theme;
  private boolean shown;

  /**
   * @param parts at least one, in the selector's order; the first is shown first
   */
  public EvaluationView(List<EvaluationPart> parts, Theme theme) {
    this.parts = List.copyOf(parts);
    this.theme = theme;
    this.chosen = parts.getFirst();
    selector.setAccessibleRole(AccessibleRole.TOOL_BAR);
    selector.setAccessibleText(Strings.text("evaluation.parts"));
    for (EvaluationPart part : parts) {
      ToggleButton button = new ToggleButton(part.title());
      button.setId("evaluation-" + part.id());
      button.getStyleClass().setAll("toggle-button", "scope");
      button.setMinWidth(ToggleButton.USE_PREF_SIZE);
      // No toggle group: it would let a second press take the choice away.
      button.setOnAction(event -> choose(part));
      buttons.put(part, button);
      selector.getChildren().add(button);
    }
    content.setMinSize(0, 0);
    VBox.setVgrow(content, Priority.ALWAYS);
    choose(chosen);
  }

  /** Shows the part with this id; nothing happens where there is none. */
  public void choose(String id) {
    parts.stream().filter(part -> part.id().equals(id)).findFirst().ifPresent(this::choose);
  }

  private void choose(EvaluationPart part) {
    @Nullable View before = views.get(chosen);
    buttons.forEach((each, button) -> button.setSelected(each.equals(part)));
    View next = views.computeIfAbsent(part, EvaluationPart::view);
    chosen = part;
    if (next.equals(before) && content.getChildren().contains(next.node())) {
      return;
    }
    if (before != null && shown) {
      before.hidden();
    }
    next.themed(theme);
    content.getChildren().setAll(next.node());
    subject.unbind();
    subject.bind(next.subject());
    if (shown) {
      next.shown();
    }
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
    current().shown();
  }

  @Override
  public void hidden() {
    shown = false;
    current().hidden();
  }

  @Override
  public void themed(Theme next) {
    theme = next;
    views.values().forEach(view -> view.themed(next));
  }

  private View current() {
    return views.computeIfAbsent(chosen, EvaluationPart::view);
  }
}
