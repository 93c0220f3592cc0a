package dev.plumbline.app.settings;

import dev.plumbline.app.shell.Action;
import dev.plumbline.app.shell.SeriesPalette;
import dev.plumbline.app.shell.Settings;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.ThemeChoice;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import javafx.scene.text.Font;
import org.kordamp.ikonli.feather.Feather;

/** What a person can set, found by typing; each change is in force at once and can be undone. */
public final class SettingsView implements View {
  private static final PseudoClass FOUND = PseudoClass.getPseudoClass("found");
  private static final List<Integer> SCALES = List.of(100, 125, 150, 175, 200);
  private static final int SWATCHES = 7;
  private static final double LINE = 31;

  private final SettingsViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ScrollPane root;
  private final TextField search = new TextField();
  private final Label none = Ui.label(Strings.text("settings.none"), "muted");
  private final List<Section> sections = new ArrayList<>();
  private final Map<ThemeChoice, RadioButton> themes = new EnumMap<>(ThemeChoice.class);
  private final ChoiceBox<Integer> scale = new ChoiceBox<>();
  private final ComboBox<String> font = new ComboBox<>();
  private final ChoiceBox<Integer> reading = new ChoiceBox<>();
  private final ChoiceBox<SeriesPalette> palette = new ChoiceBox<>();
  private final ChoiceBox<String> device = new ChoiceBox<>();
  private final GridPane keys = grid();
  private final Label clashes = Ui.label("", "bad");
  private final Button resetKeys;
  private boolean showing;

  /** A row that can be found by its words. */
  private record Item(Region row, String words) {}

  /** A card with rows; gone while none of its rows is wanted. */
  private record Section(VBox card, String title, List<Item> items) {}

  /**
   * @param places what is kept where, by name
   * @param clipboard takes a text
   * @param openOther opens another workspace
   * @param diagnostics shows what this machine is
   */
  public SettingsView(
      SettingsViewModel model,
      Map<String, Path> places,
      Consumer<String> clipboard,
      Action openOther,
      Action diagnostics) {
    this.model = model;
    search.setPromptText(Strings.text("settings.search"));
    search.setAccessibleText(Strings.text("settings.search"));
    search.setId("settings-search");
    search.textProperty().subscribe(ignored -> find());
    none.setVisible(false);
    none.setManaged(false);
    section(
        Strings.text("settings.look"),
        row(Strings.text("settings.theme"), "", themes()),
        row(Strings.text("settings.scale"), Strings.text("settings.scale.hint"), scales()),
        row(Strings.text("settings.font"), Strings.text("settings.font.hint"), fonts()),
        row(Strings.text("settings.reading"), Strings.text("settings.reading.hint"), readings()),
        row(Strings.text("settings.palette"), Strings.text("settings.palette.hint"), palettes()));
    Button look = Ui.button(diagnostics);
    look.setMinWidth(Region.USE_PREF_SIZE);
    section(
        Strings.text("settings.work"),
        row(
            Strings.text("settings.device"),
            Strings.text("settings.device.hint"),
            Ui.row(10, devices(), look)));
    section(Strings.text("settings.places"), places(places, clipboard, openOther));
    resetKeys =
        Ui.button(Strings.text("settings.keys.reset"), Feather.ROTATE_CCW, model::resetKeys);
    resetKeys.setId("settings-keys-reset");
    resetKeys.setMinWidth(Region.USE_PREF_SIZE);
    clashes.setWrapText(true);
    Label how = Ui.label(Strings.text("settings.keys.hint"), "muted");
    how.setWrapText(true);
    HBox.setHgrow(how, Priority.ALWAYS);
    VBox keyCard =
        Ui.card(
            Ui.label(Strings.text("settings.keys"), "card-title"),
            Ui.row(12, how, resetKeys),
            clashes,
            keys);
    sections.add(new Section(keyCard, Strings.text("settings.keys"), new ArrayList<>()));
    VBox page = new VBox(14, search, none);
    sections.forEach(each -> page.getChildren().add(each.card()));
    page.setMaxWidth(860);
    HBox centred = new HBox(page);
    centred.setAlignment(Pos.TOP_CENTER);
    HBox.setHgrow(page, Priority.ALWAYS);
    root = new ScrollPane(centred);
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    model.settings().subscribe(this::show);
    model.keys().subscribe(ignored -> showKeys());
    model.recording().subscribe(ignored -> showKeys());
  }

  // --------------------------------------------------------------------------------- controls

