package dev.plumbline.app.newrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.runs.RunsFixture;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.training.PreferenceSettings;
import java.nio.file.Path;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** The form of a new run with pointer and keys: filled, mended, started; and the way from a run. */
final class NewRunPageTest {
  @TempDir private Path folder;

  private final FxRobot robot = new FxRobot();

  /**
   * A start leads to Live, whose first making loads hundreds of classes that are not in question.
   */
  @BeforeAll
  static void makeLiveOnce(@TempDir Path place) {
    RunsFixture.write(place.resolve("w"));
    try (Bench bench = new Bench(place.resolve("w"), place, Theme.LIGHT, 1000, 700)) {
      bench.awaitRuns(4);
      bench.show(Page.LIVE);
      bench.settle();
    }
  }

  @BeforeEach
  void write() {
    RunsFixture.write(folder.resolve("w"));
  }

  @AfterEach
  void releaseKeys() {
    robot.release(new KeyCode[] {});
  }

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1000, 700);
    bench.window();
    bench.awaitRuns(4);
    return bench;
  }

  private static TextInputControl field(Bench bench, String path) {
    return Fx.call(
        () ->
            (TextInputControl)
                Bench.all(bench.scene.getRoot()).stream()
                    .filter(node -> ("form-" + path).equals(node.getId()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line " + path)));
  }

  private static String text(Bench bench) {
    return Fx.call(() -> bench.find("#newrun-text", TextArea.class).getText());
  }

  private static void verdict(Bench bench, String words) {
    Label verdict = bench.find("#newrun-verdict", Label.class);
    Fx.await(words, () -> verdict.getText().contains(words));
  }

  /** Filled in by hand, wrong first; what is started is what stands on the form. */
  @Test
  void aFormIsFilledMendedAndStarted() {
    try (Bench bench = bench()) {
      Fx.run(() -> bench.actions.get("go.new_run").run());
      verdict(bench, "2 things to mend");
      Button start = bench.find("#newrun-start", Button.class);
      assertThat(start.isDisabled()).isTrue();
      robot.clickOn(field(bench, "preference.base")).write("run:base");
      robot.clickOn(field(bench, "preference.data")).write("a.jsonl");
      Fx.run(() -> field(bench, "preference.batch_size").requestFocus());
      robot.write("0");
      verdict(bench, "1 thing to mend");
      assertThat(text(bench)).contains("base: run:base", "- a.jsonl", "batch_size: 0");
      robot.write("x");
      robot.push(KeyCode.BACK_SPACE).push(KeyCode.BACK_SPACE).write("4");
      verdict(bench, "1 thing is risky");
      Fx.await("it can be started", () -> !start.isDisabled());
      Fx.run(() -> bench.find("#newrun-undo", Button.class).fire());
      assertThat(text(bench)).doesNotContain("batch_size");
      Fx.run(() -> bench.find("#newrun-redo", Button.class).fire());
      Fx.await("it can be started", () -> !start.isDisabled());
      robot.push(KeyCode.CONTROL, KeyCode.ENTER);
      Fx.await("it was started", () -> bench.started.size() == 1);
      PreferenceSettings settings =
          (PreferenceSettings)
              ExperimentSpec.parse(folder.resolve("x.yaml"), bench.started.getFirst()).settings();
      assertThat(settings.batchSize()).isEqualTo(4);
      assertThat(settings.base()).isEqualTo("run:base");
    }
  }

  /**
   * Text and form are one: what is typed as text stands in the lines, and a broken text is told.
   */
  @Test
  void theTextIsTheFormAndTheFormIsTheText() {
    try (Bench bench = bench()) {
      bench.show(Page.NEW_RUN);
      TextArea area = bench.find("#newrun-text", TextArea.class);
      Fx.run(
          () ->
              area.setText(
                  """
                  rlhf:
                    policy: p
                    reward: {preference_model: m}
                    prompts: [q.jsonl]
                    held_out:
                      - {name: a, files: [h.jsonl]}
                  """));
      assertThat(field(bench, "rlhf.policy").getText()).isEqualTo("p");
      assertThat(field(bench, "rlhf.held_out[1].name").getText()).isEqualTo("a");
      verdict(bench, "Can be started");
      Fx.run(
          () ->
              Bench.all(bench.scene.getRoot()).stream()
                  .filter(node -> "add-rlhf.held_out".equals(node.getId()))
                  .map(Button.class::cast)
                  .findFirst()
                  .orElseThrow()
                  .fire());
      verdict(bench, "2 things to mend");
      assertThat(field(bench, "rlhf.held_out[2].name").getText()).isEmpty();
      Fx.run(() -> area.setText("rlhf: [p"));
      verdict(bench, "1 thing to mend");
      assertThat(field(bench, "rlhf.policy").getText()).as("as it was").isEqualTo("p");
    }
  }

  @Test
  void aStudyHasARunForEveryCombination() {
    try (Bench bench = bench()) {
      bench.show(Page.NEW_RUN);
      Fx.run(
          () -> {
            bench
                .find("#newrun-text", TextArea.class)
                .setText("name: k\npreference: {base: b, data: [d.jsonl]}\n");
            bench.find("#newrun-study", ToggleButton.class).fire();
            bench.find("#newrun-axis-add", Button.class).fire();
          });
      Fx.run(
          () -> {
            bench.find("#axis-levels-1", TextInputControl.class).setText("1e-4, 3e-4");
            bench
                .find("#axis-key-1", javafx.scene.control.ComboBox.class)
                .getEditor()
                .setText("preference.learning_rate");
          });
      Button start = bench.find("#newrun-start", Button.class);
      Fx.await("six runs", () -> start.getText().contains("6 runs") && !start.isDisabled());
      Fx.run(start::fire);
      Fx.await("it was started", () -> bench.started.size() == 1);
      assertThat(StudyPlan.parse(folder.resolve("x.yaml"), bench.started.getFirst()).members())
          .hasSize(6);
      Fx.await("the studies are shown", () -> bench.model.page().get() == Page.STUDIES);
    }
  }

  /** A run's spec comes back as it was, and leads to another run by its name. */
  @Test
  void anotherRunBeginsWithWhatOneDid() {
    try (Bench bench = bench()) {
      bench.show(Page.RUNS);
      javafx.scene.control.TableView<?> table =
          bench.find("#runs-table", javafx.scene.control.TableView.class);
      Fx.await("the rows", () -> table.getItems().size() == 4);
      Fx.run(() -> table.getSelectionModel().clearAndSelect(0));
      bench.settle();
      Fx.run(table::requestFocus);
      robot.push(KeyCode.SHIFT, KeyCode.N);
      Fx.await("the form", () -> bench.model.page().get() == Page.NEW_RUN);
      assertThat(text(bench)).contains("rlhf:", "run:").doesNotContain("spec_hash", "inputs:");
      assertThat(field(bench, "rlhf.lambda_kl").getText()).isIn("0.1", "0.001");
    }
  }
}
