package dev.plumbline.app.runs;

import atlantafx.base.controls.CustomTextField;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.SortedList;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The runs page: a table that stays live, and what the chosen run is. */
public final class RunsView implements View {
  private final RunsViewModel model;
  private final Consumer<List<String>> openLive;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ObservableList<RunRow> items = FXCollections.observableArrayList();
  private final TableView<RunRow> table = new TableView<>();
  private final Label placeholder = Ui.label("", "muted");
  private final Label count = Ui.whole("", "subtle", "small-text");
  private final Label name = Ui.label("", "card-title");
  private final Label pill = Ui.whole("", "pill");
  private final Label detail = Ui.label("", "muted");
  private final Label facts = Ui.label("", "small-text", "muted");
  private final Label spec = Ui.label("", "mono", "small-text");
  private final Button open;
  private final Button resume;
  private final Button stop;
  private final Button copy;
  private final VBox side;
  private final CustomTextField filter = new CustomTextField();
  private final SplitPane split;
  private double divider = 0.76;

  /**
   * @param obstacle why nothing can be changed in the workspace, or empty
   * @param openLive shows runs on the live page
   * @param clipboard takes a text
   */
  public RunsView(
      RunsViewModel model,
      ObservableStringValue obstacle,
      Consumer<List<String>> openLive,
      Consumer<String> clipboard) {
    this.model = model;
    this.openLive = openLive;
    open = Ui.button(Strings.text("runs.open"), Feather.ACTIVITY, this::openChosen);
    open.getStyleClass().add("accent");
    open.setId("runs-open");
    resume =
        Ui.button(
            Strings.text("runs.resume"),
            Feather.PLAY,
            () -> chosen().forEach(run -> model.resume(run)));
    stop =
        Ui.button(
            Strings.text("runs.stop"),
            Feather.SQUARE,
            () -> chosen().forEach(run -> model.stop(run)));
    resume.setId("runs-resume");
    stop.setId("runs-stop");
    copy =
        Ui.button(
            Strings.text("runs.copy"),
            Feather.TERMINAL,
            () -> {
              if (!chosen().isEmpty()) {
                clipboard.accept(model.commandLine(chosen().getFirst()));
              }
            });
    for (Button button : List.of(open, resume, stop, copy)) {
      button.setMaxWidth(Double.MAX_VALUE);
    }
    filter.setId("runs-filter");
    filter.setPromptText(Strings.text("runs.filter"));
    filter.setAccessibleText(Strings.text("runs.filter"));
    filter.setLeft(padded(Ui.icon(Feather.SEARCH)));
    filter.setRight(padded(count));
    filter.textProperty().bindBidirectional(model.filter());
    Ui.tip(filter, Strings.text("runs.filter.tip"));
    makeTable();
    VBox main = Ui.card(filter, table, Ui.label(Strings.text("runs.keys"), "subtle", "small-text"));
    VBox.setVgrow(table, Priority.ALWAYS);
    side = sidePanel(obstacle);
    split = new SplitPane(main, side);
    split.setOrientation(Orientation.HORIZONTAL);
    split.setDividerPositions(divider);
    SplitPane.setResizableWithParent(side, false);
    model.rows().subscribe(this::update);
    model.spec().subscribe(spec::setText);
  }

