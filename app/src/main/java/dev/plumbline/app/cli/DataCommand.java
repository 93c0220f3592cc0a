package dev.plumbline.app.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ImportReport;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline data}: looks at files of comparisons. */
@Command(
    name = "data",
    description = "Look at files of comparisons.",
    mixinStandardHelpOptions = true,
    subcommands = DataCommand.Inspect.class)
final class DataCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline data inspect}: what a file holds, and what would be left out. */
  @Command(
      name = "inspect",
      description = "Count what a file of comparisons holds, and what would be left out.",
      mixinStandardHelpOptions = true)
  static final class Inspect implements Callable<Integer> {
    @ParentCommand DataCommand parent = new DataCommand();

    @Parameters(
        paramLabel = "FILE",
        description = "JSON Lines with chosen and rejected, .gz or not")
    Path file = Path.of("");

    @Option(names = "--json", description = "The report as JSON on standard output")
    boolean json;

    /** The report as scripts read it. */
    record Report(
        String file,
        long lines,
        long blankLines,
        long comparisons,
        long malformed,
        long unequalPrompts,
        long emptyResponses,
        long identical,
        SortedMap<Integer, Long> turns,
        @JsonProperty("malformed_lines") java.util.List<ImportReport.Problem> malformedLines) {}

    @Override
    public Integer call() {
      ImportReport report = ComparisonReader.read(file).report();
      Output output = parent.output();
      if (json) {
        output.json(
            new Report(
                file.toString(),
                report.lines(),
                report.blankLines(),
                report.comparisons(),
                report.malformed(),
                report.unequalPrompts(),
                report.emptyResponses(),
                report.identical(),
                report.turns(),
                report.problems()));
        return CommandLineEntry.OK;
      }
      output.line("%s", file);
      output.line("  lines            %,9d  that are not blank", report.lines());
      output.line("  blank lines      %,9d  passed over", report.blankLines());
      output.line("  comparisons      %,9d", report.comparisons());
      output.line("  malformed        %,9d  left out", report.malformed());
      output.line("  unequal prompts  %,9d  left out", report.unequalPrompts());
      output.line("  empty responses  %,9d", report.emptyResponses());
      output.line("  identical        %,9d", report.identical());
      output.line("  assistant turns in chosen:");
      report.turns().forEach((turns, count) -> output.line("    %4d  %,9d", turns, count));
      for (ImportReport.Problem problem : report.problems()) {
        output.note("%s:%d: %s", file, problem.line(), problem.reason());
      }
      return CommandLineEntry.OK;
    }
  }
}
