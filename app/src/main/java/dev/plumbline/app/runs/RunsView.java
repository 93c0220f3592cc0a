package dev.plumbline.app.runs;

import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.KeyBinding;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.workspace.RunChange;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunLine;
import dev.plumbline.workspace.RunQuery;
import dev.plumbline.workspace.SavedView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.skin.TableColumnHeader;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The runs page: a table of any size, and what the chosen runs are. */
public final class RunsView implements View {
  private final RunsViewModel model;
  private final Actions keys;
  private final Label hint = Ui.label("", "subtle", "small-text");
  private final ObservableStringValue obstacle;
  private final Consumer<List<String>> openLive;
  private final DialogService dialogs;
  private final Consumer<String> clipboard;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ObservableList<RunsRow> items = FXCollections.observableArrayList();
  private final TableView<RunsRow> table = new TableView<>(items);
  private final Label placeholder = Ui.label("", "muted");
  private final Label count = Ui.whole("", "subtle", "small-text");
  private final FilterField filter;
  private final RunSide side;
  private final SplitPane split;
  private final StackPane root;
  private final RunForms forms;
  private final Overlay overlay;
  private final DoubleProperty scrolled = new SimpleDoubleProperty();
  private final List<Command> commands = new ArrayList<>();
  private double divider = 0.72;
  private boolean filling;

  /** A run that is to be chosen when it is there. */
  private @Nullable String wanted;

  /**
   * Something that can be done with the chosen runs.
   *
   * @param key pressed on the table, or null
   * @param possible whether it can be done now
   */
  private record Command(
      String id,
      KeyBinding binding,
      Feather icon,
      ObservableBooleanValue possible,
      Runnable task) {}

