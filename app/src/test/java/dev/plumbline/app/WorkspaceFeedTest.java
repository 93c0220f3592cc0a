package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.workspace.SavedView;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed's thread: it goes on after errors, and lets its workspace go. */
final class WorkspaceFeedTest {
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    Fx.start();
  }

  @Test
  void aLookLongerThanTheEndWaitsLetsTheWorkspaceGoWhenItIsOver() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    StoreFeed feed =
        new StoreFeed(
            folder,
            () -> {
              entered.countDown();
              try {
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                interrupted.incrementAndGet();
              }
              return List.of();
            });
    try {
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      feed.close(); // gives up waiting, for the look still goes on
      assertThat(Workspace.isHeld(folder)).isTrue();
    } finally {
      goOn.countDown();
    }
    Fx.await("the lock is gone", () -> !Workspace.isHeld(folder));
    assertThat(interrupted).hasValue(0);
    feed.close(); // once more does nothing
    try (Workspace next = Workspace.open(folder)) {
      assertThat(next.access()).isEqualTo(Workspace.Access.WRITE);
    }
  }

  @Test
  void theEndDoesNotWaitForTheNextLook() {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      StoreFeed feed = new StoreFeed(folder, List::of);
      Fx.await("it is open", () -> feed.access().get().equals(Access.WRITING));
      long start = System.nanoTime();
      feed.close();
      shortest = Math.min(shortest, System.nanoTime() - start);
      assertThat(Workspace.isHeld(folder)).isFalse();
    }
    // A look comes 1.5 s after the one before. The shortest of some, for the machine may be busy.
    assertThat(TimeUnit.NANOSECONDS.toMillis(shortest)).isLessThan(700);
  }

  @Test
  void anErrorInALookDoesNotEndTheLooking() {
    SampleRuns.preference(folder, "pm");
    AtomicInteger looks = new AtomicInteger();
    try (StoreFeed feed =
        new StoreFeed(
            folder,
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new LinkageError("no look would catch this");
              }
              return List.of();
            })) {
      Fx.await("the next look", () -> feed.snapshot().get().runs().size() == 1);
    }
  }

  @Test
  void whatWasChangedRightBeforeTheEndIsWritten() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    StoreFeed feed = new StoreFeed(folder, List::of);
    Fx.await("it is open", () -> feed.access().get().equals(Access.WRITING));
    Fx.run(
        () -> {
          feed.edit(
              edits -> {
                entered.countDown();
                try {
                  return goOn.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              _ -> {},
              _ -> {});
          feed.edit(edits -> edits.save(new SavedView("mine", "{}")), _ -> {}, _ -> {});
        });
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    Thread closing = Thread.ofVirtual().start(feed::close);
    Fx.await("it is closing", () -> closing.getState() != Thread.State.RUNNABLE);
    goOn.countDown();
    closing.join();
    Fx.await("the lock is gone", () -> !Workspace.isHeld(folder));
    try (Workspace next = Workspace.open(folder)) {
      assertThat(next.edits().remove("mine")).contains(new SavedView("mine", "{}"));
    }
  }
}
