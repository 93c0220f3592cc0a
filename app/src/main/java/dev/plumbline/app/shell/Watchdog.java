package dev.plumbline.app.shell;

import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each time the JavaFX thread did not answer for more than 100 ms, with what it was doing. */
final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long LIMIT_MS = 100;
  private static final long BEAT_MS = 25;

  private final ScheduledExecutorService clock = FxBridge.clock("watchdog");
  private volatile @Nullable Thread fxThread;
  private volatile long asked;
  private volatile long answered;
  private boolean reported;

  /** Starts watching; call on the JavaFX thread. */
  void start() {
    fxThread = Thread.currentThread();
    long now = System.nanoTime();
    asked = now;
    answered = now;
    var _ = clock.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long now = System.nanoTime();
    Thread fx = fxThread;
    if (answered >= asked) {
      reported = false;
      asked = now;
      long question = now;
      FxBridge.later(() -> answered = question);
    } else if (!reported && fx != null && now - asked > TimeUnit.MILLISECONDS.toNanos(LIMIT_MS)) {
      reported = true;
      String stack =
          Arrays.stream(fx.getStackTrace())
              .limit(40)
              .map(frame -> "\tat " + frame)
              .collect(Collectors.joining(System.lineSeparator()));
      LOG.info("The JavaFX thread stalled for more than {} ms:\n{}", LIMIT_MS, stack);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
