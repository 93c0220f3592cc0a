package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.RunState;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a workspace that was left has shown must be gone, or a long day fills the memory. */
final class LeakTest {
  private static final int ROUNDS = 50;

  /** Enough for references that are cleared one generation after the other. */
  private static final int COLLECTIONS = 30;

  @TempDir private Path folder;

  @Test
  void fiftyWorkspacesAndPagesLeaveNoViewBehind() {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    SampleRuns.policy(one, "helpful-ppo", 12, 3, RunState.RUNNING);
    SampleRuns.preference(two, "helpful-pm");
    List<Page> all = List.of(Page.values());
    List<WeakReference<Node>> pages = new ArrayList<>();
    List<WeakReference<Object>> feeds = new ArrayList<>();
    try (Bench bench = new Bench(one, folder, Theme.DARK, 1000, 700)) {
      bench.window();
      bench.awaitRuns(1);
      for (int i = 0; i < ROUNDS; i++) {
        Path next = i % 2 == 0 ? two : one;
        Fx.run(() -> bench.workspaces.open(next));
        Fx.await("workspace " + next, () -> bench.model.folder().get().equals(next));
        feeds.add(new WeakReference<>(bench.feed()));
        bench.awaitRuns(1);
        bench.show(all.get(i % all.size()));
        bench.settle();
        pages.add(new WeakReference<>(page(bench)));
        Fx.run(() -> bench.actions.get("palette").run());
        Fx.run(() -> bench.actions.get("palette").run());
      }
      for (int i = 0; i < COLLECTIONS && (alive(pages) > 6 || alive(feeds) > 1); i++) {
        System.gc();
        // What the toolkit holds until the next pulse goes with one.
        Fx.run(() -> bench.scene.getRoot().requestLayout());
        bench.settle();
      }
      assertThat(pages).hasSize(ROUNDS);
      assertThat(alive(pages)).as("pages of the workspace that is open").isLessThanOrEqualTo(6);
      assertThat(alive(feeds)).as("feeds").isLessThanOrEqualTo(1);
    }
  }

  private static Node page(Bench bench) {
    return Fx.call(() -> ((Pane) bench.scene.lookup(".content")).getChildren().getFirst());
  }

  private static <T> int alive(List<WeakReference<T>> references) {
    Set<T> found = Collections.newSetFromMap(new IdentityHashMap<>());
    for (WeakReference<T> each : references) {
      T object = each.get();
      if (object != null) {
        found.add(object);
      }
    }
    return found.size();
  }
}
