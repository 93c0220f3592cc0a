package dev.plumbline.app.data;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.data.DataField;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.DataRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** Importing a file: which, what its columns are, and what they give before it is read whole. */
final class ImportView implements View {
  private final ImportViewModel importing;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final TextField path = new TextField();
  private final TextField name = new TextField();
  private final Label found = Ui.label("", "strong");
  private final Label where = Ui.label("", "muted", "small-text");
  private final Label problem = Ui.label("", "bad");
  private final ComboBox<DataKind> kind = new ComboBox<>();
  private final GridPane mapping = new GridPane(10, 6);
  private final TableView<Map<String, String>> raw = new TableView<>();
  private final TableView<DataRow> mapped = new TableView<>();
  private final Label trial = Ui.label("", "muted", "small-text");
  private final Button run;
  private final VBox details = new VBox(12);
  private final VBox root;
  private List<String> rawColumns = List.of();
  private List<DataField> fields = List.of();
  private List<String> choices = List.of();
  private boolean filling;

  ImportView(DataViewModel model, DialogService dialogs) {
    importing = model.importing();
    path.setId("data-import-path");
    path.setPromptText(Strings.text("data.import.path"));
    path.setAccessibleText(Strings.text("data.import.path"));
    path.setOnAction(_ -> importing.look(path.getText()));
    HBox.setHgrow(path, Priority.ALWAYS);
    Button browse =
        Ui.button(
            Strings.text("data.import.browse"),
            Feather.FOLDER,
            () ->
                dialogs
                    .askOpenFile(
                        Strings.text("data.import.title"),
                        model.library().workspace(),
                        Strings.text("data.import.kinds"),
                        List.of(
                            "jsonl",
                            "jsonl.gz",
                            "json",
                            "json.gz",
                            "csv",
                            "csv.gz",
                            "tsv",
                            "parquet"))
                    .ifPresent(this::take));
    browse.setId("data-import-browse");
    browse.setMinWidth(Region.USE_PREF_SIZE);
    Button close =
        Ui.iconButton(
            Strings.text("data.import.cancel"),
            Feather.X,
            () -> {
              importing.clear();
              path.clear();
              model.show(DataViewModel.Part.ROWS);
            });
    close.setId("data-import-close");
    run = Ui.button(Strings.text("data.import.run"), Feather.DOWNLOAD, importing::run);
    run.setId("data-import-run");
    run.getStyleClass().add("accent");
    run.setMinWidth(Region.USE_PREF_SIZE);
    name.setId("data-import-name");
    name.setAccessibleText(Strings.text("data.import.name"));
    name.textProperty().bindBidirectional(importing.name());
    name.setPrefColumnCount(16);
    kind.setId("data-import-kind");
    kind.setAccessibleText(Strings.text("data.import.kind"));
    kind.getItems().setAll(DataKind.values());
    kind.setConverter(
        Words.of(
            () -> List.of(DataKind.values()), each -> each == null ? "" : DataWords.kind(each)));
    kind.valueProperty()
        .subscribe(
            value -> {
              if (!filling && value != null) {
                importing.setKind(value);
              }
            });
    problem.setId("data-import-problem");
    problem.setWrapText(true);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    problem.managedProperty().bind(problem.visibleProperty());
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    where.setWrapText(true);
    where.setMinHeight(Region.USE_PREF_SIZE);
    found.setId("data-import-found");
    raw.setId("data-import-raw");
    raw.setAccessibleText(Strings.text("data.import.raw"));
    raw.setPrefHeight(190);
    raw.setMinHeight(120);
    mapped.setId("data-import-mapped");
    mapped.setAccessibleText(Strings.text("data.import.mapped"));
    mapped.setPrefHeight(220);
    mapped.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    mapped.setMinHeight(120);
    mapped.setPlaceholder(Ui.label(Strings.text("data.import.nothing"), "muted"));
    trial.setId("data-import-trial");
    trial.setWrapText(true);
    trial.setMinHeight(Region.USE_PREF_SIZE);
    details();
    ScrollPane scroll = new ScrollPane(details);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    root =
        Ui.card(
            Ui.row(
                10, Ui.label(Strings.text("data.import.title"), "card-title"), Ui.spring(), close),
            Ui.row(8, path, browse),
            problem,
            scroll,
            Ui.row(8, Ui.whole(Strings.text("data.import.name"), "muted"), name, Ui.spring(), run));
    root.setId("data-import-card");
    importing.state().subscribe(_ -> update());
  }

  private void take(Path file) {
    path.setText(file.toString());
    importing.look(file.toString());
  }

  private void details() {
    VBox columns =
        new VBox(8, Ui.row(8, Ui.whole(Strings.text("data.import.kind"), "muted"), kind), mapping);
    VBox result =
        new VBox(6, Ui.label(Strings.text("data.import.mapped"), "strong"), mapped, trial);
    HBox.setHgrow(result, Priority.ALWAYS);
    result.setMinWidth(0);
    columns.setMinWidth(Region.USE_PREF_SIZE);
    details
        .getChildren()
        .setAll(
            new VBox(2, found, where),
            Ui.label(Strings.text("data.import.raw"), "strong"),
            raw,
            Ui.label(Strings.text("data.import.columns"), "strong"),
            new HBox(18, columns, result));
    details.getStyleClass().add("scrolled");
  }

