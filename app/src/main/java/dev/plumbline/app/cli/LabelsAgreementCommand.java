package dev.plumbline.app.cli;

import dev.plumbline.analysis.Agreement;
import dev.plumbline.data.UserError;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelStatistics;
import dev.plumbline.labelling.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline labels agreement}: how far annotators agree on the same pairs. */
@Command(
    name = "agreement",
    description =
        "How far a batch's annotators agree: raw, Cohen's kappa for two or Fleiss' for more,"
            + " Krippendorff's alpha, with bootstrap intervals over pairs.",
    mixinStandardHelpOptions = true)
final class LabelsAgreementCommand implements Callable<Integer> {
  @ParentCommand LabelsCommand parent = new LabelsCommand();
  @Mixin BatchArgument batch = new BatchArgument();

  @Option(names = "--json", description = "The numbers as JSON on standard output")
  boolean json;

  /**
   * Direction: which candidate, a tie as a third; graded: the place on the scale, ordinal. Items
   * are pairs that two or more annotators judged; hidden repeats are left out.
   */
  record Report(
      String batch,
      List<String> annotators,
      int items,
      List<AnalyzeAgreementCommand.Kappa> direction,
      List<AnalyzeAgreementCommand.Kappa> graded) {}

  @Override
  public Integer call() {
    LabelBatch found = batch.found();
    Labels labels = found.labels();
    if (labels.annotators().size() < 2) {
      throw new UserError(
          "%s: %d annotator%s labelled it; agreement takes two"
              .formatted(
                  found.id(),
                  labels.annotators().size(),
                  labels.annotators().size() == 1 ? "" : "s"));
    }
    Agreement direction = LabelStatistics.agreement(labels, false);
    Agreement graded = LabelStatistics.agreement(labels, true);
    Report report =
        new Report(
            found.id(),
            labels.annotators(),
            direction.pairable(),
            numbers(direction),
            numbers(graded));
    Output output = parent.output();
    if (json) {
      output.json(report);
      return CommandLineEntry.OK;
    }
    output.line(
        "%s: %s; %,d pairs judged by two or more",
        report.batch(), String.join(", ", report.annotators()), report.items());
    output.line("  direction (a tie is a third):");
    report.direction().forEach(each -> AnalyzeAgreementCommand.line(output, each.kind(), each));
    output.line("  place on the scale (ordinal):");
    report.graded().forEach(each -> AnalyzeAgreementCommand.line(output, each.kind(), each));
    output.line(
        "  intervals: 95 %% percentile bootstrap over pairs, %,d draws",
        Agreement.Options.STANDARD.resamples());
    return CommandLineEntry.OK;
  }

  private static List<AnalyzeAgreementCommand.Kappa> numbers(Agreement agreement) {
    List<AnalyzeAgreementCommand.Kappa> numbers = new ArrayList<>();
    int items = agreement.pairable();
    numbers.add(AnalyzeAgreementCommand.Kappa.of("raw", items, agreement.raw()));
    numbers.addAll(AnalyzeAgreementCommand.kappas(agreement));
    numbers.add(AnalyzeAgreementCommand.Kappa.of("alpha", items, agreement.alpha()));
    return numbers;
  }
}
