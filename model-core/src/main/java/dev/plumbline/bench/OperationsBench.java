package dev.plumbline.bench;

import dev.plumbline.torch.ArrayBlock;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The same decoder block, operation for operation, through DJL's arrays and as one program: what an
 * operation costs that crosses from Java by itself.
 */
final class OperationsBench {
  private static final String PART = "operations";

  /** Tokens: one as when sampling, and as many as a short training sequence has. */
  private static final int[] TOKENS = {1, 96};

  private static final int REPEATS = 200;
  private static final int WARM_UP = 20;

  private OperationsBench() {}

  static List<Measurement> run(TorchRuntime runtime, BenchSettings settings, Progress progress) {
    List<Measurement> found = new ArrayList<>();
    for (int tokens : TOKENS) {
      progress.say("operations: a block of %d tokens".formatted(tokens));
      try (ArrayBlock block = new ArrayBlock(runtime, tokens, 128, 4, 352)) {
        found.addAll(block(runtime, block, tokens, settings.rounds(), progress));
      }
    }
    return found;
  }

  private static List<Measurement> block(
      TorchRuntime runtime, ArrayBlock block, int tokens, int rounds, Progress progress) {
    List<Double> arrays = new ArrayList<>();
    List<Double> programs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> each = new ArrayList<>();
    repeat(runtime, WARM_UP * REPEATS, block::byArrays);
    repeat(runtime, WARM_UP * REPEATS, block::byProgram);
    for (int i = 0; i < rounds; i++) {
      progress.check();
      double before = repeat(runtime, REPEATS, block::byProgram);
      double middle = repeat(runtime, REPEATS, block::byArrays);
      double program = (before + repeat(runtime, REPEATS, block::byProgram)) / 2;
      arrays.add(middle * 1e6);
      programs.add(program * 1e6);
      ratios.add(middle / program);
      each.add((middle - program) * 1e6 / block.operations());
    }
    String subject = tokens == 1 ? "block, 1 token" : "block, " + tokens + " tokens";
    String note = "d 128, %d operations".formatted(block.operations());
    return List.of(
        Measurement.of(PART, subject, "by DJL's arrays", "us", Spread.of(arrays), note),
        Measurement.of(PART, subject, "as a program", "us", Spread.of(programs), note),
        Measurement.of(PART, subject, "arrays over program", "1", Spread.of(ratios), note),
        Measurement.of(
            PART,
            subject,
            "an operation by itself costs more by",
            "us",
            Spread.of(each),
            note + "; the difference of the two, an operation"));
  }

  /** Seconds of one run, each in a scope of its own. */
  private static double repeat(TorchRuntime runtime, int times, Runnable work) {
    return Rounds.seconds(
            () ->
                IntStream.range(0, times)
                    .forEach(
                        _ -> {
                          try (Scope _ = runtime.scope()) {
                            work.run();
                          }
                        }))
        / times;
  }
}
