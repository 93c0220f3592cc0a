package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.app.samples.SamplesState;
import dev.plumbline.app.shell.Action;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main path through the whole window, on the headless platform. */
final class WorkbenchTest {
  @TempDir private Path folder;

  private Bench bench(double width, double height) {
    return new Bench(folder.resolve("w"), folder.resolve("home"), Theme.DARK, width, height);
  }

  @Test
  void theFirstButtonStartsTheStudyAndThePolicyOpensTheLivePage() throws Exception {
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(0);
      Fx.run(() -> bench.find("#home-start", Button.class).fire());
      assertThat(bench.studiesStarted()).isEqualTo(1);
      assertThat(Fx.call(() -> bench.find("#home-start", Button.class).isDisabled())).isTrue();

      SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 12, 3, RunState.RUNNING);
      bench.awaitRuns(1);
      Fx.await("the live page", () -> bench.find("#live-pause", Button.class) != null);
    }
  }

  @Test
  void theFilterOfTheRunsTableAsksWordsAndLastValues() {
    SampleRuns.preference(folder.resolve("w"), "helpful-pm");
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo-1", 120, 7, RunState.FINISHED);
    SampleRuns.policy(folder.resolve("w"), "harmless-ppo", 30, 9, RunState.FAILED);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(3);
      bench.show(Page.RUNS);
      TableView<?> table = bench.find("#runs-table", TableView.class);
      TextField filter = bench.find("#runs-filter", TextField.class);
      Fx.await("all", () -> table.getItems().size() == 3);
      Fx.run(() -> filter.setText("helpful"));
      Fx.await("two are helpful", () -> table.getItems().size() == 2);
      Fx.run(() -> filter.setText("helpful pm_score > 0.5"));
      Fx.await("one has a score", () -> table.getItems().size() == 1);
      Fx.run(() -> filter.setText("failed"));
      Fx.await("another failed", () -> table.getItems().size() == 1);
      Fx.run(() -> filter.setText("failed pm_score >"));
      Label note = bench.find("#runs-filter-note", Label.class);
      assertThat(Fx.<String>call(note::getText)).isEqualTo("At 18: a number is needed here");
      assertThat(Fx.call(() -> table.getItems().size())).as("the last that was right").isEqualTo(1);
      Fx.run(() -> filter.setText("rewrd>1"));
      Fx.await("none", () -> table.getItems().isEmpty());
      assertThat(Fx.<String>call(note::getText)).isEqualTo("No run has rewrd.last.");
    }
  }

  @Test
  void theLiveChartGrowsWithTheJournalAndSteeringWaitsForIt() throws Exception {
    Path run = SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      bench.settle();
      assertThat(charts(bench)).isGreaterThanOrEqualTo(5);
      assertThat(Fx.call(() -> bench.find("#status-device", Label.class).getText()))
          .isEqualTo("CPU · 2 threads");

      Fx.run(() -> bench.find("#live-pause", Button.class).fire());
      assertThat(bench.sent).containsExactly(new Command.Pause());

      TextField lambda = bench.find("#steer-lambda_kl", TextField.class);
      Fx.run(
          () -> {
            lambda.setText("0.002");
            lambda.fireEvent(new javafx.event.ActionEvent());
          });
      assertThat(bench.sent).last().isEqualTo(new Command.Steer("lambda_kl", 0.002));
      assertThat(pending(bench)).isTrue();
      Fx.run(
          () -> {
            lambda.setText("7000");
            lambda.fireEvent(new javafx.event.ActionEvent());
          });
      assertThat(bench.sent).as("out of bounds is not sent").hasSize(2);

      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.Steered(21, "lambda_kl", 0.01, 0.002));
        SampleRuns.policyStep(journal, 21, new Random(1));
      }
      bench.feed().poke();
      Fx.await("the change is in force", () -> !pendingNow(bench));
    }
  }

  @Test
  void aStudyIsStoppedAfterAQuestionAndGoesOnWithOneButton() {
    Path workspace = folder.resolve("w");
    String done = id(SampleRuns.preference(workspace, "helpful-pm"));
    String now = id(SampleRuns.policy(workspace, "helpful-ppo", 20, 3, RunState.RUNNING));
    List<String> members = List.of(done, now, "later-1", "later-2");
    try (Bench bench = bench(1000, 700)) {
      bench.studies.set(List.of(study(RunState.RUNNING, members)));
      bench.awaitRuns(2);
      bench.show(Page.LIVE);
      bench.settle();
      Button button = bench.find("#live-study", Button.class);
      assertThat(Fx.call(button::getText)).isEqualTo("Stop study");

      bench.yes.set(false);
      Fx.run(button::fire);
      assertThat(bench.stopped).as("the person said no").isEmpty();
      assertThat(bench.questions)
          .singleElement()
          .asString()
          .contains(
              "Stop the study three things?",
              "helpful-ppo writes a checkpoint, stops, and can be resumed.",
              "The 2 runs after it do not start.",
              "every finished run are kept");

      bench.yes.set(true);
      Fx.run(() -> bench.find("#jobs-pill", Button.class).fire());
      Fx.run(() -> bench.find("#stop-s1", Button.class).fire());
      assertThat(bench.stopped).containsExactly("s1");
      Fx.run(button::fire);
      assertThat(bench.stopped).as("it is asked once").hasSize(1);
      assertThat(Fx.call(() -> button.isDisabled() && button.getText().equals("Stopping…")))
          .isTrue();
      assertThat(Fx.call(() -> bench.actions.get("study.stop").enabled().get())).isFalse();

      bench.studies.set(List.of(study(RunState.STOPPED, members)));
      bench.feed().poke();
      Fx.await("it can be continued", () -> button.getText().equals("Continue study"));
      Fx.run(button::fire);
      assertThat(bench.continued).containsExactly("s1");
      bench.show(Page.HOME);
      Fx.run(() -> bench.find("#home-study", Button.class).fire());
      assertThat(bench.continued).containsExactly("s1", "s1");
    }
  }

  @Test
  void theLivePageStaysAtARunThatHasJustEnded() throws Exception {
    Path workspace = folder.resolve("w");
    Path run = SampleRuns.preference(workspace, "helpful-pm");
    SampleRuns.policy(workspace, "later-ppo", 0, 3, RunState.QUEUED);
    SampleRuns.me(run);
    try (Bench bench = bench(1000, 700);
        JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 125, ""));
      bench.awaitRuns(2);
      bench.show(Page.LIVE);
      bench.settle();
      Label name = bench.find(".crumb-subject", Label.class);
      assertThat(Fx.call(name::getText)).isEqualTo("helpful-pm");
      journal.append(new JournalEvent.State(RunState.STOPPED, 125, ""));
      bench.feed().poke();
      Fx.await("it has ended", () -> bench.model.jobs().get().isEmpty());
      bench.settle();
      assertThat(Fx.call(name::getText)).isEqualTo("helpful-pm");
    }
  }

  private static StudyProgress study(RunState state, List<String> runs) {
    return new StudyProgress("s1", "three things", state, "", runs);
  }

  private static String id(Path run) {
    return String.valueOf(run.getFileName());
  }

  @Test
  void anotherWorkspaceIsOpenedWhileTheWindowStays() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    Path other = folder.resolve("other");
    SampleRuns.preference(other, "pm-1");
    SampleRuns.preference(other, "pm-2");
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.RUNS);
      bench.directory.set(other);
      key(bench.scene.getRoot(), KeyCode.O, true);
      Fx.await("the other workspace", () -> bench.model.folder().get().equals(other));
      bench.awaitRuns(2);
      assertThat(Fx.call(() -> bench.model.page().get())).isEqualTo(Page.RUNS);
      TableView<?> table = bench.find("#runs-table", TableView.class);
      Fx.await("its runs", () -> table.getItems().size() == 2);
      assertThat(bench.find("#workspace-menu", MenuButton.class).getText()).isEqualTo("other");
      assertThat(Fx.call(() -> bench.model.jobs().get())).as("of the old one").isEmpty();

      Action back = Fx.call(() -> bench.actions.get("workspace.recent.0"));
      assertThat(back.text()).contains(folder.resolve("w").toString());
      Fx.run(back::run);
      Fx.await("the first again", () -> bench.model.workspace().get().equals("w"));
      bench.awaitRuns(1);
      assertThat(Fx.call(() -> bench.workspaces.current().feed().access().get()))
          .as("it was let go and is not held by its own past")
          .isEqualTo(Access.WRITING);
    }
  }

  @Test
  void aLookThatGoesOnWhenItsWorkspaceIsLeftChangesNothingInTheNext() throws Exception {
    Path left = folder.resolve("w");
    Path run = SampleRuns.policy(left, "helpful-ppo", 20, 3, RunState.RUNNING);
    Path other = folder.resolve("other");
    SampleRuns.preference(other, "pm-1");
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      StoreFeed feed = bench.feed();
      bench.beforeStudies.set(
          place -> {
            if (place.equals(left)) {
              entered.countDown();
              await(goOn);
            }
          });
      await(entered);
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.FAILED, 20, "no memory"));
      }
      Files.createDirectories(left.resolve("runs/bad"));
      Files.writeString(left.resolve("runs/bad/spec.json"), "{");
      feed.poke();
      Fx.run(() -> bench.workspaces.open(other));
      Fx.await("the other workspace", () -> bench.model.folder().get().equals(other));
      bench.awaitRuns(1);
      bench.studies.set(List.of(study(RunState.RUNNING, List.of(id(run)))));
      String saved = Fx.call(() -> bench.model.saved().get());
      goOn.countDown();
      Fx.await(
          "the end of the old look",
          () ->
              feed.snapshot().get().runs().stream()
                  .anyMatch(row -> row.state() == RunState.FAILED));
      assertThat(Fx.call(() -> notices(bench))).doesNotContain("helpful-ppo", "no memory");
      assertThat(Fx.call(() -> bench.model.saved().get())).isEqualTo(saved);
    } finally {
      goOn.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWorkspaceThatIsChosenTwiceOrByALinkIsOpenedOnce() throws Exception {
    Path other = folder.resolve("other");
    SampleRuns.preference(other, "pm-1");
    Path link = Files.createSymbolicLink(folder.resolve("link"), other);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(0);
      Fx.run(
          () -> {
            bench.workspaces.open(other);
            bench.workspaces.open(link);
            bench.workspaces.open(other);
          });
      Fx.await("the other workspace", () -> bench.model.folder().get().equals(other));
      bench.awaitRuns(1);
      Fx.run(() -> bench.workspaces.open(link));
      Fx.await("it is open", () -> notices(bench).contains(other + " is open"));
      assertThat(Fx.call(() -> List.copyOf(bench.connected)))
          .containsExactly(folder.resolve("w"), other);
    }
  }

  @Test
  void aWorkspaceThatCannotBeOpenedIsOneLineAndChangesNothing() throws Exception {
    Path diary = Files.createDirectories(folder.resolve("diary"));
    Files.writeString(diary.resolve("workspace.db"), "not a database, a diary");
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(0);
      for (Path bad : List.of(diary, folder.resolve("nowhere"), Path.of("/proc/self"))) {
        Fx.run(() -> bench.workspaces.open(bad));
        Fx.await("one line on " + bad, () -> notices(bench).contains(bad.toString()));
      }
      Fx.run(() -> bench.workspaces.create(folder));
      Fx.await("not over others' files", () -> notices(bench).contains("is there and not empty"));
      assertThat(Files.readString(diary.resolve("workspace.db"))).contains("a diary");
      assertThat(folder.resolve("nowhere")).doesNotExist();
      assertThat(Fx.call(() -> bench.model.workspace().get())).isEqualTo("w");

      Fx.run(() -> bench.workspaces.create(folder.resolve("fresh")));
      Fx.await("a new one", () -> bench.model.workspace().get().equals("fresh"));
      assertThat(folder.resolve("fresh/workspace.db")).exists();
    }
  }

  @Test
  void aFirstWorkspaceThatCannotBeOpenedStaysSaid() throws Exception {
    Files.writeString(
        Files.createDirectories(folder.resolve("w")).resolve("workspace.db"), "diary");
    try (Bench bench = bench(1000, 700)) {
      Fx.await("the banner", () -> bench.scene.lookup("#banner").isVisible());
      assertThat(Fx.call(() -> bench.model.banner().get().orElseThrow().text()))
          .contains("is not a database; move it away or choose another workspace");
      bench.directory.set(null);
      Fx.run(() -> bench.find("#banner-act", Button.class).fire());
      Fx.run(() -> bench.workspaces.create(folder.resolve("fresh")));
      Fx.await("the banner goes", () -> !bench.scene.lookup("#banner").isVisible());
    }
  }

  /** The texts of the notices that are shown now. */
  private static String notices(Bench bench) {
    return Bench.all(bench.shell.notices()).stream()
        .filter(Label.class::isInstance)
        .map(node -> ((Label) node).getText())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aWorkspaceThatAnotherProcessHoldsIsForReadingUntilItIsLetGo() {
    Path workspace = folder.resolve("w");
    SampleRuns.policy(workspace, "helpful-ppo", 20, 3, RunState.RUNNING);
    Workspace other = Workspace.open(workspace);
    other.ingest();
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      assertThat(Fx.call(() -> bench.model.banner().get().orElseThrow().text()))
          .contains("Another Plumbline has this workspace open", "takes over when that one closes");
      for (Page page : List.of(Page.HOME, Page.RUNS, Page.LIVE)) {
        bench.show(page);
        bench.settle();
        for (String id : List.of("#home-start", "#runs-stop", "#live-pause", "#live-checkpoint")) {
          Button button = bench.find(id, Button.class);
          assertThat(button == null || Fx.call(button::isDisabled)).as(id).isTrue();
        }
      }
      assertThat(Fx.call(() -> bench.find("#steer-lambda_kl", TextField.class).isDisabled()))
          .isTrue();
      Action pause = Fx.call(() -> bench.actions.get("live.pause"));
      assertThat(pause.enabled().get()).isFalse();
      assertThat(pause.obstacle().get()).isEqualTo("another Plumbline has this workspace open");
      assertThat(Fx.call(() -> guards(bench)))
          .as("the reason is the tooltip of each wrapper")
          .isNotEmpty()
          .allSatisfy(text -> assertThat(text).startsWith("another Plumbline has"));

      other.close();
      Fx.await("it is taken over", () -> bench.model.banner().get().isEmpty());
      bench.settle();
      assertThat(Fx.call(() -> bench.find("#live-pause", Button.class).isDisabled())).isFalse();
      assertThat(Fx.call(() -> guards(bench))).isEmpty();
    } finally {
      other.close();
    }
  }

  /** The tooltips of parts that are locked now. */
  private static List<String> guards(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .map(node -> node.getProperties().get("javafx.scene.control.Tooltip"))
        .filter(Tooltip.class::isInstance)
        .map(tip -> ((Tooltip) tip).getText())
        .filter(text -> text.contains("another Plumbline"))
        .toList();
  }

  @Test
  void newResponsesChangeTheirCardsAndLeaveTheReaderWhereHeIs() throws Exception {
    Path run = SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.SAMPLES);
      bench.settle();
      ListView<?> prompts = bench.find("#samples-prompts", ListView.class);
      Fx.run(() -> prompts.getSelectionModel().clearSelection());
      Fx.run(() -> prompts.getSelectionModel().selectIndices(1, 2));
      bench.settle();
      Set<String> selected = Fx.call(() -> selected(prompts));
      assertThat(selected).hasSize(2);
      List<Node> cards = Fx.call(() -> cards(bench));
      assertThat(cards).as("two prompts, the initial policy and the latest step").hasSize(4);
      Node read = Fx.call(() -> topCard(bench));
      double at = Fx.call(() -> read.localToScene(0, 0).getY());
      Map<Node, String> before = Fx.call(() -> texts(bench));

      Set<Node> changed = new HashSet<>();
      Fx.run(
          () ->
              cards.forEach(
                  card ->
                      Bench.all((Parent) card).stream()
                          .filter(Label.class::isInstance)
                          .map(Label.class::cast)
                          .forEach(
                              label ->
                                  label.textProperty().subscribe((a, b) -> changed.add(card)))));
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        SampleRuns.policyStep(journal, 30, new Random(1));
      }
      bench.feed().poke();
      Fx.await("the new responses", () -> !texts(bench).equals(before));
      bench.settle();

      assertThat(Fx.call(() -> cards(bench))).containsExactlyInAnyOrderElementsOf(cards);
      Map<Node, String> after = Fx.call(() -> texts(bench));
      assertThat(cards.stream().filter(card -> !Objects.equals(after.get(card), before.get(card))))
          .as("two answers changed between steps 20 and 30")
          .hasSize(2)
          .containsExactlyInAnyOrderElementsOf(changed);
      assertThat(Fx.call(() -> selected(prompts))).isEqualTo(selected);
      assertThat(Fx.call(() -> read.localToScene(0, 0).getY())).isCloseTo(at, within(1.5));
    }
  }

  private static Set<String> selected(ListView<?> prompts) {
    return prompts.getSelectionModel().getSelectedItems().stream()
        .map(item -> ((SamplesState.Prompt) item).text())
        .collect(Collectors.toSet());
  }

  private static List<Node> cards(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .filter(node -> node.getStyleClass().contains("sample"))
        .toList();
  }

  /** The first card of the row that is at the top of the sight. */
  private static Node topCard(Bench bench) {
    return cards(bench).stream()
        .filter(card -> card.localToScene(card.getBoundsInLocal()).getMaxY() > 160)
        .min(Comparator.comparingDouble(card -> card.localToScene(0, 0).getY()))
        .orElseThrow();
  }

  private static Map<Node, String> texts(Bench bench) {
    Map<Node, String> texts = new HashMap<>();
    for (Node card : cards(bench)) {
      texts.put(
          card,
          Bench.all((Parent) card).stream()
              .filter(Label.class::isInstance)
              .map(node -> ((Label) node).getText())
              .collect(Collectors.joining("|")));
    }
    return texts;
  }

  @Test
  void thePaletteFindsAndDoes() {
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(0);
      key(bench.scene.getRoot(), KeyCode.K, true);
      TextField query = bench.find("#palette-query", TextField.class);
      Fx.run(() -> query.setText("figures"));
      key(query, KeyCode.ENTER, false);
      assertThat(bench.find("#figures-part-export", ToggleButton.class)).isNotNull();
    }
  }

  @Test
  void theThemeChangesEverywhere() {
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(0);
      Fx.run(() -> bench.find("#theme-toggle", Button.class).fire());
      assertThat(bench.shell.theme()).isEqualTo(Theme.LIGHT);
      assertThat(bench.scene.getStylesheets()).anyMatch(sheet -> sheet.contains("theme-light"));
    }
  }

  @Test
  void theFigureIsWrittenWhereThePersonSays() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 60, 3, RunState.FINISHED);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.FIGURES);
      bench.settle();
      Fx.run(() -> bench.find("#figures-part-export", ToggleButton.class).fire());
      for (String kind : new String[] {"pdf", "svg", "png", "csv", "tex"}) {
        Path file = folder.resolve("figure." + kind);
        bench.saveTo.set(file);
        Fx.run(() -> bench.find("#export-" + kind, Button.class).fire());
        Fx.await(kind + " is written", () -> Files.exists(file) && file.toFile().length() > 100);
      }
    }
  }

  @Test
  void everyIconButtonSaysWhatItDoesAndNothingLeavesTheSmallWindow() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 60, 3, RunState.RUNNING);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        Fx.run(
            () -> {
              Node top = bench.scene.lookup(".top-bar");
              assertThat(top.localToScene(0, 0).getY()).as(page + ": the frame").isZero();
              for (Node node : Bench.all(bench.scene.getRoot())) {
                if (node instanceof Button button && button.getText().isEmpty()) {
                  assertThat(button.getAccessibleText()).as(page + ": " + button).isNotBlank();
                }
                if (node instanceof Region region && region.getStyleClass().contains("card")) {
                  assertThat(region.localToScene(region.getLayoutBounds()).getMaxX())
                      .as(page + ": " + region)
                      .isLessThanOrEqualTo(1000.5);
                }
              }
            });
      }
    }
  }

  @Test
  void noLabelThatMattersIsCutOnTheLivePageOfTheSmallestWindow() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 60, 3, RunState.RUNNING);
    try (Bench bench = bench(1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      bench.settle();
      assertThat(Fx.call(() -> cut(bench))).isEmpty();
    }
  }

  /** The texts of labels and buttons that have less width than they ask for. */
  private static List<String> cut(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .filter(node -> node instanceof Labeled labeled && !labeled.isWrapText())
        .map(Labeled.class::cast)
        .filter(labeled -> labeled.getWidth() + 0.5 < labeled.prefWidth(-1))
        .map(Labeled::getText)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static long charts(Bench bench) {
    return Fx.call(
        () ->
            Bench.all(bench.scene.getRoot()).stream().filter(FigureView.class::isInstance).count());
  }

  private static boolean pending(Bench bench) {
    return Fx.call(() -> pendingNow(bench));
  }

  private static boolean pendingNow(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .anyMatch(node -> node instanceof Label label && label.getText().equals("pending"));
  }

  private static void key(Node target, KeyCode code, boolean control) {
    Fx.run(
        () ->
            Event.fireEvent(
                target,
                new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, control, false, false)));
  }
}
