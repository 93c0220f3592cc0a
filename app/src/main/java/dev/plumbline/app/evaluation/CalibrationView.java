package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.CalibrationCharts;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.animation.PauseTransition;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Reliability, accuracy and numbers above; the comparisons behind them and the models below. */
final class CalibrationView implements View {
  private static final double HISTOGRAM = 84;
  private static final double PICKER = 460;
  private static final double PAIR = 820;
  private static final int MOST_BINS = 100;

  private final CalibrationViewModel model;
  private final DialogService dialogs;
  private final Notices notices;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final Overlay overlay = new Overlay(root);
  private final MenuButton export = new MenuButton(Strings.text("studies.export"));
  private final javafx.scene.control.Button choose =
      Ui.button(Strings.text("calibration.models"), Feather.LAYERS, this::pickModels);
  private final ChoiceBox<String> part = new ChoiceBox<>();
  private final ChoiceBox<String> tranche = new ChoiceBox<>();
  private final ChoiceBox<BinRule> rule = new ChoiceBox<>();
  private final Spinner<Integer> bins = new Spinner<>(1, MOST_BINS, 15);
  private final CheckBox corp = new CheckBox(Strings.text("calibration.corp"));
  private final ProgressIndicator wait = new ProgressIndicator();
  private final ChartCard reliability = new ChartCard();
  private final FigureView histogram = new FigureView();
  private final ChartCard accuracy = new ChartCard();
  private final GridPane numbers = new GridPane();
  private final Label numbersTitle = Ui.label("", "card-title");
  private final Label numbersNote = Ui.label("", "subtle", "small-text");
  private final Label problem = Ui.label("", "muted");
  private final PairsTable pairs;
  private final Label pairsTitle = Ui.label("", "card-title");
  private final Label pairsNote = Ui.label("", "subtle", "small-text");
  private final ChoiceBox<Integer> bin = new ChoiceBox<>();
  private final TextField search = new TextField();
  private final GridPane compare = new GridPane();
  private final Label compareNote = Ui.label("", "subtle", "small-text");
  private final RunChoice picker;
  private final VBox page;
  private final Node empty;
  private boolean updating;
  private List<String> binNames = List.of();

