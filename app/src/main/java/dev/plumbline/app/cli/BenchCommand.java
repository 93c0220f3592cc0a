package dev.plumbline.app.cli;

import dev.plumbline.bench.BenchProcess;
import dev.plumbline.bench.BenchReport;
import dev.plumbline.bench.BenchSettings;
import dev.plumbline.bench.DecoderSize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline bench}: how fast the engine is on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure the engine on this machine, as ratios to the machine's own rate of matrix products.",
      "What is counted as arithmetic: matrix products, a multiply and an add as two operations;"
          + " forward 2 N a token, where N are the elements of the blocks' matrices, 2 V d a"
          + " predicted token for the logits, 4 w for each pair of tokens that attention sees in a"
          + " block; training is three times forward, so 6 N a token and the rest beside it."
    },
    subcommands = BenchUiCommand.class,
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Option(
      names = "--part",
      paramLabel = "PART",
      split = ",",
      description = "One or more of: ${COMPLETION-CANDIDATES} (default: all)")
  List<BenchSettings.Part> parts = new ArrayList<>();

  @Option(
      names = "--sizes",
      paramLabel = "SIZE",
      split = ",",
      description = "Decoders, by the elements of their blocks (default: ${DEFAULT-VALUE})",
      defaultValue = "0.8M,3M,13M,42M")
  List<String> sizes = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: as many as cores are free)")
  int threads;

  @Option(names = "--quick", description = "Fewer rounds, rougher numbers")
  boolean quick;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "How long the memory part trains (default: ${DEFAULT-VALUE}; 60 for the hour)",
      defaultValue = "1")
  double minutes;

  @Option(
      names = "--python",
      paramLabel = "COMMAND",
      description = "An interpreter with PyTorch to compare with, such as /usr/bin/python3")
  @Nullable String python;

  @Option(names = "--json", description = "The same numbers as JSON on standard output")
  boolean json;

  @Override
  public Integer call() {
    Output output = root.output();
    BenchReport report = BenchProcess.run(settings(), output::progress);
    if (json) {
      output.json(report);
    } else {
      report.lines().forEach(line -> output.line("%s", line));
    }
    return CommandLineEntry.OK;
  }

  private BenchSettings settings() {
    return new BenchSettings(
        parts.isEmpty() ? List.of(BenchSettings.Part.values()) : parts,
        DecoderSize.parse(sizes),
        threads,
        quick,
        minutes,
        python);
  }
}
