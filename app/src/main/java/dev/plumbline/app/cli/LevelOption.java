package dev.plumbline.app.cli;

import picocli.CommandLine.Option;

/** How much intervals are to cover. */
final class LevelOption {
  @Option(
      names = "--level",
      paramLabel = "L",
      description = "Coverage of intervals (default: ${DEFAULT-VALUE})",
      defaultValue = "0.95")
  double value;

  /**
   * Checks it.
   *
   * @throws dev.plumbline.data.UserError where it is no coverage
   */
  void check() {
    AnalyzeOptions.coverage("--level", value);
  }

  /** For people: {@code 95 %}. */
  String percent() {
    return AnalyzeOptions.percent(value);
  }
}
