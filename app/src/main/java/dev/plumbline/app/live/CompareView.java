package dev.plumbline.app.live;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.ComparisonChart;
import dev.plumbline.figure.Dash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Line;
import org.kordamp.ikonli.feather.Feather;

/**
 * Charts of many runs in a grid, with what is shown above and what colours stand for beside them.
 */
final class CompareView {
  private static final double[] SMOOTHING = {0, 0.6, 0.8, 0.9, 0.97};
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final CompareViewModel model;
  private final BiConsumer<String, Long> onPick;
  private final StackPane root = new StackPane();
  private final TextField filter = new TextField();
  private final Label count = Ui.whole("", "muted", "small-text");
  private final Button chosen;
  private final ComboBox<String> colour = combo("compare-colour");
  private final ComboBox<String> dash = combo("compare-dash");
  private final ComboBox<String> facet = combo("compare-facet");
  private final ComboBox<ComparisonChart.Seeds> seeds = combo("compare-seeds");
  private final ComboBox<Double> smoothing = combo("compare-smoothing");
  private final CheckBox marks = new CheckBox(Strings.text("live.marks"));
  private final CheckBox checkpoints = new CheckBox(Strings.text("live.checkpoints"));
  private final MenuButton add = new MenuButton(Strings.text("live.chart.add"));
  private final MenuButton views = new MenuButton(Strings.text("live.views"));
  private final TextField viewName = new TextField();
  private final CardGrid grid = new CardGrid();
  private final VBox keys = new VBox(2);
  private final List<CompareCard> cards = new ArrayList<>();
  private final VBox empty;
  private final VBox page;
  private Theme theme;
  private boolean showing;

  /**
   * @param onPick called with a run and a step when a point is clicked
   */
  CompareView(CompareViewModel model, Theme theme, BiConsumer<String, Long> onPick) {
    this.model = model;
    this.theme = theme;
    this.onPick = onPick;
    filter.setId("compare-filter");
    filter.setPromptText(Strings.text("live.filter"));
    filter.setAccessibleText(Strings.text("live.filter"));
    filter.setPrefWidth(230);
    filter
        .textProperty()
        .subscribe(
            (was, is) -> {
              if (!showing) {
                model.setFilter(is);
              }
            });
    Ui.tip(filter, Strings.text("live.filter.tip"));
    chosen = Ui.button(Strings.text("live.chosen"), Feather.X, () -> model.select(List.of()));
    chosen.setId("compare-chosen");
    chosen.getStyleClass().add("small");
    chosen.managedProperty().bind(chosen.visibleProperty());
    Ui.tip(chosen, Strings.text("live.chosen.tip"));
    for (ComboBox<String> box : List.of(colour, dash, facet)) {
      box.setPrefWidth(128);
      box.valueProperty().subscribe((was, is) -> group());
    }
    colour.setConverter(fields(colour, Strings.text("live.colour.run")));
    dash.setConverter(fields(dash, Strings.text("live.dash.metric")));
    facet.setConverter(fields(facet, Strings.text("live.facet.none")));
    seeds.getItems().setAll(ComparisonChart.Seeds.values());
    seeds.setConverter(
        Words.of(
            seeds::getItems,
            value ->
                switch (value) {
                  case EACH -> Strings.text("live.seeds.each");
                  case MEAN_T -> Strings.text("live.seeds.mean");
                  case IQM_BOOTSTRAP -> Strings.text("live.seeds.iqm");
                }));
    seeds.setPrefWidth(160);
    seeds.valueProperty().subscribe((was, is) -> act(() -> model.setSeeds(is)));
    for (double each : SMOOTHING) {
      smoothing.getItems().add(each);
    }
    smoothing.setConverter(
        Words.of(
            smoothing::getItems,
            value ->
                value == null || value == 0
                    ? Strings.text("live.smooth.none")
                    : Numbers.shortest(value)));
    smoothing.setPrefWidth(86);
    smoothing.valueProperty().subscribe((was, is) -> act(() -> model.setSmoothing(is)));
    Ui.tip(smoothing, Strings.text("live.smooth.tip.weight"));
    for (CheckBox box : List.of(marks, checkpoints)) {
      box.setMinWidth(Region.USE_PREF_SIZE);
      box.selectedProperty()
          .subscribe(
              (was, is) -> act(() -> model.setMarks(marks.isSelected(), checkpoints.isSelected())));
    }
    marks.setId("compare-marks");
    checkpoints.setId("compare-checkpoints");
    add.setId("compare-add");
    add.setGraphic(Ui.icon(Feather.PLUS));
    add.setMinWidth(Region.USE_PREF_SIZE);
    add.setOnShowing(event -> fillAdd());
    add.getItems().add(new MenuItem(""));
    views.setId("compare-views");
    views.setMinWidth(Region.USE_PREF_SIZE);
    views.setOnShowing(event -> fillViews());
    views.getItems().add(new MenuItem(""));
    viewName.setId("compare-view-name");
    viewName.setPromptText(Strings.text("live.view.name"));
    viewName.setAccessibleText(Strings.text("live.view.name"));
    viewName.setOnAction(event -> save());

    FlowPane bar =
        new FlowPane(
            10,
            6,
            Ui.row(6, filter, chosen, count),
            named(Strings.text("live.colour"), colour),
            named(Strings.text("live.dash"), dash),
            named(Strings.text("live.facet"), facet),
            named(Strings.text("live.seeds"), seeds),
            named(Strings.text("live.smoothing"), smoothing),
            Ui.row(8, marks, checkpoints),
            Ui.row(6, add, views));
    bar.getStyleClass().add("compare-bar");
    ScrollPane scroll = new ScrollPane(grid);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("card-scroll");
    HBox.setHgrow(scroll, Priority.ALWAYS);
    ScrollPane legend = new ScrollPane(keys);
    legend.setFitToWidth(true);
    legend.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    legend.getStyleClass().add("card-scroll");
    Ui.uncached(scroll);
    Ui.uncached(legend);
    VBox side = Ui.card(Ui.label(Strings.text("live.legend"), "card-title"), legend);
    VBox.setVgrow(legend, Priority.ALWAYS);
    side.setMinWidth(168);
    side.setPrefWidth(196);
    side.setMaxWidth(196);
    HBox body = new HBox(12, scroll, side);
    VBox.setVgrow(body, Priority.ALWAYS);
    page = new VBox(10, bar, body);
    empty =
        Ui.empty(
            Feather.ACTIVITY,
            Strings.text("live.compare.empty"),
            Strings.text("live.compare.empty.text"),
            Ui.button(Strings.text("live.compare.all"), Feather.LIST, () -> model.setFilter("")));
    empty.setMouseTransparent(false);
    empty.setPickOnBounds(false);
    root.getChildren().addAll(page, empty);
    model.state().subscribe(this::update);
    model.zooms().subscribe(ignored -> cards.forEach(CompareCard::zoomed));
    model.cross().subscribe(cross -> cards.forEach(card -> card.crossed(cross)));
  }

