package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of the samples page in both looks, small and large: target/screenshots. */
final class SamplesScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyPart(Theme theme) {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo-1", 60, 7, RunState.FINISHED);
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo-with-2", 74, 3, RunState.RUNNING);
    SampleRuns.measured(
        folder.resolve("w"), "sheet-1", SheetFixture.SPEC, AnswersViewModelTest.table());
    parts(theme, 1440, 900, "large");
    parts(theme, 1000, 700, "small");
    try (Bench bench = new Bench(folder.resolve("none"), folder, theme, 1000, 700)) {
      bench.awaitRuns(0);
      bench.show(Page.SAMPLES);
      bench.settle();
      picture(bench, "samples-empty-" + theme.name().toLowerCase(Locale.ROOT));
      Fx.run(() -> bench.find("#samples-part-median", ToggleButton.class).fire());
      picture(bench, "samples-median-empty-" + theme.name().toLowerCase(Locale.ROOT));
    }
  }

  private void parts(Theme theme, double width, double height, String size) {
    String end = size + "-" + theme.name().toLowerCase(Locale.ROOT);
    try (Bench bench = new Bench(folder.resolve("w"), folder, theme, width, height)) {
      if (width <= 1000) {
        bench.window(); // the headless screen is no larger
      }
      bench.awaitRuns(3);
      bench.show(Page.SAMPLES);
      bench.settle();
      picture(bench, "samples-sheet-" + end);
      ChoiceBox<TokenQuantity> colour = colours(bench);
      Fx.run(() -> colour.setValue(TokenQuantity.KL));
      bench.settle();
      Fx.run(() -> ((TokenFlow) bench.scene.getRoot().lookup(".tokens")).choose(3));
      picture(bench, "samples-kl-" + end);
      Fx.run(() -> colour.setValue(TokenQuantity.ADVANTAGE));
      bench.settle();
      assertThat(Fx.call(() -> bench.scene.getRoot().lookupAll(".token").toString()))
          .contains("tilt-")
          .doesNotContain("heat-");
      picture(bench, "samples-advantage-" + end);
      Fx.run(() -> bench.find("#samples-difference", ToggleButton.class).fire());
      ListView<?> prompts = bench.find("#samples-prompts", ListView.class);
      Fx.run(() -> prompts.getSelectionModel().selectIndices(0, 1, 2));
      bench.settle();
      picture(bench, "samples-difference-" + end);
      Fx.run(() -> bench.find("#samples-part-try", ToggleButton.class).fire());
      picture(bench, "samples-try-" + end);
      Fx.run(() -> bench.find("#samples-part-median", ToggleButton.class).fire());
      bench.settle();
      picture(bench, "samples-median-" + end);
    }
  }

  @SuppressWarnings("unchecked")
  private static ChoiceBox<TokenQuantity> colours(Bench bench) {
    return bench.find("#samples-colour", ChoiceBox.class);
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    Fx.picture(bench.scene, PICTURES.resolve(name + ".png"));
  }
}
