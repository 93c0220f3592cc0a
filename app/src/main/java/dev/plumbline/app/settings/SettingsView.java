package dev.plumbline.app.settings;

import dev.plumbline.app.shell.Action;
import dev.plumbline.app.shell.AppHome;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** Settings of the workbench itself, and where it keeps what. */
public final class SettingsView implements View {
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ScrollPane root;
  private Theme shown;
  private final RadioButton light = new RadioButton(Strings.text("settings.light"));
  private final RadioButton dark = new RadioButton(Strings.text("settings.dark"));

  /**
   * @param places what is kept where, by name
   * @param keys actions and their keys
   * @param toggleTheme changes to the other look
   * @param clipboard takes a text
   * @param openOther opens another workspace
   * @param diagnostics shows what this machine is
   * @param device what workers compute on now
   * @param onDevice takes another choice of it
   */
  public SettingsView(
      Theme theme,
      Map<String, Path> places,
      Map<String, String> keys,
      String version,
      Runnable toggleTheme,
      Consumer<String> clipboard,
      Action openOther,
      Action diagnostics,
      String device,
      Consumer<String> onDevice) {
    ToggleGroup group = new ToggleGroup();
    light.setToggleGroup(group);
    dark.setToggleGroup(group);
    shown = theme;
    themed(theme);
    // The selection and not the press: an arrow key selects without pressing.
    dark.selectedProperty()
        .subscribe(
            (was, is) -> {
              if (is != shown.isDark()) {
                toggleTheme.run();
              }
            });
    GridPane where = grid();
    int row = 0;
    for (Map.Entry<String, Path> place : places.entrySet()) {
      Label path = Ui.label(place.getValue().toString(), "mono");
      path.setMinWidth(0);
      GridPane.setHgrow(path, Priority.ALWAYS);
      path.setMaxWidth(Double.MAX_VALUE);
      where.addRow(
          row++,
          Ui.whole(place.getKey(), "muted"),
          path,
          Ui.iconButton(
              Strings.text("settings.copy"),
              Feather.COPY,
              () -> clipboard.accept(place.getValue().toString())));
    }
    Button other = Ui.button(openOther);
    GridPane shortcuts = grid();
    // Two columns side by side: the page then needs no scrolling at its usual size.
    int half = (keys.size() + 1) / 2;
    int number = 0;
    for (Map.Entry<String, String> key : keys.entrySet()) {
      Label does = Ui.label(key.getKey());
      GridPane.setHgrow(does, Priority.ALWAYS);
      int left = number < half ? 0 : 2;
      shortcuts.add(Ui.whole(key.getValue(), "key"), left, number % half);
      shortcuts.add(does, left + 1, number % half);
      number++;
    }
    Label hint = Ui.label(Strings.text("settings.device.hint"), "muted");
    hint.setWrapText(true);
    hint.setMaxWidth(400);
    Button look = Ui.button(diagnostics);
    look.setMinWidth(Region.USE_PREF_SIZE);
    VBox page =
        new VBox(
            14,
            Ui.card(Ui.label(Strings.text("settings.look"), "card-title"), Ui.row(18, light, dark)),
            Ui.card(
                Ui.label(Strings.text("settings.device"), "card-title"),
                Ui.row(12, devices(device, onDevice), hint, Ui.spring(), look)),
            Ui.card(Ui.label(Strings.text("settings.places"), "card-title"), where, other),
            Ui.card(Ui.label(Strings.text("settings.keys"), "card-title"), shortcuts),
            Ui.card(
                Ui.label(Strings.text("settings.about"), "card-title"),
                Ui.label(Strings.text("settings.version", version), "muted"),
                Ui.label(AppHome.environment(), "muted")));
    page.setMaxWidth(860);
    HBox centred = new HBox(page);
    centred.setAlignment(javafx.geometry.Pos.TOP_CENTER);
    HBox.setHgrow(page, Priority.ALWAYS);
    root = new ScrollPane(centred);
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
  }

  /** A number of a GPU beyond those of the list stays what it is. */
  private static ChoiceBox<String> devices(String device, Consumer<String> onDevice) {
    ChoiceBox<String> choice = new ChoiceBox<>();
    choice.getItems().setAll("auto", "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3", "mps");
    if (!choice.getItems().contains(device)) {
      choice.getItems().add(device);
    }
    choice.setConverter(
        Words.of(
            choice::getItems,
            value ->
                switch (value) {
                  case "auto" -> Strings.text("settings.device.auto");
                  case "cpu" -> Strings.text("settings.device.cpu");
                  case "mps" -> Strings.text("settings.device.mps");
                  default -> Strings.text("settings.device.cuda", value);
                }));
    choice.setValue(device);
    choice.setPrefWidth(180);
    choice.setMinWidth(180);
    choice.setId("settings-device");
    choice.setAccessibleText(Strings.text("settings.device"));
    choice.valueProperty().subscribe((was, is) -> onDevice.accept(is));
    return choice;
  }

  private static GridPane grid() {
    GridPane grid = new GridPane();
    grid.setHgap(16);
    grid.setVgap(8);
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
  public void themed(Theme theme) {
    shown = theme;
    light.setSelected(!theme.isDark());
    dark.setSelected(theme.isDark());
  }
}