  private void update() {
    ImportViewModel.State state = importing.state().get();
    problem.setText(state.problem());
    run.setDisable(!state.canImport());
    details.setVisible(state.preview().isPresent());
    if (state.preview().isEmpty()) {
      return;
    }
    DataPreview preview = state.preview().get();
    if (path.getText().isBlank()) {
      path.setText(preview.file().toString());
    }
    found.setText(Strings.text("data.import.found", DataWords.form(preview.form())));
    where.setText(
        state.isReady()
            ? Strings.text("data.import.ready")
            : Strings.text("data.import.converted"));
    raw(preview);
    filling = true;
    state.mapping().ifPresent(each -> mapping(each));
    filling = false;
    mapped(state);
  }

  private void raw(DataPreview preview) {
    if (!preview.columns().equals(rawColumns)) {
      rawColumns = preview.columns();
      raw.getColumns().clear();
      for (String each : rawColumns) {
        TableColumn<Map<String, String>, String> column = new TableColumn<>(each);
        column.setSortable(false);
        column.setReorderable(false);
        column.setPrefWidth(
            preview.samples().stream()
                        .mapToInt(sample -> sample.getOrDefault(each, "").length())
                        .max()
                        .orElse(0)
                    > 24
                ? 230
                : 110);
        column.setCellValueFactory(
            cell -> new SimpleStringProperty(line(cell.getValue().getOrDefault(each, ""))));
        raw.getColumns().add(column);
      }
    }
    raw.getItems().setAll(preview.samples());
  }

  /** A text on one line, turns to be told apart. */
  private static String line(String text) {
    String line = text.strip().replaceAll("\\n\\n(Human|Assistant):", "  ¶ $1:");
    line = line.replaceAll("\\s*\\n\\s*", " ⏎ ");
    return line.length() > 300 ? line.substring(0, 299) + "…" : line;
  }

  private void mapping(DataMapping now) {
    kind.setValue(now.kind());
    List<DataField> wanted = DataMapping.fields(now.kind());
    List<String> columns = importing.choices();
    if (!wanted.equals(fields) || !columns.equals(choices)) {
      fields = wanted;
      choices = columns;
      mapping.getChildren().clear();
      int at = 0;
      for (DataField field : fields) {
        String title = DataWords.field(field, now.kind());
        ComboBox<String> box = new ComboBox<>();
        box.getItems().setAll(columns);
        box.setConverter(
            Words.of(
                () -> columns,
                each ->
                    each == null || each.isEmpty() ? Strings.text("data.import.nocolumn") : each));
        box.setId("data-import-" + field.name().toLowerCase(Locale.ROOT));
        box.setAccessibleText(title);
        box.setPrefWidth(170);
        box.valueProperty()
            .subscribe(
                value -> {
                  if (!filling && value != null) {
                    importing.setColumn(field, value);
                  }
                });
        mapping.addRow(at++, Ui.whole(title, "muted"), box);
      }
    }
    int place = 0;
    for (Node node : mapping.getChildren()) {
      if (node instanceof ComboBox<?>) {
        @SuppressWarnings("unchecked")
        ComboBox<String> box = (ComboBox<String>) node;
        box.setValue(now.column(fields.get(place++)).orElse(""));
      }
    }
  }

  private void mapped(ImportViewModel.State state) {
    boolean pairs = state.mapping().filter(each -> each.kind() == DataKind.COMPARISONS).isPresent();
    int wanted = pairs ? 4 : 3;
    if (mapped.getColumns().size() != wanted) {
      mapped.getColumns().clear();
      text(Strings.text("data.column.line"), 56, row -> Numbers.whole(row.line()));
      text(Strings.text("data.field.prompt"), 180, row -> line(row.prompt()));
      text(
          pairs ? Strings.text("data.field.chosen") : Strings.text("data.field.response"),
          170,
          row -> line(row.first()));
      if (pairs) {
        text(Strings.text("data.field.rejected"), 170, row -> line(row.second()));
      }
    }
    mapped.getItems().setAll(state.trial().map(each -> each.rows()).orElse(List.of()));
    trial.setText(
        state
            .trial()
            .map(
                each -> {
                  DataReport report = each.report();
                  String text =
                      Strings.text(
                          "data.import.trial",
                          Numbers.whole(report.lines()),
                          Numbers.whole(report.used()));
                  return report.skipped().isEmpty()
                      ? text
                      : text
                          + " "
                          + Strings.text(
                              "data.import.trial.skipped",
                              Numbers.whole(report.left()),
                              report.skipped().getFirst().reason());
                })
            .orElse(""));
  }

  private void text(
      String title, double width, java.util.function.Function<DataRow, String> value) {
    TableColumn<DataRow, String> column = new TableColumn<>(title);
    column.setSortable(false);
    column.setReorderable(false);
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new SimpleStringProperty(value.apply(cell.getValue())));
    mapped.getColumns().add(column);
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
    path.requestFocus();
  }

  @Override
  public void hidden() {
    if (importing.state().get().preview().isEmpty()) {
      path.clear();
    }
  }
}
