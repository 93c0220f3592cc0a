package dev.plumbline.app.figures;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureEdit;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.Palette;
import dev.plumbline.figure.Typeface;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** How figures look: venue, size, font, colours, patterns, and where series are named. */
final class FigureStylePart {
  private final FiguresViewModel model;
  private final ChoiceBox<FigureSize.Venue> venue = new ChoiceBox<>();
  private final Label source = Ui.label("", "subtle", "small-text");
  private final TextField width = new TextField();
  private final TextField height = new TextField();
  private final TextField points = new TextField();
  private final ChoiceBox<Typeface> typeface = new ChoiceBox<>();
  private final ChoiceBox<Palette> palette = new ChoiceBox<>();
  private final ChoiceBox<Figure.Legend> legend = new ChoiceBox<>();
  private final CheckBox patterns = new CheckBox(Strings.text("figures.patterns"));
  private final CheckBox ticks = new CheckBox(Strings.text("figures.ticks"));
  private final CheckBox grid = new CheckBox(Strings.text("figures.grid"));
  private final CheckBox header = new CheckBox(Strings.text("figures.header"));
  private final CheckBox captioned = new CheckBox(Strings.text("figures.captioned"));
  private final VBox node;
  private boolean updating;

  FigureStylePart(
      FiguresViewModel model,
      DialogService dialogs,
      Consumer<Path> onSaved,
      Consumer<String> onProblem,
      Consumer<FigureSize.Venue> onVenue) {
    this.model = model;
    venue.setId("figures-venue");
    choices(
        venue,
        List.of(FigureSize.Venue.values()),
        FigureStylePart::name,
        value -> {
          model.style(HouseStyle.of(value));
          onVenue.accept(value);
        });
    choices(
        typeface,
        List.of(Typeface.values()),
        value ->
            value == Typeface.SANS
                ? Strings.text("figures.typeface.sans")
                : Strings.text("figures.typeface.serif"),
        value -> model.style(style().text(value, style().points())));
    choices(
        palette,
        List.of(Palette.values()),
        Palette::title,
        value -> model.style(style().coloured(value.colours())));
    legend.setId("figure-legend");
    choices(
        legend,
        List.of(Figure.Legend.values()),
        value ->
            switch (value) {
              case LINE_ENDS -> Strings.text("figures.legend.ends");
              case TOP -> Strings.text("figures.legend.top");
              case BOTTOM -> Strings.text("figures.legend.bottom");
              case RIGHT -> Strings.text("figures.legend.right");
              case INSIDE -> Strings.text("figures.legend.inside");
              case NONE -> Strings.text("figures.legend.none");
            },
        value -> model.edit(new FigureEdit.Legend(value)));
    number(width, 0.5, 50, value -> style().sized(value, style().heightInches()));
    number(height, 0.5, 50, value -> style().sized(style().widthInches(), value));
    number(points, 3, 72, value -> style().text(style().typeface(), value));
    for (CheckBox box : List.of(patterns, ticks, grid, header, captioned)) {
      box.selectedProperty()
          .subscribe(
              (was, is) -> {
                if (!updating) {
                  model.style(
                      style()
                          .drawn(
                              patterns.isSelected(),
                              ticks.isSelected(),
                              grid.isSelected(),
                              header.isSelected(),
                              captioned.isSelected()));
                }
              });
    }
    source.setWrapText(true);
    var save =
        Ui.button(
            Strings.text("figures.style.save"),
            Feather.SAVE,
            () ->
                dialogs
                    .askSaveFile(
                        Strings.text("figures.style.save"),
                        "house-style.json",
                        Strings.text("figures.style.kind"),
                        "json")
                    .ifPresent(file -> model.saveStyle(file, onSaved, onProblem)));
    var load =
        Ui.button(
            Strings.text("figures.style.load"),
            Feather.FOLDER,
            () ->
                dialogs
                    .askOpenFile(
                        Strings.text("figures.style.load"),
                        Path.of(System.getProperty("user.home", ".")),
                        Strings.text("figures.style.kind"),
                        List.of("json"))
                    .ifPresent(file -> model.loadStyle(file, onProblem)));
    save.setId("figure-style-save");
    load.setId("figure-style-load");
    node =
        new VBox(
            9,
            FigureForm.field(Strings.text("figures.venue"), venue),
            source,
            new HBox(
                8,
                FigureForm.field(Strings.text("figures.width"), width),
                FigureForm.field(Strings.text("figures.height"), height),
                FigureForm.field(Strings.text("figures.points"), points)),
            FigureForm.field(Strings.text("figures.typeface"), typeface),
            FigureForm.field(Strings.text("figures.palette"), palette),
            FigureForm.field(Strings.text("figures.legend"), legend),
            patterns,
            ticks,
            grid,
            header,
            captioned,
            Ui.label(Strings.text("figures.style.house"), "card-title"),
            new HBox(8, save, load));
  }

  VBox node() {
    return node;
  }

  private HouseStyle style() {
    return model.state().get().style();
  }

  private static String name(FigureSize.Venue venue) {
    String width = Numbers.fixed(venue.size().widthInches(), 2);
    return venue.columns() == FigureSize.Venue.Columns.COLUMN
        ? Strings.text("figures.venue.column", venue.title(), width)
        : Strings.text("figures.venue.page", venue.title(), width);
  }

  private <T> void choices(
      ChoiceBox<T> box, List<T> all, Function<T, String> name, Consumer<T> onChoice) {
    box.getItems().setAll(all);
    box.setConverter(Words.of(box::getItems, name));
    box.valueProperty()
        .subscribe(
            (was, is) -> {
              if (is != null && !updating) {
                onChoice.accept(is);
              }
            });
  }

  private void number(
      TextField field, double low, double high, Function<Double, HouseStyle> change) {
    field.setPrefColumnCount(4);
    FigureForm.committed(
        field,
        text -> {
          var value = FigureForm.number(text);
          if (!updating
              && value.isPresent()
              && value.getAsDouble() >= low
              && value.getAsDouble() <= high) {
            model.style(change.apply(value.getAsDouble()));
          } else {
            update(model.state().get());
          }
        });
  }

  void update(FiguresState state) {
    updating = true;
    HouseStyle style = state.style();
    FigureSize.Venue named = FigureSize.Venue.of(style.name()).orElse(null);
    venue.setValue(named);
    source.setText(
        named == null ? Strings.text("figures.style.own", style.name()) : named.source());
    FigureForm.set(width, Numbers.fixed(style.widthInches(), 2));
    FigureForm.set(height, Numbers.fixed(style.heightInches(), 2));
    FigureForm.set(points, Numbers.fixed(style.points(), 1));
    typeface.setValue(style.typeface());
    palette.setValue(
        List.of(Palette.values()).stream()
            .filter(each -> each.colours().equals(style.palette()))
            .findFirst()
            .orElse(null));
    legend.setValue(state.figure().legend());
    patterns.setSelected(style.dashes());
    ticks.setSelected(style.ticks());
    grid.setSelected(style.grid());
    header.setSelected(style.header());
    captioned.setSelected(style.caption());
    updating = false;
  }
}
