package dev.plumbline.app.live;

import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.ComparisonChart;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.feather.Feather;

/** A chart of the comparison with its menu, its keys, and a corner to pull at. */
final class CompareCard extends StackPane {
  private final CompareViewModel model;
  private final ChartCard card = new ChartCard();
  private final MenuButton menu = new MenuButton();
  private final Region corner = new Region();
  private CompareState.Panel panel;

  /**
   * @param onPick called with a run and a step when a point is clicked
   */
  CompareCard(CompareViewModel model, CompareState.Panel first, BiConsumer<String, Long> onPick) {
    this.model = model;
    this.panel = first;
    FigureView view = card.view();
    view.setCrowd(true);
    view.setNaming(
        hit -> {
          String run = model.state().get().name(ComparisonChart.runOf(hit.series()));
          ChartSpec spec = spec();
          return spec.y().size() == 1 && !spec.law()
              ? run
              : run + "  " + CompareCharts.label(ComparisonChart.metricOf(hit.series()));
        });
    view.onZoom(part -> model.zoom(panel.axis(), part));
    view.onCross(at -> model.cross(panel.axis(), at));
    view.onPick(
        hit -> {
          if (Double.isFinite(hit.step())) {
            onPick.accept(ComparisonChart.runOf(hit.series()), (long) hit.step());
          }
        });
    view.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    menu.getStyleClass().addAll("flat", "chart-choice");
    menu.setGraphic(Ui.icon(Feather.MORE_HORIZONTAL));
    menu.setAccessibleText(Strings.text("live.chart.menu"));
    menu.setOnShowing(event -> fill());
    menu.getItems().add(new MenuItem("")); // else it would not open
    card.head().getChildren().add(menu);
    corner.getStyleClass().add("card-corner");
    corner.setCursor(Cursor.SE_RESIZE);
    corner.setMaxSize(16, 16);
    Ui.tip(corner, Strings.text("live.chart.corner"));
    StackPane.setAlignment(corner, javafx.geometry.Pos.BOTTOM_RIGHT);
    corner.setOnMouseDragged(
        event -> {
          if (getParent() instanceof CardGrid grid) {
            javafx.geometry.Point2D at = sceneToLocal(event.getSceneX(), event.getSceneY());
            int[] size = grid.steps(at.getX(), at.getY());
            CardGrid.size(this, size[0], size[1]);
          }
          event.consume();
        });
    corner.setOnMouseReleased(
        event -> {
          if (getParent() instanceof CardGrid grid) {
            javafx.geometry.Point2D at = sceneToLocal(event.getSceneX(), event.getSceneY());
            int[] size = grid.steps(at.getX(), at.getY());
            model.resize(panel.chart(), size[0], size[1]);
          }
        });
    getChildren().addAll(card, corner);
    show(first);
  }

  private ChartSpec spec() {
    List<ChartSpec> charts = model.state().get().layout().charts();
    return panel.chart() < charts.size() ? charts.get(panel.chart()) : ChartSpec.of("loss");
  }

  void show(CompareState.Panel next) {
    panel = next;
    ChartSpec spec = spec();
    setId("compare-chart-" + next.chart() + (next.facet().isEmpty() ? "" : "-" + next.facet()));
    menu.setId("compare-menu-" + next.chart());
    CardGrid.size(this, spec.width(), spec.height());
    card.show(next.figure(), next.definition());
    zoomed();
  }

  /** Looks at the part that is looked at on its axis. */
  void zoomed() {
    card.view().zoom(model.zooms().get().get(panel.axis()));
  }

  void crossed(Optional<CompareViewModel.Cross> cross) {
    card.view()
        .cross(
            cross
                .filter(each -> each.axis().equals(panel.axis()))
                .map(CompareViewModel.Cross::at)
                .orElse(Double.NaN));
  }

  void themed(Theme theme) {
    card.themed(theme);
  }

  FigureView view() {
    return card.view();
  }

