package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.RadioButton;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;

/**
 * What a person does with pointer and keys, done by a robot in a window on the headless platform.
 */
final class InteractionTest {
  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1000, 700);
    robot.targetWindow(bench.window());
    return bench;
  }

  private void press(KeyCode... keys) {
    robot.press(keys).release(keys);
  }

  @ParameterizedTest
  @EnumSource(Page.class)
  void tabReachesEveryControlOfThePageAndTheShell(Page page) {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench()) {
      bench.awaitRuns(1);
      bench.show(page);
      bench.settle();
      Set<Node> wanted = Fx.call(() -> controls(bench));
      assertThat(wanted)
          .as("rail, palette, pill, theme and status bar at least")
          .hasSizeGreaterThan(10);
      Set<Node> reached = new LinkedHashSet<>();
      for (int i = 0; i < wanted.size() * 2 && !reached.containsAll(wanted); i++) {
        press(KeyCode.TAB);
        Node owner = Fx.call(() -> bench.scene.getFocusOwner());
        reached.add(owner);
      }
      wanted.removeAll(reached);
      assertThat(wanted).as("not reached by Tab").isEmpty();
    }
  }

  /** What can have the focus now. */
  private static Set<Node> controls(Bench bench) {
    Set<Node> found = new LinkedHashSet<>();
    for (Node node : Bench.all(bench.scene.getRoot())) {
      // Of buttons that belong together, Tab stops at the chosen one; arrows do the rest.
      boolean rest =
          node instanceof ToggleButton button
              && button.getToggleGroup() != null
              && !button.isSelected();
      if (node.isFocusTraversable() && !node.isDisabled() && !rest) {
        found.add(node);
      }
    }
    return found;
  }

  @Test
  void keysWorkWhereverTheFocusIs() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench()) {
      bench.awaitRuns(1);
      Map<KeyCode, Page> pages =
          Map.of(
              KeyCode.DIGIT1, Page.HOME,
              KeyCode.DIGIT2, Page.RUNS,
              KeyCode.DIGIT3, Page.LIVE,
              KeyCode.DIGIT4, Page.SAMPLES,
              KeyCode.DIGIT5, Page.EVALUATION,
              KeyCode.DIGIT6, Page.DATA,
              KeyCode.DIGIT7, Page.LABELS,
              KeyCode.DIGIT8, Page.STUDIES,
              KeyCode.DIGIT9, Page.FIGURES,
              KeyCode.COMMA, Page.SETTINGS);
      for (Map.Entry<KeyCode, Page> each : pages.entrySet()) {
        press(KeyCode.CONTROL, each.getKey());
        Fx.await(each.toString(), () -> bench.model.page().get() == each.getValue());
      }
      press(KeyCode.CONTROL, KeyCode.DIGIT2);
      robot.clickOn("#runs-filter").write("ppo");
      assertThat(bench.find("#runs-filter", TextField.class).getText()).isEqualTo("ppo");
      press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.L);
      assertThat(bench.shell.theme()).isEqualTo(Theme.LIGHT);
      press(KeyCode.CONTROL, KeyCode.DIGIT3);
      bench.settle();
      press(KeyCode.CONTROL, KeyCode.P);
      assertThat(bench.sent).containsExactly(new Command.Pause());
    }
  }

  @Test
  void escapeClosesWhatLiesOverThePageAndGivesTheFocusBack() {
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      Node start = bench.find("#home-start", Node.class);
      Fx.run(start::requestFocus);
      for (String over : List.of("#palette", "#jobs")) {
        press(KeyCode.CONTROL, over.equals("#jobs") ? KeyCode.J : KeyCode.K);
        assertThat(bench.find(over, Node.class).isVisible()).as(over).isTrue();
        assertThat(Fx.call(() -> bench.scene.getFocusOwner())).isNotEqualTo(start);
        press(KeyCode.ESCAPE);
        assertThat(bench.find(over, Node.class).isVisible()).as(over).isFalse();
        assertThat(Fx.call(() -> bench.scene.getFocusOwner())).isEqualTo(start);
      }
      press(KeyCode.CONTROL, KeyCode.K);
      robot.clickOn(robot.offset("#rail-settings", 0, 0));
      assertThat(bench.find("#palette", Node.class).isVisible()).as("a click beside").isFalse();
      assertThat(Fx.call(() -> bench.model.page().get())).isEqualTo(Page.HOME);
    }
  }

  @Test
  void escapeIsHeardAlthoughTheJobWithTheFocusHasEnded() throws Exception {
    Path run = SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench()) {
      bench.awaitRuns(1);
      robot.clickOn("#jobs-pill");
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.FINISHED, 20, ""));
      }
      bench.feed().poke();
      Fx.await("the job is gone", () -> bench.model.jobs().get().isEmpty());
      press(KeyCode.ESCAPE);
      assertThat(bench.find("#jobs", Node.class).isVisible()).isFalse();
    }
  }

  @Test
  void thePaletteIsUsedWithKeysAlone() {
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      press(KeyCode.CONTROL, KeyCode.K);
      robot.write("go to s");
      press(KeyCode.DOWN);
      press(KeyCode.ENTER);
      Fx.await("the second of Samples, Studies", () -> bench.model.page().get() == Page.STUDIES);
    }
  }

  @Test
  void anArrowKeyChoosesTheOtherTheme() {
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      bench.show(Page.SETTINGS);
      Fx.run(() -> bench.find(".radio-button:selected", RadioButton.class).requestFocus());
      press(KeyCode.LEFT);
      assertThat(bench.shell.theme()).isEqualTo(Theme.LIGHT);
      press(KeyCode.RIGHT);
      assertThat(bench.shell.theme()).isEqualTo(Theme.DARK);
    }
  }

  @Test
  void theSampleStudyIsStartedByAClickAndItsPolicyOpensTheLivePage() {
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      robot.clickOn("#home-start");
      assertThat(bench.studiesStarted()).isEqualTo(1);
      robot.clickOn("#home-start");
      assertThat(bench.studiesStarted()).as("it is on its way").isEqualTo(1);
      SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 12, 3, RunState.RUNNING);
      bench.awaitRuns(1);
      Fx.await("the live page", () -> bench.model.page().get() == Page.LIVE);
      bench.settle();
      robot.clickOn("#live-pause");
      assertThat(bench.sent).containsExactly(new Command.Pause());
    }
  }

  @Test
  void aSliderSendsOnceWhenItIsLetGo() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench()) {
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      bench.settle();
      Slider slider = bench.find("#steer-slider-lambda_kl", Slider.class);
      Bounds thumb =
          Fx.call(
              () ->
                  slider
                      .lookup(".thumb")
                      .localToScreen(slider.lookup(".thumb").getBoundsInLocal()));
      robot.drag(thumb.getCenterX(), thumb.getCenterY());
      robot.moveBy(-25, 0);
      robot.moveBy(-15, 0);
      assertThat(bench.sent).as("while it is held").isEmpty();
      robot.drop();
      assertThat(bench.sent).singleElement().isInstanceOf(Command.Steer.class);
    }
  }

  @Test
  void aLockedControlSaysWhyUnderThePointer() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Workspace held = Workspace.open(folder.resolve("w"))) {
      held.ingest();
      try (Bench bench = bench()) {
        bench.awaitRuns(1);
        bench.show(Page.LIVE);
        bench.settle();
        robot.moveTo("#live-pause");
        robot.moveBy(2, 1);
        Fx.await(
            "the tooltip",
            () ->
                Window.getWindows().stream()
                    .anyMatch(
                        window ->
                            window instanceof Tooltip tip
                                && tip.getText().startsWith("another Plumbline has")));
      }
    }
  }

  @Test
  void theWorkspaceMenuOffersTheWaysToAnother() {
    try (Bench bench = bench()) {
      bench.awaitRuns(0);
      bench.directory.set(folder.resolve("made"));
      robot.clickOn("#workspace-menu");
      robot.clickOn("New workspace…");
      Fx.await("the new one", () -> bench.model.workspace().get().equals("made"));
      robot.clickOn("#workspace-menu");
      robot.clickOn("Open recent w (" + folder.resolve("w") + ")");
      Fx.await("the first", () -> bench.model.workspace().get().equals("w"));
    }
  }
}
