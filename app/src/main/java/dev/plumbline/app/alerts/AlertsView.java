package dev.plumbline.app.alerts;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.workspace.AlertRow;
import dev.plumbline.workspace.AlertSheet;
import dev.plumbline.workspace.StoredRule;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Alerts, the newest first, and the rules under them with a line to add one. */
public final class AlertsView {
  private static final double HITS_HEIGHT = 200;
  private static final double RULES_HEIGHT = 170;

  private final AlertsViewModel model;
  private final Consumer<AlertRow> open;
  private final DateTimeFormatter time;
  private final ListView<AlertRow> hits = new ListView<>();
  private final Label none = Ui.label(Strings.text("alerts.none"), "muted");
  private final VBox rules = new VBox(4);
  private final TextField text = new TextField();
  private final Label mistake = Ui.label("", "small-text", "bad");
  private final VBox root;

  /**
   * @param obstacle why nothing can be changed, or empty
   * @param open shows the run of an alert
   */
  public AlertsView(
      AlertsViewModel model, ObservableStringValue obstacle, ZoneId zone, Consumer<AlertRow> open) {
    this.model = model;
    this.open = open;
    time = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(zone);
    hits.setId("alerts-hits");
    hits.setAccessibleText(Strings.text("alerts.title"));
    hits.getStyleClass().add("plain-list");
    hits.setPlaceholder(none);
    hits.setPrefHeight(HITS_HEIGHT);
    hits.setCellFactory(ignored -> new HitCell());
    hits.setOnKeyPressed(
        event -> {
          AlertRow row = hits.getSelectionModel().getSelectedItem();
          if (row != null && event.getCode() == KeyCode.ENTER) {
            open.accept(row);
          }
        });
    Button show = Ui.button(Strings.text("alerts.open"), Feather.ACTIVITY, this::openChosen);
    show.setId("alerts-open");
    Button seen =
        Ui.button(
            Strings.text("alerts.seen"),
            Feather.CHECK,
            () -> model.acknowledge(hits.getSelectionModel().getSelectedItems()));
    seen.setId("alerts-seen");
    Button all =
        Ui.button(
            Strings.text("alerts.seen.all"),
            Feather.CHECK_CIRCLE,
            () -> model.acknowledge(model.sheet().get().hits()));
    all.setId("alerts-seen-all");
    for (Button button : new Button[] {show, seen, all}) {
      button.getStyleClass().add("small");
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    show.disableProperty().bind(hits.getSelectionModel().selectedItemProperty().isNull());
    seen.disableProperty().bind(hits.getSelectionModel().selectedItemProperty().isNull());

    ScrollPane room = new ScrollPane(rules);
    room.getStyleClass().add("card-scroll");
    room.setFitToWidth(true);
    room.setPrefHeight(RULES_HEIGHT);
    Button defaults =
        Ui.button(Strings.text("alerts.defaults"), Feather.PLUS_CIRCLE, model::addDefaults);
    defaults.setId("alerts-defaults");
    defaults.getStyleClass().add("small");
    Ui.tip(defaults, Strings.text("alerts.defaults.tip"));
    root =
        new VBox(
            10,
            hits,
            Ui.row(8, show, Ui.spring(), Ui.guard(seen, obstacle), Ui.guard(all, obstacle)),
            Ui.row(
                8,
                Ui.whole(Strings.text("alerts.rules"), "card-title"),
                Ui.spring(),
                Ui.guard(defaults, obstacle)),
            room,
            Ui.guard(editor(), obstacle),
            mistake);
    mistake.setId("alerts-mistake");
    mistake.setWrapText(true);
    mistake.setMinHeight(Region.USE_PREF_SIZE);
    model.sheet().subscribe(this::update);
  }

  /** What to put into the panel. */
  public Node node() {
    return root;
  }

  /** What gets the focus. */
  public Node first() {
    return hits;
  }

  private void openChosen() {
    AlertRow row = hits.getSelectionModel().getSelectedItem();
    if (row != null) {
      open.accept(row);
    }
  }

  private Node editor() {
    text.setId("alerts-rule");
    text.setPromptText(Strings.text("alerts.rule.prompt"));
    text.setAccessibleText(Strings.text("alerts.rule"));
    HBox.setHgrow(text, Priority.ALWAYS);
    ChoiceBox<AlertRule.Severity> severity = new ChoiceBox<>();
    severity.getItems().setAll(AlertRule.Severity.values());
    severity.setValue(AlertRule.Severity.WARNING);
    severity.setPrefWidth(110);
    severity.setAccessibleText(Strings.text("alerts.severity"));
    severity.setConverter(words(AlertsView::word));
    ChoiceBox<AlertRule.Action> action = new ChoiceBox<>();
    action.getItems().setAll(AlertRule.Action.values());
    action.setValue(AlertRule.Action.NOTIFY);
    action.setPrefWidth(140);
    action.setAccessibleText(Strings.text("alerts.action"));
    action.setConverter(words(AlertsView::word));
    Button add = new Button(Strings.text("alerts.add"), Ui.icon(Feather.PLUS));
    add.setId("alerts-add");
    add.setMinWidth(Region.USE_PREF_SIZE);
    Runnable task =
        () -> {
          String wrong = model.check(text.getText());
          mistake.setText(wrong);
          if (wrong.isEmpty()) {
            model.add(text.getText(), severity.getValue(), action.getValue());
            text.clear();
          }
        };
    add.setOnAction(event -> task.run());
    text.setOnAction(event -> task.run());
    text.textProperty().subscribe(now -> mistake.setText(now.isBlank() ? "" : model.check(now)));
    return Ui.row(8, text, severity, action, add);
  }

  private static <E> StringConverter<E> words(java.util.function.Function<E, String> name) {
    return new StringConverter<>() {
      @Override
      public String toString(@Nullable E value) {
        return value == null ? "" : name.apply(value);
      }

      @Override
      public E fromString(String ignored) {
        throw new UnsupportedOperationException("the box is not typed into");
      }
    };
  }

  private static String word(AlertRule.Severity severity) {
    return switch (severity) {
      case INFO -> Strings.text("alerts.severity.info");
      case WARNING -> Strings.text("alerts.severity.warning");
      case CRITICAL -> Strings.text("alerts.severity.critical");
    };
  }

  private static String word(AlertRule.Action action) {
    return switch (action) {
      case NOTIFY -> Strings.text("alerts.action.notify");
      case PAUSE -> Strings.text("alerts.action.pause");
      case STOP -> Strings.text("alerts.action.stop");
    };
  }

  private static String pill(AlertRule.Severity severity) {
    return switch (severity) {
      case INFO -> "pill-quiet";
      case WARNING -> "pill-paused";
      case CRITICAL -> "pill-failed";
    };
  }

  private void update(AlertSheet sheet) {
    if (!hits.getItems().equals(sheet.hits())) {
      AlertRow before = hits.getSelectionModel().getSelectedItem();
      hits.getItems().setAll(sheet.hits());
      if (before != null) {
        sheet.hits().stream()
            .filter(hit -> hit.number() == before.number())
            .findFirst()
            .ifPresent(hits.getSelectionModel()::select);
      }
    }
    none.setText(
        sheet.rules().isEmpty() ? Strings.text("alerts.norules") : Strings.text("alerts.none"));
    rules.getChildren().setAll(sheet.rules().stream().map(this::rule).toList());
  }

  private Node rule(StoredRule rule) {
    CheckBox on = new CheckBox(rule.text());
    on.setMnemonicParsing(false);
    on.setSelected(rule.enabled());
    on.setOnAction(event -> model.enable(rule, on.isSelected()));
    Label what = Ui.whole(word(rule.action()), "muted", "small-text");
    Label severity = Ui.whole(word(rule.severity()), "pill", pill(rule.severity()));
    Button remove =
        Ui.iconButton(
            Strings.text("alerts.remove", rule.text()), Feather.X, () -> model.remove(rule));
    return Ui.row(8, on, Ui.spring(), what, severity, remove);
  }

  /** An alert: what, of which run, when. */
  private final class HitCell extends ListCell<AlertRow> {
    private final Label severity = Ui.whole("", "pill");
    private final Label message = Ui.label("");
    private final Label about = Ui.label("", "muted", "small-text");
    private final HBox box;

    HitCell() {
      VBox words = new VBox(2, message, about);
      words.setMinWidth(0);
      HBox.setHgrow(words, Priority.ALWAYS);
      box = Ui.row(10, words, severity);
      setPrefWidth(0);
      setOnMouseClicked(
          event -> {
            if (event.getClickCount() == 2 && getItem() != null) {
              open.accept(getItem());
            }
          });
    }

    @Override
    protected void updateItem(@Nullable AlertRow row, boolean blank) {
      super.updateItem(row, blank);
      if (row == null || blank) {
        setGraphic(null);
        setAccessibleText(null);
        return;
      }
      message.setText(row.message());
      message.getStyleClass().setAll("label", row.acknowledged() ? "muted" : "strong");
      about.setText(
          Strings.text(
              "alerts.about",
              model.runName(row.runId()),
              Numbers.whole(row.step()),
              time.format(row.time()),
              row.rule()));
      severity.setText(word(row.severity()));
      severity.getStyleClass().setAll("label", "pill", pill(row.severity()));
      setAccessibleText(severity.getText() + ", " + row.message() + ", " + about.getText());
      setGraphic(box);
    }
  }
}
