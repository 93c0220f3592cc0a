package dev.plumbline.app.data;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.workspace.DataFile;
import java.io.File;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The data page: the files at the left, and the chosen part of the chosen file. */
public final class DataView implements View {
  private final DataViewModel model;
  private final ObservableStringValue obstacle;
  private final DialogService dialogs;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ListView<DataFile> list = new ListView<>();
  private final HBox selector = Ui.row(2);
  private final StackPane content = new StackPane();
  private final StackPane root = new StackPane();
  private final Overlay overlay = new Overlay(root);
  private final Map<DataViewModel.Part, View> views = new EnumMap<>(DataViewModel.Part.class);
  private final Map<DataViewModel.Part, ToggleButton> buttons =
      new EnumMap<>(DataViewModel.Part.class);
  private final Consumer<String> clipboard;
  private Theme theme;
  private @Nullable View current;
  private boolean shown;
  private boolean filling;

  /**
   * @param obstacle why nothing can be changed in the workspace, or empty
   * @param clipboard takes a text
   */
  public DataView(
      DataViewModel model,
      ObservableStringValue obstacle,
      Theme theme,
      DialogService dialogs,
      Consumer<String> clipboard) {
    this.model = model;
    this.obstacle = obstacle;
    this.theme = theme;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    VBox files = files();
    for (DataViewModel.Part part : DataViewModel.Part.values()) {
      if (part != DataViewModel.Part.IMPORT) {
        ToggleButton button = new ToggleButton(title(part));
        button.setId("data-part-" + part.name().toLowerCase(Locale.ROOT));
        button.getStyleClass().setAll("toggle-button", "scope");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> choose(part));
        buttons.put(part, button);
        selector.getChildren().add(button);
      }
    }
    content.setMinSize(0, 0);
    VBox.setVgrow(content, Priority.ALWAYS);
    VBox right = new VBox(8, selector, content);
    right.setMinWidth(0);
    HBox.setHgrow(right, Priority.ALWAYS);
    root.getChildren().setAll(new HBox(12, files, right));
    model.library().files().subscribe(this::fill);
    model.chosen().subscribe(_ -> chosen());
    model.part().subscribe(_ -> part());
    model.library().indexing().subscribe(_ -> list.refresh());
    root.setOnDragOver(
        event -> {
          if (event.getDragboard().hasFiles() && obstacle.get().isEmpty()) {
            event.acceptTransferModes(TransferMode.COPY);
          }
          event.consume();
        });
    root.setOnDragDropped(
        event -> {
          List<File> dropped = event.getDragboard().getFiles();
          if (!dropped.isEmpty()) {
            begin();
            model.importing().look(dropped.getFirst().toString());
          }
          event.setDropCompleted(!dropped.isEmpty());
          event.consume();
        });
  }

  private static String title(DataViewModel.Part part) {
    return switch (part) {
      case ROWS -> Strings.text("data.part.rows");
      case STATISTICS -> Strings.text("data.part.statistics");
      case DUPLICATES -> Strings.text("data.part.duplicates");
      case REPORT -> Strings.text("data.part.report");
      case SPLIT -> Strings.text("data.part.split");
      case MIXTURE -> Strings.text("data.part.mixture");
      case IMPORT -> Strings.text("data.part.import");
    };
  }

  private VBox files() {
    list.setId("data-files");
    list.setAccessibleText(Strings.text("data.files"));
    list.getStyleClass().add("plain-list");
    list.setCellFactory(_ -> new FileCell());
    list.setPlaceholder(Ui.label(Strings.text("data.files.none"), "subtle", "small-text"));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            file -> {
              if (!filling && file != null) {
                model.choose(file);
                if (model.part().get() == DataViewModel.Part.IMPORT) {
                  model.show(DataViewModel.Part.ROWS);
                }
              }
            });
    list.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.DELETE) {
            remove();
          }
        });
    MenuItem again = new MenuItem(Strings.text("data.index.again"), Ui.icon(Feather.REFRESH_CW));
    again.setOnAction(_ -> model.chosen().get().ifPresent(model::index));
    MenuItem path = new MenuItem(Strings.text("data.copy.path"), Ui.icon(Feather.COPY));
    path.setOnAction(
        _ -> model.chosen().get().ifPresent(file -> clipboard.accept(file.file().toString())));
    MenuItem remove = new MenuItem(Strings.text("data.remove"), Ui.icon(Feather.X));
    remove.setOnAction(_ -> remove());
    for (MenuItem each : List.of(again, remove)) {
      each.disableProperty().bind(Bindings.createBooleanBinding(this::locked, obstacle));
    }
    list.setContextMenu(new ContextMenu(path, again, remove));
    VBox.setVgrow(list, Priority.ALWAYS);
    Button add = Ui.button(Strings.text("data.import"), Feather.PLUS, this::begin);
    add.setId("data-import");
    add.getStyleClass().addAll("accent", "wide");
    Region guarded = Ui.guard(add, obstacle);
    VBox card = Ui.card(Ui.label(Strings.text("data.files"), "card-title"), list, guarded);
    card.setMinWidth(212);
    card.setPrefWidth(212);
    card.setMaxWidth(212);
    return card;
  }

  private boolean locked() {
    return !obstacle.get().isEmpty();
  }

  private void remove() {
    if (!locked()) {
      model.chosen().get().ifPresent(model::remove);
    }
  }

  private void begin() {
    model.show(DataViewModel.Part.IMPORT);
  }

  private void fill(List<DataFile> files) {
    filling = true;
    list.getItems().setAll(files);
    filling = false;
    chosen();
    part();
  }

  private void chosen() {
    Optional<DataFile> file = model.chosen().get();
    filling = true;
    file.ifPresentOrElse(
        each -> list.getSelectionModel().select(each),
        () -> list.getSelectionModel().clearSelection());
    filling = false;
    subject.set(file.map(DataFile::name).orElse(""));
  }

  private void choose(DataViewModel.Part part) {
    model.show(part);
    part();
  }

  private void part() {
    DataViewModel.Part part = model.part().get();
    buttons.forEach((each, button) -> button.setSelected(each == part));
    boolean none = model.library().files().get().isEmpty() && part != DataViewModel.Part.IMPORT;
    selector.setVisible(!none && part != DataViewModel.Part.IMPORT);
    selector.setManaged(selector.isVisible());
    View next = none ? empty() : views.computeIfAbsent(part, this::view);
    if (next.equals(current)) {
      return;
    }
    View before = current;
    if (before != null && shown) {
      before.hidden();
    }
    current = next;
    next.themed(theme);
    content.getChildren().setAll(next.node());
    if (shown) {
      next.shown();
    }
  }

  private @Nullable View empty;

  private View empty() {
    View known = empty;
    if (known == null) {
      Button add = Ui.button(Strings.text("data.import"), Feather.PLUS, this::begin);
      add.setId("data-import-first");
      add.getStyleClass().addAll("accent", "large");
      Region guarded = Ui.guard(add, obstacle);
      guarded.setMaxWidth(Region.USE_PREF_SIZE);
      VBox box =
          Ui.empty(
              Feather.DATABASE,
              Strings.text("data.empty.title"),
              Strings.text("data.empty"),
              guarded);
      VBox card = Ui.card(box);
      VBox.setVgrow(box, Priority.ALWAYS);
      known = new Still(card);
      empty = known;
    }
    return known;
  }

  /** A view that never changes. */
  private record Still(Node node) implements View {
    private static final SimpleStringProperty NONE = new SimpleStringProperty("");

    @Override
    public ObservableStringValue subject() {
      return NONE;
    }
  }

  private View view(DataViewModel.Part part) {
    return switch (part) {
      case ROWS -> new BrowseView(model, overlay, dialogs, obstacle, clipboard);
      case STATISTICS -> new StatisticsView(model);
      case DUPLICATES -> new DuplicatesView(model, obstacle);
      case REPORT -> new ReportView(model, clipboard);
      case SPLIT -> new SplitView(model, obstacle, clipboard);
      case MIXTURE -> new MixtureView(model, obstacle, overlay, clipboard);
      case IMPORT -> new ImportView(model, dialogs);
    };
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
    shown = true;
    model.shown();
    if (current != null) {
      current.shown();
    }
  }

  @Override
  public void hidden() {
    shown = false;
    if (current != null) {
      current.hidden();
    }
  }

  @Override
  public void themed(Theme next) {
    theme = next;
    views.values().forEach(view -> view.themed(next));
  }

  /** A file: its name, what it holds, how far its index is. */
  private final class FileCell extends ListCell<DataFile> {
    private final Label name = Ui.label("", "strong");
    private final Label about = Ui.label("", "subtle", "small-text");
    private final ProgressBar bar = new ProgressBar();
    private final VBox box = new VBox(2, name, about, bar);

    FileCell() {
      bar.getStyleClass().add("thin");
      bar.setMaxWidth(Double.MAX_VALUE);
      bar.managedProperty().bind(bar.visibleProperty());
      name.setMinWidth(0);
      box.setMinWidth(0);
      box.setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable DataFile file, boolean none) {
      super.updateItem(file, none);
      setText("");
      if (none || file == null) {
        setGraphic(null);
        setTooltip(null);
        return;
      }
      DataLibrary.Indexing indexing = model.library().indexing().get().get(file.name());
      name.setText(file.name());
      about.setText(
          indexing == null
              ? Strings.text(
                  "data.file.about",
                  Numbers.whole(file.report().used()),
                  DataWords.kind(file.mapping().kind()))
              : Strings.text("data.file.indexing", Math.round(100 * indexing.fraction())));
      bar.setVisible(indexing != null);
      bar.setProgress(indexing == null ? 0 : indexing.fraction());
      setGraphic(box);
      setAccessibleText(file.name() + ", " + about.getText());
      setTooltip(new javafx.scene.control.Tooltip(file.file().toString()));
    }
  }
}
