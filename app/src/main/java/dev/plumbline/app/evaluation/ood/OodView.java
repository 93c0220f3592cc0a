package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.Detection;
import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.chart.ThresholdLine;
import dev.plumbline.app.evaluation.DialogueBox;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Charts at the left, numbers, a box to type in and prompts at the right. */
final class OodView implements View {
  private static final double SIDE = 312;

  private final OodViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ChoiceBox<RunRow> runs = new ChoiceBox<>();
  private final ChoiceBox<Integer> layers = new ChoiceBox<>();
  private final ChoiceBox<Detector> detectors = new ChoiceBox<>();
  private final ChartCard scores = new ChartCard();
  private final ChartCard roc = new ChartCard();
  private final ChartCard map = new ChartCard();
  private final ChartCard exposure = new ChartCard();
  private final Label verdict = Ui.label("", "small-text");
  private final Button reject = new Button();
  private final Button caught = new Button();
  private final GridPane numbers = new GridPane();
  private final TextArea text = new TextArea();
  private final Button score;
  private final Button cancel;
  private final Label answer = Ui.label("", "small-text");
  private final Label answerPill = Ui.whole("", "pill");
  private final HBox answerRow = Ui.row(8, answer, Ui.spring(), answerPill);
  private final GridPane answerLayers = new GridPane();
  private final Label listTitle = Ui.label("", "card-title");
  private final Button back;
  private final ListView<OodRun.Scored> prompts = new ListView<>();
  private final VBox page;
  private final VBox body = new VBox();
  private final VBox empty;
  private final VBox unmeasured;
  private final Label unmeasuredText = Ui.label("", "muted");
  private final StackPane root = new StackPane();
  private final Overlay overlay = new Overlay(root);
  private boolean updating;

