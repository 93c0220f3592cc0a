package dev.plumbline.app.cli;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze detection}: scores that should tell out-of-distribution inputs. */
@Command(
    name = "detection",
    description = {
      "How well scores tell out-of-distribution inputs: AUROC with its interval, FPR95, average"
          + " precision and an operating point.",
      "The file is CSV with a header and the columns score (high = out) and label (1 ="
          + " out-of-distribution, the positive class; 0 = in-distribution)."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeDetectionCommand extends Analysis {
  @Mixin CsvOption csv = new CsvOption();
  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(0, 0);

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description =
          "Reject scores at or above T (default: the first threshold that catches 95 %% of the"
              + " out-of-distribution inputs)")
  @Nullable Double threshold;

  /** The numbers as scripts read them; null where one does not exist. */
  record Report(
      String positiveClass,
      int nIn,
      int nOut,
      double auroc,
      @Nullable Double standardError,
      @Nullable Double low,
      @Nullable Double high,
      double level,
      String interval,
      double fpr95,
      double threshold95,
      double averagePrecision,
      Operation operatingPoint,
      @Nullable Resampled bootstrap) {}

  /** What a threshold does. */
  record Operation(double threshold, Share falseReject, Share caught) {
    static Operation of(Detection.OperatingPoint point) {
      return new Operation(
          point.threshold(), Share.of(point.falseReject()), Share.of(point.caught()));
    }
  }

  /** A share with Wilson's interval. */
  record Share(double value, long n, double low, double high) {
    static Share of(Proportion share) {
      return new Share(share.value(), share.n(), share.interval().low(), share.interval().high());
    }
  }

  /** Percentile intervals, both classes drawn apart. */
  record Resampled(
      int draws,
      double aurocLow,
      double aurocHigh,
      double fpr95Low,
      double fpr95High,
      double averagePrecisionLow,
      double averagePrecisionHigh) {}

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    CsvColumns columns = csv.read("score", "label");
    double[] score = columns.numbers("score");
    boolean[] label = columns.flags("label");
    double[] in = pick(score, label, false);
    double[] out = pick(score, label, true);
    if (in.length == 0 || out.length == 0) {
      throw new UserError(
          "%s: all %,d rows have label %d, which is one class only; add rows with label %d"
              .formatted(csv, score.length, in.length == 0 ? 1 : 0, in.length == 0 ? 0 : 1));
    }
    Detection detection = Detection.of(in, out);
    Auroc auroc = detection.auroc(level.value);
    Detection.OperatingPoint at95 = detection.atLeastCaught(0.95, level.value);
    Detection.OperatingPoint point =
        threshold == null ? at95 : detection.at(threshold, level.value);
    Detection.Intervals bootstrap =
        !resampling.any()
            ? null
            : detection.bootstrap(resampling.draws, level.value, resampling.seed);
    return answer(
        () -> report(detection, auroc, at95, point, bootstrap),
        output -> print(output, detection, auroc, at95, point, bootstrap));
  }

  private static double[] pick(double[] score, boolean[] label, boolean wanted) {
    double[] picked = new double[score.length];
    int n = 0;
    for (int i = 0; i < score.length; i++) {
      if (label[i] == wanted) {
        picked[n++] = score[i];
      }
    }
    return Arrays.copyOf(picked, n);
  }

  private Report report(
      Detection detection,
      Auroc auroc,
      Detection.OperatingPoint at95,
      Detection.OperatingPoint point,
      Detection.@Nullable Intervals bootstrap) {
    return new Report(
        "out-of-distribution",
        auroc.nIn(),
        auroc.nOut(),
        auroc.value(),
        AnalyzeOptions.known(auroc.standardError()),
        AnalyzeOptions.known(auroc.interval().low()),
        AnalyzeOptions.known(auroc.interval().high()),
        level.value,
        auroc.kind() == Auroc.Kind.DELONG ? "delong_logit" : "newcombe_score",
        at95.falseReject().value(),
        at95.threshold(),
        detection.averagePrecision(),
        Operation.of(point),
        bootstrap == null
            ? null
            : new Resampled(
                bootstrap.draws(),
                bootstrap.auroc().low(),
                bootstrap.auroc().high(),
                bootstrap.falsePositiveRateAt95().low(),
                bootstrap.falsePositiveRateAt95().high(),
                bootstrap.averagePrecision().low(),
                bootstrap.averagePrecision().high()));
  }

  private void print(
      Output output,
      Detection detection,
      Auroc auroc,
      Detection.OperatingPoint at95,
      Detection.OperatingPoint point,
      Detection.@Nullable Intervals bootstrap) {
    output.line(
        "%s: %,d in-distribution, %,d out-of-distribution (positive; high score = out)",
        csv, auroc.nIn(), auroc.nOut());
    output.line(
        "  %-18s %10.6f  %s %s",
        "AUROC", auroc.value(), AnalyzeOptions.ends(auroc.interval()), rule(auroc.kind()));
    output.line(
        "  %-18s %10.6f  at the first threshold that catches 95 %% (%.6g)",
        "FPR95", at95.falseReject().value(), at95.threshold());
    output.line(
        "  %-18s %10.6f  (chance: %.6f)",
        "average precision",
        detection.averagePrecision(),
        (double) auroc.nOut() / (auroc.nIn() + auroc.nOut()));
    output.line("  reject scores of at least %.6g:", point.threshold());
    share(output, "falsely rejected", point.falseReject(), "in-distribution");
    share(output, "caught", point.caught(), "out-of-distribution");
    if (bootstrap != null) {
      output.line(
          "  bootstrap of each class, %,d draws: AUROC %s, FPR95 %s, average precision %s",
          bootstrap.draws(),
          AnalyzeOptions.ends(bootstrap.auroc()),
          AnalyzeOptions.ends(bootstrap.falsePositiveRateAt95()),
          AnalyzeOptions.ends(bootstrap.averagePrecision()));
    }
  }

  private static void share(Output output, String name, Proportion share, String what) {
    output.line(
        "    %-16s %10.6f  %s of %,d %s",
        name, share.value(), AnalyzeOptions.ends(share.interval()), share.n(), what);
  }

  private String rule(Auroc.Kind kind) {
    String coverage = level.percent();
    return switch (kind) {
      case DELONG -> coverage + ", DeLong on the logit scale";
      case SEPARATED -> coverage + ", Newcombe's score interval: the classes are perfectly apart";
      case TIED -> coverage + ", Newcombe's score interval: all scores are equal";
      case ONE_SCORE -> coverage + ", Newcombe's score interval: a class has one score";
      case ONE_CLASS -> throw new IllegalStateException("both classes are there");
    };
  }
}
