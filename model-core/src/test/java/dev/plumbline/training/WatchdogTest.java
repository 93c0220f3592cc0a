package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private final Watchdog watchdog = new Watchdog(WatchdogSettings.DEFAULT);

  /** The steps at which something is said of a course of one metric. */
  private static List<Long> said(Watchdog watchdog, String metric, double... values) {
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      long step = i;
      watchdog.look(step, Map.of(metric, values[i])).ifPresent(anomaly -> steps.add(step));
    }
    return steps;
  }

  private static double[] course(int calm, double value, double... after) {
    double[] values = new double[calm + after.length];
    for (int i = 0; i < calm; i++) {
      values[i] = value * (1 + 0.1 * Math.sin(i));
    }
    System.arraycopy(after, 0, values, calm, after.length);
    return values;
  }

  @Test
  void aLossThatLeavesItsCourseIsNamedOnce() {
    double[] values = course(20, 0.6, 1.9, 2, 2, 2, 2, 2, 2);
    assertThat(said(watchdog, Metrics.LOSS, values)).containsExactly(24L);
  }

  @Test
  void spikesAndASlowRiseAreNone() {
    assertThat(said(watchdog, Metrics.LOSS, course(20, 0.6, 9, 9, 9, 9, 0.6, 9, 9, 9, 9)))
        .isEmpty();
    double[] slow = new double[200];
    for (int i = 0; i < slow.length; i++) {
      slow[i] = 0.5 * Math.exp(i / 60.0);
    }
    assertThat(said(new Watchdog(WatchdogSettings.DEFAULT), Metrics.LOSS, slow)).isEmpty();
  }

  @Test
  void nothingIsSaidBeforeTheCourseIsKnown() {
    assertThat(said(watchdog, Metrics.LOSS, 0.1, 0.1, 5, 5, 5, 5, 5, 5, 5)).isEmpty();
  }

  @Test
  void anEntropyFarBelowItsStartIsACollapse() {
    assertThat(said(watchdog, Metrics.ENTROPY, 2, 0.5, 0.09, 0.11, 0.09, 0.09, 0.09, 0.09))
        .containsExactly(6L);
    assertThat(watchdog.action(Anomaly.Kind.ENTROPY_COLLAPSE))
        .isEqualTo(WatchdogSettings.Action.WARN);
  }

  @Test
  void aKlAboveItsLimitIsAnExplosion() {
    assertThat(said(watchdog, Metrics.KL_EXACT, 0, 50, 101, 120, 130, 140)).containsExactly(4L);
  }

  @Test
  void whatIsOnlySaidIsNoReasonForSuspicion() {
    Watchdog strict =
        new Watchdog(
            new WatchdogSettings(
                WatchdogSettings.Action.WARN, WatchdogSettings.Action.STOP, 3, 0.05, 100, 0.5, 3));
    for (Watchdog each : List.of(watchdog, strict)) {
      said(each, Metrics.LOSS, course(20, 0.6));
      assertThat(each.suspects()).isFalse();
      each.look(20, Map.of(Metrics.LOSS, 9.0));
      assertThat(each.suspects()).isEqualTo(each == watchdog);
      each.look(21, Map.of(Metrics.LOSS, 0.6));
      each.look(21, Map.of(Metrics.KL_EXACT, 101.0));
      assertThat(each.suspects()).isEqualTo(each == strict);
    }
  }

  @Test
  void zeroMeansNoBound() {
    Watchdog blind =
        new Watchdog(
            new WatchdogSettings(
                WatchdogSettings.Action.STOP, WatchdogSettings.Action.STOP, 0, 0, 0, 0.5, 3));
    assertThat(said(blind, Metrics.LOSS, course(20, 1, 99, 99, 99, 99, 99, 99))).isEmpty();
    assertThat(said(blind, Metrics.ENTROPY, 2, 0, 0, 0, 0)).isEmpty();
    assertThat(said(blind, Metrics.KL_EXACT, 1e9, 1e9, 1e9, 1e9)).isEmpty();
  }

  @Test
  void aResumedRunIsWatchedAsIfNothingWere() {
    double[] values = course(20, 0.6, 2, 2);
    said(watchdog, Metrics.LOSS, values);
    watchdog.look(22, Map.of(Metrics.ENTROPY, 3.0));
    Watchdog resumed = new Watchdog(WatchdogSettings.DEFAULT);
    resumed.restore(watchdog.state());
    assertThat(resumed.state()).isEqualTo(watchdog.state());
    assertThat(resumed.suspects()).isTrue();
    assertThat(said(resumed, Metrics.LOSS, 2, 2, 2, 2)).containsExactly(2L);
  }

  @Test
  void aModelThatKnowsItsDataByHeartMayStumble() {
    double[] values = course(20, 0.01, 0.2, 0.3, 0.2, 0.3, 0.2, 0.3);
    assertThat(said(watchdog, Metrics.LOSS, values)).isEmpty();
  }
}
