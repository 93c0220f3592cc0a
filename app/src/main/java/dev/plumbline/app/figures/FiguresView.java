package dev.plumbline.app.figures;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** The figures page: runs at the left, the figure at its true proportions, files at the right. */
public final class FiguresView implements View {
  /** Pixels an inch of a page on screen at 100 %. */
  private static final double INCH = 96;

  private final FiguresViewModel model;
  private final DialogService dialogs;
  private final Notices notices;
  private final SimpleStringProperty subject =
      new SimpleStringProperty(Strings.text("figures.subject"));
  private final VBox runs = new VBox(8);
  private final FigureView view = new FigureView();
  private final StackPane paper = new StackPane(view);
  private final Label size = Ui.label("", "subtle", "small-text");
  private final Label caption = Ui.label("", "muted");
  private final Label provenance = Ui.label("", "subtle", "small-text");
  private final Slider zoom = new Slider(0.5, 3, 2);
  private boolean fits = true;
  private boolean fitting;
  private final ScrollPane scroll = new ScrollPane();
  private final HBox page;

  /**
   * @param onVenue called when another column width was chosen
   */
  public FiguresView(
      FiguresViewModel model,
      DialogService dialogs,
      Notices notices,
      Consumer<FigureSize.Venue> onVenue) {
    this.model = model;
    this.dialogs = dialogs;
    this.notices = notices;

    ScrollPane list = new ScrollPane(runs);
    list.setFitToWidth(true);
    list.getStyleClass().add("card-scroll");
    VBox.setVgrow(list, Priority.ALWAYS);
    VBox left = Ui.card(Ui.label(Strings.text("figures.runs"), "card-title"), list);
    left.setPrefWidth(240);
    left.setMinWidth(200);

    paper.getStyleClass().add("paper");
    paper.setMinSize(StackPane.USE_PREF_SIZE, StackPane.USE_PREF_SIZE);
    paper.setMaxSize(StackPane.USE_PREF_SIZE, StackPane.USE_PREF_SIZE);
    StackPane desk = new StackPane(paper);
    scroll.setContent(desk);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.getStyleClass().addAll("card-scroll", "desk");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    caption.setWrapText(true);
    caption.setMinHeight(Label.USE_PREF_SIZE);
    zoom.setAccessibleText(Strings.text("figures.zoom"));
    zoom.setPrefWidth(110);
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
    zoom.setMinWidth(80);
    VBox middle =
        Ui.card(
            Ui.row(
                10,
                Ui.whole(Strings.text("figures.title"), "card-title"),
                Ui.spring(),
                Ui.icon(Feather.ZOOM_IN),
                zoom),
            size,
            scroll,
            caption);
    HBox.setHgrow(middle, Priority.ALWAYS);
    middle.setMinWidth(300);

    VBox right = Ui.card();
    right.setPrefWidth(270);
    right.setMinWidth(250);
    ChoiceBox<FigureSize.Venue> venue = new ChoiceBox<>();
    venue.getItems().setAll(FigureSize.Venue.values());
    venue.setConverter(
        Words.of(
            venue::getItems,
            value ->
                Strings.text(
                    "figures.venue.of",
                    venueName(value),
                    Numbers.fixed(value.size().widthInches(), 2))));
    venue.setValue(model.venue());
    venue.setId("figures-venue");
    venue.setAccessibleText(Strings.text("figures.venue"));
    venue.setMaxWidth(Double.MAX_VALUE);
    venue
        .valueProperty()
        .subscribe(
            (was, is) -> {
              model.setVenue(is);
              onVenue.accept(is);
              fit();
              restyle();
            });
    ChoiceBox<FiguresViewModel.Look> look = new ChoiceBox<>();
    look.getItems().setAll(FiguresViewModel.Look.values());
    look.setConverter(
        Words.of(
            look::getItems,
            value ->
                switch (value) {
                  case PAPER -> Strings.text("figures.look.paper");
                  case LIGHT -> Strings.text("figures.look.light");
                  case DARK -> Strings.text("figures.look.dark");
                }));
    look.setValue(FiguresViewModel.Look.PAPER);
    look.setAccessibleText(Strings.text("figures.look"));
    look.setMaxWidth(Double.MAX_VALUE);
    look.valueProperty()
        .subscribe(
            (was, is) -> {
              model.setLook(is);
              restyle();
            });
    CheckBox gold = new CheckBox(Strings.text("figures.gold"));
    gold.setSelected(true);
    gold.selectedProperty().subscribe((was, is) -> model.setGold(is));
    provenance.setWrapText(true);
    right
        .getChildren()
        .addAll(
            Ui.label(Strings.text("figures.style"), "card-title"),
            field(Strings.text("figures.venue"), venue),
            field(Strings.text("figures.look"), look),
            gold,
            Ui.label(Strings.text("figures.export"), "card-title"),
            exports(),
            Ui.label(Strings.text("figures.provenance"), "card-title"),
            provenance);
    page = new HBox(12, left, middle, right);
    model.policies().subscribe(this::updateRuns);
    model.figure().subscribe(this::updateFigure);
    restyle();
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

  private Node exports() {
    GridPane grid = new GridPane();
    grid.setHgap(8);
    grid.setVgap(8);
    int i = 0;
    for (FigureExport.Format format :
        List.of(
            FigureExport.Format.PDF,
            FigureExport.Format.SVG,
            FigureExport.Format.PGFPLOTS,
            FigureExport.Format.PNG,
            FigureExport.Format.CSV,
            FigureExport.Format.VEGA_LITE,
            FigureExport.Format.JSON)) {
      Button button = Ui.button(format.title(), Feather.DOWNLOAD, () -> export(format));
      button.setId("export-" + format.extension().replace('.', '-'));
      button.setMaxWidth(Double.MAX_VALUE);
      if (i == 0) {
        button.getStyleClass().add("accent");
      }
      GridPane.setHgrow(button, Priority.ALWAYS);
      grid.add(button, i % 2, i / 2);
      i++;
    }
    for (int c = 0; c < 2; c++) {
      javafx.scene.layout.ColumnConstraints half = new javafx.scene.layout.ColumnConstraints();
      half.setPercentWidth(50);
      grid.getColumnConstraints().add(half);
    }
    return grid;
  }

  private void export(FigureExport.Format format) {
    dialogs
        .askSaveFile(
            Strings.text("figures.save"),
            "reward-sqrt-kl." + format.extension(),
            format.title(),
            format.extension())
        .ifPresent(
            file ->
                model.export(
                    format,
                    file,
                    done -> notices.show(Notices.Kind.DONE, Strings.text("figures.saved", done)),
                    problem -> notices.show(Notices.Kind.PROBLEM, problem)));
  }

  private static Node field(String name, Node control) {
    Label label = Ui.label(name, "muted", "small-text");
    label.setLabelFor(control);
    return new VBox(3, label, control);
  }

  private static String venueName(FigureSize.Venue venue) {
    String name = venue.name();
    int split = name.indexOf('_');
    String head = split < 0 ? name : name.substring(0, split);
    String first = head.equals("NEURIPS") ? "NeurIPS, ICLR" : head;
    return split < 0 ? first : first + " " + name.substring(split + 1).toLowerCase(Locale.ROOT);
  }

  private void updateRuns(List<RunRow> policies) {
    Map<String, Integer> shown =
        policies.stream().collect(Collectors.toMap(RunRow::id, run -> 1, Integer::sum));
    boolean same =
        shown.size() == runs.getChildren().size()
            && runs.getChildren().stream().allMatch(node -> shown.containsKey(node.getId()));
    if (same && !policies.isEmpty()) {
      return;
    }
    runs.getChildren().clear();
    if (policies.isEmpty()) {
      Label none = Ui.label(Strings.text("figures.none"), "muted");
      none.setWrapText(true);
      runs.getChildren().add(none);
    }
    for (RunRow run : policies) {
      CheckBox box = new CheckBox(run.name());
      box.setId(run.id());
      box.setSelected(model.isChosen(run));
      box.selectedProperty().subscribe((was, is) -> model.choose(run, is));
      Ui.tip(box, run.id() + " · " + RunWords.state(run.state()));
      runs.getChildren().add(box);
    }
  }

  private void updateFigure(Figure figure) {
    view.show(figure);
    caption.setText(FigureView.plain(figure.caption()));
    provenance.setText(
        figure.provenance().entries().entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("\n")));
  }

  /** Enlarges the page as far as it fits, twice at most, until a person chooses otherwise. */
  private void fit() {
    double room = scroll.getWidth() - 24;
    if (fits && room > 0) {
      fitting = true;
      zoom.setValue(Math.clamp(room / (model.venue().size().widthInches() * INCH), 0.5, 2));
      fitting = false;
    }
  }

  /** The page at true proportions, enlarged; text is enlarged with it, so nothing moves. */
  private void restyle() {
    FigureSize inches = model.venue().size();
    double scale = zoom.getValue() * INCH / 72;
    paper.setPrefSize(inches.widthInches() * 72 * scale, inches.heightInches() * 72 * scale);
    view.styled(model.style().withSize(model.style().size() * scale));
    size.setText(
        Strings.text(
            "figures.size",
            Numbers.fixed(inches.widthInches(), 2),
            Numbers.fixed(inches.heightInches(), 2),
            Numbers.fixed(model.style().size(), 1),
            Numbers.fixed(zoom.getValue() * 100, 0)));
    StackPane.setAlignment(paper, Pos.CENTER);
  }
}