  Node node() {
    return root;
  }

  void themed(Theme next) {
    theme = next;
    cards.forEach(card -> card.themed(next));
  }

  private static <T> ComboBox<T> combo(String id) {
    ComboBox<T> box = new ComboBox<>();
    box.setId(id);
    box.setVisibleRowCount(16);
    return box;
  }

  private static HBox named(String name, ComboBox<?> box) {
    Label label = Ui.whole(name, "muted", "small-text");
    label.setLabelFor(box);
    box.setAccessibleText(name);
    return Ui.row(5, label, box);
  }

  private static Words<String> fields(ComboBox<String> box, String none) {
    Function<String, String> words =
        field -> field == null || field.isEmpty() ? none : CompareCharts.shortName(field);
    return Words.of(box::getItems, words);
  }

  private void act(Runnable task) {
    if (!showing) {
      task.run();
    }
  }

  private void group() {
    act(() -> model.group(text(colour), text(dash), text(facet)));
  }

  private static String text(ComboBox<String> box) {
    String value = box.getValue();
    return value == null ? "" : value;
  }

  private void update(CompareState state) {
    showing = true;
    try {
      CompareLayout layout = state.layout();
      boolean chose = !layout.runs().isEmpty();
      chosen.setVisible(chose);
      chosen.setText(Strings.text("live.chosen", layout.runs().size()));
      filter.setDisable(chose);
      if (!filter.isFocused() && !filter.getText().equals(layout.filter())) {
        filter.setText(layout.filter());
      }
      filter.pseudoClassStateChanged(WRONG, !state.problem().isEmpty());
      count.setText(
          !state.problem().isEmpty()
              ? state.problem()
              : state.runs().size() < state.matching()
                  ? Strings.text("live.newest", state.runs().size(), state.matching())
                  : Strings.text("live.count", state.runs().size()));
      choose(colour, state.fields(), layout.colour());
      choose(dash, state.fields(), layout.dash());
      choose(facet, state.fields(), layout.facet());
      seeds.setValue(layout.seeds());
      if (!smoothing.getItems().contains(layout.smoothing())) {
        smoothing.getItems().add(layout.smoothing());
      }
      smoothing.setValue(layout.smoothing());
      marks.setSelected(layout.marks());
      checkpoints.setSelected(layout.checkpoints());
    } finally {
      showing = false;
    }
    empty.setVisible(state.answered() && state.runs().isEmpty());
    updateCards(state);
    updateKeys(state);
  }

