package dev.plumbline.app.shell;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each time that the JavaFX thread did not answer for more than 100 ms, with what it was
 * doing. The thread's own processor time says whether it computed all that time or was kept from
 * it: on a machine that has too much to do every thread is late, and that is no fault of a view.
 */
public final class Watchdog implements AutoCloseable {
  /** What counts as a stall. */
  public static final long LIMIT_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long BEAT_MS = 20;
  private static final int FRAMES = 60;

  private final ScheduledExecutorService clock = FxBridge.clock("watchdog");
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Consumer<Stall> onStall;
  private final List<Sample> samples = new ArrayList<>();
  private volatile @Nullable Thread fxThread;
  private volatile long asked;
  private volatile long answered;
  private Instant askedAt = Instant.EPOCH;
  private long cpuBefore;

  /** The thread as it was seen while no answer came. */
  private record Sample(boolean waits, List<String> stack) {}

  /**
   * @param onStall takes each stall when it is over, on the watchdog's thread
   */
  public Watchdog(Consumer<Stall> onStall) {
    this.onStall = onStall;
  }

  /** Starts watching; call on the JavaFX thread. */
  public void start() {
    fxThread = Thread.currentThread();
    ask();
    var _ = clock.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
  }

  private void ask() {
    Thread fx = fxThread;
    samples.clear();
    askedAt = Clock.systemUTC().instant();
    cpuBefore = fx == null ? 0 : threads.getThreadCpuTime(fx.threadId());
    long question = System.nanoTime();
    asked = question;
    FxBridge.later(() -> answered = System.nanoTime());
  }

  private void beat() {
    Thread fx = fxThread;
    if (fx == null) {
      return;
    }
    if (answered - asked >= 0 && answered != 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(answered - asked);
      if (millis > LIMIT_MS) {
        tell(millis, cpuMillis(fx));
      }
      ask();
    } else if (System.nanoTime() - asked > TimeUnit.MILLISECONDS.toNanos(BEAT_MS)) {
      Thread.State state = fx.getState();
      samples.add(
          new Sample(
              state == Thread.State.BLOCKED
                  || state == Thread.State.WAITING
                  || state == Thread.State.TIMED_WAITING,
              Arrays.stream(fx.getStackTrace())
                  .limit(FRAMES)
                  .map(StackTraceElement::toString)
                  .toList()));
    }
  }

  private long cpuMillis(Thread fx) {
    long now = threads.getThreadCpuTime(fx.threadId());
    return now < 0 || cpuBefore < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(now - cpuBefore);
  }

  private void tell(long millis, long cpuMillis) {
    Stall stall =
        new Stall(askedAt, millis, Math.max(0, cpuMillis), cause(samples, cpuMillis), common());
    LOG.info(
        "The JavaFX thread stalled for {} ms ({} ms of them at work, {}):\n\tat {}",
        stall.millis(),
        stall.cpuMillis(),
        stall.cause(),
        String.join(System.lineSeparator() + "\tat ", stall.stack()));
    onStall.accept(stall);
  }

  private static Stall.Cause cause(List<Sample> samples, long cpuMillis) {
    if (cpuMillis >= LIMIT_MS || cpuMillis < 0) {
      return Stall.Cause.WORK;
    }
    // An idle thread waits in the toolkit, and so does one whose drawing thread is behind.
    long waits =
        samples.stream().filter(sample -> sample.waits() && isOurs(sample.stack())).count();
    return 2 * waits > samples.size() ? Stall.Cause.WAIT : Stall.Cause.STARVED;
  }

  private static boolean isOurs(List<String> stack) {
    return stack.stream().limit(12).anyMatch(frame -> frame.startsWith("dev.plumbline"));
  }

  /** The stack that was seen most often by its innermost frame of ours. */
  private List<String> common() {
    Map<String, Integer> counts = new HashMap<>();
    List<String> best = List.of();
    int most = 0;
    for (Sample sample : samples) {
      String place =
          sample.stack().stream()
              .filter(frame -> frame.startsWith("dev.plumbline"))
              .findFirst()
              .orElse("");
      int count = counts.merge(place, 1, Integer::sum);
      if (count > most) {
        most = count;
        best = sample.stack();
      }
    }
    return best;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
