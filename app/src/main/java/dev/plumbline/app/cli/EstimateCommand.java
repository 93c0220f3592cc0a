package dev.plumbline.app.cli;

import dev.plumbline.bench.MatrixProduct;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.experiment.SpecWarnings;
import dev.plumbline.torch.TorchRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline estimate}: what a spec will need. */
@Command(
    name = "estimate",
    description =
        "What a run of a spec will need: memory by what it is for, and time from its arithmetic and"
            + " this machine's rate of matrix products, measured now.",
    mixinStandardHelpOptions = true)
final class EstimateCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
  @Mixin WorkspaceOption workspace = new WorkspaceOption();
  @Mixin SpecOptions spec = new SpecOptions();

  @Option(names = "--json", description = "The estimate as JSON on standard output")
  boolean json;

  /** The estimate as scripts read it. */
  record Result(
      long parameters,
      long trained,
      Map<String, Double> memoryBytes,
      double totalBytes,
      double machineBytes,
      double operations,
      double operationsPerSecond,
      double assumedShare,
      double seconds,
      List<String> basis) {}

  @Override
  public Integer call() {
    Output output = root.output();
    ExperimentSpec read = spec.read();
    RunSpec resolved = workspace.runs(DeviceChoice.CPU).resolve(read);
    SpecWarnings.of(resolved.spec(), workspace.directory)
        .forEach(each -> output.note("warning: %s: %s", each.path(), each.message()));
    RunEstimate estimate = RunEstimate.of(resolved.spec().settings());
    double rate;
    try (TorchRuntime runtime = TorchRuntime.start(0, output::progress)) {
      rate = MatrixProduct.measure(runtime);
    }
    if (json) {
      Map<String, Double> memory = new LinkedHashMap<>();
      estimate.memory().forEach(item -> memory.put(item.what(), item.bytes()));
      output.json(
          new Result(
              estimate.parameters(),
              estimate.trained(),
              memory,
              estimate.totalBytes(),
              RunEstimate.machineBytes(),
              estimate.operations(),
              rate,
              estimate.share(),
              estimate.seconds(rate),
              estimate.basis()));
      return CommandLineEntry.OK;
    }
    output.line("%s", parameters(estimate));
    for (RunEstimate.Item item : estimate.memory()) {
      output.line("%10s  %s", size(item.bytes()), item.what());
    }
    output.line(
        "%10s  in all, of this machine's %s",
        size(estimate.totalBytes()), size(RunEstimate.machineBytes()));
    output.line(
        "%10s  or so, at %.0f %% of the %.3g operations a second measured now",
        duration(estimate.seconds(rate)), 100 * estimate.share(), rate);
    estimate.basis().forEach(line -> output.line("from %s", line));
    return CommandLineEntry.OK;
  }

  /** {@code 1,234 parameters, 1,000 trained}; of a measurement those of its largest model. */
  static String parameters(RunEstimate estimate) {
    return estimate.trained() > 0
        ? "%,d parameters, %,d trained".formatted(estimate.parameters(), estimate.trained())
        : "%,d parameters in the largest model".formatted(estimate.parameters());
  }

  /** {@code 1.24 GB}. */
  static String size(double bytes) {
    return bytes >= 1e9
        ? String.format(java.util.Locale.ROOT, "%.2f GB", bytes / 1e9)
        : String.format(java.util.Locale.ROOT, "%.0f MB", bytes / 1e6);
  }

  private static String duration(double seconds) {
    long whole = Math.max(1, Math.round(seconds));
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(java.util.Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(java.util.Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
