package dev.plumbline.app.labelling;

import dev.plumbline.analysis.AnnotatorReport;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.app.labelling.LabellingState.Line;
import dev.plumbline.app.labelling.LabellingState.Report;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.labelling.LabelExport;
import dev.plumbline.labelling.LabelStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** The batches of a workspace beside the results of the chosen one. */
final class BatchesPane {
  /** Height of a scroll bar with a gap, pixels. */
  private static final double BAR = 16;

  private final LabellingViewModel model;
  private final ObservableStringValue obstacle;
  private final DialogService dialogs;
  private final Notices notices;
  private final Runnable make;
  private final ListView<Line> list = new ListView<>();
  private final VBox results = new VBox(10);
  private final TextField annotator = new TextField(System.getProperty("user.name", ""));
  private final HBox root;
  private boolean showing;

  BatchesPane(
      LabellingViewModel model,
      ObservableStringValue obstacle,
      DialogService dialogs,
      Notices notices,
      Runnable make) {
    this.model = model;
    this.obstacle = obstacle;
    this.dialogs = dialogs;
    this.notices = notices;
    this.make = make;
    list.setId("label-batches");
    list.setAccessibleText(Strings.text("labels.batches"));
    list.getStyleClass().add("plain-list");
    list.setCellFactory(view -> new BatchCell());
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            line -> {
              if (line != null && !showing) {
                model.look(line.id());
              }
            });
    annotator.setId("label-annotator");
    annotator.setPromptText(Strings.text("labels.annotator.prompt"));
    annotator.setAccessibleText(Strings.text("labels.annotator"));
    annotator.setPrefColumnCount(12);
    VBox.setVgrow(list, Priority.ALWAYS);
    VBox left = Ui.card(Ui.label(Strings.text("labels.batches"), "card-title"), list, begin());
    left.setMinWidth(290);
    left.setPrefWidth(320);
    ScrollPane scroll = new ScrollPane(results);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    HBox.setHgrow(scroll, Priority.ALWAYS);
    root = new HBox(14, left, scroll);
  }

  Node node() {
    return root;
  }

  /** The buttons that bring a batch here; made anew for each place that shows them. */
  Node begin() {
    Button create = Ui.button(Strings.text("labels.new"), Feather.PLUS, make);
    create.setId("label-new");
    Button receive =
        Ui.button(
            Strings.text("labels.receive"),
            Feather.DOWNLOAD,
            () ->
                dialogs
                    .askOpenFile(
                        Strings.text("labels.receive"),
                        Path.of(System.getProperty("user.home", ".")),
                        Strings.text("labels.bundle.kind"),
                        List.of("zip"))
                    .ifPresent(file -> model.receive(file, this::said)));
    receive.setId("label-receive");
    FlowPane row = new FlowPane(8, 8, create, receive);
    row.setPrefWrapLength(260);
    return Ui.guard(row, obstacle);
  }

  private void said(String text) {
    notices.show(Notices.Kind.DONE, text);
  }

  void show(LabellingState state) {
    showing = true;
    try {
      list.getItems().setAll(state.batches());
      state
          .chosen()
          .ifPresent(
              report ->
                  state.batches().stream()
                      .filter(line -> line.id().equals(report.line().id()))
                      .findFirst()
                      .ifPresent(list.getSelectionModel()::select));
    } finally {
      showing = false;
    }
    results.getChildren().clear();
    if (state.chosen().isPresent()) {
      results.getChildren().addAll(results(state.chosen().get()));
    } else {
      results.getChildren().add(Ui.card(Ui.label(Strings.text("labels.choose"), "muted")));
    }
  }

  private List<Node> results(Report report) {
    Line line = report.line();
    Button start =
        Ui.button(
            line.labels() == 0 ? Strings.text("labels.start") : Strings.text("labels.continue"),
            Feather.PLAY,
            () -> model.begin(line.id(), annotator.getText()));
    start.setId("label-start");
    start.getStyleClass().add("accent");
    start
        .disableProperty()
        .bind(annotator.textProperty().map(String::isBlank).orElse(Boolean.TRUE));
    annotator.setOnAction(event -> start.fire());
    Label title = Ui.label(line.settings().name(), "card-title");
    title.setMinWidth(0);
    VBox head =
        Ui.card(
            Ui.row(10, title, Ui.spring(), state(line)),
            Ui.label(
                Strings.text(
                    "labels.about",
                    line.pairs(),
                    line.labels(),
                    line.settings().levels(),
                    mode(line)),
                "muted"),
            Ui.row(8, Ui.label(Strings.text("labels.annotator")), annotator, start));
    VBox made =
        Ui.card(
            Ui.label(Strings.text("labels.comparisons"), "card-title"),
            wrapped(Strings.text("labels.comparisons.count", report.comparisons()), "strong"),
            wrapped(Strings.text("labels.rule"), "muted"));
    report
        .dropped()
        .forEach(
            (reason, count) ->
                made.getChildren().add(wrapped(LabelWords.dropped(reason, count), "muted")));
    made.getChildren().add(files(line));
    VBox people = Ui.card(Ui.label(Strings.text("labels.people"), "card-title"));
    if (report.annotators().isEmpty()) {
      people.getChildren().add(wrapped(Strings.text("labels.people.none"), "muted"));
    } else {
      people.getChildren().add(people(report.annotators()));
    }
    if (!report.rawAgreement().isEmpty()) {
      people.getChildren().add(wrapped(report.rawAgreement()));
      people.getChildren().add(wrapped(report.alpha()));
    }
    if (report.conflicts() > 0) {
      people
          .getChildren()
          .add(wrapped(Strings.text("labels.conflicts", report.conflicts()), "bad"));
    }
    return List.of(head, made, people);
  }

  private Node state(Line line) {
    if (line.closed() || !line.settings().blind()) {
      return Ui.whole(Strings.text("labels.open"), "pill");
    }
    Button close =
        Ui.button(
            Strings.text("labels.close"),
            Feather.EYE,
            () -> {
              if (dialogs.confirm(
                  Strings.text("labels.close.title", line.settings().name()),
                  Strings.text("labels.close.text"),
                  Strings.text("labels.close"))) {
                model.close(line.id());
              }
            });
    close.getStyleClass().add("flat");
    return Ui.row(8, Ui.whole(Strings.text("labels.blind"), "pill"), Ui.guard(close, obstacle));
  }

  private Node files(Line line) {
    MenuButton export = new MenuButton(Strings.text("labels.export"), Ui.icon(Feather.SHARE));
    export.setId("label-export");
    for (LabelExport.Form form : LabelExport.Form.values()) {
      MenuItem item = new MenuItem(LabelWords.form(form));
      String ending = form == LabelExport.Form.CSV ? "csv" : "jsonl";
      item.setOnAction(
          event ->
              dialogs
                  .askSaveFile(item.getText(), line.id() + "." + ending, item.getText(), ending)
                  .ifPresent(file -> model.export(line.id(), form, file, this::said)));
      export.getItems().add(item);
    }
    Button bundle =
        Ui.button(
            Strings.text("labels.bundle"),
            Feather.SEND,
            () ->
                dialogs
                    .askSaveFile(
                        Strings.text("labels.bundle"),
                        line.id() + ".zip",
                        Strings.text("labels.bundle.kind"),
                        "zip")
                    .ifPresent(file -> model.bundle(line.id(), file, this::said)));
    return new FlowPane(8, 8, export, bundle);
  }

  private static Node people(List<LabelStatistics.Annotator> annotators) {
    GridPane grid = new GridPane(18, 6);
    List<String> heads =
        List.of(
            Strings.text("labels.annotator"),
            Strings.text("labels.count"),
            Strings.text("labels.left"),
            Strings.text("labels.self"),
            Strings.text("labels.controls"),
            Strings.text("labels.seconds"),
            Strings.text("labels.drift"));
    List<String> meanings =
        List.of(
            Strings.text("labels.annotator.tip"),
            Strings.text("labels.count.tip"),
            Strings.text("labels.left.tip"),
            Strings.text("labels.self.tip"),
            Strings.text("labels.controls.tip"),
            Strings.text("labels.seconds.tip"),
            Strings.text("labels.drift.tip"));
    for (int i = 0; i < heads.size(); i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setHalignment(i == 0 ? HPos.LEFT : HPos.RIGHT);
      grid.getColumnConstraints().add(column);
      Label head = Ui.whole(heads.get(i), "muted", "small-text");
      Ui.tip(head, meanings.get(i));
      grid.add(head, i, 0);
    }
    int row = 1;
    for (LabelStatistics.Annotator each : annotators) {
      AnnotatorReport report = each.report();
      String[] cells = {
        report.annotator(),
        Long.toString(report.choices()),
        percent(report.left()),
        percent(report.repeats()),
        percent(each.controls()),
        report.medianSeconds().isPresent()
            ? String.format(Locale.ROOT, "%.1f s", report.medianSeconds().getAsDouble())
            : "–",
        each.drift()
            .filter(drift -> Double.isFinite(drift.secondsRatio()))
            .map(drift -> String.format(Locale.ROOT, "%.2f×", drift.secondsRatio()))
            .orElse("–")
      };
      for (int i = 0; i < cells.length; i++) {
        grid.add(Ui.whole(cells[i]), i, row);
      }
      row++;
    }
    // A pane that scrolls sideways is as high as its content: the bar needs room of its own.
    grid.setPadding(new Insets(0, 0, BAR, 0));
    ScrollPane scroll = new ScrollPane(grid);
    scroll.setMinHeight(Region.USE_PREF_SIZE);
    scroll.getStyleClass().add("card-scroll");
    scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    return scroll;
  }

  static String percent(Optional<Proportion> share) {
    return share
        .map(
            found ->
                String.format(
                    Locale.ROOT,
                    "%.0f %% [%.0f, %.0f], n %d",
                    100 * found.value(),
                    100 * found.interval().low(),
                    100 * found.interval().high(),
                    found.n()))
        .orElse("–");
  }

  static String mode(Line line) {
    return LabelWords.mode(line.settings().mode());
  }

  private static Label wrapped(String text, String... classes) {
    Label label = Ui.label(text, classes);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  private static final class BatchCell extends ListCell<Line> {
    @Override
    protected void updateItem(Line line, boolean empty) {
      super.updateItem(line, empty);
      setText(null);
      if (empty || line == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      String counts = Strings.text("labels.line", line.labels(), line.pairs(), mode(line));
      Label name = Ui.label(line.settings().name(), "strong");
      setGraphic(new VBox(2, name, Ui.label(counts, "muted", "small-text")));
      setPrefWidth(0);
      setAccessibleText(line.settings().name() + ", " + counts);
    }
  }
}
