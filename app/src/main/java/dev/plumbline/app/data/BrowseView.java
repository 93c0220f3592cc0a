package dev.plumbline.app.data;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.data.DataKind;
import dev.plumbline.workspace.DataFile;
import dev.plumbline.workspace.DataLine;
import dev.plumbline.workspace.DataQuery;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The rows of a file of any length: a filter, a table, and the row that is read. */
final class BrowseView implements View {
  private final DataViewModel model;
  private final BrowseViewModel browse;
  private final Overlay overlay;
  private final ObservableStringValue obstacle;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final TextField filter = new TextField();
  private final Label count = Ui.whole("", "subtle", "small-text");
  private final Label note = Ui.label("", "bad", "small-text");
  private final TableView<Integer> table = new TableView<>();
  private final StackPane root = new StackPane();
  private final SplitPane split;
  private final RowPane row;
  private final VBox indexing;
  private final ProgressBar bar = new ProgressBar();
  private final Label progress = Ui.label("", "muted");
  private final Button stop;
  private final Button make;
  private boolean filling;
  private List<Object> columnsOf = List.of();

  BrowseView(
      DataViewModel model,
      Overlay overlay,
      DialogService dialogs,
      ObservableStringValue obstacle,
      Consumer<String> clipboard) {
    this.model = model;
    this.overlay = overlay;
    this.obstacle = obstacle;
    browse = model.browse();
    row = new RowPane(model, dialogs, clipboard);
    filter.setId("data-filter");
    filter.setPromptText(Strings.text("data.filter"));
    filter.setAccessibleText(Strings.text("data.filter"));
    filter.textProperty().bindBidirectional(browse.filter());
    filter.addEventFilter(KeyEvent.KEY_PRESSED, this::filterKey);
    HBox.setHgrow(filter, Priority.ALWAYS);
    Button help = Ui.iconButton(Strings.text("data.filter.help"), Feather.HELP_CIRCLE, this::help);
    help.setId("data-filter-help");
    note.setId("data-filter-note");
    note.managedProperty().bind(note.visibleProperty());
    note.visibleProperty().bind(note.textProperty().isNotEmpty());
    note.setWrapText(true);
    makeTable();
    VBox.setVgrow(table, Priority.ALWAYS);
    VBox main = Ui.card(Ui.row(8, Ui.icon(Feather.SEARCH), filter, count, help), note, table);
    main.setMinWidth(300);
    split = new SplitPane(main, row.node());
    split.setDividerPositions(0.58);
    stop =
        Ui.button(
            Strings.text("data.index.stop"),
            Feather.SQUARE,
            () -> browse.file().ifPresent(file -> model.library().stopIndexing(file.name())));
    stop.setId("data-index-stop");
    make =
        Ui.button(
            Strings.text("data.index.make"),
            Feather.LAYERS,
            () -> browse.file().ifPresent(model::index));
    make.setId("data-index-make");
    make.getStyleClass().add("accent");
    indexing = indexing();
    root.getChildren().setAll(split);
    browse.state().subscribe(_ -> update());
    browse.arrivals().subscribe((_, _) -> table.refresh());
    browse.wrong().subscribe(_ -> tell());
    model.library().indexing().subscribe(_ -> update());
  }

  private VBox indexing() {
    bar.setMaxWidth(360);
    Label why = Ui.label(Strings.text("data.index.why"), "muted");
    why.setWrapText(true);
    why.setMaxWidth(460);
    why.setTextAlignment(javafx.scene.text.TextAlignment.CENTER);
    Region guarded = Ui.guard(make, obstacle);
    guarded.setMaxWidth(Region.USE_PREF_SIZE);
    guarded.visibleProperty().bind(stop.visibleProperty().not());
    guarded.managedProperty().bind(guarded.visibleProperty());
    stop.managedProperty().bind(stop.visibleProperty());
    bar.visibleProperty().bind(stop.visibleProperty());
    bar.managedProperty().bind(bar.visibleProperty());
    VBox box =
        Ui.card(
            Ui.label(Strings.text("data.index.title"), "card-title"),
            why,
            bar,
            progress,
            stop,
            guarded);
    box.setAlignment(Pos.CENTER);
    return box;
  }

