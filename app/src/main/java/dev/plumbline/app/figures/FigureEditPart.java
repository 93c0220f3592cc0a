package dev.plumbline.app.figures;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureEdit;
import dev.plumbline.figure.FigureSheet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.OptionalDouble;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** What is changed of a figure: its words, its axes, its series, and panels. */
final class FigureEditPart {
  private final FiguresViewModel model;
  private final TextField title = new TextField();
  private final TextArea caption = new TextArea();
  private final AxisPart x;
  private final AxisPart y;
  private final VBox series = new VBox(6);
  private final Label panelCount = Ui.label("", "muted", "small-text");
  private final Spinner<Integer> columns = new Spinner<>(1, 6, 2);
  private final CheckBox letters = new CheckBox(Strings.text("figures.panels.letters"));
  private final ChoiceBox<FigureSheet.Shared> shared = new ChoiceBox<>();
  private final Button add;
  private final Button show;
  private final Button leave;
  private final Button clear;
  private final VBox node;
  private List<String> named = List.of();
  private boolean updating;

  /** The fields of one axis. */
  private final class AxisPart {
    private final FigureEdit.Which which;
    private final TextField label = new TextField();
    private final TextField unit = new TextField();
    private final TextField low = new TextField();
    private final TextField high = new TextField();
    private final CheckBox log = new CheckBox(Strings.text("figures.axis.log"));
    private final VBox node;

    AxisPart(FigureEdit.Which which, String name) {
      this.which = which;
      label.setId("figure-" + name + "-label");
      low.setId("figure-" + name + "-low");
      high.setId("figure-" + name + "-high");
      unit.setPrefColumnCount(4);
      low.setPrefColumnCount(4);
      high.setPrefColumnCount(4);
      low.setPromptText(Strings.text("figures.axis.auto"));
      high.setPromptText(Strings.text("figures.axis.auto"));
      FigureForm.committed(label, text -> words());
      FigureForm.committed(unit, text -> words());
      FigureForm.committed(low, text -> range());
      FigureForm.committed(high, text -> range());
      log.selectedProperty()
          .subscribe(
              (was, is) -> {
                if (!updating) {
                  model.edit(new FigureEdit.Scale(which, is ? Axis.Scale.LOG : Axis.Scale.LINEAR));
                }
              });
      Node words =
          FigureForm.field(
              which == FigureEdit.Which.X
                  ? Strings.text("figures.axis.x")
                  : Strings.text("figures.axis.y"),
              label);
      HBox.setHgrow(words, Priority.ALWAYS);
      VBox units = (VBox) FigureForm.field(Strings.text("figures.axis.unit"), unit);
      units.setMinWidth(64);
      HBox.setHgrow(units, Priority.NEVER);
      node =
          new VBox(
              5,
              new HBox(8, words, units),
              new HBox(
                  8,
                  FigureForm.field(Strings.text("figures.axis.from"), low),
                  FigureForm.field(Strings.text("figures.axis.to"), high)),
              log);
    }

    private void words() {
      if (!updating) {
        model.edit(new FigureEdit.AxisText(which, label.getText(), unit.getText()));
      }
    }

    private void range() {
      if (!updating) {
        model.edit(
            new FigureEdit.Range(
                which, FigureForm.number(low.getText()), FigureForm.number(high.getText())));
      }
    }

    void update(Axis axis) {
      FigureForm.set(label, axis.label());
      FigureForm.set(unit, axis.unit());
      FigureForm.set(low, text(axis.minimum()));
      FigureForm.set(high, text(axis.maximum()));
      log.setSelected(axis.scale() == Axis.Scale.LOG);
      boolean numbers = axis.names().isEmpty();
      for (var control : List.of(low, high, log)) {
        control.setDisable(!numbers);
      }
    }

    private static String text(OptionalDouble end) {
      return end.isPresent()
          ? new BigDecimal(end.getAsDouble())
              .round(new MathContext(6))
              .stripTrailingZeros()
              .toPlainString()
          : "";
    }
  }

