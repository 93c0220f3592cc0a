package dev.plumbline.app.evaluation;

import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.PlotMapping;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** Policies at the left, the scores of all who judge them at the right. */
final class RobustnessView implements View {
  private static final double LIST_WIDTH = 236;

  private final RobustnessViewModel model;
  private final ObjLongConsumer<String> openSamples;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final RunChoice runs;
  private final ChartCard scores = new ChartCard();
  private final ChartCard gaps = new ChartCard();
  private final ChartCard gold = new ChartCard();
  private final VBox findings = new VBox(8);
  private final HBox page;
  private final VBox empty;
  private final StackPane root = new StackPane();

  RobustnessView(RobustnessViewModel model, Runnable goHome, ObjLongConsumer<String> openSamples) {
    this.model = model;
    this.openSamples = openSamples;
    runs = new RunChoice("robustness-runs", () -> model.state().get().chosen(), model::toggle);
    VBox.setVgrow(runs, Priority.ALWAYS);
    VBox left = Ui.card(Ui.whole(Strings.text("robustness.runs"), "card-title"), runs);
    left.setPrefWidth(LIST_WIDTH);
    left.setMinWidth(180);

    ChoiceBox<RobustnessCharts.Against> against = new ChoiceBox<>();
    against.getItems().setAll(RobustnessCharts.Against.values());
    against.setConverter(
        Words.of(
            against::getItems,
            value ->
                switch (value) {
                  case STEP -> Strings.text("robustness.step");
                  case SQRT_KL -> Strings.text("robustness.kl");
                }));
    against.setValue(model.against());
    against.setId("robustness-against");
    against.setAccessibleText(Strings.text("robustness.against"));
    against.valueProperty().subscribe((was, is) -> model.setAgainst(is));
    scores.head().getChildren().add(against);
    scores.view().setId("robustness-scores");
    scores.view().onPick(this::open);
    gaps.view().setId("robustness-gaps");
    gaps.view().onPick(this::open);
    gold.view().setId("robustness-gold");
    gold.view().onPick(this::open);
    GridPane grid = new GridPane(12, 12);
    grid.add(scores, 0, 0);
    grid.add(gold, 1, 0);
    grid.add(gaps, 0, 1);
    grid.add(findingsCard(), 1, 1);
    ColumnConstraints column = new ColumnConstraints();
    column.setPercentWidth(50);
    grid.getColumnConstraints().addAll(column, column);
    for (double share : new double[] {56, 44}) {
      RowConstraints row = new RowConstraints();
      row.setPercentHeight(share);
      row.setMinHeight(150);
      grid.getRowConstraints().add(row);
    }
    for (ChartCard card : List.of(scores, gaps, gold)) {
      card.setMinSize(0, 0);
    }
    grid.setMinWidth(0);
    HBox.setHgrow(grid, Priority.ALWAYS);
    page = new HBox(12, left, grid);
    empty =
        Ui.empty(
            Feather.SHIELD,
            Strings.text("robustness.empty"),
            Strings.text("robustness.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().setAll(page, empty);
    model.state().subscribe(this::update);
  }

  private VBox findingsCard() {
    findings.setId("robustness-findings");
    findings.getStyleClass().add("scrolled");
    ScrollPane scroll = new ScrollPane(findings);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    VBox card = Ui.card(Ui.label(Strings.text("robustness.findings"), "card-title"), scroll);
    card.getStyleClass().add("scroll-card");
    card.setMinSize(0, 0);
    return card;
  }

  private static Node finding(NumberLine line) {
    Label name = Ui.label(line.name(), "small-text");
    Label value = Ui.whole(line.value(), "strong", "small-text");
    Label interval = Ui.label(line.interval(), "muted", "tile-note");
    Label definition = Ui.label(line.definition(), "subtle", "tile-note");
    definition.setWrapText(true);
    definition.setMinHeight(Region.USE_PREF_SIZE);
    name.setMinWidth(0);
    return new VBox(1, Ui.row(8, name, Ui.spring(), value), interval, definition);
  }

  private void open(PlotMapping.Hit hit) {
    int slash = hit.series().indexOf('/');
    if (slash > 0 && Double.isFinite(hit.step())) {
      openSamples.accept(hit.series().substring(0, slash), Math.round(hit.step()));
    }
  }

  private void update(RobustnessState state) {
    page.setVisible(!state.runs().isEmpty());
    empty.setVisible(state.runs().isEmpty() && state.answered());
    runs.show(state.runs());
    subject.set(
        state.runs().stream()
            .filter(run -> state.chosen().contains(run.id()))
            .map(RunRow::name)
            .collect(Collectors.joining(", ")));
    scores.show(state.scores(), "");
    gaps.show(state.gaps(), "");
    gold.show(state.gold(), "");
    findings.getChildren().setAll(state.findings().stream().map(RobustnessView::finding).toList());
    if (state.findings().isEmpty()) {
      Label none = Ui.label(Strings.text("robustness.findings.none"), "muted");
      none.setWrapText(true);
      findings.getChildren().setAll(none);
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
    model.setShown(true);
  }

  @Override
  public void hidden() {
    model.setShown(false);
  }

  @Override
  public void themed(Theme theme) {
    scores.themed(theme);
    gaps.themed(theme);
    gold.themed(theme);
  }
}
