package dev.plumbline.app.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ImportReport;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.ModelTokens;
import dev.plumbline.training.TokenInspection;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline data}: looks at files of comparisons. */
@Command(
    name = "data",
    description = "Look at files of comparisons.",
    mixinStandardHelpOptions = true,
    subcommands = {DataCommand.Inspect.class, DataCommand.Tokens.class})
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
        @JsonProperty("malformed_lines") List<ImportReport.Problem> malformedLines) {}

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

  /** {@code plumbline data tokens}: a comparison as the stages see it. */
  @Command(
      name = "tokens",
      description = "Show a comparison's tokens, and which of them each stage learns from.",
      mixinStandardHelpOptions = true)
  static final class Tokens implements Callable<Integer> {
    @ParentCommand DataCommand parent = new DataCommand();
    @Mixin ModelOption model = new ModelOption();

    @Parameters(
        paramLabel = "FILE",
        description = "JSON Lines with chosen and rejected, .gz or not")
    Path file = Path.of("");

    @Option(
        names = "--line",
        paramLabel = "N",
        description = "The line of the file (default: ${DEFAULT-VALUE})",
        defaultValue = "1")
    long line;

    @Option(
        names = "--context",
        paramLabel = "N",
        description = "Longest sequence in tokens (default: the model's)",
        defaultValue = "0")
    int context;

    @Option(
        names = "--format",
        paramLabel = "F",
        description = "hh, or chat_template for the model's own (default: ${DEFAULT-VALUE})",
        defaultValue = "hh")
    DialogueFormat format = DialogueFormat.HH;

    @Option(names = "--json", description = "The tokens as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      ModelTokens tokens = ModelTokens.of(model.directory());
      if (context != 0 && context < 3) {
        throw new UserError("--context " + context + " is too short; at least 3 tokens are needed");
      }
      Comparison comparison = ComparisonReader.read(file, line);
      int longest = context == 0 ? tokens.contextTokens() : context;
      List<TokenInspection> found =
          format == DialogueFormat.CHAT_TEMPLATE
              ? TokenInspection.chat(comparison, tokens, longest)
              : TokenInspection.of(comparison, tokens, longest);
      Output output = parent.output();
      if (json) {
        output.json(found);
      } else {
        found.forEach(
            each -> each.lines(tokens.tokenizer()).forEach(text -> output.line("%s", text)));
      }
      return CommandLineEntry.OK;
    }
  }
}