  FigureEditPart(FiguresViewModel model) {
    this.model = model;
    title.setId("figure-title");
    caption.setId("figure-caption");
    caption.setWrapText(true);
    caption.setPrefRowCount(4);
    FigureForm.committed(
        title,
        text -> {
          if (!updating) {
            model.edit(new FigureEdit.Title(text));
          }
        });
    FigureForm.committed(
        caption,
        text -> {
          if (!updating) {
            model.edit(new FigureEdit.Caption(text));
          }
        });
    x = new AxisPart(FigureEdit.Which.X, "x");
    y = new AxisPart(FigureEdit.Which.Y, "y");
    shared.getItems().setAll(FigureSheet.Shared.values());
    shared.setConverter(
        Words.of(
            shared::getItems,
            value ->
                switch (value) {
                  case NONE -> Strings.text("figures.panels.share.none");
                  case X -> Strings.text("figures.panels.share.x");
                  case Y -> Strings.text("figures.panels.share.y");
                  case BOTH -> Strings.text("figures.panels.share.both");
                }));
    shared.setValue(FigureSheet.Shared.NONE);
    letters.setSelected(true);
    columns.setEditable(false);
    columns.valueProperty().subscribe((was, is) -> panelsChanged());
    letters.selectedProperty().subscribe((was, is) -> panelsChanged());
    shared.valueProperty().subscribe((was, is) -> panelsChanged());
    add = Ui.button(Strings.text("figures.panels.add"), Feather.PLUS, model::addPanel);
    show = Ui.button(Strings.text("figures.panels.show"), Feather.GRID, this::showPanels);
    leave = Ui.button(Strings.text("figures.panels.leave"), Feather.SQUARE, model::leavePanels);
    clear = Ui.button(Strings.text("figures.panels.clear"), Feather.X, model::clearPanels);
    add.setId("figure-panel-add");
    show.setId("figure-panels-show");
    for (Button button : List.of(add, show, leave, clear)) {
      button.setMaxWidth(Double.MAX_VALUE);
    }
    Label hint = Ui.label(Strings.text("figures.markup"), "subtle", "small-text");
    hint.setWrapText(true);
    panelCount.setWrapText(true);
    node =
        new VBox(
            9,
            FigureForm.field(Strings.text("figures.text.title"), title),
            FigureForm.field(Strings.text("figures.text.caption"), caption),
            hint,
            x.node,
            y.node,
            Ui.label(Strings.text("figures.series"), "card-title"),
            series,
            Ui.label(Strings.text("figures.panels"), "card-title"),
            panelCount,
            add,
            new HBox(
                8,
                FigureForm.field(Strings.text("figures.panels.columns"), columns),
                FigureForm.field(Strings.text("figures.panels.share"), shared)),
            letters,
            show,
            leave,
            clear);
  }

  VBox node() {
    return node;
  }

  private void panelsChanged() {
    if (!updating && model.state().get().sheet().isPresent()) {
      showPanels();
    }
  }

  private void showPanels() {
    model.showPanels(columns.getValue(), letters.isSelected(), shared.getValue());
  }

  void update(FiguresState state) {
    updating = true;
    Figure figure = state.figure();
    FigureForm.set(title, figure.title());
    FigureForm.set(caption, figure.caption());
    x.update(figure.x());
    y.update(figure.y());
    List<String> labels = figure.labels();
    if (!labels.equals(named)) {
      named = labels;
      series.getChildren().setAll(labels.stream().map(this::line).toList());
      if (labels.isEmpty()) {
        series.getChildren().add(Ui.label(Strings.text("figures.series.none"), "muted"));
      }
    }
    int panels = state.panels().size();
    panelCount.setText(Strings.text("figures.panels.count", panels));
    add.setDisable(state.sheet().isPresent());
    show.setDisable(panels == 0 || state.sheet().isPresent());
    leave.setDisable(state.sheet().isEmpty());
    clear.setDisable(panels == 0);
    updating = false;
  }

  private Node line(String label) {
    TextField name = new TextField(label);
    name.setAccessibleText(Strings.text("figures.series.name", label));
    name.setPrefColumnCount(8);
    HBox.setHgrow(name, Priority.ALWAYS);
    FigureForm.committed(
        name,
        text -> {
          if (!updating && !text.equals(label) && !text.isBlank()) {
            model.edit(new FigureEdit.Rename(label, text));
          }
        });
    Button up =
        Ui.iconButton(
            Strings.text("figures.series.up", label),
            Feather.CHEVRON_UP,
            () -> model.move(label, -1));
    Button down =
        Ui.iconButton(
            Strings.text("figures.series.down", label),
            Feather.CHEVRON_DOWN,
            () -> model.move(label, 1));
    Button colour =
        Ui.iconButton(
            Strings.text("figures.series.colour", label),
            Feather.DROPLET,
            () -> model.recolour(label));
    Button hide =
        Ui.iconButton(
            Strings.text("figures.series.hide", label),
            Feather.EYE_OFF,
            () -> model.edit(new FigureEdit.Hide(label)));
    return new HBox(2, name, colour, up, down, hide);
  }
}
