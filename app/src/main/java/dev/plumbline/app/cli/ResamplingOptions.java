package dev.plumbline.app.cli;

import picocli.CommandLine.Option;

/** How often a bootstrap draws, and from where its random numbers begin. */
final class ResamplingOptions {
  private final int least;

  @Option(
      names = "--resamples",
      paramLabel = "R",
      description =
          "Draws of the bootstrap; 0 for none where there are other intervals (default:"
              + " ${DEFAULT-VALUE})")
  int draws;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the draws (default: ${DEFAULT-VALUE})")
  long seed = 1;

  /**
   * The options of a command.
   *
   * @param usual draws where nobody asks for another number
   * @param least the smallest number that will do
   */
  ResamplingOptions(int usual, int least) {
    this.draws = usual;
    this.least = least;
  }

  /**
   * Checks them.
   *
   * @throws dev.plumbline.data.UserError where the draws are too few
   */
  void check() {
    AnalyzeOptions.atLeast("--resamples", draws, least);
  }

  /** Whether there is a bootstrap at all. */
  boolean any() {
    return draws > 0;
  }
}
