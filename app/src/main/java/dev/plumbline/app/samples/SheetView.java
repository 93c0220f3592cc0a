package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.TokenTrace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.animation.PauseTransition;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * The sheets that runs write while they train: prompts in a list, and what each model wrote to the
 * chosen ones. Cards are made for chosen prompts alone, so the list may have any length.
 */
final class SheetView {
  /** Height of a prompt in the list. */
  private static final double CELL = 54;

  /** A pause in typing after which the filter is applied. */
  private static final Duration TYPING = Duration.millis(60);

  private final SamplesViewModel model;
  private final ListView<SamplesState.Prompt> prompts = new ListView<>();
  private final Label count = Ui.label("", "subtle", "small-text");
  private final Label problem = Ui.label("", "bad", "small-text");
  private final Label more = Ui.label("", "subtle", "small-text");
  private final ChoiceBox<String> scorer = new ChoiceBox<>();
  private final HeatStrip strip = new HeatStrip();
  private final GridPane grid = new GridPane();
  private final ScrollPane scroll = new ScrollPane(grid);
  private final VBox node;
  private final Map<String, Row> rows = new HashMap<>();
  private boolean updating;
  private int selected;

  /** The cards of a prompt below its question. */
  private record Row(Label question, Tooltip tip, List<SampleCard> cards) {}

  SheetView(SamplesViewModel model, Node heads) {
    this.model = model;
    prompts.setId("samples-prompts");
    prompts.setCellFactory(ignored -> new PromptCell());
    prompts.setFixedCellSize(CELL);
    prompts.getStyleClass().add("plain-list");
    prompts.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    prompts.setAccessibleText(Strings.text("samples.prompts"));
    prompts.getSelectionModel().getSelectedIndices().subscribe(this::selectionChanged);
    problem.managedProperty().bind(problem.visibleProperty());
    problem.setWrapText(true);
    more.managedProperty().bind(more.visibleProperty());
    more.setVisible(false);
    VBox left =
        Ui.card(
            Ui.row(8, Ui.whole(Strings.text("samples.prompts"), "card-title"), count),
            problem,
            prompts);
    left.setPrefWidth(264);
    left.setMinWidth(220);
    VBox.setVgrow(prompts, Priority.ALWAYS);
    grid.setHgap(12);
    grid.setVgap(8);
    grid.getStyleClass().add("scrolled");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox right = new VBox(10, heads, strip, more, scroll);
    right.setMinWidth(0);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    HBox body = new HBox(12, left, right);
    body.setMinHeight(0);
    VBox.setVgrow(body, Priority.ALWAYS);
    node = new VBox(12, bar(), body);
    model.state().subscribe(this::update);
    model.traces().subscribe(traces -> updateCards());
    model
        .heat()
        .subscribe(
            heat -> {
              strip.show(heat);
              updateCards();
            });
    model.chosen().subscribe(chosen -> takeChosen());
    model.difference().subscribe(on -> updateCards());
  }

  Node node() {
    return node;
  }

