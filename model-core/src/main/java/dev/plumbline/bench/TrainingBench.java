package dev.plumbline.bench;

import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;

/** Training throughput, and the rate of its arithmetic over the product rate. */
final class TrainingBench {
  private static final String PART = "training";
  private static final Goal WIDE = Goal.atLeast(0.6);
  private static final Goal NARROW = Goal.atLeast(0.4);
  private static final int WIDE_FROM = 512;
  private static final int NARROW_WIDTH = 128;

  private TrainingBench() {}

  static List<Measurement> run(
      TorchRuntime runtime, BenchSettings settings, MatrixProduct product, Progress progress) {
    List<Measurement> found = new ArrayList<>();
    for (DecoderSize size : settings.sizes()) {
      progress.say("training: " + size.describe());
      try (TrainingWork work = new TrainingWork(runtime, size)) {
        Rounds rounds = new Rounds(progress, product, 4).run(settings.rounds(), work::step);
        String subject = size.describe();
        String batch = size.batch() + " x " + size.length() + " tokens a step";
        found.add(
            Measurement.of(
                PART, subject, "throughput", "tokens/s", rounds.perSecond(work.tokens()), batch));
        Measurement rate =
            Measurement.of(
                PART,
                subject,
                "arithmetic rate over product rate",
                "1",
                rounds.overPeak(work.operations()),
                batch);
        int width = size.config().dModel();
        if (width >= WIDE_FROM) {
          rate = rate.against(WIDE);
        } else if (width == NARROW_WIDTH) {
          rate = rate.against(NARROW);
        }
        found.add(rate);
      }
    }
    return found;
  }
}