  @Override
  public Node node() {
    return split;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  private static Node padded(Node node) {
    HBox box = Ui.row(0, node);
    box.setPadding(new javafx.geometry.Insets(0, 10, 0, 10));
    return box;
  }

  private void makeTable() {
    table.setId("runs-table");
    table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    table.setPlaceholder(placeholder);
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    SortedList<RunRow> sorted = new SortedList<>(items);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setItems(sorted);
    TableColumn<RunRow, RunRow> state = column("runs.column.state", 100, RunRow::state);
    state.setCellFactory(ignored -> new PillCell());
    TableColumn<RunRow, RunRow> stage =
        text("runs.column.stage", 90, run -> RunWords.stage(run.stage()));
    TableColumn<RunRow, RunRow> time =
        number(
            "runs.column.time",
            100,
            RunRow::activeSeconds,
            run -> Numbers.duration(run.activeSeconds()));
    TableColumn<RunRow, RunRow> tags =
        text("runs.column.tags", 110, run -> String.join(", ", run.tags()));
    table
        .getColumns()
        .setAll(
            List.of(
                text("runs.column.name", 170, RunRow::name),
                stage,
                state,
                number("runs.column.progress", 110, RunRow::step, RunWords::progress),
                metric("runs.column.score", 90, Metrics.PM_SCORE, 2),
                metric("runs.column.kl", 70, Metrics.SQRT_KL, 2),
                number(
                    "runs.column.accuracy",
                    120,
                    run -> RunWords.last(run, Metrics.EVAL_ACCURACY),
                    RunWords::accuracy),
                time,
                tags));
    // A narrow table keeps what tells runs apart and drops the rest.
    table
        .widthProperty()
        .subscribe(
            width -> {
              for (TableColumn<RunRow, RunRow> column : List.of(stage, time, tags)) {
                column.setVisible(width.doubleValue() == 0 || width.doubleValue() > 720);
              }
            });
    table.getSelectionModel().getSelectedItems().subscribe(this::showChosen);
    table.setRowFactory(
        ignored -> {
          TableRow<RunRow> row = new TableRow<>();
          row.setOnMouseClicked(
              event -> {
                if (event.getClickCount() == 2 && !row.isEmpty()) {
                  openChosen();
                }
              });
          return row;
        });
    table.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            openChosen();
          }
        });
  }

  private static <T extends Comparable<? super T>> TableColumn<RunRow, RunRow> column(
      String key, double width, Function<RunRow, T> order) {
    TableColumn<RunRow, RunRow> column = new TableColumn<>(title(key));
    column.setCellValueFactory(data -> new SimpleObjectProperty<>(data.getValue()));
    column.setComparator(Comparator.comparing(order));
    column.setPrefWidth(width);
    column.setMinWidth(Math.min(width, 100) * 0.7);
    return column;
  }

  private static String title(String key) {
    return switch (key) {
      case "runs.column.name" -> Strings.text("runs.column.name");
      case "runs.column.stage" -> Strings.text("runs.column.stage");
      case "runs.column.state" -> Strings.text("runs.column.state");
      case "runs.column.progress" -> Strings.text("runs.column.progress");
      case "runs.column.score" -> Strings.text("runs.column.score");
      case "runs.column.kl" -> Strings.text("runs.column.kl");
      case "runs.column.accuracy" -> Strings.text("runs.column.accuracy");
      case "runs.column.time" -> Strings.text("runs.column.time");
      case "runs.column.tags" -> Strings.text("runs.column.tags");
      default -> throw new IllegalArgumentException(key);
    };
  }

  private static TableColumn<RunRow, RunRow> text(
      String key, double width, Function<RunRow, String> text) {
    TableColumn<RunRow, RunRow> column = column(key, width, text);
    column.setCellFactory(ignored -> new TextCell(text, false));
    return column;
  }

  private static <T extends Comparable<? super T>> TableColumn<RunRow, RunRow> number(
      String key, double width, Function<RunRow, T> order, Function<RunRow, String> text) {
    TableColumn<RunRow, RunRow> column = column(key, width, order);
    column.setCellFactory(ignored -> new TextCell(text, true));
    column.getStyleClass().add("number");
    return column;
  }

  private static TableColumn<RunRow, RunRow> metric(
      String key, double width, String metric, int decimals) {
    TableColumn<RunRow, RunRow> column =
        number(
            key,
            width,
            run -> RunWords.last(run, metric),
            run -> Numbers.fixed(RunWords.last(run, metric), decimals));
    return column;
  }

  private VBox sidePanel(ObservableStringValue obstacle) {
    detail.setWrapText(true);
    facts.setWrapText(true);
    for (Label label : List.of(name, detail, facts)) {
      label.setMinHeight(Region.USE_PREF_SIZE);
    }
    name.setWrapText(true);
    name.setMinWidth(0);
    ScrollPane specScroll = new ScrollPane(spec);
    specScroll.getStyleClass().add("card-scroll");
    // Lines of a spec are whole: a path that ends in dots says nothing.
    spec.setMinWidth(Region.USE_PREF_SIZE);
    VBox.setVgrow(specScroll, Priority.ALWAYS);
    VBox panel =
        Ui.card(
            Ui.row(8, name, Ui.spring(), pill),
            detail,
            facts,
            Ui.label(Strings.text("runs.spec"), "card-title"),
            specScroll,
            Ui.label(Strings.text("runs.actions"), "card-title"),
            open,
            Ui.guard(resume, obstacle),
            Ui.guard(stop, obstacle),
            copy);
    panel.setMinWidth(230);
    return panel;
  }

  private List<RunRow> chosen() {
    List<RunRow> chosen = new ArrayList<>();
    for (RunRow row : table.getSelectionModel().getSelectedItems()) {
      if (row != null) {
        chosen.add(row);
      }
    }
    return chosen;
  }

  private void openChosen() {
    List<String> ids = chosen().stream().map(RunRow::id).toList();
    if (!ids.isEmpty()) {
      openLive.accept(ids);
    }
  }

  /** Changes rows in place, so that selection, sorting and scrolling stay while runs go on. */
  private void update(List<RunRow> rows) {
    List<String> ids = rows.stream().map(RunRow::id).toList();
    List<String> before = items.stream().map(RunRow::id).toList();
    if (ids.equals(before)) {
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.get(i).equals(items.get(i))) {
          boolean selected = chosen().contains(items.get(i));
          items.set(i, rows.get(i));
          if (selected) {
            table.getSelectionModel().select(rows.get(i));
          }
        }
      }
    } else {
      List<String> selected = chosen().stream().map(RunRow::id).toList();
      items.setAll(rows);
      table.getSelectionModel().clearSelection();
      for (RunRow row : rows) {
        if (selected.contains(row.id())) {
          table.getSelectionModel().select(row);
        }
      }
    }
    if (chosen().isEmpty() && !table.getItems().isEmpty()) {
      table.getSelectionModel().select(0);
    }
    count.setText(
        rows.size() == model.total()
            ? Strings.text("runs.count", rows.size())
            : Strings.text("runs.count.of", rows.size(), model.total()));
    placeholder.setText(
        model.total() == 0 ? Strings.text("runs.none.yet") : Strings.text("runs.none"));
    subject.set(Strings.text("runs.count", model.total()));
    showChosen();
  }

  private void showChosen() {
    List<RunRow> chosen = chosen();
    boolean one = !chosen.isEmpty();
    showSide(one);
    if (!one) {
      return;
    }
    RunRow run = chosen.getFirst();
    name.setText(
        chosen.size() == 1
            ? run.name()
            : Strings.text("runs.chosen", run.name(), chosen.size() - 1));
    pill.setText(RunWords.state(run.state()));
    pill.getStyleClass().setAll("label", "pill", RunWords.pill(run.state()));
    detail.setText(run.detail());
    detail.setVisible(!run.detail().isEmpty());
    detail.setManaged(!run.detail().isEmpty());
    facts.setText(
        Strings.text(
            "runs.facts",
            RunWords.stage(run.stage()),
            RunWords.progress(run),
            Numbers.duration(run.activeSeconds()),
            run.directory().getFileName()));
    resume.setDisable(!run.state().isResumable());
    stop.setDisable(!run.state().isActive());
    model.choose(run);
  }

  /** Without a run the table has the whole page. */
  private void showSide(boolean shown) {
    if (shown != split.getItems().contains(side)) {
      if (shown) {
        split.getItems().add(side);
        split.setDividerPositions(divider);
      } else {
        divider = split.getDividerPositions()[0];
        split.getItems().remove(side);
      }
    }
  }

  private static final class TextCell extends TableCell<RunRow, RunRow> {
    private final Function<RunRow, String> text;

    TextCell(Function<RunRow, String> text, boolean number) {
      this.text = text;
      if (number) {
        getStyleClass().add("number");
      }
    }

    @Override
    protected void updateItem(@Nullable RunRow run, boolean empty) {
      super.updateItem(run, empty);
      setText(empty || run == null ? "" : text.apply(run));
    }
  }

  private static final class PillCell extends TableCell<RunRow, RunRow> {
    private final Label pill = Ui.whole("", "pill");

    @Override
    protected void updateItem(@Nullable RunRow run, boolean empty) {
      super.updateItem(run, empty);
      if (empty || run == null) {
        setGraphic(null);
        return;
      }
      pill.setText(RunWords.state(run.state()));
      pill.getStyleClass().setAll("label", "pill", RunWords.pill(run.state()));
      setGraphic(pill);
    }
  }
}
