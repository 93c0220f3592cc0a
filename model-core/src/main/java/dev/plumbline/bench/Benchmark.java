package dev.plumbline.bench;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.Arithmetic;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the engine in this process, part by part. Rates are given over the rate of matrix
 * products measured right before and after, because a machine's own rate changes with what else
 * runs on it; {@link Arithmetic} says what is counted.
 */
public final class Benchmark {
  /** How the numbers are to be read. */
  private static final List<String> NOTES =
      List.of(
          "Arithmetic counts matrix products, a multiply and an add as two: forward 2 N a token (N:"
              + " elements of the blocks' matrices), 2 V d a predicted token, 4 w for each pair of"
              + " tokens that attention sees in a block; training is three times forward, 6 N a"
              + " token and so on. Norms, softmax, rotations and the optimiser are not counted.",
          "The product rate is that of float32 products of 1024 x 1024, right before and after each"
              + " round; medians over rounds with quartiles.");

  private Benchmark() {}

  /**
   * Measures.
   *
   * @throws UserError where a part cannot be measured
   * @throws Progress.Cancelled where nobody wants it any more
   */
  public static BenchReport run(BenchSettings settings, Progress progress) {
    Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    long start = System.nanoTime();
    List<Measurement> found = new ArrayList<>();
    List<String> notes = new ArrayList<>(NOTES);
    try {
      Path directory = Files.createTempDirectory("plumbline-bench");
      try (TorchRuntime runtime = TorchRuntime.start(settings.threads(), progress::say);
          MatrixProduct product = new MatrixProduct(runtime)) {
        found.add(machine(product, settings, progress));
        for (BenchSettings.Part part : settings.parts()) {
          progress.check();
          found.addAll(
              switch (part) {
                case TRAINING -> TrainingBench.run(runtime, settings, product, progress);
                case SAMPLING -> SamplingBench.run(runtime, settings, product, progress);
                case PPO -> StageBench.run(runtime, directory, settings, progress);
                case OPERATIONS -> OperationsBench.run(runtime, settings, progress);
                case ANALYSIS -> AnalysisBench.run(settings, progress);
                case MEMORY -> MemoryBench.run(runtime, directory, settings, progress);
                case PYTHON -> python(runtime, directory, settings, product, progress, notes);
              });
        }
        return new BenchReport(
            started.toString(),
            (System.nanoTime() - start) * 1e-9,
            runtime.version(),
            runtime.device().toString(),
            runtime.threads(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            found,
            notes);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UserError(
          "the benchmark's own files cannot be written: " + e.getMessage() + "; check free space",
          e);
    }
  }

  private static List<Measurement> python(
      TorchRuntime runtime,
      Path directory,
      BenchSettings settings,
      MatrixProduct product,
      Progress progress,
      List<String> notes)
      throws IOException {
    String interpreter = settings.python();
    if (interpreter == null) {
      notes.add("Python was left out; --python names an interpreter with PyTorch.");
      return List.of();
    }
    return PythonBench.run(runtime, directory, settings, interpreter, product, progress);
  }

  private static Measurement machine(
      MatrixProduct product, BenchSettings settings, Progress progress) {
    progress.say("machine: matrix products");
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 2 * settings.rounds(); i++) {
      progress.check();
      rates.add(product.rate(4) * 1e-9);
    }
    return Measurement.of(
        "machine",
        "",
        "matrix products, float32",
        "10^9 operations/s",
        Spread.of(rates),
        "1024 x 1024");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
