package dev.plumbline.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.runs.RunsFixture;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.evaluation.AnnotatorPanel;
import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.Candidate;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelBundle;
import dev.plumbline.labelling.LabelItem;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.labelling.LabellingSession;
import dev.plumbline.labelling.LabellingSession.Draft;
import dev.plumbline.labelling.Outcome;
import dev.plumbline.labelling.PairSources;
import dev.plumbline.labelling.Slot;
import dev.plumbline.sampledata.SampleWorldAnnotators;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** Labelling with keys, on pairs of the sample world. */
final class LabellingPageTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  private final FxRobot robot = new FxRobot();
  private Path workspace = Path.of("");

  @BeforeEach
  void write() throws IOException {
    workspace = folder.resolve("w.plumbline");
    RunsFixture.write(workspace);
  }

  @AfterEach
  void releaseKeys() {
    robot.release(new KeyCode[] {});
  }

  private LabelBatch batch(int pairs, LabelMode mode) throws IOException {
    Path file = folder.resolve("pairs.jsonl.gz");
    try (InputStream in =
        SampleWorldAnnotators.class.getResourceAsStream("set/helpful-test.jsonl.gz")) {
      assertThat(in).as("the sample set").isNotNull();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return LabelBatch.create(
        workspace.resolve("labels"),
        BatchSettings.paper("Sample pairs", mode, 4).withRepeats(0),
        PairSources.comparisons(file).subList(0, pairs));
  }

  private Bench bench() {
    Bench bench = new Bench(workspace, folder, Theme.LIGHT, 1000, 700);
    bench.window();
    bench.awaitRuns(4);
    bench.show(Page.LABELS);
    return bench;
  }

  private void press(KeyCode code) {
    robot.press(code).release(code);
    WaitForAsyncUtils.waitForFxEvents();
  }

  private static void begin(Bench bench, String annotator) {
    Fx.await("the batch", () -> there(bench, "#label-batches"));
    Fx.await("its line", () -> !bench.find("#label-batches", ListView.class).getItems().isEmpty());
    Fx.run(() -> bench.find("#label-batches", ListView.class).getSelectionModel().select(0));
    Fx.await("its results", () -> there(bench, "#label-start"));
    Fx.run(
        () -> {
          bench.find("#label-annotator", TextField.class).setText(annotator);
          bench.find("#label-start", Button.class).fire();
        });
    Fx.await("the first pair", () -> there(bench, "#label-next"));
  }

  /** Whether a part is on the screen; without a window nobody else lays the page out. */
  private static boolean there(Bench bench, String id) {
    bench.scene.getRoot().applyCss();
    bench.scene.getRoot().layout();
    return bench.scene.getRoot().lookup(id) != null;
  }

  private static String count(Bench bench) {
    Node count = bench.scene.getRoot().lookup("#label-count");
    return count instanceof Label label ? label.getText() : "";
  }

  private static List<String> shown(Scene scene) {
    return scene.getRoot().lookupAll(".label-response").stream()
        .map(TextFlow.class::cast)
        .map(
            flow ->
                flow.getChildren().stream()
                    .map(Text.class::cast)
                    .map(Text::getText)
                    .reduce("", String::concat))
        .toList();
  }

  @Test
  void aBatchIsAnsweredByKeysAndEachAnswerIsOnTheDiskBeforeTheNextPairShows() throws IOException {
    LabelBatch batch = batch(6, LabelMode.HELPFUL);
    List<Slot> order = batch.order("mk");
    AnnotatorPanel.Panel panel = AnnotatorPanel.named("sample-world/helpful");
    try (Bench bench = bench()) {
      begin(bench, "mk");
      for (Slot slot : order) {
        String left = slot.item().left(slot.firstLeft()).content();
        String right = slot.item().right(slot.firstLeft()).content();
        Fx.await("the pair", () -> shown(bench.scene).equals(List.of(left, right)));
        assertThat(batch.labels().of("mk")).hasSize(slot.index());
        // the simulated annotator reads the screen and nothing else
        List<String> texts = Fx.call(() -> shown(bench.scene));
        boolean leftIsBetter =
            panel.gold(slot.item().prompt(), " " + texts.get(0))
                >= panel.gold(slot.item().prompt(), " " + texts.get(1));
        press(leftIsBetter ? KeyCode.DIGIT2 : KeyCode.DIGIT7);
        press(KeyCode.ENTER);
        String counted = (slot.index() + 1) + " of 6";
        Fx.await("the count", () -> count(bench).equals(counted));
      }
      assertThat(batch.labels().of("mk"))
          .allSatisfy(
              label -> {
                assertThat(label.judgement().level()).isEqualTo(3); // second from either end
                boolean first = label.judgement().outcome() == Outcome.FIRST;
                double margin =
                    panel.gold(label.item().prompt(), label.item().first().text())
                        - panel.gold(label.item().prompt(), label.item().second().text());
                assertThat(first ? margin : -margin).isGreaterThanOrEqualTo(0);
                assertThat(label.answer().blind()).isTrue();
              });
    }
  }

  @Test
  void undoGoesBackAndAKilledWindowGoesOn() throws IOException {
    LabelBatch batch = batch(5, LabelMode.HELPFUL);
    try (Bench bench = bench()) {
      begin(bench, "mk");
      press(KeyCode.DIGIT1);
      press(KeyCode.ENTER);
      Fx.await("one", () -> count(bench).equals("1 of 5"));
      press(KeyCode.T);
      press(KeyCode.ENTER);
      Fx.await("two", () -> count(bench).equals("2 of 5"));
      press(KeyCode.U);
      Fx.await("back", () -> count(bench).equals("1 of 5"));
      press(KeyCode.F);
      Fx.await("marked", () -> batch.labels().notes().size() == 1);
      press(KeyCode.C);
      Fx.await("a box", () -> there(bench, "#label-comment-text"));
      bench.settle();
      robot.write("odd 1");
      Fx.run(() -> bench.find("#label-keep", Button.class).fire());
      Fx.await(
          "the comment", () -> batch.labels().notes().getFirst().note().comment().equals("odd 1"));
      assertThat(batch.labels().notes().getFirst().note().flagged()).isTrue();
    } // the window goes without leaving the session
    try (Bench bench = bench()) {
      begin(bench, "mk");
      Fx.await("one of before", () -> count(bench).equals("1 of 5"));
      press(KeyCode.U);
      Fx.await("none", () -> count(bench).equals("0 of 5"));
    }
    assertThat(batch.labels().labels()).isEmpty();
  }

  @Test
  void whatIsHiddenIsNowhereOnTheScreen() throws IOException {
    LabelBatch batch =
        LabelBatch.create(
            workspace.resolve("labels"),
            BatchSettings.paper("Two models", LabelMode.HELPFUL, 4),
            List.of(
                LabelItem.of(
                    "\n\nHuman: hi\n\nAssistant:",
                    new Candidate(" hello", "secretmodel-one"),
                    new Candidate(" hey", "secretmodel-two"),
                    Map.of())));
    try (Bench bench = bench()) {
      begin(bench, "mk");
      Fx.await("the pair", () -> shown(bench.scene).contains("hello"));
      assertThat(Fx.call(() -> said(bench.scene.getRoot()))).doesNotContain("secretmodel");
      Fx.run(() -> bench.find("#label-leave", Button.class).fire());
      batch.close(Instant.EPOCH);
      begin(bench, "mk");
      Fx.await("the names", () -> said(bench.scene.getRoot()).contains("secretmodel-one"));
    }
  }

  @Test
  void aKeyThatWasChangedIsHeardAndStandsOnItsButton() throws IOException {
    LabelBatch batch = batch(3, LabelMode.HELPFUL);
    try (Bench bench = bench()) {
      begin(bench, "mk");
      Fx.run(() -> bench.settings.change("key", each -> each.withKey("labels.tie", "Q")));
      Fx.await("the new key", () -> said(bench.scene.getRoot()).contains("Tie, Q"));
      press(KeyCode.T);
      press(KeyCode.Q);
      press(KeyCode.ENTER);
      Fx.await("one", () -> count(bench).equals("1 of 3"));
      assertThat(batch.labels().labels().getFirst().judgement().outcome()).isEqualTo(Outcome.TIE);
    }
  }

  /** Everything that the screen or a screen reader says. */
  private static String said(Node node) {
    StringBuilder all = new StringBuilder();
    if (node.getAccessibleText() != null) {
      all.append(node.getAccessibleText()).append('\n');
    }
    if (node.getId() != null) {
      all.append(node.getId()).append('\n');
    }
    if (node instanceof Text text) {
      all.append(text.getText()).append('\n');
    }
    if (node instanceof Labeled labeled) {
      all.append(labeled.getText()).append('\n');
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> all.append(said(child)));
    }
    return all.toString();
  }

  @Test
  void twoAnnotatorsAreMergedAndTheirAgreementShows() throws IOException {
    LabelBatch batch = batch(8, LabelMode.HELPFUL);
    Path sent = folder.resolve("sent.zip");
    LabelBundle.write(batch, sent);
    LabelBatch there = LabelBundle.receive(sent, folder.resolve("elsewhere/labels")).batch();
    answerAll(there, "jo", 8);
    LabelBundle.write(there, sent);
    answerAll(batch, "mk", 5);
    try (Bench bench = bench()) {
      bench.openFile.set(sent);
      Fx.await("the page", () -> there(bench, "#label-receive"));
      Fx.run(() -> bench.find("#label-receive", Button.class).fire());
      Fx.await(
          "both",
          () -> {
            String all = said(bench.scene.getRoot());
            return all.contains("Choices alike 1.00") && all.contains("n 5 pairs");
          });
      bench.saveTo.set(folder.resolve("out.jsonl"));
      Fx.run(() -> bench.find("#label-export", MenuButton.class).getItems().getFirst().fire());
      Fx.await("the file", () -> Files.exists(folder.resolve("out.jsonl")));
    }
    assertThat(ComparisonReader.read(folder.resolve("out.jsonl")).comparisons()).hasSize(8);
  }

  private static void answerAll(LabelBatch batch, String annotator, int pairs) {
    try (LabellingSession session = LabellingSession.open(batch, annotator, Clock.systemUTC())) {
      for (int i = 0; i < session.order().size(); i++) {
        session.go(i);
        if (batch.items().indexOf(session.current().item()) < pairs) {
          session.answer(Draft.of(Judgement.prefer(true, 3)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void pictures(Theme theme) throws IOException {
    LabelBatch batch = batch(40, LabelMode.HELPFUL);
    answerAll(batch, "jo", 40);
    batch.guide(
        "Choose the response that does **more** for the person who asked.\n\n- right\n- to the"
            + " point\n\nDo not reward `length`.");
    batch(30, LabelMode.RED_TEAM);
    for (int[] size : new int[][] {{1000, 700}, {1440, 900}}) {
      String end = (size[0] == 1000 ? "small-" : "large-") + theme.name().toLowerCase(Locale.ROOT);
      try (Bench bench = new Bench(workspace, folder, theme, size[0], size[1])) {
        if (size[0] == 1000) {
          bench.window(); // the headless screen is no larger
        }
        bench.awaitRuns(4);
        bench.show(Page.LABELS);
        Fx.await("the page", () -> there(bench, "#label-batches"));
        Fx.await(
            "two lines", () -> bench.find("#label-batches", ListView.class).getItems().size() == 2);
        Fx.run(() -> bench.find("#label-batches", ListView.class).getSelectionModel().select(0));
        Fx.await("results", () -> there(bench, "#label-start"));
        picture(bench, "labels-batches-" + end);
        Fx.run(() -> bench.find("#label-new", Button.class).fire());
        picture(bench, "labels-new-" + end);
        Fx.run(() -> bench.find("#overlay-close", Button.class).fire());
        begin(bench, "mk");
        picture(bench, "labels-pair-" + end);
        Fx.run(() -> bench.find("#scale-2", ToggleButton.class).fire());
        Fx.run(() -> bench.find("#label-difference", Button.class).fire());
        picture(bench, "labels-chosen-" + end);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void theEmptyPage(Theme theme) {
    try (Bench bench = new Bench(workspace, folder, theme, 1440, 900)) {
      bench.awaitRuns(4);
      bench.show(Page.LABELS);
      Fx.await("the page", () -> there(bench, "#label-new"));
      picture(bench, "labels-empty-" + theme.name().toLowerCase(Locale.ROOT));
    }
  }

  private static void picture(Bench bench, String name) {
    bench.settle();
    Fx.picture(bench.scene, PICTURES.resolve(name + ".png"));
    assertThat(PICTURES.resolve(name + ".png")).isNotEmptyFile();
  }
}
