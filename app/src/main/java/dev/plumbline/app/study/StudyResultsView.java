package dev.plumbline.app.study;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.feed.StudyFigures;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.PlotMapping;
import dev.plumbline.figure.ResultTableText;
import dev.plumbline.workspace.StudyRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The studies page: studies at the left; claims, figures and tables of the chosen one. */
public final class StudyResultsView implements View {
  private static final double LIST_WIDTH = 280;
  private static final double RECIPES_WIDTH = 190;
  private static final double TABLE_NAMES_WIDTH = 250;

  private final StudyResultsViewModel model;
  private final DialogService dialogs;
  private final Notices notices;
  private final Consumer<String> clipboard;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final ListView<StudyRow> studies = new ListView<>();
  private final Label title = Ui.label("", "card-title");
  private final Label about = Ui.label("", "muted", "small-text");
  private final VBox claims = new VBox(10);
  private final ListView<StudyFigures.Drawn> recipes = new ListView<>();
  private final FigureView figure = new FigureView();
  private final Label figureTitle = Ui.label("", "strong");
  private final Label caption = Ui.label("", "muted", "small-text");
  private final ChoiceBox<String> tableChoice = new ChoiceBox<>();
  private final Label tableSize = Ui.label("", "subtle", "small-text");
  private final TableView<Integer> table = new TableView<>();
  private final TabPane tabs = new TabPane();
  private final Tab tablesTab;
  private final VBox waiting;
  private final Label waitingText = Ui.label("", "muted");
  private final HBox page;
  private final Button queueButton;
  private final Node empty;
  private @Nullable ResultTable tabled;
  private int wantedRow = -1;
  private boolean updating;

  /**
   * @param ready the ready studies
   * @param obstacle why nothing can be started, or empty
   * @param enqueue puts a study into the queue, by its id
   */
  public StudyResultsView(
      StudyResultsViewModel model,
      List<StudyPlan.About> ready,
      ObservableStringValue obstacle,
      Theme theme,
      DialogService dialogs,
      Notices notices,
      Consumer<String> clipboard,
      Runnable newStudy,
      Consumer<String> enqueue) {
    this.model = model;
    this.dialogs = dialogs;
    this.notices = notices;
    this.clipboard = clipboard;

    studies.setId("studies");
    studies.setAccessibleText(Strings.text("page.studies"));
    studies.getStyleClass().add("plain-list");
    studies.setCellFactory(ignored -> new StudyCell());
    studies
        .getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            row -> {
              if (row != null && !updating) {
                model.choose(row.id());
              }
            });
    VBox.setVgrow(studies, Priority.ALWAYS);
    Button fresh = Ui.iconButton(Strings.text("studies.new"), Feather.PLUS, newStudy);
    fresh.setId("studies-new");
    VBox left =
        Ui.card(
            Ui.row(
                8,
                Ui.whole(Strings.text("page.studies"), "card-title"),
                Ui.spring(),
                fresh,
                Ui.guard(readyMenu(ready, "studies-run"), obstacle)),
            studies);
    left.setPrefWidth(LIST_WIDTH);
    left.setMinWidth(LIST_WIDTH);

    title.setWrapText(true);
    title.setMinHeight(Region.USE_PREF_SIZE);
    tablesTab = tab(Strings.text("studies.tables"), tablesPart());
    tabs.getTabs()
        .addAll(
            tab(Strings.text("studies.claims"), claimsPart()),
            tab(Strings.text("studies.figures"), figuresPart()),
            tablesTab);
    tabs.setId("studies-tabs");
    VBox.setVgrow(tabs, Priority.ALWAYS);
    waitingText.setWrapText(true);
    waitingText.setMaxWidth(520);
    waiting = new VBox(10, Ui.icon(Feather.CLOCK), waitingText);
    waiting.getStyleClass().add("empty");
    StackPane results = new StackPane(tabs, waiting);
    VBox.setVgrow(results, Priority.ALWAYS);
    queueButton =
        Ui.button(
            Strings.text("studies.enqueue"),
            Feather.LIST,
            () -> model.state().get().chosen().ifPresent(row -> enqueue.accept(row.id())));
    queueButton.setId("studies-enqueue");
    queueButton.getStyleClass().add("small");
    queueButton.setMinWidth(Region.USE_PREF_SIZE);
    HBox.setHgrow(title, Priority.ALWAYS);
    title.setMaxWidth(Double.MAX_VALUE);
    VBox right = Ui.card(new HBox(8, title, Ui.guard(queueButton, obstacle)), about, results);
    HBox.setHgrow(right, Priority.ALWAYS);
    right.setMinWidth(420);
    page = new HBox(12, left, right);

