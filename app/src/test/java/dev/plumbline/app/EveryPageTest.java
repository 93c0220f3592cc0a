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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Control;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every page, whoever made it: each is found in {@link Page}. */
final class EveryPageTest {
  private static final String ELLIPSIS = "…";

  /**
   * What may be cut: texts that people wrote and that have no longest, each to be read whole
   * elsewhere.
   */
  private static final List<String> FREE =
      List.of(
          "crumb-subject", // the name of a run, whole on its page
          "mono", // paths, whole in their tooltip or copied
          "run-link", // names of runs
          "free-text"); // whatever else says of itself that it holds a person's text

  @TempDir private Path folder;

  private Bench full(Theme theme, double width, double height, int scale) {
    Path workspace = folder.resolve("w");
    SampleRuns.preference(workspace, "helpful-pm");
    SampleRuns.policy(workspace, "helpful-ppo-1", 60, 7, RunState.FINISHED);
    SampleRuns.policy(workspace, "helpful-ppo-2", 30, 3, RunState.RUNNING);
    SampleStudies.scaling(workspace);
    Bench bench = new Bench(workspace, folder.resolve("home"), theme, width, height, scale);
    bench.awaitRuns(3);
    return bench;
  }

  @Test
  void everyControlHasAName() {
    try (Bench bench = full(Theme.DARK, 1000, 700, 100)) {
      Map<String, List<String>> nameless = new TreeMap<>();
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        Fx.run(
            () -> {
              for (Node node : Bench.all(bench.scene.getRoot())) {
                if (node instanceof Control control && !inside(control) && isNameless(control)) {
                  nameless.computeIfAbsent(page.name(), _ -> new ArrayList<>()).add(words(node));
                }
              }
            });
      }
      assertThat(nameless).as("give each setAccessibleText").isEmpty();
    }
  }

  /** What a screen reader would say nothing of. */
  private static boolean isNameless(Control control) {
    String said = control.getAccessibleText();
    if (said != null && !said.isBlank()) {
      return false;
    }
    return switch (control) {
      case ButtonBase button -> button.getText() == null || button.getText().isBlank();
      case TextInputControl _ -> true;
      case ComboBoxBase<?> _ -> true;
      case ChoiceBox<?> _ -> true;
      case Slider _ -> true;
      case Spinner<?> _ -> true;
      case ProgressBar _ -> true;
      case TableView<?> _ -> true;
      case ListView<?> _ -> true;
      default -> false;
    };
  }

  /** Whether a control is a part of another one, which has the name. */
  private static boolean inside(Control control) {
    for (Parent parent = control.getParent(); parent != null; parent = parent.getParent()) {
      if (parent instanceof ComboBoxBase<?>
          || parent instanceof Spinner<?>
          || parent instanceof ScrollBar) {
        return true;
      }
    }
    return control.getStyleClass().stream()
        .anyMatch(each -> each.endsWith("-arrow-button") || each.equals("scroll-bar"));
  }

  @Test
  void noTextIsCutInTheSmallWindow() {
    try (Bench bench = full(Theme.LIGHT, 1000, 700, 100)) {
      Map<String, List<String>> cut = new TreeMap<>();
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        Fx.run(
            () -> {
              for (Node node : Bench.all(bench.scene.getRoot())) {
                if (node instanceof Labeled labeled && isCut(labeled)) {
                  cut.computeIfAbsent(page.name(), _ -> new ArrayList<>()).add(labeled.getText());
                }
              }
            });
      }
      assertThat(cut).isEmpty();
    }
  }

  private static boolean isCut(Labeled labeled) {
    String whole = labeled.getText();
    if (whole == null || whole.isBlank() || whole.endsWith(ELLIPSIS)) {
      return false;
    }
    for (Node node = labeled; node != null; node = node.getParent()) {
      if (node instanceof IndexedCell<?>
          || node.getStyleClass().stream().anyMatch(FREE::contains)) {
        return false; // rows of a table or a list hold what people and runs are called
      }
    }
    return labeled.getChildrenUnmodifiable().stream()
        .anyMatch(
            child ->
                child.isVisible()
                    && child instanceof Text text
                    && text.getText().endsWith(ELLIPSIS));
  }

  /** At twice the size a page may scroll, but everything on it is reached, frame included. */
  @Test
  void everythingIsReachedAtTwiceTheSize() {
    try (Bench bench = full(Theme.DARK, 1000, 700, 200)) {
      bench.window();
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        List<Node> wanted =
            Fx.call(
                () ->
                    Bench.all(bench.scene.getRoot()).stream()
                        .filter(node -> node.isFocusTraversable() && !node.isDisabled())
                        .filter(EveryPageTest::hasSize)
                        .toList());
        for (Node node : wanted) {
          boolean seen =
              Fx.call(
                  () -> {
                    if (node.getScene() == null || !hasSize(node)) {
                      return true; // gone since, by what another one's focus did
                    }
                    bench.scene.getRoot().layout();
                    reveal(node);
                    bench.scene.getRoot().layout();
                    Bounds where = node.localToScene(node.getLayoutBounds());
                    return where.intersects(0, 0, 1000, 700);
                  });
          assertThat(seen).as(page + ": " + words(node)).isTrue();
        }
      }
    }
  }

  private static boolean hasSize(Node node) {
    Bounds bounds = node.getLayoutBounds();
    return bounds.getWidth() > 0 && bounds.getHeight() > 0;
  }

  /** Scrolls as a person would: every pane around a node until it is in sight. */
  static void reveal(Node node) {
    for (Parent parent = node.getParent(); parent != null; parent = parent.getParent()) {
      if (parent instanceof ScrollPane pane && pane.getContent() != null) {
        Bounds view = pane.getViewportBounds();
        Bounds all = pane.getContent().getLayoutBounds();
        Bounds at = pane.getContent().sceneToLocal(node.localToScene(node.getLayoutBounds()));
        if (all.getHeight() > view.getHeight()) {
          pane.setVvalue(Math.clamp(at.getMinY() / (all.getHeight() - view.getHeight()), 0, 1));
        }
        if (all.getWidth() > view.getWidth()) {
          pane.setHvalue(Math.clamp(at.getMinX() / (all.getWidth() - view.getWidth()), 0, 1));
        }
        pane.layout();
      }
    }
  }

  private static String words(Node node) {
    String text = node instanceof Labeled labeled ? labeled.getText() : "";
    return "%s#%s%s %s %s"
        .formatted(
            node.getClass().getSimpleName(),
            node.getId(),
            node.getStyleClass(),
            text,
            node.getAccessibleText());
  }
}
