package dev.plumbline.app.cli;

import dev.plumbline.analysis.AnnotatorReport;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline labels show}: what came of a batch, and how its annotators work. */
@Command(
    name = "show",
    description = "Show what came of a batch, and each annotator's side bias, pace and drift.",
    mixinStandardHelpOptions = true)
final class LabelsShowCommand implements Callable<Integer> {
  @ParentCommand LabelsCommand parent = new LabelsCommand();
  @Mixin BatchArgument batch = new BatchArgument();

  @Option(names = "--json", description = "The same as JSON on standard output")
  boolean json;

  /** A share with its 95 % interval by Wilson. */
  record Share(long successes, long n, double value, double low, double high) {
    static @Nullable Share of(Optional<Proportion> share) {
      return share
          .map(
              found ->
                  new Share(
                      found.successes(),
                      found.n(),
                      found.value(),
                      found.interval().low(),
                      found.interval().high()))
          .orElse(null);
    }

    String text() {
      return String.format(
          Locale.ROOT, "%.0f %% [%.0f, %.0f], n %d", 100 * value, 100 * low, 100 * high, n);
    }
  }

  /**
   * An annotator: left is the share of choices on the left, self the share of hidden repeats
   * answered alike, controls of control items answered right; drift is the second half's median
   * seconds over the first's.
   */
  record Person(
      String annotator,
      long choices,
      @Nullable Share left,
      @Nullable Share self,
      @Nullable Share controls,
      @Nullable Double medianSeconds,
      @Nullable Double drift) {
    static Person of(LabelStatistics.Annotator each) {
      AnnotatorReport report = each.report();
      return new Person(
          report.annotator(),
          report.choices(),
          Share.of(report.left()),
          Share.of(report.repeats()),
          Share.of(each.controls()),
          AnalyzeOptions.known(report.medianSeconds()),
          each.drift()
              .map(LabelStatistics.Drift::secondsRatio)
              .filter(Double::isFinite)
              .orElse(null));
    }
  }

  /** Both. */
  record Shown(LabelsCommand.Batch batch, List<Person> annotators) {}

  @Override
  public Integer call() {
    LabelBatch found = batch.found();
    LabelsCommand.Batch counts = LabelsCommand.Batch.of(found);
    List<Person> people =
        LabelStatistics.annotators(found.labels()).stream().map(Person::of).toList();
    Output output = parent.output();
    if (json) {
      output.json(new Shown(counts, people));
      return CommandLineEntry.OK;
    }
    output.line(
        "%s  %s, %d strengths a side, %s%s",
        counts.name(),
        counts.mode(),
        counts.levels(),
        counts.blind() ? "blind" : "not blind",
        counts.closed() ? ", closed" : "");
    output.line(
        "  pairs         %,9d  %,d of them control items", counts.pairs(), counts.controls());
    output.line("  labels        %,9d  and %,d skipped", counts.labels(), counts.skipped());
    output.line("  comparisons   %,9d  stronger than the weakest strength", counts.comparisons());
    counts
        .dropped()
        .forEach((reason, count) -> output.line("  left out      %,9d  %s", count, reason));
    output.line("  flagged       %,9d", counts.flagged());
    output.line("  conflicts     %,9d", counts.conflicts());
    for (Person one : people) {
      output.line("  %s: %,d choices", one.annotator(), one.choices());
      share(output, "chosen on the left", one.left());
      share(output, "repeats alike", one.self());
      share(output, "control items right", one.controls());
      Double seconds = one.medianSeconds();
      if (seconds != null) {
        Double drift = one.drift();
        output.line(
            "    %-20s %.1f s, active%s",
            "median",
            seconds,
            drift == null
                ? ""
                : String.format(Locale.ROOT, "; second half %.2f times the first", drift));
      }
    }
    return CommandLineEntry.OK;
  }

  private static void share(Output output, String what, @Nullable Share share) {
    if (share != null) {
      output.line("    %-20s %s", what, share.text());
    }
  }
}
