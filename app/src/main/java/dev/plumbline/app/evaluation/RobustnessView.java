package dev.plumbline.app.evaluation;

import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.PlotMapping;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.workspace.RunRow;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Policies at the left, the scores of all who judge them at the right. */
final class RobustnessView implements View {
  private static final double LIST_WIDTH = 250;

  private final RobustnessViewModel model;
  private final ObjLongConsumer<String> openSamples;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ListView<RunRow> runs = new ListView<>();
  private final ChartCard scores = new ChartCard();
  private final HBox page;
  private final VBox empty;
  private final StackPane root = new StackPane();

  RobustnessView(RobustnessViewModel model, Runnable goHome, ObjLongConsumer<String> openSamples) {
    this.model = model;
    this.openSamples = openSamples;
    runs.setId("robustness-runs");
    runs.setAccessibleText(Strings.text("robustness.runs"));
    runs.getStyleClass().add("plain-list");
    runs.setCellFactory(ignored -> new RunCell());
    runs.setOnKeyPressed(
        event -> {
          RunRow run = runs.getSelectionModel().getSelectedItem();
          if (run != null && event.getCode() == KeyCode.SPACE) {
            model.toggle(run.id());
            event.consume();
          }
        });
    VBox.setVgrow(runs, Priority.ALWAYS);
    VBox left = Ui.card(Ui.whole(Strings.text("robustness.runs"), "card-title"), runs);
    left.setPrefWidth(LIST_WIDTH);
    left.setMinWidth(200);

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
    HBox.setHgrow(scores, Priority.ALWAYS);
    page = new HBox(12, left, scores);
    empty =
        Ui.empty(
            Feather.SHIELD,
            Strings.text("robustness.empty"),
            Strings.text("robustness.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().setAll(page, empty);
    model.state().subscribe(this::update);
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
    if (!runs.getItems().equals(state.runs())) {
      runs.getItems().setAll(state.runs());
    }
    runs.refresh();
    subject.set(
        state.runs().stream()
            .filter(run -> state.chosen().contains(run.id()))
            .map(RunRow::name)
            .collect(Collectors.joining(", ")));
    scores.show(state.scores(), "");
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
  }

  /** A policy with a box to take it in. */
  private final class RunCell extends ListCell<RunRow> {
    private final CheckBox box = new CheckBox();

    RunCell() {
      box.setMnemonicParsing(false);
      box.setFocusTraversable(false);
      box.setOnAction(
          event -> {
            if (getItem() != null) {
              model.toggle(getItem().id());
            }
          });
    }

    @Override
    protected void updateItem(@Nullable RunRow run, boolean nothing) {
      super.updateItem(run, nothing);
      if (nothing || run == null) {
        setGraphic(null);
        return;
      }
      box.setText(run.name());
      box.setSelected(model.state().get().chosen().contains(run.id()));
      setAccessibleText(run.name() + ", " + RunWords.state(run.state()));
      setGraphic(box);
    }
  }
}
