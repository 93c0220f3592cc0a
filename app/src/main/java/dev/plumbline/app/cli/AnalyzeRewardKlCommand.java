package dev.plumbline.app.cli;

import dev.plumbline.analysis.ParallelLines;
import dev.plumbline.analysis.RewardKlFit;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze reward-kl}: the line of reward against sqrt(KL). */
@Command(
    name = "reward-kl",
    description = {
      "The line reward = a + b sqrt(KL) by least squares, with the textbook interval of b (naive:"
          + " points along one run depend on each other), a block bootstrap, and with --runs the t"
          + " interval across runs and the test whether their lines are parallel.",
      "The file is CSV with a header and the columns kl (nats) and reward, in the order of steps; a"
          + " negative mean KL is taken as 0 and counted."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeRewardKlCommand extends Analysis {
  @Mixin CsvOption csv = new CsvOption();
  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 1);

  @Option(
      names = "--runs",
      paramLabel = "COLUMN",
      description = "Column that names the run (or seed, or size) of each point")
  @Nullable String runs;

  @Option(
      names = "--from",
      paramLabel = "D",
      description = "Lower end of the range of sqrt(KL) to fit (default: ${DEFAULT-VALUE})",
      defaultValue = "0")
  double from;

  @Option(names = "--to", paramLabel = "D", description = "Upper end of the range (default: all)")
  double to = Double.POSITIVE_INFINITY;

  /** The numbers as scripts read them: se, low and high are the naive ones. */
  record Report(
      int n,
      double slope,
      double intercept,
      double se,
      double low,
      double high,
      String interval,
      double interceptSe,
      double bootstrapLow,
      double bootstrapHigh,
      int blockLength,
      int resamples,
      @Nullable Double r2,
      @Nullable Double durbinWatson,
      double residualDeviation,
      double from,
      double to,
      int clipped,
      @Nullable Long departureRow,
      double level,
      @Nullable AcrossRuns acrossRuns) {}

  /** Lines of several runs. */
  record AcrossRuns(
      List<OneRun> runs,
      double slope,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Parallel parallel) {}

  /** One run's line. */
  record OneRun(String run, int n, double slope, double intercept, double se) {}

  /** F test of equal slopes. */
  record Parallel(
      double commonSlope,
      double se,
      double low,
      double high,
      @Nullable Double f,
      int numerator,
      int denominator,
      @Nullable Double p) {}

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    if (!(from < to)) {
      throw new UserError("--from %s is not below --to %s".formatted(from, to));
    }
    CsvColumns columns = runs == null ? csv.read("kl", "reward") : csv.read("kl", "reward", runs);
    double[] kl = columns.numbers("kl");
    double[] reward = columns.numbers("reward");
    RewardKlFit.Options options =
        new RewardKlFit.Options(from, to, level.value, resampling.draws, resampling.seed);
    RewardKlFit fit = fit(kl, reward, options, csv.toString());
    AcrossRuns across = runs == null ? null : across(columns.texts(runs), kl, reward, options);
    return answer(() -> report(fit, across), output -> print(output, fit, across));
  }

  private static RewardKlFit fit(
      double[] kl, double[] reward, RewardKlFit.Options options, String what) {
    return RewardKlFit.of(LongStream.rangeClosed(1, kl.length).toArray(), kl, reward, options)
        .orElseThrow(
            () ->
                new UserError(
                    "%s: no line can be fitted: %s"
                        .formatted(
                            what,
                            RewardKlFit.problem(kl, reward, options).orElse("too few points"))));
  }

  private AcrossRuns across(
      List<String> names, double[] kl, double[] reward, RewardKlFit.Options options) {
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < names.size(); row++) {
      rows.computeIfAbsent(names.get(row), _ -> new ArrayList<>()).add(row);
    }
    List<RewardKlFit> fits = new ArrayList<>();
    List<OneRun> lines = new ArrayList<>();
    List<ParallelLines.Group> groups = new ArrayList<>();
    rows.forEach(
        (name, of) -> {
          int[] own = of.stream().mapToInt(Integer::intValue).toArray();
          double[] x = Arrays.stream(own).mapToDouble(row -> kl[row]).toArray();
          double[] y = Arrays.stream(own).mapToDouble(row -> reward[row]).toArray();
          RewardKlFit line = fit(x, y, options, "%s, %s %s".formatted(csv, runs, name));
          fits.add(line);
          lines.add(
              new OneRun(
                  name, line.n(), line.slope(), line.intercept(), line.slopeStandardError()));
          int[] inside =
              Arrays.stream(own)
                  .filter(row -> root(kl[row]) >= from && root(kl[row]) <= to)
                  .toArray();
          groups.add(
              new ParallelLines.Group(
                  name,
                  Arrays.stream(inside).mapToDouble(row -> root(kl[row])).toArray(),
                  Arrays.stream(inside).mapToDouble(row -> reward[row]).toArray()));
        });
    RewardKlFit.Slope slope = RewardKlFit.acrossRuns(fits, level.value);
    return new AcrossRuns(
        lines,
        slope.mean(),
        AnalyzeOptions.known(slope.interval().low()),
        AnalyzeOptions.known(slope.interval().high()),
        groups.size() < 2 ? null : parallel(ParallelLines.of(groups, level.value)));
  }

  private static double root(double kl) {
    return Math.sqrt(Math.max(0, kl));
  }

  private static Parallel parallel(ParallelLines lines) {
    return new Parallel(
        lines.common().value(),
        lines.common().standardError(),
        lines.common().interval().low(),
        lines.common().interval().high(),
        AnalyzeOptions.known(lines.f()),
        lines.numerator(),
        lines.denominator(),
        AnalyzeOptions.known(lines.probability()));
  }

  private Report report(RewardKlFit fit, @Nullable AcrossRuns across) {
    return new Report(
        fit.n(),
        fit.slope(),
        fit.intercept(),
        fit.slopeStandardError(),
        fit.naive().low(),
        fit.naive().high(),
        "naive",
        fit.interceptStandardError(),
        fit.bootstrap().low(),
        fit.bootstrap().high(),
        fit.blockLength(),
        fit.resamples(),
        AnalyzeOptions.known(fit.rSquared()),
        AnalyzeOptions.known(fit.durbinWatson()),
        fit.residualDeviation(),
        fit.from(),
        fit.to(),
        fit.clipped(),
        fit.departure().isPresent() ? fit.departure().getAsLong() : null,
        level.value,
        across);
  }

  private void print(Output output, RewardKlFit fit, @Nullable AcrossRuns across) {
    output.line(
        "%s: %d points, sqrt(KL) from %.4f to %.4f%s",
        csv,
        fit.n(),
        fit.from(),
        fit.to(),
        fit.clipped() == 0 ? "" : "; %d negative KL taken as 0".formatted(fit.clipped()));
    output.line(
        "  slope            %10.6f nats per sqrt(nat), se %.6f",
        fit.slope(), fit.slopeStandardError());
    output.line(
        "    naive          %s %s, as if points were independent",
        AnalyzeOptions.ends(fit.naive()), level.percent());
    output.line(
        "    bootstrap      %s blocks of %d points, %,d draws, seed %d",
        AnalyzeOptions.ends(fit.bootstrap()), fit.blockLength(), fit.resamples(), resampling.seed);
    if (across != null) {
      Double low = across.low();
      Double high = across.high();
      if (low != null && high != null) {
        output.line(
            "    across runs    %.6f [%.4f, %.4f] t interval, %d runs",
            across.slope(), low, high, across.runs().size());
      }
    }
    output.line(
        "  intercept        %10.6f nats, se %.6f", fit.intercept(), fit.interceptStandardError());
    output.line(
        "  R^2              %s",
        Double.isNaN(fit.rSquared())
            ? "undefined: the reward does not vary"
            : String.format(Locale.ROOT, "%10.6f", fit.rSquared()));
    output.line(
        "  Durbin-Watson    %s",
        Double.isNaN(fit.durbinWatson())
            ? "undefined: the line is exact"
            : String.format(
                Locale.ROOT, "%10.6f (2: no correlation of neighbours)", fit.durbinWatson()));
    fit.departure()
        .ifPresent(row -> output.line("  leaves the line for good at row %d of the data", row));
    if (across != null) {
      runs(output, across);
    }
  }

  private void runs(Output output, AcrossRuns across) {
    for (OneRun run : across.runs()) {
      output.line(
          "  %s %-12s  n %4d  slope %10.6f (se %.6f)  intercept %10.6f",
          String.valueOf(runs), run.run(), run.n(), run.slope(), run.se(), run.intercept());
    }
    Parallel parallel = across.parallel();
    if (parallel != null && parallel.p() != null && parallel.f() != null) {
      output.line(
          "  parallel lines   F(%d, %d) = %.4f, p = %.4f (as if points were independent); common"
              + " slope %.6f [%.4f, %.4f]",
          parallel.numerator(),
          parallel.denominator(),
          parallel.f(),
          parallel.p(),
          parallel.commonSlope(),
          parallel.low(),
          parallel.high());
    }
  }
}
