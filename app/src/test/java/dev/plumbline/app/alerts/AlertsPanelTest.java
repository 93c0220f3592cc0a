package dev.plumbline.app.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.AlertSheet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;

/** Alerts in the window, and steering that is taken back. */
final class AlertsPanelTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private Path run() {
    return SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
  }

  private static AlertSheet sheet(Bench bench) {
    return Fx.call(() -> bench.feed().snapshot().get().alerts());
  }

  private void type(Bench bench, String rule) {
    Fx.run(
        () -> {
          TextField field = bench.find("#alerts-rule", TextField.class);
          field.setText(rule);
        });
  }

  private static void step(Path run, int step) {
    try (dev.plumbline.experiment.journal.JournalWriter journal =
        dev.plumbline.experiment.journal.JournalWriter.open(run.resolve("journal.jsonl"))) {
      SampleRuns.policyStep(journal, step, new Random(1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void aRuleIsWrittenComesTrueAndIsSeen(Theme theme) {
    Path run = run();
    try (Bench bench = new Bench(folder.resolve("w"), folder, theme, 1000, 700)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(1);
      Fx.run(() -> bench.actions.get("alerts").run());
      type(bench, "pm_scorre > 3");
      Label mistake = bench.find("#alerts-mistake", Label.class);
      assertThat(mistake.getText()).isEqualTo("no metric 'pm_scorre'; did you mean 'pm_score'?");
      type(bench, "pm_score > -100");
      assertThat(mistake.getText()).isEmpty();
      Fx.run(() -> bench.find("#alerts-add", Button.class).fire());
      Fx.await("the rule", () -> sheet(bench).rules().size() == 1);
      Fx.run(() -> bench.find("#alerts-defaults", Button.class).fire());
      Fx.await("the usual ones", () -> sheet(bench).rules().size() == 7);
      assertThat(sheet(bench).hits()).as("rules look at what comes from now on").isEmpty();
      step(run, 21);
      bench.feed().poke();
      Fx.await("it comes true", () -> sheet(bench).unseen() == 1);
      Button bell = bench.find("#alerts-pill", Button.class);
      assertThat(bell.isVisible()).isTrue();
      assertThat(bell.getText()).isEqualTo("1 alert");
      bench.settle();
      Fx.picture(
          bench.scene,
          PICTURES.resolve("alerts-" + theme.name().toLowerCase(Locale.ROOT) + ".png"));
      ListView<?> hits = bench.find("#alerts-hits", ListView.class);
      Fx.run(() -> hits.getSelectionModel().select(0));
      Fx.run(() -> bench.find("#alerts-seen", Button.class).fire());
      Fx.await("seen", () -> sheet(bench).unseen() == 0 && !bell.isVisible());
      Fx.run(() -> assertThat(bench.settings.history().undo()).isPresent());
      Fx.await("unseen again", () -> sheet(bench).unseen() == 1);
      Fx.run(() -> bench.settings.history().undo());
      Fx.await("the usual rules are gone", () -> sheet(bench).rules().size() == 1);
      Fx.run(() -> bench.find("#alerts-open", Button.class).fire());
      assertThat(bench.model.page().get()).isEqualTo(Page.LIVE);
      bench.settle();
      Fx.picture(
          bench.scene,
          PICTURES.resolve("alerts-live-" + theme.name().toLowerCase(Locale.ROOT) + ".png"));
    }
  }

  @Test
  void steeringIsUndoneByItsKey() {
    run();
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1280, 800)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      bench.settle();
      Slider slider = bench.find("#steer-slider-lambda_kl", Slider.class);
      Fx.run(slider::requestFocus);
      robot.press(KeyCode.RIGHT).release(KeyCode.RIGHT);
      Fx.await("steered", () -> !bench.sent.isEmpty());
      double after = ((Command.Steer) bench.sent.getFirst()).value();
      Fx.run(() -> bench.shell.requestFocus());
      robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
      Fx.await("taken back", () -> bench.sent.size() == 2);
      assertThat(bench.sent.getLast()).isInstanceOf(Command.Steer.class);
      double back = ((Command.Steer) bench.sent.getLast()).value();
      assertThat(back).isNotEqualTo(after).as("the spec's").isEqualTo(0.01);
      Fx.run(() -> assertThat(bench.settings.history().redo()).isPresent());
      assertThat(((Command.Steer) bench.sent.getLast()).value()).isEqualTo(after);
    }
  }
}
