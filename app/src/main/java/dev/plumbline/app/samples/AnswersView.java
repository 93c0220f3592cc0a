package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.training.TokenTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** A prompt of one's own, and the columns' models as they answer it. */
final class AnswersView {
  private static final KeyCombination SEND =
      new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN);

  private final AnswersViewModel model;
  private final SamplesViewModel samples;
  private final TextArea prompt = new TextArea();
  private final TextField seed = field("samples-try-seed", "1", 70);
  private final TextField temperature = field("samples-try-temperature", "1", 60);
  private final TextField limit = field("samples-try-limit", "64", 60);
  private final Label problem = Ui.label("", "bad", "small-text");
  private final ChoiceBox<TokenQuantity> colour = new ChoiceBox<>();
  private final HeatStrip strip = new HeatStrip();
  private final HBox cards = new HBox(12);
  private final VBox node;

  AnswersView(AnswersViewModel model, SamplesViewModel samples, HBox heads) {
    this.model = model;
    this.samples = samples;
    prompt.setId("samples-try-prompt");
    prompt.setPromptText(Strings.text("samples.try.prompt"));
    prompt.setAccessibleText(Strings.text("samples.try.prompt"));
    prompt.setPrefRowCount(2);
    prompt.setMinHeight(58);
    prompt.setWrapText(true);
    prompt.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (SEND.match(event)) {
            ask();
            event.consume();
          }
        });
    Button send = Ui.button(Strings.text("samples.try.ask"), Feather.PLAY, this::ask);
    send.setId("samples-try-ask");
    send.getStyleClass().add("accent");
    Ui.tip(send, Strings.text("samples.try.ask.tip", SEND.getDisplayText()));
    Button stop = Ui.button(Strings.text("samples.try.cancel"), Feather.X, model::cancel);
    stop.setId("samples-try-cancel");
    colour.getItems().setAll(TokenQuantity.NONE, TokenQuantity.SURPRISE, TokenQuantity.ENTROPY);
    colour.setConverter(Words.of(colour::getItems, value -> value == null ? "" : value.words()));
    colour.setValue(TokenQuantity.NONE);
    colour.setAccessibleText(Strings.text("samples.colour"));
    colour.setId("samples-try-colour");
    colour.valueProperty().subscribe(value -> update(model.state().get()));
    problem.setVisible(false);
    problem.managedProperty().bind(problem.visibleProperty());
    FlowPane bar =
        new FlowPane(
            10,
            8,
            send,
            stop,
            pair(Strings.text("samples.try.seed"), seed),
            pair(Strings.text("samples.try.temperature"), temperature),
            pair(Strings.text("samples.try.limit"), limit),
            pair(Strings.text("samples.colour"), colour));
    ScrollPane scroll = new ScrollPane(cards);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.getStyleClass().add("card-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    node = new VBox(10, prompt, bar, problem, heads, strip, scroll);
    model
        .state()
        .subscribe(
            state -> {
              stop.setDisable(!state.running());
              update(state);
            });
    samples.state().subscribe(state -> update(model.state().get()));
  }

  Node node() {
    return node;
  }

  private static TextField field(String id, String value, double width) {
    TextField field = new TextField(value);
    field.setId(id);
    field.setPrefWidth(width);
    return field;
  }

  private static Node pair(String name, javafx.scene.control.Control control) {
    control.setAccessibleText(name);
    return Ui.row(6, Ui.whole(name, "muted", "small-text"), control);
  }

  private void ask() {
    try {
      AnswersViewModel.Draw draw =
          new AnswersViewModel.Draw(
              Long.parseLong(seed.getText().strip()),
              Double.parseDouble(temperature.getText().strip()),
              Integer.parseInt(limit.getText().strip()));
      boolean fits =
          draw.temperature() >= 0
              && Double.isFinite(draw.temperature())
              && draw.maxNewTokens() >= 1;
      tell(fits ? "" : Strings.text("samples.try.bounds"));
      if (fits) {
        model.ask(prompt.getText(), draw, samples.state().get().columns());
      }
    } catch (NumberFormatException e) {
      tell(Strings.text("samples.try.bounds"));
    }
  }

  private void tell(String text) {
    problem.setText(text);
    problem.setVisible(!text.isEmpty());
  }

  private void update(AnswersViewModel.State state) {
    int columns = samples.state().get().columns().size();
    while (cards.getChildren().size() > columns) {
      cards.getChildren().removeLast();
    }
    while (cards.getChildren().size() < columns) {
      AnswerCard card = new AnswerCard(strip);
      HBox.setHgrow(card, Priority.ALWAYS);
      cards.getChildren().add(card);
    }
    List<TokenTrace> traces = new ArrayList<>();
    state.answers().forEach(each -> each.sample().ifPresent(found -> traces.add(found.trace())));
    HeatScale heat =
        colour.getValue() == TokenQuantity.NONE
            ? HeatScale.NONE
            : HeatScale.over(colour.getValue(), traces);
    strip.show(heat);
    boolean same = state.columns().equals(samples.state().get().columns());
    for (int i = 0; i < columns; i++) {
      ((AnswerCard) cards.getChildren().get(i))
          .show(
              same && i < state.answers().size()
                  ? state.answers().get(i)
                  : AnswersViewModel.Answer.NONE,
              heat);
    }
  }

  /** An answer while it grows, and with its numbers when it is there. */
  private static final class AnswerCard extends VBox {
    private final Label text = Ui.label("");
    private final Label status = Ui.label("", "subtle", "small-text");
    private final SampleCard done;

    AnswerCard(HeatStrip strip) {
      super(6);
      done = new SampleCard(strip::read);
      done.setVisible(false);
      done.managedProperty().bind(done.visibleProperty());
      text.setWrapText(true);
      text.setMinHeight(USE_PREF_SIZE);
      status.setWrapText(true);
      VBox growing = Ui.card(text, status);
      growing.getStyleClass().add("sample");
      growing.visibleProperty().bind(done.visibleProperty().not());
      growing.managedProperty().bind(growing.visibleProperty());
      getChildren().addAll(growing, done);
      VBox.setVgrow(growing, Priority.ALWAYS);
      VBox.setVgrow(done, Priority.ALWAYS);
      setPrefWidth(100);
      setMinWidth(0);
    }

    void show(AnswersViewModel.Answer answer, HeatScale heat) {
      done.setVisible(answer.sample().isPresent());
      if (answer.sample().isPresent()) {
        done.show(
            answer.sample(),
            new SampleCard.Look(
                answer.sample().map(found -> found.trace()).orElse(TokenTrace.NONE), heat, null));
      } else {
        done.show(Optional.empty(), SampleCard.Look.PLAIN);
      }
      text.setText(answer.text().strip());
      status.setText(
          switch (answer.stage()) {
            case NONE -> Strings.text("samples.try.none");
            case WAITING -> Strings.text("samples.try.waiting");
            case GROWING -> Strings.text("samples.try.growing");
            case CANCELLED -> Strings.text("samples.try.cancelled");
            case FAILED -> answer.reason();
            case DONE -> "";
          });
      status
          .getStyleClass()
          .setAll(
              "label",
              "small-text",
              answer.stage() == AnswersViewModel.Stage.FAILED ? "bad" : "subtle");
    }
  }
}
