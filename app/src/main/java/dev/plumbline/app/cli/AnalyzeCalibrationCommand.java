package dev.plumbline.app.cli;

import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.BinnedCalibration;
import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.CalibrationBin;
import dev.plumbline.analysis.CalibrationBootstrap;
import dev.plumbline.analysis.CalibrationChance;
import dev.plumbline.analysis.CalibrationSlope;
import dev.plumbline.analysis.Corp;
import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Interval;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze calibration}: predicted probabilities against what happened. */
@Command(
    name = "calibration",
    description = {
      "Calibration of predicted probabilities: binned errors, Brier score, log-loss, slope, and the"
          + " Brier score taken apart by isotonic regression (CORP).",
      "The file is CSV with a header and the columns p (0 to 1) and y (0 or 1). For a preference"
          + " model p is sigmoid(r_a - r_b) and the side that is called a must be drawn at random."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeCalibrationCommand extends Analysis {
  @Mixin CsvOption csv = new CsvOption();
  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 0);

  @Option(
      names = "--bins",
      paramLabel = "N",
      description = "Bins (default: ${DEFAULT-VALUE})",
      defaultValue = "15")
  int bins;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "width: equal parts of [0, 1]; mass: as many predictions in each, equal ones never"
              + " parted. An edge belongs to the bin below it (default: ${DEFAULT-VALUE})",
      defaultValue = "mass")
  BinRule rule = BinRule.MASS;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description = "Rows with the same text here depend on each other (a prompt, an annotator)")
  @Nullable String group;

  /** The numbers as scripts read them; null where one does not exist. */
  record Report(
      int n,
      String rule,
      double ece,
      double mce,
      double debiasedL2,
      int singletons,
      double brier,
      double logLoss,
      int clipped,
      @Nullable Double slope,
      @Nullable Double slopeStandardError,
      @Nullable Double slopeLow,
      @Nullable Double slopeHigh,
      String slopeKind,
      double level,
      List<Bin> bins,
      Decomposition corp,
      @Nullable IfCalibrated ifCalibrated,
      @Nullable Resampled bootstrap) {}

  /** A bin; the band is what a calibrated model would show in it. */
  record Bin(
      double from,
      double to,
      long n,
      @Nullable Double meanP,
      @Nullable Double meanY,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Double bandLow,
      @Nullable Double bandHigh) {}

  /** Brier = mcb - dsc + unc. */
  record Decomposition(double mcb, double dsc, double unc, List<Corp.Step> steps) {}

  /** The ECE of a calibrated model with these predictions. */
  record IfCalibrated(double ece, double low, double high, double pValue, int draws) {}

  /** Percentile intervals over groups. */
  record Resampled(
      int groups,
      int draws,
      Ends share,
      Ends ece,
      Ends mce,
      Ends debiasedL2,
      Ends brier,
      Ends logLoss) {}

  /** Ends of an interval. */
  record Ends(double low, double high) {
    static Ends of(Interval interval) {
      return new Ends(interval.low(), interval.high());
    }
  }

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    AnalyzeOptions.atLeast("--bins", bins, 1);
    CsvColumns columns = group == null ? csv.read("p", "y") : csv.read("p", "y", group);
    double[] p = columns.numbers("p", "a probability from 0 to 1", each -> each >= 0 && each <= 1);
    boolean[] y = columns.flags("y");
    Groups groups = group == null ? Groups.single(p.length) : groups(columns.texts(group));
    if (groups.count() < 2 && p.length > 1) {
      throw new UserError(
          csv + ": all rows are of one group; intervals over groups need at least two");
    }
    Calibration.Options options = new Calibration.Options(bins, rule, level.value);
    Calibration measured = Calibration.of(p, y, groups, options);
    CalibrationChance chance =
        !resampling.any()
            ? null
            : CalibrationChance.of(p, y, options, resampling.draws, resampling.seed);
    CalibrationBootstrap bootstrap =
        !resampling.any()
            ? null
            : CalibrationBootstrap.of(p, y, groups, options, resampling.draws, resampling.seed);
    return answer(
        () -> report(measured, chance, bootstrap),
        output -> print(output, measured, chance, bootstrap));
  }

  private static Groups groups(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] of = new int[names.size()];
    for (int row = 0; row < of.length; row++) {
      of[row] = numbers.computeIfAbsent(names.get(row), _ -> numbers.size());
    }
    return Groups.of(of);
  }

  private Report report(
      Calibration measured,
      @Nullable CalibrationChance chance,
      @Nullable CalibrationBootstrap bootstrap) {
    BinnedCalibration binned = measured.binned();
    CalibrationSlope slope = measured.slope();
    List<Bin> rows = new ArrayList<>();
    for (int i = 0; i < binned.bins().size(); i++) {
      CalibrationBin bin = binned.bins().get(i);
      Interval band = chance == null ? null : chance.band().get(i);
      rows.add(
          new Bin(
              bin.from(),
              bin.to(),
              bin.n(),
              AnalyzeOptions.known(bin.meanP()),
              AnalyzeOptions.known(bin.meanY()),
              AnalyzeOptions.known(bin.interval().low()),
              AnalyzeOptions.known(bin.interval().high()),
              band == null ? null : AnalyzeOptions.known(band.low()),
              band == null ? null : AnalyzeOptions.known(band.high())));
    }
    Corp corp = measured.corp();
    return new Report(
        measured.n(),
        AnalyzeOptions.word(rule),
        binned.ece(),
        binned.mce(),
        binned.debiasedL2(),
        binned.singletons(),
        measured.brier(),
        measured.logLoss(),
        measured.clipped(),
        AnalyzeOptions.known(slope.value()),
        AnalyzeOptions.known(slope.standardError()),
        AnalyzeOptions.known(slope.interval().low()),
        AnalyzeOptions.known(slope.interval().high()),
        AnalyzeOptions.word(slope.kind()),
        level.value,
        rows,
        new Decomposition(corp.mcb(), corp.dsc(), corp.unc(), corp.steps()),
        chance == null
            ? null
            : new IfCalibrated(
                chance.ece(),
                chance.eceInterval().low(),
                chance.eceInterval().high(),
                chance.pValue(),
                chance.draws()),
        bootstrap == null
            ? null
            : new Resampled(
                bootstrap.groups(),
                bootstrap.draws(),
                Ends.of(bootstrap.share()),
                Ends.of(bootstrap.ece()),
                Ends.of(bootstrap.mce()),
                Ends.of(bootstrap.debiasedL2()),
                Ends.of(bootstrap.brier()),
                Ends.of(bootstrap.logLoss())));
  }

  private void print(
      Output output,
      Calibration measured,
      @Nullable CalibrationChance chance,
      @Nullable CalibrationBootstrap bootstrap) {
    BinnedCalibration binned = measured.binned();
    output.line("%s: %,d predictions", csv, measured.n());
    output.line(
        "%d bins of equal %s, (lo, hi]; [ ] is Wilson's %s interval of mean y%s",
        binned.bins().size(),
        AnalyzeOptions.word(measured.rule()),
        level.percent(),
        chance == null ? "" : ", band: what a calibrated model would show");
    output.line(
        "  %8s %8s %8s %8s %8s  %-18s%s",
        "from", "to", "n", "mean p", "mean y", "", chance == null ? "" : "  band");
    for (int i = 0; i < binned.bins().size(); i++) {
      CalibrationBin bin = binned.bins().get(i);
      if (bin.n() == 0) {
        output.line("  %8.4f %8.4f %8d %8s %8s", bin.from(), bin.to(), 0, "-", "-");
        continue;
      }
      output.line(
          "  %8.4f %8.4f %8d %8.4f %8.4f  %-18s%s",
          bin.from(),
          bin.to(),
          bin.n(),
          bin.meanP(),
          bin.meanY(),
          AnalyzeOptions.ends(bin.interval()),
          chance == null ? "" : "  " + AnalyzeOptions.ends(chance.band().get(i)));
    }
    output.line("");
    number(output, "ECE", binned.ece(), bootstrap == null ? null : bootstrap.ece());
    if (chance != null) {
      output.line(
          "  %-16s %10.6f  %s if calibrated (%,d draws); p = %.4f",
          "",
          chance.ece(),
          AnalyzeOptions.ends(chance.eceInterval()),
          chance.draws(),
          chance.pValue());
    }
    number(output, "MCE", binned.mce(), bootstrap == null ? null : bootstrap.mce());
    number(
        output,
        "debiased L2^2",
        binned.debiasedL2(),
        bootstrap == null ? null : bootstrap.debiasedL2());
    number(output, "Brier", measured.brier(), bootstrap == null ? null : bootstrap.brier());
    number(
        output,
        "log-loss (nats)",
        measured.logLoss(),
        bootstrap == null ? null : bootstrap.logLoss());
    slope(output, measured.slope());
    Corp corp = measured.corp();
    output.line(
        "  %-16s MCB %.6f - DSC %.6f + UNC %.6f = Brier",
        "CORP", corp.mcb(), corp.dsc(), corp.unc());
    if (binned.singletons() > 0) {
      output.line(
          "  %d of the bins have one member and add nothing to the debiased error",
          binned.singletons());
    }
    if (measured.clipped() > 0) {
      output.line(
          "  %,d predictions are 0 or 1; log-loss and slope take 2^-52 and 1 - 2^-52 for them",
          measured.clipped());
    }
    if (bootstrap != null) {
      output.line(
          "  intervals of errors: percentile bootstrap, %,d draws of %,d %s, bins held; that of"
              + " the ECE has the ECE's upward bias twice",
          bootstrap.draws(), bootstrap.groups(), group == null ? "rows" : "groups");
    }
  }

  private static void number(
      Output output, String name, double value, @Nullable Interval interval) {
    output.line(
        "  %-16s %10.6f%s",
        name, value, interval == null ? "" : "  " + AnalyzeOptions.ends(interval));
  }

  private static void slope(Output output, CalibrationSlope slope) {
    switch (slope.kind()) {
      case ESTIMATED ->
          output.line(
              "  %-16s %10.6f  %s se %.4f; 1 is calibrated, above 1 under-confident",
              "slope", slope.value(), AnalyzeOptions.ends(slope.interval()), slope.standardError());
      case SEPARATED ->
          output.line("  %-16s infinite: no prediction is on the wrong side of 1/2", "slope");
      case REVERSED ->
          output.line("  %-16s minus infinite: no prediction is on the right side", "slope");
      case CONSTANT -> output.line("  %-16s undefined: every prediction is 1/2", "slope");
    }
  }
}
