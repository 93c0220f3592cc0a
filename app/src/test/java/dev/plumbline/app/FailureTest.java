package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.shell.Action;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.UncaughtErrors;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.faulty.FaultyView;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails does not take the window with it, and a second window changes nothing. */
final class FailureTest {
  @TempDir private Path folder;

  private Bench bench() {
    Bench bench = new Bench(folder.resolve("w"), folder.resolve("home"), Theme.DARK, 1000, 700);
    bench.awaitRuns(0);
    return bench;
  }

  @Test
  void aPageThatCannotBeMadeSaysSoAndTheOthersGoOn() {
    AtomicInteger attempts = new AtomicInteger();
    try (Bench bench = bench()) {
      Fx.run(
          () ->
              bench.shell.register(
                  Page.FIGURES,
                  _ -> {
                    if (attempts.incrementAndGet() < 3) {
                      throw new IllegalStateException("the ink is dry");
                    }
                    return new FaultyView();
                  }));
      bench.show(Page.FIGURES);
      assertThat(Fx.call(() -> bench.model.page().get())).isEqualTo(Page.FIGURES);
      Fx.run(() -> bench.find("#failed-copy", Button.class).fire());
      assertThat(bench.copied.getLast()).contains("the ink is dry", "JavaFX", "FailureTest");
      Fx.run(() -> bench.find("#failed-retry", Button.class).fire());
      assertThat(bench.find("#failed", Node.class)).as("it fails again").isNotNull();
      bench.show(Page.RUNS);
      assertThat(bench.find("#runs-table", Node.class)).isNotNull();
      bench.show(Page.FIGURES);
      Fx.run(() -> bench.find("#failed-retry", Button.class).fire());
      assertThat(bench.find("#failed", Node.class)).isNull();
      assertThat(bench.find("#faulty", Node.class)).isNotNull();
    }
  }

  @Test
  void aPageThatFailsWhileItIsShownOrUpdatedIsReplacedByTheReason() {
    UncaughtErrors errors = new UncaughtErrors(Instant::now);
    List<String> told = new ArrayList<>();
    try (Bench bench = bench()) {
      bench.window();
      FaultyView view = Fx.call(FaultyView::new);
      errors.onReport(
          report -> {
            told.add(report.message());
            Fx.run(() -> assertThat(bench.shell.broke(report)).isTrue());
          });
      Thread.UncaughtExceptionHandler before =
          Fx.call(() -> Thread.currentThread().getUncaughtExceptionHandler());
      Fx.run(() -> Thread.currentThread().setUncaughtExceptionHandler(errors));
      try {
        Fx.run(() -> bench.shell.register(Page.FIGURES, _ -> view));
        bench.show(Page.FIGURES);
        // A listener that throws is told to the thread's handler by the toolkit.
        Fx.run(() -> view.update("bad news"));
        Fx.await("the card", () -> bench.scene.lookup("#failed") != null);
        assertThat(told).containsExactly("bad news");
        Fx.run(() -> view.mend());
        Fx.run(() -> bench.find("#failed-retry", Button.class).fire());
        assertThat(bench.find("#faulty", Node.class)).isNotNull();
        Fx.run(
            () -> {
              View shownBadly = FaultyView.thatFailsWhenShown();
              bench.shell.register(Page.SAMPLES, _ -> shownBadly);
            });
        bench.show(Page.SAMPLES);
        assertThat(bench.find("#failed", Node.class)).isNotNull();
        bench.show(Page.HOME);
        assertThat(bench.find("#home-start", Button.class)).isNotNull();
      } finally {
        Fx.run(() -> Thread.currentThread().setUncaughtExceptionHandler(before));
      }
    }
  }

  @Test
  void anErrorOfAButtonLeavesItsPageAlone() {
    try (Bench bench = bench()) {
      Fx.run(() -> bench.shell.register(Page.FIGURES, _ -> new FaultyView()));
      bench.show(Page.FIGURES);
      UncaughtErrors.Report report =
          new UncaughtErrors.Report(
              "P-1",
              "no",
              "java.lang.Error: no\n\tat "
                  + FaultyView.class.getName()
                  + ".press(FaultyView.java)\n\tat"
                  + " com.sun.javafx.event.EventUtil.fireEvent(EventUtil.java)");
      assertThat(Fx.call(() -> bench.shell.broke(report))).isFalse();
      assertThat(bench.find("#faulty", Node.class)).isNotNull();
    }
  }

  @Test
  void theSecondWorkbenchOfAWorkspaceSaysSoAndEveryEditIsOffWithTheReason() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.FINISHED);
    try (Bench first =
        new Bench(folder.resolve("w"), folder.resolve("h1"), Theme.DARK, 1000, 700)) {
      first.awaitRuns(1);
      assertThat(Fx.call(() -> first.feed().access().get())).isEqualTo(Access.WRITING);
      try (Bench second =
          new Bench(folder.resolve("w"), folder.resolve("h2"), Theme.DARK, 1000, 700)) {
        second.awaitRuns(1);
        assertThat(Fx.call(() -> second.model.banner().get().orElseThrow().text()))
            .contains("Another Plumbline has this workspace open");
        List<Action> edits =
            Fx.call(
                () ->
                    second.actions.all().stream()
                        .filter(
                            action ->
                                action.id().matches("(sample|study|live|run|data|evaluate)\\..*"))
                        .toList());
        assertThat(edits).hasSizeGreaterThan(6);
        for (Action edit : edits) {
          assertThat(Fx.call(() -> edit.enabled().get())).as(edit.text()).isFalse();
          assertThat(Fx.<String>call(() -> edit.obstacle().get()))
              .as(edit.text())
              .contains("another Plumbline");
        }
        second.show(Page.RUNS);
        second.settle();
        TableView<?> table = second.find("#runs-table", TableView.class);
        Fx.await("the run", () -> table.getItems().size() == 1);
        Fx.run(() -> table.getSelectionModel().select(0));
        second.settle();
        List<MenuItem> items =
            Fx.call(
                () -> {
                  table
                      .getContextMenu()
                      .getOnShowing()
                      .handle(new javafx.stage.WindowEvent(null, javafx.stage.WindowEvent.ANY));
                  return List.copyOf(table.getContextMenu().getItems());
                });
        assertThat(items.getFirst().getText()).contains("another Plumbline");
        for (String id : List.of("star", "tag", "untag", "rename", "archive", "delete", "branch")) {
          assertThat(items)
              .filteredOn(item -> ("runs-" + id).equals(item.getId()))
              .singleElement()
              .matches(MenuItem::isDisable, id + " is off");
        }
        Fx.run(() -> second.settings.change("theme", now -> now.withScale(125)));
        assertThat(Fx.call(() -> second.settings.settings().get().scale()))
            .as("settings are the window's own")
            .isEqualTo(125);
      }
    }
  }
}