  CalibrationView(
      CalibrationViewModel model, Runnable goHome, DialogService dialogs, Notices notices) {
    this.model = model;
    this.dialogs = dialogs;
    this.notices = notices;
    pairs = new PairsTable(model, this::open);
    picker =
        new RunChoice(
            "calibration-runs",
            () -> model.state().get().models().stream().map(each -> each.run().id()).toList(),
            model::toggle);
    picker.setPrefHeight(PICKER);
    GridPane grid = new GridPane(12, 12);
    grid.add(reliabilityCard(), 0, 0);
    grid.add(accuracyCard(), 1, 0);
    grid.add(numbersCard(), 2, 0);
    grid.add(pairsCard(), 0, 1, 2, 1);
    grid.add(compareCard(), 2, 1);
    grid.getColumnConstraints().addAll(share(37, 0), share(36, 0), share(27, 0));
    grid.getRowConstraints().addAll(height(58, 240), height(42, 150));
    VBox.setVgrow(grid, Priority.ALWAYS);
    grid.setMinWidth(0);
    for (Node card : grid.getChildren()) {
      ((Region) card).setMinWidth(0);
    }
    page = new VBox(10, controls(), grid);
    empty =
        Ui.empty(
            Feather.TARGET,
            Strings.text("calibration.empty"),
            Strings.text("calibration.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().setAll(page, empty);
    model.state().subscribe(this::update);
  }

  private static ColumnConstraints share(double percent, double least) {
    ColumnConstraints column = new ColumnConstraints();
    column.setPercentWidth(percent);
    column.setMinWidth(least);
    column.setHgrow(Priority.ALWAYS);
    return column;
  }

  private static RowConstraints height(double percent, double least) {
    RowConstraints row = new RowConstraints();
    row.setPercentHeight(percent);
    row.setMinHeight(least);
    row.setVgrow(Priority.ALWAYS);
    return row;
  }

  // ------------------------------------------------------------------------------------- parts

  private Node controls() {
    choose.setId("calibration-models");
    part.setId("calibration-part");
    part.setAccessibleText(Strings.text("calibration.part"));
    part.setConverter(
        Words.of(part::getItems, name -> orAll(name, Strings.text("calibration.part.all"))));
    listen(part, model::setPart);
    tranche.setId("calibration-tranche");
    tranche.setAccessibleText(Strings.text("calibration.tranche"));
    tranche.setConverter(
        Words.of(tranche::getItems, name -> orAll(name, Strings.text("calibration.tranche.all"))));
    listen(tranche, model::setTranche);
    for (ChoiceBox<String> box : List.of(part, tranche)) {
      box.managedProperty().bind(box.visibleProperty());
    }
    bins.setId("calibration-bins");
    bins.setAccessibleText(Strings.text("calibration.bins"));
    bins.setEditable(true);
    bins.setPrefWidth(78);
    bins.setMinWidth(78);
    bins.valueProperty().subscribe((was, is) -> cut());
    rule.setId("calibration-rule");
    rule.setAccessibleText(Strings.text("calibration.rule"));
    rule.getItems().setAll(BinRule.MASS, BinRule.WIDTH);
    rule.setConverter(
        Words.of(
            rule::getItems,
            value ->
                switch (value) {
                  case MASS -> Strings.text("calibration.rule.mass");
                  case WIDTH -> Strings.text("calibration.rule.width");
                }));
    rule.setValue(BinRule.MASS);
    rule.valueProperty().subscribe((was, is) -> cut());
    corp.setId("calibration-corp");
    corp.setSelected(true);
    corp.setMinWidth(Region.USE_PREF_SIZE);
    corp.setOnAction(event -> model.setCorp(corp.isSelected()));
    Ui.tip(corp, Strings.text("calibration.corp.tip"));
    wait.setPrefSize(16, 16);
    wait.setMaxSize(16, 16);
    wait.visibleProperty().bind(model.busy());
    wait.setAccessibleText(Strings.text("calibration.busy"));
    export.setGraphic(Ui.icon(Feather.DOWNLOAD));
    export.setId("calibration-export");
    export.setMinWidth(Region.USE_PREF_SIZE);
    export
        .getItems()
        .addAll(
            figureMenu("calibration.reliability", () -> model.state().get().reliability()),
            figureMenu("calibration.curve", () -> model.state().get().accuracy()));
    MenuItem predictions = new MenuItem(Strings.text("calibration.predictions"));
    predictions.setId("calibration-predictions");
    predictions.setOnAction(event -> savePredictions());
    export.getItems().add(predictions);
    return Ui.row(
        8,
        choose,
        part,
        tranche,
        Ui.whole(Strings.text("calibration.bins"), "muted", "small-text"),
        bins,
        rule,
        corp,
        wait,
        Ui.spring(),
        export);
  }

  /** No value at all is for a moment, while the values change. */
  private static String orAll(@Nullable String name, String all) {
    return name == null || name.isEmpty() ? all : name;
  }

  private void listen(ChoiceBox<String> box, Consumer<String> action) {
    box.valueProperty()
        .subscribe(
            value -> {
              if (value != null && !updating) {
                action.accept(value);
              }
            });
  }

  private void cut() {
    Integer count = bins.getValue();
    BinRule how = rule.getValue();
    if (count != null && how != null && !updating) {
      model.setBins(count, how);
    }
  }

  private Menu figureMenu(String name, Supplier<Figure> figure) {
    Menu menu =
        new Menu(
            name.equals("calibration.curve")
                ? Strings.text("calibration.curve")
                : Strings.text("calibration.reliability"));
    for (FigureExport.Format format : FigureExport.Format.values()) {
      MenuItem item = new MenuItem(format.title());
      item.setOnAction(event -> export(name, figure.get(), format));
      menu.getItems().add(item);
    }
    return menu;
  }

  private void export(String name, Figure figure, FigureExport.Format format) {
    dialogs
        .askSaveFile(
            Strings.text("figures.save"),
            name.replace('.', '-') + "." + format.extension(),
            format.title(),
            format.extension())
        .ifPresent(file -> model.export(figure, FigureSize.Venue.ICML_COLUMN, file, this::saved));
  }

  private void savePredictions() {
    dialogs
        .askSaveFile(Strings.text("calibration.predictions"), "predictions.csv", "CSV", "csv")
        .ifPresent(file -> model.savePredictions(file, this::saved));
  }

  private void saved(java.nio.file.Path file) {
    notices.show(Notices.Kind.DONE, Strings.text("figures.saved", file));
  }

  private Node reliabilityCard() {
    reliability.view().setId("calibration-reliability");
    reliability.view().onPick(hit -> model.pick(hit.series(), hit.x()));
    reliability.view().setMinHeight(100);
    histogram.setId("calibration-histogram");
    histogram.setAccessibleText(Strings.text("calibration.histogram"));
    histogram.onPick(hit -> model.pick(hit.series(), hit.x()));
    histogram.setMinHeight(HISTOGRAM);
    histogram.setPrefHeight(HISTOGRAM);
    histogram.setMaxHeight(HISTOGRAM);
    // the plot of the one stands above the plot of the other
    reliability.view().mapping().subscribe(this::align);
    histogram.mapping().subscribe(this::align);
    reliability.getChildren().add(histogram);
    return reliability;
  }

  private void align() {
    double ahead = left(reliability.view()) - left(histogram);
    VBox.setMargin(histogram, new Insets(0, 0, 0, Math.max(0, ahead)));
    VBox.setMargin(reliability.view(), new Insets(0, 0, 0, Math.max(0, -ahead)));
  }

  private static double left(FigureView view) {
    return view.mapping().get().map(mapping -> mapping.plot().getMinX()).orElse(0.0);
  }

  private Node accuracyCard() {
    ChoiceBox<CalibrationCharts.Against> against = new ChoiceBox<>();
    against.getItems().setAll(CalibrationCharts.Against.values());
    against.setConverter(
        Words.of(
            against::getItems,
            value ->
                switch (value) {
                  case MARGIN -> Strings.text("calibration.against.margin");
                  case ABOVE_MARGIN -> Strings.text("calibration.against.above");
                  case ABOVE_THRESHOLD -> Strings.text("calibration.against.threshold");
                }));
    against.setValue(CalibrationCharts.Against.MARGIN);
    against.setId("calibration-against");
    against.setAccessibleText(Strings.text("calibration.against"));
    against.valueProperty().subscribe((was, is) -> model.setAgainst(is));
    accuracy.head().getChildren().add(against);
    accuracy.view().setId("calibration-accuracy");
    return accuracy;
  }

  private Node numbersCard() {
    numbers.setId("calibration-numbers");
    numbers.setHgap(8);
    numbers.setVgap(4);
    ColumnConstraints name = new ColumnConstraints();
    name.setHgrow(Priority.ALWAYS);
    ColumnConstraints value = new ColumnConstraints();
    value.setMinWidth(Region.USE_PREF_SIZE);
    value.setHalignment(HPos.RIGHT);
    numbers.getColumnConstraints().addAll(name, value);
    numbers.getStyleClass().add("scrolled");
    numbersNote.setWrapText(true);
    numbersNote.setMinHeight(Region.USE_PREF_SIZE);
    problem.setWrapText(true);
    problem.managedProperty().bind(problem.visibleProperty());
    VBox content = new VBox(6, problem, numbers);
    ScrollPane scroll = new ScrollPane(content);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    VBox card = Ui.card(numbersTitle, numbersNote, scroll);
    card.setSpacing(4);
    card.getStyleClass().add("scroll-card");
    card.setMinSize(0, 0);
    return card;
  }

  private Node pairsCard() {
    bin.setId("calibration-bin");
    bin.setAccessibleText(Strings.text("calibration.bin"));
    bin.setPrefWidth(160);
    bin.setMinWidth(120);
    bin.setConverter(
        Words.of(
            bin::getItems,
            at ->
                at == null || at < 0
                    ? Strings.text("calibration.bin.all")
                    : at < binNames.size() ? binNames.get(at) : ""));
    bin.valueProperty()
        .subscribe(
            at -> {
              if (at != null && !updating) {
                model.setBin(at < 0 ? OptionalInt.empty() : OptionalInt.of(at));
              }
            });
    search.setId("calibration-search");
    search.setPromptText(Strings.text("calibration.search"));
    search.setAccessibleText(Strings.text("calibration.search"));
    search.setPrefWidth(140);
    search.setMinWidth(100);
    PauseTransition typed = new PauseTransition(Duration.millis(120));
    typed.setOnFinished(event -> model.setSearch(search.getText()));
    search.textProperty().subscribe((was, is) -> typed.playFromStart());
    search.setOnAction(event -> model.setSearch(search.getText()));
    pairsTitle.setMinWidth(0);
    pairsTitle.setWrapText(true);
    pairsNote.setWrapText(true);
    pairsNote.managedProperty().bind(pairsNote.visibleProperty());
    VBox.setVgrow(pairs, Priority.ALWAYS);
    VBox card = Ui.card(Ui.row(8, pairsTitle, Ui.spring(), bin, search), pairsNote, pairs);
    card.setSpacing(6);
    card.setMinSize(0, 0);
    return card;
  }

  private Node compareCard() {
    compare.setHgap(8);
    compare.setVgap(2);
    compare.getStyleClass().add("scrolled");
    ColumnConstraints name = new ColumnConstraints();
    name.setHgrow(Priority.ALWAYS);
    name.setMinWidth(0);
    compare.getColumnConstraints().add(name);
    for (int i = 0; i < 2; i++) {
      ColumnConstraints number = new ColumnConstraints();
      number.setHalignment(HPos.RIGHT);
      number.setMinWidth(Region.USE_PREF_SIZE);
      compare.getColumnConstraints().add(number);
    }
    ScrollPane scroll = new ScrollPane(compare);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    compareNote.setWrapText(true);
    compareNote.setMinHeight(Region.USE_PREF_SIZE);
    compareNote.managedProperty().bind(compareNote.visibleProperty());
    VBox card =
        Ui.card(Ui.label(Strings.text("calibration.compare"), "card-title"), scroll, compareNote);
    card.setSpacing(6);
    card.getStyleClass().add("scroll-card");
    card.setMinSize(0, 0);
    return card;
  }

  // ------------------------------------------------------------------------------------ actions

  private void pickModels() {
    picker.show(model.state().get().available());
    overlay.open(
        "calibration-picker",
        Strings.text("calibration.models.title", CalibrationViewModel.MOST),
        picker,
        480,
        picker.first());
  }

  private void open(HeldOutPair pair) {
    PairView view = new PairView(pair);
    overlay.open("calibration-pair", Strings.text("calibration.pair"), view, PAIR, view.first());
  }

  // ------------------------------------------------------------------------------------- update

  private void update(CalibrationState state) {
    boolean some = !state.available().isEmpty();
    page.setVisible(some);
    empty.setVisible(!some && state.answered());
    subject.set(
        state.models().stream().map(each -> each.run().name()).collect(Collectors.joining(", ")));
    updating = true;
    try {
      fill(part, state.parts(), state.choice().part());
      fill(tranche, state.tranches(), state.choice().tranche());
      if (!state.bins().equals(binNames)) {
        binNames = state.bins();
        List<Integer> places = new ArrayList<>(List.of(-1));
        for (int i = 0; i < binNames.size(); i++) {
          places.add(i);
        }
        bin.getItems().setAll(places);
      }
      bin.setValue(state.choice().bin().orElse(-1));
    } finally {
      updating = false;
    }
    choose.setText(
        state.models().size() > 1
            ? Strings.text("calibration.models.many", state.models().size())
            : Strings.text("calibration.models"));
    reliability.show(state.reliability(), "");
    histogram.show(state.histogram());
    accuracy.show(state.accuracy(), "");
    showNumbers(state);
    showCompare(state);
    pairsTitle.setText(state.pairsTitle());
    pairsNote.setText(state.pairsNote());
    pairsNote.setVisible(!state.pairsNote().isEmpty());
    if (!pairs.getItems().equals(state.pairs())) {
      pairs.getItems().setAll(state.pairs());
      pairs.scrollTo(0);
    }
    if (overlay.isOpen()) {
      picker.show(state.available());
    }
  }

  /** The values of a choice; it goes where there is nothing to choose. */
  private static void fill(ChoiceBox<String> box, List<String> values, String value) {
    List<String> all = new ArrayList<>(List.of(""));
    values.stream().filter(each -> !each.isEmpty()).forEach(all::add);
    if (!box.getItems().equals(all)) {
      box.getItems().setAll(all);
    }
    box.setValue(all.contains(value) ? value : "");
    box.setVisible(all.size() > 2);
  }

  private void showNumbers(CalibrationState state) {
    numbers.getChildren().clear();
    state
        .focused()
        .ifPresent(
            focused -> {
              numbersTitle.setText(focused.run().name());
              problem.setText(focused.problem());
              problem.setVisible(!focused.problem().isEmpty());
              numbersNote.setText(focused.calibration().map(CalibrationView::about).orElse(""));
            });
    int row = 0;
    for (NumberLine line : state.numbers()) {
      Label name = Ui.label(line.name(), "muted", "small-text");
      Label value = Ui.whole(line.value(), "strong", "small-text");
      value.setId("calibration-" + line.id());
      Label definition =
          Ui.label(
              line.interval().isEmpty()
                  ? line.definition()
                  : Strings.text("calibration.number", line.interval(), line.definition()),
              "subtle",
              "tile-note");
      definition.setWrapText(true);
      definition.setMinHeight(Region.USE_PREF_SIZE);
      numbers.addRow(row++, name, value);
      numbers.add(definition, 0, row++, 2, 1);
    }
  }

  private static String about(PreferenceCalibration found) {
    return found.groups() == found.n()
        ? Strings.text(
            "calibration.about.rows",
            Numbers.whole(found.n()),
            Numbers.whole(found.ties()),
            Numbers.whole(found.bootstrap().draws()))
        : Strings.text(
            "calibration.about.groups",
            Numbers.whole(found.n()),
            Numbers.whole(found.ties()),
            Numbers.whole(found.bootstrap().draws()),
            Numbers.whole(found.groups()));
  }

  private void showCompare(CalibrationState state) {
    compare.getChildren().clear();
    compare.addRow(
        0,
        Ui.label(Strings.text("calibration.compare.model"), "muted", "small-text"),
        Ui.whole(Strings.text("calibration.ece"), "muted", "small-text"),
        Ui.whole(Strings.text("calibration.slope.short"), "muted", "small-text"));
    int colour = 0;
    for (int i = 0; i < state.models().size(); i++) {
      CalibrationState.Model each = state.models().get(i);
      boolean measured = each.calibration().isPresent();
      ToggleButton name = new ToggleButton(each.run().name());
      if (measured) {
        Circle dot = new Circle(4.5);
        dot.getStyleClass().add("series-" + colour++ % 7);
        name.setGraphic(dot);
      }
      name.setId("calibration-model-" + i);
      name.setMnemonicParsing(false);
      name.getStyleClass().setAll("toggle-button", "scope");
      name.setAlignment(Pos.CENTER_LEFT);
      name.setMaxWidth(Double.MAX_VALUE);
      name.setMinWidth(0);
      name.setSelected(i == state.focus());
      name.setOnAction(
          event -> {
            name.setSelected(true);
            model.focus(each.run().id());
          });
      Ui.tip(name, each.problem().isEmpty() ? each.run().id() : each.problem());
      compare.add(name, 0, i + 1);
      each.calibration()
          .ifPresent(
              found ->
                  compare.addRow(
                      compare.getRowCount() - 1,
                      Ui.whole(Numbers.fixed(found.measured().binned().ece(), 3), "small-text"),
                      Ui.whole(CalibrationNumbers.slope(found.measured().slope()), "small-text")));
    }
    compareNote.setText(state.note());
    compareNote.setVisible(!state.note().isEmpty());
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
    reliability.themed(theme);
    histogram.themed(theme);
    accuracy.themed(theme);
  }
}
