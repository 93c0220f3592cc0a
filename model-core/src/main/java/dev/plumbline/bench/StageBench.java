package dev.plumbline.bench;

import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a step of a whole stage costs beside its native programs, and how an iteration of PPO is
 * divided; models of the sample study's size, the journal written as a worker writes it.
 */
final class StageBench {
  private static final String PART = "ppo";
  private static final Goal BOOKKEEPING = Goal.atMost(0.03);
  private static final Goal WHOLE = Goal.atMost(1.15);
  private static final int WARM_UP = 2;

  private StageBench() {}

  static List<Measurement> run(
      TorchRuntime runtime, Path directory, BenchSettings settings, Progress progress)
      throws IOException {
    BenchWorld world = BenchWorld.write(directory.resolve("world"), runtime);
    List<Measurement> found = new ArrayList<>();
    progress.say("ppo: a training step's bookkeeping");
    int steps = 4 * settings.rounds();
    List<TimedRun.Step> training =
        measured(runtime, directory, pretraining(world, WARM_UP + steps), progress);
    String shape = "decoder " + DecoderSize.SMALL.describe() + ", 32 sequences of about 64 tokens";
    found.add(bookkeeping("pretraining step", training, shape));
    found.add(journal("pretraining step", training, shape));

    progress.say("ppo: iterations");
    List<TimedRun.Step> iterations =
        measured(runtime, directory, ppo(world, WARM_UP + settings.rounds()), progress);
    String batch = "64 responses of 32 tokens, minibatches of 32, 2 epochs, a sheet of 8";
    String subject = "PPO iteration";
    found.add(part(subject, "whole", iterations, TimedRun.Step::seconds, batch));
    found.add(
        part(subject, "generate", iterations, s -> value(s, Metrics.GENERATE_SECONDS), batch));
    found.add(
        part(
            subject,
            "score",
            iterations,
            s -> value(s, Metrics.SCORE_SECONDS),
            batch + "; with policy, reference and preference model over each response"));
    found.add(part(subject, "train", iterations, s -> value(s, Metrics.TRAIN_SECONDS), batch));
    found.add(part(subject, "journal", iterations, TimedRun.Step::journalSeconds, batch));
    found.add(
        ratio(
                subject,
                "whole over generate + score + train",
                iterations,
                s ->
                    s.seconds()
                        / (value(s, Metrics.GENERATE_SECONDS)
                            + value(s, Metrics.SCORE_SECONDS)
                            + value(s, Metrics.TRAIN_SECONDS)),
                batch)
            .against(WHOLE));
    found.add(
        ratio(
                subject,
                "whole over its native programs",
                iterations,
                s -> s.seconds() / s.programSeconds(),
                batch + "; stricter: Java inside the three counts as overhead")
            .against(WHOLE));
    found.add(bookkeeping(subject, iterations, batch));
    found.add(journal(subject, iterations, batch));
    return found;
  }

  private static List<TimedRun.Step> measured(
      TorchRuntime runtime, Path directory, String spec, Progress progress) throws IOException {
    List<TimedRun.Step> steps =
        TimedRun.of(
            runtime,
            directory,
            spec,
            _ -> {
              progress.check();
              return true;
            });
    return steps.subList(WARM_UP, steps.size());
  }

  private static double value(TimedRun.Step step, String metric) {
    return step.values().getOrDefault(metric, Double.NaN);
  }

  private static Measurement part(
      String subject,
      String name,
      List<TimedRun.Step> steps,
      ToDoubleFunction<TimedRun.Step> seconds,
      String note) {
    return Measurement.of(
        PART,
        subject,
        name,
        "ms",
        Spread.of(steps.stream().map(step -> 1e3 * seconds.applyAsDouble(step)).toList()),
        note);
  }

  private static Measurement ratio(
      String subject,
      String name,
      List<TimedRun.Step> steps,
      ToDoubleFunction<TimedRun.Step> ratio,
      String note) {
    return Measurement.of(
        PART,
        subject,
        name,
        "1",
        Spread.of(steps.stream().map(ratio::applyAsDouble).toList()),
        note);
  }

  private static Measurement bookkeeping(String subject, List<TimedRun.Step> steps, String note) {
    return ratio(
            subject,
            "bookkeeping's share (Java, metrics, journal)",
            steps,
            step -> 1 - step.programSeconds() / step.seconds(),
            note + "; what is not inside a native program")
        .against(BOOKKEEPING);
  }

  private static Measurement journal(String subject, List<TimedRun.Step> steps, String note) {
    return ratio(
        subject,
        "the journal's share",
        steps,
        step -> step.journalSeconds() / step.seconds(),
        note);
  }

  private static String pretraining(BenchWorld world, int steps) {
    return """
    name: bench-pretraining
    pretraining:
      data: ["%s"]
      model: {layers: 4, d_model: 128, heads: 4, kv_heads: 4, feed_forward: 352}
      vocabulary_size: %d
      context_tokens: 128
      batch_size: 32
      steps: %d
      held_out_fraction: 0
      evaluate_every: 1000000
      checkpoint_every: 1000000
    """
        .formatted(escaped(world.comparisons()), DecoderSize.VOCABULARY, steps);
  }

  static String ppo(BenchWorld world, int iterations) {
    return """
    name: bench-ppo
    rlhf:
      policy: "%s"
      reward: {preference_model: "%s"}
      prompts: ["%s"]
      iterations: %d
      batch_size: 64
      minibatch_size: 32
      epochs: 2
      max_prompt_tokens: 128
      max_response_tokens: 32
      learning_rate: 0.00001
      sample_sheet_size: 8
      checkpoint_every: 1000000
    """
        .formatted(
            escaped(world.policy()),
            escaped(world.preferenceModel()),
            escaped(world.comparisons()),
            iterations);
  }

  private static String escaped(Path path) {
    return path.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
