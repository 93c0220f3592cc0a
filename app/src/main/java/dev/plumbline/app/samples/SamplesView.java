package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The samples page: prompts down, models across. */
public final class SamplesView implements View {
  /** Lines of a prompt in the list. */
  private static final int LINES = 2;

  /** Width that a scroll bar may take. */
  private static final double BAR = 12;

  private final SamplesViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final ListView<String> prompts = new ListView<>();
  private final Label count = Ui.label("", "subtle", "small-text");
  private final HBox heads = new HBox(12);
  private final GridPane grid = new GridPane();
  private final ScrollPane scroll = new ScrollPane(grid);
  private final MenuButton add = new MenuButton(Strings.text("samples.add"));
  private final VBox page;
  private final Node empty;
  private final Map<String, List<SampleCard>> cards = new HashMap<>();
  private SamplesState drawn = SamplesState.EMPTY;
  private boolean updating;

  /**
   * @param goHome goes to the page where something can be begun
   */
  public SamplesView(SamplesViewModel model, Runnable goHome) {
    this.model = model;
    ChoiceBox<SamplesViewModel.Order> order = new ChoiceBox<>();
    order.getItems().setAll(SamplesViewModel.Order.values());
    order.setConverter(
        Words.of(
            order::getItems,
            value ->
                switch (value) {
                  case SHEET -> Strings.text("samples.order.sheet");
                  case RISE -> Strings.text("samples.order.rise");
                  case FALL -> Strings.text("samples.order.fall");
                }));
    order.setValue(SamplesViewModel.Order.RISE);
    order.setId("samples-order");
    order.setAccessibleText(Strings.text("samples.order"));
    order.valueProperty().subscribe((was, is) -> model.setOrder(is));
    add.setGraphic(Ui.icon(Feather.PLUS));
    add.setId("samples-add");
    add.setOnShowing(event -> fillAdd());
    HBox bar =
        Ui.row(10, Ui.whole(Strings.text("samples.order"), "muted"), order, Ui.spring(), add);

    prompts.setId("samples-prompts");
    prompts.setCellFactory(ignored -> new PromptCell());
    prompts.getStyleClass().add("plain-list");
    prompts
        .getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            prompt -> {
              if (prompt != null && !updating) {
                scrollTo(prompt);
              }
            });
    VBox left =
        Ui.card(Ui.row(8, Ui.whole(Strings.text("samples.prompts"), "card-title"), count), prompts);
    left.setPrefWidth(270);
    left.setMinWidth(220);
    VBox.setVgrow(prompts, Priority.ALWAYS);
    grid.setHgap(12);
    grid.setVgap(12);
    grid.getStyleClass().add("scrolled");
    heads.getStyleClass().add("sample-heads");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox right = new VBox(10, heads, scroll);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    HBox body = new HBox(12, left, right);
    VBox.setVgrow(body, Priority.ALWAYS);
    page = new VBox(12, bar, body);
    empty =
        Ui.empty(
            Feather.MESSAGE_SQUARE,
            Strings.text("samples.empty"),
            Strings.text("samples.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().addAll(page, empty);
    model.state().subscribe(this::update);
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
    model.setShown(true);
  }

  @Override
  public void hidden() {
    model.setShown(false);
  }

  private void fillAdd() {
    add.getItems().clear();
    for (RunRow run : model.policies()) {
      MenuItem item = new MenuItem(run.name() + "  ·  " + run.id());
      item.setOnAction(event -> model.add(run.id()));
      add.getItems().add(item);
    }
  }

  private void update(SamplesState state) {
    boolean some = !state.columns().isEmpty();
    page.setVisible(some);
    empty.setVisible(!some && state.answered());
    if (state.equals(drawn)) {
      return;
    }
    Anchor anchor = anchor();
    drawn = state;
    subject.set(
        String.join(
            ", ",
            state.columns().stream()
                .map(column -> column.runName() + " @" + column.step())
                .toList()));
    count.setText(Strings.text("samples.count", state.prompts().size()));
    updatePrompts(state.prompts());
    updateHeads(state.columns());
    updateCards(state);
    keep(anchor);
  }

  private void updatePrompts(List<SamplesState.Prompt> rows) {
    List<String> texts = rows.stream().map(SamplesState.Prompt::text).toList();
    if (texts.equals(prompts.getItems())) {
      prompts.refresh();
      return;
    }
    updating = true;
    String selected = prompts.getSelectionModel().getSelectedItem();
    prompts.getItems().setAll(texts);
    prompts.getSelectionModel().clearSelection();
    if (selected != null && texts.contains(selected)) {
      prompts.getSelectionModel().select(selected);
    }
    updating = false;
  }

  private void updateHeads(List<SamplesState.Column> columns) {
    while (heads.getChildren().size() > columns.size()) {
      heads.getChildren().removeLast();
    }
    for (int i = heads.getChildren().size(); i < columns.size(); i++) {
      SampleHead head = new SampleHead(model, i);
      HBox.setHgrow(head, Priority.ALWAYS);
      heads.getChildren().add(head);
    }
    for (int i = 0; i < columns.size(); i++) {
      ((SampleHead) heads.getChildren().get(i)).show(columns.get(i), columns.size());
    }
  }

  /**
   * Cards stay and move; only those of prompts or columns that came or went are made or dropped.
   */
  private void updateCards(SamplesState state) {
    int columns = state.columns().size();
    if (grid.getColumnConstraints().size() != columns) {
      grid.getColumnConstraints().clear();
      for (int i = 0; i < columns; i++) {
        ColumnConstraints column = new ColumnConstraints();
        column.setPercentWidth(100.0 / columns);
        grid.getColumnConstraints().add(column);
      }
      grid.getChildren().clear();
      cards.clear();
    }
    Set<String> wanted =
        state.prompts().stream().map(SamplesState.Prompt::text).collect(Collectors.toSet());
    cards
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                grid.getChildren().removeAll(entry.getValue());
              }
              return gone;
            });
    for (int row = 0; row < state.prompts().size(); row++) {
      SamplesState.Prompt prompt = state.prompts().get(row);
      List<SampleCard> line = cards.get(prompt.text());
      if (line == null) {
        line = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
          SampleCard card = new SampleCard(lastQuestion(prompt.text()));
          line.add(card);
          grid.add(card, column, row);
        }
        cards.put(prompt.text(), line);
      }
      for (int column = 0; column < columns; column++) {
        line.get(column).show(prompt.responses().get(column));
        GridPane.setRowIndex(line.get(column), row);
      }
    }
  }

  /** The prompt at the top of the sight, and how far above the sight it begins. */
  private record Anchor(String prompt, double offset) {}

  private @Nullable Anchor anchor() {
    if (scroll.getVvalue() <= 0) {
      return null; // at the top, the order's first prompt stays in sight, whichever it is
    }
    double top = scroll.getVvalue() * room();
    for (SamplesState.Prompt prompt : drawn.prompts()) {
      List<SampleCard> line = cards.get(prompt.text());
      if (line != null && line.getFirst().getBoundsInParent().getMaxY() > top) {
        return new Anchor(prompt.text(), line.getFirst().getBoundsInParent().getMinY() - top);
      }
    }
    return null;
  }

  /** Puts the prompt that a person reads back to where it was. */
  private void keep(@Nullable Anchor anchor) {
    List<SampleCard> line = anchor == null ? null : cards.get(anchor.prompt());
    if (anchor == null || line == null) {
      return;
    }
    scroll.applyCss();
    scroll.layout();
    scrollTo(line.getFirst().getBoundsInParent().getMinY() - anchor.offset());
  }

  private double room() {
    return Math.max(0, grid.getHeight() - scroll.getViewportBounds().getHeight());
  }

  private void scrollTo(double top) {
    scroll.setVvalue(room() <= 0 ? 0 : Math.clamp(top / room(), 0, 1));
  }

  private void scrollTo(String prompt) {
    List<SampleCard> line = cards.get(prompt);
    if (line != null) {
      scrollTo(line.getFirst().getBoundsInParent().getMinY());
    }
  }

  private double change(String prompt) {
    return drawn.prompts().stream()
        .filter(each -> each.text().equals(prompt))
        .mapToDouble(SamplesState.Prompt::change)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** The last human turn of an open transcript. */
  static String lastQuestion(String prompt) {
    List<Turn> turns;
    try {
      turns = Dialogue.parse(prompt).turns();
    } catch (RuntimeException e) {
      return prompt.strip();
    }
    List<Turn> human = new ArrayList<>(turns);
    human.removeIf(turn -> turn.role() != Role.HUMAN);
    return human.isEmpty() ? prompt.strip() : human.getLast().text().strip();
  }

  private final class PromptCell extends ListCell<String> {
    private final Label text = Ui.label("");
    private final Label change = Ui.whole("", "small-text");
    private final VBox box = new VBox(1, text, change);

    PromptCell() {
      text.setWrapText(true);
      text.setMaxHeight(LINES * 17);
      change.setMaxWidth(Double.MAX_VALUE);
      setPrefWidth(0);
    }

    /** A cell that is asked without a width takes its text for one line. */
    @Override
    protected double computePrefHeight(double width) {
      double sides = snappedLeftInset() + snappedRightInset();
      double ends = snappedTopInset() + snappedBottomInset();
      return box.prefHeight(Math.max(40, prompts.getWidth() - sides - BAR)) + ends;
    }

    @Override
    protected void updateItem(@Nullable String prompt, boolean empty) {
      super.updateItem(prompt, empty);
      if (empty || prompt == null) {
        setGraphic(null);
        return;
      }
      double value = change(prompt);
      text.setText(lastQuestion(prompt));
      change.setText(
          Double.isFinite(value) ? Strings.text("samples.change", Numbers.signed(value, 2)) : "");
      change
          .getStyleClass()
          .setAll("label", "small-text", value > 0 ? "good" : value < 0 ? "bad" : "muted");
      setGraphic(box);
    }
  }
}
