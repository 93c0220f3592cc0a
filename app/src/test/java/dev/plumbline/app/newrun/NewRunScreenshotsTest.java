package dev.plumbline.app.newrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.runs.RunsFixture;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import java.nio.file.Path;
import java.util.Locale;
import javafx.event.Event;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of the form of a new run, in both looks, small and large: target/screenshots. */
final class NewRunScreenshotsTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  private static final String POLICY =
      """
      name: helpful-ppo-2
      seed: 2
      rlhf:
        policy: sample/base
        reward: {preference_model: run:helpful-pm}
        gold: sample-world/helpful
        prompts: [sample/prompts-train.jsonl.gz]
        iterations: 50
        batch_size: %s
        lambda_kl: %s
        learning_rate: 0.0001
        test_rewards:
          - {name: other-half, preference_model: run:helpful-pm}
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyState(Theme theme) {
    RunsFixture.write(folder.resolve("sample.plumbline"));
    states(theme, 1000, 700, "small");
    states(theme, 1440, 900, "large");
  }

  private void states(Theme theme, double width, double height, String size) {
    try (Bench bench =
        new Bench(folder.resolve("sample.plumbline"), folder, theme, width, height)) {
      if (width <= 1000) {
        bench.window(); // the headless screen is no larger
      }
      bench.awaitRuns(4);
      bench.show(Page.NEW_RUN);
      String end = size + "-" + theme.name().toLowerCase(Locale.ROOT);
      checked(bench);
      picture(bench, "newrun-empty-" + end);
      MenuButton presets = bench.find("#newrun-presets", MenuButton.class);
      if (size.equals("large")) {
        Fx.run(() -> Event.fireEvent(presets, new Event(MenuButton.ON_SHOWING)));
        Fx.run(
            () ->
                presets.getItems().stream()
                    .filter(item -> "preset-helpful-pm.yaml".equals(item.getId()))
                    .findFirst()
                    .orElseThrow()
                    .fire());
        TextArea text = bench.find("#newrun-text", TextArea.class);
        Fx.await("the sample's spec", () -> text.getText().contains("helpful-train"));
        checked(bench);
        picture(bench, "newrun-sample-" + end);
      }
      type(bench, POLICY.formatted("64", "0"));
      picture(bench, "newrun-risky-" + end);
      type(bench, POLICY.formatted("0", "many").replace("  policy: sample/base\n", ""));
      picture(bench, "newrun-wrong-" + end);
      type(bench, POLICY.formatted("64", "0.01"));
      Fx.run(() -> bench.find("#newrun-study", ToggleButton.class).fire());
      checked(bench);
      picture(bench, "newrun-study-" + end);
      Fx.run(() -> bench.find("#newrun-one", ToggleButton.class).fire());
      Fx.run(() -> bench.find("#newrun-advanced", ToggleButton.class).fire());
      checked(bench);
      picture(bench, "newrun-all-" + end);
    }
  }

  private static void type(Bench bench, String text) {
    Fx.run(() -> bench.find("#newrun-text", TextArea.class).setText(text));
    checked(bench);
  }

  private static void checked(Bench bench) {
    javafx.scene.control.Label verdict =
        bench.find("#newrun-verdict", javafx.scene.control.Label.class);
    Fx.await(
        "the text was looked at",
        () -> !verdict.getText().isEmpty() && !verdict.getText().startsWith("Looking"));
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    // A scroll pane's viewport is cached, and without a window nothing says that it is out of date.
    Fx.run(
        () -> bench.scene.getRoot().lookupAll(".viewport").forEach(each -> each.setCache(false)));
    Path file = PICTURES.resolve(name + ".png");
    Fx.picture(bench.scene, file);
    assertThat(file).isNotEmptyFile();
  }
}
