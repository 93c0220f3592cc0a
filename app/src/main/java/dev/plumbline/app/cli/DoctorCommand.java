package dev.plumbline.app.cli;

import dev.plumbline.diagnosis.DiagnosisReport;
import dev.plumbline.diagnosis.Doctor;
import dev.plumbline.diagnosis.Finding;
import dev.plumbline.experiment.ProgramVersion;
import dev.plumbline.experiment.WorkerLauncher;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline doctor}: is this machine fit, and what belongs into a bug report. */
@Command(
    name = "doctor",
    description =
        "Look at this machine, and ask each device for known answers. Exit code 1 where something"
            + " that training needs is broken.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
  @Mixin WorkspaceOption workspace = new WorkspaceOption();

  @Option(names = "--json", description = "The findings as JSON on standard output")
  boolean json;

  @Option(names = "--no-self-test", description = "Only look; compute nothing")
  boolean noSelfTest;

  /** The report as scripts read it. */
  record Result(boolean ok, String version, String taken, List<Part> sections) {
    static Result of(DiagnosisReport report) {
      return new Result(
          report.failures().isEmpty(),
          report.version(),
          report.taken().toString(),
          report.sections().stream().map(Part::of).toList());
    }
  }

  /** Findings on one subject. */
  record Part(String title, List<One> findings) {
    static Part of(DiagnosisReport.Section section) {
      return new Part(section.title(), section.findings().stream().map(One::of).toList());
    }
  }

  /** One finding. */
  record One(String label, String value, String mark, String advice) {
    static One of(Finding finding) {
      return new One(
          finding.label(),
          finding.value(),
          finding.mark().name().toLowerCase(Locale.ROOT),
          finding.advice());
    }
  }

  @Override
  public Integer call() {
    return run(root.output(), workspace.directory);
  }

  private int run(Output output, Path place) {
    DiagnosisReport report =
        new Doctor(ProgramVersion.TEXT, place, WorkerLauncher.standard(), Clock.systemUTC())
            .examine(
                !noSelfTest,
                (done, total, part) -> {
                  if (!part.isEmpty()) {
                    output.progress(part);
                  }
                });
    if (json) {
      output.json(Result.of(report));
    } else {
      output.out().print(report.text());
    }
    List<Finding> failures = report.failures();
    if (failures.isEmpty()) {
      return CommandLineEntry.OK;
    }
    Finding first = failures.getFirst();
    output.error(
        "%s: %s%s%s"
            .formatted(
                first.label(),
                first.value(),
                first.advice().isEmpty() ? "" : "; " + first.advice(),
                failures.size() > 1 ? " (and " + (failures.size() - 1) + " more)" : ""));
    return CommandLineEntry.FAILED;
  }
}
