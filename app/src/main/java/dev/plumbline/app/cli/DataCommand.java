package dev.plumbline.app.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plumbline.data.ComparisonCounts;
import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ImportReport;
import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.SplitFiles;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.ModelTokens;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.PromptGeneration;
import dev.plumbline.training.TokenInspection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline data}: imports files of data, looks at them, splits them, and makes prompts. */
@Command(
    name = "data",
    description = "Import files of data, look at them, split them, and make prompts.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DataImportCommand.class,
      DataCommand.Inspect.class,
      DataCommand.Tokens.class,
      DataCommand.Split.class,
      DataCommand.GeneratePrompts.class,
      DataRedTeamCommand.class
    })
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
    private static final String TRANCHE = "tranche";

    @ParentCommand DataCommand parent = new DataCommand();

    @Parameters(
        paramLabel = "FILE",
        description = "JSON Lines with chosen and rejected, .gz or not")
    Path file = Path.of("");

    @Option(
        names = "--by",
        paramLabel = "KEY",
        description =
            "Count comparisons by an attribute as well: tranche (beside the paper's numbers), model"
                + " (of either response), annotator, ...; may be given several times")
    List<String> by = new ArrayList<>();

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
        @JsonProperty("malformed_lines") List<ImportReport.Problem> malformedLines,
        List<By> by) {}

    /** Counts by one attribute. */
    record By(String key, long comparisons, long without, List<Count> counts) {}

    /**
     * One value: chosen and rejected responses for an attribute of responses, the paper's numbers
     * for a tranche that it has, null elsewhere.
     */
    record Count(
        String value,
        long comparisons,
        @Nullable Long chosen,
        @Nullable Long rejected,
        @Nullable Long paperHelpful,
        @Nullable Long paperRedTeam) {}

    @Override
    public Integer call() {
      ComparisonFile read = ComparisonReader.read(file);
      ImportReport report = read.report();
      List<By> counts = by.stream().map(key -> counted(read, key)).toList();
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
                report.problems(),
                counts));
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
      counts.forEach(each -> print(output, each));
      for (ImportReport.Problem problem : report.problems()) {
        output.note("%s:%d: %s", file, problem.line(), problem.reason());
      }
      return CommandLineEntry.OK;
    }

    private By counted(ComparisonFile read, String key) {
      ComparisonCounts counts;
      try {
        counts = ComparisonCounts.of(read.comparisons(), key);
      } catch (UserError e) {
        throw new UserError(file + ": " + e.getMessage(), e);
      }
      List<Count> values = new ArrayList<>();
      for (ComparisonCounts.Value value : counts.values()) {
        Optional<ComparisonCounts.Paper> paper =
            key.equals(TRANCHE) ? ComparisonCounts.Paper.ofTranche(value.name()) : Optional.empty();
        values.add(
            new Count(
                value.name(),
                value.comparisons(),
                counts.ofResponses() ? value.chosen() : null,
                counts.ofResponses() ? value.rejected() : null,
                paper.map(ComparisonCounts.Paper::helpful).orElse(null),
                paper.map(ComparisonCounts.Paper::redTeam).orElse(null)));
      }
      return new By(key, counts.comparisons(), counts.without(), values);
    }

    private static void print(Output output, By by) {
      boolean responses = by.counts().stream().anyMatch(count -> count.chosen() != null);
      boolean paper = by.counts().stream().anyMatch(count -> count.paperHelpful() != null);
      int width =
          Math.max(12, by.counts().stream().mapToInt(c -> c.value().length()).max().orElse(0));
      output.line(
          "  by %s, of %,d comparisons with equal prompts, %,d of them without:",
          by.key(), by.comparisons(), by.without());
      output.line(
          "    %-" + width + "s  %11s  %8s%s%s",
          by.key(),
          "comparisons",
          "share",
          responses ? String.format("  %9s  %9s  %8s", "chosen", "rejected", "chosen") : "",
          paper ? String.format("  %14s  %14s", "paper helpful", "paper red team") : "");
      for (Count count : by.counts()) {
        Long chosen = count.chosen();
        Long rejected = count.rejected();
        Long helpful = count.paperHelpful();
        Long redTeam = count.paperRedTeam();
        output.line(
            "    %-" + width + "s  %,11d  %6.1f %%%s%s",
            count.value(),
            count.comparisons(),
            100.0 * count.comparisons() / by.comparisons(),
            chosen == null || rejected == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    "  %,9d  %,9d  %6.1f %%",
                    chosen,
                    rejected,
                    100.0 * chosen / (chosen + rejected)),
            helpful == null || redTeam == null
                ? ""
                : String.format(Locale.ROOT, "  %,14d  %,14d", helpful, redTeam));
      }
      if (paper) {
        output.line("    paper: comparisons of section 2.3, to the thousand as printed");
      }
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

  /** {@code plumbline data split}: one part to train on, one to test on. */
  @Command(
      name = "split",
      description =
          "Part files of comparisons by conversation: NAME-train.jsonl.gz and NAME-test.jsonl.gz"
              + " for each. Files are split together, so that a conversation that two of them share"
              + " falls on one side.",
      mixinStandardHelpOptions = true)
  static final class Split implements Callable<Integer> {
    @ParentCommand DataCommand parent = new DataCommand();

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "JSON Lines with chosen and rejected, .gz or not")
    List<Path> files = List.of();

    @Option(
        names = "--held-out",
        paramLabel = "FRACTION",
        description = "Share of the comparisons to test on (default: ${DEFAULT-VALUE})",
        defaultValue = "0.05")
    double heldOut;

    @Option(
        names = "--seed",
        paramLabel = "S",
        description = "Decides which conversations (default: ${DEFAULT-VALUE})",
        defaultValue = "1")
    long seed;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Directory to write to; nothing in it is replaced")
    Path out = Path.of("");

    @Option(names = "--json", description = "The counts as JSON on standard output")
    boolean json;

    /** A part as scripts read it. */
    record Part(
        String file,
        @JsonProperty("train_file") String trainFile,
        long train,
        @JsonProperty("test_file") String testFile,
        long test,
        @JsonProperty("unequal_prompts") long unequalPrompts) {}

    @Override
    public Integer call() {
      SplitFiles split = SplitFiles.split(files, heldOut, seed, out);
      Output output = parent.output();
      if (json) {
        output.json(split.parts().stream().map(Split::part).toList());
        return CommandLineEntry.OK;
      }
      for (SplitFiles.Part part : split.parts()) {
        output.line("%s", part.file());
        output.line("  %,9d  %s", part.train(), part.trainFile());
        output.line("  %,9d  %s", part.heldOut(), part.heldOutFile());
        output.line("  %,9d  left out, their prompts are unequal", part.report().unequalPrompts());
      }
      output.line("%s", split.leakage().describe());
      return CommandLineEntry.OK;
    }

    private static Part part(SplitFiles.Part part) {
      return new Part(
          part.file().toString(),
          part.trainFile().toString(),
          part.train(),
          part.heldOutFile().toString(),
          part.heldOut(),
          part.report().unequalPrompts());
    }
  }

  /** {@code plumbline data generate-prompts}: prompts that a language model writes. */
  @Command(
      name = "generate-prompts",
      description = "Let a language model that is shown people's queries write new prompts.",
      mixinStandardHelpOptions = true)
  static final class GeneratePrompts implements Callable<Integer> {
    @ParentCommand DataCommand parent = new DataCommand();
    @Mixin ModelOption model = new ModelOption();

    @Option(
        names = "--examples",
        paramLabel = "FILE",
        required = true,
        description = "Prompts or comparisons, whose first turns are shown to the model")
    Path examples = Path.of("");

    @Option(
        names = "--count",
        paramLabel = "N",
        required = true,
        description = "Prompts that are wanted")
    int count;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        required = true,
        description = "JSON Lines to write, .gz or not")
    Path out = Path.of("");

    @Option(
        names = "--shots",
        paramLabel = "K",
        description = "Queries in context, as many as fit (default: ${DEFAULT-VALUE})",
        defaultValue = "10")
    int shots;

    @Option(
        names = "--temperature",
        paramLabel = "X",
        description = "Sampling temperature (default: ${DEFAULT-VALUE})",
        defaultValue = "1")
    double temperature;

    @Option(
        names = "--min-words",
        paramLabel = "N",
        description = "Least words of a query (default: ${DEFAULT-VALUE})",
        defaultValue = "2")
    int minWords;

    @Option(
        names = "--max-tokens",
        paramLabel = "N",
        description = "Greatest length of a query in tokens (default: ${DEFAULT-VALUE})",
        defaultValue = "48")
    int maxTokens;

    @Option(
        names = "--seed",
        paramLabel = "S",
        description = "Decides what is shown and drawn (default: ${DEFAULT-VALUE})",
        defaultValue = "1")
    long seed;

    @Option(names = "--json", description = "The counts as JSON on standard output")
    boolean json;

    /** The outcome as scripts read it. */
    record Written(String file, int prompts, long drawn, SortedMap<String, Long> outcomes) {}

    @Override
    public Integer call() {
      Output output = parent.output();
      PromptGeneration.Settings settings =
          new PromptGeneration.Settings(
              count, shots, temperature, minWords, maxTokens, 1000 + 20L * count, seed);
      PromptGeneration generation =
          new PromptGeneration(PromptGeneration.queries(examples), settings);
      PromptGeneration.Result result;
      try (TorchRuntime runtime =
              TorchRuntime.start(model.threads, model.device(), output::progress);
          LanguageModel loaded = LanguageModel.load(runtime, model.directory())) {
        result = generation.generate(loaded);
      }
      if (result.prompts().isEmpty()) {
        throw new UserError(
            "none of %d draws is a new prompt (%s); give other examples, a longer limit or another model"
                .formatted(result.drawn(), names(result)));
      }
      try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
        result.prompts().forEach(prompt -> writer.write(Map.of("prompt", prompt)));
      }
      if (json) {
        output.json(
            new Written(out.toString(), result.prompts().size(), result.drawn(), names(result)));
        return CommandLineEntry.OK;
      }
      output.line("%s", out);
      output.line("  prompts        %,9d", result.prompts().size());
      output.line("  draws          %,9d", result.drawn());
      names(result).forEach((name, number) -> output.line("    %-11s  %,9d", name, number));
      if (result.prompts().size() < count) {
        output.note(
            "only %,d of %,d prompts after %,d draws; give more examples or a higher temperature",
            result.prompts().size(), count, result.drawn());
      }
      return CommandLineEntry.OK;
    }

    private static SortedMap<String, Long> names(PromptGeneration.Result result) {
      SortedMap<String, Long> names = new TreeMap<>();
      result
          .outcomes()
          .forEach(
              (outcome, number) ->
                  names.put(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '), number));
      return names;
    }
  }
}
