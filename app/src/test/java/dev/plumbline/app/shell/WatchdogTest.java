package dev.plumbline.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.StallExtension;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchdogTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void workOnTheJavaFxThreadIsToldWithItsPlace() throws Exception {
    Fx.start();
    BlockingQueue<Stall> told = new LinkedBlockingQueue<>();
    try (Watchdog dog = new Watchdog(told::add)) {
      Fx.run(dog::start);
      Fx.run(WatchdogTest::compute);
      Stall stall = told.poll(30, TimeUnit.SECONDS);
      while (stall != null && stall.cause() != Stall.Cause.WORK) {
        stall = told.poll(30, TimeUnit.SECONDS); // a busy machine's
      }
      assertThat(stall).isNotNull();
      assertThat(stall.isReal()).isTrue();
      assertThat(stall.cpuMillis()).isGreaterThan(Watchdog.LIMIT_MS);
      assertThat(stall.place()).contains("WatchdogTest.compute");
    }
  }

  /** Works for a fifth of a second of this thread's own time. */
  private static void compute() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(200);
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WORK, 600, dev.plumbline.app.live.LiveView.update(LiveView.java:1), true",
    "WORK, 120, dev.plumbline.app.live.LiveView.update(LiveView.java:1), false",
    "WORK, 600, dev.plumbline.app.shell.Shell.show(Shell.java:151), false",
    "WORK, 1200, javafx.scene.Scene.doCSSPass(Scene.java:1), false",
    "WORK, 2000, javafx.scene.Scene.doCSSPass(Scene.java:1), true",
    "WAIT, 1, dev.plumbline.app.live.LiveView.update(LiveView.java:1), true",
    "WAIT, 1, dev.plumbline.app.testing.Bench.show(Bench.java:1), false",
    "STARVED, 90, dev.plumbline.app.live.LiveView.update(LiveView.java:1), false",
    "WORK, 900, javafx.scene.Scene.snapshot(Scene.java:1), false"
  })
  void aTestFailsForWhatTheProgramDoes(Stall.Cause cause, long cpu, String frame, boolean fails) {
    assertThat(StallExtension.counts(new Stall(NOW, 5000, cpu, cause, List.of(frame))))
        .isEqualTo(fails);
  }

  @Test
  void theLastFiftyAreRememberedAndReported() {
    ShellViewModel model = new ShellViewModel();
    for (int i = 0; i < 60; i++) {
      model.addStall(new Stall(NOW, 101 + i, 101, Stall.Cause.WORK, List.of("a.B.c(B.java:1)")));
    }
    List<Stall> stalls = model.stalls().get();
    assertThat(stalls).hasSize(50);
    assertThat(stalls.getFirst().millis()).isEqualTo(160);
    assertThat(StallWords.summary(stalls)).contains("50 times").contains("160 ms");
    assertThat(StallWords.report(stalls)).contains("at a.B.c(B.java:1)");
    assertThat(StallWords.report(List.of())).isEmpty();
  }
}
