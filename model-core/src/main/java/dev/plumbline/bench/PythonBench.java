package dev.plumbline.bench;

import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The same model in Python's eager PyTorch, with the same number of threads: a step or a sampling
 * here, one there, one here, and so on.
 */
final class PythonBench {
  private static final String PART = "python";
  private static final int BATCH = 64;
  private static final Goal FASTER = Goal.atLeast(1);
  private static final Goal TWICE = Goal.atLeast(2);

  private PythonBench() {}

  static List<Measurement> run(
      TorchRuntime runtime,
      Path directory,
      BenchSettings settings,
      String interpreter,
      MatrixProduct product,
      Progress progress)
      throws IOException {
    List<Measurement> found = new ArrayList<>();
    for (DecoderSize size : settings.sizes()) {
      progress.say("python: " + size.describe());
      Path model = Files.createDirectories(directory.resolve("python-" + size.label()));
      try (TrainingWork work = new TrainingWork(runtime, size)) {
        work.save(model);
        try (PythonProcess python =
            PythonProcess.start(interpreter, directory, model, runtime.threads())) {
          python.batch(work.ids(), work.wanted());
          List<int[]> prompts = SamplingBench.prompts(BATCH);
          python.ask(Map.of("do", "prompts", "ids", prompts, "count", SamplingBench.SAMPLED));
          String subject = size.describe();
          found.add(
              ratio(
                      subject,
                      "training: Python's time over ours",
                      settings.rounds(),
                      () -> Rounds.seconds(work::step),
                      () -> python.seconds("step"),
                      size.batch() + " x " + size.length() + " tokens a step",
                      progress)
                  .against(FASTER));
          found.add(
              ratio(
                      subject,
                      "sampling: Python's time over ours",
                      settings.rounds(),
                      () ->
                          Rounds.seconds(
                              () -> work.model().generate(prompts, SamplingBench.options())),
                      () -> python.seconds("sample"),
                      "batch %d, prompts of %d, responses of %d tokens"
                          .formatted(BATCH, SamplingBench.PROMPT, SamplingBench.SAMPLED),
                      progress)
                  .against(TWICE));
          found.add(
              ratio(
                  subject,
                  "matrix product: Python's time over ours",
                  settings.rounds(),
                  () -> Rounds.seconds(() -> product.rate(4)),
                  () -> python.seconds("product"),
                  "four products of 1024 x 1024: what the libraries below make of it",
                  progress));
        }
      }
    }
    return found;
  }

  private static Measurement ratio(
      String subject,
      String name,
      int rounds,
      DoubleSupplier ours,
      DoubleSupplier theirs,
      String note,
      Progress progress) {
    double warmUp = theirs.getAsDouble() + ours.getAsDouble();
    progress.say("python: %s, %s (warm-up took %.1f s)".formatted(subject, name, warmUp));
    List<Double> ratios = new ArrayList<>();
    double before = ours.getAsDouble();
    for (int i = 0; i < rounds; i++) {
      progress.check();
      double middle = theirs.getAsDouble();
      double after = ours.getAsDouble();
      ratios.add(middle / ((before + after) / 2));
      before = after;
    }
    return Measurement.of(PART, subject, name, "1", Spread.of(ratios), note);
  }
}