  private static void choose(ComboBox<String> box, List<String> fields, String value) {
    List<String> all = new ArrayList<>(List.of(""));
    all.addAll(fields);
    if (!value.isEmpty() && !fields.contains(value)) {
      all.add(value);
    }
    if (!box.getItems().equals(all)) {
      box.getItems().setAll(all);
    }
    box.setValue(value);
  }

  private void updateCards(CompareState state) {
    List<CompareState.Panel> panels = state.panels();
    while (cards.size() > panels.size()) {
      grid.getChildren().remove(cards.removeLast());
    }
    for (int i = 0; i < panels.size(); i++) {
      if (i < cards.size()) {
        cards.get(i).show(panels.get(i));
      } else {
        CompareCard card = new CompareCard(model, panels.get(i), onPick);
        card.themed(theme);
        cards.add(card);
        grid.getChildren().add(card);
      }
    }
  }

  private void updateKeys(CompareState state) {
    List<Node> rows = new ArrayList<>();
    for (CompareState.Key key : state.keys()) {
      Line sample = new Line(0, 0, 18, 0);
      sample.getStyleClass().addAll("key-line", "stroke-" + Math.floorMod(key.ink().index(), 7));
      sample.getStrokeDashArray().setAll(strokes(key.dash()));
      ToggleButton toggle = new ToggleButton(key.label(), sample);
      toggle.getStyleClass().addAll("flat", "key-toggle");
      toggle.setMnemonicParsing(false);
      toggle.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      toggle.setMaxWidth(Double.MAX_VALUE);
      toggle.setSelected(!key.hidden());
      toggle.setAccessibleHelp(Strings.text("live.legend.tip"));
      toggle.setOnAction(event -> model.toggle(key));
      Ui.tip(toggle, key.label() + "\n" + Strings.text("live.legend.tip"));
      rows.add(toggle);
    }
    keys.getChildren().setAll(rows);
  }

  private static List<Double> strokes(Dash dash) {
    return switch (dash) {
      case AUTO, SOLID -> List.of();
      case DASHED -> List.of(6.0, 3.0);
      case DOTTED -> List.of(1.5, 3.0);
      case DASH_DOT -> List.of(6.0, 3.0, 1.5, 3.0);
      case DASH_DOT_DOT -> List.of(6.0, 2.0, 1.5, 2.0, 1.5, 2.0);
    };
  }

  private void fillAdd() {
    MenuItem law = new MenuItem(Strings.text("live.chart.law"));
    law.setOnAction(event -> model.addLaw());
    add.getItems().setAll(law, new SeparatorMenuItem());
    for (String name : CompareCard.sorted(model.state().get())) {
      MenuItem item = new MenuItem(CompareCharts.label(name));
      item.setMnemonicParsing(false);
      item.setOnAction(event -> model.addChart(name));
      add.getItems().add(item);
    }
  }

  private void fillViews() {
    views.getItems().clear();
    for (String name : model.views().get()) {
      MenuItem open = new MenuItem(name);
      open.setMnemonicParsing(false);
      open.setOnAction(event -> model.openView(name));
      views.getItems().add(open);
    }
    if (!model.views().get().isEmpty()) {
      views.getItems().add(new SeparatorMenuItem());
    }
    Button save = Ui.button(Strings.text("live.view.save"), Feather.SAVE, this::save);
    save.setId("compare-view-save");
    CustomMenuItem form = new CustomMenuItem(Ui.row(6, viewName, save), false);
    views.getItems().add(form);
    for (String name : model.views().get()) {
      MenuItem remove = new MenuItem(Strings.text("live.view.remove", name));
      remove.setMnemonicParsing(false);
      remove.setOnAction(event -> model.removeView(name));
      views.getItems().add(remove);
    }
  }

  private void save() {
    model.saveView(viewName.getText());
    viewName.clear();
    views.hide();
  }
}