  private Node themes() {
    ToggleGroup group = new ToggleGroup();
    HBox box = Ui.row(16);
    for (ThemeChoice choice : ThemeChoice.values()) {
      RadioButton button =
          new RadioButton(
              switch (choice) {
                case SYSTEM -> Strings.text("settings.system");
                case LIGHT -> Strings.text("settings.light");
                case DARK -> Strings.text("settings.dark");
                case HIGH_CONTRAST -> Strings.text("settings.contrast");
              });
      button.setToggleGroup(group);
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setId("theme-" + choice.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      // The selection and not the press: an arrow key selects without pressing.
      button
          .selectedProperty()
          .subscribe(
              (was, is) -> {
                if (is && !showing) {
                  model.theme(choice);
                }
              });
      themes.put(choice, button);
      box.getChildren().add(button);
    }
    return box;
  }

  private Node scales() {
    scale.getItems().setAll(SCALES);
    scale.setConverter(Words.of(scale::getItems, value -> value + "\u202F%"));
    return chosen(scale, "settings-scale", Strings.text("settings.scale"), model::scale);
  }

  private Node readings() {
    reading.getItems().setAll(11, 12, 13, 14, 15, 16, 18, 20, 22);
    reading.setConverter(
        Words.of(reading::getItems, value -> Strings.text("settings.pixels", value)));
    return chosen(
        reading,
        "settings-reading",
        Strings.text("settings.reading"),
        pixels -> model.readingSize(pixels));
  }

  private Node palettes() {
    palette.getItems().setAll(SeriesPalette.values());
    palette.setConverter(
        Words.of(
            palette::getItems,
            value ->
                switch (value) {
                  case OKABE_ITO -> Strings.text("settings.palette.okabe");
                  case TOL_BRIGHT -> Strings.text("settings.palette.bright");
                  case TOL_VIBRANT -> Strings.text("settings.palette.vibrant");
                  case ORDERED -> Strings.text("settings.palette.ordered");
                }));
    HBox swatches = Ui.row(4);
    for (int i = 0; i < SWATCHES; i++) {
      Rectangle swatch = new Rectangle(14, 14);
      swatch.getStyleClass().add("series-" + i);
      swatches.getChildren().add(swatch);
    }
    return Ui.row(
        12,
        chosen(palette, "settings-palette", Strings.text("settings.palette"), model::palette),
        swatches);
  }

  private Node fonts() {
    font.setId("settings-font");
    font.setAccessibleText(Strings.text("settings.font"));
    font.setPrefWidth(200);
    font.setMinWidth(200);
    font.getItems().setAll(Settings.INTER);
    // The families of the machine are asked for when they are wanted: that takes a while.
    font.setOnShowing(
        event -> {
          if (font.getItems().size() < 3) {
            List<String> all = new ArrayList<>(Font.getFamilies());
            all.removeIf(family -> family.startsWith(Settings.INTER));
            all.addFirst(Settings.INTER);
            String now = font.getValue();
            showing = true;
            font.getItems().setAll(all);
            font.setValue(now);
            showing = false;
          }
        });
    font.valueProperty()
        .subscribe(
            (was, is) -> {
              if (!showing && is != null) {
                model.font(is);
              }
            });
    return font;
  }

  private Node devices() {
    device.getItems().setAll("auto", "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3", "mps");
    device.setConverter(
        Words.of(
            device::getItems,
            value ->
                switch (value) {
                  case "auto" -> Strings.text("settings.device.auto");
                  case "cpu" -> Strings.text("settings.device.cpu");
                  case "mps" -> Strings.text("settings.device.mps");
                  default -> Strings.text("settings.device.cuda", value);
                }));
    return chosen(device, "settings-device", Strings.text("settings.device"), model::device);
  }

  private <T> ChoiceBox<T> chosen(ChoiceBox<T> box, String id, String name, Consumer<T> sink) {
    box.setId(id);
    box.setAccessibleText(name);
    box.setPrefWidth(200);
    box.setMinWidth(200);
    box.valueProperty()
        .subscribe(
            (was, is) -> {
              if (!showing && is != null) {
                sink.accept(is);
              }
            });
    return box;
  }

  private void show(Settings now) {
    showing = true;
    Objects.requireNonNull(themes.get(now.themeOrDefault())).setSelected(true);
    choose(scale, now.scale());
    // A family of another machine is kept and shown.
    if (!font.getItems().contains(now.fontOrDefault())) {
      font.getItems().add(now.fontOrDefault());
    }
    font.setValue(now.fontOrDefault());
    choose(reading, (int) Math.round(now.readingSize()));
    choose(palette, now.paletteOrDefault());
    choose(device, now.deviceOrAuto());
    showing = false;
  }

  /** A value beyond those of the list stays what it is. */
  private static <T> void choose(ChoiceBox<T> box, T value) {
    if (!box.getItems().contains(value)) {
      box.getItems().add(value);
    }
    box.setValue(value);
  }

  // ------------------------------------------------------------------------------------- rows

  private static Item row(String title, String hint, Node control) {
    Label name = Ui.label(title);
    name.setMinWidth(150);
    name.setPrefWidth(150);
    Label words = Ui.label(hint, "muted", "small-text");
    words.setWrapText(true);
    words.setManaged(!hint.isEmpty());
    VBox right = new VBox(3, control, words);
    HBox.setHgrow(right, Priority.ALWAYS);
    HBox row = new HBox(12, name, right);
    row.getStyleClass().add("setting");
    // Beside the first line of what is set, whatever stands below it.
    name.setMinHeight(LINE);
    if (control instanceof HBox line) {
      line.setMinHeight(LINE);
    }
    row.setAlignment(Pos.TOP_LEFT);
    return new Item(row, title + " " + hint);
  }

  private void section(String title, Item... items) {
    VBox card = Ui.card(Ui.label(title, "card-title"));
    for (Item item : items) {
      card.getChildren().add(item.row());
    }
    sections.add(new Section(card, title, List.of(items)));
  }

  private static Item[] places(
      Map<String, Path> places, Consumer<String> clipboard, Action openOther) {
    List<Item> items = new ArrayList<>();
    for (Map.Entry<String, Path> place : places.entrySet()) {
      String text = place.getValue().toString();
      Label path = Ui.label(text, "mono");
      path.setWrapText(true);
      HBox.setHgrow(path, Priority.ALWAYS);
      path.setMaxWidth(Double.MAX_VALUE);
      Node copy =
          Ui.iconButton(
              Strings.text("settings.copy", place.getKey()),
              Feather.COPY,
              () -> clipboard.accept(text));
      items.add(row(place.getKey(), "", Ui.row(8, path, copy)));
    }
    items.add(row("", "", Ui.button(openOther)));
    return items.toArray(Item[]::new);
  }

  private void find() {
    String query = search.getText();
    boolean asked = !query.isBlank();
    boolean any = false;
    for (Section section : sections) {
      boolean wanted = !asked;
      boolean whole = asked && SettingsViewModel.holds(query, section.title());
      for (Item item : section.items()) {
        boolean found = asked && SettingsViewModel.holds(query, section.title(), item.words());
        item.row().pseudoClassStateChanged(FOUND, found && !whole);
        wanted |= found;
      }
      wanted |= whole || (section.card().getChildren().contains(keys) && showKeys());
      section.card().setVisible(wanted);
      section.card().setManaged(wanted);
      any |= wanted;
    }
    none.setVisible(!any);
    none.setManaged(!any);
  }

  // ------------------------------------------------------------------------------------- keys

  /** Shows the keys that are asked for; gives whether there are any. */
  private boolean showKeys() {
    String query = search.getText();
    boolean all = SettingsViewModel.holds(query, Strings.text("settings.keys"));
    Node focused = root == null || root.getScene() == null ? null : root.getScene().getFocusOwner();
    String before = focused == null || focused.getId() == null ? "" : focused.getId();
    keys.getChildren().clear();
    int line = 0;
    for (SettingsViewModel.KeyRow row : model.keys().get()) {
      if (!all && !row.matches(query)) {
        continue;
      }
      addKey(row, line++);
    }
    List<SettingsViewModel.KeyRow> rows = model.keys().get();
    resetKeys.setDisable(rows.stream().noneMatch(SettingsViewModel.KeyRow::isChanged));
    clashes.setText(model.clashes().orElse(""));
    clashes.setVisible(model.clashes().isPresent());
    clashes.setManaged(clashes.isVisible());
    if (before.startsWith("key-")) {
      // The button is a new one; whoever pressed it goes on from there.
      keys.getChildren().stream()
          .filter(node -> before.equals(node.getId()))
          .findFirst()
          .ifPresent(Node::requestFocus);
    }
    return line > 0;
  }

  private void addKey(SettingsViewModel.KeyRow row, int line) {
    Label what = Ui.label(row.text());
    what.setWrapText(true);
    what.setMinHeight(Region.USE_PREF_SIZE);
    GridPane.setHgrow(what, Priority.ALWAYS);
    what.setMaxWidth(Double.MAX_VALUE);
    Label where = Ui.whole(row.where(), "subtle", "small-text");
    boolean waits = model.recording().get().equals(row.id());
    Button key =
        new Button(
            waits
                ? Strings.text("settings.keys.press")
                : row.key().isEmpty() ? Strings.text("settings.keys.nokey") : row.key());
    key.setId("key-" + row.id());
    key.setMnemonicParsing(false);
    key.getStyleClass().add("key-button");
    key.setMinWidth(140);
    key.setMaxWidth(Double.MAX_VALUE);
    key.pseudoClassStateChanged(FOUND, waits);
    key.pseudoClassStateChanged(PseudoClass.getPseudoClass("clash"), !row.clashes().isEmpty());
    key.setAccessibleText(
        Strings.text("settings.keys.of", row.text(), row.key(), String.join(", ", row.clashes())));
    key.setOnAction(event -> model.record(row.id()));
    key.focusedProperty()
        .subscribe(
            (had, has) -> {
              if (!has && model.recording().get().equals(row.id()) && key.getScene() != null) {
                model.leave();
              }
            });
    if (!row.clashes().isEmpty()) {
      Ui.tip(key, Strings.text("settings.keys.clash", String.join(", ", row.clashes())));
    }
    Button reset =
        Ui.iconButton(
            Strings.text("settings.keys.reset.one", row.text(), row.standard()),
            Feather.ROTATE_CCW,
            () -> model.resetKey(row.id()));
    reset.setId("key-reset-" + row.id());
    reset.setVisible(row.isChanged());
    keys.addRow(line, what, where, key, reset);
  }

  private static GridPane grid() {
    GridPane grid = new GridPane();
    grid.setHgap(16);
    grid.setVgap(4);
    return grid;
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
    model.readKeys();
  }

  @Override
  public void hidden() {
    model.leave();
  }
}
