package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
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
import javafx.scene.shape.Circle;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The samples page: prompts down, models across. */
public final class SamplesView implements View {
  private final SamplesViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final ListView<SamplesState.Prompt> prompts = new ListView<>();
  private final Label count = Ui.label("", "subtle", "small-text");
  private final HBox heads = new HBox(12);
  private final GridPane grid = new GridPane();
  private final ScrollPane scroll = new ScrollPane(grid);
  private final MenuButton add = new MenuButton(Strings.text("samples.add"));
  private final VBox page;
  private final Node empty;
  private SamplesState drawn = SamplesState.EMPTY;
  private String chosen = "";

  public SamplesView(SamplesViewModel model) {
    this.model = model;
    ChoiceBox<SamplesViewModel.Order> order = new ChoiceBox<>();
    order.getItems().setAll(SamplesViewModel.Order.values());
    order.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(SamplesViewModel.Order value) {
            return switch (value) {
              case SHEET -> Strings.text("samples.order.sheet");
              case RISE -> Strings.text("samples.order.rise");
              case FALL -> Strings.text("samples.order.fall");
            };
          }

          @Override
          public SamplesViewModel.Order fromString(String text) {
            throw new UnsupportedOperationException();
          }
        });
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
              if (prompt != null && !prompt.text().equals(chosen)) {
                chosen = prompt.text();
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
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox right = new VBox(10, heads, scroll);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    HBox body = new HBox(12, left, right);
    VBox.setVgrow(body, Priority.ALWAYS);
    page = new VBox(12, bar, body);
    VBox none =
        new VBox(
            8,
            Ui.label(Strings.text("samples.empty"), "card-title"),
            Ui.label(Strings.text("samples.empty.text"), "muted"));
    none.getStyleClass().add("empty");
    empty = none;
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
    empty.setVisible(!some);
    if (state.equals(drawn)) {
      return;
    }
    drawn = state;
    subject.set(
        String.join(
            ", ",
            state.columns().stream()
                .map(column -> column.runName() + " @" + column.step())
                .toList()));
    count.setText(Strings.text("samples.count", state.prompts().size()));
    prompts.getItems().setAll(state.prompts());
    for (SamplesState.Prompt prompt : state.prompts()) {
      if (prompt.text().equals(chosen)) {
        prompts.getSelectionModel().select(prompt);
      }
    }
    heads.getChildren().clear();
    for (int i = 0; i < state.columns().size(); i++) {
      Node head = head(state.columns().get(i), i, state.columns().size());
      HBox.setHgrow(head, Priority.ALWAYS);
      heads.getChildren().add(head);
    }
    grid.getChildren().clear();
    grid.getColumnConstraints().clear();
    for (int i = 0; i < state.columns().size(); i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(100.0 / state.columns().size());
      grid.getColumnConstraints().add(column);
    }
    for (int row = 0; row < state.prompts().size(); row++) {
      SamplesState.Prompt prompt = state.prompts().get(row);
      for (int column = 0; column < prompt.responses().size(); column++) {
        grid.add(card(prompt.text(), prompt.responses().get(column)), column, row);
      }
    }
  }

  private Node head(SamplesState.Column column, int index, int columns) {
    Label name = Ui.label(column.runName(), "card-title");
    Circle dot = new Circle(4.5);
    dot.getStyleClass().add(column.initial() ? "series-6" : "series-" + Math.max(0, index - 1) % 7);
    name.setGraphic(dot);
    ChoiceBox<Long> step = new ChoiceBox<>();
    step.getItems().add(-1L);
    step.getItems().addAll(column.steps());
    step.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(Long value) {
            return value < 0
                ? Strings.text("samples.latest", Numbers.whole(column.steps().getLast()))
                : value <= 1 && value.equals(column.steps().getFirst())
                    ? Strings.text("samples.initial")
                    : Strings.text("samples.step", Numbers.whole(value));
          }

          @Override
          public Long fromString(String text) {
            throw new UnsupportedOperationException();
          }
        });
    step.setValue(column.live() ? -1L : column.step());
    step.setAccessibleText(Strings.text("samples.choose", column.runName()));
    step.valueProperty()
        .subscribe(
            (was, is) -> model.setStep(index, is < 0 ? OptionalLong.empty() : OptionalLong.of(is)));
    HBox head = Ui.row(10, name, step);
    if (columns > 1) {
      head.getChildren()
          .addAll(
              Ui.spring(),
              Ui.iconButton(Strings.text("samples.remove"), Feather.X, () -> model.remove(index)));
    }
    head.setPrefWidth(100);
    head.setMinWidth(0);
    return head;
  }

  private static Node card(String prompt, Optional<ResponseSample> response) {
    VBox card = Ui.card();
    card.getStyleClass().add("sample");
    card.setMaxHeight(Double.MAX_VALUE);
    Label question = Ui.label(lastQuestion(prompt), "muted", "small-text");
    question.setWrapText(true);
    card.getChildren().add(question);
    if (response.isEmpty()) {
      card.getChildren().add(Ui.label(Strings.text("samples.missing"), "subtle"));
      return card;
    }
    ResponseSample sample = response.get();
    Label text = Ui.label(sample.response().strip());
    text.setWrapText(true);
    text.setMinHeight(Label.USE_PREF_SIZE);
    GridPane facts = new GridPane();
    facts.setHgap(18);
    facts.setVgap(2);
    facts.addRow(
        0,
        fact(Strings.text("samples.score"), Numbers.fixed(sample.pmScore(), 2), "nats"),
        fact(
            Strings.text("samples.kl"),
            Numbers.fixed(sample.logProbability() - sample.referenceLogProbability(), 2),
            "nats"));
    facts.addRow(
        1,
        fact(Strings.text("samples.logprob"), Numbers.fixed(sample.logProbability(), 1), "nats"),
        fact(
            Strings.text("samples.length"),
            Numbers.whole(sample.tokens()),
            sample.ended() ? Strings.text("samples.tokens") : Strings.text("samples.cut")));
    Ui.tip(facts, Strings.text("samples.facts.tip"));
    card.getChildren().addAll(text, Ui.spring(), facts);
    return card;
  }

  private static Node fact(String name, String value, String unit) {
    HBox fact =
        Ui.row(
            5,
            Ui.whole(name, "muted", "small-text"),
            Ui.whole(value, "strong", "small-text"),
            Ui.whole(unit, "subtle", "small-text"));
    fact.setAlignment(Pos.BASELINE_LEFT);
    return fact;
  }

  private void scrollTo(SamplesState.Prompt prompt) {
    int row = drawn.prompts().indexOf(prompt);
    for (Node node : grid.getChildren()) {
      if (GridPane.getRowIndex(node) == row && GridPane.getColumnIndex(node) == 0) {
        double room = grid.getHeight() - scroll.getViewportBounds().getHeight();
        scroll.setVvalue(room <= 0 ? 0 : Math.min(1, node.getBoundsInParent().getMinY() / room));
      }
    }
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

  private static final class PromptCell extends ListCell<SamplesState.Prompt> {
    private final Label text = Ui.label("");
    private final Label change = Ui.whole("", "small-text");
    private final VBox box = new VBox(1, text, change);

    PromptCell() {
      text.setWrapText(true);
      text.setMaxHeight(38);
      change.setMaxWidth(Double.MAX_VALUE);
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(SamplesState.@Nullable Prompt prompt, boolean empty) {
      super.updateItem(prompt, empty);
      if (empty || prompt == null) {
        setGraphic(null);
        return;
      }
      text.setText(lastQuestion(prompt.text()));
      change.setText(
          Double.isFinite(prompt.change())
              ? Strings.text("samples.change", Numbers.signed(prompt.change(), 2))
              : "");
      change
          .getStyleClass()
          .setAll(
              "label",
              "small-text",
              prompt.change() > 0 ? "good" : prompt.change() < 0 ? "bad" : "muted");
      setGraphic(box);
    }
  }
}