  OodView(OodViewModel model, Runnable goHome) {
    this.model = model;
    score =
        Ui.button(Strings.text("ood.try.score"), Feather.PLAY, () -> model.score(text.getText()));
    cancel = Ui.button(Strings.text("jobs.cancel"), Feather.X, model::cancel);
    back = Ui.iconButton(Strings.text("ood.bar.back"), Feather.X, model::closeBar);
    back.setId("ood-back");
    unmeasuredText.setWrapText(true);
    unmeasuredText.setMaxWidth(520);
    unmeasuredText.setTextAlignment(TextAlignment.CENTER);
    unmeasuredText.setAlignment(Pos.CENTER);
    unmeasured = new VBox(10, Ui.icon(Feather.CLOCK), unmeasuredText);
    unmeasured.getStyleClass().add("empty");
    HBox charts = new HBox(12, charts(), side());
    VBox.setVgrow(charts, Priority.ALWAYS);
    body.getChildren().setAll(charts);
    VBox.setVgrow(body, Priority.ALWAYS);
    StackPane middle = new StackPane(body, unmeasured);
    VBox.setVgrow(middle, Priority.ALWAYS);
    page = new VBox(10, bar(), middle);
    empty =
        Ui.empty(
            Feather.TARGET,
            Strings.text("ood.empty"),
            Strings.text("ood.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().setAll(page, empty);
    model.state().subscribe(this::update);
    model.outcome().subscribe(this::follow);
    model.typed().subscribe(this::answer);
  }

  // ---------------------------------------------------------------------------------------- parts

  private Node bar() {
    runs.setId("ood-runs");
    runs.setAccessibleText(Strings.text("ood.run"));
    runs.setConverter(Words.of(runs::getItems, run -> run == null ? "" : run.name()));
    runs.setPrefWidth(230);
    runs.valueProperty()
        .subscribe(
            run -> {
              if (run != null && !updating) {
                model.choose(run.id());
              }
            });
    layers.setId("ood-layer");
    layers.setAccessibleText(Strings.text("ood.layers"));
    layers.setPrefWidth(112);
    layers.setConverter(
        Words.of(layers::getItems, layer -> layer == null ? "" : Strings.text("ood.layer", layer)));
    layers
        .valueProperty()
        .subscribe(
            layer -> {
              if (layer != null && !updating) {
                model.setLayer(layer);
              }
            });
    detectors.setId("ood-detector");
    detectors.setAccessibleText(Strings.text("ood.detector"));
    detectors.setPrefWidth(150);
    detectors.getItems().setAll(Detector.values());
    detectors.setConverter(Words.of(detectors::getItems, each -> each == null ? "" : each.title()));
    detectors
        .valueProperty()
        .subscribe(
            detector -> {
              if (detector != null && !updating) {
                model.setDetector(detector);
              }
            });
    return Ui.row(
        8, Ui.whole(Strings.text("ood.run"), "muted"), runs, layers, detectors, Ui.spring());
  }

  private Node charts() {
    scores.view().setId("ood-histogram");
    scores.view().onPick(hit -> model.openBar(hit.series(), hit.index()));
    ThresholdLine line =
        new ThresholdLine(
            scores.view(),
            model.threshold(),
            model::setThreshold,
            Strings.text("ood.threshold.help"),
            Strings.text("ood.reject"));
    line.handle().setId("ood-threshold");
    scores.cover(line);
    reject.setId("ood-rule-reject");
    caught.setId("ood-rule-catch");
    for (Button each : List.of(reject, caught)) {
      each.getStyleClass().add("small");
      each.setMinWidth(Region.USE_PREF_SIZE);
    }
    reject.setOnAction(_ -> model.useRule(OodFigures.FALSE_REJECT));
    caught.setOnAction(_ -> model.useRule(OodFigures.CATCH));
    verdict.setId("ood-verdict");
    verdict.setWrapText(true);
    verdict.setMinHeight(Region.USE_PREF_SIZE);
    Ui.tip(verdict, Strings.text("ood.verdict.tip"));
    scores.getChildren().addAll(verdict, Ui.row(6, reject, caught));
    roc.view().setId("ood-roc");
    roc.view().onPick(hit -> model.openRocPoint(hit.series(), hit.index()));
    map.view().setId("ood-map");
    map.view().onPick(hit -> model.openCell((int) Math.floor(hit.y()), (int) Math.floor(hit.x())));
    exposure.view().setId("ood-exposure");
    GridPane grid = new GridPane(12, 12);
    for (int i = 0; i < 2; i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(50);
      grid.getColumnConstraints().add(column);
    }
    for (int i = 0; i < 2; i++) {
      RowConstraints row = new RowConstraints();
      row.setPercentHeight(i == 0 ? 57 : 43);
      grid.getRowConstraints().add(row);
    }
    grid.add(scores, 0, 0);
    grid.add(roc, 1, 0);
    grid.add(map, 0, 1);
    grid.add(exposure, 1, 1);
    grid.setMinSize(0, 0);
    HBox.setHgrow(grid, Priority.ALWAYS);
    return grid;
  }

  private Node side() {
    numbers.setId("ood-numbers");
    numbers.setHgap(10);
    numbers.setVgap(5);
    columns(numbers, 2);
    VBox first = Ui.card(Ui.label(Strings.text("ood.numbers"), "card-title"), numbers);

    text.setId("ood-text");
    text.setPromptText(Strings.text("ood.try.prompt"));
    text.setAccessibleText(Strings.text("ood.try"));
    text.setWrapText(true);
    text.setPrefRowCount(2);
    text.setMinHeight(52);
    Overlay.tabLeadsOn(text);
    text.focusedProperty()
        .subscribe(
            focused -> {
              if (focused) {
                model.warm();
              }
            });
    text.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER && event.isControlDown()) {
            event.consume();
            model.score(text.getText());
          }
        });
    score.setId("ood-score");
    Ui.tip(score, Strings.text("ood.try.tip"));
    cancel.setId("ood-cancel");
    answer.setId("ood-answer");
    answer.setWrapText(true);
    answer.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(answer, Priority.ALWAYS);
    answerLayers.setHgap(10);
    answerLayers.setVgap(3);
    columns(answerLayers, 3);
    VBox second =
        Ui.card(
            Ui.row(8, Ui.label(Strings.text("ood.try"), "card-title"), Ui.spring(), cancel, score),
            text,
            answerRow,
            answerLayers);

