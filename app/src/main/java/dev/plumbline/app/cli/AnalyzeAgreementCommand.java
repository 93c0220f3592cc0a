package dev.plumbline.app.cli;

import dev.plumbline.analysis.Agreement;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Reliability;
import dev.plumbline.analysis.ReliabilityData;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze agreement}: how far raters agree. */
@Command(
    name = "agreement",
    description = {
      "Agreement between raters: raw agreement, Krippendorff's alpha, Cohen's kappa for two raters,"
          + " Fleiss' kappa where items have as many labels; intervals by a bootstrap over items.",
      "The file is CSV with a header and the columns item, rater and label, a line for each label;"
          + " an empty label is a missing one."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeAgreementCommand extends Analysis {
  @Mixin CsvOption csv = new CsvOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 1);

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      required = true,
      description =
          "How labels are compared: nominal (equal or not; any text), ordinal (ranks; strength"
              + " scales), interval (differences), ratio (differences over sums)")
  Agreement.Level level = Agreement.Level.NOMINAL;

  @Option(
      names = "--order",
      paramLabel = "LABEL",
      split = ",",
      description = "For ordinal labels that are words: all of them, the lowest first")
  List<String> order = new ArrayList<>();

  @Option(
      names = "--coverage",
      paramLabel = "C",
      description = "Coverage of intervals (default: ${DEFAULT-VALUE})",
      defaultValue = "0.95")
  double coverage;

  /**
   * The numbers as scripts read them: low and high are alpha's; kappa is Cohen's unweighted one for
   * two raters and Fleiss' for more; null where a number does not exist, and {@code undefined} says
   * why alpha does not.
   */
  record Report(
      String level,
      int items,
      int pairableItems,
      int raters,
      long ratings,
      long missing,
      @Nullable Double raw,
      @Nullable Double rawLow,
      @Nullable Double rawHigh,
      @Nullable Double alpha,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable String undefined,
      @Nullable Double kappa,
      @Nullable String kappaKind,
      List<Kappa> kappas,
      double coverage,
      int resamples,
      int undefinedResamples) {}

  /** One kappa. */
  record Kappa(
      String kind,
      int items,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable String undefined) {
    static Kappa of(String kind, int items, Reliability kappa) {
      return new Kappa(
          kind,
          items,
          AnalyzeOptions.known(kappa.value()),
          AnalyzeOptions.low(interval(kappa)),
          AnalyzeOptions.high(interval(kappa)),
          reason(kappa));
    }
  }

  @Override
  public Integer call() {
    resampling.check();
    AnalyzeOptions.coverage("--coverage", coverage);
    CsvColumns columns = csv.read("item", "rater", "label");
    long missing = columns.texts("label").stream().filter(String::isEmpty).count();
    Agreement agreement =
        Agreement.of(
            data(columns),
            level,
            new Agreement.Options(coverage, resampling.draws, resampling.seed));
    List<Kappa> kappas = kappas(agreement);
    return answer(
        () -> report(agreement, missing, kappas),
        output -> print(output, agreement, missing, kappas));
  }

  private ReliabilityData data(CsvColumns columns) {
    List<String> items = columns.texts("item");
    List<String> raters = columns.texts("rater");
    List<String> labels = columns.texts("label");
    if (!order.isEmpty() && level != Agreement.Level.ORDINAL) {
      throw new UserError("--order is for --level ordinal");
    }
    List<String> words =
        level == Agreement.Level.NOMINAL
            ? labels.stream().filter(label -> !label.isEmpty()).distinct().sorted().toList()
            : order.stream().map(String::strip).toList();
    Set<List<String>> seen = new HashSet<>();
    ReliabilityData.Builder builder = new ReliabilityData.Builder();
    for (int row = 0; row < labels.size(); row++) {
      if (labels.get(row).isEmpty()) {
        continue;
      }
      if (!seen.add(List.of(items.get(row), raters.get(row)))) {
        throw columns.error(row, "rater", "a rater who has not labelled this item above");
      }
      builder.add(items.get(row), raters.get(row), label(columns, row, labels.get(row), words));
    }
    if (seen.isEmpty()) {
      throw new UserError(csv + ": every label is empty; there is nothing to compare");
    }
    return builder.build();
  }

  private double label(CsvColumns columns, int row, String label, List<String> words) {
    if (!words.isEmpty()) {
      int place = java.util.Collections.binarySearch(words, label);
      int at = level == Agreement.Level.NOMINAL ? place : words.indexOf(label);
      if (at < 0) {
        throw columns.error(row, "label", "one of " + String.join(", ", words));
      }
      return at;
    }
    double value;
    try {
      value = Double.parseDouble(label);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value) || (level == Agreement.Level.RATIO && value < 0)) {
      throw columns.error(
          row,
          "label",
          level == Agreement.Level.ORDINAL
              ? "a number (or give the order of words with --order)"
              : level == Agreement.Level.RATIO ? "a number from 0 on" : "a number");
    }
    return value;
  }

  static List<Kappa> kappas(Agreement agreement) {
    List<Kappa> kappas = new ArrayList<>();
    agreement
        .cohen()
        .ifPresent(
            cohen -> {
              kappas.add(Kappa.of("cohen", cohen.items(), cohen.unweighted()));
              cohen
                  .linear()
                  .ifPresent(each -> kappas.add(Kappa.of("cohen linear", cohen.items(), each)));
              cohen
                  .quadratic()
                  .ifPresent(each -> kappas.add(Kappa.of("cohen quadratic", cohen.items(), each)));
            });
    agreement
        .fleiss()
        .ifPresent(each -> kappas.add(Kappa.of("fleiss", agreement.pairable(), each)));
    return kappas;
  }

  private Report report(Agreement agreement, long missing, List<Kappa> kappas) {
    Optional<Kappa> first = kappas.stream().findFirst();
    return new Report(
        AnalyzeOptions.word(level),
        agreement.items(),
        agreement.pairable(),
        agreement.raters(),
        agreement.ratings(),
        missing,
        AnalyzeOptions.known(agreement.raw().value()),
        AnalyzeOptions.low(interval(agreement.raw())),
        AnalyzeOptions.high(interval(agreement.raw())),
        AnalyzeOptions.known(agreement.alpha().value()),
        AnalyzeOptions.low(interval(agreement.alpha())),
        AnalyzeOptions.high(interval(agreement.alpha())),
        reason(agreement.alpha()),
        first.map(Kappa::value).orElse(null),
        first.map(Kappa::kind).orElse(null),
        kappas,
        coverage,
        resampling.draws,
        agreement.alpha() instanceof Reliability.Defined defined
            ? defined.undefinedResamples()
            : 0);
  }

  private void print(Output output, Agreement agreement, long missing, List<Kappa> kappas) {
    output.line(
        "%s: %,d labels of %,d items by %,d raters, %,d missing; %,d items have two or more",
        csv,
        agreement.ratings(),
        agreement.items(),
        agreement.raters(),
        missing,
        agreement.pairable());
    line(output, "raw agreement", Kappa.of("", 0, agreement.raw()));
    line(output, "alpha (" + AnalyzeOptions.word(level) + ")", Kappa.of("", 0, agreement.alpha()));
    for (Kappa kappa : kappas) {
      line(output, "kappa, " + kappa.kind(), kappa);
    }
    output.line(
        "  raw: share of the pairs of labels of one item that are equal; intervals: %s percentile"
            + " bootstrap over items, %,d draws, seed %d",
        AnalyzeOptions.percent(coverage), resampling.draws, resampling.seed);
    if (agreement.alpha() instanceof Reliability.Defined defined
        && defined.undefinedResamples() > 0) {
      output.line(
          "  %,d draws had no variation; the intervals are without them",
          defined.undefinedResamples());
    }
  }

  static void line(Output output, String name, Kappa kappa) {
    Double value = kappa.value();
    Double low = kappa.low();
    Double high = kappa.high();
    if (value == null || low == null || high == null) {
      output.line("  %-24s %s", name, String.valueOf(kappa.undefined()));
    } else {
      output.line("  %-24s %8.4f  [%.4f, %.4f]", name, value, low, high);
    }
  }

  private static Optional<Interval> interval(Reliability of) {
    return of instanceof Reliability.Defined defined
        ? Optional.of(defined.interval())
        : Optional.empty();
  }

  private static @Nullable String reason(Reliability of) {
    return of instanceof Reliability.Undefined undefined ? undefined.reason() : null;
  }
}
