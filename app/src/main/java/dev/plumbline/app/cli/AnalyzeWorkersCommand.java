package dev.plumbline.app.cli;

import dev.plumbline.analysis.GroupBootstrap;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.WorkerLedger;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze workers}: who made the comparisons, and how often an auditor agreed. */
@Command(
    name = "workers",
    description = {
      "Comparisons of each worker, their cumulative share, how few gave most of them, and how often"
          + " an auditor agreed, with Wilson's intervals.",
      "The file is CSV with a header and a line for each comparison: the column worker, and if"
          + " there was an audit either agreement (0 or 1) or label and auditor (what the two"
          + " chose); empty where a comparison was not audited."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeWorkersCommand extends Analysis {
  private static final String WORKER = "worker";
  private static final String AGREEMENT = "agreement";
  private static final String LABEL = "label";
  private static final String AUDITOR = "auditor";

  @Mixin CsvOption csv = new CsvOption();
  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 1);

  @Option(
      names = "--top",
      paramLabel = "N",
      description =
          "Share of the N most prolific workers; the paper names about 20 (default:"
              + " ${DEFAULT-VALUE})",
      defaultValue = "20")
  int top;

  @Option(
      names = "--share",
      paramLabel = "X",
      description =
          "How few workers gave this share; the paper names about 0.8 (default: ${DEFAULT-VALUE})",
      defaultValue = "0.8")
  double share;

  /** The numbers as scripts read them; low and high of shares are Wilson's. */
  record Report(
      long comparisons,
      int workers,
      int top,
      double topShare,
      double share,
      int workersForShare,
      double gini,
      long audited,
      @Nullable Double agreement,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Double overWorkersLow,
      @Nullable Double overWorkersHigh,
      double level,
      int resamples,
      List<Line> ledger) {}

  /** A worker. */
  record Line(
      String worker,
      long comparisons,
      double share,
      double cumulativeShare,
      long audited,
      @Nullable Double agreement,
      @Nullable Double low,
      @Nullable Double high) {}

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    AnalyzeOptions.atLeast("--top", top, 1);
    if (!(share > 0 && share <= 1)) {
      throw new UserError("--share " + share + " is no share; give one above 0 and up to 1");
    }
    WorkerLedger ledger =
        WorkerLedger.of(entries(), level.value, resampling.draws, resampling.seed);
    return answer(() -> report(ledger), output -> print(output, ledger));
  }

  private List<WorkerLedger.Entry> entries() {
    CsvColumns columns =
        CsvColumns.read(csv.file, List.of(WORKER), List.of(AGREEMENT, LABEL, AUDITOR));
    boolean direct = columns.has(AGREEMENT);
    if (direct && columns.has(AUDITOR)) {
      throw new UserError(
          csv + ": has both 'agreement' and 'auditor'; keep one of the two, they say the same");
    }
    if (columns.has(AUDITOR) && !columns.has(LABEL)) {
      throw new UserError(
          csv + ": has 'auditor' and no 'label' to hold against it; add what the worker chose");
    }
    List<WorkerLedger.Entry> entries = new ArrayList<>();
    List<String> workers = columns.texts(WORKER);
    for (int row = 0; row < workers.size(); row++) {
      if (workers.get(row).isEmpty()) {
        throw columns.error(row, WORKER, "a worker's name");
      }
      entries.add(
          new WorkerLedger.Entry(
              workers.get(row),
              direct
                  ? judged(columns, row)
                  : columns.has(AUDITOR) ? compared(columns, row) : WorkerLedger.Audit.NONE));
    }
    return entries;
  }

  private static WorkerLedger.Audit judged(CsvColumns columns, int row) {
    return switch (columns.texts(AGREEMENT).get(row).toLowerCase(Locale.ROOT)) {
      case "" -> WorkerLedger.Audit.NONE;
      case "1", "1.0", "true" -> WorkerLedger.Audit.AGREED;
      case "0", "0.0", "false" -> WorkerLedger.Audit.DISAGREED;
      default -> throw columns.error(row, AGREEMENT, "0 or 1, or empty where there was no audit");
    };
  }

  private static WorkerLedger.Audit compared(CsvColumns columns, int row) {
    String auditor = columns.texts(AUDITOR).get(row);
    String label = columns.texts(LABEL).get(row);
    if (auditor.isEmpty()) {
      return WorkerLedger.Audit.NONE;
    }
    if (label.isEmpty()) {
      throw columns.error(row, LABEL, "what the worker chose, where the auditor chose");
    }
    return auditor.equals(label) ? WorkerLedger.Audit.AGREED : WorkerLedger.Audit.DISAGREED;
  }

  private Report report(WorkerLedger ledger) {
    Proportion all = ledger.agreement().orElse(null);
    return new Report(
        ledger.comparisons(),
        ledger.workers().size(),
        top,
        ledger.shareOfTop(top),
        share,
        ledger.workersFor(share),
        ledger.gini(),
        all == null ? 0 : all.n(),
        all == null ? null : all.value(),
        all == null ? null : all.interval().low(),
        all == null ? null : all.interval().high(),
        ledger.overWorkers().map(over -> over.interval().low()).orElse(null),
        ledger.overWorkers().map(over -> over.interval().high()).orElse(null),
        level.value,
        resampling.draws,
        ledger.workers().stream().map(AnalyzeWorkersCommand::line).toList());
  }

  private static Line line(WorkerLedger.Worker worker) {
    Proportion agreement = worker.agreement().orElse(null);
    return new Line(
        worker.name(),
        worker.comparisons(),
        worker.share(),
        worker.cumulative(),
        agreement == null ? 0 : agreement.n(),
        agreement == null ? null : agreement.value(),
        agreement == null ? null : agreement.interval().low(),
        agreement == null ? null : agreement.interval().high());
  }

  private void print(Output output, WorkerLedger ledger) {
    output.line(
        "%s: %,d comparisons by %,d workers", csv, ledger.comparisons(), ledger.workers().size());
    int width =
        Math.max(
            6, ledger.workers().stream().mapToInt(each -> each.name().length()).max().orElse(0));
    output.line(
        "  %-" + width + "s  %11s  %8s  %10s  %7s  %9s  %s",
        WORKER,
        "comparisons",
        "share",
        "cumulative",
        "audited",
        AGREEMENT,
        "interval");
    for (WorkerLedger.Worker worker : ledger.workers()) {
      row(
          output,
          width,
          worker.name(),
          worker.comparisons(),
          String.format(
              Locale.ROOT, "%6.1f %%  %8.1f %%", 100 * worker.share(), 100 * worker.cumulative()),
          worker.agreement().orElse(null));
    }
    row(
        output,
        width,
        "all",
        ledger.comparisons(),
        String.format(Locale.ROOT, "%6.1f %%  %8s  ", 100.0, ""),
        ledger.agreement().orElse(null));
    output.line("");
    output.line(
        "the %d most prolific gave %.1f %%; %d gave %s (paper: about 20 gave about 80 %%);"
            + " Gini %.4f",
        Math.min(top, ledger.workers().size()),
        100 * ledger.shareOfTop(top),
        ledger.workersFor(share),
        AnalyzeOptions.percent(share),
        ledger.gini());
    if (ledger.agreement().isEmpty()) {
      output.line("agreement: none of the comparisons was audited");
      return;
    }
    output.line(
        "agreement with an auditor (paper: about 63 %%): Wilson's intervals, %s, comparisons as"
            + " independent",
        level.percent());
    ledger
        .overWorkers()
        .ifPresent(
            over ->
                output.line(
                    "  over %d workers: %.4f %s, %s bootstrap, %,d draws, seed %d",
                    over.groups(),
                    over.value(),
                    AnalyzeOptions.ends(over.interval()),
                    over.rule() == GroupBootstrap.Rule.BCA ? "BCa" : "percentile",
                    resampling.draws,
                    resampling.seed));
  }

  private static void row(
      Output output,
      int width,
      String name,
      long comparisons,
      String shares,
      @Nullable Proportion agreement) {
    output.line(
        "  %-" + width + "s  %,11d  %s  %,7d  %9s  %s",
        name,
        comparisons,
        shares,
        agreement == null ? 0 : agreement.n(),
        agreement == null ? "-" : String.format(Locale.ROOT, "%.4f", agreement.value()),
        agreement == null ? "-" : AnalyzeOptions.ends(agreement.interval()));
  }
}