    prompts.setId("ood-prompts");
    prompts.getStyleClass().add("plain-list");
    prompts.setCellFactory(ignored -> new PromptCell());
    prompts.setPlaceholder(Ui.label(Strings.text("ood.list.none"), "muted"));
    prompts.setPrefHeight(180);
    prompts.setMinHeight(120);
    prompts.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            event.consume();
            open(prompts.getSelectionModel().getSelectedItem());
          }
        });
    VBox.setVgrow(prompts, Priority.ALWAYS);
    listTitle.setWrapText(true);
    VBox third = Ui.card(Ui.row(8, listTitle, Ui.spring(), back), prompts);
    VBox.setVgrow(third, Priority.ALWAYS);
    VBox all = new VBox(12, first, second, third);
    all.getStyleClass().add("scrolled");
    ScrollPane scroll = new ScrollPane(all);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("card-scroll");
    scroll.setMinWidth(SIDE);
    scroll.setPrefWidth(SIDE);
    scroll.setMaxWidth(SIDE);
    return scroll;
  }

  /** A first column that grows, and columns of numbers at the right. */
  private static void columns(GridPane grid, int numbers) {
    ColumnConstraints first = new ColumnConstraints();
    first.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().add(first);
    for (int i = 0; i < numbers; i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setHalignment(HPos.RIGHT);
      column.setMinWidth(Region.USE_PREF_SIZE);
      grid.getColumnConstraints().add(column);
    }
  }

  // --------------------------------------------------------------------------------------- update

  private void update(OodState state) {
    boolean any = !state.runs().isEmpty();
    boolean measured = state.histogram().isPresent();
    page.setVisible(any);
    empty.setVisible(!any && state.answered());
    body.setVisible(measured);
    unmeasured.setVisible(any && !measured);
    layers.setVisible(measured);
    detectors.setVisible(measured);
    updating = true;
    try {
      if (!runs.getItems().equals(state.runs())) {
        runs.getItems().setAll(state.runs());
      }
      runs.setValue(state.chosen().orElse(null));
      List<Integer> known = state.run().map(OodRun::layers).orElse(List.of());
      if (!layers.getItems().equals(known)) {
        layers.getItems().setAll(known);
      }
      layers.setValue(known.contains(state.place().layer()) ? state.place().layer() : null);
      detectors.setValue(state.place().detector());
    } finally {
      updating = false;
    }
    subject.set(state.chosen().map(RunRow::name).orElse(""));
    if (!measured) {
      state
          .chosen()
          .ifPresent(
              run ->
                  unmeasuredText.setText(
                      Strings.text(
                          "ood.unmeasured",
                          run.name(),
                          RunWords.state(run.state()),
                          run.detail())));
      return;
    }
    scores.show(state.scores(), "");
    map.show(state.map(), "");
    exposure.show(state.exposure(), "");
    numbers.getChildren().clear();
    for (int i = 0; i < state.numbers().size(); i++) {
      OodState.Fact row = state.numbers().get(i);
      Label name = Ui.whole(row.name(), "small-text");
      Ui.tip(name, row.meaning());
      numbers.addRow(
          i,
          name,
          Ui.whole(row.value(), "strong"),
          Ui.whole(row.interval(), "subtle", "small-text"));
    }
    rule(reject, state, OodFigures.FALSE_REJECT);
    rule(caught, state, OodFigures.CATCH);
  }

  private static void rule(Button button, OodState state, String rule) {
    var point = state.run().flatMap(run -> run.operating(state.place(), rule));
    button.setVisible(point.isPresent());
    button.setManaged(point.isPresent());
    point.ifPresent(
        at -> {
          button.setText(OodFigures.name(at));
          String says = Strings.text("ood.rule.tip", OodFigures.name(at), Numbers.whole(at.n()));
          button.setAccessibleText(says);
          button.setTooltip(new Tooltip(says));
        });
  }

  private void follow(OodState.Threshold outcome) {
    outcome.point().ifPresent(point -> verdict.setText(words(point)));
    roc.show(outcome.roc(), "");
    listTitle.setText(outcome.title());
    back.setVisible(outcome.barChosen());
    back.setManaged(outcome.barChosen());
    if (!prompts.getItems().equals(outcome.prompts())) {
      prompts.getItems().setAll(outcome.prompts());
      if (outcome.barChosen()) {
        prompts.scrollTo(0);
      } else {
        prompts.scrollTo(Math.max(0, outcome.prompts().size() / 2 - 2));
      }
    }
  }

  private static String words(Detection.OperatingPoint point) {
    return Strings.text(
        "ood.verdict",
        Numbers.significant(point.threshold()),
        Numbers.fixed(100 * point.falseReject().value(), 1),
        OodFigures.percents(point.falseReject().interval(), 1),
        Numbers.whole(point.falseReject().successes()),
        Numbers.whole(point.falseReject().n()),
        Numbers.fixed(100 * point.caught().value(), 1),
        OodFigures.percents(point.caught().interval(), 1),
        Numbers.whole(point.caught().successes()),
        Numbers.whole(point.caught().n()));
  }

  private void answer(OodState.Typed typed) {
    cancel.setVisible(typed.busy());
    cancel.setManaged(typed.busy());
    score.setDisable(typed.busy());
    boolean said = typed.busy() || !typed.problem().isEmpty() || !typed.layers().isEmpty();
    answerRow.setVisible(said);
    answerRow.setManaged(said);
    answerPill.setVisible(!typed.layers().isEmpty());
    answerPill.setManaged(!typed.layers().isEmpty());
    answerLayers.getChildren().clear();
    boolean some = !typed.layers().isEmpty();
    answerLayers.setVisible(some);
    answerLayers.setManaged(some);
    answer.setText(typed.busy() ? Strings.text("ood.try.busy") : typed.problem());
    int shown = model.state().get().place().layer();
    for (OodState.Layer at : typed.layers()) {
      if (at.layer() == shown) {
        answer.setText(
            Strings.text(
                "ood.try.answer",
                Numbers.significant(at.score()),
                Numbers.fixed(100 * at.aboveIn(), 1),
                Numbers.fixed(100 * at.aboveOut(), 1),
                typed.tokens()));
        pill(answerPill, at);
      }
    }
    if (some) {
      answerLayers.addRow(
          0,
          Ui.label("", "subtle", "small-text"),
          Ui.whole(Strings.text("ood.try.score.head"), "subtle", "small-text"),
          Ui.whole(Strings.text("ood.try.above"), "subtle", "small-text"),
          Ui.whole("", "subtle", "small-text"));
    }
    for (int i = 0; i < typed.layers().size(); i++) {
      OodState.Layer at = typed.layers().get(i);
      Label pill = Ui.whole("", "pill");
      pill(pill, at);
      answerLayers.addRow(
          i + 1,
          Ui.whole(Strings.text("ood.layer", at.layer()), "small-text"),
          Ui.whole(Numbers.significant(at.score()), "small-text", "strong"),
          Ui.whole(Numbers.fixed(100 * at.aboveIn(), 1) + " %", "small-text"),
          pill);
    }
    typed
        .scores()
        .ifPresentOrElse(
            figure -> scores.show(figure, ""),
            () -> {
              if (model.state().get().histogram().isPresent()) {
                scores.show(model.state().get().scores(), "");
              }
            });
  }

  private static void pill(Label pill, OodState.Layer at) {
    pill.setText(
        Double.isNaN(at.threshold())
            ? Numbers.NONE
            : at.rejected() ? Strings.text("ood.rejected") : Strings.text("ood.accepted"));
    pill.getStyleClass().removeAll("pill-in", "pill-out");
    pill.getStyleClass().add(at.rejected() ? "pill-out" : "pill-in");
  }

  private void open(OodRun.@Nullable Scored prompt) {
    if (prompt == null) {
      return;
    }
    ScrollPane scroll = new ScrollPane(DialogueBox.of(prompt.prompt()));
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    scroll.setMaxHeight(420);
    Button take =
        Ui.button(
            Strings.text("ood.try.take"),
            Feather.CORNER_DOWN_LEFT,
            () -> {
              overlay.close();
              text.setText(prompt.prompt().strip());
              model.score(text.getText());
            });
    take.setId("ood-take");
    overlay.open(
        "ood-prompt",
        prompt.out()
            ? Strings.text("ood.prompt.out", prompt.index(), Numbers.significant(prompt.score()))
            : Strings.text("ood.prompt.in", prompt.index(), Numbers.significant(prompt.score())),
        new VBox(12, scroll, Ui.row(8, Ui.spring(), take)),
        560,
        take);
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

  @Override
  public void themed(Theme theme) {
    for (ChartCard card : List.of(scores, roc, map, exposure)) {
      card.themed(theme);
    }
  }

  /** A prompt: its score, what was said last, of which kind it is. */
  private final class PromptCell extends ListCell<OodRun.Scored> {
    private final Label score = Ui.whole("", "strong", "small-text");
    private final Label gist = Ui.label("", "small-text");
    private final Label kind = Ui.whole("", "pill");
    private final HBox row = Ui.row(8, score, gist, kind);

    PromptCell() {
      score.setMinWidth(44);
      gist.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(gist, Priority.ALWAYS);
      setPrefWidth(0);
      setOnMouseClicked(event -> open(isEmpty() ? null : getItem()));
    }

    @Override
    protected void updateItem(OodRun.@Nullable Scored prompt, boolean nothing) {
      super.updateItem(prompt, nothing);
      if (nothing || prompt == null) {
        setGraphic(null);
        return;
      }
      score.setText(Numbers.significant(prompt.score()));
      gist.setText(DialogueBox.gist(prompt.prompt()));
      kind.setText(prompt.out() ? Strings.text("ood.out") : Strings.text("ood.in"));
      kind.getStyleClass().setAll("label", "pill", prompt.out() ? "pill-out" : "pill-in");
      setAccessibleText(kind.getText() + ", " + score.getText() + ", " + gist.getText());
      setGraphic(row);
    }
  }
}
