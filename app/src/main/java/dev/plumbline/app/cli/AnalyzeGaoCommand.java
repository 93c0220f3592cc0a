package dev.plumbline.app.cli;

import dev.plumbline.analysis.Coefficient;
import dev.plumbline.analysis.Overoptimisation;
import dev.plumbline.data.CsvColumns;
import dev.plumbline.data.UserError;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze gao}: the laws of over-optimisation. */
@Command(
    name = "gao",
    description = {
      "The over-optimisation laws of Gao, Schulman and Hilton (2022), with d = sqrt(KL): best-of-n"
          + " d (alpha - beta d), reinforcement learning d (alpha - beta ln d); least squares, and"
          + " the peak with its interval.",
      "The file is CSV with a header and the columns kl (nats a response, to the initial policy)"
          + " and reward (gold, less that of the initial policy)."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeGaoCommand extends Analysis {
  @Mixin CsvOption csv = new CsvOption();
  @Mixin LevelOption level = new LevelOption();

  @Option(
      names = "--form",
      paramLabel = "FORM",
      required = true,
      description = "bon (best-of-n) or rl (reinforcement learning)")
  Overoptimisation.Form form = Overoptimisation.Form.RL;

  /** The numbers as scripts read them; {@code noPeak} says why there is no peak. */
  record Report(
      String form,
      int n,
      int clipped,
      double alpha,
      double alphaSe,
      double alphaLow,
      double alphaHigh,
      double beta,
      double betaSe,
      double betaLow,
      double betaHigh,
      @Nullable Double r2,
      double residualDeviation,
      double largestD,
      @Nullable Peak peak,
      @Nullable String noPeak,
      double level) {}

  /** Where the gain is largest; low and high by the delta method on logarithms. */
  record Peak(
      double d,
      double dLow,
      double dHigh,
      double kl,
      double reward,
      double rewardLow,
      double rewardHigh,
      boolean extrapolated,
      boolean betaCertain) {}

  @Override
  public Integer call() {
    level.check();
    CsvColumns columns = csv.read("kl", "reward");
    double[] kl = columns.numbers("kl");
    double[] reward = columns.numbers("reward");
    Overoptimisation.problem(kl, reward)
        .ifPresent(
            why -> {
              throw new UserError(csv + ": the law cannot be fitted: " + why);
            });
    Overoptimisation fit = Overoptimisation.of(form, kl, reward, level.value);
    return answer(() -> report(fit), output -> print(output, fit));
  }

  private Report report(Overoptimisation fit) {
    return new Report(
        AnalyzeOptions.word(form),
        fit.n(),
        fit.clipped(),
        fit.alpha().value(),
        fit.alpha().standardError(),
        fit.alpha().interval().low(),
        fit.alpha().interval().high(),
        fit.beta().value(),
        fit.beta().standardError(),
        fit.beta().interval().low(),
        fit.beta().interval().high(),
        AnalyzeOptions.known(fit.rSquared()),
        fit.residualDeviation(),
        fit.largest(),
        fit.peak()
            .map(
                peak ->
                    new Peak(
                        peak.distance(),
                        peak.distanceInterval().low(),
                        peak.distanceInterval().high(),
                        peak.kl(),
                        peak.reward(),
                        peak.rewardInterval().low(),
                        peak.rewardInterval().high(),
                        peak.extrapolated(),
                        peak.betaCertain()))
            .orElse(null),
        fit.noPeak().isEmpty() ? null : fit.noPeak(),
        level.value);
  }

  private void print(Output output, Overoptimisation fit) {
    output.line(
        "%s: %d points%s; R(d) = %s",
        csv,
        fit.n(),
        fit.clipped() == 0 ? "" : ", %d negative KL taken as 0".formatted(fit.clipped()),
        form == Overoptimisation.Form.BON ? "d (alpha - beta d)" : "d (alpha - beta ln d)");
    coefficient(output, "alpha", fit.alpha());
    coefficient(output, "beta", fit.beta());
    output.line(
        "  %s t intervals, as if points were independent; residual deviation %.6f, R^2 %s",
        level.percent(),
        fit.residualDeviation(),
        Double.isNaN(fit.rSquared())
            ? "undefined"
            : String.format(Locale.ROOT, "%.6f", fit.rSquared()));
    if (fit.peak().isEmpty()) {
      output.line("  %s", fit.noPeak());
      return;
    }
    Overoptimisation.Peak peak = fit.peak().get();
    output.line(
        "  peak   d* = %.6f %s, KL %.6f nats, gain %.6f %s",
        peak.distance(),
        AnalyzeOptions.ends(peak.distanceInterval()),
        peak.kl(),
        peak.reward(),
        AnalyzeOptions.ends(peak.rewardInterval()));
    if (peak.extrapolated()) {
      output.line("  extrapolated: the points end at d = %.6f", fit.largest());
    }
    if (!peak.betaCertain()) {
      output.line("  beta's interval reaches 0: these points do not show that there is a peak");
    }
  }

  private static void coefficient(Output output, String name, Coefficient coefficient) {
    output.line(
        "  %-6s %10.6f  se %.6f  %s",
        name,
        coefficient.value(),
        coefficient.standardError(),
        AnalyzeOptions.ends(coefficient.interval()));
  }
}
