package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Action;
import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.PreferencesFile;
import dev.plumbline.app.shell.Settings;
import dev.plumbline.app.shell.ThemeChoice;
import dev.plumbline.app.shell.UncaughtErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kordamp.ikonli.feather.Feather;

/** What needs no window. */
final class ViewModelsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.01|0.01",
        "0.005|0.005",
        "100|100",
        "1.5|1.5",
        "0.0002|2e-4",
        "0|0",
        "1000|1,000"
      })
  void shortest(double value, String text) {
    assertThat(Numbers.shortest(value).replace('\u2212', '-')).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "48|48 s",
        "108|1 min 48 s",
        "3599.6|1 h 00 min",
        "7500|2 h 05 min",
        "NaN|–",
        "-1|–"
      })
  void durations(double seconds, String text) {
    assertThat(Numbers.duration(seconds)).isEqualTo(text);
  }

  @Test
  void nothingIsMinusNothing() {
    assertThat(Numbers.fixed(-0.001, 2)).isEqualTo("0.00");
    assertThat(Numbers.signed(-0.001, 2)).isEqualTo("0.00");
    assertThat(Numbers.signed(1.234, 1)).isEqualTo("+1.2");
    assertThat(Numbers.fixed(Double.NaN, 2)).isEqualTo(Numbers.NONE);
  }

  @Test
  void preferencesSurviveARestartAndADamagedFile() throws Exception {
    try (PreferencesFile file = new PreferencesFile(folder, "1")) {
      file.change(
          p -> p.withSettings(Settings.defaults().withTheme(ThemeChoice.LIGHT)).withVenue("jmlr"));
      for (int i = 1; i <= 9; i++) {
        String place = "/w/" + i;
        file.change(p -> p.withWorkspace(place));
      }
      file.change(p -> p.withWorkspace("/w/7").withoutRecent("/w/9"));
    }
    try (PreferencesFile again = new PreferencesFile(folder, "1")) {
      assertThat(again.get().settingsOrDefaults().theme()).isEqualTo(ThemeChoice.LIGHT);
      assertThat(again.get().venue()).isEqualTo("jmlr");
      assertThat(again.get().workspace()).isEqualTo("/w/7");
      assertThat(again.get().recentOrNone())
          .containsExactly("/w/7", "/w/8", "/w/6", "/w/5", "/w/4", "/w/3", "/w/2");
    }
    Files.writeString(
        folder.resolve("preferences.json"),
        "{\"settings\": {\"theme\": \"PURPLE\", \"scale\": 900, \"later\": 1}, \"later\": 1,"
            + " \"width\": 1200}");
    try (PreferencesFile tolerant = new PreferencesFile(folder, "1")) {
      assertThat(tolerant.get().settingsOrDefaults().themeOrDefault()).isEqualTo(ThemeChoice.DARK);
      assertThat(tolerant.get().settingsOrDefaults().scale())
          .as("brought in bounds")
          .isEqualTo(200);
      assertThat(tolerant.get().settingsOrDefaults().readingSize()).isEqualTo(13);
      assertThat(tolerant.get().width()).isEqualTo(1200);
      assertThat(tolerant.get().chartAxis()).isEqualTo("step");
    }
    Files.writeString(folder.resolve("preferences.json"), "{\"theme\": ");
    try (PreferencesFile damaged = new PreferencesFile(folder, "1")) {
      assertThat(damaged.get().width()).isEqualTo(1440);
    }
  }

  @Test
  void aStormOfOneErrorIsShownOnce() {
    List<UncaughtErrors.Report> shown = new ArrayList<>();
    Instant[] now = {Instant.EPOCH};
    UncaughtErrors errors = new UncaughtErrors(() -> now[0]);
    errors.onReport(shown::add);
    for (int i = 0; i < 100; i++) {
      errors.uncaughtException(Thread.currentThread(), new IllegalStateException("storm " + i));
    }
    errors.uncaughtException(Thread.currentThread(), new IllegalArgumentException("another"));
    assertThat(shown)
        .extracting(UncaughtErrors.Report::message)
        .containsExactly("storm 0", "another");
    assertThat(shown.get(0).code()).isNotEqualTo(shown.get(1).code());
    now[0] = Instant.EPOCH.plusSeconds(60);
    errors.uncaughtException(Thread.currentThread(), new IllegalArgumentException("a third place"));
    assertThat(shown).hasSize(3);
  }

  @Test
  void actionsAreFoundByTheirWordsInAnyOrder() {
    Actions actions = new Actions();
    actions.add(Action.of("a", "Write a checkpoint now", Feather.SAVE, null, () -> {}));
    actions.add(Action.of("b", "Stop the run with a checkpoint", Feather.SQUARE, null, () -> {}));
    assertThat(actions.matching("checkpoint")).hasSize(2);
    assertThat(actions.matching("now write")).extracting(Action::id).containsExactly("a");
    assertThat(actions.matching("stop")).extracting(Action::id).containsExactly("b");
    assertThat(actions.matching("xyz")).isEmpty();
  }
}
