package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** The main path of the samples page with pointer and keys. */
final class SamplesPageTest {
  @TempDir private Path folder;
  private final FxRobot robot = new FxRobot();

  private Bench bench(int runs) {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1000, 700);
    robot.targetWindow(bench.window());
    bench.awaitRuns(runs);
    bench.show(Page.SAMPLES);
    bench.settle();
    return bench;
  }

  private void press(KeyCode... keys) {
    robot.press(keys).release(keys);
    WaitForAsyncUtils.waitForFxEvents();
  }

  private static List<Node> cards(Bench bench) {
    return Fx.call(() -> List.copyOf(bench.scene.getRoot().lookupAll(".sample")));
  }

  private static List<Node> below(Bench bench, String selector) {
    return Fx.call(
        () ->
            bench.scene.getRoot().lookupAll(selector).stream()
                .filter(SamplesPageTest::seen)
                .toList());
  }

  private static boolean seen(Node node) {
    for (Node each = node; each != null; each = each.getParent()) {
      if (!each.isVisible()) {
        return false;
      }
    }
    return true;
  }

  @Test
  void aPromptIsPickedComparedColouredAndTakenOut() throws Exception {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 60, 3, RunState.FINISHED);
    try (Bench bench = bench(1)) {
      ListView<?> prompts = bench.find("#samples-prompts", ListView.class);
      robot.clickOn("#samples-filter").write("till");
      Fx.await("one prompt", () -> prompts.getItems().size() == 1);
      Fx.await("its cards", () -> cards(bench).size() == 2);

      // The steps before and after, by keys: the first column stands at the initial policy.
      Fx.run(() -> bench.find("#samples-step-1", ChoiceBox.class).getSelectionModel().select(1));
      bench.settle();
      robot.clickOn("#samples-difference");
      bench.settle();
      assertThat(below(bench, ".diff-added")).as("the policy is the same at step 0").isEmpty();
      Fx.run(() -> bench.find("#samples-step-1", ChoiceBox.class).getSelectionModel().select(0));
      bench.settle();
      Fx.await("the difference", () -> !below(bench, ".diff-added").isEmpty());
      assertThat(Fx.call(() -> texts(below(bench, ".diff-added")))).contains("won't");
      assertThat(Fx.call(() -> texts(below(bench, ".diff-removed")))).contains("one");

      ChoiceBox<TokenQuantity> colour = colours(bench);
      Fx.run(() -> colour.setValue(TokenQuantity.KL));
      bench.settle();
      Fx.await("the tokens", () -> !below(bench, ".token").isEmpty());
      assertThat(below(bench, ".diff-added")).as("one of both at a time").isEmpty();
      assertThat(below(bench, ".heat-swatch")).hasSize(HeatScale.STEPS);
      Label facts = bench.find("#samples-token-facts", Label.class);
      TokenFlow flow = (TokenFlow) below(bench, ".tokens").getLast();
      Fx.run(flow::requestFocus);
      press(KeyCode.RIGHT);
      assertThat(Fx.call(facts::getText)).contains("\u201c won'\u201d", "KL", "advantage");
      press(KeyCode.END);
      assertThat(Fx.call(facts::getText)).contains("\u201cend\u201d");
      robot.moveTo(below(bench, ".token").getFirst());
      WaitForAsyncUtils.waitForFxEvents();
      assertThat(Fx.call(facts::getText)).contains("\u201c you\u201d");

      Fx.run(() -> colour.setValue(TokenQuantity.ADVANTAGE));
      bench.settle();
      assertThat(below(bench, ".token"))
          .as("another quantity colours the tokens anew")
          .anyMatch(
              node -> node.getStyleClass().stream().anyMatch(name -> name.startsWith("tilt-")))
          .noneMatch(
              node -> node.getStyleClass().stream().anyMatch(name -> name.startsWith("heat-")));

      Fx.run(() -> bench.find("#samples-export", MenuButton.class).getItems().get(1).fire());
      assertThat(bench.copied).singleElement().asString().contains("i won't help", "PM score");
      Path file = folder.resolve("samples.html");
      bench.saveTo.set(file);
      Fx.run(() -> bench.find("#samples-export", MenuButton.class).getItems().getLast().fire());
      Fx.await("the file", () -> Files.exists(file));
      assertThat(Files.readString(file)).contains("i won&#39;t help", "test PM half-b");
    }
  }

  private static String texts(List<Node> nodes) {
    return String.join("|", nodes.stream().map(node -> ((Text) node).getText()).toList());
  }

  @SuppressWarnings("unchecked")
  private static ChoiceBox<TokenQuantity> colours(Bench bench) {
    return bench.find("#samples-colour", ChoiceBox.class);
  }

  @Test
  void aMedianSheetIsReadAndTakenOut() {
    SampleRuns.measured(
        folder.resolve("w"), "sheet-1", SheetFixture.SPEC, AnswersViewModelTest.table());
    try (Bench bench = bench(1)) {
      robot.clickOn("#samples-part-median");
      bench.settle();
      ListView<?> prompts = bench.find("#samples-median-prompts", ListView.class);
      Fx.await("prompts", () -> prompts.getItems().size() == 3);
      Fx.run(() -> prompts.getSelectionModel().select(2));
      bench.settle();
      assertThat(below(bench, ".median-model")).hasSize(2);
      assertThat(below(bench, ".pill-in")).as("one median a model is in sight").hasSize(2);
      Fx.run(() -> bench.find("#samples-export", MenuButton.class).getItems().get(1).fire());
      assertThat(bench.copied)
          .singleElement()
          .asString()
          .contains("question 2?", "answer 9 of base", "rank 9 of 17")
          .doesNotContain("answer 8");
    }
  }

  @Test
  void theListIsWalkedWithTheArrowKeys() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 60, 3, RunState.RUNNING);
    try (Bench bench = bench(1)) {
      ListView<?> prompts = bench.find("#samples-prompts", ListView.class);
      Fx.run(
          () -> {
            prompts.requestFocus();
            prompts.getSelectionModel().clearAndSelect(0);
          });
      press(KeyCode.DOWN);
      bench.settle();
      assertThat(cards(bench)).hasSize(2);
      press(KeyCode.SHIFT, KeyCode.DOWN);
      bench.settle();
      Fx.await("two prompts", () -> cards(bench).size() == 4);
    }
  }
}
