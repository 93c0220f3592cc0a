package dev.plumbline.app.shell;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The only way between background threads and the JavaFX thread. Nothing else in the workbench
 * calls {@link Platform#runLater} or makes a thread.
 */
public final class FxBridge {
  private FxBridge() {}

  /** Runs a task on the JavaFX thread: at once when the caller is on it, else soon. */
  public static void run(Runnable task) {
    if (Platform.isFxApplicationThread()) {
      task.run();
    } else {
      Platform.runLater(task);
    }
  }

  /** Runs a task on the JavaFX thread after what goes on there now. */
  public static void later(Runnable task) {
    Platform.runLater(task);
  }

  /**
   * A receiver that may be called from any thread, at any rate: the newest value reaches {@code
   * sink} on the JavaFX thread, values that were overtaken are dropped, and at most one call is
   * waiting at a time.
   */
  public static <T> Consumer<T> latest(Consumer<T> sink) {
    AtomicReference<@Nullable T> waiting = new AtomicReference<>();
    return value -> {
      if (waiting.getAndSet(value) == null) {
        Platform.runLater(
            () -> {
              T newest = waiting.getAndSet(null);
              if (newest != null) {
                sink.accept(newest);
              }
            });
      }
    };
  }

  /** One background thread with a clock; daemon, so that it never keeps the program alive. */
  public static ScheduledExecutorService clock(String name) {
    ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, threads(name));
    // Else a task that was cancelled stays in the queue until it would have been due, and the end
    // of the clock waits for it.
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** A few background threads for rendering and reading. */
  public static ExecutorService pool(String name, int size) {
    return Executors.newFixedThreadPool(size, threads(name));
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
