package dev.plumbline.app.cli;

import dev.plumbline.sampledata.SampleDataGenerator;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline sample-data}: draws a set of any size from the synthetic world. */
@Command(
    name = "sample-data",
    description = "Write comparisons, prompts and text of the synthetic preference world.",
    mixinStandardHelpOptions = true)
final class SampleDataCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Option(names = "--seed", paramLabel = "S", description = "Decides every byte (default: 1)")
  long seed = 1;

  @Option(
      names = "--comparisons",
      paramLabel = "N",
      required = true,
      description = "Training comparisons; two thirds are helpful, one third is red team")
  int comparisons;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to write")
  Path out = Path.of("");

  @Option(names = "--json", description = "The files written as JSON on standard output")
  boolean json;

  /** What was written. */
  record Result(String directory, long seed, List<SampleDataGenerator.Written> files) {}

  @Override
  public Integer call() {
    Output output = root.output();
    List<SampleDataGenerator.Written> files =
        SampleDataGenerator.write(
            out,
            seed,
            comparisons,
            (file, fraction) -> {
              if (fraction >= 1) {
                output.note("wrote %s", file);
              }
            });
    if (json) {
      output.json(new Result(out.toString(), seed, files));
    } else {
      for (SampleDataGenerator.Written file : files) {
        output.line("%-30s %,9d lines  sha256 %s", file.name(), file.lines(), file.sha256());
      }
    }
    return CommandLineEntry.OK;
  }
}