  private void filterKey(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
      filter.clear();
      event.consume();
    } else if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.ENTER) {
      table.requestFocus();
      if (table.getSelectionModel().isEmpty() && !table.getItems().isEmpty()) {
        table.getSelectionModel().select(0);
      }
      event.consume();
    }
  }

  private void makeTable() {
    table.setId("data-table");
    table.setAccessibleText(Strings.text("data.part.rows"));
    table.setPlaceholder(Ui.label(Strings.text("data.rows.none"), "muted"));
    table.setItems(new Places(0));
    table.setSortPolicy(
        _ -> {
          if (!filling) {
            List<TableColumn<Integer, ?>> sorted = table.getSortOrder();
            if (sorted.isEmpty()) {
              browse.order(DataQuery.Order.LINE, false);
            } else {
              TableColumn<Integer, ?> first = sorted.getFirst();
              browse.order(
                  (DataQuery.Order) first.getUserData(),
                  first.getSortType() == TableColumn.SortType.DESCENDING);
            }
          }
          return true;
        });
    table
        .getSelectionModel()
        .selectedIndexProperty()
        .subscribe(
            place -> {
              if (place.intValue() >= 0) {
                browse.open(place.intValue());
              }
            });
  }

  private void columns(BrowseViewModel.State state) {
    List<Object> wanted = List.of(state.kind(), state.margins(), state.scores());
    if (wanted.equals(columnsOf)) {
      return;
    }
    columnsOf = wanted;
    boolean pairs = state.kind() == DataKind.COMPARISONS;
    filling = true;
    table.getColumns().clear();
    number("data.column.line", DataQuery.Order.LINE, 62, line -> Numbers.whole(line.line()));
    TableColumn<Integer, Integer> text =
        column(Strings.text("data.column.text"), "", DataQuery.Order.LINE, 250, DataLine::preview);
    text.setSortable(false);
    table.getColumns().add(text);
    number("data.column.turns", DataQuery.Order.TURNS, 54, line -> Numbers.whole(line.turns()));
    number(
        "data.column.prompt",
        DataQuery.Order.PROMPT_WORDS,
        64,
        line -> Numbers.whole(line.promptWords()));
    if (state.kind() != DataKind.PROMPTS) {
      number(
          pairs ? "data.column.chosen" : "data.column.response",
          DataQuery.Order.CHOSEN_WORDS,
          70,
          line -> Numbers.whole(line.chosenWords()));
    }
    if (pairs) {
      number(
          "data.column.rejected",
          DataQuery.Order.REJECTED_WORDS,
          74,
          line -> Numbers.whole(line.rejectedWords()));
    }
    words("data.column.tranche", DataQuery.Order.TRANCHE, DataLine::tranche);
    words("data.column.source", DataQuery.Order.SOURCE, DataLine::source);
    if (state.margins()) {
      number(
          "data.column.margin",
          DataQuery.Order.MARGIN,
          70,
          line -> Numbers.significant(line.margin()));
    }
    if (state.scores()) {
      number(
          pairs ? "data.column.score.chosen" : "data.column.score",
          DataQuery.Order.SCORE_CHOSEN,
          84,
          line -> Numbers.significant(line.scoreChosen()));
      if (pairs) {
        number(
            "data.column.score.rejected",
            DataQuery.Order.SCORE_REJECTED,
            92,
            line -> Numbers.significant(line.scoreRejected()));
      }
    }
    filling = false;
  }

  private static String title(String key) {
    return switch (key) {
      case "data.column.line" -> Strings.text("data.column.line");
      case "data.column.turns" -> Strings.text("data.column.turns");
      case "data.column.prompt" -> Strings.text("data.column.prompt");
      case "data.column.chosen" -> Strings.text("data.column.chosen");
      case "data.column.response" -> Strings.text("data.column.response");
      case "data.column.rejected" -> Strings.text("data.column.rejected");
      case "data.column.tranche" -> Strings.text("data.column.tranche");
      case "data.column.source" -> Strings.text("data.column.source");
      case "data.column.margin" -> Strings.text("data.column.margin");
      case "data.column.score.chosen" -> Strings.text("data.column.score.chosen");
      case "data.column.score" -> Strings.text("data.column.score");
      default -> Strings.text("data.column.score.rejected");
    };
  }

  private static String tip(String key) {
    return switch (key) {
      case "data.column.line" -> Strings.text("data.column.line.tip");
      case "data.column.turns" -> Strings.text("data.column.turns.tip");
      case "data.column.tranche", "data.column.source" -> Strings.text("data.column.words.tip");
      case "data.column.margin" -> Strings.text("data.column.margin.tip");
      case "data.column.score.chosen", "data.column.score", "data.column.score.rejected" ->
          Strings.text("data.column.score.tip");
      default -> Strings.text("data.column.length.tip");
    };
  }

  private void number(
      String key, DataQuery.Order order, double width, Function<DataLine, String> value) {
    TableColumn<Integer, Integer> column = column(title(key), tip(key), order, width, value);
    column.getStyleClass().add("number");
    table.getColumns().add(column);
  }

  private void words(String key, DataQuery.Order order, Function<DataLine, String> value) {
    table.getColumns().add(column(title(key), tip(key), order, 92, value));
  }

  private TableColumn<Integer, Integer> column(
      String title,
      String tip,
      DataQuery.Order order,
      double width,
      Function<DataLine, String> value) {
    TableColumn<Integer, Integer> column = new TableColumn<>();
    Label head = Ui.label(title);
    if (!tip.isEmpty()) {
      Ui.tip(head, tip);
    }
    column.setGraphic(head);
    column.setId("data-column-" + order.name().toLowerCase(java.util.Locale.ROOT));
    column.setUserData(order);
    column.setPrefWidth(width);
    column.setReorderable(false);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
    column.setCellFactory(
        _ ->
            new TableCell<>() {
              @Override
              protected void updateItem(@Nullable Integer place, boolean empty) {
                super.updateItem(place, empty);
                if (empty || place == null) {
                  setText("");
                } else {
                  setText(browse.line(place).map(value).orElse("…"));
                }
              }
            });
    return column;
  }

  private void update() {
    BrowseViewModel.State state = browse.state().get();
    DataLibrary.Indexing now =
        browse.file().map(DataFile::name).map(model.library().indexing().get()::get).orElse(null);
    boolean unindexed = state.phase() == BrowseViewModel.Phase.UNINDEXED;
    Node next = unindexed ? indexing : split;
    if (!root.getChildren().contains(next)) {
      root.getChildren().setAll(next);
    }
    if (unindexed) {
      stop.setVisible(now != null);
      bar.setProgress(now == null ? 0 : now.fraction());
      progress.setText(
          now == null
              ? ""
              : Strings.text(
                  "data.index.progress",
                  Math.round(100 * now.fraction()),
                  Numbers.whole(now.rows())));
      return;
    }
    if (state.phase() != BrowseViewModel.Phase.READY) {
      return;
    }
    columns(state);
    table.setItems(new Places(state.found()));
    table.refresh(); // the same places may now be other rows
    count.setText(
        state.found() == state.all()
            ? Strings.text("data.count.all", Numbers.whole(state.all()))
            : state.complete()
                ? Strings.text(
                    "data.count.some", Numbers.whole(state.found()), Numbers.whole(state.all()))
                : Strings.text("data.count.more", Numbers.whole(state.all())));
  }

  private void tell() {
    String wrong = browse.wrong().get();
    note.setText(wrong.isEmpty() ? "" : Strings.text("data.filter.wrong", wrong));
  }

  private void help() {
    GridPane grid = new GridPane(18, 6);
    String[][] rows = {
      {"recipe \"thank you\"", Strings.text("data.help.words")},
      {"cook*", Strings.text("data.help.prefix")},
      {"chosen:sorry  -rejected:sorry", Strings.text("data.help.where")},
      {"cake OR pie", Strings.text("data.help.or")},
      {"turns>=3  words:20..40", Strings.text("data.help.numbers")},
      {"longer>0", Strings.text("data.help.longer")},
      {"margin<0.5  score_chosen>2", Strings.text("data.help.scores")},
      {"tranche:online  -source:web", Strings.text("data.help.names")},
      {"is:duplicate  is:contradicted", Strings.text("data.help.is")},
      {"is:near  is:empty  is:same", Strings.text("data.help.near")},
      {"opening_in:NAME  prompt_in:NAME", Strings.text("data.help.in")}
    };
    for (int i = 0; i < rows.length; i++) {
      String example = rows[i][0];
      Hyperlink link = new Hyperlink(example);
      link.getStyleClass().add("filter-example");
      link.setMinWidth(Region.USE_PREF_SIZE);
      link.setOnAction(
          _ -> {
            overlay.close();
            browse.filter().set(example);
            filter.requestFocus();
          });
      Label meaning = Ui.label(rows[i][1], "muted");
      meaning.setWrapText(true);
      grid.addRow(i, link, meaning);
    }
    overlay.open(
        "data-help", Strings.text("data.filter.help"), grid, 640, grid.getChildren().getFirst());
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
    row.setShown(true);
  }

  @Override
  public void hidden() {
    row.setShown(false);
  }
}