  /**
   * @param obstacle why nothing can be changed in the workspace, or empty
   * @param openLive shows runs on the live page
   * @param clipboard takes a text
   * @param keys the page's keys, of {@link #declare}
   */
  public RunsView(
      RunsViewModel model,
      ObservableStringValue obstacle,
      Consumer<List<String>> openLive,
      DialogService dialogs,
      Consumer<String> clipboard,
      Actions keys,
      RunForms forms) {
    this.model = model;
    this.keys = keys;
    this.forms = forms;
    this.obstacle = obstacle;
    this.openLive = openLive;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    filter = new FilterField(model, count);
    root = new StackPane();
    overlay = new Overlay(root);
    addCommands();
    side =
        new RunSide(
            model,
            obstacle,
            this::openChosen,
            () -> run("branch"),
            clipboard,
            this::goTo,
            this::addColumn,
            this::widen);
    makeTable();
    HBox bar = toolbar();
    VBox main = Ui.card(bar, places(), table, keysHint());
    main.setMinWidth(320);
    VBox.setVgrow(table, Priority.ALWAYS);
    split = new SplitPane(main, side.node());
    split.setOrientation(Orientation.HORIZONTAL);
    split.setDividerPositions(divider);
    SplitPane.setResizableWithParent(side.node(), false);
    root.getChildren().setAll(split);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::pageKey);
    model.layout().subscribe(this::layout);
    model.shown().subscribe(this::update);
    model.arrivals().subscribe((_, _) -> arrived());
    model.chosen().subscribe(chosen -> showSide(!chosen.lines().isEmpty()));
  }

  /** Makes the page's keys known, before there is a page. */
  public static void declare(Actions keys) {
    keys.declare(Page.RUNS, "runs.open", Strings.text("runs.open"), "Enter");
    keys.declare(Page.RUNS, "runs.compare", Strings.text("runs.compare.act"), "D");
    keys.declare(Page.RUNS, "runs.lineage", Strings.text("runs.lineage.act"), "L");
    keys.declare(Page.RUNS, "runs.branch", Strings.text("runs.branch"), "B");
    keys.declare(Page.RUNS, "runs.like", Strings.text("runs.like"), "Shift+N");
    keys.declare(Page.RUNS, "runs.star", Strings.text("runs.star"), "S");
    keys.declare(Page.RUNS, "runs.tag", Strings.text("runs.tag"), "T");
    keys.declare(Page.RUNS, "runs.untag", Strings.text("runs.untag"), "Shift+T");
    keys.declare(Page.RUNS, "runs.notes", Strings.text("runs.note"), "N");
    keys.declare(Page.RUNS, "runs.rename", Strings.text("runs.rename"), "F2");
    keys.declare(Page.RUNS, "runs.archive", Strings.text("runs.archive"), "A");
    keys.declare(Page.RUNS, "runs.delete", Strings.text("runs.delete"), "Delete");
    keys.declare(Page.RUNS, "runs.restore", Strings.text("runs.restore"), "R");
    keys.declare(Page.RUNS, "runs.copy", Strings.text("runs.copy"), "Shortcut+C");
    keys.declare(Page.RUNS, "runs.copy-id", Strings.text("runs.copy.id"), "Shortcut+Shift+C");
    keys.declare(Page.RUNS, "runs.group", Strings.text("runs.key.group"), "G");
    keys.declare(Page.RUNS, "runs.columns", Strings.text("runs.key.columns"), "C");
    keys.declare(Page.RUNS, "runs.filter", Strings.text("runs.key.filter"), "Ctrl+F");
  }

  /** F1 on this page explains the filter. */
  @Override
  public boolean explainsItself() {
    explainFilter();
    return true;
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  // ----------------------------------------------------------------------------------- toolbar

  private HBox toolbar() {
    HBox.setHgrow(filter, Priority.ALWAYS);
    filter.setMinWidth(150);
    Button help =
        Ui.iconButton(Strings.text("runs.help"), Feather.HELP_CIRCLE, this::explainFilter);
    help.setId("runs-help");
    Button group = Ui.iconButton(Strings.text("runs.group"), Feather.LAYERS, this::chooseGroup);
    group.setId("runs-group");
    Ui.keyTip(group, Strings.text("runs.group"), keys.declared("runs.group"));
    Button columns =
        Ui.iconButton(Strings.text("runs.columns"), Feather.COLUMNS, this::chooseColumns);
    columns.setId("runs-columns");
    Ui.keyTip(columns, Strings.text("runs.columns"), keys.declared("runs.columns"));
    MenuButton views = new MenuButton("", Ui.icon(Feather.BOOKMARK));
    views.setId("runs-views");
    views.setAccessibleText(Strings.text("runs.views"));
    views.getStyleClass().addAll("flat", "icon-button", "runs-menu");
    Ui.tip(views, Strings.text("runs.views"));
    fillViews(views, model.views().get());
    model.views().subscribe(all -> fillViews(views, all));
    Button fresh = Ui.iconButton(Strings.text("runs.new"), Feather.PLUS, () -> forms.fresh().run());
    fresh.setId("runs-new");
    HBox bar = new HBox(4, filter, fresh, help, group, columns, views);
    bar.setAlignment(javafx.geometry.Pos.TOP_LEFT);
    return bar;
  }

  private void fillViews(MenuButton menu, List<SavedView> views) {
    menu.getItems().clear();
    for (SavedView view : views) {
      menu.getItems().add(item(view.name(), Feather.BOOKMARK, () -> model.apply(view)));
    }
    if (!views.isEmpty()) {
      menu.getItems().add(new SeparatorMenuItem());
    }
    MenuItem standard =
        item(
            Strings.text("runs.views.standard"),
            Feather.ROTATE_CCW,
            () -> model.apply(new SavedView("", RunsLayout.standard().json())));
    MenuItem save =
        item(
            Strings.text("runs.views.save"),
            Feather.SAVE,
            () ->
                overlay.ask(
                    "runs-view-name",
                    Strings.text("runs.views.save.title"),
                    "",
                    Strings.text("runs.views.save.act"),
                    model::save));
    save.setId("runs-views-save");
    save.disableProperty().bind(Bindings.createBooleanBinding(this::locked, obstacle));
    menu.getItems().addAll(standard, save);
    for (SavedView view : views) {
      MenuItem remove =
          item(
              Strings.text("runs.views.remove", view.name()),
              Feather.TRASH_2,
              () -> model.remove(view));
      remove.disableProperty().bind(Bindings.createBooleanBinding(this::locked, obstacle));
      menu.getItems().add(remove);
    }
  }

  private boolean locked() {
    return !obstacle.get().isEmpty();
  }

  private static MenuItem item(String text, Feather icon, Runnable task) {
    MenuItem item = new MenuItem(text, Ui.icon(icon));
    item.setMnemonicParsing(false);
    item.setOnAction(_ -> task.run());
    return item;
  }

  /** Runs, archive and trash, and how the table is grouped and sorted. */
  private HBox places() {
    ToggleGroup group = new ToggleGroup();
    HBox row = Ui.row(2);
    for (RunQuery.Scope scope : RunQuery.Scope.values()) {
      ToggleButton button = new ToggleButton();
      button.setId("runs-scope-" + scope.name().toLowerCase(java.util.Locale.ROOT));
      button.getStyleClass().setAll("scope");
      button.setToggleGroup(group);
      button.setSelected(scope == model.scope().get());
      button.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
      button.setOnAction(
          _ -> {
            button.setSelected(true);
            model.setScope(scope);
          });
      model
          .shown()
          .subscribe(
              shown -> {
                int runs = shown.counts().of(scope);
                button.setText(
                    switch (scope) {
                      case RUNS -> Strings.text("runs.scope.runs", runs);
                      case ARCHIVE -> Strings.text("runs.scope.archive", runs);
                      case TRASH -> Strings.text("runs.scope.trash", runs);
                    });
              });
      row.getChildren().add(button);
    }
    Button empty = Ui.button(Strings.text("runs.trash.empty"), Feather.TRASH_2, this::emptyTrash);
    empty.setId("runs-trash-empty");
    empty.getStyleClass().addAll("flat", "small");
    Node guarded = Ui.guard(empty, obstacle);
    guarded
        .visibleProperty()
        .bind(
            Bindings.createBooleanBinding(
                () ->
                    model.scope().get() == RunQuery.Scope.TRASH
                        && model.shown().get().counts().trashed() > 0,
                model.scope(),
                model.shown()));
    guarded.managedProperty().bind(guarded.visibleProperty());
    Button grouped = Ui.button("", Feather.X, () -> model.setGroup(null));
    grouped.setId("runs-ungroup");
    grouped.getStyleClass().addAll("flat", "small");
    grouped.setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
    grouped.managedProperty().bind(grouped.visibleProperty());
    model
        .layout()
        .subscribe(
            layout -> {
              grouped.setVisible(layout.grouping().isPresent());
              layout
                  .grouping()
                  .ifPresent(
                      field ->
                          grouped.setText(Strings.text("runs.grouped", FieldWords.title(field))));
            });
    row.getChildren().addAll(Ui.spring(), guarded, grouped);
    return row;
  }

  private Label keysHint() {
    hint.setMinWidth(0);
    tellKeys();
    return hint;
  }

  /** Keys can be changed while the page is out of sight. */
  @Override
  public void shown() {
    tellKeys();
  }

  private void tellKeys() {
    hint.setText(
        Strings.text(
            "runs.keys",
            Stream.of(
                    "open", "compare", "lineage", "branch", "star", "tag", "delete", "group",
                    "columns")
                .map(id -> keys.declared("runs." + id).words())
                .toArray()));
  }

  // ------------------------------------------------------------------------------------- table

  private void makeTable() {
    table.setId("runs-table");
    table.setAccessibleText(Strings.text("page.runs"));
    table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    table.setPlaceholder(placeholder);
    // SQLite sorts; the arrows in the heads alone are the table's
    table.setSortPolicy(
        _ -> {
          if (!filling) {
            model.setOrder(
                table.getSortOrder().stream()
                    .map(
                        column ->
                            new RunsLayout.Sort(
                                column.getId(),
                                column.getSortType() == TableColumn.SortType.DESCENDING))
                    .toList());
          }
          return true;
        });
    table
        .getColumns()
        .addListener(
            (ListChangeListener<TableColumn<RunsRow, ?>>)
                _ -> {
                  if (!filling) {
                    model.setColumns(columnsNow());
                    pinHeads();
                  }
                });
    table.getSelectionModel().getSelectedItems().subscribe(this::chose);
    table.setRowFactory(_ -> row());
    table.setOnKeyPressed(this::tableKey);
    table.skinProperty().subscribe(_ -> FxBridge.later(this::watchScroll));
    ContextMenu menu = new ContextMenu();
    menu.setOnShowing(_ -> fillMenu(menu));
    fillMenu(menu);
    table.setContextMenu(menu);
  }

  private TableRow<RunsRow> row() {
    TableRow<RunsRow> row =
        new TableRow<>() {
          @Override
          protected void updateItem(@Nullable RunsRow item, boolean empty) {
            super.updateItem(item, empty);
            getStyleClass().remove("group-row");
            if (item instanceof RunsRow.Group) {
              getStyleClass().add("group-row");
            }
          }
        };
    row.setOnMouseClicked(
        event -> {
          switch (row.getItem()) {
            case RunsRow.Group group -> model.toggle(group);
            case RunsRow.Run _ when event.getClickCount() == 2 -> openChosen();
            case null, default -> {
              // a single click chooses
            }
          }
        });
    return row;
  }

  /** Makes the columns of a layout; those that are the same stay as they are. */
  private void layout(RunsLayout layout) {
    List<String> wanted = layout.columns().stream().map(RunsRowCell::key).toList();
    List<String> there = table.getColumns().stream().map(RunsView::key).toList();
    filling = true;
    try {
      if (!wanted.equals(there)) {
        List<TableColumn<RunsRow, ?>> columns = new ArrayList<>();
        for (RunsLayout.Column each : layout.columns()) {
          RunField.parse(each.field()).ifPresent(field -> columns.add(column(each, field)));
        }
        table.getColumns().setAll(columns);
        FxBridge.later(this::pinHeads);
      }
      List<TableColumn<RunsRow, ?>> order = new ArrayList<>();
      for (RunsLayout.Sort sort : layout.order()) {
        for (TableColumn<RunsRow, ?> column : table.getColumns()) {
          if (column.getId().equals(sort.field())) {
            column.setSortType(
                sort.descending()
                    ? TableColumn.SortType.DESCENDING
                    : TableColumn.SortType.ASCENDING);
            order.add(column);
          }
        }
      }
      if (!order.equals(table.getSortOrder())) {
        table.getSortOrder().setAll(order);
      }
    } finally {
      filling = false;
    }
  }

  private static String key(TableColumn<RunsRow, ?> column) {
    return column.getId() + (isPinned(column) ? "|" : "");
  }

  private static boolean isPinned(TableColumn<RunsRow, ?> column) {
    return column.getStyleClass().contains("pinned");
  }

  private TableColumn<RunsRow, RunsRow> column(RunsLayout.Column each, RunField field) {
    TableColumn<RunsRow, RunsRow> column = new TableColumn<>();
    column.setId(field.text());
    Label head = new Label(FieldWords.title(field));
    Ui.tip(head, FieldWords.tip(field));
    column.setGraphic(head);
    column.setPrefWidth(each.width() > 0 ? each.width() : FieldWords.width(field));
    column.setMinWidth(48);
    column.setCellValueFactory(data -> new ReadOnlyObjectWrapper<>(data.getValue()));
    column.setCellFactory(_ -> new RunsRowCell(model, field, each.pinned(), scrolled));
    if (FieldWords.isRight(field)) {
      column.getStyleClass().add("number");
    }
    if (each.pinned()) {
      column.getStyleClass().add("pinned");
    }
    return column;
  }

  private List<RunsLayout.Column> columnsNow() {
    return table.getColumns().stream()
        .map(column -> new RunsLayout.Column(column.getId(), column.getWidth(), isPinned(column)))
        .toList();
  }

  /** Pinned cells and heads go back by what the table was scrolled. */
  private void watchScroll() {
    for (Node node : table.lookupAll(".scroll-bar")) {
      if (node instanceof ScrollBar bar && bar.getOrientation() == Orientation.HORIZONTAL) {
        scrolled.unbind();
        scrolled.bind(
            Bindings.createDoubleBinding(
                () -> bar.isVisible() ? bar.getValue() : 0,
                bar.valueProperty(),
                bar.visibleProperty()));
      }
    }
    pinHeads();
  }

  private void pinHeads() {
    for (Node node : table.lookupAll(".column-header")) {
      if (node instanceof TableColumnHeader head
          && head.getTableColumn() instanceof TableColumn<?, ?> column) {
        boolean pinned = column.getStyleClass().contains("pinned");
        head.translateXProperty().unbind();
        head.setViewOrder(pinned ? -1 : 0);
        if (pinned) {
          head.translateXProperty().bind(scrolled);
        } else {
          head.setTranslateX(0);
        }
      }
    }
  }

  /** Keeps the choice while rows come, go and move. */
  private void update(RunsViewModel.Shown shown) {
    List<String> before = chosenIds();
    if (!shown.rows().equals(items)) {
      filling = true;
      try {
        int at = table.getSelectionModel().getSelectedIndex();
        items.setAll(shown.rows());
        table.getSelectionModel().clearSelection();
        Set<String> wanted = new HashSet<>(before);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < items.size() && !wanted.isEmpty(); i++) {
          if (items.get(i) instanceof RunsRow.Run(var key) && wanted.contains(key.id())) {
            found.add(i);
          }
        }
        if (found.isEmpty() && !items.isEmpty()) {
          table.getSelectionModel().select(Math.clamp(at, 0, items.size() - 1));
        } else {
          int[] rest = found.stream().skip(1).mapToInt(Integer::intValue).toArray();
          if (!found.isEmpty()) {
            table.getSelectionModel().selectIndices(found.getFirst(), rest);
          }
        }
      } finally {
        filling = false;
      }
      chose();
    }
    String id = wanted;
    if (id != null && selectRow(id)) {
      wanted = null;
    }
    int total = shown.counts().of(model.scope().get());
    count.setText(
        shown.matching() == total
            ? Strings.text("runs.count", total)
            : Strings.text("runs.count.of", shown.matching(), total));
    placeholder.setText(
        switch (model.scope().get()) {
          case RUNS ->
              model.loading().get()
                  ? Strings.text("runs.loading")
                  : total == 0 ? Strings.text("runs.none.yet") : Strings.text("runs.none");
          case ARCHIVE ->
              total == 0 ? Strings.text("runs.none.archive") : Strings.text("runs.none");
          case TRASH -> total == 0 ? Strings.text("runs.none.trash") : Strings.text("runs.none");
        });
    subject.set(Strings.text("runs.count", shown.counts().runs()));
  }

  private void arrived() {
    table.refresh();
  }

  private List<String> chosenIds() {
    List<String> chosen = new ArrayList<>();
    for (RunsRow row : table.getSelectionModel().getSelectedItems()) {
      switch (row) {
        case RunsRow.Run(var key) -> chosen.add(key.id());
        case RunsRow.Group group -> group.group().members().forEach(key -> chosen.add(key.id()));
        case null -> {
          // the selection is behind the rows for a moment
        }
      }
    }
    return chosen.stream().distinct().toList();
  }

  private void chose() {
    if (!filling) {
      model.choose(chosenIds());
    }
  }

  /** Without a run the table has the whole page. */
  private void showSide(boolean shown) {
    if (shown != split.getItems().contains(side.node())) {
      if (shown) {
        split.getItems().add(side.node());
        split.setDividerPositions(divider);
      } else {
        divider = split.getDividerPositions()[0];
        split.getItems().remove(side.node());
      }
    }
  }

  // ---------------------------------------------------------------------------------- commands

  private void addCommands() {
    ObservableBooleanValue any =
        Bindings.createBooleanBinding(
            () -> !model.chosen().get().lines().isEmpty(), model.chosen());
    ObservableBooleanValue one =
        Bindings.createBooleanBinding(
            () -> model.chosen().get().lines().size() == 1, model.chosen());
    ObservableBooleanValue editable =
        Bindings.createBooleanBinding(() -> any.get() && obstacle.get().isEmpty(), any, obstacle);
    ObservableBooleanValue here =
        Bindings.createBooleanBinding(
            () -> editable.get() && model.scope().get() != RunQuery.Scope.TRASH,
            editable,
            model.scope());
    ObservableBooleanValue inTrash =
        Bindings.createBooleanBinding(
            () -> editable.get() && model.scope().get() == RunQuery.Scope.TRASH,
            editable,
            model.scope());
    ObservableBooleanValue editableOne =
        Bindings.createBooleanBinding(() -> here.get() && one.get(), here, one);
    command("open", Feather.ACTIVITY, any, this::openChosen);
    command("compare", Feather.COLUMNS, any, () -> page(RunSide.Part.SETTINGS));
    command("lineage", Feather.GIT_MERGE, any, () -> page(RunSide.Part.LINEAGE));
    command("branch", Feather.GIT_BRANCH, editableOne, this::branch);
    command("like", Feather.PLUS_SQUARE, editableOne, this::like);
    command("star", Feather.STAR, here, this::star);
    command("tag", Feather.TAG, here, this::tag);
    command("untag", Feather.TAG, here, this::untag);
    command(
        "notes",
        Feather.EDIT_3,
        editableOne,
        () -> {
          page(RunSide.Part.RUN);
          side.editNotes();
        });
    command("rename", Feather.EDIT_2, editableOne, this::rename);
    command("archive", Feather.ARCHIVE, here, this::archive);
    command("delete", Feather.TRASH_2, here, () -> model.trash(chosenIds()));
    command("restore", Feather.CORNER_UP_LEFT, inTrash, () -> model.restore(chosenIds()));
    command("copy", Feather.TERMINAL, any, this::copyCommand);
    command("copy-id", Feather.HASH, any, () -> clipboard.accept(String.join("\n", chosenIds())));
  }

  private void command(String id, Feather icon, ObservableBooleanValue possible, Runnable task) {
    commands.add(new Command(id, keys.declared("runs." + id), icon, possible, task));
  }

  private void run(String id) {
    for (Command command : commands) {
      if (command.id().equals(id) && command.possible().get()) {
        command.task().run();
      }
    }
  }

  private void fillMenu(ContextMenu menu) {
    menu.getItems().clear();
    if (!obstacle.get().isEmpty()) {
      MenuItem why = item(obstacle.get(), Feather.LOCK, () -> {});
      why.setDisable(true);
      menu.getItems().add(why);
    }
    for (Command command : commands) {
      MenuItem item = item(command.binding().text(), command.icon(), command.task());
      item.setId("runs-" + command.id());
      item.setAccelerator(command.binding().key());
      item.setDisable(!command.possible().get());
      menu.getItems().add(item);
    }
  }

  private void tableKey(KeyEvent event) {
    RunsRow focused = table.getSelectionModel().getSelectedItem();
    boolean toggles =
        event.getCode() == KeyCode.ENTER
            || event.getCode() == KeyCode.SPACE
            || event.getCode() == KeyCode.RIGHT
            || event.getCode() == KeyCode.LEFT;
    if (focused instanceof RunsRow.Group group && toggles) {
      boolean wanted =
          switch (event.getCode()) {
            case RIGHT -> true;
            case LEFT -> false;
            default -> !group.open();
          };
      if (wanted != group.open()) {
        model.toggle(group);
      }
      event.consume();
      return;
    }
    for (Command command : commands) {
      if (command.binding().matches(event)) {
        event.consume();
        if (command.possible().get()) {
          command.task().run();
        }
        return;
      }
    }
  }

  /** Keys that work everywhere on the page but in a text field. */
  private void pageKey(KeyEvent event) {
    if (overlay.isOpen() || event.getTarget() instanceof TextInputControl) {
      return;
    }
    if (keys.declared("runs.filter").matches(event) || event.getCode() == KeyCode.SLASH) {
      filter.field().requestFocus();
      filter.field().end();
    } else if (keys.declared("runs.group").matches(event)) {
      chooseGroup();
    } else if (keys.declared("runs.columns").matches(event)) {
      chooseColumns();
    } else {
      return;
    }
    event.consume();
  }

  private void openChosen() {
    List<String> ids = chosenIds().stream().filter(id -> model.run(id).isPresent()).toList();
    if (!ids.isEmpty()) {
      openLive.accept(ids);
    }
  }

  private void page(RunSide.Part part) {
    side.show(part);
    widen(part);
  }

  /** Settings side by side and lineage need more room than facts. */
  private void widen(RunSide.Part part) {
    if (split.getDividerPositions().length > 0) {
      double now = split.getDividerPositions()[0];
      split.setDividerPositions(
          part == RunSide.Part.RUN ? Math.max(now, 0.72) : Math.min(now, 0.52));
    }
  }

  private void star() {
    boolean all = model.chosen().get().lines().stream().allMatch(RunLine::starred);
    model.change(chosenIds(), new RunChange.Star(!all));
  }

  private void archive() {
    boolean all = model.chosen().get().lines().stream().allMatch(RunLine::archived);
    model.change(chosenIds(), new RunChange.Archive(!all));
  }

  private void tag() {
    List<String> ids = chosenIds();
    overlay.ask(
        "runs-tag",
        Strings.text("runs.tag.title", ids.size()),
        "",
        Strings.text("runs.tag.act"),
        tag -> model.change(ids, new RunChange.AddTag(tag)));
  }

  private void untag() {
    List<String> ids = chosenIds();
    String first =
        model.chosen().get().lines().stream()
            .flatMap(line -> line.tags().stream())
            .findFirst()
            .orElse("");
    overlay.ask(
        "runs-untag",
        Strings.text("runs.untag.title", ids.size()),
        first,
        Strings.text("runs.untag.act"),
        tag -> model.change(ids, new RunChange.RemoveTag(tag)));
  }

  private void rename() {
    RunLine line = model.chosen().get().lines().getFirst();
    overlay.ask(
        "runs-rename",
        Strings.text("runs.rename.title"),
        line.name(),
        Strings.text("runs.rename.act"),
        name -> model.change(List.of(line.key().id()), new RunChange.Rename(name)));
  }

  private void copyCommand() {
    List<String> lines =
        chosenIds().stream().map(model::commandLine).flatMap(Optional::stream).toList();
    if (!lines.isEmpty()) {
      clipboard.accept(String.join("\n", lines));
    }
  }

  private void like() {
    model.run(model.chosen().get().lines().getFirst().key().id()).ifPresent(forms.like());
  }

  private void branch() {
    String id = model.chosen().get().lines().getFirst().key().id();
    model.checkpoints(
        id,
        steps -> {
          if (steps.isEmpty()) {
            Label none = Ui.label(Strings.text("runs.branch.none"), "muted");
            none.setWrapText(true);
            none.setFocusTraversable(true);
            overlay.open("runs-branch", Strings.text("runs.branch.title"), none, 460, none);
            return;
          }
          BranchPanel panel =
              new BranchPanel(
                  model,
                  id,
                  steps,
                  started -> {
                    overlay.close();
                    goTo(started);
                  },
                  clipboard,
                  text -> {
                    overlay.close();
                    forms.open().accept(text);
                  });
          overlay.open("runs-branch", Strings.text("runs.branch.title"), panel, 680, panel.text());
        });
  }

  private void emptyTrash() {
    int runs = model.shown().get().counts().trashed();
    boolean sure =
        dialogs.confirm(
            Strings.text("runs.trash.empty.title", runs),
            Strings.text("runs.trash.empty.text"),
            Strings.text("runs.trash.empty"));
    if (sure) {
      List<String> ids = new ArrayList<>();
      for (RunsRow row : items) {
        if (row instanceof RunsRow.Run(var key)) {
          ids.add(key.id());
        }
      }
      model.purge(ids);
    }
  }

  /** Chooses a run in the table; a filter that hides it is put away. */
  private void goTo(String id) {
    if (!selectRow(id)) {
      model.setGroup(null);
      model.setScope(RunQuery.Scope.RUNS);
      model.filter().set("");
      wanted = id;
    }
  }

  private boolean selectRow(String id) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof RunsRow.Run(var key) && key.id().equals(id)) {
        table.getSelectionModel().clearAndSelect(i);
        table.scrollTo(Math.max(0, i - 4));
        return true;
      }
    }
    return false;
  }

  private void addColumn(String key) {
    RunField.parse(key)
        .ifPresent(
            field -> {
              List<RunsLayout.Column> columns = new ArrayList<>(columnsNow());
              if (columns.stream().noneMatch(column -> column.field().equals(field.text()))) {
                columns.add(new RunsLayout.Column(field.text(), 0, false));
                model.setColumns(columns);
              }
            });
  }

  // ---------------------------------------------------------------------------------- overlays

  private void chooseColumns() {
    ColumnsPanel panel =
        new ColumnsPanel(columnsNow(), model.vocabulary().get(), model::setColumns);
    overlay.open(
        "runs-columns-panel", Strings.text("runs.columns.title"), panel, 700, panel.search());
  }

  private void chooseGroup() {
    TextField search = new TextField();
    search.setId("group-search");
    search.setPromptText(Strings.text("runs.columns.search"));
    search.setAccessibleText(Strings.text("runs.columns.search"));
    List<RunField> fields =
        ColumnsPanel.fields(model.vocabulary().get()).stream()
            .filter(field -> !(field instanceof RunField.Curve))
            .filter(field -> !field.equals(RunField.of(RunField.Attribute.ID)))
            .filter(field -> !field.equals(RunField.of(RunField.Attribute.AGE)))
            .toList();
    ListView<RunField> list = new ListView<>();
    list.setId("group-list");
    list.getStyleClass().add("plain-list");
    list.setPrefHeight(340);
    list.setCellFactory(
        _ ->
            new javafx.scene.control.ListCell<>() {
              @Override
              protected void updateItem(@Nullable RunField field, boolean empty) {
                super.updateItem(field, empty);
                setText("");
                setGraphic(
                    empty || field == null
                        ? null
                        : Ui.row(
                            8,
                            Ui.label(FieldWords.title(field)),
                            Ui.spring(),
                            Ui.label(FieldWords.path(field), "subtle", "small-text")));
              }
            });
    search
        .textProperty()
        .subscribe(
            text -> {
              String wantedText = text.strip().toLowerCase(java.util.Locale.ROOT);
              list.getItems()
                  .setAll(
                      fields.stream()
                          .filter(
                              field ->
                                  (field.text() + " " + FieldWords.title(field))
                                      .toLowerCase(java.util.Locale.ROOT)
                                      .contains(wantedText))
                          .toList());
              list.getSelectionModel().selectFirst();
            });
    Runnable choose =
        () -> {
          RunField field = list.getSelectionModel().getSelectedItem();
          if (field != null) {
            overlay.close();
            model.setGroup(field);
          }
        };
    search.setOnAction(_ -> choose.run());
    search.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          int at = list.getSelectionModel().getSelectedIndex();
          if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.UP) {
            int to = at + (event.getCode() == KeyCode.DOWN ? 1 : -1);
            list.getSelectionModel().select(Math.clamp(to, 0, list.getItems().size() - 1));
            list.scrollTo(Math.max(0, to - 5));
            event.consume();
          }
        });
    list.setOnMouseClicked(_ -> choose.run());
    list.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            choose.run();
          }
        });
    Label note = Ui.label(Strings.text("runs.group.note"), "muted", "small-text");
    note.setWrapText(true);
    overlay.open(
        "runs-group-panel",
        Strings.text("runs.group.title"),
        new VBox(8, search, list, note),
        440,
        search);
  }

  private void explainFilter() {
    FilterHelp help =
        new FilterHelp(
            example -> {
              overlay.close();
              model.filter().set(example);
              filter.field().requestFocus();
              filter.field().end();
            });
    overlay.open("runs-filter-help", Strings.text("runs.help.title"), help, 680, help.first());
  }

  @Override
  public void hidden() {
    overlay.close();
  }
}
