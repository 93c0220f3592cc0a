package dev.plumbline.app.figures;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.workspace.RunRow;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * The figures page: the paper's catalogue at the left, the figure at its true proportions in the
 * middle, and at the right how it looks, what is changed of it, and its files.
 */
public final class FiguresView implements View {
  /** Pixels an inch of a page on screen at 100 %. */
  private static final double INCH = 96;

  private static final KeyCombination UNDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN);
  private static final KeyCombination REDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);

  private final FiguresViewModel model;
  private final Notices notices;
  private final SimpleStringProperty subject =
      new SimpleStringProperty(Strings.text("figures.subject"));
  private final ListView<FigureEntry> catalogue = new ListView<>();
  private final Label count = Ui.label("", "subtle", "small-text");
  private final VBox runs = new VBox(8);
  private final VBox policies;
  private final FigureView view = new FigureView();
  private final StackPane paper = new StackPane(view);
  private final Label title = Ui.label("", "card-title");
  private final Label size = Ui.label("", "subtle", "small-text");
  private final Label caption = Ui.label("", "muted");
  private final Label provenance = Ui.label("", "subtle", "small-text");
  private final Slider zoom = new Slider(0.5, 3, 2);
  private final Button undo;
  private final Button redo;
  private final ScrollPane scroll = new ScrollPane();
  private final FigureStylePart stylePart;
  private final FigureEditPart editPart;
  private final FigureFilesPart filesPart;
  private final HBox page;
  private boolean fits = true;
  private boolean fitting;
  private boolean choosing;
  private double shownWidth;
  private double shownHeight;
  private @Nullable FiguresState preparedFor;
  private List<File> prepared = List.of();

  /**
   * @param onVenue called when another column width was chosen
   */
  public FiguresView(
      FiguresViewModel model,
      DialogService dialogs,
      Notices notices,
      Consumer<FigureSize.Venue> onVenue) {
    this.model = model;
    this.notices = notices;
    this.undo = Ui.iconButton(Strings.text("figures.undo"), Feather.CORNER_UP_LEFT, model::undo);
    this.redo = Ui.iconButton(Strings.text("figures.redo"), Feather.CORNER_UP_RIGHT, model::redo);
    undo.setId("figure-undo");
    redo.setId("figure-redo");
    this.stylePart = new FigureStylePart(model, dialogs, this::saved, this::problem, onVenue);
    this.editPart = new FigureEditPart(model);
    this.filesPart = new FigureFilesPart(model, dialogs, notices);
    this.policies =
        new VBox(8, Ui.label(Strings.text("figures.runs"), "card-title"), runs, goldBox());

    VBox middle = middle();
    HBox.setHgrow(middle, Priority.ALWAYS);
    middle.setMinWidth(300);
    page = new HBox(12, left(), middle, right());
    page.setOnKeyPressed(
        event -> {
          if (UNDO.match(event)) {
            model.undo();
            event.consume();
          } else if (REDO.match(event)) {
            model.redo();
            event.consume();
          }
        });
    model.policies().subscribe(this::updateRuns);
    model.state().subscribe(this::update);
  }

  private Node goldBox() {
    CheckBox gold = new CheckBox(Strings.text("figures.gold"));
    gold.setSelected(true);
    gold.selectedProperty().subscribe((was, is) -> model.setGold(is));
    return gold;
  }

  private VBox left() {
    catalogue.setId("figure-catalogue");
    catalogue.getStyleClass().add("plain-list");
    catalogue.setAccessibleText(Strings.text("figures.catalogue"));
    catalogue.setCellFactory(list -> new FigureCell());
    catalogue
        .getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            (was, is) -> {
              if (is != null && !choosing) {
                model.choose(is.key());
              }
            });
    VBox.setVgrow(catalogue, Priority.ALWAYS);
    VBox left =
        Ui.card(
            Ui.row(8, Ui.whole(Strings.text("figures.catalogue"), "card-title"), count), catalogue);
    left.setPrefWidth(252);
    left.setMinWidth(208);
    return left;
  }

  private VBox middle() {
    paper.getStyleClass().add("paper");
    paper.setMinSize(StackPane.USE_PREF_SIZE, StackPane.USE_PREF_SIZE);
    paper.setMaxSize(StackPane.USE_PREF_SIZE, StackPane.USE_PREF_SIZE);
    // A gesture needs its files at once, so they are written when the pointer comes near.
    paper.setOnMouseEntered(event -> prepare());
    paper.setOnMousePressed(event -> prepare());
    paper.setOnDragDetected(event -> drag());
    StackPane desk = new StackPane(paper);
    scroll.setContent(desk);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.getStyleClass().addAll("card-scroll", "desk");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    caption.setWrapText(true);
    caption.setMinHeight(Label.USE_PREF_SIZE);
    caption.setMaxHeight(110);
    zoom.setAccessibleText(Strings.text("figures.zoom"));
    zoom.setPrefWidth(100);
    zoom.setMinWidth(70);
    zoom.setMajorTickUnit(1);
    zoom.setBlockIncrement(0.25);
    Ui.tip(zoom, Strings.text("figures.zoom"));
    zoom.valueProperty()
        .subscribe(
            () -> {
              fits &= fitting; // a person chose, and is left what he chose
              restyle();
            });
    scroll.widthProperty().subscribe(this::fit);
    scroll.heightProperty().subscribe(this::fit);
    ToggleButton grey = new ToggleButton(Strings.text("figures.grey"));
    grey.setId("figure-grey");
    grey.setMinWidth(ToggleButton.USE_PREF_SIZE);
    Ui.tip(grey, Strings.text("figures.grey.tip"));
    grey.selectedProperty().subscribe((was, is) -> view.setGrey(is));
    title.setMinWidth(60);
    HBox.setHgrow(title, Priority.SOMETIMES);
    return Ui.card(
        Ui.row(8, title, Ui.spring(), undo, redo, grey, Ui.icon(Feather.ZOOM_IN), zoom),
        size,
        scroll,
        caption);
  }

  private VBox right() {
    provenance.setWrapText(true);
    VBox files =
        new VBox(
            10,
            filesPart.node(),
            Ui.label(Strings.text("figures.provenance"), "card-title"),
            provenance);
    Node parts =
        FigureParts.of(
            new FigureParts.Part(
                "style",
                Strings.text("figures.part.style"),
                new VBox(10, policies, stylePart.node())),
            new FigureParts.Part("edit", Strings.text("figures.part.edit"), editPart.node()),
            new FigureParts.Part("export", Strings.text("figures.part.export"), files));
    VBox.setVgrow(parts, Priority.ALWAYS);
    VBox right = Ui.card(parts);
    right.setPrefWidth(286);
    right.setMinWidth(252);
    return right;
  }

  @Override
  public Node node() {
    return page;
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

  private void saved(Path file) {
    notices.show(Notices.Kind.DONE, Strings.text("figures.saved", file));
  }

  private void problem(String text) {
    notices.show(Notices.Kind.PROBLEM, text);
  }

  /** Writes the drawing for a drag that may follow. */
  private void prepare() {
    FiguresState now = model.state().get();
    if (now.equals(preparedFor)) {
      return;
    }
    preparedFor = now;
    prepared = List.of();
    model.forClipboard(
        List.of(FigureExport.Format.PDF),
        files -> {
          if (now.equals(preparedFor)) {
            prepared = files.values().stream().map(Path::toFile).toList();
          }
        },
        this::problem);
  }

  /** The drawing as a file, for whatever it is dropped on. */
  private void drag() {
    if (!prepared.isEmpty() && model.state().get().equals(preparedFor)) {
      Dragboard board = paper.startDragAndDrop(TransferMode.COPY);
      ClipboardContent content = new ClipboardContent();
      content.putFiles(prepared);
      board.setContent(content);
    }
  }

  private void updateRuns(List<RunRow> found) {
    Map<String, Integer> shown =
        found.stream().collect(Collectors.toMap(RunRow::id, run -> 1, Integer::sum));
    boolean same =
        shown.size() == runs.getChildren().size()
            && runs.getChildren().stream().allMatch(node -> shown.containsKey(node.getId()));
    if (same && !found.isEmpty()) {
      return;
    }
    runs.getChildren().clear();
    if (found.isEmpty()) {
      Label none = Ui.label(Strings.text("figures.none"), "muted");
      none.setWrapText(true);
      runs.getChildren().add(none);
    }
    for (RunRow run : found) {
      CheckBox box = new CheckBox(run.name());
      box.setId(run.id());
      box.setSelected(model.isChosen(run));
      box.selectedProperty().subscribe((was, is) -> model.choose(run, is));
      Ui.tip(box, run.id() + " · " + RunWords.state(run.state()));
      runs.getChildren().add(box);
    }
  }

  private void update(FiguresState state) {
    choosing = true;
    if (!catalogue.getItems().equals(state.entries())) {
      catalogue.getItems().setAll(state.entries());
      count.setText(
          Strings.text(
              "figures.count",
              state.entries().stream().filter(FigureEntry::isDrawn).count(),
              state.entries().size()));
    }
    state.entry().ifPresent(entry -> catalogue.getSelectionModel().select(entry));
    choosing = false;
    Figure figure = state.figure();
    if (state.sheet().isPresent()) {
      view.show(state.sheet().get());
      title.setText(Strings.text("figures.panels.title", state.panels().size()));
    } else {
      view.show(figure);
      String place = state.entry().map(FigureEntry::place).orElse("");
      title.setText(
          FigureView.plain(place.isEmpty() ? figure.title() : place + " · " + figure.title()));
    }
    caption.setText(FigureView.plain(figure.caption()));
    boolean ofRuns = state.chosen().equals(FiguresViewModel.POLICIES);
    policies.setVisible(ofRuns);
    policies.setManaged(ofRuns);
    undo.setDisable(!state.edits().canUndo());
    redo.setDisable(!state.edits().canRedo());
    provenance.setText(
        figure.provenance().entries().entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("\n")));
    stylePart.update(state);
    editPart.update(state);
    filesPart.update(state);
    HouseStyle style = state.style();
    if (style.widthInches() != shownWidth || style.heightInches() != shownHeight) {
      shownWidth = style.widthInches();
      shownHeight = style.heightInches();
      fit();
    }
    restyle();
  }

  /** Enlarges the page as far as it fits, twice at most, until a person chooses otherwise. */
  private void fit() {
    double wide = scroll.getWidth() - 24;
    double tall = scroll.getHeight() - 24;
    HouseStyle style = model.state().get().style();
    if (fits && wide > 0 && tall > 0) {
      fitting = true;
      zoom.setValue(
          Math.clamp(
              Math.min(wide / (style.widthInches() * INCH), tall / (style.heightInches() * INCH)),
              0.5,
              2));
      fitting = false;
    }
  }

  /** The page at true proportions, enlarged; text is enlarged with it, so nothing moves. */
  private void restyle() {
    HouseStyle style = model.state().get().style();
    double scale = zoom.getValue() * INCH / 72;
    paper.setPrefSize(style.widthInches() * 72 * scale, style.heightInches() * 72 * scale);
    view.styled(style.style().withSize(style.points() * scale));
    size.setText(
        Strings.text(
            "figures.size",
            Numbers.fixed(style.widthInches(), 2),
            Numbers.fixed(style.heightInches(), 2),
            Numbers.fixed(style.points(), 1),
            Numbers.fixed(zoom.getValue() * 100, 0)));
    StackPane.setAlignment(paper, Pos.CENTER);
  }
}
