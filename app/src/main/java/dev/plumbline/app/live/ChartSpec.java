package dev.plumbline.app.live;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.List;

/**
 * What a chart of the comparison shows.
 *
 * @param y names of metrics, which share an axis; the first gives its label
 * @param x {@code step}, {@code samples}, {@code tokens}, {@code time} or the name of a metric
 * @param logX whether the horizontal axis is logarithmic
 * @param logY whether the vertical one is
 * @param outliersOut whether values beyond Tukey's outer fences may lie outside the axis
 * @param width sixths of the page, 2 to 6
 * @param height 1 to 3
 * @param law whether it is reward against sqrt(KL) with its fits, whatever y and x are
 */
public record ChartSpec(
    List<String> y,
    String x,
    boolean logX,
    boolean logY,
    boolean outliersOut,
    int width,
    int height,
    boolean law) {
  /** What runs are drawn against besides metrics. */
  public static final List<String> PLACES = List.of("step", "samples", "tokens", "time");

  private static final int[] WIDTHS = {2, 3, 4, 6};

  /** Puts what was read into bounds. */
  public ChartSpec {
    y = y == null || y.isEmpty() ? List.of(Metrics.LOSS) : List.copyOf(y);
    x = x == null || x.isEmpty() ? "step" : x;
    width = nearest(width);
    height = Math.clamp(height, 1, 3);
  }

  /** A metric against steps. */
  static ChartSpec of(String metric) {
    return new ChartSpec(List.of(metric), "step", false, false, false, 3, 1, false);
  }

  /** Reward against sqrt(KL). */
  static ChartSpec rewardLaw() {
    return new ChartSpec(
        List.of(Metrics.PM_SCORE), Metrics.SQRT_KL, false, false, false, 4, 2, true);
  }

  private static int nearest(int width) {
    int best = WIDTHS[0];
    for (int each : WIDTHS) {
      best = Math.abs(each - width) < Math.abs(best - width) ? each : best;
    }
    return best;
  }

  /** By what charts share their horizontal axis: equal ones zoom together. */
  @JsonIgnore
  String axis() {
    return law ? Metrics.SQRT_KL : x;
  }

  ChartSpec withY(List<String> metrics) {
    return new ChartSpec(metrics, x, logX, logY, outliersOut, width, height, law);
  }

  ChartSpec withMetric(String metric) {
    List<String> all = new ArrayList<>(y);
    if (!all.remove(metric)) {
      all.add(metric);
    }
    return all.isEmpty() ? this : withY(all);
  }

  ChartSpec withX(String place) {
    return new ChartSpec(y, place, logX, logY, outliersOut, width, height, false);
  }

  ChartSpec withLogX(boolean value) {
    return new ChartSpec(y, x, value, logY, outliersOut, width, height, law);
  }

  ChartSpec withLogY(boolean value) {
    return new ChartSpec(y, x, logX, value, outliersOut, width, height, law);
  }

  ChartSpec withOutliersOut(boolean value) {
    return new ChartSpec(y, x, logX, logY, value, width, height, law);
  }

  ChartSpec sized(int newWidth, int newHeight) {
    return new ChartSpec(y, x, logX, logY, outliersOut, newWidth, newHeight, law);
  }

  /** One step wider or narrower. */
  ChartSpec wider(int by) {
    int at = 0;
    while (WIDTHS[at] != width) {
      at++;
    }
    return sized(WIDTHS[Math.clamp(at + by, 0, WIDTHS.length - 1)], height);
  }
}