    empty =
        Ui.empty(
            Feather.GRID,
            Strings.text("studies.empty"),
            Strings.text("studies.empty.text"),
            Ui.guard(readyMenu(ready, "studies-run-first"), obstacle));
    root.getChildren().setAll(page, empty);
    themed(theme);
    model.state().subscribe(this::update);
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
    figure.themed(theme);
  }

  // ------------------------------------------------------------------------------------- parts

  private MenuButton readyMenu(List<StudyPlan.About> ready, String id) {
    return ReadyStudiesMenu.of(Strings.text("studies.run"), Feather.PLAY, ready, id, model::start);
  }

  private static Tab tab(String name, Node content) {
    Tab tab = new Tab(name, content);
    tab.setClosable(false);
    return tab;
  }

  private Node claimsPart() {
    claims.getStyleClass().add("claims");
    ScrollPane scroll = new ScrollPane(claims);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    return scroll;
  }

  private Node figuresPart() {
    recipes.setId("studies-recipes");
    recipes.setAccessibleText(Strings.text("studies.figures"));
    recipes.getStyleClass().add("plain-list");
    recipes.setCellFactory(ignored -> new RecipeCell());
    recipes.setPrefWidth(RECIPES_WIDTH);
    recipes.setMinWidth(RECIPES_WIDTH);
    recipes.getSelectionModel().selectedItemProperty().subscribe(this::showFigure);
    figureTitle.setWrapText(true);
    caption.setWrapText(true);
    caption.setMinHeight(Region.USE_PREF_SIZE);
    figure.setId("studies-figure");
    figure.setMinHeight(180);
    figure.onPick(this::openRow);
    VBox.setVgrow(figure, Priority.ALWAYS);
    MenuButton export = new MenuButton(Strings.text("studies.export"), Ui.icon(Feather.DOWNLOAD));
    export.setId("studies-export");
    export.setMinWidth(Region.USE_PREF_SIZE);
    for (FigureExport.Format format : FigureExport.Format.values()) {
      MenuItem item = new MenuItem(format.title());
      item.setOnAction(event -> export(format));
      export.getItems().add(item);
    }
    HBox head = Ui.row(10, figureTitle, Ui.spring(), export);
    VBox shown = new VBox(6, head, figure, caption);
    HBox.setHgrow(shown, Priority.ALWAYS);
    HBox both = new HBox(12, recipes, shown);
    both.getStyleClass().add("tab-part");
    return both;
  }

  private Node tablesPart() {
    tableChoice.setId("studies-table");
    tableChoice.setPrefWidth(TABLE_NAMES_WIDTH);
    tableChoice.setAccessibleText(Strings.text("studies.tables"));
    tableChoice
        .valueProperty()
        .subscribe(
            name -> {
              if (name != null && !updating) {
                model.chooseTable(name);
              }
            });
    MenuButton copy = new MenuButton(Strings.text("studies.copy"), Ui.icon(Feather.COPY));
    copy.setId("studies-copy");
    copy(copy, "Markdown", ResultTableText::markdown);
    copy(copy, "LaTeX (booktabs)", ResultTableText::booktabs);
    copy(copy, "CSV", ResultTableText::csv);
    table.setId("studies-rows");
    table.setPlaceholder(Ui.label(Strings.text("studies.norows"), "muted"));
    VBox.setVgrow(table, Priority.ALWAYS);
    VBox part = new VBox(8, Ui.row(10, tableChoice, tableSize, Ui.spring(), copy), table);
    part.getStyleClass().add("tab-part");
    return part;
  }

  private void copy(MenuButton menu, String name, Function<ResultTable, String> form) {
    MenuItem item = new MenuItem(name);
    item.setMnemonicParsing(false);
    item.setOnAction(
        event -> {
          if (tabled != null) {
            clipboard.accept(form.apply(tabled));
          }
        });
    menu.getItems().add(item);
  }

  // ------------------------------------------------------------------------------------ update

  private void update(StudyResultsState state) {
    boolean any = !state.studies().isEmpty();
    page.setVisible(any);
    empty.setVisible(!any);
    updating = true;
    try {
      if (!studies.getItems().equals(state.studies())) {
        studies.getItems().setAll(state.studies());
      }
      state.chosen().ifPresent(row -> studies.getSelectionModel().select(row));
      if (!tableChoice.getItems().equals(state.tables())) {
        tableChoice.getItems().setAll(state.tables());
      }
      tableChoice.setValue(state.table().map(ResultTable::name).orElse(null));
    } finally {
      updating = false;
    }
    state.chosen().ifPresent(this::head);
    boolean analysed = state.chosen().map(StudyRow::analysed).orElse(false);
    tabs.setVisible(analysed);
    waiting.setVisible(!analysed);
    claims.getChildren().setAll(state.cards().stream().map(StudyResultsView::claim).toList());
    if (!recipes.getItems().equals(state.figures())) {
      recipes.getItems().setAll(state.figures());
      recipes.getSelectionModel().selectFirst();
    }
    state.table().ifPresent(this::showTable);
  }

  private void head(StudyRow row) {
    subject.set(row.name());
    boolean resumable = row.state().isResumable();
    queueButton.setVisible(resumable);
    queueButton.setManaged(resumable);
    title.setText(row.title().isEmpty() ? row.name() : row.title());
    List<String> parts = new ArrayList<>();
    if (!row.figures().isEmpty()) {
      parts.add(Strings.text("studies.beside", StudyPlan.About.place(row.figures())));
    }
    parts.add(Strings.text("studies.done", row.done(), row.total()));
    parts.add(RunWords.state(row.state()));
    parts.add(row.id());
    about.setText(String.join("  ·  ", parts));
    waitingText.setText(
        row.analysis().isEmpty()
            ? Strings.text("studies.noanalysis")
            : row.state().isActive()
                ? Strings.text("studies.waiting", row.done(), row.total())
                : Strings.text("studies.ended", RunWords.state(row.state()), row.detail()));
  }

  private static Node claim(PaperCard card) {
    Label pill =
        switch (card.verdict()) {
          case SAME ->
              pill(Strings.text("verdict.same"), Strings.text("verdict.same.tip"), "verdict-same");
          case CHANGED ->
              pill(
                  Strings.text("verdict.changed"),
                  Strings.text("verdict.changed.tip"),
                  "verdict-changed");
          case ABSENT ->
              pill(
                  Strings.text("verdict.absent"),
                  Strings.text("verdict.absent.tip"),
                  "verdict-absent");
          case UNDECIDED ->
              pill(
                  Strings.text("verdict.undecided"),
                  Strings.text("verdict.undecided.tip"),
                  "verdict-undecided");
        };
    Label where = Ui.label(card.figure(), "subtle", "small-text");
    Label claim = wrapped(card.claim(), "strong");
    Label measured = wrapped(Strings.text("studies.here", card.measured()), "muted");
    VBox box = Ui.card(Ui.row(8, pill, where), claim, measured);
    box.getStyleClass().add("claim");
    box.setFocusTraversable(true);
    box.setAccessibleText(
        String.join(". ", pill.getText(), card.figure(), card.claim(), measured.getText()));
    return box;
  }

  private static Label pill(String text, String tip, String style) {
    Label pill = Ui.whole(text, "pill", style);
    Ui.tip(pill, tip);
    return pill;
  }

  private static Label wrapped(String text, String... classes) {
    Label label = Ui.label(text, classes);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  private void showFigure(StudyFigures.@Nullable Drawn drawn) {
    if (drawn == null) {
      return;
    }
    figure.show(drawn.figure());
    figureTitle.setText(
        Strings.text("studies.figure", drawn.recipe().place(), drawn.recipe().title()));
    caption.setText(FigureView.plain(drawn.figure().caption()));
  }

  /** From a point to the row behind it. */
  private void openRow(PlotMapping.Hit hit) {
    String id = hit.series();
    if (!id.startsWith("table:") || Double.isNaN(hit.step())) {
      return;
    }
    String name = id.substring("table:".length(), id.indexOf('/'));
    wantedRow = (int) hit.step();
    tabs.getSelectionModel().select(tablesTab);
    if (tabled != null && tabled.name().equals(name)) {
      selectWanted();
    } else {
      model.chooseTable(name);
    }
  }

  private void selectWanted() {
    if (wantedRow >= 0 && wantedRow < table.getItems().size()) {
      table.getSelectionModel().clearAndSelect(wantedRow);
      table.scrollTo(Math.max(0, wantedRow - 3));
      wantedRow = -1;
    }
  }

  private void showTable(ResultTable next) {
    if (tabled == null || !next.equals(tabled)) {
      tabled = next;
      List<TableColumn<Integer, String>> columns = new ArrayList<>();
      for (int i = 0; i < next.columns().size(); i++) {
        columns.add(column(next, i));
      }
      table.getColumns().setAll(columns);
      List<Integer> rows = new ArrayList<>();
      for (int row = 0; row < next.size(); row++) {
        rows.add(row);
      }
      table.getItems().setAll(rows);
      tableSize.setText(Strings.text("studies.rows", next.size()));
    }
    selectWanted();
  }

  private static TableColumn<Integer, String> column(ResultTable table, int at) {
    ResultTable.Column about = table.columns().get(at);
    TableColumn<Integer, String> column = new TableColumn<>();
    Label head = Ui.label(about.name() + (about.unit().isEmpty() ? "" : " (" + about.unit() + ")"));
    Tooltip.install(head, new Tooltip(about.definition()));
    head.setMinWidth(Region.USE_PREF_SIZE);
    column.setGraphic(head);
    column.setSortable(false); // a row's number is its place in the table
    boolean number = about.kind() == ResultTable.Kind.NUMBER;
    if (number) {
      column.getStyleClass().add("number");
    }
    column.setPrefWidth(Math.max(number ? 96 : 130, 24 + 7.2 * head.getText().length()));
    int decimals = number ? decimals(table.numbers(about.name())) : 0;
    column.setCellValueFactory(
        row ->
            new ReadOnlyObjectWrapper<>(shown(table.rows().get(row.getValue()).get(at), decimals)));
    return column;
  }

  /** As many for all cells of a column, so that they can be compared; the copies have them all. */
  private static int decimals(double[] column) {
    double largest = 0;
    boolean whole = true;
    for (double value : column) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
        whole &= value == Math.rint(value);
      }
    }
    return whole || largest == 0 ? 0 : Math.clamp(3 - (long) Math.floor(Math.log10(largest)), 2, 9);
  }

  private static String shown(Object cell, int decimals) {
    return cell instanceof Double number
        ? Double.isNaN(number) ? Numbers.NONE : Numbers.fixed(number, decimals)
        : String.valueOf(cell);
  }

  private void export(FigureExport.Format format) {
    StudyFigures.Drawn drawn = recipes.getSelectionModel().getSelectedItem();
    if (drawn == null) {
      return;
    }
    dialogs
        .askSaveFile(
            Strings.text("figures.save"),
            drawn.recipe().id() + "." + format.extension(),
            format.title(),
            format.extension())
        .ifPresent(
            file ->
                model.export(
                    drawn.figure(),
                    FigureSize.Venue.ICML_COLUMN,
                    file,
                    done -> notices.show(Notices.Kind.DONE, Strings.text("figures.saved", done))));
  }

  /** A study in the list: name and state, title, how far it is. */
  private static final class StudyCell extends ListCell<StudyRow> {
    private final Label name = Ui.label("", "strong");
    private final Label state = Ui.whole("", "pill");
    private final Label title = Ui.label("", "muted", "small-text");
    private final ProgressBar bar = new ProgressBar();
    private final Label far = Ui.label("", "subtle", "small-text");
    private final VBox box = new VBox(4, Ui.row(8, name, Ui.spring(), state), title, bar, far);

    StudyCell() {
      title.setWrapText(true);
      title.setPrefWidth(LIST_WIDTH - 64); // a wrapped text in a cell has no other width
      title.setMinHeight(Region.USE_PREF_SIZE);
      bar.setMaxWidth(Double.MAX_VALUE);
      bar.getStyleClass().add("thin");
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable StudyRow row, boolean blank) {
      super.updateItem(row, blank);
      if (row == null || blank) {
        setGraphic(null);
        return;
      }
      name.setText(row.name());
      state.setText(RunWords.state(row.state()));
      state.getStyleClass().setAll("label", "pill");
      if (row.state().isActive()) {
        state.getStyleClass().add("pill-running");
      }
      title.setText(row.title());
      title.setManaged(!row.title().isEmpty());
      boolean active = row.state().isActive();
      bar.setManaged(active);
      bar.setVisible(active);
      bar.setProgress(row.total() == 0 ? 0 : (double) row.done() / row.total());
      String left =
          active && Double.isFinite(row.secondsLeft())
              ? "  ·  " + Strings.text("status.left", Numbers.duration(row.secondsLeft()))
              : "";
      far.setText(Strings.text("studies.done", row.done(), row.total()) + left);
      setGraphic(box);
    }
  }

  /** A figure in the list: its number in the paper, and what it shows. */
  private static final class RecipeCell extends ListCell<StudyFigures.Drawn> {
    private final Label number = Ui.label("", "strong");
    private final Label title = Ui.label("", "muted", "small-text");
    private final VBox box = new VBox(2, number, title);

    RecipeCell() {
      title.setWrapText(true);
      title.setPrefWidth(RECIPES_WIDTH - 36);
      title.setMinHeight(Region.USE_PREF_SIZE);
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(StudyFigures.@Nullable Drawn drawn, boolean blank) {
      super.updateItem(drawn, blank);
      if (drawn == null || blank) {
        setGraphic(null);
        return;
      }
      number.setText(drawn.recipe().place());
      title.setText(drawn.recipe().title());
      setGraphic(box);
    }
  }
}
