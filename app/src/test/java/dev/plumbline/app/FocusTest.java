package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.SampleStudies;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever works by keys sees where they are: every control looks another when it has the focus. */
final class FocusTest {
  private static final PseudoClass FOCUSED = PseudoClass.getPseudoClass("focused");
  private static final PseudoClass VISIBLE = PseudoClass.getPseudoClass("focus-visible");

  /** How much a channel must differ to be seen, of 1, and in how many pixels: a line of 1 x 8. */
  private static final double SEEN = 0.15;

  private static final int PIXELS = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Theme.class)
  void everyControlShowsThatItHasTheFocus(Theme theme) {
    Path workspace = folder.resolve("w");
    SampleRuns.preference(workspace, "helpful-pm");
    SampleRuns.policy(workspace, "helpful-ppo-1", 60, 7, RunState.FINISHED);
    SampleRuns.policy(workspace, "helpful-ppo-2", 30, 3, RunState.RUNNING);
    SampleStudies.scaling(workspace);
    try (Bench bench = new Bench(workspace, folder.resolve("home"), theme, 1440, 900)) {
      bench.awaitRuns(3);
      Map<String, Set<String>> problems = new TreeMap<>();
      Set<String> asked = new HashSet<>();
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        for (Node node : Fx.call(() -> Bench.all(bench.scene.getRoot()))) {
          String kind = node.getClass().getSimpleName() + node.getStyleClass();
          if (Fx.call(() -> takesFocus(node)) && asked.add(kind)) {
            String problem = Fx.call(() -> problem(node));
            if (!problem.isEmpty()) {
              problems.computeIfAbsent(page.name(), _ -> new TreeSet<>()).add(kind + problem);
            }
          }
        }
      }
      assertThat(asked).as("kinds of controls that were looked at").hasSizeGreaterThan(20);
      assertThat(problems).isEmpty();
    }
  }

  private static boolean takesFocus(Node node) {
    return node.isFocusTraversable()
        && !node.isDisabled()
        && node.getLayoutBounds().getWidth() > 1
        && node.getLayoutBounds().getHeight() > 1;
  }

  /** What is wrong with how a node shows its focus, or nothing. */
  private static String problem(Node node) {
    EveryPageTest.reveal(node);
    node.getScene().getRoot().layout();
    Bounds at = node.localToScene(node.getLayoutBounds());
    WritableImage before = picture(node);
    node.pseudoClassStateChanged(FOCUSED, true);
    node.pseudoClassStateChanged(VISIBLE, true);
    WritableImage after = picture(node);
    Bounds then = node.localToScene(node.getLayoutBounds());
    node.pseudoClassStateChanged(FOCUSED, false);
    node.pseudoClassStateChanged(VISIBLE, false);
    node.getScene().getRoot().applyCss();
    node.getScene().getRoot().layout();
    PixelReader one = before.getPixelReader();
    PixelReader other = after.getPixelReader();
    int changed = 0;
    for (int y = 0; y < (int) before.getHeight(); y++) {
      for (int x = 0; x < (int) before.getWidth(); x++) {
        changed += differ(one.getColor(x, y), other.getColor(x, y)) ? 1 : 0;
      }
    }
    if (!same(at, then)) {
      return " moves from " + at + " to " + then;
    }
    return changed >= PIXELS ? "" : " looks the same";
  }

  private static boolean same(Bounds one, Bounds other) {
    return Math.abs(one.getMinX() - other.getMinX()) < 0.5
        && Math.abs(one.getMinY() - other.getMinY()) < 0.5
        && Math.abs(one.getWidth() - other.getWidth()) < 0.5
        && Math.abs(one.getHeight() - other.getHeight()) < 0.5;
  }

  private static boolean differ(Color one, Color other) {
    return Math.abs(one.getRed() - other.getRed()) > SEEN
        || Math.abs(one.getGreen() - other.getGreen()) > SEEN
        || Math.abs(one.getBlue() - other.getBlue()) > SEEN;
  }

  /**
   * The node with a little around it, so that a ring outside it counts. It is drawn for itself: of
   * a scroll pane a picture of the whole scene shows what is cached.
   */
  private static WritableImage picture(Node node) {
    node.getScene().getRoot().applyCss();
    node.getScene().getRoot().layout();
    Bounds bounds = node.localToParent(node.getLayoutBounds());
    SnapshotParameters parameters = new SnapshotParameters();
    parameters.setViewport(
        new Rectangle2D(
            Math.floor(bounds.getMinX()) - 4,
            Math.floor(bounds.getMinY()) - 4,
            Math.ceil(Math.min(600, bounds.getWidth())) + 8,
            Math.ceil(Math.min(600, bounds.getHeight())) + 8));
    return node.snapshot(parameters, null);
  }
}
