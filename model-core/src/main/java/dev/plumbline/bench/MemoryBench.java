package dev.plumbline.bench;

import dev.plumbline.analysis.Bootstrap;
import dev.plumbline.analysis.Interval;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Resident memory while PPO runs on: sampling, scoring, training and journal all have their turn.
 * The first fifth is warm-up, in which Java's compilers and the allocator still grow.
 */
final class MemoryBench {
  private static final String PART = "memory";
  private static final double WARM_UP = 0.2;
  private static final double LEVEL = 0.95;
  private static final int BLOCK = 20;
  private static final int RESAMPLES = 1000;

  /** Above the noise of allocator and collector. */
  private static final Goal FLAT = Goal.atMost(10);

  private MemoryBench() {}

  static List<Measurement> run(
      TorchRuntime runtime, Path directory, BenchSettings settings, Progress progress)
      throws IOException {
    progress.say("memory: PPO for %.1f minutes".formatted(settings.minutes()));
    BenchWorld world = BenchWorld.write(directory.resolve("memory-world"), runtime);
    long end = System.nanoTime() + (long) (settings.minutes() * 60e9);
    List<TimedRun.Step> steps =
        TimedRun.of(
            runtime,
            directory,
            StageBench.ppo(world, 10_000_000),
            _ -> {
              progress.check();
              return System.nanoTime() < end;
            });
    return of(steps);
  }

  static List<Measurement> of(List<TimedRun.Step> steps) {
    List<double[]> points = new ArrayList<>();
    double seconds = 0;
    for (TimedRun.Step step : steps) {
      seconds += step.seconds();
      double resident = step.values().getOrDefault(Metrics.MEMORY_MB, Double.NaN);
      if (Double.isFinite(resident)) {
        points.add(new double[] {seconds / 3600, resident});
      }
    }
    double total = seconds / 3600;
    List<double[]> warm = points.stream().filter(p -> p[0] > WARM_UP * total).toList();
    if (warm.size() < 3) {
      return List.of();
    }
    double[] hours = warm.stream().mapToDouble(p -> p[0]).toArray();
    double[] resident = warm.stream().mapToDouble(p -> p[1]).toArray();
    int[] all = java.util.stream.IntStream.range(0, hours.length).toArray();
    double slope = slope(hours, resident, all);
    int n = hours.length;
    Interval interval =
        Bootstrap.percentile(
            n, Math.min(BLOCK, n / 2), RESAMPLES, LEVEL, 1, rows -> slope(hours, resident, rows));
    String note =
        "%d PPO iterations in %.1f minutes, the first fifth left out; least squares, 95 %% interval"
            .formatted(steps.size(), seconds / 60);
    double lasted = hours[n - 1] - hours[0];
    return List.of(
        new Measurement(
            PART,
            "PPO",
            "resident memory, slope",
            "MB/h",
            slope,
            interval.low(),
            interval.high(),
            n,
            null,
            null,
            note),
        new Measurement(
                PART,
                "PPO",
                "resident memory, growth over the measured time",
                "MB",
                slope * lasted,
                interval.low() * lasted,
                interval.high() * lasted,
                n,
                null,
                null,
                note)
            .against(FLAT),
        Measurement.of(
            PART,
            "PPO",
            "resident memory",
            "MB",
            Spread.of(java.util.Arrays.stream(resident).boxed().toList()),
            note));
  }

  /** Slope of y over x by least squares over some rows. */
  static double slope(double[] x, double[] y, int[] rows) {
    double meanX = 0;
    double meanY = 0;
    for (int row : rows) {
      meanX += x[row] / rows.length;
      meanY += y[row] / rows.length;
    }
    double products = 0;
    double squares = 0;
    for (int row : rows) {
      products += (x[row] - meanX) * (y[row] - meanY);
      squares += (x[row] - meanX) * (x[row] - meanX);
    }
    return squares == 0 ? 0 : products / squares;
  }
}
