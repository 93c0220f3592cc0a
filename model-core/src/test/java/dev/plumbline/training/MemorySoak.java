package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a warm-up a thousand steps of each stage leave memory where it was: the number of native
 * arrays to the one, resident memory to a few megabytes. It takes minutes and is not part of the
 * build: see CONTRIBUTING for how to run it.
 */
final class MemorySoak {
  private static final int STEPS = 2000;

  /** Java's compilers work on until about here, in memory that they keep. */
  private static final int WARM_UP = 1000;

  /** Above the noise of malloc and the collector; 10 kB a step that stay are found. */
  private static final double RESIDENT_BOUND_MB = 10;

  @TempDir Path directory;
  private TinyWorld world;

  @BeforeEach
  void writeWorld() throws IOException {
    Assumptions.assumeTrue(
        Files.isReadable(Path.of("/proc/self/status")), "this system has no /proc/self/status");
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      world = new TinyWorld(directory, runtime);
    }
  }

  @Test
  void pretraining() {
    PretrainingSettings s = world.pretraining();
    staysFlat(
        new PretrainingSettings(
            s.data(),
            s.model(),
            s.vocabularySize(),
            s.contextTokens(),
            s.batchSize(),
            STEPS,
            s.learningRate(),
            s.warmupSteps(),
            s.weightDecay(),
            s.maxGradientNorm(),
            s.heldOutFraction(),
            10,
            100,
            TrainerSettings.DEFAULT));
  }

  @Test
  void preferenceTraining() {
    PreferenceSettings s = world.preference();
    int stepsAnEpoch = s.maxComparisons() / s.batchSize();
    staysFlat(
        new PreferenceSettings(
            s.base(),
            s.baseline(),
            s.data(),
            s.heldOut(),
            s.heldOutFraction(),
            s.split(),
            s.onLeakage(),
            s.format(),
            s.maxComparisons(),
            s.contextTokens(),
            s.batchSize(),
            1 + STEPS / stepsAnEpoch,
            1e-3,
            s.warmupSteps(),
            s.weightDecay(),
            s.maxGradientNorm(),
            10,
            s.evaluateAt(),
            100,
            TrainerSettings.DEFAULT));
  }

  @Test
  void ppo() {
    TinyWorld.Knobs knobs = new TinyWorld.Knobs();
    knobs.iterations = STEPS;
    knobs.learningRate = 1e-4;
    staysFlat(world.ppo(knobs));
  }

  private void staysFlat(TrainingSettings settings) {
    int[] arrays = new int[STEPS + 1];
    double[] resident = new double[STEPS + 1];
    RunState end;
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      RecordingListener listener =
          new RecordingListener() {
            @Override
            public void metrics(
                long step, long samples, long tokens, double seconds, Map<String, Double> values) {
              if (step > 0 && step <= STEPS) {
                arrays[(int) step] = runtime.liveTensors();
                resident[(int) step] = residentMegabytes(step);
              }
            }
          };
      end =
          StageRunner.run(
              settings,
              11,
              directory.resolve("run"),
              null,
              listener,
              new ScriptedControls(),
              runtime);
      assertThat(end).as(listener.detail).isEqualTo(RunState.FINISHED);
    }
    double before = mean(resident, WARM_UP, WARM_UP + 100);
    double after = mean(resident, STEPS - 99, STEPS + 1);
    System.out.printf(
        Locale.ROOT,
        "%s: %d native arrays; resident %.1f MB at steps %d to %d, %.1f MB at the last 100%n",
        settings.getClass().getSimpleName(),
        arrays[STEPS],
        before,
        WARM_UP,
        WARM_UP + 99,
        after);
    assertThat(Arrays.copyOfRange(arrays, WARM_UP, STEPS + 1)).containsOnly(arrays[STEPS]);
    assertThat(after - before).as("growth in MB").isLessThan(RESIDENT_BOUND_MB);
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }

  /** Resident memory in 10^6 bytes; the heap's garbage is collected now and then before. */
  private static double residentMegabytes(long step) {
    if (step % 25 == 0) {
      System.gc();
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      List<String> found = lines.filter(line -> line.startsWith("VmRSS:")).toList();
      return Long.parseLong(found.getFirst().replaceAll("\\D", "")) * 1024 / 1e6;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
