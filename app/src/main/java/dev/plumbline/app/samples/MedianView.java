package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.workspace.RunRow;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Sheets of median samples: prompts in a list, each model's answers by rank, the median marked. */
final class MedianView {
  private static final double CELL = 54;

  /** Room that a list's bar may take. */
  private static final double BAR = 14;

  private final ChoiceBox<RunRow> runs = new ChoiceBox<>();
  private final ListView<MedianSheet.Prompt> prompts = new ListView<>();
  private final Label question = Ui.label("", "strong", "sample-question");
  private final HBox columns = new HBox(12);
  private final VBox page;
  private final Node empty;
  private final StackPane node = new StackPane();
  private boolean updating;

  MedianView(MedianViewModel model) {
    runs.setId("samples-median-run");
    runs.setAccessibleText(Strings.text("samples.median.run"));
    runs.setConverter(
        Words.of(runs::getItems, run -> run == null ? "" : run.name() + "  \u00b7  " + run.id()));
    runs.valueProperty()
        .subscribe(
            (was, is) -> {
              if (is != null && !updating) {
                model.show(is.id());
              }
            });
    prompts.setId("samples-median-prompts");
    prompts.setFixedCellSize(CELL);
    prompts.getStyleClass().add("plain-list");
    prompts.setCellFactory(ignored -> new PromptCell());
    prompts.setAccessibleText(Strings.text("samples.prompts"));
    prompts
        .getSelectionModel()
        .selectedIndexProperty()
        .subscribe(
            index -> {
              model.choose(index.intValue());
              show(prompts.getSelectionModel().getSelectedItem());
            });
    VBox left = Ui.card(Ui.whole(Strings.text("samples.prompts"), "card-title"), prompts);
    left.setPrefWidth(264);
    left.setMinWidth(220);
    VBox.setVgrow(prompts, Priority.ALWAYS);
    question.setWrapText(true);
    question.setMinHeight(Label.USE_PREF_SIZE);
    VBox right = new VBox(8, question, columns);
    VBox.setVgrow(columns, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    right.setMinWidth(0);
    HBox body = new HBox(12, left, right);
    body.setMinHeight(0);
    VBox.setVgrow(body, Priority.ALWAYS);
    Label note = Ui.label(Strings.text("samples.median.note"), "muted", "small-text");
    note.setWrapText(true);
    HBox.setHgrow(note, Priority.ALWAYS);
    page =
        new VBox(
            12,
            Ui.row(10, Ui.whole(Strings.text("samples.median.run"), "muted"), runs, note),
            body);
    empty =
        Ui.empty(
            Feather.AWARD,
            Strings.text("samples.median.empty"),
            Strings.text("samples.median.empty.text"),
            new Region());
    node.getChildren().addAll(page, empty);
    model.state().subscribe(this::update);
  }

  Node node() {
    return node;
  }

  private void update(MedianViewModel.State state) {
    page.setVisible(!state.runs().isEmpty());
    empty.setVisible(state.runs().isEmpty());
    updating = true;
    if (!runs.getItems().equals(state.runs())) {
      runs.getItems().setAll(state.runs());
    }
    state.runs().stream()
        .filter(run -> run.id().equals(state.runId()))
        .findFirst()
        .ifPresent(runs::setValue);
    updating = false;
    if (!prompts.getItems().equals(state.sheet().prompts())) {
      prompts.getItems().setAll(state.sheet().prompts());
      prompts.getSelectionModel().selectFirst();
    }
  }

  private void show(MedianSheet.@Nullable Prompt prompt) {
    columns.getChildren().clear();
    question.setText(prompt == null ? "" : Excerpts.lastQuestion(prompt.text()));
    if (prompt == null) {
      return;
    }
    for (MedianSheet.Model each : prompt.models()) {
      ListView<MedianSheet.Answer> answers = new ListView<>();
      answers.getItems().setAll(each.answers());
      answers.getStyleClass().add("plain-list");
      answers.setCellFactory(ignored -> new AnswerCell(each, answers));
      answers.setAccessibleText(each.name());
      VBox.setVgrow(answers, Priority.ALWAYS);
      VBox card = Ui.card(Ui.label(each.name(), "card-title"), answers);
      card.getStyleClass().add("median-model");
      card.setMinWidth(0);
      card.setPrefWidth(100);
      HBox.setHgrow(card, Priority.ALWAYS);
      columns.getChildren().add(card);
      each.median()
          .ifPresent(
              median -> {
                int place = each.answers().indexOf(median);
                answers.getSelectionModel().select(place);
                answers.scrollTo(Math.max(0, place - 1));
              });
    }
  }

  private static final class PromptCell extends ListCell<MedianSheet.Prompt> {
    private final Label text = Ui.label("");
    private final Label tag = Ui.whole("", "subtle", "small-text");
    private final HBox box = Ui.row(8, text, tag);

    PromptCell() {
      text.setWrapText(true);
      text.setMinWidth(0);
      text.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(text, Priority.ALWAYS);
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(MedianSheet.@Nullable Prompt prompt, boolean none) {
      super.updateItem(prompt, none);
      if (none || prompt == null) {
        setGraphic(null);
        return;
      }
      text.setText(Excerpts.lastQuestion(prompt.text()));
      tag.setText(prompt.tag());
      setAccessibleText(text.getText());
      setGraphic(box);
    }
  }

  private static final class AnswerCell extends ListCell<MedianSheet.Answer> {
    private final MedianSheet.Model model;
    private final ListView<MedianSheet.Answer> list;
    private final Label rank = Ui.whole("", "strong", "small-text");
    private final Label score = Ui.whole("", "muted", "small-text");
    private final Label mark = Ui.whole(Strings.text("samples.median.mark"), "pill");
    private final Label text = Ui.label("");
    private final VBox box = new VBox(2, Ui.row(8, rank, score, Ui.spring(), mark), text);

    AnswerCell(MedianSheet.Model model, ListView<MedianSheet.Answer> list) {
      this.model = model;
      this.list = list;
      text.setWrapText(true);
      mark.getStyleClass().add("pill-in");
      mark.managedProperty().bind(mark.visibleProperty());
      setPrefWidth(0);
    }

    /** A cell that is asked without a width takes its text for one line. */
    @Override
    protected double computePrefHeight(double width) {
      double sides = snappedLeftInset() + snappedRightInset();
      double ends = snappedTopInset() + snappedBottomInset();
      return box.prefHeight(Math.max(40, list.getWidth() - sides - BAR)) + ends;
    }

    @Override
    protected void updateItem(MedianSheet.@Nullable Answer answer, boolean none) {
      super.updateItem(answer, none);
      if (none || answer == null) {
        setGraphic(null);
        return;
      }
      rank.setText(Strings.text("samples.median.of", answer.rank(), model.answers().size()));
      score.setText(Numbers.fixed(answer.score(), 2) + " nats");
      mark.setVisible(answer.shown());
      text.setText(answer.text().isBlank() ? Strings.text("samples.blank") : answer.text().strip());
      setAccessibleText(
          rank.getText()
              + ", "
              + score.getText()
              + (answer.shown() ? ", " + Strings.text("samples.median.mark") : "")
              + ": "
              + text.getText());
      setGraphic(box);
    }
  }
}