  private Node bar() {
    TextField filter = new TextField();
    filter.setId("samples-filter");
    filter.setPromptText(Strings.text("samples.filter"));
    filter.setAccessibleText(Strings.text("samples.filter"));
    Ui.tip(filter, Strings.text("samples.filter.tip"));
    PauseTransition typed = new PauseTransition(TYPING);
    typed.setOnFinished(event -> model.setFilter(filter.getText()));
    filter.textProperty().subscribe((was, is) -> typed.playFromStart());
    filter.setOnAction(event -> model.setFilter(filter.getText()));
    filter.setPrefWidth(250);
    filter.setMinWidth(120);

    ChoiceBox<SampleOrder> order = new ChoiceBox<>();
    order.getItems().setAll(SampleOrder.values());
    order.setConverter(Words.of(order::getItems, SheetView::words));
    order.setValue(SampleOrder.RISE);
    order.setId("samples-order");
    order.setAccessibleText(Strings.text("samples.order"));
    order.valueProperty().subscribe((was, is) -> model.setOrder(is));

    scorer.getItems().setAll(SamplesState.REWARD);
    scorer.setConverter(
        Words.of(scorer::getItems, name -> Excerpts.scorer(name == null ? "" : name)));
    scorer.setValue(SamplesState.REWARD);
    scorer.setId("samples-scorer");
    scorer.setAccessibleText(Strings.text("samples.scorer"));
    Ui.tip(scorer, Strings.text("samples.scorer.tip"));
    scorer
        .valueProperty()
        .subscribe(
            (was, is) -> {
              if (is != null && !updating) {
                model.setScorer(is);
              }
            });

    ChoiceBox<TokenQuantity> colour = new ChoiceBox<>();
    colour.getItems().setAll(TokenQuantity.values());
    colour.setConverter(Words.of(colour::getItems, value -> value == null ? "" : value.words()));
    colour.setValue(TokenQuantity.NONE);
    colour.setId("samples-colour");
    colour.setAccessibleText(Strings.text("samples.colour"));

    ToggleButton difference = new ToggleButton(Strings.text("samples.difference"));
    difference.setId("samples-difference");
    difference.setGraphic(Ui.icon(Feather.EDIT_3));
    Ui.tip(difference, Strings.text("samples.difference.tip"));
    difference.selectedProperty().subscribe((was, is) -> model.setDifference(is));
    // A difference has colours of its own: one of the two is shown at a time.
    colour
        .valueProperty()
        .subscribe(
            (was, is) -> {
              if (is != TokenQuantity.NONE) {
                difference.setSelected(false);
              }
              model.setColour(is);
            });
    difference
        .selectedProperty()
        .subscribe(
            (was, is) -> {
              if (is) {
                colour.setValue(TokenQuantity.NONE);
              }
            });
    FlowPane bar =
        new FlowPane(
            10,
            8,
            filter,
            pair(Strings.text("samples.order"), order),
            pair(Strings.text("samples.scorer"), scorer),
            pair(Strings.text("samples.colour"), colour),
            difference);
    bar.getStyleClass().add("samples-bar");
    return bar;
  }

  private static Node pair(String name, Node control) {
    return Ui.row(6, Ui.whole(name, "muted", "small-text"), control);
  }

  private static String words(SampleOrder value) {
    return switch (value) {
      case SHEET -> Strings.text("samples.order.sheet");
      case RISE -> Strings.text("samples.order.rise");
      case FALL -> Strings.text("samples.order.fall");
      case BEST -> Strings.text("samples.order.best");
      case WORST -> Strings.text("samples.order.worst");
      case LONGEST -> Strings.text("samples.order.longest");
      case SHORTEST -> Strings.text("samples.order.shortest");
    };
  }

  private void update(SamplesState state) {
    count.setText(
        state.prompts().size() == state.total()
            ? Strings.text("samples.count", state.total())
            : Strings.text("samples.count.of", state.prompts().size(), state.total()));
    problem.setText(state.problem());
    problem.setVisible(!state.problem().isEmpty());
    updateScorers(state.scorers());
    updating = true;
    if (!prompts.getItems().equals(state.prompts())) {
      prompts.getSelectionModel().clearSelection();
      prompts.getItems().setAll(state.prompts());
    }
    updating = false;
    takeChosen();
  }

  private void updateScorers(List<String> names) {
    List<String> all = new ArrayList<>();
    all.add(SamplesState.REWARD);
    all.addAll(names);
    if (!all.equals(scorer.getItems())) {
      updating = true;
      String now = model.scorer();
      scorer.getItems().setAll(all);
      scorer.setValue(all.contains(now) ? now : SamplesState.REWARD);
      updating = false;
      if (!all.contains(now) && !names.isEmpty()) {
        model.setScorer(SamplesState.REWARD);
      }
    }
  }

  private void selectionChanged() {
    if (updating) {
      return;
    }
    List<SamplesState.Prompt> picked = new ArrayList<>();
    for (int index : prompts.getSelectionModel().getSelectedIndices()) {
      if (index >= 0 && index < prompts.getItems().size()) {
        picked.add(prompts.getItems().get(index));
      }
    }
    if (!picked.isEmpty()) {
      selected = picked.size();
      model.choose(picked.stream().map(SamplesState.Prompt::text).toList());
    }
  }

