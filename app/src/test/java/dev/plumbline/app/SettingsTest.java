package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.settings.SettingsViewModel;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.PreferencesFile;
import dev.plumbline.app.shell.SeriesPalette;
import dev.plumbline.app.shell.Settings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.ThemeChoice;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** Settings: in force at once, remembered, undone; keys; found by typing. */
final class SettingsTest {
  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder.resolve("home"), Theme.DARK, 1000, 700);
    bench.awaitRuns(0);
    robot.targetWindow(bench.window());
    return bench;
  }

  private void press(KeyCode... keys) {
    robot.press(keys).release(keys);
  }

  @Test
  @SuppressWarnings("unchecked")
  void everySettingIsInForceAtOnceIsRememberedAndIsUndone() {
    try (Bench bench = bench()) {
      bench.show(Page.SETTINGS);
      Settings first = bench.settings.settings().get();
      Fx.run(() -> bench.find("#theme-high-contrast", RadioButton.class).fire());
      assertThat(bench.shell.theme()).isEqualTo(Theme.HIGH_CONTRAST);
      Fx.run(() -> bench.find("#settings-scale", ChoiceBox.class).setValue(150));
      Fx.run(() -> bench.scene.getRoot().layout());
      assertThat(Fx.call(() -> bench.scene.lookup(".top-bar").localToScene(0, 48).getY()))
          .as("48 pixels high, half as large again")
          .isEqualTo(72);
      Fx.run(() -> bench.find("#settings-reading", ChoiceBox.class).setValue(18));
      Fx.run(
          () ->
              bench.find("#settings-palette", ChoiceBox.class).setValue(SeriesPalette.TOL_BRIGHT));
      Fx.run(() -> bench.find("#settings-device", ChoiceBox.class).setValue("cpu"));
      Fx.run(() -> bench.find("#key-palette", Button.class).fire());
      press(KeyCode.CONTROL, KeyCode.B);
      Settings now = bench.settings.settings().get();
      assertThat(now.themeOrDefault()).isEqualTo(ThemeChoice.HIGH_CONTRAST);
      assertThat(now.scale()).isEqualTo(150);
      assertThat(now.readingSize()).isEqualTo(18);
      assertThat(now.paletteOrDefault()).isEqualTo(SeriesPalette.TOL_BRIGHT);
      assertThat(now.deviceOrAuto()).isEqualTo("cpu");
      assertThat(now.keysOrNone()).containsOnlyKeys("palette");
      assertThat(bench.preferences.get().settings()).as("for the file").isEqualTo(now);

      Fx.run(() -> bench.scene.getRoot().requestFocus());
      for (int i = 0; i < 6; i++) {
        press(KeyCode.CONTROL, KeyCode.Z);
      }
      assertThat(bench.settings.settings().get()).isEqualTo(first);
      assertThat(bench.shell.theme()).isEqualTo(Theme.DARK);
      for (int i = 0; i < 6; i++) {
        press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.Z);
      }
      assertThat(bench.settings.settings().get()).isEqualTo(now);
    }
    try (PreferencesFile again = new PreferencesFile(folder.resolve("home"), "test")) {
      assertThat(again.get().settingsOrDefaults().scale()).isEqualTo(150);
      assertThat(again.get().settingsOrDefaults().keysOrNone()).containsKey("palette");
    }
  }

  @Test
  void aKeyIsChangedNamesItsClashAndIsReset() {
    try (Bench bench = bench()) {
      bench.show(Page.SETTINGS);
      Fx.run(() -> bench.find("#key-palette", Button.class).fire());
      press(KeyCode.CONTROL, KeyCode.J);
      assertThat(bench.find("#jobs", Node.class).isVisible()).as("it was taken as a key").isFalse();
      assertThat(bench.find("#key-palette", Button.class).getText()).isEqualTo("Ctrl+J");
      assertThat(texts(bench))
          .anyMatch(text -> text.startsWith("One key means two things: Ctrl+J"));
      Fx.run(() -> bench.find("#key-reset-palette", Button.class).fire());
      assertThat(bench.find("#key-palette", Button.class).getText()).isEqualTo("Ctrl+K");
      Fx.run(() -> bench.find("#key-jobs", Button.class).fire());
      press(KeyCode.BACK_SPACE);
      press(KeyCode.CONTROL, KeyCode.J);
      assertThat(bench.find("#jobs", Node.class).isVisible()).as("it has no key now").isFalse();
      Fx.run(() -> bench.find("#key-jobs", Button.class).fire());
      press(KeyCode.ESCAPE);
      press(KeyCode.CONTROL, KeyCode.DIGIT1);
      Fx.await("keys do again what they do", () -> bench.model.page().get() == Page.HOME);
      bench.show(Page.SETTINGS);
      Fx.run(() -> bench.find("#settings-keys-reset", Button.class).fire());
      press(KeyCode.CONTROL, KeyCode.J);
      assertThat(bench.find("#jobs", Node.class).isVisible()).isTrue();
    }
  }

  @Test
  void aKeyOfAPageIsChangedAndHeardThere() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.FINISHED);
    try (Bench bench =
        new Bench(folder.resolve("w"), folder.resolve("home"), Theme.DARK, 1000, 700)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(1);
      Fx.run(() -> bench.settings.change("a key", now -> now.withKey("runs.group", "F7")));
      bench.show(Page.RUNS);
      bench.settle();
      Fx.run(() -> bench.find("#runs-table", Node.class).requestFocus());
      press(KeyCode.G);
      assertThat(bench.scene.lookup("#runs-grouping")).isNull();
      int before = Fx.call(() -> Bench.all(bench.scene.getRoot()).size());
      press(KeyCode.F7);
      assertThat(Fx.call(() -> Bench.all(bench.scene.getRoot()).size()))
          .as("something to choose has come up")
          .isGreaterThan(before);
    }
  }

  @Test
  void noTwoKeysOfTheWorkbenchClashAsItIsMade() {
    try (Bench bench = bench()) {
      List<SettingsViewModel.KeyRow> rows =
          Fx.call(
              () -> {
                try (SettingsViewModel model =
                    new SettingsViewModel(bench.settings, bench.actions)) {
                  return model.keys().get();
                }
              });
      assertThat(rows).hasSizeGreaterThan(30);
      assertThat(rows).allSatisfy(row -> assertThat(row.clashes()).as(row.text()).isEmpty());
    }
  }

  @Test
  void settingsAreFoundByTyping() {
    try (Bench bench = bench()) {
      bench.show(Page.SETTINGS);
      TextField search = bench.find("#settings-search", TextField.class);
      Map<String, String> rows =
          Map.of(
              "contrast theme",
              "Theme",
              "size of dialogues",
              "Reading size",
              "colours",
              "Colours of charts");
      for (Map.Entry<String, String> each : rows.entrySet()) {
        Fx.run(() -> search.setText(each.getKey().replace("contrast ", "")));
        assertThat(Fx.call(() -> found(bench))).as(each.getKey()).contains(each.getValue());
      }
      Fx.run(() -> search.setText("go to runs"));
      assertThat(
              Fx.call(
                  () -> bench.scene.lookup("#key-go.runs") != null || hasKey(bench, "key-go.runs")))
          .isTrue();
      assertThat(Fx.call(() -> hasKey(bench, "key-palette"))).as("it is another").isFalse();
      Fx.run(() -> search.setText("no such thing at all"));
      assertThat(texts(bench)).contains("No setting has these words.");
    }
  }

  private static boolean hasKey(Bench bench, String id) {
    return Bench.all(bench.scene.getRoot()).stream().anyMatch(node -> id.equals(node.getId()));
  }

  /** The names of the rows that are marked. */
  private static List<String> found(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .filter(node -> node.getPseudoClassStates().contains(PseudoClass.getPseudoClass("found")))
        .filter(javafx.scene.layout.HBox.class::isInstance)
        .map(node -> ((Label) ((javafx.scene.layout.HBox) node).getChildren().getFirst()).getText())
        .toList();
  }

  private static List<String> texts(Bench bench) {
    return Fx.call(
        () ->
            Bench.all(bench.scene.getRoot()).stream()
                .filter(Label.class::isInstance)
                .map(node -> ((Label) node).getText())
                .filter(java.util.Objects::nonNull)
                .toList());
  }
}