  private void key(KeyEvent event) {
    if (event.isControlDown() || event.isAltDown()) {
      return;
    }
    ChartSpec spec = spec();
    int chart = panel.chart();
    KeyCode code = event.getCode();
    switch (code) {
      case Y -> model.setLog(chart, spec.logX(), !spec.logY());
      case X -> model.setLog(chart, !spec.logX(), spec.logY());
      case O -> model.setOutliersOut(chart, !spec.outliersOut());
      case DELETE -> model.remove(chart);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void fill() {
    CompareState state = model.state().get();
    ChartSpec spec = spec();
    int chart = panel.chart();
    Menu metrics = new Menu(Strings.text("live.chart.metrics"));
    metrics.setId("compare-metrics");
    for (String name : sorted(state)) {
      CheckMenuItem item = new CheckMenuItem(CompareCharts.label(name));
      item.setMnemonicParsing(false);
      item.setSelected(spec.y().contains(name) && !spec.law());
      item.setOnAction(event -> model.toggleMetric(chart, name));
      metrics.getItems().add(item);
    }
    metrics.setDisable(spec.law());
    Menu alone = new Menu(Strings.text("live.chart.metric"));
    for (String name : sorted(state)) {
      MenuItem item = new MenuItem(CompareCharts.label(name));
      item.setMnemonicParsing(false);
      item.setOnAction(event -> model.setMetric(chart, name));
      alone.getItems().add(item);
    }
    Menu against = new Menu(Strings.text("live.chart.against"));
    for (String place : ChartSpec.PLACES) {
      against.getItems().add(place(chart, spec, place, placeName(place)));
    }
    against.getItems().add(new SeparatorMenuItem());
    for (String name : sorted(state)) {
      against.getItems().add(place(chart, spec, name, CompareCharts.label(name)));
    }
    against.setDisable(spec.law());
    menu.getItems()
        .setAll(
            alone,
            metrics,
            against,
            check(
                Strings.text("live.chart.logy"),
                spec.logY(),
                () -> model.setLog(chart, spec.logX(), !spec.logY())),
            check(
                Strings.text("live.chart.logx"),
                spec.logX(),
                () -> model.setLog(chart, !spec.logX(), spec.logY())),
            check(
                Strings.text("live.chart.outliers"),
                spec.outliersOut(),
                () -> model.setOutliersOut(chart, !spec.outliersOut())),
            item(
                Strings.text("live.chart.whole"), () -> model.zoom(panel.axis(), Optional.empty())),
            new SeparatorMenuItem(),
            item(Strings.text("live.chart.wider"), () -> model.grow(chart, 1, 0)),
            item(Strings.text("live.chart.narrower"), () -> model.grow(chart, -1, 0)),
            item(Strings.text("live.chart.taller"), () -> model.grow(chart, 0, 1)),
            item(Strings.text("live.chart.lower"), () -> model.grow(chart, 0, -1)),
            item(Strings.text("live.chart.left"), () -> model.move(chart, -1)),
            item(Strings.text("live.chart.right"), () -> model.move(chart, 1)),
            new SeparatorMenuItem(),
            item(Strings.text("live.chart.remove"), () -> model.remove(chart)));
  }

  /** What runs are drawn against besides metrics, in words. */
  static String placeName(String place) {
    return switch (place) {
      case "samples" -> Strings.text("live.axis.samples");
      case "tokens" -> Strings.text("live.axis.tokens");
      case "time" -> Strings.text("live.axis.time");
      default -> Strings.text("live.axis.step");
    };
  }

  static List<String> sorted(CompareState state) {
    return state.metrics().stream()
        .sorted(Comparator.comparing(CompareCharts::label, String.CASE_INSENSITIVE_ORDER))
        .toList();
  }

  private RadioMenuItem place(int chart, ChartSpec spec, String place, String name) {
    RadioMenuItem item = new RadioMenuItem(name);
    item.setMnemonicParsing(false);
    item.setSelected(spec.x().equals(place));
    item.setOnAction(event -> model.setX(chart, place));
    return item;
  }

  private static CheckMenuItem check(String text, boolean on, Runnable task) {
    CheckMenuItem item = new CheckMenuItem(text);
    item.setSelected(on);
    item.setOnAction(event -> task.run());
    return item;
  }

  private static MenuItem item(String text, Runnable task) {
    MenuItem item = new MenuItem(text);
    item.setOnAction(event -> task.run());
    return item;
  }

  /** The button of the menu, for tests. */
  Node menu() {
    return menu;
  }
}
