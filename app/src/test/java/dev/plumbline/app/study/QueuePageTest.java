package dev.plumbline.app.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.SampleStudies;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.QueueLine;
import dev.plumbline.workspace.WorkQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;

/** The queue on the page of studies: its order by keys, holding, taking out, and undoing it all. */
final class QueuePageTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  private List<Long> fill() {
    Path w = folder.resolve("w");
    Path first = SampleRuns.policy(w, "sample-policy", 60, 1, RunState.RUNNING);
    SampleStudies.stopped(w);
    List<WorkQueue.Request> requests = new ArrayList<>();
    for (String title : List.of("Sample policy", "Second seed", "Third seed", "Fourth seed")) {
      requests.add(
          new WorkQueue.Request(
              QueueEntry.Kind.RUN,
              requests.isEmpty() ? String.valueOf(first.getFileName()) : "run-" + requests.size(),
              title,
              "auto",
              0));
    }
    requests.add(
        new WorkQueue.Request(
            QueueEntry.Kind.STUDY,
            "20261101-140000",
            "Helpful and harmless accuracy against the mixture and the loss weight",
            "auto",
            0));
    try (WorkQueue queue = WorkQueue.open(w)) {
      List<Long> numbers = queue.add(requests);
      queue.begin(numbers.getFirst());
      return numbers;
    }
  }

  private static List<Long> order(ListView<?> list) {
    return Fx.call(
        () -> list.getItems().stream().map(item -> ((QueueLine) item).entry().number()).toList());
  }

  private static QueueEntry.State state(ListView<?> list, int at) {
    return Fx.call(() -> ((QueueLine) list.getItems().get(at)).entry().state());
  }

  private ListView<?> open(Bench bench) {
    bench.show(Page.STUDIES);
    Fx.run(() -> bench.find("#studies-queue", ToggleButton.class).fire());
    ListView<?> list = bench.find("#queue", ListView.class);
    Fx.await("the entries", () -> list.getItems().size() == 5);
    return list;
  }

  private void alt(KeyCode key) {
    robot.press(KeyCode.ALT, key).release(key, KeyCode.ALT);
  }

  @Test
  void theOrderIsChangedByKeysAndEverythingIsUndone() {
    List<Long> n = fill();
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1280, 800)) {
      robot.targetWindow(bench.window());
      ListView<?> list = open(bench);
      Fx.run(
          () -> {
            list.requestFocus();
            list.getSelectionModel().select(3);
          });
      alt(KeyCode.UP);
      Fx.await(
          "moved",
          () -> order(list).equals(List.of(n.get(0), n.get(1), n.get(3), n.get(2), n.get(4))));
      assertThat(list.getSelectionModel().getSelectedIndex()).as("it stays chosen").isEqualTo(2);
      robot.press(KeyCode.SPACE).release(KeyCode.SPACE);
      Fx.await("held back", () -> state(list, 2) == QueueEntry.State.PAUSED);
      robot.press(KeyCode.DELETE).release(KeyCode.DELETE);
      Fx.await("taken out", () -> state(list, 2) == QueueEntry.State.CANCELLED);
      Fx.run(() -> assertThat(bench.settings.history().undo()).isPresent());
      Fx.await("back, and held still", () -> state(list, 2) == QueueEntry.State.PAUSED);
      Fx.run(() -> assertThat(bench.settings.history().undo()).isPresent());
      Fx.await("waits again", () -> state(list, 2) == QueueEntry.State.WAITING);
      Fx.run(() -> assertThat(bench.settings.history().undo()).isPresent());
      Fx.await("the order before", () -> order(list).equals(n));
      Fx.run(() -> assertThat(bench.settings.history().redo()).isPresent());
      Fx.await("moved again", () -> order(list).get(2).equals(n.get(3)));
      Fx.run(() -> list.getSelectionModel().select(0));
      assertThat(bench.find("#queue-up", Button.class).isDisabled())
          .as("what is at work has no turn to move")
          .isTrue();
      Fx.run(() -> bench.find("#queue-cancel", Button.class).fire());
      Fx.await(
          "asked to stop",
          () -> ((QueueLine) list.getItems().getFirst()).entry().wish() == QueueEntry.Wish.CANCEL);
      Fx.run(() -> bench.find("#queue-hold", ToggleButton.class).fire());
      Fx.await("held", () -> bench.feed().snapshot().get().queue().terms().paused());
    }
  }

  @Test
  void studiesAreAddedFromTheMenuAndFromTheirPage() {
    SampleStudies.stopped(folder.resolve("w"));
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.LIGHT, 1000, 700)) {
      bench.awaitRuns(0);
      bench.show(Page.STUDIES);
      bench.settle();
      Fx.run(() -> bench.find("#studies-enqueue", Button.class).fire());
      assertThat(bench.queued).containsExactly(new RunControl.Queued.OldStudy("20261101-140000"));
      MenuButton add = bench.find("#queue-add-first", MenuButton.class);
      Fx.run(() -> add.getItems().getFirst().fire());
      assertThat(bench.queued).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void pictures(Theme theme) {
    fill();
    String end = "-" + theme.name().toLowerCase(Locale.ROOT);
    try (Bench bench = new Bench(folder.resolve("w"), folder, theme, 1000, 700)) {
      ListView<?> list = open(bench);
      try (WorkQueue queue = WorkQueue.open(folder.resolve("w"))) {
        queue.pause(queue.order().get(3));
        queue.enter(queue.order().get(1), QueueEntry.State.FAILED, "batch 3 does not fit");
      }
      Fx.await("failed", () -> state(list, 1) == QueueEntry.State.FAILED);
      bench.settle();
      Fx.picture(bench.scene, PICTURES.resolve("queue-small" + end + ".png"));
      Fx.run(() -> bench.find("#studies-results", ToggleButton.class).fire());
      bench.settle();
      Fx.picture(bench.scene, PICTURES.resolve("studies-small" + end + ".png"));
    }
    try (Bench bench = new Bench(folder.resolve("empty"), folder, theme, 1000, 700)) {
      bench.awaitRuns(0);
      bench.show(Page.STUDIES);
      Fx.run(() -> bench.find("#studies-queue", ToggleButton.class).fire());
      bench.settle();
      Fx.picture(bench.scene, PICTURES.resolve("queue-empty" + end + ".png"));
    }
  }
}