  /** Marks in the list what is read, and shows its cards. */
  private void takeChosen() {
    List<String> chosen = model.chosen().get();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < prompts.getItems().size(); i++) {
      if (chosen.contains(prompts.getItems().get(i).text())) {
        places.add(i);
      }
    }
    boolean many = selected > chosen.size() && chosen.size() == SamplesViewModel.MOST_CHOSEN;
    more.setVisible(many);
    more.setText(Strings.text("samples.more", chosen.size(), selected));
    if (!many && !places.equals(List.copyOf(prompts.getSelectionModel().getSelectedIndices()))) {
      updating = true;
      prompts.getSelectionModel().clearSelection();
      places.forEach(prompts.getSelectionModel()::select);
      updating = false;
    }
    updateCards();
  }

  /** Cards stay and change; only those of prompts or columns that came or went are made anew. */
  private void updateCards() {
    SamplesState state = model.state().get();
    int columns = state.columns().size();
    if (grid.getColumnConstraints().size() != columns) {
      grid.getColumnConstraints().clear();
      for (int i = 0; i < columns; i++) {
        ColumnConstraints column = new ColumnConstraints();
        column.setPercentWidth(100.0 / columns);
        grid.getColumnConstraints().add(column);
      }
      grid.getChildren().clear();
      rows.clear();
    }
    Map<String, SamplesState.Prompt> byText = new HashMap<>();
    state.prompts().forEach(prompt -> byText.put(prompt.text(), prompt));
    List<String> chosen = model.chosen().get().stream().filter(byText::containsKey).toList();
    rows.entrySet()
        .removeIf(
            entry -> {
              boolean gone = !chosen.contains(entry.getKey());
              if (gone) {
                grid.getChildren().remove(entry.getValue().question());
                grid.getChildren().removeAll(entry.getValue().cards());
              }
              return gone;
            });
    for (int i = 0; i < chosen.size(); i++) {
      SamplesState.Prompt prompt = byText.get(chosen.get(i));
      if (prompt != null) {
        Row row = rows.computeIfAbsent(chosen.get(i), text -> made(text, columns));
        GridPane.setRowIndex(row.question(), 2 * i);
        fill(row, prompt, state, 2 * i + 1);
      }
    }
  }

  private Row made(String prompt, int columns) {
    Label question = Ui.label(Excerpts.lastQuestion(prompt), "strong", "sample-question");
    question.setWrapText(true);
    question.setMinHeight(Label.USE_PREF_SIZE);
    Tooltip tip = Ui.tip(question, Excerpts.dialogue(prompt));
    grid.add(question, 0, 0, Math.max(1, columns), 1);
    List<SampleCard> cards = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      SampleCard card = new SampleCard(strip::read);
      GridPane.setVgrow(card, Priority.ALWAYS);
      cards.add(card);
      grid.add(card, column, 0);
    }
    return new Row(question, tip, cards);
  }

  private void fill(Row row, SamplesState.Prompt prompt, SamplesState state, int place) {
    Optional<String> first = prompt.responses().getFirst().map(ResponseSample::response);
    for (int column = 0; column < row.cards().size(); column++) {
      SampleCard card = row.cards().get(column);
      Optional<ResponseSample> response = prompt.responses().get(column);
      String run = state.columns().get(column).runId();
      TokenTrace trace =
          response
              .map(each -> new SamplesViewModel.Place(run, each.step(), each.index()))
              .map(where -> model.traces().get().getOrDefault(where, TokenTrace.NONE))
              .orElse(TokenTrace.NONE);
      String against = model.difference().get() && column > 0 ? first.orElse(null) : null;
      card.show(response, new SampleCard.Look(trace, model.heat().get(), against));
      GridPane.setRowIndex(card, place);
    }
  }

  private static final class PromptCell extends ListCell<SamplesState.Prompt> {
    private final Label text = Ui.label("");
    private final Label change = Ui.whole("", "small-text");
    private final HBox box = Ui.row(8, text, change);

    PromptCell() {
      text.setWrapText(true);
      text.setMinWidth(0);
      text.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(text, Priority.ALWAYS);
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(SamplesState.@Nullable Prompt prompt, boolean empty) {
      super.updateItem(prompt, empty);
      if (empty || prompt == null) {
        setGraphic(null);
        return;
      }
      double value = prompt.change();
      String question = Excerpts.lastQuestion(prompt.text());
      text.setText(question);
      change.setText(Double.isFinite(value) ? Numbers.signed(value, 2) : "");
      change
          .getStyleClass()
          .setAll("label", "small-text", value > 0 ? "good" : value < 0 ? "bad" : "muted");
      setAccessibleText(
          Double.isFinite(value)
              ? question + ", " + Strings.text("samples.change", Numbers.signed(value, 2))
              : question);
      setGraphic(box);
    }
  }
}
